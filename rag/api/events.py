"""Server-sent events: what is found is told as soon as it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from fastapi.sse import EventSourceResponse, format_sse_event
from pydantic import TypeAdapter

from rag.api.problems import STATUSES, sentence

_VALUE: TypeAdapter[object] = TypeAdapter(object)


@dataclass(frozen=True, slots=True)
class Event:
    """An event's name, empty for none, and what JSON holds of it."""

    name: str
    value: object

    def sent(self) -> bytes:
        """The event as it goes over the wire."""
        return format_sse_event(event=self.name or None, data_str=_VALUE.dump_json(self.value).decode())


async def told(events: AsyncIterator[Event], last: bytes = b"") -> EventSourceResponse:
    """The response that sends the events, then what comes `last`.

    It begins once there is a first event, so that a mistake made before has a status of its own; one made later is
    an event `error`.
    """
    first = await anext(events)

    async def body() -> AsyncIterator[bytes]:
        yield first.sent()
        try:
            async for event in events:
                yield event.sent()
        except tuple(STATUSES) as mistake:
            yield Event("error", {"detail": sentence(mistake)}).sent()
            return
        if last:
            yield last

    return EventSourceResponse(body(), headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
