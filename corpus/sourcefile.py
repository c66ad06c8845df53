"""One file to read articles from: its lasting name, its format, and its bytes where they may be read.

A path may lead to a link, a folder, a device, or a FIFO that nobody writes to. Only regular files are opened.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO, cast

from corpus.file_format import FORMATS, SUFFIXES, FileFormat, format_by_name
from corpus.refusal import Refused
from corpus.regular_file import open_regular

MAX_BYTES = 64 * 2**20  # of a file that holds one article
MAX_BYTES_OF_LINES = 64 * 2**30  # of a file that holds an article a line
_TOO_LARGE = f"is larger than {MAX_BYTES // 2**20} MB; split it"
_TOO_MANY_LINES = f"is larger than {MAX_BYTES_OF_LINES // 2**30} GB; split it"
_AT_ONCE = 2**20  # bytes
_LINE_SUFFIXES = [re.escape(suffix) for one in FORMATS if one.is_lines for suffix in one.suffixes]
_BEFORE_A_LINE = re.compile(rf"(?:{'|'.join(_LINE_SUFFIXES)})(?=#)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file at a real `path`, with the `name` a person gave it; `source` is the path as text that can be shown."""

    path: str
    name: str
    source: str

    @classmethod
    def at(cls, path: Path) -> SourceFile:
        """The file a path leads to, whether it exists or not."""
        try:
            real = os.path.realpath(path)
        except ValueError:  # a NUL, which no file system has
            real = os.path.abspath(str(path).replace("\0", "\ufffd"))  # noqa: PTH100  # Path would resolve it too
        return cls(real, path.name or PurePath(real).name or real, source_of(real))

    @property
    def format(self) -> FileFormat | None:
        return format_by_name(self.name)

    @property
    def is_lines(self) -> bool:
        """Whether the file holds an article a line."""
        return self.format is not None and self.format.is_lines

    def owns(self, source: str) -> bool:
        """Whether an article of this source can come from this file."""
        return source == self.source or (self.is_lines and source.startswith(f"{self.source}#"))

    @property
    def most_bytes(self) -> int:
        """That are read of such a file."""
        return MAX_BYTES_OF_LINES if self.is_lines else MAX_BYTES

    def open(self) -> BinaryIO:
        """The file, open for reading; Refused where it holds no article, OSError where it cannot be opened."""
        if "\ufffd" in self.source and not _is_utf8(self.path):
            raise Refused("lies under a name that is not UTF-8; rename it")
        return open_regular(self.path, self._check)

    def digest(self) -> str:
        """The SHA-256 of its bytes, an empty string where it is no file or has too many; OSError."""
        digest, left = hashlib.sha256(), self.most_bytes
        try:
            with open_regular(self.path, _check_regular) as handle:
                if os.fstat(handle.fileno()).st_size > left:
                    return ""
                while left >= 0 and (data := handle.read(_AT_ONCE)):  # it may grow, or state no size
                    digest.update(data)
                    left -= len(data)
        except Refused:
            return ""
        return digest.hexdigest() if left >= 0 else ""

    def decompressed(self, handle: BinaryIO) -> BinaryIO:
        """The open file's content, gunzipped where its name ends in .gz."""
        return cast("BinaryIO", gzip.GzipFile(fileobj=handle)) if self.name.lower().endswith(".gz") else handle

    def read_bytes(self) -> bytes:
        """The bytes of the file; Refused where they are too many for one article."""
        with self.open() as handle:
            data = handle.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:  # it has grown since it was checked
            raise Refused(_TOO_LARGE)
        return data

    def _check(self, status: os.stat_result) -> None:
        _check_regular(status)
        if self.format is None:
            raise Refused(f"is of no format that can be read; use one of {' '.join(SUFFIXES)}")
        if status.st_size == 0:
            raise Refused("is empty; put the article in it")
        if status.st_size > self.most_bytes:
            raise Refused(_TOO_MANY_LINES if self.is_lines else _TOO_LARGE)


def _check_regular(status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise Refused("is no file; name a file, or sync the folder")
    if not stat.S_ISREG(status.st_mode):
        raise Refused("is a device and no file; name a file")


def source_of(path: str | Path) -> str:
    """A path as text; bytes that are not UTF-8 become U+FFFD."""
    return os.fsencode(path).decode("utf-8", "replace")


def possible_files(source: str) -> list[str]:
    """The paths of the files that an article of this source may come from: `source`, and all before a line's id."""
    return [source, *(source[: match.end()] for match in _BEFORE_A_LINE.finditer(source))]


def file_of(source: str) -> str:
    """The path of the file that an article of this source most likely comes from."""
    return possible_files(source)[:2][-1]


def _is_utf8(path: str) -> bool:
    try:
        os.fsencode(path).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
