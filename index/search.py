"""Search over a library: by meaning, by words, or by both at once."""

from __future__ import annotations

from typing import Literal, get_args

from corpus.store import Library
from index import dense, filters, lexical, spelling
from index.dense import DenseIndex, Rows
from index.encoder import Embeddings, Encoder
from index.filters import Filter
from index.fuse import weighted
from index.hit import Hit, ranked
from index.manifest import check_readable
from index.recency import least_equal, newest_among_equals, published

Mode = Literal["fused", "dense", "lexical"]
MODES: tuple[Mode, ...] = get_args(Mode)

_DEPTH = 100  # candidates from each search before they are fused
_DENSE_WEIGHT = 0.5
_TITLE_WEIGHT = 1.0


class HybridIndex:
    """Dense and lexical search over one library, fused; the `Retriever` of the pipeline."""

    def __init__(self, library: Library, encoder: Encoder) -> None:
        dense.prepare(library)
        lexical.prepare(library)
        spelling.prepare(library)
        filters.prepare(library)
        self._library = library
        self._encoder = encoder
        self._dense = DenseIndex(library, encoder.card.dimension)

    def search(
        self, query: str, k: int, mode: Mode = "fused", only: Filter | None = None, newest_first: bool = False
    ) -> list[Hit]:
        """The `k` best of the passages that pass the filter, best first, ordered by the score that `mode` names.

        With `newest_first`, passages that are about equally good (`index.recency`) come newest first.
        StaleIndex where the library has meanwhile been filled with another encoder, NoSuchArticle where the filter
        names one that is not there.
        """
        with self._library.reading():
            return self._search(query, k, mode, only, newest_first)

    def repaired(self, query: str) -> str:
        """The query with slips of the keys repaired by the library's own words."""
        with self._library.reading():
            return spelling.repaired(self._library, self._encoder.count_tokens, query)

    def _search(self, query: str, k: int, mode: Mode, only: Filter | None, newest_first: bool) -> list[Hit]:
        check_readable(self._library, self._encoder.card.identity)
        passing = filters.passing_rows(self._library, only) if only else None
        if passing is not None and not len(passing):
            return []
        depth = max(k, _DEPTH)
        embedding = self._encoder.encode_query(query)
        by_meaning, by_words = self._found(query, embedding, mode, depth)
        if passing is not None:
            # The best of all stay in until there are scores: to be all that passes makes no passage a good one.
            among = self._found(query, embedding, mode, depth, passing)
            by_meaning, by_words = by_meaning | among[0], by_words | among[1]
        scores = _scores(mode, by_meaning, by_words)
        if passing is not None:
            scores = {row: scores[row] for row in passing.tolist() if row in scores}
        best = _best(scores, k, newest_first)
        passages = self._library.passages(best)
        cosines = by_meaning | self._dense.cosines(embedding, [row for row in best if row not in by_meaning])
        hits = [Hit(passages[row], scores[row], cosines[row], by_words.get(row, 0.0)) for row in best]
        return (self._by_date(ranked(hits)) if newest_first else ranked(hits))[:k]

    def _found(
        self, query: str, embedding: Embeddings, mode: Mode, depth: int, among: Rows | None = None
    ) -> tuple[dict[int, float], dict[int, float]]:
        """The cosines of the `depth` rows nearest by meaning and the BM25 scores of those by words, as `mode` needs."""
        by_meaning = self._dense.search(embedding, depth, among) if mode != "lexical" else {}
        named = None if among is None else among.tolist()
        by_words = lexical.search(self._library, query, depth, _TITLE_WEIGHT, named) if mode != "dense" else {}
        return by_meaning, by_words

    def _by_date(self, hits: list[Hit]) -> list[Hit]:
        dates = published(self._library, {hit.passage.article_id for hit in hits})
        return newest_among_equals(hits, lambda hit: hit.score, lambda hit: dates.get(hit.passage.article_id, ""))


def _best(scores: dict[int, float], k: int, newest_first: bool) -> list[int]:
    """The `k` rows with the highest scores, and all that (about) tie with the last: ids or dates decide which stay."""
    if not scores:
        return []
    best_first = sorted(scores, key=lambda row: (-scores[row], row))
    last = scores[best_first[min(k, len(best_first)) - 1]]
    least = least_equal(last) if newest_first else last
    return [row for row in best_first if scores[row] >= least]


def _scores(mode: Mode, by_meaning: dict[int, float], by_words: dict[int, float]) -> dict[int, float]:
    if mode == "dense":
        return by_meaning
    if mode == "lexical":
        return by_words
    return weighted(by_meaning, by_words, _DENSE_WEIGHT)
