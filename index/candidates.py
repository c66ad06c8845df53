"""Where the candidates of a search come from: the structures beside the library, or another index of its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from corpus.library.store import Library
from index import filters
from index.dense.dense import DenseIndex, Rows
from index.encoder.encoder import Embeddings
from index.filters import Filter
from index.lexical.bm25 import WordIndex

Scores = dict[int, float]  # by row
Later = Callable[[], Embeddings]  # an embedding, waited for where it is not made yet


class Candidates(Protocol):
    """Finds rows of a library by meaning and by words; only those that pass a filter, where one is given.

    NoSuchArticle where the filter names an article that is not there.
    """

    def by_meaning(self, embedding: Embeddings, depth: int, only: Filter | None) -> Scores:
        """The `depth` rows nearest to a unit query of shape (dimension,), with their cosines."""
        ...

    def by_words(self, query: str, depth: int, only: Filter | None) -> Scores:
        """The `depth` rows with the highest BM25 score, with their scores (above 0)."""
        ...

    def by_both(self, query: str, embedding: Later, depth: int, only: Filter | None) -> tuple[Scores, Scores]:
        """What `by_meaning` and `by_words` find."""
        ...

    def cosines(self, embedding: Embeddings, rows: Iterable[int]) -> Scores:
        """The cosine of a unit query to each of these rows, those that are gone left out."""
        ...


class LocalCandidates:
    """Candidates from FAISS, and from the word index in the library file or the postings beside it."""

    def __init__(self, library: Library, dimension: int) -> None:
        self._library = library
        self._dense = DenseIndex(library, dimension)
        self._words = WordIndex(library)

    def by_meaning(self, embedding: Embeddings, depth: int, only: Filter | None) -> Scores:
        """The rows that FAISS finds, with their exact cosines."""
        return self._near(embedding, depth, self._passing(only))

    def by_words(self, query: str, depth: int, only: Filter | None) -> Scores:
        """The rows that BM25 finds; what a word weighs, the whole library decides."""
        return self._worded(query, depth, self._passing(only))

    def by_both(self, query: str, embedding: Later, depth: int, only: Filter | None) -> tuple[Scores, Scores]:
        """The rows that each of the two finds; words first, while the query may still be encoded."""
        passing = self._passing(only)
        worded = self._worded(query, depth, passing)
        return self._near(embedding(), depth, passing), worded

    def cosines(self, embedding: Embeddings, rows: Iterable[int]) -> Scores:
        """The exact cosines, of the vectors in the library file."""
        return self._dense.cosines(embedding, rows)

    def _near(self, embedding: Embeddings, depth: int, among: Rows | None) -> Scores:
        return {} if _is_none(among) else self._dense.search(embedding, depth, among)

    def _worded(self, query: str, depth: int, among: Rows | None) -> Scores:
        return {} if _is_none(among) else self._words.search(query, depth, among)

    def _passing(self, only: Filter | None) -> Rows | None:
        return filters.passing_rows(self._library, only) if only else None


def _is_none(among: Rows | None) -> bool:
    """Whether a filter is given that nothing passes."""
    return among is not None and not len(among)
