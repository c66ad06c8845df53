"""A request whose client has gone is cancelled, and with it its place in the queue or the work that it began."""

from __future__ import annotations

import asyncio

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_WATCHED = ("/v1/", "/mcp")  # the page's own requests are Gradio's to watch


class CancelOnDisconnect:
    """ASGI middleware: cancels a request as soon as its client has gone; ClientDisconnect before a reply has begun.

    Starlette by itself looks for that only while it streams a reply.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        task = asyncio.current_task()
        if task is None or scope["type"] != "http" or not scope["path"].startswith(_WATCHED):
            await self._app(scope, receive, send)
            return
        received: asyncio.Queue[Message] = asyncio.Queue(1)  # so that a body is received only as it is read
        has_gone = has_begun = False

        async def watch() -> None:
            nonlocal has_gone
            while (message := await receive())["type"] != "http.disconnect":
                await received.put(message)
            has_gone = True
            task.cancel()

        async def send_watched(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            if message["type"] == "http.response.body" and not message.get("more_body"):
                watching.cancel()  # servers tell of a disconnect after every reply
            await send(message)

        watching = asyncio.create_task(watch())
        try:
            await self._app(scope, received.get, send_watched)
        except asyncio.CancelledError:
            if not has_gone:
                raise
            task.uncancel()
            if not has_begun:
                raise ClientDisconnect from None
        finally:
            watching.cancel()
