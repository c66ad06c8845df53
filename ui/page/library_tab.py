"""The Library tab: what is in the library, adding to it, taking out of it with undo, and whether it is whole."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import gradio as gr

from index.dense import described
from index.filters import BadFilter
from index.manifest import StaleIndex, recorded
from index.verify import verify
from rag.api.problems import sentence
from rag.api.state import State
from rag.api.turns import Busy
from rag.markup import escaped
from ui.page.conversation import sent_fields
from ui.page.shelf import Looked, Shelf
from ui.page.shelf_view import Facts, problem_html, shelf_html

_FOLDER = Path(__file__).parent
_MOST_TOLD = 3  # findings of a check
_MOST_WITH_WORDS = 1_000  # passages in which words are looked for
_SHELL = """
<section class="adding" aria-labelledby="adding"><h2 id="adding">Add articles</h2>
  <div class="drop"><p>Drop files here, or <label class="pick">choose them<input type="file" multiple
    accept=".txt,.md,.markdown,.html,.htm,.pdf,.docx,.jsonl,.gz"></label></p>
    <p class="hint">Text, Markdown, web pages, PDF, Word, JSON Lines; at most {most} MB at once.</p></div>
  <form class="by-address"><label for="address">Or the address of an article</label>
    <input id="address" type="url" placeholder="https://" maxlength="2000" autocomplete="off" spellcheck="false">
    <button type="submit">Add</button></form>
  <div class="working" hidden><progress aria-label="Adding"></progress><span class="stage" role="status"></span>
    <button type="button" class="cancel">Cancel</button></div>
  <div class="report" hidden><h3>What became of it</h3><ul></ul><button type="button" class="done">Close</button></div>
</section>
<section class="looking" aria-labelledby="looking"><h2 id="looking">In the library</h2>
  <form class="filters" role="search" aria-label="The library">
    <label>Words <input name="words" type="search" maxlength="200" autocomplete="off"></label>
    <label>Outlet <select name="outlet"><option value="">All</option></select></label>
    <label>Format <select name="format"><option value="">All</option></select></label>
    <label>From <input name="since" maxlength="10" placeholder="2025-03" autocomplete="off"></label>
    <label>To <input name="until" maxlength="10" placeholder="2025-03-31" autocomplete="off"></label>
    <button type="reset">Clear</button></form>
  <div class="undo" role="status"></div></section>"""
_CHECK = '<button type="button" class="check">Check the library</button> <span role="status">{said}</span>'


def build_library_tab(state: State) -> None:
    """The tab, in the column that is open; what it shows comes when its script asks."""
    code = (_FOLDER / "library_tab.js").read_text(encoding="utf-8")
    library = state.pipeline.library

    def has_words(words: str) -> set[str]:
        hits = state.pipeline.retriever.search(words, _MOST_WITH_WORDS, "lexical")
        return {hit.passage.article_id for hit in hits}

    shelf = Shelf(library, has_words)
    shell = gr.HTML(
        _SHELL.format(most=state.settings.upload_mb), html_template="${value}", js_on_load=code,
        apply_default_css=False, most=state.settings.upload_mb,
    )  # fmt: skip
    listing = gr.HTML("", html_template="${value}", apply_default_css=False, js_on_load=None, elem_id="shelf")
    health = gr.HTML(_CHECK.format(said=""), html_template="${value}", apply_default_css=False, js_on_load=None,
                     elem_id="health")  # fmt: skip
    at_once = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}

    async def on_list(event: gr.EventData) -> str:
        looked = Looked.sent(sent_fields(event))
        return await _told(state, lambda: _listed(state, shelf, looked))

    async def on_check() -> str:
        said = await _told(state, lambda: _checked(state), lambda text: text)
        return _CHECK.format(said=said)

    shell.list(on_list, None, [listing], trigger_mode="always_last", **at_once)
    shell.check(on_check, None, [health], **at_once)


async def _told(state: State, work: Any, explained: Any = problem_html) -> str:  # noqa: ANN401
    """What the work gives, or a sentence that says why it does not."""
    try:
        result: str = await state.looks.run(work)
    except (BadFilter, Busy, StaleIndex, sqlite3.Error) as mistake:
        result = explained(sentence(mistake))
    return result


def _listed(state: State, shelf: Shelf, looked: Looked) -> str:
    with state.pipeline.library.reading():
        return shelf_html(facts_of(state), shelf.shown(looked), looked)


def facts_of(state: State) -> Facts:
    """What there is to tell of the whole library."""
    library = state.pipeline.library
    articles, passages = library.counts()
    files = [path for path in library.path.parent.glob(f"{library.path.name}*") if path.is_file()]
    written = max((path.stat().st_mtime for path in files), default=0.0)
    changed = datetime.fromtimestamp(written, tz=UTC).strftime("%Y-%m-%d %H:%M UTC")
    return Facts(articles, passages, library.size, changed, _health(state))


def _health(state: State) -> str:
    built = recorded(state.pipeline.library)
    if built is None:
        return "nothing indexed yet"
    if built.encoder != state.pipeline.encoder.card.identity:
        return "built with another encoder; run pullquote reindex"
    found = described(state.pipeline.library)
    if found.kind == "flat":
        return "exact search by meaning"
    recall = "to be measured" if found.recall is None else f"recall@10 {found.recall:.3f}"
    return f"approximate search by meaning, {recall}"


def _checked(state: State) -> str:
    """What a look through the whole library found, in a sentence."""
    findings = list(verify(state.pipeline.library))
    damage = [finding for finding in findings if finding.is_damage]
    if damage:
        told = "; ".join(f"{one.part}: {one.what}" for one in damage[:_MOST_TOLD])
        return escaped(f"{len(damage):,} faults: {told}. Run pullquote verify --repair.")
    changed = len(findings)
    files = f" {changed:,} files have changed or gone since they were added." if changed else ""
    return f"All of it is whole.{files}"
