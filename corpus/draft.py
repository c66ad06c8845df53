"""What a loader hands over: the text of one article with its map, and the facts stated about it."""

from __future__ import annotations

from dataclasses import dataclass, field

from corpus.offset_map import MappedText


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What a source states about its article; None or empty where it does not say.

    `published` is an ISO 8601 date, `language` an ISO 639-1 code.
    """

    title: str | None = None
    authors: tuple[str, ...] = ()
    outlet: str | None = None
    published: str | None = None
    url: str | None = None
    language: str | None = None

    def or_else(self, other: SourceFacts) -> SourceFacts:
        """These facts, with the gaps filled from `other`."""
        return SourceFacts(
            self.title or other.title,
            self.authors or other.authors,
            self.outlet or other.outlet,
            self.published or other.published,
            self.url or other.url,
            self.language or other.language,
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """One article as its loader found it, before cleaning.

    `record` tells the articles of one file apart (the `_id` of a JSON line, else empty); `page_starts` are offsets in
    the source that `text` maps back to; `is_text` says whether that source is the decoded file itself.
    """

    text: MappedText
    facts: SourceFacts = field(default_factory=SourceFacts)
    record: str = ""
    sha256: str = ""
    page_starts: tuple[int, ...] = ()
    is_text: bool = True


class FaultySource(Exception):
    """A source holds no article that can be read; the message says why and ends in a way out."""
