"""Which web pages may ask: none but the server's own, asked for under its own name.

A browser sends requests for any page that is open in it, and this machine's loopback address is open to all of them.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
_LOOKING = frozenset({"GET", "HEAD"})


class SameOrigin:
    """ASGI middleware: 400 for a foreign name, 403 for what another site's page asks.

    A server on the loopback address answers only to its names there; otherwise any web page could reach it by giving
    its own name that address (DNS rebinding). `any_host` leaves that out, for servers that ask for a token. A link on
    another site may lead here; nothing else there may.
    """

    def __init__(self, app: ASGIApp, *, any_host: bool) -> None:
        self._app = app
        self._any_host = any_host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope["method"], Headers(scope=scope)) if scope["type"] == "http" else None
        await (refusal or self._app)(scope, receive, send)

    def _refusal(self, method: str, headers: Headers) -> JSONResponse | None:
        """What is answered instead, or None for who may ask."""
        host = headers.get("host", "").lower()
        if not self._any_host and _name(host) not in _LOOPBACK:
            sentence = "This server answers only as 127.0.0.1 or localhost; set PULLQUOTE_TOKEN for another name."
            return JSONResponse({"detail": sentence}, 400)
        if _is_foreign(method, headers, host):
            sentence = "A page of another site asked for this; only the server's own pages and programs may."
            return JSONResponse({"detail": sentence}, 403)
        return None


def _is_foreign(method: str, headers: Headers, host: str) -> bool:
    """Whether a browser says that another site's page asks."""
    origin = headers.get("origin")
    if origin is not None:
        return _host_of(origin) != host
    is_elsewhere = headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}
    follows_a_link = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    return is_elsewhere and not (follows_a_link and method in _LOOKING)


def _host_of(origin: str) -> str | None:
    """The host and port of an origin; None where it is opaque or none at all."""
    try:
        return urlsplit(origin).netloc.lower() or None
    except ValueError:
        return None


def _name(host: str) -> str:
    """The name in a Host header, without the port."""
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]
