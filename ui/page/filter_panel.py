"""The filter panel of the page: which articles are asked, chosen from what the library holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from ui.page.library.facets import FACETS, Facets
from ui.templating import render

_SCRIPT = Path(__file__).parent / "filter_panel.js"
_LONGEST_WORDS = 200  # characters looked for


def build_filter_panel(facets: Facets) -> Any:  # noqa: ANN401 - gradio has no types that mypy can see
    """The panel, empty and folded; its value is what `Selection.sent` reads. What it offers comes when it is opened."""
    panel = gr.HTML(
        value={}, html_template=panel_html(), js_on_load=_SCRIPT.read_text(encoding="utf-8"), elem_id="filter",
        apply_default_css=False, found=None,
    )  # fmt: skip

    def on_look(event: gr.EventData) -> Any:  # noqa: ANN401
        return gr.update(found=looked_up(facets, event.wanted, event.number))

    # Past the queue, as in `ui.page.layout`: a question may join it just then.
    panel.look(on_look, None, [panel], show_progress="hidden", api_visibility="private", queue=False)
    return panel


def looked_up(facets: Facets, wanted: object, number: object) -> dict[str, Any]:
    """What the browser asked for under this number: for each facet the choices that have the words it sent."""
    asked = wanted if isinstance(wanted, dict) else {}
    found = {}
    for facet in FACETS:
        if facet in asked:
            one = facets.find(facet, str(asked[facet])[:_LONGEST_WORDS])
            choices = [[choice.value, choice.label, choice.detail] for choice in one.choices]
            found[facet] = {"total": one.total, "choices": choices}
    return {"number": number, "facets": found}


def panel_html() -> str:
    """The panel without choices: those are the script's, as text and never as HTML."""
    return render("page/filter_panel.html", facets=FACETS, longest=_LONGEST_WORDS)
