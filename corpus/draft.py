"""A format reader's result: the text of one article, mapped to its source, and the facts that the source states."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from corpus.offset_map import MappedText


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """The facts that a source states about its article, None or empty where it states none.

    `published` is an ISO 8601 date, `language` an ISO 639-1 code.
    """

    title: str | None = None
    authors: tuple[str, ...] = ()
    outlet: str | None = None
    published: str | None = None
    url: str | None = None
    language: str | None = None

    def or_else(self, other: SourceFacts) -> SourceFacts:
        """These facts, with the missing ones taken from `other`."""
        return SourceFacts(*(getattr(self, one.name) or getattr(other, one.name) for one in fields(self)))


@dataclass(frozen=True, slots=True)
class Draft:
    """One article as its reader found it, before cleaning.

    `record` is the `_id` of a JSON line, else empty. `page_starts` are offsets in the source that `text` maps to;
    `is_text` says whether that source is the decoded file itself.
    """

    text: MappedText
    facts: SourceFacts = field(default_factory=SourceFacts)
    record: str = ""
    sha256: str = ""
    page_starts: tuple[int, ...] = ()
    is_text: bool = True


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that holds no article: its number, counted from 1, and what is wrong with it."""

    number: int
    reason: str


class FaultySource(Exception):
    """A source holds no article that can be read; the message says why and ends in a way out."""
