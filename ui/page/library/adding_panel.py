"""Adding to the library from the page: files dropped or chosen, or an address, and what became of each."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

from corpus.sourcefile import FORMATS, MAX_BYTES
from rag.api.routes.add_articles import LONGEST_ADDRESS, MOST_SOURCES

_SCRIPT = Path(__file__).parent / "adding_panel.js"
_MEGABYTE = 2**20
_ADDING = """
<section class="adding" aria-labelledby="adding-title"><h2 id="adding-title" tabindex="-1">Add articles</h2>
  <div class="drop"><p>Drop files or folders here, or
    <label class="pick">choose files<input type="file" multiple accept="{accepted}"></label></p>
    <p class="hint">Text, Markdown, web pages, PDF, Word, JSON Lines; a file of at most {file_mb} MB.</p></div>
  <form class="by-address"><label for="address">Or the address of an article</label>
    <input id="address" type="url" placeholder="https://" maxlength="{longest}" autocomplete="off" spellcheck="false"
      required>
    <button type="submit">Add</button></form>
  <div class="working" hidden><progress aria-label="Adding"></progress><span class="stage"></span>
    <button type="button" class="cancel">Cancel</button></div>
  <p class="unseen said" role="status"></p>
  <div class="report" hidden><h3></h3><ul></ul><button type="button" class="done">Close</button></div>
</section>"""


def build_adding_panel(most_mb: int) -> None:
    """The panel; its script sends what is added to the API, at most so many megabytes in one request."""
    shown = _ADDING.format(
        accepted=",".join((*FORMATS, ".gz")), file_mb=min(most_mb, MAX_BYTES // _MEGABYTE), longest=LONGEST_ADDRESS
    )
    gr.HTML(
        shown, html_template="${value}", js_on_load=_SCRIPT.read_text(encoding="utf-8"), apply_default_css=False,
        elem_id="adding", most_bytes=most_mb * _MEGABYTE, largest_bytes=MAX_BYTES, most_files=MOST_SOURCES,
    )  # fmt: skip
