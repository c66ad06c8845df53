"""The values between question and reply, from the reader's raw scores to the reply itself.

`Reply`, `Quote`, `Excerpt` and what they hold have the field names of the JSON that the command line and the API give.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from corpus.article import Passage, Span
from index.hit import Hit

Reason = Literal[
    "empty_library", "nothing_passes", "no_words", "nothing_near", "weak_evidence", "small_talk", "judged_wrong"
]
Judged = Literal["right", "wrong", "given"]


@dataclass(frozen=True, slots=True)
class FirstReading:
    """What the fast reader read in a passage that a careful one reads again: its margin, and if it shares words."""

    margin: float
    shares_words: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A reader's best span of one passage: `span` counts from the passage's start, scores are the reader's logits.

    `margin`, the span's score less that of no answer, compares across the passages of a question. `parts` are the items
    of an answer that is a list, counted as the span. `first` is what the fast reader read there, if this is a careful
    one's reading.
    """

    passage: Passage
    span: Span
    span_score: float
    null_score: float
    parts: tuple[Span, ...] = ()
    first: FirstReading | None = None

    @property
    def margin(self) -> float:
        return self.span_score - self.null_score

    @property
    def text(self) -> str:
        return self.span.cut(self.passage.text)

    @property
    def article_span(self) -> Span:
        """The span in the article's text."""
        return self.span.shift(self.passage.span.start)


@dataclass(frozen=True, slots=True)
class Trace:
    """What the models say about a question, before anything is decided; `seconds` by stage.

    `read_as` is the question with misspelt words repaired, None where there were none. `stories` has the story of each
    article of the hits that has near copies (`index.near_duplicates.sketches`), by the article's id.
    """

    question: str
    hits: tuple[Hit, ...]
    readings: tuple[Reading, ...]
    seconds: Mapping[str, float] = field(default_factory=dict)
    read_as: str | None = None
    stories: Mapping[str, str] = field(default_factory=dict)

    @property
    def query(self) -> str:
        """What is searched for and read."""
        return self.read_as or self.question


@dataclass(frozen=True, slots=True)
class Candidate:
    """One distinct answer: readings that say the same, best first; its confidence (0..1), and what a person judged."""

    readings: tuple[Reading, ...]
    confidence: float
    judged: Judged | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The candidates that are believed, best first, or the reason why none is; `related` are passages, not answers.

    Beside what is believed, `doubted` are the next best: what may contradict it.
    """

    believed: tuple[Candidate, ...]
    reason: Reason | None
    related: tuple[Hit, ...]
    doubted: tuple[Candidate, ...] = ()

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
class Words:
    """Words near a quote or within it, as an item of an answer that is a list; offsets as the quote's."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Context(Words):
    """The sentence, or sentences, around a quote; offsets as the quote's."""


@dataclass(frozen=True, slots=True)
class SyndicatedCopy:
    """Another article that prints the story of a quote's; where the answer was read there too, the words' place."""

    article_id: str
    title: str
    source: str
    url: str | None
    outlet: str | None
    published: str | None
    start: int | None = None
    end: int | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Quote(Excerpt):
    """The words that answer: of a story that several articles print, in the earliest of those in which they were read.

    `copies` are the other articles of the story that are in the library, the earliest first, undated ones last;
    `citations` has the quote as a citation in the formats that were asked for (`rag.citation.formats`), by their names;
    `parts` are the items of an answer that is a list: the quote runs from the first to the last.
    """

    context: Context
    scores: Scores
    copies: tuple[SyndicatedCopy, ...] = ()
    citations: Mapping[str, Any] = field(default_factory=dict)
    parts: tuple[Words, ...] = ()


def is_verbatim(excerpt: Excerpt | Words | SyndicatedCopy, text: str) -> bool:
    """Whether the words stand in the article's text at their offsets."""
    start, end = excerpt.start, excerpt.end
    return start is not None and end is not None and 0 <= start < end <= len(text) and text[start:end] == excerpt.text


@dataclass(frozen=True, slots=True)
class Answer:
    """One distinct answer with every quote that supports it, best first; `confidence` is 0..1.

    `judged` is what a person said of the answer: `right`, `wrong`, or `given`, that they gave the words themselves;
    then the confidence is 1, and no estimate.
    """

    text: str
    confidence: float
    quotes: tuple[Quote, ...]
    judged: Judged | None = None


@dataclass(frozen=True, slots=True)
class LibraryState:
    """What was asked: the library's generation, and the models by name."""

    generation: int
    encoder: str
    reader: str


@dataclass(frozen=True, slots=True)
class Reply:
    """Answers, best first, or an abstention with its reason; never both.

    `asked_as` is the question that was really asked, where it follows earlier ones and is not what was typed. `read_as`
    is that with slips of the keys repaired by the library's words, where it had any. `disputed` are answers that are
    not believed themselves, but state another quantity than the first: sources disagree. `why` is the sentence of the
    reason (`WHY`).
    """

    question: str
    abstained: bool
    reason: Reason | None
    answers: tuple[Answer, ...]
    related: tuple[Related, ...]
    timing_ms: Mapping[str, float]
    library: LibraryState
    read_as: str | None = None
    asked_as: str | None = None
    disputed: tuple[Answer, ...] = ()
    why: str | None = None

    def __post_init__(self) -> None:
        if self.abstained == bool(self.answers) or self.abstained != (self.reason is not None):
            raise ValueError("a reply has answers, or abstains and says why")


WHY: Mapping[Reason, str] = {
    "empty_library": "The library is empty.",
    "nothing_passes": "The library does not say: no article in it passes the filter.",
    "no_words": "There is no word to search for in the question.",
    "nothing_near": "The library does not say: no passage is near the question.",
    "weak_evidence": "The library does not say: nothing in it answers the question clearly enough.",
    "small_talk": (
        "That asks nothing of the articles: Pullquote quotes what they say, and nothing else. Ask a question that they"
        " may answer; more are added with “pullquote add”, or on the page under Library."
    ),
    "judged_wrong": "The library does not say: what it would answer was judged wrong.",
}
