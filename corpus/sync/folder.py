"""The files of a folder that can be loaded, each with a signature that tells whether it has changed."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from corpus.exclude import is_excluded
from corpus.file_format import format_by_name
from corpus.sourcefile import source_of


@dataclass(frozen=True, slots=True)
class Signature:
    """A file's size in bytes, and the times in nanoseconds when its content, and its name or rights, last changed.

    While all three stay, the file need not be read again.
    """

    size: int
    modified: int
    changed: int

    @classmethod
    def of(cls, status: os.stat_result) -> Signature:
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns)


UNSURE = Signature(-1, 0, 0)  # equals that of no file


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file by its real path, with its signature."""

    path: Path
    signature: Signature

    @property
    def source(self) -> str:
        """The source of its article, as `corpus.load` gives it."""
        return source_of(self.path)

    def digest(self) -> str:
        """The SHA-256 of its bytes, or an empty string where it cannot be read; `corpus.load` says why."""
        try:
            with self.path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            return ""


def files_under(folder: Path, excluded: Iterable[str] = ()) -> list[FoundFile]:
    """The files of a folder and its sub-folders that can be loaded, ordered by path, each once.

    Hidden files, links that lead out of the folder, devices and pipes are left out, and what is `excluded`: by patterns
    for the path below the folder, or for the name of the file or of a folder that it is in. OSError where a folder
    cannot be listed.
    """
    root = folder.resolve()
    found = {one.path: one for one in _walk(root, root, tuple(excluded))}
    return [found[path] for path in sorted(found)]


def _walk(root: Path, folder: Path, patterns: tuple[str, ...]) -> Iterator[FoundFile]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") or is_excluded(PurePath(entry.path).relative_to(root), patterns):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(root, Path(entry.path), patterns)
            elif format_by_name(entry.name) and (one := _found(root, entry)):
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
