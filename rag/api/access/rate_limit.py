"""How much one client may ask: requests a minute."""

from __future__ import annotations

import math
import time

from starlette.requests import Request
from starlette.responses import Response

from corpus.errors import PullquoteError
from rag.api.access.auth import bearer_digest
from rag.api.access.clients import client_of
from rag.api.problems import reply

_COUNTED = ("/v1/", "/mcp")
_COUNTED_POSTS = "/gradio_api/"  # what the page asks; to read the reply is no request of its own


class TooMany(PullquoteError):
    """A client asks more than its share; `retry_after` is in seconds."""

    status = 429
    retry_after: int

    def __init__(self, rate: int, retry_after: int) -> None:
        super().__init__(f"You asked more than {rate:,} times in a minute; try again in {retry_after} seconds.")
        self.retry_after = retry_after


class Allowance:
    """How often each client may still ask; `rate` is requests a minute, 0 for no limit.

    `tokens` are the SHA-256 digests of those that the server takes, in hexadecimal.
    """

    def __init__(self, rate: int, tokens: frozenset[str] = frozenset()) -> None:
        from limits import RateLimitItemPerMinute
        from limits.storage import MemoryStorage
        from limits.strategies import SlidingWindowCounterRateLimiter

        self._rate = rate
        self._tokens = tokens
        self._share = RateLimitItemPerMinute(rate)
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def check(self, request: Request) -> Response | None:
        """429 for a client that asks too often; who asks is noted in the request's state."""
        request.state.client = client = self.client(request)
        try:
            path, is_post = request.scope["path"], request.method == "POST"
            if path.startswith(_COUNTED) or (is_post and path.startswith(_COUNTED_POSTS)):
                self.take(client)
        except TooMany as fault:
            return reply(request, fault)
        return None

    def client(self, request: Request) -> str:
        """Who asks: the digest of the token where the server takes it, else the address's client.

        A token that the server does not take names nobody: a client could invent one for each request.
        """
        digest = bearer_digest(request)
        if digest in self._tokens:
            return digest[:16]
        return client_of(request.scope)

    def take(self, client: str, count: int = 1) -> None:
        """Takes so many requests from a client's allowance; TooMany where it has fewer."""
        if self._rate and not self._limiter.hit(self._share, client, cost=count):
            left = self._limiter.get_window_stats(self._share, client).reset_time - time.time()
            # One request is free again after `left`, so many of them later.
            raise TooMany(self._rate, max(1, min(60, math.ceil(max(left, 60 * count / self._rate)))))
