"""Which web pages may ask: none but the server's own, asked for under its own name.

A browser sends requests for any page that is open in it, and this machine's loopback address is open to all of them.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.api.access.auth import is_loopback
from rag.api.refusal import refusal

_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([^:\[\]]+))(?::[0-9]*)?")
_PORTS = {"http": ":80", "https": ":443"}  # that a browser leaves out
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
        refused = self._refused(scope) if scope["type"] == "http" else None
        await (refused or self._app)(scope, receive, send)

    def _refused(self, scope: Scope) -> JSONResponse | None:
        """What is answered instead, or None for who may ask."""
        headers = Headers(scope=scope)
        host = headers.get("host", "").lower()
        if not self._any_host and not is_loopback(_name(host)):
            sentence = "This server answers only as 127.0.0.1 or localhost; set PULLQUOTE_TOKEN for another name."
            return refusal(scope, sentence, 400)
        if _is_foreign(scope["method"], headers, host):
            sentence = "A page of another site asked for this; only the server's own pages and programs may."
            return refusal(scope, sentence, 403)
        return None


def _is_foreign(method: str, headers: Headers, host: str) -> bool:
    """Whether a browser says that another site's page asks."""
    origin = headers.get("origin")
    if origin is not None:
        return not _is_of(origin, host)
    is_elsewhere = headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}
    follows_a_link = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    return is_elsewhere and not (follows_a_link and method in _LOOKING)


def _is_of(origin: str, host: str) -> bool:
    """Whether an origin is one of the web at this host and port; an opaque one (`null`) is at none."""
    try:
        parts = urlsplit(origin.lower())
    except ValueError:
        return False
    usual = _PORTS.get(parts.scheme)
    return bool(usual and parts.netloc) and parts.netloc.removesuffix(usual or "") == host.removesuffix(usual or "")


def _name(host: str) -> str:
    """The name or address in a Host header, without the port; empty where it is none."""
    found = _HOST.fullmatch(host)
    return (found[1] or found[2]) if found else ""
