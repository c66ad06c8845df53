"""The fields of the bodies of HTTP requests, and those that MCP's `ask` takes too."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from index.filters import Filter
from rag.citation.formats import Format
from rag.conversation.earlier import Earlier
from rag.options import AskOptions, Ranking
from rag.question import LONGEST_QUESTION
from rag.settings import Settings

Responses = dict[int | str, dict[str, Any]]
Names = Annotated[tuple[str, ...], BeforeValidator(lambda value: [value] if isinstance(value, str) else value)]

MOST_QUESTIONS = 100  # of one batch
MOST_EARLIER = 10  # turns that a question follows
_LONGEST_SENTENCE = 10_000  # characters
_FILTERED = "by since, until, outlet, author, language and article (default: all)"
_QUESTION = f"1 to {LONGEST_QUESTION} characters"


class Problem(BaseModel):
    """What went wrong, in one sentence."""

    detail: str


class OpenAIError(BaseModel):
    """What went wrong, as OpenAI's clients read it."""

    message: str
    type: str
    param: str | None
    code: str | None


class OpenAIProblem(Problem):
    """What went wrong, in one sentence, in two shapes."""

    error: OpenAIError


_PROBLEMS = {
    400: "The server does not go by this name, or the request is broken.",
    401: "The server asks for a token.",
    403: "Another site's page asks.",
    404: "There is none with this id, or nothing at this address.",
    413: "The request is too large.",
    422: "The request cannot be taken.",
    429: "This client asks too often; Retry-After says when to try again.",
    500: "The server failed; its log says at what.",
    503: "The server cannot answer now; Retry-After says when to try again, where that helps.",
}
EVERYWHERE: Responses = {status: {"model": Problem, "description": about} for status, about in _PROBLEMS.items()}
FOR_OPENAI: Responses = {status: {**described, "model": OpenAIProblem} for status, described in EVERYWHERE.items()}


class Body(BaseModel):
    """A request body, or a part of one, that takes no other fields; an optional field that is null is not set."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        optional = {name for name, field in cls.model_fields.items() if not field.is_required()}
        return {name: value for name, value in given.items() if value is not None or name not in optional}


class OpenBody(Body):
    """A request body, or a part of one, whose other fields are passed over."""

    model_config = ConfigDict(extra="ignore")


class FilterFields(Body):
    """Which articles are asked; of several values of a field any one will do."""

    since: str | None = Field(None, description="published on this day or later: 2025-01-31, 2025-01 or 2025")
    until: str | None = Field(None, description="published on this day or earlier, a month or year to its last day")
    outlet: Names = Field((), description="the whole name; case and accents do not count")
    author: Names = Field((), description="the whole name of one of the authors; case and accents do not count")
    language: Names = Field((), description="ISO 639-1 codes")
    article: Names = Field((), description="article ids")

    def to_filter(self) -> Filter:
        """The filter that the fields name; BadFilter."""
        return Filter(self.since, self.until, self.outlet, self.author, self.language, self.article)


class AskFields(Body):
    """How questions are asked."""

    passages: int | None = Field(None, ge=1, le=100, description="how many passages are read (default: the server's)")
    threshold: float | None = Field(
        None, ge=0, le=1, description="the confidence an answer needs, 0 to 1 (default: the server's)"
    )
    filter: FilterFields | None = Field(None, description=f"which articles are asked, {_FILTERED}")
    newest_first: bool = Field(False, description="passages and answers that are about equally good, newest first")
    citations: tuple[Format, ...] = Field(
        (), max_length=4, description="each quote comes with its citation in these formats: markdown, w3c (a Web "
        "Annotation), csl-json, ris",
    )  # fmt: skip

    def options(self, settings: Settings, earlier: tuple[Earlier, ...] = ()) -> AskOptions:
        """What the fields say, or else the settings; BadFilter."""
        return AskOptions(
            passages=self.passages or settings.passages,
            threshold=settings.threshold if self.threshold is None else self.threshold,
            filter=self.filter.to_filter() if self.filter else None,
            newest_first=self.newest_first,
            citations=self.citations,
            earlier=earlier,
        )


class Turn(Body):
    """An earlier turn of the conversation."""

    question: str = Field(
        min_length=1, max_length=LONGEST_QUESTION, description="as it was really asked: its `asked_as`, else itself"
    )
    answer: str | None = Field(
        None, max_length=_LONGEST_SENTENCE, description="the words of its best answer, null where it abstained"
    )
    sentence: str | None = Field(
        None, max_length=_LONGEST_SENTENCE, description="the sentence around them: the quote's `context`"
    )


class Question(AskFields):
    """A question to the library."""

    question: str = Field(description=_QUESTION)
    stream: bool = Field(False, description="server-sent events: passages as they are found, then answer, then related")
    earlier: list[Turn] = Field(
        [], max_length=MOST_EARLIER, description="the turns it follows, the latest last: after them “And in Niger?” is "
        "asked as what it means, which the reply gives as `asked_as`",
    )  # fmt: skip

    @property
    def turns(self) -> tuple[Earlier, ...]:
        return tuple(Earlier(turn.question, turn.answer, turn.sentence) for turn in self.earlier)


class Questions(AskFields):
    """Several questions to the library, asked with the same options."""

    questions: list[str] = Field(
        min_length=1, max_length=MOST_QUESTIONS, description=f"1 to {MOST_QUESTIONS} questions, each of {_QUESTION}"
    )


class SearchQuery(Body):
    """A query for passages."""

    query: str = Field(description=_QUESTION)
    k: int = Field(10, ge=1, le=100, description="how many passages come back")
    mode: Ranking = Field(
        "fused",
        description="which ranking: by meaning, by words, both fused, or the fused best by how well they answer",
    )
    filter: FilterFields | None = Field(None, description=f"which articles are searched, {_FILTERED}")
    newest_first: bool = Field(False, description="passages that are about equally good, newest first")
