"""What has changed in a folder since a library last followed it, found by content; nothing is changed here.

Files that look as they did (`corpus.sync.folder.Signature`) are not read; of all others the bytes are compared. A file
whose bytes were known under a path where they are no longer has been moved, and takes its articles along.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path, PurePath

from corpus.library.store import ArticleSource, Library
from corpus.sourcefile import file_of, possible_files, source_of
from corpus.sync.empty_source import Emptied
from corpus.sync.file_state import Seen, prepare, seen_as, seen_under
from corpus.sync.folder import FoundFile, files_under


@dataclass(frozen=True, slots=True)
class Move:
    """A file whose bytes were known under another path, and the articles that it takes along."""

    former: str
    file: FoundFile
    digest: str
    articles: tuple[ArticleSource, ...]


@dataclass(frozen=True, slots=True)
class CopiedFile:
    """A file whose bytes the library has from elsewhere."""

    file: FoundFile
    digest: str
    original: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be done so that the library holds what the folder holds.

    `added` and `changed` files are to be read, `removed` articles have no file any more. Files in `quarantine` were
    refused, and of those `left_out` an article was taken out by hand; they have not changed since. `touched` ones have
    the same bytes as before, `unchanged` ones are as they were; `forgotten` paths need no longer be known.
    """

    folder: Path
    added: list[FoundFile] = field(default_factory=list)
    changed: dict[FoundFile, list[ArticleSource]] = field(default_factory=dict)
    moved: list[Move] = field(default_factory=list)
    removed: list[ArticleSource] = field(default_factory=list)
    copies: list[CopiedFile] = field(default_factory=list)
    quarantine: list[Seen] = field(default_factory=list)
    left_out: list[Seen] = field(default_factory=list)
    touched: list[Seen] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)


def changes(
    library: Library, folder: Path, excluded: Iterable[str] = (), *, retry: bool = False, allow_empty: bool = False
) -> Changes:
    """What has changed in a folder, without what is `excluded` (`corpus.sync.folder`); with `retry`, refused files
    count.

    Emptied where all that the library has from there is gone, unless that is allowed. OSError where the folder
    cannot be listed.
    """
    prepare(library)
    root = folder.resolve()
    listed = {one.source: one for one in files_under(root, excluded)}
    with library.reading():
        look = _Look(library, Changes(root), listed)
        if not listed and look.articles and not allow_empty:
            raise Emptied("folder", f"in {root}", sum(map(len, look.articles.values())))
        for source, file in listed.items():
            look.at(source, file, retry)
        look.match()
    return look.found


class _Look:
    """A folder's files beside what the library knows of them."""

    def __init__(self, library: Library, found: Changes, listed: dict[str, FoundFile]) -> None:
        start = source_of(found.folder).rstrip("/") + "/"
        self.library = library
        self.found = found
        self.listed = listed
        self.known = seen_under(library, start)
        self.articles: dict[str, list[ArticleSource]] = defaultdict(list)  # by the file they come from
        files = listed.keys() | self.known.keys()
        for article in library.sources(start):
            self.articles[_file_of(article.source, files)].append(article)
        self.fresh: dict[str, str] = {}  # paths of files whose bytes were not known there -> digest
        self.gone = [path for path in {*self.known, *self.articles} if path not in listed]

    def at(self, source: str, file: FoundFile, retry: bool) -> None:
        """Tells what has become of one file, but whether it has moved here."""
        found, known, articles = self.found, self.known.get(source), self.articles.get(source, [])
        looks_alike = known is not None and known.signature == file.signature
        digest = known.sha256 if known and looks_alike else file.digest()
        if known is None and len(articles) == 1 and self.library.header(articles[0].id).sha256 == digest:
            known = Seen(source, file.signature, digest)  # added, but not by following the folder
        if known is None or known.sha256 != digest:
            self.fresh[source] = digest
        elif known.fate == "refused" and not retry and (looks_alike or digest):  # without: its rights may have changed
            found.quarantine.append(known)
        elif known.fate == "removed":
            found.left_out.append(known)
        elif known.fate == "refused" or not articles:  # without articles it was a copy of another file
            self.fresh[source] = digest
        else:
            found.unchanged.append(source)
        if known and known.sha256 == digest and not looks_alike:
            found.touched.append(replace(known, signature=file.signature))

    def match(self) -> None:
        """Tells what has moved, and what becomes of the rest."""
        found = self.found
        taken = self._take_along()
        arrived = {move.file.source for move in found.moved}
        for source, digest in self.fresh.items():
            own = [] if source in taken else self.articles.get(source, [])
            if source in arrived:  # another file has been moved to where this one was
                found.removed.extend(own)
            elif original := self._original(source, digest, taken):
                found.removed.extend(own)
                self._tell_copy(source, digest, original)
            elif own:
                found.changed[self.listed[source]] = own
            else:
                found.added.append(self.listed[source])
        for path in self.gone:
            if path not in taken:
                found.removed.extend(self.articles.get(path, []))
        found.forgotten.extend({*self.gone, *taken} - self.listed.keys())

    def _take_along(self) -> set[str]:
        """Tells what has moved; the paths that it has moved from."""
        left = self._former()
        taken: set[str] = set()
        for source, digest in self.fresh.items():
            if former := _nearest(source, left.get(digest, [])) or self._from_outside(digest, taken):
                left[digest] = [path for path in left.get(digest, []) if path != former]
                taken.add(former)
                articles = self.articles.get(former) or self._articles_of(former)
                self.found.moved.append(Move(former, self.listed[source], digest, tuple(articles)))
        return taken

    def _former(self) -> dict[str, list[str]]:
        """The paths at which bytes were that are no longer there, by digest, where there are articles to take along."""
        former: dict[str, list[str]] = defaultdict(list)
        for path in [*self.gone, *self.fresh]:
            articles = self.articles.get(path, [])
            if articles and (digest := self._known_digest(path, articles)):
                former[digest].append(path)
        return former

    def _known_digest(self, path: str, articles: list[ArticleSource]) -> str:
        if path in self.known:
            return self.known[path].sha256
        is_whole = len(articles) == 1 and articles[0].source == path
        return self.library.header(articles[0].id).sha256 if is_whole else ""

    def _from_outside(self, digest: str, taken: set[str]) -> str:
        """A path outside the folder where a file with these bytes was, and is no longer; or an empty string."""
        paths = [one.path for one in seen_as(self.library, digest)] if digest else []
        if digest and (twin := self.library.header_by("sha256", digest)):
            paths.append(twin.source)
        outside = (path for path in paths if not (path in self.listed or path in self.known or path in taken))
        return next((path for path in outside if _has_vanished(path) and self._articles_of(path)), "")

    def _articles_of(self, path: str) -> list[ArticleSource]:
        found = self.library.sources(path)
        return [article for article in found if article.source == path or article.source.startswith(f"{path}#")]

    def _original(self, source: str, digest: str, taken: set[str]) -> str:
        """Where the library has a file's bytes from, if that is another file that stays as it is; or nothing."""
        alike = [one for one in seen_as(self.library, digest) if one.fate == "read"] if digest else []
        paths = [one.path for one in alike if self._articles_of(one.path)]
        if digest and (twin := self.library.header_by("sha256", digest)):
            paths.append(twin.source)
        arrived = (move.file.source for move in self.found.moved if digest and move.digest == digest)
        staying = (path for path in paths if path != source and self._stays(path, taken))
        return next(chain(staying, arrived), "")

    def _tell_copy(self, source: str, digest: str, original: str) -> None:
        if source in self.known and self.known[source].sha256 == digest:
            self.found.unchanged.append(source)  # and told before
        else:
            self.found.copies.append(CopiedFile(self.listed[source], digest, original))

    def _stays(self, path: str, taken: set[str]) -> bool:
        return path not in self.fresh and path not in self.gone and path not in taken


def _file_of(source: str, files: set[str]) -> str:
    """The file that an article comes from: that among these, if it may be one of them."""
    return next((file for file in possible_files(source) if file in files), file_of(source))


def _nearest(path: str, others: list[str]) -> str:
    """Of several paths the one with the same name, else the first; an empty string where there is none."""
    named = [other for other in others if other != path]
    alike = (other for other in named if PurePath(other).name == PurePath(path).name)
    return next(alike, named[0] if named else "")


def _has_vanished(path: str) -> bool:
    is_path = PurePath(path).is_absolute()
    return is_path and not Path(path).exists()
