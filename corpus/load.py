"""Files and fetched pages to articles, one at a time.

Whatever is wrong with a file comes out as a Refusal that says so: one bad file among thousands stops nothing. Each is
read in another process and under limits, whatever its format, so one that was made to crash, to hang or to eat all
memory stops nothing either.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from corpus.article import Article
from corpus.refusal import Refusal, Refused, sentence
from corpus.sandbox.messages import PageMessage
from corpus.sandbox.worker_pool import WorkerPool
from corpus.sourcefile import SourceFile
from corpus.sync.folder import files_under

__all__ = ["Refusal", "load", "load_file", "load_folder", "load_page"]

_POOL = WorkerPool()


def load(path: Path) -> Iterator[Article | Refusal]:
    """The articles of a file, each as soon as it is read; a file, or a line of one, that holds none is a Refusal."""
    return load_file(SourceFile.at(path))


def load_file(file: SourceFile) -> Iterator[Article | Refusal]:
    """As `load`, of a file that may go by another name, and be known by another source, than its path."""
    try:
        file.open().close()
    except (Refused, OSError) as fault:  # known without reading
        yield Refusal(file.source, sentence(file.name, fault))
        return
    yield from _POOL.read(file)


def load_page(html: bytes, url: str, charset: str | None = None) -> Iterator[Article | Refusal]:
    """The article of a fetched page, or a Refusal; `charset` is the encoding its server stated."""
    return _POOL.read(PageMessage(html, url, charset))


def load_folder(folder: Path) -> Iterator[Article | Refusal]:
    """The articles of a folder's files and those of its sub-folders."""
    for file in files_under(folder):
        yield from load(file.path)
