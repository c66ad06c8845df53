"""A library copied to one file while others read and write it, and such a file put in a library's place."""

from __future__ import annotations

import os
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from corpus.errors import PullquoteError, sqlite_code
from corpus.library.atomic_write import replacing
from corpus.library.faults import PATIENCE, LibraryBusy, NotALibrary
from corpus.library.feedback import feedback
from corpus.library.integrity import check_articles, check_file, check_passages
from corpus.library.opened_file import FORMER_NAMES, NAME, former_names
from corpus.library.private_files import make_file, make_folder
from corpus.library.schema import foreign_library, guarded
from corpus.library.store import Library
from corpus.regular_file import SQLITE_ENDINGS, check_sqlite_files, open_regular

_HEAD = b"SQLite format 3\0"
# SQLite's backup interface is as fast as VACUUM INTO (0.3 s for 25,000 passages), reports progress, and can write to a
# library that is in use.
_PAGES = 4  # copied at a time: fewer than an empty library has, so that the first step is not the last
_CHECKS = (check_file, Library.check_state, check_articles, check_passages)

Progress = Callable[[str, int, int], None]  # the step, how much of it is done, of how much


class BackupNotWritten(PullquoteError):
    """The backup was not written; the sentence says why and where it can be."""


class NotABackup(PullquoteError):
    """The file is not a whole backup of a library; name another."""

    def __init__(self, path: Path, why: object) -> None:
        super().__init__(f"{path} is not a whole backup of a library ({why}), and nothing was changed; name another.")


class NotEmpty(PullquoteError):
    """There is a library already; --force puts the backup in its place, and keeps it beside."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{path} {what}; --force puts the backup in its place, and keeps what is there beside it.")


@dataclass(frozen=True, slots=True)
class Content:
    """The generation of a library and how much it holds."""

    generation: int
    articles: int
    passages: int

    @classmethod
    def of(cls, library: Library) -> Content:
        with library.reading() as generation:
            return cls(generation, *library.counts())


def backup(library: Library, target: Path, *, force: bool, progress: Progress) -> Content:
    """Writes one generation of the library to a file, which appears when it is complete and checked; what it holds.

    BackupNotWritten where the library is damaged, or where the file exists and `force` is not set.
    """
    _check_target(library, target, force)
    try:
        with _replacing_database(target) as temporary:
            _copy(library, temporary, progress)
            with closing(Library(temporary)) as copied:
                if next(chain(*(check(copied) for check in _CHECKS)), None):
                    raise BackupNotWritten(
                        f"{library.path} is damaged, and no backup was written; `pullquote verify` says where."
                    )
                content = Content.of(copied)
                copied.connection.execute("PRAGMA journal_mode = DELETE")  # one file, with no log beside it
    except (OSError, sqlite3.Error) as fault:
        raise BackupNotWritten(
            f"The backup {target} could not be written ({fault}), and there is none; make room, or name another place."
        ) from fault
    return content


def put_in_place(
    path: Path, file: Path, make_ready: Callable[[Library], None], *, force: bool, progress: Progress
) -> Path | None:
    """Puts a backup in the place of the library at `path`; the path of the former library, if there was anything.

    Processes that have the library open go on: each reads all of the former library or all of the new one, which has a
    later generation and another identity. `make_ready` changes the new library before it is put in place. NotABackup,
    NotEmpty, LibraryBusy: nothing was changed.
    """
    make_folder(path.parent)
    staging = path.with_name(f".{path.stem}.{os.getpid()}.restoring")
    try:
        make_file(staging)
        _stage(file, staging, progress)
        with closing(Library(staging)) as staged:
            make_ready(staged)
            return _take_over(path, staged, force, progress)
    finally:
        staging.unlink(missing_ok=True)
        _delete_logs(staging)


def _check_target(library: Library, target: Path, force: bool) -> None:
    path = library.path.resolve()
    if target.resolve() in {path, *(Path(f"{path}{suffix}") for suffix in SQLITE_ENDINGS)}:
        raise BackupNotWritten(f"{target} is the library itself; name another file.")
    if target.is_dir():
        raise BackupNotWritten(f"{target} is a folder; name a file in it.")
    if not target.parent.is_dir():
        raise BackupNotWritten(f"There is no folder {target.parent}; make it, or name a file in another.")
    if target.exists() and not force:
        raise BackupNotWritten(f"{target} is there already; name another file, or say --force to write over it.")


@contextmanager
def _replacing_database(target: Path) -> Iterator[Path]:
    with replacing(target, is_synced=True) as temporary:
        try:
            yield temporary
        finally:
            _delete_logs(temporary)


def _delete_logs(path: Path) -> None:
    for suffix in SQLITE_ENDINGS:
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def _copy(library: Library, target: Path, progress: Progress) -> None:
    """Copies one generation of the library; as a reader it blocks no writer and need not start again."""
    with closing(sqlite3.connect(target, isolation_level=None)) as copy:
        copy.execute("PRAGMA synchronous = OFF")  # the whole file is synced at the end
        with library.reading():
            library.connection.backup(copy, pages=_PAGES, progress=_counting(progress, "Copying the library"))


def _counting(progress: Progress, step: str) -> Callable[[int, int, int], None]:
    return lambda _, left, total: progress(step, total - left, total)


def _stage(file: Path, staging: Path, progress: Progress) -> None:
    """Copies the backup to where it can be checked and changed; NotABackup for any other file."""
    try:
        with open_regular(file) as handle:
            if handle.read(len(_HEAD)) != _HEAD:
                raise NotABackup(file, "it is no SQLite file")
        check_sqlite_files(file)
        source = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=PATIENCE, isolation_level=None)
    except OSError as fault:
        raise NotABackup(file, fault.strerror or fault) from fault
    try:
        with closing(source), closing(sqlite3.connect(staging, isolation_level=None)) as copy:
            if why := foreign_library(guarded(source)):
                raise NotABackup(file, why)
            copy.execute("PRAGMA synchronous = OFF")
            source.backup(copy, pages=_PAGES, progress=_counting(progress, "Reading the backup"))
    except sqlite3.DatabaseError as fault:
        if sqlite_code(fault) in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}:
            raise
        raise NotABackup(file, " ".join(str(fault).split())) from fault


def _take_over(path: Path, staged: Library, force: bool, progress: Progress) -> Path | None:
    """Puts the staged library in the library's place; the path of the former library, if there was anything."""
    former = path.with_name(f"before-restore-{datetime.now(tz=UTC):%Y%m%dT%H%M%SZ}.sqlite")
    try:
        library = Library(path)
    except NotALibrary:
        if not force:
            raise NotEmpty(path, "is no library that can be read") from None
        for suffix in ("", *SQLITE_ENDINGS):
            if (unreadable := Path(f"{path}{suffix}")).exists():
                unreadable.rename(f"{former}{suffix}")
        library = Library(path)
    replacement = _Replacement(staged, library, former, force, progress)
    with closing(library), closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as live:
        live.execute("PRAGMA synchronous = FULL")
        staged.connection.backup(live, pages=_PAGES, progress=replacement)
        live.execute("PRAGMA wal_checkpoint")
    return former if former.exists() else None


class _Replacement:
    """The progress callback of the copying into a library that is in use, which is one transaction.

    Its first call comes when no other process can write any more. Then the former library is copied to `former`, and
    the staged one gets the next generation and a new identity, by which other processes know that rows have changed.
    """

    def __init__(self, staged: Library, library: Library, former: Path, force: bool, progress: Progress) -> None:
        self._staged, self._library, self._former = staged, library, former
        self._force, self._progress = force, progress
        self._has_begun = False

    def __call__(self, status: int, left: int, total: int) -> None:
        if status == sqlite3.SQLITE_BUSY:
            raise LibraryBusy(self._library.path)
        if not self._has_begun:
            self._has_begun = True
            self._begin()
        self._progress("Putting it in place", total - left, total)

    def _begin(self) -> None:
        articles = self._library.counts()[0]
        if articles or feedback(self._library):
            if not self._force:
                raise NotEmpty(self._library.path, f"holds {articles:,} articles")
            with _replacing_database(self._former) as temporary:
                _copy(self._library, temporary, self._progress)
        generation = max(self._library.generation, self._staged.generation) + 1
        with self._staged.writing():  # which adds one
            self._staged.set_state(NAME, uuid.uuid4().hex)
            self._staged.set_state(FORMER_NAMES, former_names(self._library.connection))
            self._staged.set_state("generation", str(generation - 1))
