"""One round of following a folder or a list of web pages: what has changed, and how it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from corpus.library.store import ArticleHeader
from corpus.sync.changes import Changes
from corpus.sync.page_changes import PageChanges
from index.encoder.encoder import Encoder
from index.ingest import Entry


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """One kind of change: its name in JSON and in words, the things it concerns as JSON has them, and in lines."""

    key: str
    words: str
    things: Sequence[object]
    lines: Sequence[str]

    @classmethod
    def removal(cls, articles: Sequence[ArticleHeader]) -> PlannedChange:
        """Of articles that would leave the library."""
        things = [{"id": one.id, "title": one.title, "source": one.source} for one in articles]
        return cls("remove", "remove", things, [f"{one.source} ({one.title})" for one in articles])

    @classmethod
    def quarantine(cls, reasons: dict[str, str]) -> PlannedChange:
        """Of sources that would not be tried again, with the reasons why they were refused."""
        things = [{"source": source, "reason": reason} for source, reason in reasons.items()]
        return cls("quarantine", "leave in quarantine", things, list(reasons.values()))

    @classmethod
    def left_out(cls, sources: Sequence[str]) -> PlannedChange:
        """Of sources whose articles were taken out by hand."""
        return cls("left_out", "leave out as you did", sources, sources)


@dataclass(frozen=True, slots=True)
class SyncRound:
    """What has changed since the last round, and how it is done.

    `facts` say in JSON what is followed, `warnings` what could not be read. `settle` does all that needs no reading.
    `read` reads as many files or pages as `to_read`, and adds to `changes` those that prove to be as they were.
    """

    facts: dict[str, object]
    changes: Changes | PageChanges
    plan: Callable[[], list[PlannedChange]]
    settle: Callable[[], list[Entry]]
    to_read: int
    read: Callable[[Encoder, Callable[[], None]], Iterator[Entry]]
    warnings: Sequence[str] = ()
