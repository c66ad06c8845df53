"""A library verified: its articles, which cannot be rebuilt, and whether everything derived agrees with them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from corpus.errors import sqlite_code
from corpus.library import feedback, integrity
from corpus.library.faults import DamagedState
from corpus.library.integrity import Flaw
from corpus.library.store import Library
from corpus.sync.sources import changed_sources
from index import manifest
from index.dense.vector_table import changed_texts
from index.derived_table import Matter
from index.encoder.encoder import Encoder
from index.maintenance import consistency
from index.manifest import check_readable, sound_manifest
from index.passage_digest import CHANGED
from index.tables import TABLES

Progress = Callable[[str, int, int], None]  # what is being done, how many are done, of how many
_NO_DAMAGE = {  # SQLite's codes for faults of the machine or the moment, not of the file
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of one `part`, and of one article where it has an id; `matter` says what mends it.

    A source that has changed since it was added is a finding, but no damage.
    """

    part: str
    matter: Matter
    what: str
    article_id: str | None = None

    @property
    def is_damage(self) -> bool:
        return self.matter != "source"


@dataclass(frozen=True, slots=True)
class DeepCheck:
    """Chunk every article again, and encode a `sample` of the passages again (None: all of them)."""

    encoder: Encoder
    sample: int | None = None


def no_progress(_what: str, _done: int, _total: int) -> None:
    """Shows no progress."""


def verify(library: Library, deep: DeepCheck | None = None, progress: Progress = no_progress) -> Iterator[Finding]:
    """All faults of one generation of the library, while others ask and write.

    StaleIndex where a deep check comes with another encoder than that of the library.
    """
    try:
        with library.reading():
            if deep:
                check_readable(library, deep.encoder.card.identity)
            yield from _findings(library, deep, progress)
    except sqlite3.DatabaseError as fault:
        if sqlite_code(fault) in _NO_DAMAGE:
            raise
        yield Finding("file", "truth", f"cannot be read through: {fault}")


def _findings(library: Library, deep: DeepCheck | None, progress: Progress) -> Iterator[Finding]:
    checks = [*truth_checks(library), *_derived_checks(library)]
    if deep:
        checks += _deep_checks(library, deep, progress)
    named: set[str] = set()  # the articles of which something is told that says more than `CHANGED`
    for number, (part, matter, check) in enumerate(checks):
        progress(part, number, len(checks))
        for found in guarded(check):
            if isinstance(found, Flaw):
                if matter == "passages" and found.what == CHANGED and found.article_id in named:
                    continue
                if matter == "passages":
                    named.add(found.article_id)
                yield Finding(part, matter, found.what, found.article_id)
            else:
                yield Finding(part, matter, found)


Check = tuple[str, Matter, Callable[[], Iterable[str | Flaw]]]


def truth_checks(library: Library) -> Iterator[Check]:
    yield "file", "truth", partial(integrity.check_file, library)
    yield "state", "truth", library.check_state
    yield "articles", "truth", partial(integrity.check_articles, library)
    yield "manifest", "truth", partial(manifest.check, library)
    if built := sound_manifest(library):
        yield "articles", "truth", partial(changed_texts, library, built.titled)
    yield "feedback", "truth", partial(feedback.check, library)


def _derived_checks(library: Library) -> Iterator[Check]:
    """What is derived, each after what it is derived from."""
    yield "references", "derived", partial(integrity.check_references, library)
    yield "passages", "passages", partial(integrity.check_passages, library)
    yield "file", "truth", partial(integrity.check_row_numbers, library)
    for table in TABLES:
        yield table.part, table.matter, partial(table.check, library)
    yield "sources", "source", partial(changed_sources, library)


def _deep_checks(library: Library, deep: DeepCheck, progress: Progress) -> Iterator[Check]:
    if built := sound_manifest(library):
        cutting = partial(progress, "passages cut again")
        yield "passages", "passages", partial(consistency.other_cuts, library, deep.encoder, built, cutting)
        encoding = partial(progress, "passages encoded again")
        again = partial(consistency.other_vectors, library, deep.encoder, built.titled, deep.sample, encoding)
        yield "vectors", "passages", again


def guarded(check: Callable[[], Iterable[str | Flaw]]) -> Iterator[str | Flaw]:
    """What the check finds; an error of SQLite is a finding, unless the machine or the moment caused it."""
    try:
        yield from check()
    except sqlite3.DatabaseError as fault:
        if sqlite_code(fault) in _NO_DAMAGE:
            raise
        yield f"cannot be read through: {fault}"
    except DamagedState as fault:
        yield f"cannot be read: {fault}"
