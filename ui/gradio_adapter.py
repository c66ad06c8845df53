"""Everything that depends on Gradio's insides, which may be others from version 7 on.

Gradio takes seconds to import: the functions import it, so that a command line that shows no page need not wait.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

# The routes of the page. Gradio brings others for uploads, files, proxies and monitoring, which it does not need.
JOIN, STREAM = "/gradio_api/queue/join", "/gradio_api/queue/data"
CANCEL, RESET = "/gradio_api/cancel", "/gradio_api/reset"
EVENT_ROUTES = (JOIN, "/gradio_api/run/predict")  # of events that wait in the queue, and of the others
ROUTES = frozenset(
    (*EVENT_ROUTES, STREAM, CANCEL, RESET, "/", "/config", "/theme.css", "/gradio_api/startup-events",
     "/gradio_api/app_id")
)  # fmt: skip
MOST_SESSIONS = 100  # of pages, with the components that they changed; the page used longest ago gets new ones
ROUTES_BELOW = ("/assets/", "/static/", "/svelte/")
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
    os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "1"
    os.environ["GRADIO_RUN_HISTORY"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"


def mount(app: Any, page: Any, style: str, guard: Callable[[Any, PageQueue], Any]) -> None:  # noqa: ANN401
    """Puts the page at `/` of the app, behind the guard, with nothing in it that leaves the machine.

    To be called in an event loop: else Gradio opens one for each of its parts, and closes none.
    """
    import gradio as gr

    page.state_session_capacity = MOST_SESSIONS
    gr.mount_gradio_app(
        app, page, path="/", theme=gr.themes.Base(font=_SANS, font_mono=_MONO), head=f"<style>{style}</style>",
        footer_links=[], run_history=False, show_error=False, ssr_mode=False, pwa=False, mcp_server=False,
        enable_monitoring=False,
    )  # fmt: skip
    mounted = app.routes[-1]
    mounted.app = guard(mounted.app, PageQueue(page))


class PageQueue:
    """The events of a page: which of them there are, and those that wait in Gradio's queue."""

    def __init__(self, page: Any) -> None:  # noqa: ANN401
        self._page = page
        self._targets = {target for event in page.fns.values() for target, _ in event.targets}

    def check(self, number: int, trigger: int | None, data: list[Any], *, waits: bool) -> None:
        """Raises ValueError for an event that the page cannot send.

        `waits` where it joins the queue; `number` is Gradio's for the event, `trigger` that for the component.
        """
        import gradio as gr

        event = self._page.fns.get(number)
        if event is None or event.fn is None or event.queue is not waits or trigger not in {*self._targets, None}:
            raise ValueError(number)
        if not event.cancels and len(data) != len(event.inputs):  # Gradio puts in the data of one that cancels others
            raise ValueError(len(data))
        typed = (
            value for component, value in zip(event.inputs, data, strict=False) if isinstance(component, gr.Textbox)
        )
        if not all(isinstance(value, str | None) for value in typed):
            raise ValueError(data)

    def events_of(self, session: str) -> int:
        """How many events of a page are in the queue, or have replies that nobody has read."""
        return len(self._queue.pending_event_ids_session.get(session, ()))

    async def drop(self, session: str) -> None:
        """Ends the events of a page, and forgets the replies to it."""
        await self._queue.clean_events(session_hash=session)
        self._queue.pending_messages_per_session.pop(session, None)
        self._queue.pending_event_ids_session.pop(session, None)

    @property
    def _queue(self) -> Any:  # noqa: ANN401
        return self._page._queue  # noqa: SLF001


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whose event it is: the name of the page's session, and a digest that tells clients apart."""

    session: str
    client: str


def visitor(request: Any) -> Visitor:  # noqa: ANN401
    """Who sent the event of this request of Gradio's."""
    client = getattr(request.request.state, "client", "")  # noted by `rag.api.access.rate_limit`
    return Visitor(request.session_hash, sha256(client.encode()).hexdigest()[:16])


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
