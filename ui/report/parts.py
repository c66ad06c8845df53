"""The parts of a report as HTML: figures, charts with their values, worst questions; every text in it escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from eval.metrics.interval import Estimate
from eval.metrics.measures import MEASURES, Measure
from eval.metrics.report import Bin, Report
from eval.metrics.worst import Case, Worst
from rag.citation.markup import escaped, marked, shortened
from ui.report.charts import interval_strip, reliability_chart, risk_chart, success_chart, time_chart
from ui.report.words import (
    WORST,
    about_reliability,
    about_risk,
    about_success,
    counted,
    duration,
    figure,
    percent,
    why_no_answers,
    why_no_retrieval,
    why_no_risk,
)

_WIDEST_CONTEXT = 280  # characters of a passage on either side of its quote
_LONGEST_QUESTION = 400
_LONGEST_GOLD = 160
_MOST_GOLDS = 4


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A named section: its title, and its body as HTML."""

    name: str
    title: str
    body: str

    def section(self, before: str = "") -> str:
        """The part as a section, `before` standing before its id."""
        return f'<section id="{before}{self.name}" class="{self.name}-part"><h2>{self.title}</h2>{self.body}</section>'


def figures_part(shown: Report) -> ReportSection:
    """The key figures with their intervals, and all figures in a folded table."""
    if not shown.figures:
        return ReportSection("figures", "Key figures", _left_out(why_no_answers(shown)))
    key = [one for one in MEASURES.values() if one.label and one.name in shown.figures]
    found = "article" if shown.header.kind == "beir" else "passage"
    bodies = []
    for part, measures in groupby(key, lambda one: one.group):
        lines = "".join(_figure_row(one, shown.figures[one.name], found) for one in measures)
        bodies.append(f'<tbody><tr class="part"><th colspan="5" scope="rowgroup">{part}</th></tr>{lines}</tbody>')
    head = "<tr><th>What</th><th>Value</th><th>0 to 1</th><th>95 % interval</th><th>n</th></tr>"
    table = f'<table class="key-figures"><thead>{head}</thead>{"".join(bodies)}</table>'
    rows = [
        (name, f"{one.value:.4f}", f"{one.low:.4f} to {one.high:.4f}", f"{one.n:,}")
        for name, one in shown.figures.items()
    ]
    every = _values("All figures", ("metric", "value", "95 % interval", "n"), rows)
    return ReportSection("figures", "Key figures", table + every)


def _figure_row(measure: Measure, one: Estimate, found: str) -> str:
    name, said = measure.name, measure.label.format(found=found)
    return (
        f'<tr data-metric="{escaped(name)}"><th scope="row">{escaped(said)} <code>{escaped(name)}</code></th>'
        f'<td class="value">{figure(name, one.value)}</td><td>{interval_strip(one)}</td>'
        f"<td>{figure(name, one.low)} to {figure(name, one.high)}</td><td>{one.n:,}</td></tr>"
    )


def chart_parts(shown: Report) -> list[ReportSection]:
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


def _success(shown: Report) -> str:
    if not shown.curves:
        return ""
    head = ("k", *(part for curve in shown.curves for part in (curve.order, "95 % interval")))
    rows = [
        (str(k + 1), *(cell for curve in shown.curves for cell in _estimate_cells(curve.shares[k])))
        for k in range(len(shown.curves[0].shares))
    ]
    chart = success_chart(shown.curves, "articles" if shown.header.kind == "beir" else "passages")
    return drawn_figure(chart, about_success(shown), _values("Values", head, rows))


def _reliability(shown: Report) -> str:
    if not (shown.given or shown.withheld):
        return ""
    rows = [*_bin_rows("given", shown.given), *_bin_rows("withheld", shown.withheld)]
    head = ("answers", "confidence", "mean", "right", "95 % interval", "n")
    chart = reliability_chart(shown.given, shown.withheld, shown.header.threshold)
    return drawn_figure(chart, about_reliability(shown), _values("Values", head, rows))


def risk_values(shown: Report) -> str:
    """The curve of risk as a folded table."""
    rows = [(f"{one.threshold:.4f}", percent(one.coverage), percent(one.risk)) for one in shown.risk]
    return _values("Values", ("threshold", "coverage", "risk"), rows)


def _risk(shown: Report) -> str:
    if not (shown.risk and shown.tally.answerable):
        return ""
    return drawn_figure(risk_chart(shown.risk, shown.chosen), about_risk(shown), risk_values(shown))


def _time(shown: Report) -> str:
    if not shown.stages:
        return ""
    said = "The bar is the median question, the thin line reaches to the 95th percentile."
    rows = [
        (escaped(shortened(one.name, 40)), duration(one.median), duration(one.p95), f"{one.n:,}")
        for one in shown.stages
    ]
    table = _values("Values", ("stage", "median", "95th percentile", "n"), rows)
    return drawn_figure(time_chart(shown.stages), said, table)


def worst_part(shown: Report) -> ReportSection:
    """The questions that went worst, each with what was said and what would have been right."""
    body = "".join(map(_worst_of_a_kind, shown.worst)) if shown.worst else _left_out(why_no_answers(shown))
    return ReportSection("worst", "The worst questions", body)


def _worst_of_a_kind(found: Worst) -> str:
    title, listed, empty = WORST[found.kind]
    kind = "unanswerable question" if found.kind == "unanswerable" else "answerable question"
    asked = counted(found.asked, kind)
    count = (listed if found.total else empty).format(total=f"{found.total:,}", asked=asked)
    if not found.asked:
        count = f"There is no {kind} in this run."
    elif found.total > len(found.cases):
        count += f" {len(found.cases)} are shown."
    cases = "".join(map(_case, found.cases))
    body = f'<div class="cases">{cases}</div>' if cases else ""
    return f'<section class="kind {found.kind}"><h3>{title}</h3><p class="count">{escaped(count)}</p>{body}</section>'


def _case(case: Case) -> str:
    reading = case.reading
    golds = list(dict.fromkeys(gold.text for gold in case.record.example.golds))
    listed = "".join(
        f"<li><q><bdi>{escaped(shortened(gold, _LONGEST_GOLD))}</bdi></q></li>" for gold in golds[:_MOST_GOLDS]
    )
    more = f"<li>and {len(golds) - _MOST_GOLDS} more</li>" if len(golds) > _MOST_GOLDS else ""
    gold = f"<ul>{listed}{more}</ul>" if golds else "<p>nothing answers</p>"
    rank = {None: "", 0: "No gold passage was retrieved."}.get(
        case.rank, f"The first gold passage came at rank {case.rank}."
    )
    question = escaped(shortened(case.record.example.question, _LONGEST_QUESTION))
    if read_as := case.record.trace.read_as:
        question += f' <small>read as <q dir="auto">{escaped(shortened(read_as, _LONGEST_QUESTION))}</q></small>'
    place = f"{reading.passage.article_id}:{reading.article_span.start}-{reading.article_span.end}"
    return (
        f'<article class="case"><h4 dir="auto">{question}</h4>'
        f'<p class="sure">{percent(case.confidence, 0)} sure</p>'
        f'<blockquote dir="auto">{marked(reading.passage.text, reading.span, _WIDEST_CONTEXT)}</blockquote>'
        f'<p class="source"><cite dir="auto">{escaped(shortened(reading.passage.title, 120))}</cite> '
        f'<bdi class="place">{escaped(shortened(place, 120))}</bdi></p>'
        f'<div class="golds"><h5>Gold</h5>{gold}</div>' + (f'<p class="rank">{rank}</p>' if rank else "") + "</article>"
    )


def _bin_rows(kind: str, found: Iterable[Bin]) -> list[tuple[str, ...]]:
    return [
        (
            kind,
            f"{one.low:.1f} to {one.high:.1f}",
            percent(one.confidence),
            *_estimate_cells(one.right),
            f"{one.right.n:,}",
        )
        for one in found
    ]


def _estimate_cells(one: Estimate) -> tuple[str, str]:
    return percent(one.value), f"{percent(one.low)} to {percent(one.high)}"


def _left_out(why: str) -> str:
    return f'<p class="left-out">{escaped(why)}</p>'


def drawn_figure(chart: str, said: str, table: str) -> str:
    """A chart with its caption, and its values below it."""
    return f"<figure>{chart}<figcaption>{escaped(said)}</figcaption></figure>{table}"


def _values(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A folded table of values that are markup already."""
    titles = "".join(f'<th scope="col">{one}</th>' for one in head)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return (
        f'<details class="values"><summary>{title}</summary><div class="scroll"><table><thead><tr>{titles}</tr></thead>'
        f"<tbody>{body}</tbody></table></div></details>"
    )
