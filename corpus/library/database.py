"""One SQLite file, its transactions and its generation number.

Every change that readers see happens in one `writing()` transaction, which adds one to the generation. A reader inside
`reading()` sees one generation from beginning to end. A writer waits while another process writes, and gives notice.
"""

from __future__ import annotations

import os
import re
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from corpus.deadline import check_deadline, is_over, within
from corpus.errors import PullquoteError

FORMAT = 1
PATIENCE = 60.0  # seconds that a writer waits for another
_BUSY_SECONDS = 30.0  # that every other statement waits: only a writer holds its lock for long
_SILENT_SECONDS = 1.0  # that a writer waits before it gives notice
_STEPS = 100_000  # of SQLite's machine between two looks at the deadline: 5 to 100 ms

_NOT_THE_FILE = frozenset(  # errors of the disk, or of another process
    {
        sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
    }
)  # fmt: skip

Notice = Callable[[str], None]


class NotALibrary(PullquoteError):
    """The file is not a Pullquote library, or of a newer format; name another folder in PULLQUOTE_HOME."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"{path} is not a library this version can open ({why}); name another folder in PULLQUOTE_HOME."
        )


class LibraryBusy(PullquoteError):
    """Another process has been writing to the library for longer than a writer waits; try again when it is done."""

    status = 503
    retry_after = 1
    public = "Another process is writing to the library, and nothing was changed; try again when it is done."

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"Another process has been writing to {path} for {PATIENCE:.0f} seconds, and nothing was changed; try "
            "again when it is done."
        )


def tell_nobody(_notice: str) -> None:
    """Takes a notice that is not shown."""


class Database:
    """One file with the tables of `schema`; safe to share between threads, each of which gets its own connection."""

    schema: ClassVar[str]

    def __init__(self, path: Path, notice: Notice = tell_nobody) -> None:
        """Opens the file at `path`, and creates it where there is none; NotALibrary for any other file.

        `notice` is called when a change has to wait for another process.
        """
        if path.is_dir():
            raise NotALibrary(path, "it is a folder")
        self.path = path
        self._notice = notice
        self._local = threading.local()
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._prepare()
        except (sqlite3.DatabaseError, NotALibrary) as error:
            self.close()
            if isinstance(error, NotALibrary) or _code(error) in _NOT_THE_FILE:
                raise
            raise NotALibrary(path, str(error)) from error

    def _prepare(self) -> None:
        """Creates the tables of a new file; a file that is not a library stays as it is."""
        if not self._has_schema():
            self._create()
        if self.state("format") != str(FORMAT):
            raise NotALibrary(self.path, f"format {self.state('format')}, this version reads {FORMAT}")
        if not self._is_frozen:
            self._use_wal()

    def _create(self) -> None:
        self.connection.execute("BEGIN IMMEDIATE")
        if not self._has_schema():
            self.make(self.schema)
            state = {"format": str(FORMAT), "generation": "0", "library": uuid.uuid4().hex}
            self.connection.executemany("INSERT INTO state VALUES (?, ?)", state.items())
        self.connection.execute("COMMIT")

    def make(self, schema: str) -> None:
        """Creates tables and indexes; each statement but the last ends with a semicolon at the end of a line."""
        for statement in schema.split(";\n"):
            self.connection.execute(statement)

    def _use_wal(self) -> None:
        """Puts the file in WAL mode, in which readers and a writer do not wait for each other."""
        deadline = time.monotonic() + _BUSY_SECONDS
        while True:
            try:
                self.connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:  # this statement does not wait as others do
                if not _is_busy(error) or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
            else:
                return

    def _has_schema(self) -> bool:
        tables = {name for (name,) in self.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if tables and not set(re.findall(r"CREATE TABLE (\w+)", self.schema)) <= tables:
            raise NotALibrary(self.path, "it holds other tables")
        return bool(tables)

    @property
    def _is_frozen(self) -> bool:
        """Whether the file is on a read-only medium, where SQLite can write no log beside it."""
        log = self.path.with_name(f"{self.path.name}-wal")
        is_read_only = hasattr(os, "statvfs") and self.path.exists() and os.statvfs(self.path).f_flag & os.ST_RDONLY
        return bool(is_read_only) and not log.exists()

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection, in autocommit mode; change anything only inside `writing()`."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            how = "?immutable=1" if self._is_frozen else ""
            file = f"file:{quote(os.fsencode(self.path.absolute()))}{how}"
            connection = sqlite3.connect(file, timeout=_BUSY_SECONDS, isolation_level=None, uri=True)
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = FULL")
            connection.set_progress_handler(is_over, _STEPS)
            connection.execute("PRAGMA cache_size = -16384")  # KiB; the default of 2 MB is too small for a search
            self._local.connection = connection
        return connection

    def close(self) -> None:
        """Closes this thread's connection."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction, which adds one to the generation; after an error nothing has changed.

        LibraryBusy where other processes write for `PATIENCE` seconds.
        """
        with self.transaction():
            yield
            self.set_state("generation", str(self.generation + 1))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A transaction as `writing()` that changes nothing readers see, so that the generation stays."""
        self._begin_writing()
        try:
            yield
            self._end("COMMIT")
        except BaseException:
            if self.connection.in_transaction:  # where the disk is full, SQLite rolls back by itself
                self._end("ROLLBACK")
            raise

    def _end(self, how: str) -> None:
        """Ends the transaction, whether or not the deadline of the work is over."""
        with within(None):
            self.connection.execute(how)

    def _begin_writing(self) -> None:
        """Begins a transaction as soon as no other process writes."""
        deadline = time.monotonic() + PATIENCE
        self.connection.execute(f"PRAGMA busy_timeout = {1000 * _SILENT_SECONDS:.0f}")
        has_notified = False
        try:
            while True:
                try:
                    self.connection.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError as error:
                    if not _is_busy(error):
                        raise
                    if time.monotonic() > deadline:
                        raise LibraryBusy(self.path) from error
                    check_deadline()
                    if not has_notified:
                        self._notice(
                            f"Another process is writing to {self.path}; waiting up to {PATIENCE:.0f} seconds …"
                        )
                    has_notified = True
                else:
                    return
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {1000 * _BUSY_SECONDS:.0f}")

    @contextmanager
    def reading(self) -> Iterator[int]:
        """A snapshot of one generation, whose number it yields, whatever is written meanwhile."""
        if self.connection.in_transaction:
            yield self.generation
            return
        self.connection.execute("BEGIN")
        try:
            yield self.generation
        finally:
            self._end("COMMIT")

    @property
    def generation(self) -> int:
        """The number of changes to the library since it was created."""
        return int(self.state("generation") or 0)

    @property
    def size(self) -> int:
        """Bytes on disk of the library's file and those beside it."""
        files = self.path.parent.glob(f"{self.path.stem}*")
        return sum(file.stat().st_size for file in files if file.is_file())

    @property
    def identity(self) -> str:
        """A random name given at creation, by which files beside the library know it."""
        return self.state("library") or ""

    def state(self, key: str) -> str | None:
        found = self.connection.execute("SELECT value FROM state WHERE key = ?", (key,)).fetchone()
        return found[0] if found else None

    def set_state(self, key: str, value: str) -> None:
        """Inside `writing()`."""
        self.connection.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (key, value))


def beginning_with(start: str) -> tuple[str, str]:
    """The bounds of the strings that begin with `start`: the first, and the first one after all of them."""
    return start, start[:-1] + chr(ord(start[-1]) + 1)


def _is_busy(error: sqlite3.Error) -> bool:
    return _code(error) == sqlite3.SQLITE_BUSY


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary result code of an error; 0 where SQLite did not raise it."""
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
