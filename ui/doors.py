"""What the server lets in: its own API and page, asked for under its own name, and nothing that leaves the machine.

Gradio brings routes for uploads, files, proxies, monitoring and more; the page needs none of them.
"""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_OPEN = frozenset(
    "/ /config /theme.css /manifest.json /favicon.ico /robots.txt /health /docs /openapi.json /gradio_api/queue/join "
    "/gradio_api/queue/data /gradio_api/run/predict /gradio_api/startup-events /gradio_api/cancel /gradio_api/reset "
    "/gradio_api/app_id".split()
)
_OPEN_BELOW = ("/v1/", "/assets/", "/static/", "/svelte/", "/gradio_api/heartbeat/")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})

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


class Doors:
    """ASGI middleware: 404 for what the page and the API do not have, 400 for a foreign name, strict headers for all.

    A server on the loopback address answers only to its names there; otherwise any web page could reach it by giving
    its own name that address (DNS rebinding). `any_host` leaves that out, for servers that ask for a token.
    """

    def __init__(self, app: ASGIApp, *, any_host: bool) -> None:
        self._app = app
        self._any_host = any_host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return

        async def send_strictly(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
            await send(message)

        refusal = self._refusal(scope)
        await (refusal or self._app)(scope, receive, send_strictly)

    def _refusal(self, scope: Scope) -> JSONResponse | None:
        """What is answered instead, or None for who may come in."""
        if scope["type"] != "http" or not _is_open(scope["path"]):
            return JSONResponse({"detail": "There is nothing at this address; /docs lists what there is."}, 404)
        host = _name(Headers(scope=scope).get("host", ""))
        if not self._any_host and host not in _LOOPBACK:
            sentence = "This server answers only as 127.0.0.1 or localhost; set PULLQUOTE_TOKEN for another name."
            return JSONResponse({"detail": sentence}, 400)
        return None


def _is_open(path: str) -> bool:
    return path in _OPEN or path.startswith(_OPEN_BELOW)


def _name(host: str) -> str:
    """The name in a Host header, without the port."""
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0].lower()
