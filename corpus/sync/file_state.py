"""The files that a library has read and their signatures then, so that unchanged files are not read again."""

from __future__ import annotations

from dataclasses import astuple, dataclass

from corpus.library.database import beginning_with
from corpus.library.store import Library
from corpus.sync.folder import Signature
from corpus.sync.state_table import Fate, StateTable

# Without a reference to articles: a file that is refused has none.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS file (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, modified INTEGER NOT NULL, changed INTEGER NOT NULL,
    sha256 TEXT NOT NULL, fate TEXT NOT NULL, reason TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS file_sha256 ON file (sha256);
"""
FILES = StateTable("file", "path", "path", _SCHEMA)


@dataclass(frozen=True, slots=True)
class FileState:
    """A file as it was when it was last read.

    A file that was `read` may have no article, where it is a copy of another; one that was `refused` is in quarantine
    for a `reason`; of one that is `removed` an article was removed from the library by hand.
    """

    path: str
    signature: Signature
    sha256: str
    fate: Fate = "read"
    reason: str = ""

    def keep(self, library: Library) -> None:
        """Stores this state; inside `library.writing()`."""
        row = (self.path, *astuple(self.signature), self.sha256, self.fate, self.reason)
        library.connection.execute("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?)", row)


def states_under(library: Library, start: str) -> dict[str, FileState]:
    """The states of the files whose paths begin with `start`, by path."""
    return {one.path: one for one in _found(library, "path >= ? AND path < ?", beginning_with(start))}


def states_with_digest(library: Library, sha256: str) -> list[FileState]:
    """The states of the files that had these bytes, ordered by path."""
    return _found(library, "sha256 = ?", (sha256,))


def _found(library: Library, condition: str, values: tuple[str, ...]) -> list[FileState]:
    query = f"SELECT path, size, modified, changed, sha256, fate, reason FROM file WHERE {condition} ORDER BY path"
    rows = library.connection.execute(query, values)
    return [
        FileState(path, Signature(*signature), sha256, fate, reason) for path, *signature, sha256, fate, reason in rows
    ]
