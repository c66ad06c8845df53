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
from ui.page.conversation import sent_fields
from ui.page.evaluation.evaluation_view import listing_html, report_html, tab_html
from ui.page.evaluation.evaluations import Evaluations, RunRequest, explained
from ui.page.evaluation.stored_runs import StoredRuns

_SCRIPT = Path(__file__).parent / "evaluation_tab.js"
_KEPT_READY = 8  # reports
_MISTAKES = (PullquoteError, OSError, sqlite3.Error)
# Past the queue, as in `ui.page.layout`.
_AT_ONCE = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}


def build_evaluation_tab(state: State) -> None:
    """The tab; what it offers and lists comes when it is opened."""
    desk = EvaluationDesk(state)
    tab = gr.HTML(
        value={}, html_template=tab_html(), js_on_load=_SCRIPT.read_text(encoding="utf-8"), elem_id="measuring",
        apply_default_css=False, told=None, offered=None, drawn=None,
    )  # fmt: skip

    # All of them in the server's loop: what is under way is changed there alone.
    async def on_look(event: gr.EventData) -> Any:  # noqa: ANN401
        return gr.update(told=desk.told(), offered=await desk.offered(sent_fields(event).get("number")))

    async def on_follow(event: gr.EventData) -> Any:  # noqa: ANN401
        return gr.update(told=desk.told(sent_fields(event).get("number")))

    async def on_begin(event: gr.EventData) -> Any:  # noqa: ANN401
        return gr.update(told=desk.begun(sent_fields(event)))

    async def on_cancel() -> Any:  # noqa: ANN401
        return gr.update(told=desk.cancelled())

    async def on_draw(event: gr.EventData) -> Any:  # noqa: ANN401
        return gr.update(drawn=await desk.drawn(str(sent_fields(event).get("run")), sent_fields(event).get("number")))

    tab.look(on_look, None, [tab], **_AT_ONCE)
    tab.follow(on_follow, None, [tab], **_AT_ONCE)
    tab.begin(on_begin, None, [tab], **_AT_ONCE)
    tab.cancel(on_cancel, None, [tab], **_AT_ONCE)
    tab.draw(on_draw, None, [tab], **_AT_ONCE)


class EvaluationDesk:
    """What the tab asks the server for, as the values that its script shows."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._evaluations = Evaluations(state)
        self._runs = StoredRuns(self._evaluations.folder)
        self._drawn = lru_cache(_KEPT_READY)(self._drawing)

    def told(self, number: object = None, problem: str = "") -> dict[str, Any]:
        """How far the run is that is under way, how the one before ended, and what just went wrong."""
        underway = self._evaluations.underway
        far = underway and {
            "set": underway.choice.name, "done": underway.done, "total": underway.total, "said": underway.told,
        }  # fmt: skip
        return {"number": number, "underway": far, "ended": asdict(self._evaluations.ended), "problem": problem}

    def begun(self, sent: dict[str, Any]) -> dict[str, Any]:
        """The same after a run that a browser chose has begun, or with the reason why it has not."""
        try:
            self._evaluations.begin(RunRequest.sent(sent))
        except _MISTAKES as mistake:
            return self.told(sent.get("number"), explained(mistake))
        return self.told(sent.get("number"))

    def cancelled(self) -> dict[str, Any]:
        """The same once the run under way has been told to end."""
        self._evaluations.cancel()
        return self.told()

    async def offered(self, number: object) -> dict[str, Any]:
        """The sets to choose from, and the runs that are kept."""
        try:
            offers = [asdict(offer) for offer in await self._evaluations.offers()]
            runs = listing_html(await self._state.lookups.run(self._runs.listed))
        except _MISTAKES as mistake:
            return {"number": number, "problem": explained(mistake)}
        return {"number": number, "sets": offers, "runs": runs, "problem": ""}

    async def drawn(self, run: str, number: object) -> dict[str, Any]:
        """The report on the run of this name, or why there is none."""
        try:
            shown = await self._state.lookups.run(lambda: self._drawn(run, self._runs.age(run)))
        except _MISTAKES as mistake:
            return {"number": number, "run": "", "report": "", "problem": explained(mistake)}
        return {"number": number, "run": run, "report": shown, "problem": ""}

    def _drawing(self, name: str, _: int) -> str:
        card = self._state.pipeline.reader.card
        stated = self._state.settings.threshold
        return report_html(self._runs.load(name), name, card.threshold if stated is None else stated, card)
