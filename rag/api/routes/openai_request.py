"""What OpenAI's clients send: a conversation, whose last question is asked after those before it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from fastapi import HTTPException, Request
from pydantic import ConfigDict, Field

from rag.api.fields import MOST_EARLIER, AskFields, OpenBody
from rag.api.links import excerpt_url
from rag.api.routes.openai_message import SENTENCE, ChatMessage, unescaped
from rag.api.state import State
from rag.conversation.earlier import Earlier
from rag.question import LONGEST_QUESTION, CheckedQuestion, followed

MODEL = "pullquote"
_TEXTS = {"text", "input_text", "output_text"}  # the types of parts that are read


class Part(OpenBody):
    """A part of a message; only text is read."""

    type: str = "text"
    text: str = ""
    annotations: list[dict[str, Any]] = Field([], description="of a message of ours: where in it the quotes stand")


class Message(OpenBody):
    """A message of the conversation."""

    role: str = Field(description="user for what is asked; others are passed over")
    content: str | list[Part] | None = None
    annotations: list[dict[str, Any]] = Field([], description="of a message of ours: where in it the quotes stand")

    @property
    def answer(self) -> tuple[str | None, str | None]:
        """What this message of ours quotes first, where its annotations say so, and the sentence around; else None."""
        text = self.text
        sentence = SENTENCE.match(text)
        if sentence is None:
            return None, None
        inner = [one for part in self.content for one in part.annotations] if isinstance(self.content, list) else []
        cited = next((one.get("url_citation", one) for one in [*self.annotations, *inner]), None)
        place = [cited.get(end) for end in ("start_index", "end_index")] if isinstance(cited, dict) else []
        words = text[place[0] : place[1]] if all(isinstance(one, int) for one in place) and len(place) == 2 else ""
        return unescaped(words) or None, unescaped(sentence[1])

    @property
    def text(self) -> str:
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type in _TEXTS)
        return self.content or ""


class ConversationRequest(AskFields):
    """A conversation to go on with; fields that are for language models are passed over."""

    model_config = ConfigDict(extra="ignore")

    model: str = Field(MODEL, description="whatever is named, the library answers")
    stream: bool = Field(False, description="server-sent events, as OpenAI's")

    @property
    @abstractmethod
    def said(self) -> Sequence[Message]:
        """The messages, the latest last."""

    @property
    def question(self) -> str:
        return self._asked[-1][1]

    @property
    def earlier(self) -> tuple[Earlier, ...]:
        """The user's messages before, each as what it really asked, with what the next message of ours quoted."""
        turns: list[Earlier] = []
        asked = self._asked
        for (at, text), (after, _) in list(pairwise(asked))[-MOST_EARLIER:]:
            replies = [one.answer for one in self.said[at + 1 : after] if one.role == "assistant"]
            answer, sentence = replies[0] if replies else (None, None)
            if len(text) <= LONGEST_QUESTION:
                turns.append(Earlier(followed(text, turns), answer, sentence))
        return tuple(turns)

    @property
    def _asked(self) -> list[tuple[int, str]]:
        """The user's messages with their places."""
        asked = [(at, message.text) for at, message in enumerate(self.said) if message.role == "user"]
        if not asked:
            raise HTTPException(422, "The conversation has no message of the user; send one with the role user.")
        return asked


@dataclass(frozen=True, slots=True)
class Composed:
    """A message, and how many of the encoder's tokens went in and out."""

    message: ChatMessage
    tokens_in: int
    tokens_out: int


async def composed(body: ConversationRequest, request: Request, state: State) -> Composed:
    """The message that replies to a conversation; BadQuestion, Busy."""
    question = CheckedQuestion(body.question, body.options(state.settings, body.earlier))
    request.state.asked = [question.text]
    reply = (await state.ask(question))[0]
    message = ChatMessage(reply, lambda excerpt: excerpt_url(excerpt, request))
    counted = [question.text, message.content]
    return Composed(message, *await state.lookups.run(lambda: state.pipeline.encoder.count_tokens(counted)))
