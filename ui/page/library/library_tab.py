"""The Library tab: what is in the library, adding to it, taking out of it with undo, and whether it is whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import gradio as gr

from corpus.errors import PullquoteError
from corpus.library.store import Library
from index.backend import Backend
from index.encoder.encoder import EncoderCard
from index.maintenance import staging
from index.manifest import fitted, recorded
from rag.api.problems import sentence
from rag.api.state import State
from rag.assemble import backend_of
from ui.page.checkup import Checkup
from ui.page.conversation import sent_fields, sent_number
from ui.page.library.adding_panel import build_adding_panel
from ui.page.library.article_list import Looked, Shelf
from ui.page.library.article_list_view import LibraryFacts, checkup_html, facts_html, problem_html, shelf_html
from ui.templating import render

T = TypeVar("T")

_SCRIPT = Path(__file__).parent / "library_tab.js"
# Past the queue, as in `ui.page.layout`.
_AT_ONCE = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}


def build_library_tab(state: State) -> None:
    """The tab, in the column that is open; what it shows comes when its script asks."""
    library = state.pipeline.library
    shelf, checkup = Shelf(library), Checkup(library)
    facts = _html("", "holdings")
    health = _html(checkup_html(checkup.said), "health")
    build_adding_panel(state.settings.upload_mb)
    looking = _html(render("page/library/filters.html"), "looking", _SCRIPT.read_text(encoding="utf-8"))
    listing = _html("", "shelf")

    async def on_list(event: gr.EventData) -> tuple[Any, str]:
        sent = sent_fields(event)
        looked = Looked.sent(sent)

        def listed() -> tuple[str, str]:
            with library.reading():
                told = facts_html(facts_of(library, state.pipeline.encoder.card, backend_of(library, state.settings)))
                return told, shelf_html(shelf.shown(looked), looked)

        told, shown = await _or_why_not(state, listed, lambda why: (gr.skip(), problem_html(why)))
        return told, f'<div data-number="{sent_number(sent.get("number"))}">{shown}</div>'

    def on_check(event: gr.EventData) -> str:
        return checkup_html(checkup.begin() if sent_fields(event).get("begin") else checkup.said)

    looking.list(on_list, None, [facts, listing], trigger_mode="always_last", **_AT_ONCE)
    looking.check(on_check, None, [health], **_AT_ONCE)


def _html(value: str, name: str, code: str | None = None) -> Any:  # noqa: ANN401 - gradio has no types
    return gr.HTML(value, html_template="${value}", js_on_load=code, elem_id=name, apply_default_css=False)


async def _or_why_not(state: State, work: Callable[[], T], instead: Callable[[str], T]) -> T:
    """What the work gives, or what is given instead for the sentence that says why there is nothing."""
    try:
        return await state.lookups.run(work)
    except (PullquoteError, sqlite3.Error) as mistake:
        return instead(sentence(mistake))


def facts_of(library: Library, card: EncoderCard, backend: Backend) -> LibraryFacts:
    """What there is to tell of the whole library, asked with the encoder of this card."""
    articles, passages = library.counts()
    files = (library.path, library.path.with_name(f"{library.path.name}-wal"))  # all that is written is in these
    written = max((path.stat().st_mtime for path in files if path.exists()), default=0.0)
    return LibraryFacts(
        articles, passages, library.size, datetime.fromtimestamp(written, tz=UTC), _health(library, card, backend)
    )


def _health(library: Library, card: EncoderCard, backend: Backend) -> str:
    """How the library is searched, and whether `pullquote reindex` would change that."""
    built = recorded(library)
    if built is None:
        return "nothing indexed yet"
    if built.encoder != card.identity:
        return "made with another encoder; run pullquote reindex"
    said = backend.describe(library).summary
    if staged := staging.staged(library):
        return f"{said}; a reindex has done {staging.counts(library, staged)[0]:,} articles"
    return said if built == fitted(card) else f"{said}; pullquote reindex would make it anew"
