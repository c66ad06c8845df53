"""Which rows an index has to remove, and which it has yet to add, to agree with the library."""

from __future__ import annotations

import numpy as np

from corpus.library.store import Library
from index.dense.vector_index import Rows


def rows_of(library: Library, after: int = 0) -> Rows:
    """The rows of the passages, ascending; their table is a tenth of that of the vectors."""
    rows = library.connection.execute("SELECT row FROM passage WHERE row > ? ORDER BY row", (after,))
    return np.fromiter((row for (row,) in rows), dtype=np.int64)


def changes(library: Library, indexed: Rows, is_later: bool) -> tuple[Rows, Rows]:
    """The rows that are `indexed` and gone from the library, and those that are missing.

    In a later generation all new rows come after those there were, unless a reindex has exchanged all of them. So if
    the newest row is still there, comparing the counts shows whether any has gone.
    """
    if is_later and len(indexed):
        newest = int(indexed.max())
        since = rows_of(library, newest - 1)
        if newest in since[:1] and len(indexed) + len(since) - 1 == count(library):
            return np.array([], dtype=np.int64), since[1:]
    wanted = rows_of(library)
    return np.setdiff1d(indexed, wanted, assume_unique=True), np.setdiff1d(wanted, indexed, assume_unique=True)


def last_row(library: Library) -> int:
    """The highest row number that was ever given to a passage."""
    found = library.connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'passage'").fetchone()
    return found[0] if found else 0


def count(library: Library) -> int:
    return int(library.connection.execute("SELECT count(*) FROM passage").fetchone()[0])
