"""Tokens: who may ask a server that other machines can reach."""

from __future__ import annotations

import hmac
from hashlib import sha256
from ipaddress import ip_address
from urllib.parse import parse_qs, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

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


def check_token(request: Request, digests: frozenset[str]) -> Response | None:
    """401 for a request that brings no token of these SHA-256 digests, as a bearer header or in a cookie.

    A browser opens the page once with `?token=`, and is sent on without it; the token moves to a cookie.
    """
    if _is_one_of(bearer_digest(request) or _digest(request.cookies.get(_COOKIE, "")), digests):
        return None
    if _is_one_of(_digest(request.query_params.get("token", "")), digests):
        return _with_cookie(request)
    return refusal(request.scope, _REFUSAL, 401, {"WWW-Authenticate": "Bearer"})


def _digest(token: str) -> str:
    return sha256(token.strip().encode("utf-8", "surrogateescape")).hexdigest()


def _is_one_of(offered: str, digests: frozenset[str]) -> bool:
    """Compares with all of them, each in constant time."""
    return sum(hmac.compare_digest(offered, digest) for digest in digests) > 0


def _with_cookie(request: Request) -> RedirectResponse:
    query = parse_qs(request.url.query)
    token = query.pop("token")[0]
    rest = urlencode(query, doseq=True)
    path = "/" + request.url.path.lstrip("/")  # `//host` would lead to another server
    response = RedirectResponse(path + (f"?{rest}" if rest else ""), status_code=303)
    is_secret = request.url.scheme == "https"
    response.set_cookie(_COOKIE, token, httponly=True, samesite="strict", secure=is_secret)
    return response
