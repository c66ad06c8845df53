"""Which files have been read into a library, and how they looked then: what need not be read again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from corpus.library.database import beginning_with
from corpus.library.store import Library
from corpus.sync.folder import Signature

Fate = Literal["read", "refused", "removed"]

# Without reference to articles: a file that is refused has none.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS file (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, modified INTEGER NOT NULL, changed INTEGER NOT NULL,
    sha256 TEXT NOT NULL, fate TEXT NOT NULL, reason TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS file_sha256 ON file (sha256);
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was when it was last looked into: its path, how it looked, the digest of its bytes.

    `read` files may have given no article, being copies of others; those that were `refused` give the reason and are in
    quarantine; of those `removed`, an article was taken out of the library by hand.
    """

    path: str
    signature: Signature
    sha256: str
    fate: Fate = "read"
    reason: str = ""

    def keep(self, library: Library) -> None:
        """Writes how the file looks now; inside `library.writing()`."""
        looked = (self.signature.size, self.signature.modified, self.signature.changed)
        row = (self.path, *looked, self.sha256, self.fate, self.reason)
        library.connection.execute("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?)", row)


def prepare(library: Library) -> None:
    """Makes the table for files where there is none yet."""
    library.make(_SCHEMA)


def forget(library: Library, paths: Iterable[str]) -> None:
    """Knows nothing of these files any more; inside `library.writing()`."""
    library.connection.executemany("DELETE FROM file WHERE path = ?", ((path,) for path in paths))


def leave_out(library: Library, path: str) -> None:
    """Remembers of a file, if it is known, that it was taken out by hand; inside `library.writing()`."""
    library.connection.execute("UPDATE file SET fate = 'removed' WHERE path = ?", (path,))


def let_in(library: Library, path: str) -> None:
    """Takes back that a file was taken out by hand; inside `library.writing()`."""
    query = "UPDATE file SET fate = iif(reason = '', 'read', 'refused') WHERE path = ? AND fate = 'removed'"
    library.connection.execute(query, (path,))


def seen_under(library: Library, start: str) -> dict[str, Seen]:
    """The files whose paths begin with `start`, by path."""
    return {one.path: one for one in _found(library, "path >= ? AND path < ?", beginning_with(start))}


def seen_as(library: Library, sha256: str) -> list[Seen]:
    """The files that had these bytes, by path."""
    return _found(library, "sha256 = ?", (sha256,))


def _found(library: Library, condition: str, values: tuple[str, ...]) -> list[Seen]:
    query = f"SELECT path, size, modified, changed, sha256, fate, reason FROM file WHERE {condition} ORDER BY path"
    rows = library.connection.execute(query, values)
    return [Seen(path, Signature(*looked), sha256, fate, why) for path, *looked, sha256, fate, why in rows]
