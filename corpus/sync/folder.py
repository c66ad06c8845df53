"""The files of a folder that can be loaded, each with a signature that tells whether it has changed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path, PurePath
from typing import Literal

from corpus.errors import PullquoteError
from corpus.exclude import is_excluded, is_left_by_a_program, is_saved_with_a_page
from corpus.file_format import format_by_name
from corpus.refusal import Refusal, sentence
from corpus.sourcefile import SourceFile, source_of

MOST_FILES = 1_000_000  # of a folder, about 500 MB of memory; as many are named of those that are left out
# Why a file is passed over, behind "it is".
Reason = Literal[
    "hidden", "left by a program", "saved with a web page", "of no format that is read", "behind a link to a folder",
    "behind a link out of the folder", "behind a broken link", "not a regular file",
]  # fmt: skip


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


class TooManyFiles(PullquoteError):
    """The folder holds more files than are followed at once; name its sub-folders one by one."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} holds more than {MOST_FILES:,} files; name its sub-folders one by one.")


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
            return SourceFile.at(self.path).digest()
        except OSError:
            return ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that is passed over, and why; `within` is the source of the folder that is so as a whole, or its own."""

    source: str
    reason: Reason
    within: str


@dataclass(frozen=True, slots=True)
class FolderListing:
    """The files of a folder, ordered by path, each once; `refusals` are of the entries that could not be looked at.

    `left_out` are the files that were passed over, where they were asked for.
    """

    files: list[FoundFile]
    refusals: list[Refusal]
    left_out: list[LeftOut]

    def unseen(self, sources: Iterable[str]) -> set[str]:
        """Those of the sources that were not looked at, or lie in a folder that was not: they may still be there."""
        refused = {one.source for one in self.refusals}
        return {one for one in sources if refused and not refused.isdisjoint((one, *map(str, PurePath(one).parents)))}


def files_under(folder: Path, excluded: Iterable[str] = (), *, names_left_out: bool = False) -> FolderListing:
    """The files of a folder and its sub-folders that can be loaded.

    Hidden files, what programs leave (`~$report.docx`) or save beside a web page (`story_files`), files of no format,
    links that lead nowhere or out of the folder, devices and pipes are left out; with `names_left_out` the listing has
    them. Left out, and never named, is what is `excluded`: by patterns for the path below the folder, or for the name
    of the file or of a folder that it is in. What cannot be looked at is refused, and the rest is found. OSError where
    the folder itself cannot be listed, TooManyFiles.
    """
    root = Path(os.path.realpath(folder))
    os.scandir(root).close()
    found: dict[Path, FoundFile] = {}
    refusals: list[Refusal] = []
    left_out: list[LeftOut] = []
    walk = _Walk(root, tuple(excluded), names_left_out)
    for one in walk.entries():
        if isinstance(one, Refusal):
            refusals.append(one)
        elif isinstance(one, FoundFile):
            found[one.path] = one
        elif walk.names_left_out:
            left_out.append(one)
            walk.names_left_out = len(left_out) < MOST_FILES
        if len(found) + len(refusals) > MOST_FILES:
            raise TooManyFiles(folder)
    left_out.sort(key=attrgetter("within", "source"))
    return FolderListing([found[path] for path in sorted(found)], sorted(refusals, key=attrgetter("source")), left_out)


class _Walk:
    """The entries of a folder and its sub-folders; into those that are left out it goes only to name their files."""

    def __init__(self, root: Path, patterns: tuple[str, ...], names_left_out: bool) -> None:
        self.names_left_out = names_left_out
        self._root = root
        self._patterns = patterns
        self._waiting: list[tuple[str, LeftOut | None]] = [(str(root), None)]  # folders, and how they are left out

    def entries(self) -> Iterator[FoundFile | Refusal | LeftOut]:
        while self._waiting:
            folder, above = self._waiting.pop()
            try:
                with os.scandir(folder) as entries:
                    for entry in entries:
                        if not self._is_excluded(entry) and (one := self._looked_at(entry, above)):
                            yield one
            except FileNotFoundError:  # it has just been deleted
                continue
            except OSError as fault:
                if above is None:
                    yield _refusal(self._root, folder, fault)

    def _is_excluded(self, entry: os.DirEntry[str]) -> bool:
        return bool(self._patterns) and is_excluded(PurePath(entry.path).relative_to(self._root), self._patterns)

    def _looked_at(self, entry: os.DirEntry[str], above: LeftOut | None) -> FoundFile | Refusal | LeftOut | None:
        """The file of an entry, or why it is left out or cannot be looked at; a folder is added to the waiting ones."""
        left_out = above or _by_name(entry)
        try:
            if entry.is_dir(follow_symlinks=False):
                if left_out is None and is_saved_with_a_page(Path(entry.path)):
                    left_out = _left_out(entry, "saved with a web page")
                if left_out is None or self.names_left_out:
                    self._waiting.append((entry.path, left_out))
                return None
            if left_out:
                return replace(left_out, source=source_of(entry.path))
            return self._file(entry)
        except (FileNotFoundError, NotADirectoryError):  # it has just been deleted, or a link leads nowhere
            return _left_out(entry, "behind a broken link") if entry.is_symlink() else None
        except OSError as fault:
            return None if left_out else _refusal(self._root, entry.path, fault)

    def _file(self, entry: os.DirEntry[str]) -> FoundFile | LeftOut:
        path = Path(entry.path)
        if not format_by_name(entry.name):
            leads_to_folder = entry.is_symlink() and os.path.isdir(path)  # noqa: PTH112 - it raises nothing
            return _left_out(entry, "behind a link to a folder" if leads_to_folder else "of no format that is read")
        if entry.is_symlink():
            path = Path(os.path.realpath(path))
            if not path.is_relative_to(self._root):
                return _left_out(entry, "behind a link out of the folder")
        status = entry.stat()
        is_regular = stat.S_ISREG(status.st_mode)
        return FoundFile(path, Signature.of(status)) if is_regular else _left_out(entry, "not a regular file")


def _by_name(entry: os.DirEntry[str]) -> LeftOut | None:
    """Why a file or a folder of this name is left out, if it is."""
    if not is_left_by_a_program(entry.name):
        return None
    return _left_out(entry, "hidden" if entry.name.startswith(".") else "left by a program")


def _left_out(entry: os.DirEntry[str], reason: Reason) -> LeftOut:
    source = source_of(entry.path)
    return LeftOut(source, reason, source)


def _refusal(root: Path, path: str, fault: OSError) -> Refusal:
    return Refusal(source_of(path), sentence(os.path.relpath(path, root), fault))
