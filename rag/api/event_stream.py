"""Server-sent events: each result is sent as soon as it is there."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import asdict, dataclass

from fastapi.sse import EventSourceResponse, format_sse_event
from pydantic import TypeAdapter
from starlette.requests import Request

from rag.api.problems import ErrorReply, error_reply, is_logged, sentence
from rag.api.refusal import openai_error

EVENT_SCHEMA = {"type": "object", "properties": {"event": {"type": "string"}, "data": {"type": "string"}}}

_ANY: TypeAdapter[object] = TypeAdapter(object)


@dataclass(frozen=True, slots=True)
class Event:
    """An event; an empty name is left out, the value is sent as JSON."""

    name: str
    value: object

    def encode(self) -> bytes:
        """The event in ASCII: some clients take U+2028 or U+0085 for the end of a line."""
        data = _ANY.dump_json(self.value, ensure_ascii=True).decode("ascii")
        return format_sse_event(event=self.name or None, data_str=data)


async def event_response(request: Request, events: AsyncGenerator[Event], last: bytes = b"") -> EventSourceResponse:
    """The response that sends the events, then the bytes `last`.

    It begins with the first event, so that an error before that has an HTTP status of its own. A later error is logged
    and sent as an event `error`, with the status that it would have had, and to OpenAI's clients as they read it. The
    generator is closed when the client goes.
    """
    first = await anext(events)

    async def body() -> AsyncIterator[bytes]:
        try:
            yield first.encode()
            async for event in events:
                yield event.encode()
        except Exception as fault:  # noqa: BLE001  # its traceback goes to the log, a sentence to who asked
            if is_logged(fault):
                request.state.fault = fault
            yield Event("error", _told(request.scope["path"], fault)).encode()
            return
        finally:
            await events.aclose()
        if last:
            yield last

    return EventSourceResponse(body(), headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


def _told(path: str, fault: Exception) -> object:
    """The data of the event of a fault; of OpenAI's two shapes chat completions read `error`, responses the rest."""
    reply = error_reply(fault) or ErrorReply(sentence(fault))
    error = openai_error(path, reply.detail, reply.status)
    return {**asdict(reply), **error, "type": "error", "error": error} if error else reply
