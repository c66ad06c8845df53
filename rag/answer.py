"""What is said about a question, from the reader's raw scores to the reply.

`Reply`, `Quote`, `Excerpt` and what they hold have the field names of the JSON that the command line and the API give.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import exp
from typing import Literal

from corpus.article import Passage, Span
from index.hit import Hit

Reason = Literal["empty_library", "no_words", "nothing_near", "weak_evidence"]


@dataclass(frozen=True, slots=True)
class Reading:
    """A reader's best span of one passage: `span` counts from the passage's start, scores are the reader's logits.

    `margin` compares across the passages of a question: how much better the span is than saying that the passage does
    not answer.
    """

    passage: Passage
    span: Span
    span_score: float
    null_score: float

    @property
    def margin(self) -> float:
        return self.span_score - self.null_score

    @property
    def text(self) -> str:
        """The words of the span."""
        return self.span.cut(self.passage.text)

    @property
    def article_span(self) -> Span:
        """Where the words stand in the article's text."""
        return self.span.shift(self.passage.span.start)


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything said about a question before anything is decided; `seconds` by stage."""

    question: str
    hits: tuple[Hit, ...]
    readings: tuple[Reading, ...]
    seconds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic curve from margin to the share of answers with such a margin that are right (Platt 1999)."""

    slope: float
    intercept: float

    def confidence(self, margin: float) -> float:
        """0..1, rising with the margin."""
        return 1 / (1 + exp(-max(min(self.slope * margin + self.intercept, 30.0), -30.0)))


@dataclass(frozen=True, slots=True)
class ReaderCard:
    """What a reader is called, the margin from which it is believed, and what its margins mean."""

    name: str
    threshold: float
    calibration: Calibration


@dataclass(frozen=True, slots=True)
class Candidate:
    """One distinct answer: readings that say the same, best first."""

    readings: tuple[Reading, ...]

    @property
    def margin(self) -> float:
        """That of its best reading."""
        return self.readings[0].margin


@dataclass(frozen=True, slots=True)
class Decision:
    """The candidates that are believed, best first, or the reason why none is; `related` are passages, not answers."""

    believed: tuple[Candidate, ...]
    reason: Reason | None
    related: tuple[Hit, ...]

    def __post_init__(self) -> None:
        if bool(self.believed) == bool(self.reason):
            raise ValueError("a decision either believes something or gives a reason for believing nothing")


@dataclass(frozen=True, slots=True)
class RetrievalScores:
    """Of a passage: the cosine, the BM25 score, and the fused score the ranking goes by; higher is better."""

    dense: float
    lexical: float
    fused: float


@dataclass(frozen=True, slots=True)
class Scores(RetrievalScores):
    """Of a quote: its passage's scores, and the reader's for its span and for no answer; `margin` is the difference."""

    span: float
    null: float
    margin: float


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Words of an article and their place.

    `start` and `end` count code points of the article's text; `source_start` and `source_end` those of the decoded
    source file where it is text; `page` is 1-based, for PDFs; `fragment_url` opens the original page at the words.
    """

    article_id: str
    title: str
    source: str
    url: str | None
    outlet: str | None
    authors: tuple[str, ...]
    published: str | None
    page: int | None
    start: int
    end: int
    text: str
    source_start: int | None
    source_end: int | None
    sha256: str
    fragment_url: str | None


@dataclass(frozen=True, slots=True)
class Related(Excerpt):
    """A passage near the question that is not an answer."""

    scores: RetrievalScores


@dataclass(frozen=True, slots=True)
class Context:
    """The sentence, or sentences, around a quote; offsets as the quote's."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Quote(Excerpt):
    """The words that answer."""

    context: Context
    scores: Scores


@dataclass(frozen=True, slots=True)
class Answer:
    """One distinct answer with every quote that supports it, best first; `confidence` is 0..1."""

    text: str
    confidence: float
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class LibraryState:
    """What was asked: the library's generation, and the models by name."""

    generation: int
    encoder: str
    reader: str


@dataclass(frozen=True, slots=True)
class Reply:
    """Answers, best first, or an abstention with its reason; never both."""

    question: str
    abstained: bool
    reason: Reason | None
    answers: tuple[Answer, ...]
    related: tuple[Related, ...]
    timing_ms: Mapping[str, float]
    library: LibraryState

    def __post_init__(self) -> None:
        if self.abstained == bool(self.answers) or self.abstained != (self.reason is not None):
            raise ValueError("a reply has answers, or abstains and says why")


WHY: Mapping[Reason, str] = {
    "empty_library": "The library is empty.",
    "no_words": "There is no word to search for in the question.",
    "nothing_near": "The library does not say: no passage is near the question.",
    "weak_evidence": "The library does not say: nothing in it answers the question clearly enough.",
}
