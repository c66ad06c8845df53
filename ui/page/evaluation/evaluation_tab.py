"""The evaluation tab: a set is run in the background, stored runs get a report, and thresholds are tried on them."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Mapping
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
    tab = html({}, "evaluation-tab", _SCRIPT, template=tab_html(), progress=None, offered=None, report=None)
    replies = EvaluationReplies(state)

    def wire(event_name: str, reply: Callable[[Mapping[str, Any]], Awaitable[dict[str, Any]]]) -> None:
        async def on_event(event: gr.EventData) -> Any:  # noqa: ANN401
            return gr.update(**await reply(sent_fields(event)))

        getattr(tab, event_name)(on_event, None, [tab], **AT_ONCE)

    wire("look", replies.look)
    wire("follow", replies.follow)
    wire("begin", replies.begin)
    wire("cancel", replies.cancel)
    wire("draw", replies.draw)


class EvaluationReplies:
    """The server's replies to the tab: fields that its script watches, each with the number of what was asked.

    All are made in the server's loop: the run under way is changed there alone.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._evaluations = Evaluations(state)
        self._runs = StoredRuns(self._evaluations.folder)
        self._report_html = lru_cache(_CACHED_REPORTS)(self._drawn)

    async def look(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        return self._progress(sent) | {"offered": await self._offered(sent)}

    async def follow(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        return self._progress(sent)

    async def begin(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        """The progress once the run that a browser chose has begun, or the reason why it has not."""
        try:
            self._evaluations.begin(RunRequest.sent(sent))
        except _MISTAKES as mistake:
            return self._progress(sent, explained(mistake))
        return self._progress(sent)

    async def cancel(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        self._evaluations.cancel()
        return self._progress(sent)

    async def draw(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        """The report on the run of the name that a browser sent, or why there is none."""
        run, number = str(sent.get("run")), sent.get("number")
        try:
            shown = await self._state.lookups.run(lambda: self._report_html(run, self._runs.written(run)))
        except _MISTAKES as mistake:
            return {"report": {"number": number, "run": "", "report": "", "problem": explained(mistake)}}
        return {"report": {"number": number, "run": run, "report": shown, "problem": ""}}

    def _progress(self, sent: Mapping[str, Any], problem: str = "") -> dict[str, Any]:
        """How far the run under way is, how the one before ended, and what just went wrong."""
        run = self._evaluations.underway
        underway = run and {"set": run.request.name, "done": run.done, "total": run.total, "said": run.in_words}
        ended = asdict(self._evaluations.ended)
        return {"progress": {"number": sent.get("number"), "underway": underway, "ended": ended, "problem": problem}}

    async def _offered(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        number = sent.get("number")
        try:
            offers = [asdict(offer) for offer in await self._evaluations.offers()]
            runs = listing_html(await self._state.lookups.run(self._runs.listed))
        except _MISTAKES as mistake:
            return {"number": number, "problem": explained(mistake)}
        return {"number": number, "sets": offers, "runs": runs, "problem": ""}

    def _drawn(self, name: str, _: int) -> str:
        pipeline, threshold = self._state.pipeline, self._state.settings.threshold
        in_force = pipeline.threshold if threshold is None else threshold
        return report_html(self._runs.load(name), name, in_force, pipeline.reader.card)
