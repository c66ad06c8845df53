"""The connections of the server: how many there are, and how long each may keep it waiting."""

from __future__ import annotations

import asyncio
import json
import math
from collections import Counter, defaultdict
from contextlib import suppress
from http import HTTPStatus
from time import monotonic
from typing import Any, Literal

from uvicorn.protocols.http.h11_impl import H11Protocol

from rag.api.access.clients import client_at
from rag.api.access.streams import has_room

BACKLOG = 64  # connections that the system keeps until they are accepted
HEAD_SECONDS = 10  # until the first byte of a request, and from then until the end of its head
BODY_SECONDS = 30  # for the body of a request, and a second more for each LEAST_RATE bytes that have come
LEAST_RATE = 32 * 2**10  # bytes a second
TAKE_SECONDS = 30  # until the client takes more of a reply
SEND_BUFFER = 256 * 2**10  # bytes that the system keeps for a client; it tells of them by thirds
_RESERVED_FILES = 64 + BACKLOG  # descriptors for all that is no connection
_TOO_SLOW = "The request took too long to arrive; send it faster, or in smaller parts."
_TOO_MANY = "Too many connections are open; close some, or try again in a second."

# What a connection waits for: the client's next request, the rest of its head or of its body, the server's work, or
# that the client takes more of the reply.
_Stage = Literal["idle", "head", "body", "work", "reply"]


class Connections:
    """The connections of a server, at most `most` at once.

    An address may have as many as are left free for others. Where it has them, the connection that has kept the server
    waiting longest, of the address that has most, makes room. None that the server works for is closed for another.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: set[BoundedConnection] = set()
        self._counts: Counter[str] = Counter()  # by address
        self._waiting: defaultdict[str, dict[BoundedConnection, None]] = defaultdict(
            dict
        )  # by address, the longest first

    def admit(self, connection: BoundedConnection) -> bool:
        """Whether there is room for the connection; another one may be closed for it."""
        if not has_room(self._counts, connection.address, self._most) and not self._make_room(connection.address):
            return False
        self._open.add(connection)
        self._counts[connection.address] += 1
        return True

    def keeps_waiting(self, connection: BoundedConnection) -> None:
        """The server waits for the client from now on."""
        self.is_worked_for(connection)
        self._waiting[connection.address][connection] = None

    def is_worked_for(self, connection: BoundedConnection) -> None:
        """The client waits for the server from now on."""
        self._waiting[connection.address].pop(connection, None)

    def forget(self, connection: BoundedConnection) -> None:
        """The connection has ended."""
        if connection in self._open:
            self._open.remove(connection)
            self._counts[connection.address] -= 1
        self.is_worked_for(connection)
        if self._counts[connection.address] == 0:
            del self._counts[connection.address], self._waiting[connection.address]

    def end_late(self) -> None:
        """Ends the connections that have kept the server waiting for longer than they may; called every second."""
        now = monotonic()
        for connection in list(self._open):
            connection.end_if_late(now)

    def _make_room(self, address: str) -> bool:
        busiest = max(self._counts, key=self._counts.__getitem__)
        for one in (busiest, address):
            if longest := next(iter(self._waiting[one]), None):
                self.forget(longest)
                longest.transport.abort()
                return True
        return False


class BoundedConnection(H11Protocol):
    """A connection whose client has a time for each step, and makes room for others while it takes its time."""

    def __init__(self, connections: Connections, **given: Any) -> None:  # noqa: ANN401 - what uvicorn gives
        super().__init__(**given)
        self.address = ""
        self._connections = connections
        self._stage: _Stage = "idle"
        self._deadline = math.inf

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.address = client_at(self.client[0] if self.client else "")
        if self._connections.admit(self):
            self._await("idle", HEAD_SECONDS)
        else:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, _TOO_MANY)

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.forget(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._stage == "body":
            self._deadline += len(data) / LEAST_RATE
        if self._stage in {"idle", "head", "body"}:
            self._follow()

    def on_response_complete(self) -> None:
        self._stage = "work"
        super().on_response_complete()  # may begin with a request that came with the last one
        self._follow()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._await("reply", TAKE_SECONDS)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stage = "work"
        self._follow()

    def end_if_late(self, now: float) -> None:
        """Ends the connection where its time is over; the sentence about it goes to a client that sends a request."""
        if self.transport.is_closing() and self._stage != "reply":
            self._await("reply", TAKE_SECONDS)  # the rest of it
        elif now > self._deadline:
            if self._stage == "reply" or (self._stage == "body" and self.cycle.response_started):
                self.transport.abort()
            elif self._stage == "idle":
                self.transport.close()
            else:
                self._refuse(HTTPStatus.REQUEST_TIMEOUT, _TOO_SLOW)

    def _follow(self) -> None:
        """Finds the stage that the connection is in, and begins it if it is a new one."""
        has_request = self.cycle is not None and not self.cycle.response_complete
        if has_request and not self.cycle.more_body:
            self._stage, self._deadline = "work", math.inf
            self._connections.is_worked_for(self)
        elif has_request and self._stage != "body":
            self._await("body", BODY_SECONDS)
        elif not has_request and self._stage != "head":
            self._await("idle" if self._stage == "work" else "head", HEAD_SECONDS)

    def _await(self, stage: _Stage, seconds: float) -> None:
        self._stage, self._deadline = stage, monotonic() + seconds
        self._connections.keeps_waiting(self)

    def _refuse(self, status: HTTPStatus, sentence: str) -> None:
        body = json.dumps({"detail": sentence})
        head = f"HTTP/1.1 {status} {status.phrase}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
        self.transport.write(f"{head}retry-after: 1\r\nconnection: close\r\n\r\n{body}".encode("ascii"))
        self.transport.close()


def affordable_connections(wanted: int) -> int:
    """How many of so many connections the limit of open files allows, once it is raised as far as it may be.

    Each can need two: its own, and the file of a large reply.
    """
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return wanted
    needed = 2 * wanted + _RESERVED_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return wanted
    raised = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
    with suppress(OSError, ValueError):  # not allowed here
        resource.setrlimit(resource.RLIMIT_NOFILE, (raised, hard))
        soft = raised
    return min(wanted, max((soft - _RESERVED_FILES) // 2, soft // 4))
