"""Which web pages may ask: the server's own, requested under the server's own name.

A browser sends requests for every page that is open in it, and each of them can reach this machine's loopback address.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from rag.api.access.auth import is_loopback
from rag.api.refusal import refusal

_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([^:\[\]]+))(?::[0-9]*)?")
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}  # that a browser leaves out


def check_origin(request: Request, *, any_host: bool) -> Response | None:
    """400 for a foreign host name, 403 for a request of another site's page; a link on another site may lead here.

    A server on the loopback address answers only to its names there: otherwise any web page could reach it by giving
    its own name that address (DNS rebinding). `any_host` is for servers that ask for a token.
    """
    host = request.headers.get("host", "").lower()
    if not any_host and not is_loopback(_name(host)):
        sentence = "This server answers only as 127.0.0.1 or localhost; set PULLQUOTE_TOKEN for another name."
        return refusal(request.scope, sentence, 400)
    if _is_foreign(request, host):
        sentence = "A page of another site asked for this; only the server's own pages and programs may."
        return refusal(request.scope, sentence, 403)
    return None


def _is_foreign(request: Request, host: str) -> bool:
    """Whether a browser says that another site's page asks."""
    headers = request.headers
    if (origin := headers.get("origin")) is not None:
        return not _is_of(origin, host)
    is_elsewhere = headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}
    follows_a_link = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    return is_elsewhere and not (follows_a_link and request.method in {"GET", "HEAD"})


def _is_of(origin: str, host: str) -> bool:
    """Whether an origin is one of the web at this host and port; an opaque one (`null`) is at none."""
    try:
        parts = urlsplit(origin.lower())
    except ValueError:
        return False
    port = _DEFAULT_PORTS.get(parts.scheme, "")
    return bool(port and parts.netloc) and parts.netloc.removesuffix(port) == host.removesuffix(port)


def _name(host: str) -> str:
    """The name or address in a Host header, without the port; empty where it is none."""
    found = _HOST.fullmatch(host)
    return (found[1] or found[2]) if found else ""
