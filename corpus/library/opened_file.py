"""The file that a library was opened from, and whether it is still at its path and holds the same library.

A library has a random name in its state. A restored backup gets a new one and the names that the library had before. So
processes that have it open can tell it from another file that was renamed to its path, or copied over it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from corpus.library.faults import LibraryReplaced

NAME, FORMER_NAMES = "library", "former"  # keys of the state
_MOST_FORMER = 20


class OpenedFile:
    """The file at a path as it was opened: its place on the disk, and the names of its library, the last one first."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        """LibraryReplaced where there is no file any more."""
        self._path = path
        self._place, self._stamp = self._found()
        self._names = library_names(connection)

    def check(self) -> None:
        """Nothing where the file is still there and holds the same library, or a later state of it; LibraryReplaced.

        The names are read again only where something has written to the file itself.
        """
        place, stamp = self._found()
        if place != self._place:
            raise LibraryReplaced(self._path)
        if stamp != self._stamp and self._is_read():
            self._stamp = stamp

    def check_names(self, names: Sequence[str]) -> None:
        """Nothing where these names are of the same library, or of one that was restored over it; LibraryReplaced."""
        opened = self._names
        if names[0] in opened:  # a file may be behind its log
            return
        if opened[0] not in names:
            raise LibraryReplaced(self._path)
        self._names = names

    def _found(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """The device and number of the file that is at the path now; when it was changed, and its bytes."""
        try:
            found = os.stat(self._path)  # noqa: PTH116  # each statement waits for this
        except OSError as fault:
            raise LibraryReplaced(self._path) from fault
        return (found.st_dev, found.st_ino), (found.st_mtime_ns, found.st_size)

    def _is_read(self) -> bool:
        """Whether the names could be read in the file itself, without its log and what is cached; LibraryReplaced."""
        file = f"file:{quote(os.fsencode(self._path.absolute()))}?immutable=1"
        try:
            with closing(sqlite3.connect(file, isolation_level=None, uri=True)) as plain:
                names = library_names(plain)
        except sqlite3.Error:  # it is being written
            return False
        self.check_names(names)
        return True


def library_names(connection: sqlite3.Connection) -> Sequence[str]:
    """The name of the library in a file, then those it had before, the last one first."""
    rows = connection.execute(
        "SELECT value FROM state WHERE key = ? OR key = ? ORDER BY key DESC", (NAME, FORMER_NAMES)
    )
    return " ".join(str(value) for (value,) in rows).split() or [""]


def former_names(connection: sqlite3.Connection) -> str:
    """What a library that is put in the place of this one has to say of the names before its own."""
    return " ".join(library_names(connection)[:_MOST_FORMER])
