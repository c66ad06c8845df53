"""What the server has: its own API and page, with strict headers, and nothing that leaves the machine."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.api.problems import NOTHING_HERE
from ui import gradio_adapter

_OPEN = gradio_adapter.ROUTES | frozenset(
    "/manifest.json /favicon.ico /robots.txt /health /health/ready /metrics /mcp /docs /openapi.json".split()
)
_OPEN_BELOW = ("/v1/", *gradio_adapter.ROUTES_BELOW)

# Gradio's own scripts put templates together with `new Function`, hence 'unsafe-eval'.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


class RouteAllowlist:
    """ASGI middleware: 404 for what the page and the API do not have, strict headers for all.

    A page may bring a stricter policy of its own.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return

        async def send_strictly(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        is_there = scope["type"] == "http" and _is_open(scope["path"])
        await (self._app if is_there else _NOTHING)(scope, receive, send_strictly)


_NOTHING = JSONResponse({"detail": NOTHING_HERE}, 404)


def _is_open(path: str) -> bool:
    return path in _OPEN or path.startswith(_OPEN_BELOW)
