"""The evaluation tab of the page: a set run in the background, its report, and thresholds tried on what was stored."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import gradio as gr

from corpus.errors import PullquoteError
from rag.api.state import State
from ui.gradio_adapter import AT_ONCE, html, sent_fields
from ui.page.evaluation.evaluation_view import listing_html, report_html, tab_html
from ui.page.evaluation.evaluations import Evaluations, RunRequest, explained
from ui.page.evaluation.stored_runs import StoredRuns

_SCRIPT = Path(__file__).parent / "evaluation_tab.js"
_CACHED_REPORTS = 8
_MISTAKES = (PullquoteError, OSError, sqlite3.Error)


def build_evaluation_tab(state: State) -> None:
    """The tab; what it offers and lists comes when it is opened."""
    replies = EvaluationReplies(state)
    tab = html({}, "measuring", _SCRIPT, template=tab_html(), progress=None, offered=None, report=None)

    # All of them run in the server's loop: the run under way is changed there alone.
    async def on_look(event: gr.EventData) -> Any:  # noqa: ANN401
        number = sent_fields(event).get("number")
        return gr.update(progress=replies.progress(number), offered=await replies.offered(number))

    async def on_follow(event: gr.EventData) -> Any:  # noqa: ANN401
        return gr.update(progress=replies.progress(sent_fields(event).get("number")))

    async def on_begin(event: gr.EventData) -> Any:  # noqa: ANN401
        return gr.update(progress=replies.begin(sent_fields(event)))

    async def on_cancel() -> Any:  # noqa: ANN401
        return gr.update(progress=replies.cancel())

    async def on_draw(event: gr.EventData) -> Any:  # noqa: ANN401
        sent = sent_fields(event)
        return gr.update(report=await replies.report(str(sent.get("run")), sent.get("number")))

    tab.look(on_look, None, [tab], **AT_ONCE)
    tab.follow(on_follow, None, [tab], **AT_ONCE)
    tab.begin(on_begin, None, [tab], **AT_ONCE)
    tab.cancel(on_cancel, None, [tab], **AT_ONCE)
    tab.draw(on_draw, None, [tab], **AT_ONCE)


class EvaluationReplies:
    """The server's replies to the tab, as its script reads them; each has the number of what was asked."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._evaluations = Evaluations(state)
        self._runs = StoredRuns(self._evaluations.folder)
        self._report_html = lru_cache(_CACHED_REPORTS)(self._drawn)

    def progress(self, number: object = None, problem: str = "") -> dict[str, Any]:
        """How far the run under way is, how the one before ended, and what just went wrong."""
        run = self._evaluations.underway
        underway = run and {"set": run.request.name, "done": run.done, "total": run.total, "said": run.in_words}
        return {"number": number, "underway": underway, "ended": asdict(self._evaluations.ended), "problem": problem}

    def begin(self, sent: dict[str, Any]) -> dict[str, Any]:
        """Begins the run that a browser chose; its progress, or the reason why it has not begun."""
        try:
            self._evaluations.begin(RunRequest.sent(sent))
        except _MISTAKES as mistake:
            return self.progress(sent.get("number"), explained(mistake))
        return self.progress(sent.get("number"))

    def cancel(self) -> dict[str, Any]:
        """Cancels the run under way; its progress."""
        self._evaluations.cancel()
        return self.progress()

    async def offered(self, number: object) -> dict[str, Any]:
        """The sets to choose from, and the stored runs."""
        try:
            offers = [asdict(offer) for offer in await self._evaluations.offers()]
            runs = listing_html(await self._state.lookups.run(self._runs.listed))
        except _MISTAKES as mistake:
            return {"number": number, "problem": explained(mistake)}
        return {"number": number, "sets": offers, "runs": runs, "problem": ""}

    async def report(self, run: str, number: object) -> dict[str, Any]:
        """The report on the run of this name, or why there is none."""
        try:
            shown = await self._state.lookups.run(lambda: self._report_html(run, self._runs.age(run)))
        except _MISTAKES as mistake:
            return {"number": number, "run": "", "report": "", "problem": explained(mistake)}
        return {"number": number, "run": run, "report": shown, "problem": ""}

    def _drawn(self, name: str, _: int) -> str:
        card, threshold = self._state.pipeline.reader.card, self._state.settings.threshold
        return report_html(self._runs.load(name), name, card.threshold if threshold is None else threshold, card)
