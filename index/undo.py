"""An article that was taken out, put back as it was."""

from __future__ import annotations

from corpus import seen, seen_pages
from corpus.article import Article
from corpus.store import Header, Library
from index.encoder import Encoder
from index.ingest import add


class NotPutBack(ValueError):
    """The article cannot be put back: its source, or the same bytes, came into the library since."""


def put_back(library: Library, encoder: Encoder, article: Article) -> Header:
    """The header of an article put back under its id, if that is still free; NotPutBack, StaleIndex.

    Its source is followed again (`index.sync`, `index.page_sync`).
    """
    if library.header_by("source", article.source):  # newer than what was taken out
        raise NotPutBack(f"{article.title!r} cannot be put back: it is in the library again.")
    (entry,) = add(library, encoder, [article])
    if entry.outcome != "added" or entry.article_id is None:
        raise NotPutBack(f"{article.title!r} cannot be put back: it is in the library again.")
    with library.writing():
        for table in (seen, seen_pages):
            table.let_in(library, article.source)
    return library.header(entry.article_id)
