"""Which rows of a library a structure beside it has to let go, and which it has yet to take in."""

from __future__ import annotations

import numpy as np

from corpus.library.store import Library
from index.dense.vector_index import Rows


def rows_of(library: Library, after: int = 0) -> Rows:
    """The rows of the passages, ascending: read from their own table, which is a tenth of that of the vectors."""
    rows = library.connection.execute("SELECT row FROM passage WHERE row > ? ORDER BY row", (after,))
    return np.fromiter((row for (row,) in rows), dtype=np.int64)


def changes(library: Library, held: Rows, is_later: bool) -> tuple[Rows, Rows]:
    """The rows that are held and gone from the library, and those that are missing.

    To a later generation only new rows can have come, all after those there were, unless all were exchanged
    (`index.maintenance.reindex`): if the newest is still there and nothing has gone, counting is enough to know.
    """
    if is_later and len(held):
        newest = int(held.max())
        since = rows_of(library, newest - 1)
        if newest in since[:1] and len(held) + len(since) - 1 == count(library):
            return np.array([], dtype=np.int64), since[1:]
    wanted = rows_of(library)
    return np.setdiff1d(held, wanted, assume_unique=True), np.setdiff1d(wanted, held, assume_unique=True)


def count(library: Library) -> int:
    return int(library.connection.execute("SELECT count(*) FROM passage").fetchone()[0])
