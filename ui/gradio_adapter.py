"""Everything that depends on Gradio's insides, which may be others from version 7 on.

Gradio takes seconds to import: the functions import it, so that a command line that shows no page need not wait.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

# The routes of the page. Gradio brings others for uploads, files, proxies and monitoring, which it does not need.
ROUTES = frozenset(
    "/ /config /theme.css /gradio_api/queue/join /gradio_api/queue/data /gradio_api/run/predict "
    "/gradio_api/startup-events /gradio_api/cancel /gradio_api/reset /gradio_api/app_id".split()
)
ROUTES_BELOW = ("/assets/", "/static/", "/svelte/", "/gradio_api/heartbeat/")
# Options of an event that the API does not describe and that covers nothing while it waits.
QUIET = {"show_progress": "hidden", "api_visibility": "private"}
# Past the queue. Gradio's browser side shuts the stream of replies when the last one has come: a question that joins
# the queue at that moment would never get its own.
AT_ONCE = {"queue": False, **QUIET}
# The fonts of the reader's machine: nothing is fetched.
_SANS = ("system-ui", "Segoe UI", "Helvetica Neue", "Arial", "sans-serif")
_MONO = ("ui-monospace", "Menlo", "Consolas", "monospace")


def keep_quiet() -> None:
    """Turns off what Gradio and its hub client would send elsewhere; to be called before gradio is imported."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = "1000000"  # else it sums up its own use after every event
    os.environ["GRADIO_RUN_HISTORY"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"


def mount(app: Any, page: Any, style: str) -> None:  # noqa: ANN401 - gradio has no types that mypy can see
    """Puts the page at `/` of the app, with nothing in it that leaves the machine.

    To be called in an event loop: else Gradio opens one for each of its parts, and closes none.
    """
    import gradio as gr

    gr.mount_gradio_app(
        app, page, path="/", theme=gr.themes.Base(font=_SANS, font_mono=_MONO), head=f"<style>{style}</style>",
        footer_links=[], run_history=False, show_error=False, ssr_mode=False, pwa=False, mcp_server=False,
        enable_monitoring=False,
    )  # fmt: skip


def end_streams(routes: Iterable[Any]) -> None:
    """Ends the streams of replies that open pages hold, which would keep a server from stopping."""
    for route in routes:
        stopping = getattr(getattr(route, "app", None), "stop_event", None)
        if stopping is not None:
            stopping.set()


def html(value: object, name: str, script: Path | None = None, template: str = "${value}", **fields: Any) -> Any:  # noqa: ANN401
    """An HTML component of this id, with the fields that its script watches.

    The default template puts the value in as it is. One in Handlebars would run code that stands in an article.
    """
    import gradio as gr

    code = script.read_text(encoding="utf-8") if script else None
    return gr.HTML(
        value, html_template=template, js_on_load=code, elem_id=name, apply_default_css=False, **fields
    )  # fmt: skip


def triggered(component: Any, event: str) -> Any:  # noqa: ANN401
    """The event of this name that a component's script triggers, as one of several that `gr.on` listens to."""
    return SimpleNamespace(
        __self__=component,
        event_name=event,
        has_trigger=True,
        callback=None,
        connection="sse",
        event_specific_args=None,
    )


def sent_fields(event: Any) -> dict[str, Any]:  # noqa: ANN401
    """What a script of the page sent with an event; {} for anything but named fields."""
    data = getattr(event, "_data", None)
    return data if isinstance(data, dict) else {}
