"""The server: the API and the chat page on one port."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from starlette.middleware import Middleware

from rag.api.access.auth import check_host, is_loopback
from rag.api.app import create_app
from rag.api.log_throttle import throttle
from rag.api.state import State
from rag.pipeline import Pipeline
from rag.settings import Settings
from ui import gradio_adapter
from ui.connections import BACKLOG, SEND_BUFFER, BoundedConnection, Connections, affordable_connections
from ui.mistake import Mistake
from ui.page_events import PageEvents
from ui.private_folder import private_folder
from ui.reference import reference_html
from ui.route_allowlist import RouteAllowlist

_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="5" fill="#8f1d2c"/>'
    '<path fill="#fff" d="M7 21v-5c0-4 2-7 6-8l1 2c-2 1-3 3-3 5h3v6zm11 0v-5c0-4 2-7 6-8l1 2c-2 1-3 3-3 5h3v6z"/></svg>'
)
_SECONDS_FOR_JOBS = 1
_SECONDS_TO_FINISH = 8  # what is under way when the server is told to stop


class PortTaken(Mistake):
    """Another program listens on the port; choose another one in PULLQUOTE_PORT."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"Another program listens on port {port} of {host}; choose another with PULLQUOTE_PORT.")


class NoSuchHost(Mistake):
    """The address is not one of this machine's; name 127.0.0.1 or one of its own in PULLQUOTE_HOST."""

    def __init__(self, host: str, why: str) -> None:
        super().__init__(f"This machine cannot listen on {host!r} ({why}); set PULLQUOTE_HOST=127.0.0.1.")


def create_server(pipeline: Pipeline, settings: Settings) -> FastAPI:
    """The API with the page at `/`, behind the token where there is one; the first call imports gradio (seconds)."""
    app = create_app(pipeline, settings)
    _add_own_pages(app)
    asyncio.run(_mount_page(app))
    app.user_middleware.insert(1, Middleware(RouteAllowlist))  # behind the log, which misses nothing
    return app


def serve(pipeline: Pipeline, settings: Settings, ready: Callable[[str], None]) -> None:
    """Serves until Ctrl-C or SIGTERM, then finishes what is under way; `ready` is told the address once it answers.

    TokenNeeded before anything is opened to other machines; PortTaken and NoSuchHost for an address that is not free;
    NoTemporaryFolder. Uploads, and whatever else is temporary, lie in a folder of the server's own.
    """
    check_host(settings.host, settings.token_digests)
    listener = _listen(settings.host, settings.port)
    with listener, private_folder():
        most = affordable_connections(settings.connections)
        settings = settings.model_copy(update={"streams": min(settings.streams, most // 2)})
        app = create_server(pipeline, settings)
        connections = Connections(most)
        config = uvicorn.Config(app, log_level="error", access_log=False, ws="none", server_header=False,
                                http=partial(BoundedConnection, connections),  # type: ignore[arg-type]
                                proxy_headers=bool(settings.token_digests), forwarded_allow_ips=settings.proxy or None,
                                backlog=BACKLOG, timeout_graceful_shutdown=_SECONDS_TO_FINISH)  # fmt: skip
        for name in ("asyncio", "uvicorn.error"):
            throttle(logging.getLogger(name))
        server = _Server(config, app.state.shared, connections, lambda: ready(_url(settings.host, listener)))
        with _sigterm_like_ctrl_c(), suppress(KeyboardInterrupt):
            server.run([listener])
        if not app.state.shared.jobs.have_ended(_SECONDS_FOR_JOBS):
            sys.stderr.flush()
            os._exit(0)  # a thread cannot be stopped; a library loses nothing of what was told as done


@contextmanager
def _sigterm_like_ctrl_c() -> Iterator[None]:
    """Has SIGTERM do what Ctrl-C does: uvicorn raises it again after stopping, and it would become the exit status."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class _Server(uvicorn.Server):
    """uvicorn that calls `ready` once it answers, ends late connections, and ends jobs before it stops."""

    def __init__(
        self, config: uvicorn.Config, state: State, connections: Connections, ready: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._state = state
        self._connections = connections
        self._ready = ready

    async def on_tick(self, counter: int) -> bool:
        """Called ten times a second."""
        if counter % 10 == 0:
            self._connections.end_late()
        return await super().on_tick(counter)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Ends jobs, whose followers would wait for them, then stops."""
        self._state.jobs.close()
        await super().shutdown(sockets)


async def _mount_page(app: FastAPI) -> None:
    """Puts the page at `/`, behind every route there is."""
    gradio_adapter.keep_quiet()
    from ui.page.chat import Chat
    from ui.page.layout import build_page, page_style

    gradio_adapter.mount(app, build_page(Chat(app.state.shared)), page_style(), PageEvents)


def _add_own_pages(app: FastAPI) -> None:
    """Adds the description of the API at /docs, and the icon and the name that a browser looks for."""

    @app.get("/docs", include_in_schema=False)
    def docs(request: Request) -> HTMLResponse:
        return HTMLResponse(reference_html(app.openapi() | {"servers": [{"url": str(request.base_url)}]}))

    @app.get("/favicon.ico", include_in_schema=False)
    def icon() -> Response:
        return Response(_ICON, media_type="image/svg+xml")

    @app.get("/manifest.json", include_in_schema=False)
    def manifest() -> dict[str, object]:
        return {"name": "Pullquote", "start_url": "./", "icons": [{"src": "favicon.ico", "sizes": "any"}]}


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens; PortTaken, NoSuchHost."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return _bound(family, address)
    except PermissionError as error:
        raise PortTaken(host, port) from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(host, port) from error
        raise NoSuchHost(host, error.strerror or str(error)) from error


def _bound(family: int, address: tuple[Any, ...]) -> socket.socket:
    """A socket that listens, known to be TCP's: else asyncio leaves Nagle's algorithm on, and a reply waits 40 ms."""
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)  # of the connections, too
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _url(host: str, listener: socket.socket) -> str:
    """The page's address as this machine's browser reaches it."""
    port = listener.getsockname()[1]
    name = host if is_loopback(host) else socket.gethostname() if host in {"0.0.0.0", "::"} else host  # noqa: S104
    return f"http://[{name}]:{port}/" if ":" in name else f"http://{name}:{port}/"
