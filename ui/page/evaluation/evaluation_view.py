"""The evaluation tab as HTML: the form, the list of runs, the report on one, and the threshold to be tried on it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import inf

from eval.metrics.judge import JudgedQuestion
from eval.metrics.report import report, risk_at
from eval.metrics.sweep import NothingToSweep, judged_questions
from eval.run import Run
from rag.calibration import ReaderCard
from ui.page.evaluation.stored_runs import StoredRun
from ui.report.report import STYLE, context
from ui.report.words import counted, percent, when
from ui.templating import render, vouched

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
    style = vouched(STYLE.read_text(encoding="utf-8"))
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
    return render(
        "page/evaluation/report.html", **context(shown, "run-"), file=file, **_threshold(run, threshold, card)
    )


def _threshold(run: Run, threshold: float, card: ReaderCard) -> dict[str, object]:
    """What `threshold.html` needs; only `answers`, which is empty, where the run has no readings."""
    try:
        all_judged = judged_questions(run)
    except NothingToSweep:
        return {"answers": ""}
    answerable = sum(one.answerable for one in all_judged)
    sure = [one for one in all_judged if one.confidence > -inf]
    before = run.header.reader
    is_same_reader = (before.name, before.calibration) == (card.name, card.calibration)
    return {
        "answers": answers_json(all_judged),
        "threshold": threshold,
        "rows": [row for row in _ROWS if row[0] != "noans" or answerable < len(all_judged)],
        "answerable": answerable,
        "in_force": risk_at(sure, len(all_judged), threshold),
        "asked": counted(len(all_judged), "question"),
        "former_reader": "" if is_same_reader else before.name,
        "reader": card.name,
    }


def answers_json(all_judged: Sequence[JudgedQuestion]) -> str:
    """A question each: the confidence of its best answer (null where there is none), whether that is right, and whether
    anything answers it.
    """
    rows = [
        [one.confidence if one.confidence > -inf else None, int(one.right), int(one.answerable)] for one in all_judged
    ]
    return json.dumps(rows, separators=(",", ":"))
