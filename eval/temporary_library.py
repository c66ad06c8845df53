"""Temporary libraries, made for one measurement and deleted after it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.article import Article
from corpus.library.store import Library
from corpus.load import Refusal
from index.encoder.encoder import Encoder
from index.ingest import add
from index.manifest import Manifest
from rag.assemble import backend_of
from rag.settings import Settings

Progress = Callable[[str, int, int], None]  # what is being done, how many are done, of how many (0: not known)


def silent(stage: str, done: int, total: int) -> None:
    """Reports no progress."""


@contextmanager
def temporary_library(
    articles: Iterable[Article | Refusal],
    encoder: Encoder,
    settings: Settings,
    manifest: Manifest | None = None,
    progress: Progress = silent,
) -> Iterator[Library]:
    """A library of these articles in a temporary folder; `progress` gets the reason of each refusal.

    Its index elsewhere, in Milvus, is deleted with it.
    """
    with _empty() as library:
        for number, entry in enumerate(add(library, encoder, articles, manifest), start=1):
            refused = f"{entry.source} was refused: {entry.reason}" if entry.outcome == "refused" else ""
            progress(refused or "Indexing", number, 0)
        try:
            yield library
        finally:
            backend_of(library, settings).drop(library)


@contextmanager
def articles_only(articles: Iterable[Article]) -> Iterator[Library]:
    """A library of these articles without an index, for the mode `given`."""
    with _empty() as library:
        with library.writing():
            for article in articles:
                library.put(article, ())
        yield library


@contextmanager
def _empty() -> Iterator[Library]:
    with (
        TemporaryDirectory(prefix="pullquote-eval-") as folder,
        closing(Library(Path(folder) / "library.sqlite")) as own,
    ):
        yield own
