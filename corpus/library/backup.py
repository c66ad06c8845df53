"""A library written to one file while others ask and write, and such a file put in a library's place."""

from __future__ import annotations

import os
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from corpus.errors import PullquoteError
from corpus.library.atomic_write import replacing
from corpus.library.database import FORMAT, PATIENCE, LibraryBusy, NotALibrary
from corpus.library.feedback import feedback
from corpus.library.integrity import check_articles, check_file, check_passages
from corpus.library.store import Library

_HEAD = b"SQLite format 3\0"
# Copying pages is as fast as VACUUM INTO (0.3 s for 25,000 passages), tells how far it is, and can go into a library
# that is in use.
_PAGES = 4  # copied at a time: fewer than an empty library has, so that the first step is not the last
_BESIDE = ("-journal", "-wal", "-shm")  # what SQLite keeps beside a file

Told = Callable[[str, int, int], None]  # what is being done, how much of it is done, of how much
MakeReady = Callable[[Library], None]


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
    """What a library holds."""

    generation: int
    articles: int
    passages: int

    @classmethod
    def of(cls, library: Library) -> Content:
        """That of this library now."""
        with library.reading() as generation:
            return cls(generation, *library.counts())


def backup(library: Library, target: Path, *, force: bool, told: Told) -> Content:
    """Writes one generation of the library to one file, which is there when it is all there and has been looked at.

    BackupNotWritten where the library is damaged, or there is a file already and not `force`.
    """
    _check_target(library, target, force)
    try:
        with _making(target) as making:
            _copy(library, making, told)
            copied = Library(making)
            try:
                flaws = chain(check_file(copied), check_articles(copied), check_passages(copied))
                if next(iter(flaws), None):
                    raise BackupNotWritten(
                        f"{library.path} is damaged, and no backup was written; `pullquote verify` says where."
                    )
                content = Content.of(copied)
                copied.connection.execute("PRAGMA journal_mode = DELETE")  # one file, with no log beside it
            finally:
                copied.close()
    except (OSError, sqlite3.Error) as fault:
        raise BackupNotWritten(
            f"The backup {target} could not be written ({fault}), and there is none; make room, or name another place."
        ) from fault
    return content


def put_in_place(path: Path, file: Path, make_ready: MakeReady, *, force: bool, told: Told) -> Path | None:
    """Puts what a backup holds in the place of the library at `path`; where what was there is kept now, if anything.

    Processes that have the library open go on: they see all of the former one or all of this one, which is of a later
    generation and has an identity of its own. `make_ready` is given the library before it is put in place. NotABackup,
    NotEmpty, LibraryBusy: nothing was changed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    staging = path.with_name(f".{path.stem}.{os.getpid()}.restoring")
    try:
        _stage(file, staging, told)
        staged = Library(staging)
        try:
            make_ready(staged)
            return _take_over(path, staged, force, told)
        finally:
            staged.close()
    finally:
        _remove(staging)


def _check_target(library: Library, target: Path, force: bool) -> None:
    own = {library.path.resolve(), *(Path(f"{library.path.resolve()}{end}") for end in _BESIDE)}
    if target.resolve() in own:
        raise BackupNotWritten(f"{target} is the library itself; name another file.")
    if target.is_dir():
        raise BackupNotWritten(f"{target} is a folder; name a file in it.")
    if not target.parent.is_dir():
        raise BackupNotWritten(f"There is no folder {target.parent}; make it, or name a file in another.")
    if target.exists() and not force:
        raise BackupNotWritten(f"{target} is there already; name another file, or say --force to write over it.")


@contextmanager
def _making(target: Path) -> Iterator[Path]:
    """Where to write what shall be at `target`: it comes there in one step, when it is on the disk."""
    with replacing(target, is_synced=True) as making:
        try:
            yield making
        finally:
            for end in _BESIDE:
                Path(f"{making}{end}").unlink(missing_ok=True)


def _remove(path: Path) -> None:
    for end in ("", *_BESIDE):
        Path(f"{path}{end}").unlink(missing_ok=True)


def _copy(library: Library, target: Path, told: Told) -> None:
    """Copies the library page by page; a reader of one generation, it keeps nobody waiting and need not begin again."""
    copy = sqlite3.connect(target, isolation_level=None)
    try:
        copy.execute("PRAGMA synchronous = OFF")  # all of it is put on the disk at the end
        with library.reading():
            library.connection.backup(copy, pages=_PAGES, progress=_counting(told, "Copying the library"))
    finally:
        copy.close()


def _counting(told: Told, what: str) -> Callable[[int, int, int], None]:
    return lambda _, left, total: told(what, total - left, total)


def _stage(file: Path, staging: Path, told: Told) -> None:
    """Copies the backup to where it can be looked at and made ready; NotABackup for any other file."""
    try:
        with file.open("rb") as handle:
            if handle.read(len(_HEAD)) != _HEAD:
                raise NotABackup(file, "it is no SQLite file")
        source = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=PATIENCE, isolation_level=None)
    except OSError as fault:
        raise NotABackup(file, fault.strerror or fault) from fault
    copy = sqlite3.connect(staging, isolation_level=None)
    try:
        found = source.execute("SELECT value FROM state WHERE key = 'format'").fetchone()
        if found != (str(FORMAT),):
            raise NotABackup(file, f"its format is {found and found[0]}, this version reads {FORMAT}")
        copy.execute("PRAGMA synchronous = OFF")
        source.backup(copy, pages=_PAGES, progress=_counting(told, "Reading the backup"))
    except sqlite3.DatabaseError as fault:
        if fault.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}:
            raise
        raise NotABackup(file, fault) from fault
    finally:
        source.close()
        copy.close()


def _take_over(path: Path, staged: Library, force: bool, told: Told) -> Path | None:
    """Puts what is staged in the library's place; where the former library is kept."""
    kept = path.with_name(f"before-restore-{datetime.now(tz=UTC):%Y%m%dT%H%M%SZ}.sqlite")
    is_aside = False
    try:
        library = Library(path)
    except NotALibrary:
        if not force:
            raise NotEmpty(path, "is no library that can be read") from None
        for end in ("", *_BESIDE):
            if (former := Path(f"{path}{end}")).exists():
                former.rename(f"{kept}{end}")
        library, is_aside = Library(path), True
    switch = _Switch(staged, library, kept, force, told)
    live = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
    try:
        live.execute("PRAGMA synchronous = FULL")
        staged.connection.backup(live, pages=_PAGES, progress=switch)
        live.execute("PRAGMA wal_checkpoint")
    finally:
        live.close()
        library.close()
    return kept if is_aside or kept.exists() else None


class _Switch:
    """Goes with the copying into a library that is in use, all of which is one transaction.

    From the first step on no other process can write: then the former library is kept, and what is staged becomes the
    next generation after it. Its new identity tells those who know rows by the former one to forget them.
    """

    def __init__(self, staged: Library, library: Library, kept: Path, force: bool, told: Told) -> None:
        self._staged, self._library, self._kept = staged, library, kept
        self._force, self._told = force, told
        self._has_begun = False

    def __call__(self, status: int, left: int, total: int) -> None:
        if status == sqlite3.SQLITE_BUSY:
            raise LibraryBusy(self._library.path)
        if not self._has_begun:
            self._has_begun = True
            self._begin()
        self._told("Putting it in place", total - left, total)

    def _begin(self) -> None:
        articles = self._library.counts()[0]
        if articles or feedback(self._library):
            if not self._force:
                raise NotEmpty(self._library.path, f"holds {articles:,} articles")
            with _making(self._kept) as making:
                _copy(self._library, making, self._told)
        generation = max(self._library.generation, self._staged.generation) + 1
        with self._staged.writing():  # which adds one
            self._staged.set_state("library", uuid.uuid4().hex)
            self._staged.set_state("generation", str(generation - 1))
