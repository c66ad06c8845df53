"""The token at the door of a server that can be reached from other machines."""

from __future__ import annotations

import hmac
from hashlib import sha256
from ipaddress import ip_address
from urllib.parse import parse_qs, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from corpus.errors import PullquoteError
from rag.api.refusal import refusal

_COOKIE = "pullquote_token"
_REFUSAL = "This server asks for a token: send `Authorization: Bearer TOKEN`, or open the page with `?token=TOKEN`."


class TokenNeeded(PullquoteError):
    """The server was told to listen beyond this machine without a token; set PULLQUOTE_TOKEN."""

    def __init__(self, host: str) -> None:
        super().__init__(f"Listening on {host} lets other machines in; set PULLQUOTE_TOKEN to a secret of at least "
                         "16 characters, or listen on 127.0.0.1.")  # fmt: skip


def check_host(host: str, digests: frozenset[str]) -> None:
    """Nothing where the address is loopback or a token guards it, else TokenNeeded."""
    if not is_loopback(host) and not digests:
        raise TokenNeeded(host)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens on `host`."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class TokenGuard:
    """ASGI middleware that answers 401 to whoever does not bring the token, as a bearer header or in a cookie.

    A browser opens the page once with `?token=`; the token moves to a cookie and out of the address bar.
    """

    def __init__(self, app: ASGIApp, digests: frozenset[str]) -> None:
        """`digests` are the SHA-256 digests of the tokens that open the door, in hexadecimal."""
        if not digests:
            raise ValueError("a door that no token opens is no door")
        self._app = app
        self._digests = [bytes.fromhex(digest) for digest in sorted(digests)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        request = Request({**scope, "type": "http"})
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        offered = bearer if scheme.lower() == "bearer" else request.cookies.get(_COOKIE, "")
        if self._right(offered):
            await self._app(scope, receive, send)
        elif self._right(request.query_params.get("token", "")):
            await _with_cookie(request)(scope, receive, send)
        else:
            await refusal(scope, _REFUSAL, 401, {"WWW-Authenticate": "Bearer"})(scope, receive, send)

    def _right(self, offered: str) -> bool:
        """Whether it is one of the tokens; all are compared, each in constant time."""
        digest = sha256(offered.strip().encode("utf-8", "surrogateescape")).digest()
        return sum(hmac.compare_digest(digest, one) for one in self._digests) > 0


def _with_cookie(request: Request) -> RedirectResponse:
    query = parse_qs(request.url.query)
    token = query.pop("token")[0]
    rest = urlencode(query, doseq=True)
    path = "/" + request.url.path.lstrip("/")  # `//host` would lead to another server
    response = RedirectResponse(path + (f"?{rest}" if rest else ""), status_code=303)
    is_secret = request.url.scheme == "https"
    response.set_cookie(_COOKIE, token, httponly=True, samesite="strict", secure=is_secret)
    return response
