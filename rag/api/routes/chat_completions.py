"""OpenAI's chat completions, for any chat front end: a message is a quote with its sources."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from itertools import pairwise
from typing import Any, Literal
from uuid import uuid4

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from rag.answer import WHY, Excerpt, Quote, Reply
from rag.api.event_stream import Event, event_response
from rag.api.examples import QUESTION, TITLE, example
from rag.api.fields import MOST_EARLIER, AskFields
from rag.api.links import excerpt_url
from rag.api.state import State, StateOf, as_json
from rag.conversation.earlier import Earlier
from rag.question import LONGEST_QUESTION, CheckedQuestion, followed

router = APIRouter(tags=["OpenAI"])

MODEL = "pullquote"
_SENTENCE = re.compile(r"“(.{1,10000}?)” \[1\]\n\n", re.DOTALL)  # what our message begins with
_MODEL = {"id": MODEL, "object": "model"}
_ASKED: dict[str, Any] = {"model": MODEL, "messages": [{"role": "user", "content": QUESTION}]}
_UNIT = "code points"
_PLACE = {
    "start_index": 60, "end_index": 73, "index_unit": _UNIT, "start_index_utf16": 60, "end_index_utf16": 73,
}  # fmt: skip
_CITATION = {"type": "url_citation", "url_citation": {"title": TITLE, **_PLACE}}
_CHOICE = {"finish_reason": "stop", "message": {"role": "assistant", "annotations": [_CITATION]}}
_DONE = b"data: [DONE]\n\n"
# What an article's words could load, lead to or hide in Markdown: a bracket that closes a link or begins the address of
# one, what begins HTML or an address, each with the backslashes before it (the group), and what fences off all below.
_LIVE = re.compile(
    r"(?<!\\)(\\*+)(?=\][(:]|<(?:[a-z/!?]|[^\s<>@]*+@))|(?<=\n) {0,3}(?=```|~~~)",
    re.IGNORECASE,
)


class Part(BaseModel):
    """A part of a message; only text is read."""

    type: str = "text"
    text: str = ""


class Message(BaseModel):
    """A message of the conversation."""

    role: str = Field(description="user for what is asked; others are passed over")
    content: str | list[Part] | None = None
    annotations: list[dict[str, Any]] | None = None

    @property
    def answer(self) -> tuple[str | None, str | None]:
        """What this message of ours quotes first, where its annotations say so, and the sentence around; else None."""
        text = self.text
        sentence = _SENTENCE.match(text)
        if sentence is None:
            return None, None
        cited = next((one.get("url_citation") for one in self.annotations or ()), None)
        place = [cited.get(end) for end in ("start_index", "end_index")] if isinstance(cited, dict) else []
        words = text[place[0] : place[1]] if all(isinstance(one, int) for one in place) and len(place) == 2 else ""
        return _unescaped(words) or None, _unescaped(sentence[1])

    @property
    def text(self) -> str:
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class StreamOptions(BaseModel):
    """What a stream ends with."""

    include_usage: bool = False


class ChatRequest(AskFields):
    """A conversation to go on with; fields that are for language models are passed over."""

    model_config = ConfigDict(extra="ignore")

    model: str = Field(MODEL, description="whatever is named, the library answers")
    messages: list[Message] = Field(min_length=1, description="the last one of the user is asked, after those before")
    stream: bool = Field(False, description="server-sent events, as OpenAI's")
    stream_options: StreamOptions | None = None

    @property
    def question(self) -> str:
        return self._asked[-1][1]

    @property
    def earlier(self) -> tuple[Earlier, ...]:
        """The user's messages before, each as what it really asked, with what the next message of ours quoted."""
        turns: list[Earlier] = []
        asked = self._asked
        for (at, text), (after, _) in list(pairwise(asked))[-MOST_EARLIER:]:
            replies = [one.answer for one in self.messages[at + 1 : after] if one.role == "assistant"]
            answer, sentence = replies[0] if replies else (None, None)
            if len(text) <= LONGEST_QUESTION:
                turns.append(Earlier(followed(text, turns), answer, sentence))
        return tuple(turns)

    @property
    def _asked(self) -> list[tuple[int, str]]:
        """The user's messages with their places."""
        asked = [(at, message.text) for at, message in enumerate(self.messages) if message.role == "user"]
        if not asked:
            raise HTTPException(422, "The conversation has no message of the user; send one with the role user.")
        return asked


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
    question = CheckedQuestion(body.question, body.options(state.settings, body.earlier))
    request.state.asked = [question.text]
    reply = (await state.ask(question))[0]
    composed = ChatMessage(reply, lambda excerpt: excerpt_url(excerpt, request))
    about = {"id": f"chatcmpl-{uuid4().hex}", "created": int(time.time()), "model": MODEL}
    usage = await state.lookups.run(lambda: _usage(state, question.text, composed.content))
    if body.stream:
        with_usage = usage if body.stream_options and body.stream_options.include_usage else None
        return await event_response(request, _chunks(composed, about, with_usage), last=_DONE)
    message = {"role": "assistant", "content": composed.content, "refusal": None, "annotations": composed.annotations}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return as_json({**about, "object": "chat.completion", "choices": [choice], "usage": usage, "pullquote": reply})


class ChatMessage:
    """A reply as a message: its text in `pieces`, and `annotations` that say where in it the quotes stand."""

    def __init__(self, reply: Reply, address: Callable[[Excerpt], str]) -> None:
        self.reply = reply
        self.pieces: list[str] = []
        self.annotations: list[dict[str, Any]] = []
        self._address = address
        if reply.reason:
            self.pieces.append(WHY[reply.reason])
            if reply.related:
                self.pieces.append("\n\nNearest passages, which are not an answer:\n\n")
                self._add_sources(reply.related)
        else:
            quotes = [quote for answer in reply.answers for quote in answer.quotes]
            for number, quote in enumerate(quotes, 1):
                self._add_quote(number, quote)
            self._add_sources(quotes)

    @property
    def content(self) -> str:
        return "".join(self.pieces)

    def _add_quote(self, number: int, quote: Quote) -> None:
        text, first = quote.context.text, quote.context.start
        begin, end = quote.start - first, quote.end - first
        self.pieces.append(f"“{harmless(text, 0, begin)}")
        words = harmless(text, begin, end)
        place = _place(self.content, words)
        self.pieces += [words, f"{harmless(text, end)}” [{number}]\n\n"]
        citation = {"url": self._address(quote), "title": quote.title, **place}
        self.annotations.append({"type": "url_citation", "url_citation": citation})

    def _add_sources(self, excerpts: Sequence[Excerpt]) -> None:
        for number, excerpt in enumerate(excerpts, 1):
            page = f"page {excerpt.page}" if excerpt.page else None
            known = (excerpt.title, excerpt.outlet, excerpt.published, page)
            facts = ", ".join(harmless(" ".join(part.split())) for part in known if part)
            gap = "\n\n" if number > 1 else ""  # a paragraph each, so that none can swallow the next
            self.pieces.append(f"{gap}[{number}] {facts}: <{self._address(excerpt)}>")


def _place(before: str, words: str) -> dict[str, int | str]:
    """Where words stand that come after others, in code points and in UTF-16 code units."""
    start, in_units = len(before), utf16_length(before)
    return {
        "start_index": start, "end_index": start + len(words), "index_unit": _UNIT,
        "start_index_utf16": in_units, "end_index_utf16": in_units + utf16_length(words),
    }  # fmt: skip


def utf16_length(text: str) -> int:
    """How many UTF-16 code units a text has: two for each character beyond U+FFFF, such as an emoji."""
    return len(text) + sum(char > "\uffff" for char in text)


def harmless(text: str, start: int = 0, end: int | None = None) -> str:
    """A stretch of a text as Markdown in which no words become a link, a picture or HTML.

    Addresses that stand there by themselves stay as they are; some front ends make links of them.
    """
    live = [(found.end() if found[1] is None else found.start(), found.end()) for found in _LIVE.finditer(text)]
    stops = {at for first, last in live for at in range(first, last + 1)}
    return "".join(f"\\{sign}" if at in stops else sign for at, sign in enumerate(text[start:end], start))


def _unescaped(quoted: str) -> str:
    """The words without the backslashes of `harmless`."""
    return re.sub(r"\\([\[\]<`~\\])", r"\1", quoted)


async def _chunks(composed: ChatMessage, about: dict[str, Any], usage: dict[str, int] | None) -> AsyncGenerator[Event]:
    def chunk(delta: dict[str, Any], end: str | None = None, **more: object) -> Event:
        choice = {"index": 0, "delta": delta, "finish_reason": end, "logprobs": None}
        return Event("", {**about, "object": "chat.completion.chunk", "choices": [choice], **more})

    yield chunk({"role": "assistant", "content": ""})
    for piece in composed.pieces:
        yield chunk({"content": piece})
    yield chunk({"annotations": composed.annotations}, "stop", pullquote=composed.reply)
    if usage:
        yield Event("", {**about, "object": "chat.completion.chunk", "choices": [], "usage": usage})


def _usage(state: State, question: str, content: str) -> dict[str, int]:
    """How many of the encoder's tokens went in and out."""
    prompt, completion = state.pipeline.encoder.count_tokens([question, content])
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
