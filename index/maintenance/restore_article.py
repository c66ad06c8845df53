"""An article that was taken out, put back as it was."""

from __future__ import annotations

from functools import partial

from corpus.article import Article
from corpus.chunk import chunk
from corpus.errors import PullquoteError
from corpus.library.store import ArticleHeader, Library
from corpus.sync import file_state, page_state
from index import embedding_cache
from index.dense import dense
from index.encoder.encoder import Encoder
from index.ingest import Cut, write
from index.manifest import check_writable, encoded_text, manifest_of, record
from index.near_duplicates import sketches
from index.tables import prepare


class NotPutBack(PullquoteError):
    """The article cannot be put back: its source or its id came into the library since."""

    status = 409


def put_back(library: Library, encoder: Encoder, article: Article) -> ArticleHeader:
    """The header of an article put back under its id, all in one transaction; NotPutBack, StaleIndex.

    Its source is followed again (`index.sync.folder_sync`, `index.sync.page_sync`).
    """
    manifest = manifest_of(library, encoder)
    check_writable(library, manifest)
    prepare(library)
    _check_free(library, article)  # before the models run, and again when nobody else can write
    cut = Cut(article, chunk(article, manifest.chunking, encoder.count_tokens))
    texts = [encoded_text(passage, manifest.titled) for passage in cut.passages]
    encoded = embedding_cache.to_encode(partial(dense.held, library), encoder, texts).result()
    with library.writing():
        check_writable(library, manifest)
        record(library, manifest)
        _check_free(library, article)
        write(library, cut, encoded)
        sketches.keep(library, [article.id])
        for table in (file_state, page_state):
            table.let_in(library, article.source)
        return library.header(article.id)


def _check_free(library: Library, article: Article) -> None:
    """Nothing where the article can be put back as it was; NotPutBack."""
    if article.id in library or library.header_by("source", article.source):
        raise NotPutBack(f"{article.title[:80]!r} cannot be put back: it is in the library again.")
