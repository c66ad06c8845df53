"""The index beside the library: vectors in FAISS, words in the library file or in the postings beside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Self

from corpus.library.store import Library
from index import filters
from index.backend import BackendFacts, Later, Scores
from index.dense import approximate
from index.dense.dense import DenseIndex
from index.dense.snapshot import Snapshot
from index.dense.vector_index import Rows
from index.encoder.encoder import Embeddings, EncoderCard
from index.filters import Filter
from index.lexical.bm25 import WordIndex


class LocalBackend:
    """The files beside the library, which go with it."""

    name: ClassVar[str] = "index"

    def of_other(self, library: Library) -> Self:  # noqa: ARG002
        return self

    def open(self, library: Library, encoder: EncoderCard) -> LocalCandidates:
        return LocalCandidates(library, encoder.dimension)

    def drop(self, library: Library) -> None:
        """Nothing is held elsewhere."""

    def describe(self, library: Library) -> BackendFacts:
        """Read from the head of the snapshot; `bytes` is the snapshot's size, 0 where a small library needs none.

        `recall@10` against exact search was measured on so many `queries` when the structure was built: 1.0 on none
        where search is exact, None where the first search has yet to build it.
        """
        snapshot, vectors = Snapshot(library), library.counts()[1]
        size = snapshot.path.stat().st_size if snapshot.path.is_file() else 0
        card = snapshot.card()
        kind, queries = approximate.kind_for(vectors), 0
        recall = 1.0 if kind == "flat" else None
        if card and approximate.suits(card, vectors):
            kind, recall, queries = card.kind, card.recall, card.queries
        if kind == "flat":
            sentence = summary = "exact search by meaning"
        elif recall is None:
            sentence = f"approximate search by meaning ({kind}), to be built and measured by the next search"
            summary = "approximate search by meaning, recall to be measured"
        else:
            measured = f"recall@10 {recall:.3f} against exact search, measured on {queries} of its own passages"
            sentence = f"approximate search by meaning ({kind}, {size / 1e6:.1f} MB), {measured}"
            summary = f"approximate search by meaning, recall@10 {recall:.3f}"
        facts = {"kind": kind, "vectors": vectors, "bytes": size, "recall@10": recall, "queries": queries}
        return BackendFacts(facts, sentence, summary)


class LocalCandidates:
    """Candidates from FAISS, and from the word index in the library file or the postings beside it."""

    def __init__(self, library: Library, dimension: int) -> None:
        self._library = library
        self._dense = DenseIndex(library, dimension)
        self._words = WordIndex(library)

    def by_meaning(self, embedding: Embeddings, depth: int, article_filter: Filter | None) -> Scores:
        return self._dense.search(embedding, depth, self._passing(article_filter))

    def by_words(self, query: str, depth: int, article_filter: Filter | None) -> Scores:
        return self._words.search(query, depth, self._passing(article_filter))

    def by_both(self, query: str, embedding: Later, depth: int, article_filter: Filter | None) -> tuple[Scores, Scores]:
        passing = self._passing(article_filter)
        bm25 = self._words.search(query, depth, passing)  # words first, while the query may still be encoded
        return self._dense.search(embedding(), depth, passing), bm25

    def cosines(self, embedding: Embeddings, rows: Iterable[int]) -> Scores:
        return self._dense.cosines(embedding, rows)

    def _passing(self, article_filter: Filter | None) -> Rows | None:
        return filters.passing_rows(self._library, article_filter) if article_filter else None
