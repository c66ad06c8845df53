"""How much one client may ask: the size of a body, and how many requests a minute."""

from __future__ import annotations

import math
from hashlib import sha256
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corpus.errors import PullquoteError
from rag.api.refusal import refusal

if TYPE_CHECKING:
    from limits.strategies import SlidingWindowCounterRateLimiter

MEGABYTE = 2**20
_COUNTED = ("/v1/", "/mcp", "/gradio_api/queue/join")  # what the page asks, too
BODY_MB = 2  # of JSON; a hundred questions at their longest have 0.8


class TooMany(PullquoteError):
    """A client asks more than its share; try again in a while.

    `retry_after` is in how many seconds.
    """

    status = 429

    def __init__(self, rate: int, retry_after: int) -> None:
        super().__init__(f"You asked more than {rate:,} times in a minute; try again in {retry_after} seconds.")
        self.retry_after = retry_after


class Allowance:
    """How often each client may still ask; `rate` is a minute's, 0 for any number.

    `tokens` are the SHA-256 digests of those that the server takes, in hexadecimal.
    """

    def __init__(self, rate: int, tokens: frozenset[str] = frozenset()) -> None:
        self._rate = rate
        self._tokens = tokens
        self._limiter = _limiter() if rate else None

    def client(self, scope: Scope) -> str:
        """Who asks: the digest of the token where the server takes it, else the address.

        What else may stand in the header is nobody's name: who invents one each time would never have asked before.
        """
        scheme, _, bearer = Headers(scope=scope).get("authorization", "").partition(" ")
        digest = sha256(bearer.strip().encode("utf-8", "surrogateescape")).hexdigest()
        if scheme.lower() == "bearer" and digest in self._tokens:
            return digest[:16]
        address = scope.get("client")
        return str(address[0]) if address else "unknown"

    def take(self, client: str, count: int = 1) -> None:
        """Takes so many requests from a client's allowance; TooMany where it has fewer."""
        from limits import RateLimitItemPerMinute

        if self._limiter is None:
            return
        share = RateLimitItemPerMinute(self._rate)
        if not self._limiter.hit(share, client, cost=count):
            import time

            left = self._limiter.get_window_stats(share, client).reset_time - time.time()
            # One request is free again after `left`, so many of them later.
            raise TooMany(self._rate, max(1, min(60, math.ceil(max(left, 60 * count / self._rate)))))


class RequestLimits:
    """ASGI middleware: 413 for a body that is too large, 429 for a client that asks too often.

    A client is who brings a token, else an address. `uploads` has the megabytes of a form with files that is posted to
    a path.
    """

    def __init__(self, app: ASGIApp, allowance: Allowance, uploads: dict[str, int]) -> None:
        self._app = app
        self._allowance = allowance
        self._uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        client = self._allowance.client(scope)
        scope.setdefault("state", {})["client"] = client
        if scope["path"].startswith(_COUNTED):
            try:
                self._allowance.take(client)
            except TooMany as mistake:
                wait = {"Retry-After": str(mistake.retry_after)}
                await refusal(scope, str(mistake), 429, wait)(scope, receive, send)
                return
        headers = Headers(scope=scope)
        most = self._most(scope, headers)
        if _is_more(headers.get("content-length", ""), most * MEGABYTE):
            await refusal(scope, _too_large(most), 413, {"Connection": "close"})(scope, receive, send)
            return
        await self._app(scope, _counted(receive, most), send)

    def _most(self, scope: Scope, headers: Headers) -> int:
        """The megabytes that a request may have."""
        has_files = scope["method"] == "POST" and headers.get("content-type", "").lower().startswith("multipart/")
        return self._uploads.get(scope["path"], BODY_MB) if has_files else BODY_MB


def _is_more(stated: str, most: int) -> bool:
    """Whether a length as a header states it is more than so many bytes; it may have more digits than int() takes."""
    return stated.isdecimal() and (len(stated) > 18 or int(stated) > most)


def _counted(receive: Receive, most: int) -> Receive:
    """What receives no more than so many megabytes; 413 then."""
    size = 0

    async def counting() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > most * MEGABYTE:
            raise HTTPException(413, _too_large(most))
        return message

    return counting


def _too_large(most: int) -> str:
    return f"The request is larger than {most} MB; send less at once."


def _limiter() -> SlidingWindowCounterRateLimiter:
    from limits.storage import MemoryStorage
    from limits.strategies import SlidingWindowCounterRateLimiter

    return SlidingWindowCounterRateLimiter(MemoryStorage())
