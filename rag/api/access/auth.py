"""Tokens: who may ask a server that other machines can reach."""

from __future__ import annotations

import hmac
from hashlib import sha256
from ipaddress import ip_address
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from corpus.errors import PullquoteError
from rag.api.access.guesses import Guesses, Guessing
from rag.api.access.sessions import Sessions
from rag.api.refusal import refusal

_COOKIE = "pullquote_session"
_REFUSAL = "This server asks for a token: send `Authorization: Bearer TOKEN`, or open the page with `?token=TOKEN`."


class TokenNeeded(PullquoteError):
    """The server was told to listen beyond this machine without a token; set PULLQUOTE_TOKEN."""

    def __init__(self, host: str) -> None:
        super().__init__(f"Listening on {host} lets other machines in; set PULLQUOTE_TOKEN to a secret of at least "
                         "16 characters, or listen on 127.0.0.1.")  # fmt: skip


def check_host(host: str, digests: frozenset[str]) -> None:
    """Raises TokenNeeded where other machines reach the address and no token is set."""
    if not is_loopback(host) and not digests:
        raise TokenNeeded(host)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens on `host`."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def bearer_digest(request: Request) -> str | None:
    """The SHA-256 digest of the bearer token, in hexadecimal; None without one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return _digest(token) if scheme.lower() == "bearer" else None


class TokenCheck:
    """401 for a request that brings no token of these SHA-256 digests, as a bearer header or in a session's cookie.

    A browser opens the page once with `?token=`, and is sent on without it, with the cookie of a session. 429 where an
    address sends many wrong tokens.
    """

    def __init__(self, digests: frozenset[str]) -> None:
        self._digests = digests
        self._sessions = Sessions()
        self._guesses = Guesses()

    async def __call__(self, request: Request) -> Response | None:
        digest = bearer_digest(request)
        if digest is None and self._sessions.holds(request.cookies.get(_COOKIE, "")):
            return None
        shown = request.query_params.getlist("token")
        try:
            if digest and await self._is_right(request, digest):
                return None
            if len(shown) == 1 and await self._is_right(request, _digest(shown[0])):
                return self._with_cookie(request)
        except Guessing as fault:
            return refusal(request.scope, str(fault), fault.status, {"Retry-After": str(fault.retry_after)})
        return refusal(request.scope, _REFUSAL, 401, {"WWW-Authenticate": "Bearer"})

    async def _is_right(self, request: Request, digest: str) -> bool:
        address = request.client.host if request.client else ""
        await self._guesses.wait(address, digest)
        is_right = sum(hmac.compare_digest(digest, one) for one in self._digests) > 0  # with all, in constant time
        self._guesses.note(address, digest, is_right=is_right)
        return is_right

    def _with_cookie(self, request: Request) -> RedirectResponse:
        rest = urlencode([(name, value) for name, value in request.query_params.multi_items() if name != "token"])
        path = "/" + request.url.path.lstrip("/")  # `//host` would lead to another server
        response = RedirectResponse(path + (f"?{rest}" if rest else ""), status_code=303)
        is_secret = request.url.scheme == "https"
        response.set_cookie(_COOKIE, self._sessions.begin(), httponly=True, samesite="strict", secure=is_secret)
        return response


def _digest(token: str) -> str:
    return sha256(token.strip().encode("utf-8", "surrogateescape")).hexdigest()
