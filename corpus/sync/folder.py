"""The files of a folder that can be loaded, each with what tells whether it has changed."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from corpus.exclude import is_excluded
from corpus.file_format import SUFFIXES
from corpus.sourcefile import source_of, suffix_of


@dataclass(frozen=True, slots=True)
class Signature:
    """Of a file: its size in bytes, and when its content and its name or rights last changed, in nanoseconds.

    While all three stay, the file need not be read again.
    """

    size: int
    modified: int
    changed: int

    @classmethod
    def of(cls, status: os.stat_result) -> Signature:
        """That of the file with this status."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns)


UNSURE = Signature(-1, 0, 0)  # no file's


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file by the path that names it as a source, with its signature."""

    path: Path
    signature: Signature

    @property
    def source(self) -> str:
        """What articles of it have as their source, as `corpus.load` gives it."""
        return source_of(self.path)

    def digest(self) -> str:
        """The SHA-256 of its bytes, or an empty string where it cannot be read: its reader will say why."""
        try:
            with self.path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            return ""


def files_under(folder: Path, excluded: Iterable[str] = ()) -> list[FoundFile]:
    """The files of a folder and its sub-folders that can be loaded, by path, each once.

    Left out are hidden ones, links that lead out of the folder, devices and pipes, and what is `excluded`: by patterns
    for the whole path below the folder, or for the name of the file or of a folder that it lies in. OSError where a
    folder cannot be listed.
    """
    root = folder.resolve()
    patterns = tuple(excluded)
    found = {one.path: one for one in _walked(root, root, patterns)}
    return [found[path] for path in sorted(found)]


def _walked(root: Path, folder: Path, patterns: tuple[str, ...]) -> Iterator[FoundFile]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") or is_excluded(PurePath(entry.path).relative_to(root), patterns):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _walked(root, Path(entry.path), patterns)
            elif suffix_of(entry.name) in SUFFIXES and (one := _found(root, entry)):
                yield one


def _found(root: Path, entry: os.DirEntry[str]) -> FoundFile | None:
    path = Path(entry.path)
    if entry.is_symlink():
        path = path.resolve()
        if not path.is_relative_to(root):
            return None
    try:
        status = entry.stat()
    except OSError:  # it has just been deleted, or a link leads nowhere
        return None
    return FoundFile(path, Signature.of(status)) if stat.S_ISREG(status.st_mode) else None
