"""OpenAI's responses: a reply as an output message, whose annotations are its sources."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from itertools import count
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BeforeValidator, Field

from rag.api.event_stream import Event, event_response
from rag.api.examples import QUESTION, TITLE, example
from rag.api.fields import FOR_OPENAI
from rag.api.routes.openai_message import UNIT, ChatMessage
from rag.api.routes.openai_request import MODEL, Composed, ConversationRequest, Message, composed
from rag.api.state import StateOf, as_json

router = APIRouter(tags=["OpenAI"], responses=FOR_OPENAI)

_CITATION = {"type": "url_citation", "title": TITLE, "start_index": 60, "end_index": 73, "index_unit": UNIT}
_SAID = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "annotations": [_CITATION]}]}
_NOT_KEPT = "The server keeps no responses; leave out `previous_response_id`, and send earlier turns in `input`."
_NO_CONVERSATIONS = "The server keeps no conversations; leave out `conversation`, and send earlier turns in `input`."
_NO_BACKGROUND = "The server answers at once or in a stream; leave out `background`."


class InputItem(Message):
    """A message of the conversation, or something else, which is passed over."""

    role: str = Field("", description="user for what is asked; others are passed over")


def _as_messages(value: object) -> object:
    return [{"role": "user", "content": value}] if isinstance(value, str) else value


_Input = Annotated[
    list[InputItem],
    Field(min_length=1, description="a question, or messages, of which the last one of the user is asked"),
    BeforeValidator(_as_messages, json_schema_input_type=str | list[InputItem]),
]


class ResponseRequest(ConversationRequest):
    """A question, or a conversation in messages."""

    input: _Input
    previous_response_id: str | None = Field(None, description="cannot be taken: no responses are kept")
    conversation: str | dict[str, Any] | None = Field(None, description="cannot be taken: no conversations are kept")
    background: bool = Field(False, description="cannot be true")

    @property
    def said(self) -> list[InputItem]:
        return self.input

    def check(self) -> None:
        """Raises HTTPException for what would need something kept."""
        given = ((self.previous_response_id, _NOT_KEPT), (self.conversation, _NO_CONVERSATIONS))
        for value, why in (*given, (self.background or None, _NO_BACKGROUND)):
            if value is not None:
                raise HTTPException(422, why)


@router.post(
    "/v1/responses", responses={200: {"content": {"application/json": {}, "text/event-stream": {}}}},
    openapi_extra=example(
        {"object": "response", "status": "completed", "output": [_SAID]}, body={"model": MODEL, "input": QUESTION}
    ),
)  # fmt: skip
async def responses(body: ResponseRequest, request: Request, state: StateOf) -> Response:
    """The message of chat completions as a response of OpenAI's; with `stream`, as the events of one.

    `input` is a question, or messages as chat completions take them. The annotations' indices cut the quoted words out
    of the text. Nothing is kept: a follow-up comes with the turns before it. `pullquote` holds the whole reply.
    """
    body.check()
    made = await composed(body, request, state)
    response = _Response(made)
    if body.stream:
        return await event_response(request, _events(response))
    return as_json(response.whole())


class _Response:
    """A response as it grows: begun, and whole."""

    def __init__(self, made: Composed) -> None:
        self.message: ChatMessage = made.message
        self._about = {"id": f"resp_{uuid4().hex}", "object": "response", "created_at": int(time.time())}
        self.item_id = f"msg_{uuid4().hex}"
        self.annotations = [{"type": "url_citation", **citation} for citation in made.message.citations]
        self._usage = {
            "input_tokens": made.tokens_in, "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": made.tokens_out, "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": made.tokens_in + made.tokens_out,
        }  # fmt: skip

    def begun(self) -> dict[str, Any]:
        return {
            **self._about, "status": "in_progress", "background": False, "error": None, "incomplete_details": None,
            "instructions": None, "max_output_tokens": None, "metadata": {}, "model": MODEL, "output": [],
            "parallel_tool_calls": False, "previous_response_id": None, "store": False, "temperature": None,
            "text": {"format": {"type": "text"}}, "tool_choice": "none", "tools": [], "top_p": None,
            "truncation": "disabled", "usage": None,
        }  # fmt: skip

    def whole(self) -> dict[str, Any]:
        done = {"status": "completed", "completed_at": int(time.time()), "output": [self.item()], "usage": self._usage}
        return {**self.begun(), **done, "pullquote": self.message.reply}

    def item(self) -> dict[str, Any]:
        item = self.item_begun()
        return {**item, "status": "completed", "content": [self.part(self.message.content, self.annotations)]}

    def item_begun(self) -> dict[str, Any]:
        return {"id": self.item_id, "type": "message", "status": "in_progress", "role": "assistant", "content": []}

    @staticmethod
    def part(text: str, annotations: list[dict[str, Any]]) -> dict[str, Any]:
        return {"type": "output_text", "text": text, "annotations": annotations, "logprobs": []}


async def _events(response: _Response) -> AsyncGenerator[Event]:
    numbers = count()

    def event(kind: str, **fields: object) -> Event:
        return Event(kind, {"type": kind, "sequence_number": next(numbers), **fields})

    text = response.message.content
    item: dict[str, Any] = {"output_index": 0}
    part: dict[str, Any] = {"item_id": response.item_id, "output_index": 0, "content_index": 0}
    yield event("response.created", response=response.begun())
    yield event("response.in_progress", response=response.begun())
    yield event("response.output_item.added", **item, item=response.item_begun())
    yield event("response.content_part.added", **part, part=response.part("", []))
    for piece in response.message.pieces:
        yield event("response.output_text.delta", **part, delta=piece, logprobs=[])
    for number, annotation in enumerate(response.annotations):
        yield event("response.output_text.annotation.added", **part, annotation_index=number, annotation=annotation)
    yield event("response.output_text.done", **part, text=text, logprobs=[])
    yield event("response.content_part.done", **part, part=response.part(text, response.annotations))
    yield event("response.output_item.done", **item, item=response.item())
    yield event("response.completed", response=response.whole())
