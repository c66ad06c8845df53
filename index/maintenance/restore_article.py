"""A removed article restored as it was."""

from __future__ import annotations

from functools import partial

from corpus.article import Article
from corpus.errors import PullquoteError
from corpus.library.store import ArticleHeader, Library
from index.chunked import chunked
from index.dense.vector_table import VECTORS
from index.embedding_cache import encode
from index.encoder.encoder import Encoder
from index.ingest import write
from index.manifest import check_writable, manifest_of, record
from index.tables import SOURCE_STATES, prepare


class NotPutBack(PullquoteError):
    """The article cannot be put back: its source or its id came into the library since."""

    status = 409


def restore_article(library: Library, encoder: Encoder, article: Article) -> ArticleHeader:
    """The header of the article, restored under its id in one transaction; NotPutBack, StaleIndex.

    Synchronisation follows its source again (`index.sync.folder_sync`, `index.sync.page_sync`).
    """
    manifest = manifest_of(library, encoder)
    check_writable(library, manifest)
    prepare(library)
    _check_free(library, article)  # before the models run, and again when nobody else can write
    one = chunked(article, manifest, encoder)
    encoded = encode(partial(VECTORS.by_digest, library), encoder, one.texts(manifest.titled)).result()
    with library.writing():
        check_writable(library, manifest)
        record(library, manifest)
        _check_free(library, article)
        write(library, [one], encoded)
        for state in SOURCE_STATES:
            state.let_in(library, article.source)
        return library.header(article.id)


def _check_free(library: Library, article: Article) -> None:
    """Nothing where the article can be put back as it was; NotPutBack."""
    if article.id in library or library.header_by("source", article.source):
        raise NotPutBack(f"{article.title[:80]!r} cannot be put back: it is in the library again.")
