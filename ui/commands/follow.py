"""One round of following a folder or a list of web pages: what has changed, and how it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.library.store import ArticleSource, Library
from corpus.sync.changes import Changes
from corpus.sync.page_changes import PageChanges
from index.encoder.encoder import Encoder
from index.ingest import Entry


@dataclass(frozen=True, slots=True)
class SyncRound:
    """What has changed since the last round, and how it is done.

    `facts` say in JSON what is followed, `warnings` what could not be read. `plan` gives for each kind of change the
    things it concerns, as JSON has them. `settle` does all that needs no reading. `read` reads as many files or pages
    as `to_read`, and adds to `changes` those that prove to be as they were.
    """

    facts: dict[str, object]
    changes: Changes | PageChanges
    plan: Callable[[], Mapping[str, Sequence[object]]]
    settle: Callable[[], list[Entry]]
    to_read: int
    read: Callable[[Encoder, Callable[[], None]], Iterator[Entry]]
    warnings: Sequence[str] = ()


def removals(library: Library, articles: Sequence[ArticleSource]) -> list[dict[str, str]]:
    """The articles that would leave the library, as JSON has them."""
    headers = [library.header(article.id) for article in articles]
    return [{"id": header.id, "title": header.title, "source": header.source} for header in headers]
