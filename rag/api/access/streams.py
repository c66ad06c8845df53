"""How many streams may be open at once that last as long as their work."""

from __future__ import annotations

import re
from collections import Counter

from starlette.types import ASGIApp, Receive, Scope, Send

from rag.api.access.clients import client_of
from rag.api.refusal import refusal

# The replies that a page waits for, and a job that is followed.
_STREAMS = re.compile(r"/gradio_api/queue/data|/v1/jobs/[^/]*/events")
_TOO_MANY = "Too many replies and jobs are followed at once; close one, or try again in a minute."


def has_room(counts: Counter[str], client: str, most: int, more: int = 1) -> bool:
    """Whether so many more of this client may come: a client may have as many as are left free for others."""
    return counts[client] + more <= most - counts.total()


class StreamLimit:
    """ASGI middleware: 429 for a stream where `most` are open, or this address has as many as are still free."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _STREAMS.fullmatch(scope["path"]):
            await self._app(scope, receive, send)
            return
        client = client_of(scope)
        if not has_room(self._open, client, self._most):
            await refusal(scope, _TOO_MANY, 429, {"Retry-After": "60"})(scope, receive, send)
            return
        self._open[client] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._open[client] -= 1
            self._open += Counter()  # forgets those that have none
