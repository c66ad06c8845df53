"""The evaluation tab as HTML: the form, the list of runs, the report on one, and the threshold to be tried on it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import inf
from pathlib import Path

from eval.metrics.judge import JudgedQuestion
from eval.metrics.report import Report, report, risk_at
from eval.metrics.sweep import NothingToSweep, swept
from eval.run import Run
from rag.answer import ReaderCard
from ui.page.evaluation.stored_runs import StoredRun
from ui.report.charts import risk_chart
from ui.report.sections import ReportSection, chart_sections, drawn_figure, figures_section, risk_values, worst_section
from ui.report.words import counted, facts, headline, percent, standfirst, when, why_no_answers
from ui.templating import render, vouched

_REPORT_STYLE = Path(__file__).parents[2] / "report" / "parts.css"
_IN_LIST = {"answered": "answered", "contains": "found right", "noans": "refused rightly", "success@1": "found first"}
_MODES = {"library": "the current library", "open": "its own articles", "given": "its own paragraphs",
          "without": "its own articles, less the one that answers"}  # fmt: skip
_ROWS = (
    ("coverage", "Questions answered"),
    ("risk", "Given answers that are wrong"),
    ("right", "Answerable questions answered rightly"),
    ("noans", "Refused, of those that nothing answers"),
)


def tab_html() -> str:
    """The tab before anything is known: a form without sets, and places for the runs and the report."""
    style = vouched(_REPORT_STYLE.read_text(encoding="utf-8"))
    return render("page/evaluation/evaluation_tab.html", report_style=style)


def listing_html(runs: Sequence[StoredRun]) -> str:
    """The runs as a list, each with a button that opens it."""
    return render(
        "page/evaluation/runs.html", runs=runs, figures=_IN_LIST, modes=_MODES, counted=counted, percent=percent,
        when=when,
    )  # fmt: skip


def report_html(run: Run, file: str, threshold: float, card: ReaderCard) -> str:
    """The report on a run, with the threshold in force and others to be tried on it."""
    shown = report(run)
    sections = {
        "threshold": ReportSection(
            "threshold", "Try a threshold", vouched(_threshold_html(run, shown, threshold, card))
        ),
        "figures": figures_section(shown),
        "worst": worst_section(shown),
    }
    return render(
        "page/evaluation/report.html", headline=headline(shown), standfirst=standfirst(shown), file=file,
        charts=[section for section in chart_sections(shown) if section.name != "risk"],
        facts=facts(shown.header, shown.tally.asked), **sections,
    )  # fmt: skip


def _threshold_html(run: Run, shown: Report, threshold: float, card: ReaderCard) -> str:
    try:
        all_judged = swept(run)
    except NothingToSweep:
        return render("page/evaluation/threshold.html", why_none=why_no_answers(shown))
    answerable = sum(one.answerable for one in all_judged)
    chart = ""
    if answerable:
        sure = [one for one in all_judged if one.confidence > -inf]
        curve = risk_chart(shown.risk, risk_at(sure, len(all_judged), threshold), moving=True)
        caption = (
            "The ring is the threshold in force; the full dot is the one that is tried, and moves along the curve."
        )
        chart = drawn_figure(curve, caption, risk_values(shown))
    before = run.header.reader
    is_same_reader = (before.name, before.calibration) == (card.name, card.calibration)
    return render(
        "page/evaluation/threshold.html", why_none="", answers=answers_json(all_judged), threshold=threshold,
        rows=[row for row in _ROWS if row[0] != "noans" or answerable < len(all_judged)], chart=chart,
        asked=counted(len(all_judged), "question"), former_reader="" if is_same_reader else before.name,
        reader=card.name,
    )  # fmt: skip


def answers_json(all_judged: Sequence[JudgedQuestion]) -> str:
    """A question each: the confidence of its best answer (null where there is none), whether that is right, and whether
    anything answers it.
    """
    rows = [
        [one.confidence if one.confidence > -inf else None, int(one.right), int(one.answerable)] for one in all_judged
    ]
    return json.dumps(rows, separators=(",", ":"))
