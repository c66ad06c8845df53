"""Whether a request may pass: ASGI middleware that asks one check after the other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from inspect import isawaitable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

# The refusal, or None where the request may pass; some have to wait for it.
Check = Callable[[Request], Response | Awaitable[Response | None] | None]


class RequestChecks:
    """ASGI middleware: replies with the first refusal; a request that no check refuses goes to the app."""

    def __init__(self, app: ASGIApp, checks: Sequence[Check]) -> None:
        self._app = app
        self._checks = checks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        # A websocket is checked as the GET request that it begins with.
        request = Request(scope if scope["type"] == "http" else {**scope, "type": "http", "method": "GET"})
        for check in self._checks:
            refused = check(request)
            if isawaitable(refused):
                refused = await refused
            if refused:
                await refused(scope, receive, send)
                return
        await self._app(scope, receive, send)
