"""An article, its passages, and spans of its text.

All offsets count code points, 0-based and end-exclusive. `Article.text` never changes, so a span always cuts the same
words.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field

from corpus.errors import PullquoteError
from corpus.offset_map import Origin

LONGEST_ARTICLE = 10_000_000  # characters: a book of 1,000 pages has 3 million, a Bible 4.5 million


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of a text: `0 <= start < end`, in code points."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a span needs 0 <= start < end, not {self.start}-{self.end}")

    def cut(self, text: str) -> str:
        """The words of `text` at this span; ValueError where the text ends before the span does."""
        if self.end > len(text):
            raise ValueError(f"span {self.start}-{self.end} runs past the end of a text of {len(text)} characters")
        return text[self.start : self.end]

    def shift(self, offset: int) -> Span:
        """The span `offset` characters further right, as from a passage to its article by the passage's start."""
        return Span(self.start + offset, self.end + offset)

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def covers(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Article:
    r"""One article: its text, the facts about it, and its source.

    `id` stays the same when the same source is read again; `text` is NFC with `\n` line ends; `source` is the file path
    or URL; `published` is an ISO 8601 date, `language` an ISO 639-1 code, `sha256` the digest of the source's bytes;
    `origin` maps each character of `text` to the source.
    """

    id: str
    title: str
    text: str
    source: str
    url: str | None = None
    authors: tuple[str, ...] = ()
    outlet: str | None = None
    published: str | None = None
    language: str | None = None
    sha256: str = ""
    origin: Origin = field(default_factory=Origin)

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError(f"article {self.id!r} has no text")
        if "\0" in self.text:  # where SQLite would take the text to end
            raise ValueError(f"article {self.id!r} holds a NUL character")

    def place(self, start: int, end: int) -> Span:
        """The span from `start` to `end`; NoSuchPlace where it is empty or outside the text."""
        if not 0 <= start < end <= len(self.text):
            raise NoSuchPlace(self, start, end)
        return Span(start, end)

    def content_digest(self) -> str:
        """The SHA-256 of the text and the facts, which may stay the same where the source's bytes change.

        A web page changes with each advertisement, or with a number that its server draws at random.
        """
        facts = (self.title, self.url, self.authors, self.outlet, self.published, self.language)
        return hashlib.sha256(json.dumps([self.text, *facts]).encode("ascii")).hexdigest()


class NoSuchPlace(PullquoteError):
    """The place is not in the article's text; give the start and end of a quote."""

    status = 422

    def __init__(self, article: Article, start: int, end: int) -> None:
        super().__init__(
            f"The place {start}-{end} is not in article {article.id}, which has {len(article.text):,} characters; give "
            "the start and end of a quote."
        )


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of an article that is searched and read as one; `text` is at `span` in the article's text.

    `head` are the first rows, two at most, of the table that the passage begins in, where they stand before it.
    """

    article_id: str
    title: str
    span: Span
    text: str
    head: str = ""

    def __post_init__(self) -> None:
        if len(self.text) != self.span.end - self.span.start:
            raise ValueError(f"passage {self.id} holds {len(self.text)} characters")

    @property
    def id(self) -> str:
        """`article:start-end`, the same on every machine."""
        return f"{self.article_id}:{self.span.start}-{self.span.end}"
