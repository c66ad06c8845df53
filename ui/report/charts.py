"""The charts of a report, each a pure function from values to SVG text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import floor, sqrt

from markupsafe import Markup

from eval.metrics.interval import Estimate
from eval.metrics.report import Bin, Curve, RiskPoint, Stage
from rag.citation.markup import shortened
from ui.report.svg import Anchor, AxisScale, bar, dot, drawing, label, line, path, rounded_up, ticks
from ui.report.words import duration, percent
from ui.templating import vouched

_WIDTH = 520.0
_LEFT, _RIGHT = 46.0, 504.0
_LEGEND = 34.0  # the baseline of the legend, below that of the chart's own name
_TOP = 58.0
_FLOOR = 376.0  # of the counts below the reliability diagram
_MOST_STAGES = 8
_BINS = 10


def success_chart(curves: Sequence[Curve], unit: str = "passages") -> Markup:
    """success@k against k, a line for each order; the upright axis starts below the lowest value."""
    ranks = len(curves[0].shares)
    lowest = min(share.value for curve in curves for share in curve.shares)
    x = AxisScale(1, max(ranks, 2), _LEFT, _RIGHT)
    y = AxisScale(max(floor(lowest * 10 - 0.25) / 10, 0.0), 1.0, 300, _TOP)
    legend = _LEFT
    whole = [1.0, *(tick for tick in ticks(1, max(ranks, 2), 11) if tick > 1 and tick.is_integer())]
    drawn = [*_across(y), *_along(x, 300, whole)]
    for curve in curves:
        places = [(x.at(k), y.at(share.value)) for k, share in enumerate(curve.shares, start=1)]
        drawn.append(path(places, f"curve {curve.order}"))
        drawn += [dot(place, 2.6, f"point {curve.order}") for place in places if ranks <= 20]
        drawn += [
            line((legend, _LEGEND - 4), (legend + 26, _LEGEND - 4), f"curve {curve.order}"),
            label((legend + 32, _LEGEND), curve.order, f"key {curve.order}"),
        ]
        legend += 110
    described = "; ".join(
        f"{curve.order}: {percent(curve.shares[0].value)} at 1, {percent(curve.shares[-1].value)} at {ranks}"
        for curve in curves
    )
    drawn += [
        label((_LEFT - 42, 12), "Questions found", "name"),
        label((_RIGHT, 336), f"first k {unit}", "name", "end"),
    ]
    return _chart("success", (_WIDTH, 342), ("Success at k", f"{described}."), drawn)


def reliability_chart(given: Sequence[Bin], withheld: Sequence[Bin], threshold: float) -> Markup:
    """Confidence against the share that is right, a dot a bin with its 95 % interval, and below how many there are."""
    most = max(one.right.n for one in [*given, *withheld])
    x, y = AxisScale(0, 1, _LEFT, _RIGHT), AxisScale(0, 1, 300, _TOP)
    drawn = [*_across(y), line((x.at(0), y.at(0)), (x.at(1), y.at(1)), "ideal")]
    if 0 <= threshold <= 1:
        drawn.append(line((x.at(threshold), _TOP), (x.at(threshold), _FLOOR), "threshold"))
    for kind, found in (("withheld", withheld), ("given", given)):
        drawn += [line((x.at(one.confidence), y.at(one.right.low)), (x.at(one.confidence), y.at(one.right.high)),
                       f"whisker {kind}") for one in found]  # fmt: skip
        drawn += [
            dot((x.at(one.confidence), y.at(one.right.value)), 3 + 6 * sqrt(one.right.n / most), f"bin {kind}")
            for one in found
        ]
    drawn += _counts(given, withheld, x)
    drawn += _along(x, _FLOOR, [tick / 5 for tick in range(6)], percent_ticks=True)
    drawn += [label((_LEFT - 42, 12), "Answers that are right", "name"),
              label((_RIGHT, _FLOOR + 36), "confidence (bars: how many answers)", "name", "end")]  # fmt: skip
    drawn += _dot_legend(bool(given), bool(withheld))
    described = "; ".join(
        f"{one.right.n} answers of {percent(one.confidence)} mean confidence, {percent(one.right.value)} right"
        for one in given
    )
    return _chart(
        "reliability", (_WIDTH, _FLOOR + 42), ("Confidence against truth", f"{described or 'None given'}."), drawn
    )


def risk_chart(points: Sequence[RiskPoint], chosen: RiskPoint | None, moving: bool = False) -> Markup:
    """The share of answers that are wrong against the share of questions answered, the threshold in force marked.

    With `moving`, a point that a script moves comes with it, and the scales by which to.
    """
    x = AxisScale(0, 1, _LEFT, _RIGHT)
    y = AxisScale(0, rounded_up(max(point.risk for point in points)), 320, _TOP)
    drawn = [*_across(y), path([(x.at(point.coverage), y.at(point.risk)) for point in points], "curve risk")]
    if len(points) == 1:
        drawn.append(dot((x.at(points[0].coverage), y.at(points[0].risk)), 3, "point risk"))
    drawn += _along(x, 320, [tick / 5 for tick in range(6)], percent_ticks=True)
    described = f"At most {percent(points[-1].coverage)} answered, {percent(points[-1].risk)} of that wrong."
    if chosen:
        place = (x.at(chosen.coverage), y.at(chosen.risk))
        drawn += [line(place, (place[0], 320), "threshold"), line((_LEFT, place[1]), place, "threshold")]
        drawn.append(dot(place, 6, "chosen"))
        drawn += _chosen_words(chosen, place)
        described += (
            f" At the threshold {chosen.threshold:.2f}, {percent(chosen.coverage)} answered, "
            f"{percent(chosen.risk)} of that wrong."
        )
    if moving:
        scales = "".join(f' data-{name}="{at}"' for name, at in (
            ("left", x.start), ("right", x.end), ("bottom", y.start), ("top", y.end), ("highest", y.high),
        ))  # fmt: skip
        drawn.append(f'<g class="moving"{scales}>{dot((x.start, y.start), 5, "here")}</g>')
    drawn += [label((_LEFT - 42, 12), "Answers that are wrong (risk)", "name"),
              label((_RIGHT, 356), "questions answered (coverage)", "name", "end")]  # fmt: skip
    return _chart("risk", (_WIDTH, 362), ("Risk against coverage", described), drawn)


def time_chart(stages: Sequence[Stage]) -> Markup:
    """A bar for the median of each stage, and a thin line on to the 95th percentile."""
    shown = stages[:_MOST_STAGES]
    x = AxisScale(0, rounded_up(max(stage.p95 for stage in shown), 5), 96, 446)
    bottom = 26.0 + 44 * len(shown)
    drawn = []
    for tick in ticks(0, x.high, 5):
        drawn += [line((x.at(tick), 22), (x.at(tick), bottom), "grid"),
                  label((x.at(tick), bottom + 16), duration(tick), "tick", "middle")]  # fmt: skip
    for row, stage in enumerate(shown):
        middle = 48.0 + 44 * row
        drawn += [
            label((90, middle + 4), shortened(stage.name, 12), "label", "end"),
            bar((x.start, middle - 9), (max(x.at(stage.median) - x.start, 0.5), 18), "median"),
            line((x.at(stage.median), middle), (x.at(stage.p95), middle), "p95"),
            line((x.at(stage.p95), middle - 6), (x.at(stage.p95), middle + 6), "p95"),
            label((x.at(stage.p95) + 8, middle + 4), duration(stage.median), "label value"),
        ]
    described = "; ".join(
        f"{shortened(stage.name, 40)}: median {duration(stage.median)}, 95th percentile {duration(stage.p95)}"
        for stage in shown
    )
    return _chart("time", (_WIDTH, bottom + 26), ("Time per question and stage", f"{described}."), drawn)


def interval_strip(estimate: Estimate) -> Markup:
    """One figure of 0 to 1 as a dot on a line, with its 95 % interval; the figure stands beside it in words."""
    x = AxisScale(0, 1, 6, 154)
    return vouched(
        '<svg viewBox="0 0 160 18" class="strip" aria-hidden="true">'
        f"{line((x.at(0), 9), (x.at(1), 9), 'grid')}"
        f"{line((x.at(estimate.low), 9), (x.at(estimate.high), 9), 'interval')}"
        f"{dot((x.at(estimate.value), 9), 4, 'value')}</svg>"
    )


def _chart(name: str, size: tuple[float, float], text: tuple[str, str], body: Iterable[str]) -> Markup:
    return vouched(drawing(name, size, text, body))


def _across(y: AxisScale) -> list[str]:
    """Level lines with their percentages at the left."""
    drawn = []
    for tick in ticks(y.low, y.high):
        drawn += [line((_LEFT, y.at(tick)), (_RIGHT, y.at(tick)), "grid"),
                  label((_LEFT - 8, y.at(tick) + 4), percent(tick, 0), "tick", "end")]  # fmt: skip
    return drawn


def _along(x: AxisScale, bottom: float, at: Iterable[float], percent_ticks: bool = False) -> list[str]:
    """The axis at the bottom with its ticks."""
    drawn = [line((x.start, bottom), (x.end, bottom), "axis")]
    for tick in at:
        number = percent(tick, 0) if percent_ticks else f"{tick:.0f}"
        drawn += [line((x.at(tick), bottom), (x.at(tick), bottom + 4), "axis"),
                  label((x.at(tick), bottom + 17), number, "tick", "middle")]  # fmt: skip
    return drawn


def _counts(given: Sequence[Bin], withheld: Sequence[Bin], x: AxisScale) -> list[str]:
    """How many answers each bin holds, the given on top of the withheld where a bin has both."""
    totals: dict[float, int] = {}
    for one in [*withheld, *given]:
        totals[one.low] = totals.get(one.low, 0) + one.right.n
    unit = 34 / max(totals.values())
    drawn = []
    bases = dict.fromkeys(totals, _FLOOR)
    for kind, found in (("withheld", withheld), ("given", given)):
        for one in found:
            height = unit * one.right.n
            bases[one.low] -= height
            corner = (x.at(one.low) + 5, bases[one.low])
            drawn.append(bar(corner, (x.at(one.high) - x.at(one.low) - 10, height), f"count {kind}"))
    for low, total in totals.items():
        drawn.append(label((x.at(low + 0.5 / _BINS), bases[low] - 4), f"{total:,}", "tick small", "middle"))
    return drawn


def _chosen_words(chosen: RiskPoint, place: tuple[float, float]) -> list[str]:
    """The label of the marked point, where there is room."""
    x, y = place
    anchor: Anchor = "end" if chosen.coverage > 0.5 else "start"
    x += -12 if anchor == "end" else 12
    first = y - 26 if y > _TOP + 40 else y + 24
    return [
        label((x, first), f"threshold {chosen.threshold:.2f}", "label halo strong", anchor),
        label((x, first + 16), f"{percent(chosen.coverage, 0)} answered, {percent(chosen.risk, 0)} of it wrong",
              "label halo", anchor),
    ]  # fmt: skip


def _dot_legend(has_given: bool, has_withheld: bool) -> list[str]:
    x = _LEFT + 6
    drawn = []
    for kind, is_there in (("given", has_given), ("withheld", has_withheld)):
        if is_there:
            drawn += [dot((x, _LEGEND - 4), 5, f"bin {kind}"), label((x + 12, _LEGEND), kind, "key")]
            x += 92
    ideal = "as often right as it says"
    return [*drawn, line((x, _LEGEND - 4), (x + 24, _LEGEND - 4), "ideal"), label((x + 31, _LEGEND), ideal, "key")]
