"""OpenAI's chat completions, for any chat front end: a message is a quote with its sources."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from typing import Any, Literal
from uuid import uuid4

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, Field

from rag.api.event_stream import Event, event_response
from rag.api.examples import QUESTION, TITLE, example
from rag.api.fields import FOR_OPENAI, OpenBody
from rag.api.routes.openai_message import UNIT, ChatMessage
from rag.api.routes.openai_request import MODEL, ConversationRequest, Message, composed
from rag.api.state import StateOf, as_json

router = APIRouter(tags=["OpenAI"], responses=FOR_OPENAI)

_MODEL = {"id": MODEL, "object": "model"}
_ASKED: dict[str, Any] = {"model": MODEL, "messages": [{"role": "user", "content": QUESTION}]}
_PLACE = {
    "start_index": 60, "end_index": 73, "index_unit": UNIT, "start_index_utf16": 60, "end_index_utf16": 73,
}  # fmt: skip
_CITATION = {"type": "url_citation", "url_citation": {"title": TITLE, **_PLACE}}
_CHOICE = {"finish_reason": "stop", "message": {"role": "assistant", "annotations": [_CITATION]}}
_DONE = b"data: [DONE]\n\n"


class StreamOptions(OpenBody):
    """What a stream ends with."""

    include_usage: bool = False


class ChatRequest(ConversationRequest):
    """A conversation in messages."""

    messages: list[Message] = Field(min_length=1, description="the last one of the user is asked, after those before")
    stream_options: StreamOptions | None = None

    @property
    def said(self) -> list[Message]:
        return self.messages


class Model(BaseModel):
    """A model in OpenAI's words: the library is one."""

    id: str = MODEL
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = MODEL


class ModelList(BaseModel):
    """The models there are."""

    object: Literal["list"] = "list"
    data: list[Model]


@router.get("/v1/models", openapi_extra=example({"data": [_MODEL]}))
async def models() -> ModelList:
    """The one model there is."""
    return ModelList(data=[Model()])


@router.get("/v1/models/{model}", openapi_extra=example(_MODEL, path="/v1/models/pullquote"))
async def model(model: str) -> Model:
    """What is known of the model."""
    if model != MODEL:
        raise HTTPException(404, f"There is no model {model[:80]!r}; the one there is is {MODEL!r}.")
    return Model()


@router.post(
    "/v1/chat/completions", responses={200: {"content": {"application/json": {}, "text/event-stream": {}}}},
    openapi_extra=example({"model": MODEL, "choices": [_CHOICE]}, body=_ASKED),
)  # fmt: skip
async def chat_completions(body: ChatRequest, request: Request, state: StateOf) -> Response:
    """The quote in its sentence, with numbered sources; or that the library does not say, with the nearest passages.

    `annotations` are `url_citation`s whose indices cut the quoted words out of the message; link and HTML markup in
    them is escaped. `start_index` and `end_index` count code points (`index_unit`), as Python does;
    `start_index_utf16` and `end_index_utf16` count UTF-16 code units, for JavaScript's `slice`. `pullquote` holds the
    whole reply, as `/v1/answer` gives it. The fields `passages`, `threshold`, `filter`, `newest_first` and `citations`
    are those of `/v1/answer`. A question that follows the messages before, "And in Niger?", is asked as what it means
    there; the reply's `asked_as` says so.
    """
    made = await composed(body, request, state)
    message, total = made.message, made.tokens_in + made.tokens_out
    about = {"id": f"chatcmpl-{uuid4().hex}", "created": int(time.time()), "model": MODEL}
    usage = {"prompt_tokens": made.tokens_in, "completion_tokens": made.tokens_out, "total_tokens": total}
    if body.stream:
        with_usage = usage if body.stream_options and body.stream_options.include_usage else None
        return await event_response(request, _chunks(message, about, with_usage), last=_DONE)
    said = {"role": "assistant", "content": message.content, "refusal": None, "annotations": _annotations(message)}
    choice = {"index": 0, "message": said, "finish_reason": "stop", "logprobs": None}
    whole = {**about, "object": "chat.completion", "choices": [choice], "usage": usage}
    return as_json(whole | {"pullquote": message.reply})


def _annotations(message: ChatMessage) -> list[dict[str, Any]]:
    return [{"type": "url_citation", "url_citation": citation} for citation in message.citations]


async def _chunks(message: ChatMessage, about: dict[str, Any], usage: dict[str, int] | None) -> AsyncGenerator[Event]:
    def chunk(delta: dict[str, Any], end: str | None = None, **more: object) -> Event:
        choice = {"index": 0, "delta": delta, "finish_reason": end, "logprobs": None}
        return Event("", {**about, "object": "chat.completion.chunk", "choices": [choice], **more})

    yield chunk({"role": "assistant", "content": ""})
    for piece in message.pieces:
        yield chunk({"content": piece})
    yield chunk({"annotations": _annotations(message)}, "stop", pullquote=message.reply)
    if usage:
        yield Event("", {**about, "object": "chat.completion.chunk", "choices": [], "usage": usage})
