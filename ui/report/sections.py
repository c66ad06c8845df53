"""The sections of a report: key figures, charts with their values, and the questions that went worst."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from eval.metrics.interval import Estimate
from eval.metrics.measures import MEASURES
from eval.metrics.report import Bin, Report
from eval.metrics.verbatim import place
from rag.citation.markup import marked, shortened
from ui.report.charts import interval_strip, reliability_chart, risk_chart, success_chart, time_chart
from ui.report.words import (
    WORST_TITLES,
    about_reliability,
    about_risk,
    about_success,
    about_worst,
    duration,
    figure,
    percent,
    why_no_answers,
    why_no_retrieval,
    why_no_risk,
)
from ui.templating import render, vouched

_WIDEST_CONTEXT = 280  # characters of a passage on either side of its quote


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A section: its id, its title, and its body as HTML."""

    name: str
    title: str
    body: Markup

    def section(self, before: str = "") -> Markup:
        """The section as HTML, `before` standing before its id."""
        return _html("section", name=self.name, title=self.title, body=self.body, before=before)


@dataclass(frozen=True, slots=True)
class ValueTable:
    """Values that a page shows folded."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


def figures_section(shown: Report) -> ReportSection:
    """The key figures with their intervals, and all figures in a folded table."""
    if not shown.figures:
        return ReportSection("figures", "Key figures", _left_out(why_no_answers(shown)))
    key = (one for one in MEASURES.values() if one.label and one.name in shown.figures)
    rows = [
        (name, f"{one.value:.4f}", f"{one.low:.4f} to {one.high:.4f}", f"{one.n:,}")
        for name, one in shown.figures.items()
    ]
    body = _html(
        "figures",
        groups=[(group, list(measures)) for group, measures in groupby(key, lambda one: one.group)],
        figures=shown.figures,
        found="article" if shown.header.kind == "beir" else "passage",
        figure=figure,
        strip=lambda estimate: vouched(interval_strip(estimate)),
        values=ValueTable("All figures", ("metric", "value", "95 % interval", "n"), rows),
    )
    return ReportSection("figures", "Key figures", body)


def chart_sections(shown: Report) -> list[ReportSection]:
    """The charts, and after them a line for each that this run has nothing to fill with."""
    drawn = {
        "success": ("Finding the passage", _success(shown), why_no_retrieval(shown)),
        "reliability": ("How sure, how right", _reliability(shown), why_no_answers(shown)),
        "risk": ("What refusing buys", _risk(shown), why_no_risk(shown)),
        "time": ("Time per question", _time(shown), "No time was recorded."),
    }
    present = [ReportSection(name, title, chart) for name, (title, chart, _) in drawn.items() if chart]
    missing = [ReportSection(name, title, _left_out(why)) for name, (title, chart, why) in drawn.items() if not chart]
    return [*present, *missing]


def _success(shown: Report) -> Markup | None:
    if not shown.curves:
        return None
    head = ("k", *(part for curve in shown.curves for part in (curve.order, "95 % interval")))
    rows = [
        (str(k + 1), *(cell for curve in shown.curves for cell in _estimate_cells(curve.shares[k])))
        for k in range(len(shown.curves[0].shares))
    ]
    chart = success_chart(shown.curves, "articles" if shown.header.kind == "beir" else "passages")
    return drawn_figure(chart, about_success(shown), ValueTable("Values", head, rows))


def _reliability(shown: Report) -> Markup | None:
    if not (shown.given or shown.withheld):
        return None
    rows = [*_bin_rows("given", shown.given), *_bin_rows("withheld", shown.withheld)]
    head = ("answers", "confidence", "mean", "right", "95 % interval", "n")
    chart = reliability_chart(shown.given, shown.withheld, shown.header.threshold)
    return drawn_figure(chart, about_reliability(shown), ValueTable("Values", head, rows))


def _risk(shown: Report) -> Markup | None:
    if not (shown.risk and shown.tally.answerable):
        return None
    return drawn_figure(risk_chart(shown.risk, shown.chosen), about_risk(shown), risk_values(shown))


def risk_values(shown: Report) -> ValueTable:
    """The curve of risk as a table."""
    rows = [(f"{one.threshold:.4f}", percent(one.coverage), percent(one.risk)) for one in shown.risk]
    return ValueTable("Values", ("threshold", "coverage", "risk"), rows)


def _time(shown: Report) -> Markup | None:
    if not shown.stages:
        return None
    rows = [(shortened(one.name, 40), duration(one.median), duration(one.p95), f"{one.n:,}") for one in shown.stages]
    caption = "The bar is the median question, the thin line reaches to the 95th percentile."
    values = ValueTable("Values", ("stage", "median", "95th percentile", "n"), rows)
    return drawn_figure(time_chart(shown.stages), caption, values)


def worst_section(shown: Report) -> ReportSection:
    """The questions that went worst, each with what was said and what would have been right."""
    body = _html(
        "worst",
        kinds=shown.worst,
        titles=WORST_TITLES,
        about=about_worst,
        percent=percent,
        place=place,
        marked=lambda reading: vouched(marked(reading.passage.text, reading.span, _WIDEST_CONTEXT)),
    )
    return ReportSection("worst", "The worst questions", body if shown.worst else _left_out(why_no_answers(shown)))


def drawn_figure(chart: str, caption: str, values: ValueTable) -> Markup:
    """A chart, which is SVG, with its caption, and its values below it."""
    return _html("chart", chart=vouched(chart), caption=caption, values=values)


def _bin_rows(kind: str, found: Iterable[Bin]) -> list[tuple[str, ...]]:
    return [
        (kind, f"{one.low:.1f} to {one.high:.1f}", percent(one.confidence), *_estimate_cells(one.right),
         f"{one.right.n:,}")
        for one in found
    ]  # fmt: skip


def _estimate_cells(one: Estimate) -> tuple[str, str]:
    return percent(one.value), f"{percent(one.low)} to {percent(one.high)}"


def _left_out(why: str) -> Markup:
    return _html("left_out", why=why)


def _html(template: str, **values: object) -> Markup:
    return vouched(render(f"report/{template}.html", **values))
