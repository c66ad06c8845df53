"""What can be followed, a folder or a list of web pages, as `pullquote sync` sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Sized
from dataclasses import dataclass
from typing import Protocol

from corpus.library.store import ArticleHeader
from index.encoder.encoder import Encoder
from index.ingest import Entry


class LeftAlone(Protocol):
    """What was not read: what is as it was, what was refused and has not changed since, what was taken out by hand."""

    @property
    def unchanged(self) -> Sized:
        """Files or pages that are as they were."""

    @property
    def quarantine(self) -> Sized:
        """Those that were refused."""

    @property
    def left_out(self) -> Sized:
        """Those whose articles were taken out by hand."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One kind of change: its name in JSON and in words, what it would befall, and the same in lines."""

    key: str
    words: str
    things: Sequence[object]
    lines: Sequence[str]

    @classmethod
    def removal(cls, articles: Sequence[ArticleHeader]) -> Planned:
        """Of articles that would leave the library."""
        things = [{"id": one.id, "title": one.title, "source": one.source} for one in articles]
        return cls("remove", "remove", things, [f"{one.source} ({one.title})" for one in articles])

    @classmethod
    def quarantine(cls, reasons: dict[str, str]) -> Planned:
        """Of sources that would not be tried again, with the reasons why they were refused."""
        things = [{"source": source, "reason": reason} for source, reason in reasons.items()]
        return cls("quarantine", "leave in quarantine", things, list(reasons.values()))

    @classmethod
    def left_out(cls, sources: Sequence[str]) -> Planned:
        """Of sources whose articles were taken out by hand."""
        return cls("left_out", "leave out as you did", sources, sources)


@dataclass(frozen=True, slots=True)
class Round:
    """What has changed since the last time, and how it is done.

    `facts` say in JSON what is followed, `warnings` what could not be looked into. `settle` does all that needs no
    reading, and `read` reads as many files or pages as `to_read`, counting in `found` those that prove to be as they
    were.
    """

    facts: dict[str, object]
    found: LeftAlone
    plan: Callable[[], list[Planned]]
    settle: Callable[[], list[Entry]]
    to_read: int
    read: Callable[[Encoder, Callable[[], None]], Iterator[Entry]]
    warnings: Sequence[str] = ()


class Followed(Protocol):
    """A folder or a list of web pages; `reading` is what a progress bar says, `things` what it holds, in the plural."""

    reading: str
    things: str
    invitation: str  # to wait, when following begins
    faults: tuple[type[Exception], ...]  # what may keep from looking for a while

    def look(self, *, retry: bool = False, allow_empty: bool = False) -> Round:
        """What has changed since the last time; with `retry`, what was refused counts."""

    def changes(self) -> Iterator[object]:
        """Comes back whenever it is time to look again."""
