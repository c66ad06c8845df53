"""Files that somebody names, opened so that nothing waits: a path may lead to a FIFO, or to a device without an end."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import BinaryIO, TextIO

SQLITE_ENDINGS = ("-journal", "-wal", "-shm")  # of the files that SQLite keeps beside a database
MAX_NOTE_BYTES = 64 * 2**20  # of a file that describes others: a card, checksums, a note
_AT_ONCE = 2**20  # bytes
_FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_NOCTTY", "O_BINARY"))


def check_regular(status: os.stat_result) -> None:
    """Nothing for a regular file, else OSError."""
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is no regular file")


def open_regular(path: str | Path, check: Callable[[os.stat_result], None] = check_regular) -> BufferedReader:
    """The file, open for reading; OSError where it cannot be opened, and what `check` raises of its status.

    The check is made again on the file that was opened, whatever has been put in its place meanwhile.
    """
    check(os.stat(path))  # noqa: PTH116  # before opening: to open a device can do something already
    handle = os.fdopen(os.open(path, _FLAGS), "rb")
    try:
        check(os.fstat(handle.fileno()))
    except BaseException:
        handle.close()
        raise
    return handle


def read_regular(path: str | Path, most: int = MAX_NOTE_BYTES) -> bytes:
    """The content of the file; OSError where it cannot be read or has more than `most` bytes."""
    with open_regular(path) as file:
        return read_at_most(file, most)


def read_at_most(file: BinaryIO, most: int) -> bytes:
    """What is left of an open file; OSError where it has more than `most` bytes."""
    found = BytesIO()
    while piece := file.read(min(_AT_ONCE, most + 1 - found.tell())):
        found.write(piece)
    if found.tell() > most:
        raise OSError(errno.EFBIG, f"it is larger than {most // 2**20:,} MB")
    return found.getvalue()


def lines_at_most(file: TextIO, most: int, longest: int) -> Iterator[str]:
    """The lines of an open file; OSError for one of more than `longest` characters, and after `most` in all."""
    while line := file.readline(longest + 1):
        most -= len(line)
        if most < 0 or len(line) > longest:
            raise OSError(errno.EFBIG, "it is too large") if most < 0 else OSError(errno.EFBIG, "a line is too long")
        yield line


def check_sqlite_files(path: Path) -> None:
    """Nothing where all that SQLite opens for the file at `path` are regular files or are not there, else OSError."""
    for ending in ("", *SQLITE_ENDINGS):
        try:
            status = os.stat(f"{path}{ending}")  # noqa: PTH116  # each new connection waits for this
        except FileNotFoundError:
            continue
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, f"{path.name}{ending} is no regular file")
