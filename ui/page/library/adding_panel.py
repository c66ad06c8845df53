"""Adding to the library from the page: files dropped or chosen, or an address, and what became of each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from corpus.file_format import SUFFIXES
from corpus.sourcefile import MAX_BYTES
from rag.api.routes.add_articles import LONGEST_ADDRESS
from rag.api.routes.upload_form import MOST_SOURCES
from ui import gradio_adapter
from ui.templating import render

_SCRIPT = Path(__file__).parent / "adding_panel.js"
_MEGABYTE = 2**20


def build_adding_panel(most_mb: int) -> None:
    """The panel; its script sends what is added to the API, at most so many megabytes in one request."""
    limits: dict[str, Any] = {"most_bytes": most_mb * _MEGABYTE, "largest_bytes": MAX_BYTES, "most_files": MOST_SOURCES}
    gradio_adapter.html(adding_html(most_mb), "adding", _SCRIPT, **limits)


def adding_html(most_mb: int) -> str:
    """The form, with the formats and the sizes of files that it takes."""
    return render(
        "page/library/adding_panel.html", accepted=(*SUFFIXES, ".gz"), largest_mb=min(most_mb, MAX_BYTES // _MEGABYTE),
        longest_address=LONGEST_ADDRESS,
    )  # fmt: skip
