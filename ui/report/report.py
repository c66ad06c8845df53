"""A report as one HTML page: no script, nothing to load, every text in it escaped."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from markupsafe import Markup

from eval.metrics.measures import MEASURES, Measure
from eval.metrics.report import Report
from eval.metrics.verbatim import place
from rag.answer import Reading
from rag.citation.markup import marked
from ui.report import charts
from ui.report.words import counted, duration, percent, when
from ui.templating import render, vouched

STYLE = Path(__file__).with_name("parts.css")  # of the sections
_PAGE_STYLE = Path(__file__).with_name("report.css")
_WIDEST_CONTEXT = 280  # characters of a passage on either side of its quote


def report_html(shown: Report, source: str) -> str:
    """The page; `source` is the name of the run's file."""
    style = vouched(_PAGE_STYLE.read_text(encoding="utf-8") + STYLE.read_text(encoding="utf-8"))
    return render("report/report.html", **context(shown), style=style, source=source)


def context(shown: Report, before: str = "") -> dict[str, object]:
    """What `report/sections.html` and `report/words.html` need; `before` stands before the ids of the sections."""
    key = (one for one in MEASURES.values() if one.label and one.name in shown.figures)
    return {
        "shown": shown,
        "before": before,
        "groups": [(group, list(measures)) for group, measures in groupby(key, lambda one: one.group)],
        "figure": _figure,
        "excerpt": _excerpt,
        "place": place,
        "counted": counted,
        "duration": duration,
        "percent": percent,
        "when": when,
        "interval_strip": charts.interval_strip,
        "reliability_chart": charts.reliability_chart,
        "risk_chart": charts.risk_chart,
        "success_chart": charts.success_chart,
        "time_chart": charts.time_chart,
    }


def _figure(measure: Measure, value: float) -> str:
    return percent(value) if measure.is_share else f"{value:.3f}"


def _excerpt(reading: Reading) -> Markup:
    """The passage around a reading, which is marked."""
    return vouched(marked(reading.passage.text, reading.parts or (reading.span,), _WIDEST_CONTEXT))
