"""Candidates from a collection of Milvus that follows the library."""

from __future__ import annotations

import json
from collections.abc import Iterable

from corpus.library.store import Library
from index.backend import Later, Scores
from index.dense.dense import DenseIndex
from index.encoder.encoder import Embeddings, EncoderCard
from index.filters import Filter
from index.milvus.address import CollectionAddress
from index.milvus.collection import Collection
from index.milvus.entity import CollectionCard
from index.milvus.filter import expression
from index.milvus.mirror import Mirror
from index.milvus.words import query_words
from index.tables import prepare


class MilvusCandidates:
    """Rows as Milvus finds them, without those that the library no longer has."""

    def __init__(self, library: Library, encoder: EncoderCard, address: CollectionAddress, token: str = "") -> None:
        """Connects and brings the collection up to date; MilvusMissing, MilvusFailed, ForeignCollection."""
        prepare(library)
        self._library = library
        self._dense = DenseIndex(library, encoder.dimension)
        self._collection = Collection(address, token)
        card = CollectionCard(library.identity, encoder.identity, encoder.dimension)
        self._mirror = Mirror(library, self._collection, card)
        self._mirror.follow(library.generation)  # not as one long reading, which a writer's log would grow beside

    def by_meaning(self, embedding: Embeddings, depth: int, article_filter: Filter | None) -> Scores:
        rows = self._followed().by_meaning(embedding, depth, expression(self._library, article_filter))
        return _best(self.cosines(embedding, rows), depth)

    def by_words(self, query: str, depth: int, article_filter: Filter | None) -> Scores:
        words, passing = query_words(query), expression(self._library, article_filter)
        if not words:
            return {}
        scores = self._followed().by_words(words, depth, passing)
        query = "SELECT row FROM passage WHERE row IN (SELECT value FROM json_each(?))"
        there = {row for (row,) in self._library.connection.execute(query, (json.dumps(list(scores)),))}
        return {row: score for row, score in scores.items() if row in there}

    def by_both(self, query: str, embedding: Later, depth: int, article_filter: Filter | None) -> tuple[Scores, Scores]:
        words = query_words(query)
        if not words:
            return self.by_meaning(embedding(), depth, article_filter), {}
        scores = self._followed().by_both(words, embedding(), depth, expression(self._library, article_filter))
        cosines = self.cosines(embedding(), scores)
        bm25 = {row: score for row, score in scores.items() if score > 0 and row in cosines}
        return _best(cosines, depth), _best(bm25, depth)

    def cosines(self, embedding: Embeddings, rows: Iterable[int]) -> Scores:
        return self._dense.cosines(embedding, rows)

    def _followed(self) -> Collection:
        """The collection at the generation of the library that is read."""
        with self._library.reading() as generation:
            self._mirror.follow(generation)
        return self._collection


def _best(scores: Scores, depth: int) -> Scores:
    return dict(sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:depth])
