"""The digest of each article's passages: where they begin and end, their vectors, and what those are of."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import chain, groupby
from operator import itemgetter

import numpy as np

from corpus.errors import sqlite_code
from corpus.library.article_digest import digest_of
from corpus.library.integrity import Flaw
from corpus.library.store import Library
from index.derived_table import NewPassages, PassageTable

CHANGED = "has passages or vectors that are not as they were written"
_Row = tuple[object, ...]  # start, end, the vector's bytes, the digest of its text


class PassageDigestTable(PassageTable):
    """One digest an article, so that a passage that was lost or moved, or a vector that was changed, is found."""

    part = "passages"
    matter = "passages"
    name = "passage_digest"

    def prepare(self, library: Library) -> None:
        """Makes it where it is missing, unless the library is on a read-only medium: no search needs it."""
        try:
            super().prepare(library)
        except sqlite3.OperationalError as fault:
            if sqlite_code(fault) != sqlite3.SQLITE_READONLY:
                raise

    def is_there(self, library: Library) -> bool:
        query = "SELECT 1 FROM sqlite_master WHERE name = ?"
        return library.connection.execute(query, (self.table,)).fetchone() is not None

    def create(self, library: Library) -> None:
        library.connection.execute(
            f"CREATE TABLE IF NOT EXISTS {self.table} ("
            "article_id TEXT PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE, digest BLOB NOT NULL) WITHOUT ROWID"
        )

    def keep(self, library: Library, new: NewPassages) -> None:
        vectors = (vector.tobytes() for vector in new.encoded.embeddings.astype(np.float16))
        rows: dict[str, list[_Row]] = {article_id: [] for article_id in new.article_ids}
        for stored, vector, digest in zip(new.stored, vectors, new.encoded.digests, strict=True):
            span = stored.passage.span
            rows[stored.passage.article_id].append((span.start, span.end, vector, digest))
        self._insert(library, ((one, sorted(places, key=itemgetter(0, 1))) for one, places in rows.items()))

    def seal(self, library: Library, article_id: str) -> None:
        """Stores the digest of an article's passages as they stand in the library now; inside `library.writing()`."""
        self._insert(library, [(article_id, [row[1:] for row in _rows(library, "WHERE article_id = ?", article_id)])])

    def check(self, library: Library) -> Iterator[Flaw]:
        if not self.is_there(library):
            return
        found = library.connection.execute(
            f"SELECT id, digest FROM article LEFT JOIN {self.table} ON article_id = id ORDER BY id"
        )
        stored = dict(found.fetchall())
        for article_id, rows in groupby(_rows(library), key=itemgetter(0)):
            if stored.pop(article_id, None) != _digest(row[1:] for row in rows):
                yield Flaw(article_id, CHANGED)
        for article_id, digest in stored.items():
            if digest != _digest(()):
                yield Flaw(article_id, CHANGED)

    def rebuild(self, library: Library) -> None:
        self.drop(library)
        self.create(library)
        grouped = groupby(_rows(library), key=itemgetter(0))
        self._insert(library, ((article_id, [row[1:] for row in rows]) for article_id, rows in grouped))

    def _insert(self, library: Library, passages: Iterable[tuple[str, list[_Row]]]) -> None:
        insert = f"INSERT OR REPLACE INTO {self.table} VALUES (?, ?)"
        library.connection.executemany(insert, [(article_id, _digest(rows)) for article_id, rows in passages])


PASSAGE_DIGESTS = PassageDigestTable()


def _rows(library: Library, condition: str = "", *values: str) -> Iterator[tuple[str, *_Row]]:
    """The article of each passage in use, with what its digest is of."""
    query = (
        'SELECT article_id, start, "end", embedding, digest FROM passage LEFT JOIN vector USING (row) '
        f'{condition} ORDER BY article_id, start, "end"'
    )
    return iter(library.connection.execute(query, values))


def _digest(rows: Iterable[_Row]) -> bytes:
    """The digest of an article's passages, which are ordered by their places."""
    return digest_of(chain.from_iterable(rows))
