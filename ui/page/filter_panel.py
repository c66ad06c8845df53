"""The filter panel of the page: which articles are asked, chosen from what the library holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from ui import gradio_adapter
from ui.page.library.facets import FACETS, Facets
from ui.templating import render

_SCRIPT = Path(__file__).parent / "filter_panel.js"
_LONGEST_WORDS = 200  # characters looked for


def build_filter_panel(facets: Facets) -> Any:  # noqa: ANN401 - gradio has no types that mypy can see
    """The panel, empty and folded; its value is what `Selection.sent` reads. What it offers comes when it is opened."""
    panel = gradio_adapter.html({}, "filter", _SCRIPT, template=panel_html(), found=None)

    def on_look(event: gr.EventData) -> Any:  # noqa: ANN401
        sent = gradio_adapter.sent_fields(event)
        return gr.update(found=looked_up(facets, sent.get("wanted"), sent.get("number")))

    panel.look(on_look, None, [panel], **gradio_adapter.AT_ONCE)
    return panel


def looked_up(facets: Facets, wanted: object, number: object) -> dict[str, Any]:
    """The choices of each facet that have the words a browser sent for it, under the number it sent."""
    words = wanted if isinstance(wanted, dict) else {}
    found = {}
    for facet in (one for one in FACETS if one in words):
        matches = facets.find(facet, str(words[facet])[:_LONGEST_WORDS])
        choices = [[choice.value, choice.label, choice.detail] for choice in matches.choices]
        found[facet] = {"total": matches.total, "choices": choices}
    return {"number": number, "facets": found}


def panel_html() -> str:
    """The panel without choices: those are the script's, as text and never as HTML."""
    return render("page/filter_panel.html", facets=FACETS, longest=_LONGEST_WORDS)
