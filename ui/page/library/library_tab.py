"""The Library tab: what is in the library, adding to it, taking out of it with undo, and whether it is whole."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

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
from ui import gradio_adapter
from ui.gradio_adapter import AT_ONCE, sent_fields
from ui.page.checkup import Checkup
from ui.page.conversation import sent_number
from ui.page.library.adding_panel import build_adding_panel
from ui.page.library.article_list import ArticleTable, ArticleTableQuery
from ui.page.library.article_list_view import LibraryFacts, article_list_html, checkup_html, facts_html, problem_html
from ui.templating import render

_SCRIPT = Path(__file__).parent / "library_tab.js"


def build_library_tab(state: State) -> None:
    """The tab, in the column that is open; what it shows comes when its script asks."""
    library = state.pipeline.library
    table, checkup = ArticleTable(library), Checkup(library)
    facts = gradio_adapter.html("", "facts")
    health = gradio_adapter.html(checkup_html(checkup.message), "health")
    build_adding_panel(state.settings.upload_mb)
    filters = gradio_adapter.html(render("page/library/filters.html"), "library-filters", _SCRIPT)
    listing = gradio_adapter.html("", "articles")

    async def on_list(event: gr.EventData) -> tuple[Any, str]:
        sent = sent_fields(event)
        query = ArticleTableQuery.sent(sent)

        def listed() -> tuple[str, str]:
            with library.reading():
                known = facts_of(library, state.pipeline.encoder.card, backend_of(library, state.settings))
                return facts_html(known), article_list_html(table.page(query), query)

        summary: Any = gr.skip()
        try:
            summary, shown = await state.lookups.run(listed)
        except (PullquoteError, sqlite3.Error) as mistake:
            shown = problem_html(sentence(mistake))
        return summary, f'<div data-number="{sent_number(sent.get("number"))}">{shown}</div>'

    def on_check(event: gr.EventData) -> str:
        return checkup_html(checkup.begin() if sent_fields(event).get("begin") else checkup.message)

    filters.list(on_list, None, [facts, listing], trigger_mode="always_last", **AT_ONCE)
    filters.check(on_check, None, [health], **AT_ONCE)


def facts_of(library: Library, card: EncoderCard, backend: Backend) -> LibraryFacts:
    """What there is to tell of the whole library, asked with the encoder of this card."""
    articles, passages = library.counts()
    files = (library.path, library.path.with_name(f"{library.path.name}-wal"))  # all that is written is in these
    written = max((path.stat().st_mtime for path in files if path.exists()), default=0.0)
    changed = datetime.fromtimestamp(written, tz=UTC)
    return LibraryFacts(articles, passages, library.size, changed, _health(library, card, backend))


def _health(library: Library, card: EncoderCard, backend: Backend) -> str:
    """How the library is searched, and whether `pullquote reindex` would change that."""
    built = recorded(library)
    if built is None:
        return "nothing indexed yet"
    if built.encoder != card.identity:
        return "made with another encoder; run pullquote reindex"
    search = backend.describe(library).summary
    if staged := staging.staged(library):
        return f"{search}; a reindex has done {staging.counts(library, staged)[0]:,} articles"
    return search if built == fitted(card) else f"{search}; pullquote reindex would make it anew"
