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
from rag.citation.markup import escaped
from ui.page.evaluation.stored_runs import StoredRun
from ui.report.charts import risk_chart
from ui.report.parts import ReportSection, chart_parts, drawn_figure, figures_part, risk_values, worst_part
from ui.report.report import facts_html
from ui.report.words import counted, headline, percent, standfirst, when, why_no_answers

_REPORT_STYLE = Path(__file__).parents[2] / "report" / "parts.css"
_IN_LIST = {"answered": "answered", "contains": "found right", "noans": "refused rightly", "success@1": "found first"}
_MODES = {"library": "the current library", "open": "its own articles", "given": "its own paragraphs",
          "without": "its own articles, less the one that answers"}  # fmt: skip
_STEP = 0.01
_FORM = """
<h2>Run a set</h2>
<form class="measure">
  <label>Set <select name="set" required></select></label>
  <label>Asked of <select name="mode" required></select></label>
  <label>Questions <select name="limit"><option value="50">50, a sample</option>
    <option value="100">100, a sample</option><option value="all" selected>all</option></select></label>
  <button type="submit" class="begin">Run</button>
</form>
<p class="hint about-set"></p>
<div class="underway" hidden>
  <div class="bar" role="progressbar" aria-label="Questions asked" aria-valuemin="0"><span></span></div>
  <p class="how-far"></p><button type="button" class="cancel">Cancel</button>
</div>
<p class="told" role="status"></p>"""
_TRY = """
<div class="try" data-answers="{answers}" data-threshold="{threshold!r}">
  <div class="slide"><label for="try-threshold">Threshold</label>
    <input type="range" id="try-threshold" min="0" max="1" step="{step}" value="{threshold!r}">
    <output for="try-threshold" class="at">{threshold:.4f}</output>
    <button type="button" class="in-force" disabled>Back to the server’s</button></div>
  <p class="meaning" role="status"></p>
  <div class="two"><div><table class="tried"><thead><tr><th scope="col">Of {asked}</th><th scope="col">here</th>
    <th scope="col">in force, {threshold:.4f}</th></tr></thead><tbody>{rows}</tbody></table>
  <p class="stick">Nothing is changed here. For the server to answer so, start it with
    <code class="setting"></code> <button type="button" class="copy">Copy</button>
    <span class="copied" role="status"></span></p>{note}</div>{chart}</div>
</div>"""
_ROWS = (
    ("coverage", "Questions answered"),
    ("risk", "Given answers that are wrong"),
    ("right", "Answerable questions answered rightly"),
    ("noans", "Refused, of those that nothing answers"),
)


def tab_html() -> str:
    """The tab before anything is known: a form without sets, and places for the runs and the report."""
    style = _REPORT_STYLE.read_text(encoding="utf-8")
    return (
        f"<style>#evaluation .report {{ {style} }}</style>"
        f'<div class="evaluation"><section class="run-a-set">{_FORM}</section>'
        '<section class="runs"><h2>Runs</h2><div class="listing"></div></section>'
        '<div class="report" tabindex="-1"></div></div>'
    )


def listing_html(runs: Sequence[StoredRun]) -> str:
    """The runs as a list, each with a button that opens it."""
    if not runs:
        return '<p class="hint">No run is kept yet; <code>pullquote eval run</code> keeps its runs here, too.</p>'
    return f"<ul>{''.join(map(_listed, runs))}</ul>"


def _listed(one: StoredRun) -> str:
    figures = "".join(
        f"<span>{_IN_LIST[name]} <b>{percent(estimate.value, 0)}</b></span>" for name, estimate in one.figures.items()
    )
    asked = _MODES.get(one.mode, one.mode)
    return (
        f'<li><button type="button" data-run="{escaped(one.file)}" aria-pressed="false">'
        f"<b><bdi>{escaped(one.set)}</bdi></b> <small>{counted(one.n, 'question')} of <bdi>{escaped(asked)}</bdi> · "
        f"<bdi>{escaped(when(one.started))}</bdi></small>"
        f'<span class="main-figures">{figures}</span></button></li>'
    )


def report_html(run: Run, file: str, threshold: float, card: ReaderCard) -> str:
    """The report on a run, with the threshold in force and others to be tried on it."""
    shown = report(run)
    others = [part for part in chart_parts(shown) if part.name != "risk"]
    charts = "".join(part.section("run-") for part in others)
    return (
        f'<header><h2 class="headline">{escaped(headline(shown))}</h2>'
        f'<p class="standfirst" dir="auto">{escaped(standfirst(shown))}</p></header>'
        f"{_threshold_part(run, shown, threshold, card).section('run-')}"
        f'{figures_part(shown).section("run-")}<div class="charts">{charts}</div>{worst_part(shown).section("run-")}'
        f'<section><h2>The run</h2>{facts_html(shown)}<p class="hint">Kept as <bdi>{escaped(file)}</bdi>; '
        "<code>pullquote eval report</code>, <code>sweep</code> and <code>compare</code> open it.</p></section>"
    )


def _threshold_part(run: Run, shown: Report, threshold: float, card: ReaderCard) -> ReportSection:
    title = "Try a threshold"
    try:
        all_judged = swept(run)
    except NothingToSweep:
        return ReportSection("threshold", title, f'<p class="left-out">{escaped(why_no_answers(shown))}</p>')
    answerable = sum(one.answerable for one in all_judged)
    named = [(name, said) for name, said in _ROWS if name != "noans" or answerable < len(all_judged)]
    rows = "".join(
        f'<tr data-figure="{name}"><th scope="row">{said}</th><td class="here"></td><td class="now"></td></tr>'
        for name, said in named
    )
    chart = ""
    if answerable:
        sure = [one for one in all_judged if one.confidence > -inf]
        curve = risk_chart(shown.risk, risk_at(sure, len(all_judged), threshold), moving=True)
        said = "The ring is the threshold in force; the full dot is the one that is tried, and moves along the curve."
        chart = f"<div>{drawn_figure(curve, said, risk_values(shown))}</div>"
    body = _TRY.format(
        answers=escaped(answers_json(all_judged)), threshold=threshold, step=_STEP, rows=rows, chart=chart,
        asked=counted(len(all_judged), "question"), note=_note(run, card),
    )  # fmt: skip
    return ReportSection("threshold", title, body)


def answers_json(all_judged: Sequence[JudgedQuestion]) -> str:
    """A question each: the confidence of its best answer (null where there is none), whether that is right, and whether
    anything answers it.
    """
    rows = [
        [one.confidence if one.confidence > -inf else None, int(one.right), int(one.answerable)] for one in all_judged
    ]
    return json.dumps(rows, separators=(",", ":"))


def _note(run: Run, card: ReaderCard) -> str:
    """What should be known where the server reads with another reader than the run did."""
    before = run.header.reader
    if (before.name, before.calibration) == (card.name, card.calibration):
        return ""
    return (
        f'<p class="hint">This run was read by <bdi>{escaped(before.name)}</bdi>, the server reads with '
        f"<bdi>{escaped(card.name)}</bdi>: the confidences of the two do not compare.</p>"
    )
