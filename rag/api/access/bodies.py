"""How much the bodies of requests may take: each of them, those of a client, and all of them at once."""

from __future__ import annotations

from collections import Counter

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.api.access.clients import client_of
from rag.api.access.streams import has_room
from rag.api.refusal import refusal

MEGABYTE = 2**20
BODY_MB = 2  # of JSON; a hundred questions at their longest have 0.8
MOST_IN_MEMORY = 128 * MEGABYTE  # of all bodies at once but uploads
MOST_ON_DISK = 2 * 2**30  # bytes of all uploads at once
MOST_UPLOADS = 128  # at once: each takes a little memory, too
_SMALL_BYTES = 64 * 2**10  # of a body that always have room; the number of connections bounds their sum
_NO_ROOM = "The server has no room for so much at the moment; try again in 10 seconds."
_RETRY_AFTER = {"Retry-After": "10"}


class _Shares:
    """What clients hold of `most`; each may have as much as is left free for others."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: Counter[str] = Counter()

    def take(self, client: str, count: int) -> bool:
        """Whether the client may have so many more; it has them then."""
        is_free = has_room(self._held, client, self._most, count)
        if is_free:
            self._held[client] += count
        return is_free

    def give_back(self, client: str, count: int) -> None:
        self._held[client] -= count
        self._held += Counter()  # forgets those that hold nothing


class BodyLimit:
    """ASGI middleware: 413 for a body that is too large, 503 for one that has no room beside the others.

    `uploads` has the megabytes of a form with files by the path that it is posted to; other bodies have BODY_MB. A body
    takes its room until its request ends.
    """

    def __init__(self, app: ASGIApp, uploads: dict[str, int]) -> None:
        self._app = app
        self._uploads = uploads
        self._memory, self._disk, self._slots = map(_Shares, (MOST_IN_MEMORY, MOST_ON_DISK, MOST_UPLOADS))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers, client = Headers(scope=scope), client_of(scope)
        has_files = scope["method"] == "POST" and headers.get("content-type", "").lower().startswith("multipart/")
        is_upload = has_files and scope["path"] in self._uploads
        most = self._uploads[scope["path"]] if is_upload else BODY_MB
        if _is_more(headers.get("content-length", ""), most * MEGABYTE):
            await refusal(scope, _too_large(most), 413, {"Connection": "close"})(scope, receive, send)
        elif not is_upload:
            await self._pass(_Body(receive, most, self._memory, client), scope, send)
        elif self._slots.take(client, 1):
            try:
                await self._pass(_Body(receive, most, self._disk, client), scope, send)
            finally:
                self._slots.give_back(client, 1)
        else:
            await refusal(scope, _NO_ROOM, 503, _RETRY_AFTER)(scope, receive, send)

    async def _pass(self, body: _Body, scope: Scope, send: Send) -> None:
        try:
            await self._app(scope, body.receive, send)
        finally:
            body.forget()


class _Body:
    """Receives no more than so many megabytes (413), and only what the client's share has room for (503)."""

    def __init__(self, receive: Receive, most: int, shares: _Shares, client: str) -> None:
        self._receive = receive
        self._most = most
        self._shares = shares
        self._client = client
        self._size = self._held = 0  # bytes that came, and those of them that are of the share

    async def receive(self) -> Message:
        message = await self._receive()
        self._size += len(message.get("body", b""))
        if self._size > self._most * MEGABYTE:
            raise HTTPException(413, _too_large(self._most))
        more = self._size - _SMALL_BYTES - self._held
        if more > 0:
            if not self._shares.take(self._client, more):
                raise HTTPException(503, _NO_ROOM, _RETRY_AFTER)
            self._held += more
        return message

    def forget(self) -> None:
        self._shares.give_back(self._client, self._held)
        self._held = 0


def _is_more(stated: str, most: int) -> bool:
    """Whether a Content-Length is more than so many bytes; it may have more digits than int() takes."""
    return stated.isdecimal() and (len(stated) > 18 or int(stated) > most)


def _too_large(most: int) -> str:
    return f"The request is larger than {most} MB; send less at once."
