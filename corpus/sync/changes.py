"""The changes in a folder since a library was last synced with it, found by content; nothing is changed here.

A file of the same signature (`corpus.sync.folder.Signature`) is not read; of all others the digests are compared.
Bytes that were known under a path where they are no longer have been moved, and their articles move with them.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

from corpus.library.store import ArticleSource, Library
from corpus.refusal import Refusal
from corpus.sourcefile import file_of, possible_files, source_of
from corpus.sync.empty_source import Emptied
from corpus.sync.file_state import FILES, FileState, states_under, states_with_digest
from corpus.sync.folder import FolderListing, FoundFile, files_under


@dataclass(frozen=True, slots=True)
class Move:
    """A file whose bytes were known under another path, and the articles that move with it."""

    former: str
    file: FoundFile
    digest: str
    articles: tuple[ArticleSource, ...]


@dataclass(frozen=True, slots=True)
class CopiedFile:
    """A file whose bytes the library has from another path, `original`."""

    file: FoundFile
    digest: str
    original: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What to do so that the library holds what the folder holds.

    `added` and `changed` files are to be read; the files of `removed` articles are gone. Files in `quarantine` were
    refused, and of those `left_out` an article was removed by hand (of them, or of a file with the same bytes); they
    have not changed since. `touched` are new states of files that are not read, `unchanged` ones are as they were;
    `forgotten` paths need no state any more.
    `refusals` are of entries that could not be looked at: what is known of them stays as it is.
    """

    folder: Path
    added: list[FoundFile] = field(default_factory=list)
    changed: dict[FoundFile, list[ArticleSource]] = field(default_factory=dict)
    moved: list[Move] = field(default_factory=list)
    removed: list[ArticleSource] = field(default_factory=list)
    copies: list[CopiedFile] = field(default_factory=list)
    quarantine: list[FileState] = field(default_factory=list)
    left_out: list[FileState] = field(default_factory=list)
    touched: list[FileState] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


def changes(
    library: Library, folder: Path, excluded: Iterable[str] = (), *, retry: bool = False, allow_empty: bool = False
) -> Changes:
    """The changes in a folder, without the `excluded` files (`corpus.exclude`); with `retry`, refused files are read.

    Emptied where all files that the library has articles of are gone, unless `allow_empty`. OSError where the folder
    cannot be listed, TooManyFiles.
    """
    FILES.prepare(library)
    root = Path(os.path.realpath(folder))
    listing = files_under(root, excluded)
    with library.reading():
        comparison = _Comparison(library, root, listing)
        gone = sum(len(comparison.articles.get(path, ())) for path in comparison.missing)
        if gone and not listing.files and not allow_empty:
            raise Emptied("folder", f"in {root}", gone)
        for source, file in comparison.listed.items():
            comparison.compare(source, file, retry)
        comparison.match()
    return comparison.changes


class _Comparison:
    """A folder's files compared with their states in the library."""

    def __init__(self, library: Library, root: Path, listing: FolderListing) -> None:
        start = source_of(root).rstrip("/") + "/"
        self.library = library
        self.changes = Changes(root, refusals=listing.refusals)
        self.listed = {one.source: one for one in listing.files}
        self.known = states_under(library, start)
        self.articles: dict[str, list[ArticleSource]] = defaultdict(list)  # by the file they come from
        files = self.listed.keys() | self.known.keys()
        for article in library.sources(start):
            source = article.source
            file = next((file for file in possible_files(source) if file in files), file_of(source))
            self.articles[file].append(article)
        self.removed_bytes = {self.known[path].sha256 for path in self.known if self._is_left_out(path)} - {""}
        self.new_bytes: dict[str, str] = {}  # paths of files whose bytes were not known there -> digest
        missing = {*self.known, *self.articles} - self.listed.keys()
        self.missing = sorted(missing - listing.unseen(missing))

    def compare(self, source: str, file: FoundFile, retry: bool) -> None:
        """Compares one file with its state; `match` then tells moved and copied files from changed ones."""
        changes, known, articles = self.changes, self.known.get(source), self.articles.get(source, [])
        is_same_file = known is not None and known.signature == file.signature
        digest = known.sha256 if known and is_same_file else file.digest()
        if known is None and len(articles) == 1 and self.library.header(articles[0].id).sha256 == digest:
            known = FileState(source, file.signature, digest)  # added otherwise than by a sync
        if known is None or known.sha256 != digest:
            self.new_bytes[source] = digest
        elif (
            known.fate == "refused" and not retry and (is_same_file or digest)
        ):  # no digest: its rights may have changed
            changes.quarantine.append(known)
        elif self._is_left_out(source):
            changes.left_out.append(known)
        elif known.fate == "refused" or not articles:  # without articles it was a copy of another file
            self.new_bytes[source] = digest
        else:
            changes.unchanged.append(source)
        is_back = known is not None and known.fate == "removed" and bool(articles)
        if known and known.sha256 == digest and (is_back or not is_same_file):
            changes.touched.append(replace(known, signature=file.signature, fate="read" if is_back else known.fate))

    def match(self) -> None:
        """Finds the moved and the copied files; all others with new bytes are added or changed."""
        changes = self.changes
        moved_from = self._find_moves()
        moved_to = {move.file.source for move in changes.moved}
        for source, digest in self.new_bytes.items():
            own = [] if source in moved_from else self.articles.get(source, [])
            if source in moved_to:  # another file has been moved to where this one was
                changes.removed.extend(own)
            elif original := self._original(source, digest, moved_from):
                changes.removed.extend(own)
                if source in self.known and self.known[source].sha256 == digest:
                    changes.unchanged.append(source)  # a copy that was reported before
                else:
                    changes.copies.append(CopiedFile(self.listed[source], digest, original))
            elif digest in self.removed_bytes:
                changes.removed.extend(own)
                left_out = FileState(source, self.listed[source].signature, digest, "removed")
                changes.left_out.append(left_out)
                changes.touched.append(left_out)
            elif own:
                changes.changed[self.listed[source]] = own
            else:
                changes.added.append(self.listed[source])
        for path in self.missing:
            if path not in moved_from:
                changes.removed.extend(self.articles.get(path, []))
        # What was taken out by hand stays known where its file goes: it may come back, or turn up elsewhere.
        forgotten = {path for path in self.missing if not self._is_left_out(path)}
        changes.forgotten.extend({*forgotten, *moved_from} - self.listed.keys())

    def _is_left_out(self, path: str) -> bool:
        """Whether its article was taken out by hand, and has not been added by hand since."""
        return path in self.known and self.known[path].fate == "removed" and not self.articles.get(path)

    def _find_moves(self) -> set[str]:
        """Finds the moved files; the paths that they were moved from."""
        candidates = self._former_paths()
        moved_from: set[str] = set()
        for source, digest in self.new_bytes.items():
            paths = candidates.get(digest, [])
            if former := _nearest(source, paths) or self._from_outside(digest, moved_from):
                candidates[digest] = [path for path in paths if path != former]
                moved_from.add(former)
                articles = self.articles.get(former) or self._articles_of(former)
                self.changes.moved.append(Move(former, self.listed[source], digest, tuple(articles)))
        return moved_from

    def _former_paths(self) -> dict[str, list[str]]:
        """The paths with articles whose bytes are no longer there, by digest."""
        former: dict[str, list[str]] = defaultdict(list)
        for path in [*self.missing, *self.new_bytes]:
            articles = self.articles.get(path, [])
            if articles and (digest := self._known_digest(path, articles)):
                former[digest].append(path)
        return former

    def _known_digest(self, path: str, articles: list[ArticleSource]) -> str:
        if path in self.known:
            return self.known[path].sha256
        is_whole_file = len(articles) == 1 and articles[0].source == path
        return self.library.header(articles[0].id).sha256 if is_whole_file else ""

    def _paths_with(self, digest: str, fates: tuple[str, ...]) -> list[str]:
        """The paths where the library knows a file of these bytes; a state counts if it has one of the fates."""
        if not digest:
            return []
        paths = [one.path for one in states_with_digest(self.library, digest) if one.fate in fates]
        twin = self.library.header_by("sha256", digest)
        return [*paths, twin.source] if twin else paths

    def _from_outside(self, digest: str, moved_from: set[str]) -> str:
        """A path outside the folder where a file with these bytes was, and is no longer; or an empty string."""
        for path in self._paths_with(digest, ("read", "refused", "removed")):
            is_outside = path not in self.listed and path not in self.known and path not in moved_from
            if is_outside and PurePath(path).is_absolute() and _is_gone(path) and self._articles_of(path):
                return path
        return ""

    def _original(self, source: str, digest: str, moved_from: set[str]) -> str:
        """The path of another file with these bytes that has articles and stays; or an empty string."""
        for path in self._paths_with(digest, ("read",)):
            stays = path not in self.new_bytes and path not in self.missing and path not in moved_from
            if path != source and stays and self._articles_of(path):
                return path
        return next((move.file.source for move in self.changes.moved if digest and move.digest == digest), "")

    def _articles_of(self, path: str) -> list[ArticleSource]:
        found = self.library.sources(path)
        return [article for article in found if article.source == path or article.source.startswith(f"{path}#")]


def _is_gone(path: str) -> bool:
    """Whether there is surely no such file; one that cannot be looked at may be there."""
    try:
        os.stat(path)  # noqa: PTH116
    except OSError as fault:
        return isinstance(fault, FileNotFoundError | NotADirectoryError)
    except ValueError:  # a NUL
        return True
    return False


def _nearest(path: str, others: list[str]) -> str:
    """Of several other paths the one with the same name, else the first; an empty string where there is none."""
    candidates = [other for other in others if other != path]
    same_name = (other for other in candidates if PurePath(other).name == PurePath(path).name)
    return next(same_name, candidates[0] if candidates else "")
