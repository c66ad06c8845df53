"""Large replies wait for slow readers in a file, not in memory."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.api.refusal import refusal

LARGE_BYTES = 256 * 2**10  # from which a reply is kept in a file
MOST_BYTES = 2**30  # of all replies that are kept at once
_PIECE_BYTES = 64 * 2**10
_NO_ROOM = "The server has no room for so large a reply at the moment; try again in 10 seconds."
_RETRY_AFTER = {"Retry-After": "10"}


class LargeReplies:
    """ASGI middleware: a reply of more than LARGE_BYTES is sent in pieces, each once the client has taken the last.

    Until it is sent it lies in a file without a name in `folder`, or where the system keeps temporary files. 503 where
    all of them would have more than MOST_BYTES, or the disk is full. Replies that the app sends in pieces itself pass
    as they are.
    """

    def __init__(self, app: ASGIApp, folder: Path) -> None:
        self._app = app
        self._folder = folder
        self._kept = 0  # bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] == "HEAD":
            await self._app(scope, receive, send)
            return
        start: Message | None = None  # of a large reply
        file: IO[bytes] | None = None
        size = 0

        async def keep_large(message: Message) -> None:
            nonlocal start, file, size
            if _is_large(message):
                start = message
                return
            if start and not message.get("more_body"):
                size = len(message["body"])
                self._kept += size
                if self._kept <= MOST_BYTES:
                    file = await run_in_threadpool(self._stored, message["body"])
                return
            if start:
                await send(start)
                start = None
            await send(message)

        try:
            await self._app(scope, receive, keep_large)
            # Only now is nobody left who holds the body.
            if start and file:
                await _send_pieces(start, file, size, send)
            elif start:
                await refusal(scope, _NO_ROOM, 503, _RETRY_AFTER)(scope, receive, send)
        finally:
            self._kept -= size
            if file:
                file.close()

    def _stored(self, body: bytes) -> IO[bytes] | None:
        """The body as a file, to be read from its beginning; None where no disk has room for it."""
        for folder in (self._folder, None):  # the library's may be read-only; that of the system may lie in memory
            try:
                file = TemporaryFile(dir=folder)  # noqa: SIM115 - closed once it is sent
                file.write(body)
                file.seek(0)
            except OSError:
                continue
            return file
        return None


async def _send_pieces(start: Message, file: IO[bytes], size: int, send: Send) -> None:
    await send(start)
    for left in range(size, 0, -_PIECE_BYTES):
        piece = await run_in_threadpool(file.read, _PIECE_BYTES)
        await send({"type": "http.response.body", "body": piece, "more_body": left > _PIECE_BYTES})


def _is_large(message: Message) -> bool:
    """Whether this is the start of a reply that is known to be large."""
    if message["type"] != "http.response.start":
        return False
    return int(Headers(raw=message["headers"]).get("content-length", "0")) > LARGE_BYTES
