"""One SQLite file, its transactions and its generation number.

Every change that readers see happens in one `writing()` transaction, which adds one to the generation. A reader inside
`reading()` sees one generation from beginning to end. A writer waits while another process writes, and gives notice.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from corpus.deadline import check_deadline, is_over, within
from corpus.errors import sqlite_code
from corpus.library.creation import SEAL, create, state_digest
from corpus.library.faults import PATIENCE, DamagedState, LibraryBusy, NotALibrary
from corpus.library.opened_file import NAME, OpenedFile, library_names
from corpus.library.private_files import make_folder
from corpus.library.schema import FORMAT, foreign_library, guarded
from corpus.regular_file import check_sqlite_files

_BUSY_SECONDS = 30.0  # that every other statement waits: only a writer holds its lock for long
_LONGEST_REASON = 200  # characters of what SQLite says of a file
_SILENT_SECONDS = 1.0  # that a writer waits before it gives notice
_STEPS = 100_000  # of SQLite's machine between two looks at the deadline: 5 to 100 ms

_NOT_THE_FILE = frozenset(  # errors of the disk, or of another process
    {
        sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
    }
)  # fmt: skip

Notice = Callable[[str], None]


def tell_nobody(_notice: str) -> None:
    """Takes a notice that is not shown."""


class Database:
    """One file with the tables of `schema`; safe to share between threads, each of which gets its own connection."""

    schema: ClassVar[str]

    def __init__(self, path: Path, notice: Notice = tell_nobody) -> None:
        """Opens the file at `path`, and creates it where there is none; NotALibrary for any other file.

        `notice` is called when a change has to wait for another process.
        """
        if path.exists() and not path.is_file():
            raise NotALibrary(path, "it is a folder" if path.is_dir() else "it is no file")
        self.path = path
        self._check_files()
        self._notice = notice
        self._local = threading.local()
        self._file: OpenedFile | None = None
        make_folder(path.parent)
        try:
            self._prepare()
            self._file = OpenedFile(path, self.connection)
        except (sqlite3.DatabaseError, NotALibrary) as error:
            self.close()
            if isinstance(error, NotALibrary) or sqlite_code(error) in _NOT_THE_FILE:
                raise
            raise NotALibrary(path, " ".join(str(error).split())[:_LONGEST_REASON]) from error

    def _prepare(self) -> None:
        """Creates the file where there is none; a file that is not a library stays as it is."""
        if not self.path.exists():
            create(Path(os.path.realpath(self.path)), self.schema)
        elif not self.path.stat().st_size:
            raise NotALibrary(self.path, "it is an empty file")
        self._check(self.connection)
        if not self._is_frozen:
            self._use_wal()

    def _check(self, connection: sqlite3.Connection) -> None:
        """Nothing where the file is a library that this version reads, and defines nothing else; else NotALibrary."""
        if fault := foreign_library(connection):
            raise NotALibrary(self.path, fault)

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
            connection = self._local.connection = self._connected()
        elif not connection.in_transaction:
            self._check_in_place()
        return connection

    def _check_files(self) -> None:
        """Nothing where SQLite may open the file and those beside it; NotALibrary, as a FIFO would keep it for ever."""
        try:
            check_sqlite_files(self.path)
        except OSError as fault:
            raise NotALibrary(self.path, fault.strerror or str(fault)) from fault

    def _connected(self) -> sqlite3.Connection:
        """A new connection to the file, which is never created by it."""
        self._check_in_place()
        self._check_files()
        how = "immutable=1" if self._is_frozen else "mode=rw"
        file = f"file:{quote(os.fsencode(self.path.absolute()))}?{how}"
        try:
            connection = guarded(sqlite3.connect(file, timeout=_BUSY_SECONDS, isolation_level=None, uri=True))
            self._check_in_place()
        except sqlite3.OperationalError:
            self._check_in_place()
            raise
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        connection.set_progress_handler(is_over, _STEPS)
        connection.execute("PRAGMA cache_size = -16384")  # KiB; the default of 2 MB is too small for a search
        return connection

    def _check_in_place(self) -> None:
        """Nothing where the library that was opened is still at the path, else LibraryReplaced."""
        if self._file is not None:
            self._file.check()

    def check_in_use(self) -> None:
        """Reads the file as a new process would: NotALibrary, LibraryReplaced or an error of SQLite if it could not."""
        with closing(self._connected()) as fresh:
            self._check(fresh)
            fresh.execute("SELECT id, length(text) FROM article LIMIT 1").fetchone()
            if self._file is not None:
                self._file.check_names(library_names(fresh))

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
            with within(None):
                self.bring_up_to_date()
            yield
            self._seal_state()
            self._end("COMMIT")
        except BaseException:
            if self.connection.in_transaction:  # where the disk is full, SQLite rolls back by itself
                self._end("ROLLBACK")
            raise

    def bring_up_to_date(self) -> None:
        """Changes a library of an earlier format to this one's; inside a transaction."""

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
        number = self.state("generation") or "0"
        if not (number.isascii() and number.isdecimal() and len(number) < 19):
            raise DamagedState(self.path, "change counter")
        return int(number)

    @property
    def size(self) -> int:
        """Bytes on disk of the library's file and those beside it."""
        files = self.path.parent.glob(f"{self.path.stem}*")
        return sum(file.stat().st_size for file in files if file.is_file())

    @property
    def identity(self) -> str:
        """A random name given at creation, by which files beside the library know it."""
        return self.state(NAME) or ""

    def state(self, key: str) -> str | None:
        """What the library says of itself under a key; DamagedState where it is no text."""
        found = self.connection.execute("SELECT value FROM state WHERE key = ?", (key,)).fetchone()
        if found and not isinstance(found[0], str):
            raise DamagedState(self.path, f"state ({key})")
        return found[0] if found else None

    def set_state(self, key: str, value: str) -> None:
        """Inside `writing()`."""
        self.connection.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (key, value))

    def _seal_state(self) -> None:
        """Stores the digest of all that the library says of itself."""
        if self.state("format") == str(FORMAT) and self.state(SEAL) != (digest := state_digest(self.connection)):
            self.set_state(SEAL, digest)

    def check_state(self) -> Iterator[str]:
        """Whether what the library says of itself is as it was written."""
        if self.state("format") == str(FORMAT) and self.state(SEAL) != state_digest(self.connection):
            yield "what the library says of itself (its format, name, change counter, encoder) is not as it was written"


def beginning_with(start: str) -> tuple[str, str]:
    """The bounds of the strings that begin with `start`: the first, and the first one after all of them."""
    return start, start[:-1] + chr(ord(start[-1]) + 1)


def _is_busy(error: sqlite3.Error) -> bool:
    return sqlite_code(error) == sqlite3.SQLITE_BUSY
