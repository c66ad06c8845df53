"""Server-sent events: what is found is told as soon as it is."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass

from fastapi.sse import EventSourceResponse, format_sse_event
from pydantic import TypeAdapter

from rag.api.problems import ErrorReply, error_reply, sentence

EVENT_SCHEMA = {"type": "object", "properties": {"event": {"type": "string"}, "data": {"type": "string"}}}

_VALUE: TypeAdapter[object] = TypeAdapter(object)


@dataclass(frozen=True, slots=True)
class Event:
    """An event's name, empty for none, and what JSON holds of it."""

    name: str
    value: object

    def sent(self) -> bytes:
        """The event as it goes over the wire, in ASCII: some clients take U+2028 or U+0085 for the end of a line."""
        told = _VALUE.dump_json(self.value, ensure_ascii=True).decode("ascii")
        return format_sse_event(event=self.name or None, data_str=told)


async def told(events: AsyncIterator[Event], last: bytes = b"") -> EventSourceResponse:
    """The response that sends the events, then what comes `last`.

    It begins once there is a first event, so that a mistake made before has a status of its own; one made later is an
    event `error` with the status it would have had. Whoever tells the events is closed when nobody listens any more.
    """
    first = await anext(events)

    async def body() -> AsyncIterator[bytes]:
        try:
            yield first.sent()
            async for event in events:
                yield event.sent()
        except Exception as fault:
            reply = error_reply(fault)
            yield Event("error", reply or ErrorReply(sentence(fault))).sent()
            if reply is None:
                raise  # for the log
            return
        finally:
            if isinstance(events, AsyncGenerator):
                await events.aclose()
        if last:
            yield last

    return EventSourceResponse(body(), headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
