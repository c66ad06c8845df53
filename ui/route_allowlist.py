"""The allow-list of routes, and the security headers of every response."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.api.problems import NOTHING_HERE
from ui import gradio_adapter

_PATHS = gradio_adapter.ROUTES | frozenset(
    "/manifest.json /favicon.ico /robots.txt /health /health/ready /metrics /mcp /docs /openapi.json".split()
)
_PREFIXES = ("/v1/", *gradio_adapter.ROUTES_BELOW)

# 'unsafe-eval' is for Gradio's own scripts, which make templates with `new Function`.
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
_NOT_FOUND = JSONResponse({"detail": NOTHING_HERE}, 404)


class RouteAllowlist:
    """ASGI middleware: 404 for routes that are not on the list, security headers for all.

    A response keeps a policy of its own, which is stricter.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        path = scope["path"]
        is_listed = scope["type"] == "http" and (path in _PATHS or path.startswith(_PREFIXES))
        await (self._app if is_listed else _NOT_FOUND)(scope, receive, send_with_headers)
