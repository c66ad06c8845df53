"""The words and their places: Span, Article, Passage.

All offsets count code points, 0-based and end-exclusive. `Article.text` is final: nothing changes it once an Article
exists, so a span that cuts true once cuts true for ever.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field

from corpus.errors import PullquoteError
from corpus.offset_map import Origin


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of a text: `0 <= start < end`, in code points."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a span needs 0 <= start < end, not {self.start}-{self.end}")

    def cut(self, text: str) -> str:
        """The words of `text` that stand at this span; ValueError where the text ends before the span does."""
        if self.end > len(text):
            raise ValueError(f"span {self.start}-{self.end} runs past the end of a text of {len(text)} characters")
        return text[self.start : self.end]

    def shift(self, offset: int) -> Span:
        """The same stretch counted from `offset` characters further left: passage to article is `+passage start`."""
        return Span(self.start + offset, self.end + offset)

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one character."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: Span) -> bool:
        """Whether every character of `other` lies in this span."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Article:
    r"""One article as the library keeps it: its final text and where it came from.

    `id` is stable under re-ingestion of the same source; `text` is NFC with `\n` line ends; `source` is the file path
    or URL it was read from; `published` an ISO 8601 date; `language` an ISO 639-1 code; `sha256` the digest of the
    source bytes; `origin` the way from each character of `text` back to the source.
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
        """The stretch from `start` to `end`; NoSuchPlace where the text has none there."""
        if not 0 <= start < end <= len(self.text):
            raise NoSuchPlace(self, start, end)
        return Span(start, end)

    def content_digest(self) -> str:
        """The SHA-256 of the text and the facts: that of two readings is the same where they say the same.

        The bytes read may differ all the same: by an advertisement, or a number that a server draws anew each time.
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
    """A stretch of an article that is searched and read as one; `text` stands at `span` in the article's text."""

    article_id: str
    title: str
    span: Span
    text: str

    def __post_init__(self) -> None:
        if len(self.text) != self.span.end - self.span.start:
            raise ValueError(f"passage {self.id} holds {len(self.text)} characters")

    @property
    def id(self) -> str:
        """`article:start-end`: readable, sortable, the same on every machine."""
        return f"{self.article_id}:{self.span.start}-{self.span.end}"
