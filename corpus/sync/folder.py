"""The files of a folder that can be loaded, each with a signature that tells whether it has changed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from corpus.errors import PullquoteError
from corpus.exclude import is_excluded, is_left_by_a_program
from corpus.file_format import format_by_name
from corpus.refusal import Refusal, sentence
from corpus.sourcefile import SourceFile, source_of

MOST_FILES = 1_000_000  # of a folder, about 500 MB of memory


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
class FolderListing:
    """The files of a folder, ordered by path, each once; `refusals` are of the entries that could not be looked at."""

    files: list[FoundFile]
    refusals: list[Refusal]

    def unseen(self, sources: Iterable[str]) -> set[str]:
        """Those of the sources that were not looked at, or lie in a folder that was not: they may still be there."""
        refused = {one.source for one in self.refusals}
        return {one for one in sources if refused and not refused.isdisjoint((one, *map(str, PurePath(one).parents)))}


def files_under(folder: Path, excluded: Iterable[str] = ()) -> FolderListing:
    """The files of a folder and its sub-folders that can be loaded.

    Hidden files, what programs leave (`~$report.docx`), links that lead nowhere or out of the folder, devices and pipes
    are left out, and what is `excluded`:
    by patterns for the path below the folder, or for the name of the file or of a folder that it is in. What cannot be
    looked at is refused, and the rest is found. OSError where the folder itself cannot be listed, TooManyFiles.
    """
    root = Path(os.path.realpath(folder))
    os.scandir(root).close()
    found: dict[Path, FoundFile] = {}
    refusals: list[Refusal] = []
    for one in _walk(root, tuple(excluded)):
        if isinstance(one, Refusal):
            refusals.append(one)
        else:
            found[one.path] = one
        if len(found) + len(refusals) > MOST_FILES:
            raise TooManyFiles(folder)
    return FolderListing([found[path] for path in sorted(found)], sorted(refusals, key=lambda one: one.source))


def _walk(root: Path, patterns: tuple[str, ...]) -> Iterator[FoundFile | Refusal]:
    waiting = [str(root)]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    is_left_out = patterns and is_excluded(PurePath(entry.path).relative_to(root), patterns)
                    if is_left_out or is_left_by_a_program(entry.name):
                        continue
                    if (one := _looked_at(root, entry, waiting)) is not None:
                        yield one
        except FileNotFoundError:  # it has just been deleted
            continue
        except OSError as fault:
            yield _refusal(root, folder, fault)


def _looked_at(root: Path, entry: os.DirEntry[str], waiting: list[str]) -> FoundFile | Refusal | None:
    """The file of an entry, or why it cannot be looked at; a folder is added to the `waiting` ones."""
    path = Path(entry.path)
    try:
        if entry.is_dir(follow_symlinks=False):
            waiting.append(entry.path)
            return None
        if not format_by_name(entry.name):
            return None
        if entry.is_symlink():
            path = Path(os.path.realpath(path))
            if not path.is_relative_to(root):
                return None
        status = entry.stat()
    except (FileNotFoundError, NotADirectoryError):  # it has just been deleted, or a link leads nowhere
        return None
    except OSError as fault:
        return _refusal(root, entry.path, fault)
    return FoundFile(path, Signature.of(status)) if stat.S_ISREG(status.st_mode) else None


def _refusal(root: Path, path: str, fault: OSError) -> Refusal:
    return Refusal(source_of(path), sentence(os.path.relpath(path, root), fault))
