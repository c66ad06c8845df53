"""The file at a given path: what it is called for good, and its bytes, if it is a file that can be read at all.

A path may be anything a name can be: a link, a folder, a device, a FIFO whose writer never comes. Only a regular file
is ever opened, and what counts is the file that was opened, whatever stands under its name by then.
"""

from __future__ import annotations

import gzip
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO, cast

from corpus.refusal import Refused

MAX_BYTES = 64 * 2**20  # of a file that holds one article
LINES = (".jsonl", ".jsonl.gz")
FORMATS = (".txt", ".text", ".md", ".markdown", ".html", ".htm", ".pdf", ".docx", *LINES)
_BEFORE_A_LINE = re.compile(r"\.jsonl(?:\.gz)?(?=#)", re.IGNORECASE)
_UNWAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file under the name it was given; `source` is where it lies, links and `..` followed, fit to be shown."""

    path: str
    name: str
    source: str

    @classmethod
    def at(cls, path: Path) -> SourceFile:
        """The file a path leads to, there or not."""
        try:
            real = os.path.realpath(path)
        except ValueError:  # a NUL, which no file system has
            real = os.path.abspath(str(path).replace("\0", "\ufffd"))  # noqa: PTH100  # Path would resolve it too
        return cls(real, path.name or PurePath(real).name or real, source_of(real))

    @property
    def suffix(self) -> str:
        """The suffix that tells the format, in lower case."""
        return suffix_of(self.name)

    def opened(self) -> BinaryIO:
        """The file, open for reading; Refused where it is none of ours, OSError where it cannot be opened."""
        if "\ufffd" in self.source and not _is_utf8(self.path):
            raise Refused("lies under a name that is not UTF-8; rename it")
        self._check(os.stat(self.path))  # noqa: PTH116  # before opening: to open a device can do something already
        handle = os.fdopen(os.open(self.path, os.O_RDONLY | _UNWAITING), "rb")
        try:
            self._check(os.fstat(handle.fileno()))
        except BaseException:
            handle.close()
            raise
        return handle

    def unpacked(self, handle: BinaryIO) -> BinaryIO:
        """What the open file holds, unpacked if its name says that it is an archive."""
        return cast("BinaryIO", gzip.GzipFile(fileobj=handle)) if self.suffix.endswith(".gz") else handle

    def data(self) -> bytes:
        """The bytes of the file; Refused where they are too many for one article."""
        with self.opened() as handle:
            data = handle.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:  # it has grown since it was looked at
            raise Refused(_TOO_LARGE)
        return data

    def _check(self, status: os.stat_result) -> None:
        if not stat.S_ISREG(status.st_mode):
            is_folder = stat.S_ISDIR(status.st_mode)
            raise Refused(
                "is no file; name a file, or sync the folder" if is_folder else "is a device and no file; name a file"
            )
        if self.suffix not in FORMATS:
            raise Refused(f"is of no format that can be read; use one of {' '.join(FORMATS)}")
        if status.st_size == 0:
            raise Refused("is empty; put the article in it")
        if self.suffix not in LINES and status.st_size > MAX_BYTES:
            raise Refused(_TOO_LARGE)


_TOO_LARGE = f"is larger than {MAX_BYTES // 2**20} MB; split it"


def suffix_of(name: str) -> str:
    """The suffix of a file name that tells its format, in lower case; empty where there is none."""
    match = re.search(r"(?:\.jsonl)?\.[a-z]+$", name.lower())
    return match.group() if match else ""


def source_of(path: str | Path) -> str:
    """A path as text; bytes of a name that are not UTF-8 are lost."""
    return os.fsencode(path).decode("utf-8", "replace")


def files_named(source: str) -> list[str]:
    """The files that an article of this source may come from: itself, and what stands before the id of a line."""
    return [source, *(source[: match.end()] for match in _BEFORE_A_LINE.finditer(source))]


def _is_utf8(path: str) -> bool:
    try:
        os.fsencode(path).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
