"""Files and fetched pages to articles, one at a time.

Whatever is wrong with a file comes out as a Refusal that says so: one bad file among thousands stops nothing. Each is
read in another process and under limits, whatever its format, so one that was made to crash, to hang or to eat all
memory stops nothing either.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from corpus.article import Article
from corpus.frames import Page
from corpus.reading_room import ReadingRoom
from corpus.refusal import Refusal, Refused, sentence
from corpus.sourcefile import FORMATS, SourceFile, suffix_of

__all__ = ["FORMATS", "Refusal", "files_under", "load", "load_page"]

_ROOM = ReadingRoom()


def load(path: Path) -> Iterator[Article | Refusal]:
    """The articles of a file, each as soon as it is read; a file, or a line of one, that holds none is a Refusal."""
    file = SourceFile.at(path)
    try:
        file.opened().close()
    except (Refused, OSError) as fault:  # known without reading
        yield Refusal(file.source, sentence(file.name, fault))
        return
    yield from _ROOM.read(file)


def load_page(html: bytes, url: str, charset: str | None = None) -> Iterator[Article | Refusal]:
    """The article of a fetched page, or a Refusal; `charset` is the encoding its server stated."""
    return _ROOM.read(Page(html, url, charset))


def files_under(folder: Path) -> list[Path]:
    """The files of a folder and its sub-folders that can be loaded, sorted.

    Hidden ones are left out, and so are links that lead out of the folder. OSError where the folder cannot be listed.
    """
    root = folder.resolve()
    found: list[Path] = []
    for parent, folders, names in os.walk(root, onerror=_raise):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        paths = (Path(parent, name) for name in names if not name.startswith(".") and suffix_of(name) in FORMATS)
        found.extend(path for path in paths if path.is_file() and path.resolve().is_relative_to(root))
    return sorted(found)


def _raise(fault: OSError) -> None:
    raise fault
