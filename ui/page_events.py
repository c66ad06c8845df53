"""What browsers send to the page's part of the server: checked before Gradio sees it, and bounded while it waits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import Headers, QueryParams
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.gradio_adapter import CANCEL, EVENT_ROUTES, JOIN, RESET, STREAM, PageQueue

MAX_EVENT_BYTES = 256 * 2**10  # an event has what was typed, the filters, and the ids of fifty conversations
MAX_EVENT_DEPTH = 8  # of lists and fields in one another; an event with filters has four
MAX_EVENTS = 4  # of one page in the queue at once; it asks one thing after the other
MOST_UNREAD = 50  # pages whose replies are kept though nobody reads them; who asked longest ago makes room
_LARGEST_NUMBER = 2**53  # that a browser can count to
_FILE = {"path", "meta"}  # the fields by which Gradio knows a file, which it would look for on the disk or fetch
_NAME = r"^[A-Za-z0-9_-]{1,64}$"
_NO_EVENT = "This is no event of the page; load the page anew, and see /docs for what programs may ask."


class _Body(BaseModel):
    model_config = ConfigDict(strict=True)  # and fields of other names are left out


class _Event(_Body):
    session_hash: str = Field(pattern=_NAME)
    fn_index: int
    trigger_id: int | None = None
    data: list[Any]
    event_data: Any = None


class _Reset(_Body):
    event_id: str = Field(pattern=_NAME)


class _Cancel(_Reset):
    session_hash: str = Field(pattern=_NAME)
    fn_index: int


_BODIES: Mapping[str, type[_Body]] = {CANCEL: _Cancel, RESET: _Reset, **dict.fromkeys(EVENT_ROUTES, _Event)}


class PageEvents:
    """ASGI middleware before Gradio: 422 for what is no event of the page, 413 and 429 for what is too much.

    Gradio gets what was checked, written anew, and no byte of what was sent.
    """

    def __init__(self, app: ASGIApp, queue: PageQueue) -> None:
        self._app = app
        self._queue = queue
        self._asked: dict[str, None] = {}  # the pages whose replies are kept, the one that asked last at the end
        self._readers: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path == STREAM:
            await self._streamed(scope, receive, send)
            return
        if scope["type"] == "http" and scope["method"] == "POST":
            body = self._checked(path, await _read(scope, receive))
            receive = _replayed(body, receive)
            if path == JOIN:
                await self._make_room(str(body["session_hash"]))
        await self._app(scope, receive, send)

    def _checked(self, path: str, sent: bytes) -> dict[str, Any]:
        """The fields of a body that the page may send there; 422."""
        try:
            body = _parsed(path, sent)
            if isinstance(body, _Event):
                self._queue.check(body.fn_index, body.trigger_id, body.data, waits=path == JOIN)
        except (ValueError, RecursionError):  # pydantic's errors are ValueErrors
            raise HTTPException(422, _NO_EVENT) from None
        return body.model_dump()

    async def _make_room(self, session: str) -> None:
        """Drops replies that nobody reads; 429 for a page that asks more while it reads."""
        if self._queue.events_of(session) >= MAX_EVENTS:
            if session in self._readers:
                raise HTTPException(429, f"This page waits for {MAX_EVENTS} replies; ask again once they are there.")
            await self._queue.drop(session)
        self._asked.pop(session, None)
        unread = [one for one in self._asked if one not in self._readers]
        self._asked[session] = None
        for one in unread[: max(0, len(unread) + 1 - MOST_UNREAD)]:
            del self._asked[one]
            await self._queue.drop(one)

    async def _streamed(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The stream of a page's replies: one at a time, and none for a page that has asked nothing."""
        session = QueryParams(scope["query_string"]).get("session_hash", "")
        if session not in self._asked:
            raise HTTPException(404, "The server keeps no reply for this page; load the page anew, and ask again.")
        if session in self._readers:
            raise HTTPException(409, "Another stream reads the replies of this page; load the page anew.")
        self._readers.add(session)
        try:
            await self._app(scope, receive, send)
        finally:
            self._readers.discard(session)


def _parsed(path: str, sent: bytes) -> _Body:
    """The body that is posted to a path; ValueError and RecursionError for any other."""
    fields = json.loads(sent)
    if path not in _BODIES or not _is_plain(fields):
        raise ValueError(path)
    return _BODIES[path].model_validate(fields)


async def _read(scope: Scope, receive: Receive) -> bytes:
    """The body of a request; 413, and 422 for one that is not JSON."""
    if Headers(scope=scope).get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(422, _NO_EVENT)
    body, is_more = b"", True
    while is_more:
        message = await receive()
        body += message.get("body", b"")
        is_more = message.get("more_body", False)
        if len(body) > MAX_EVENT_BYTES:
            raise HTTPException(413, f"The page may send {MAX_EVENT_BYTES // 2**10} KB at once; ask something shorter.")
    return body


def _replayed(body: Mapping[str, Any], receive: Receive) -> Receive:
    """Receives the body once, then what else comes. Halves of characters, which no file takes, become `?`."""
    messages = [{"type": "http.request", "body": json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")}]

    async def replaying() -> Message:
        return messages.pop() if messages else await receive()

    return replaying


def _is_plain(value: object, depth: int = MAX_EVENT_DEPTH) -> bool:
    """Whether the value is what a script of the page can mean: without files, infinite numbers and endless depth."""
    if isinstance(value, dict):
        return depth > 0 and not _FILE & value.keys() and all(_is_plain(one, depth - 1) for one in value.values())
    if isinstance(value, list):
        return depth > 0 and all(_is_plain(one, depth - 1) for one in value)
    if isinstance(value, int | float):
        return abs(value) < _LARGEST_NUMBER  # which NaN is not, either
    return True
