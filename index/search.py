"""Search over a library: by meaning, by words, or by both at once."""

from __future__ import annotations

from typing import Literal, get_args

from corpus.store import Library
from index import dense, lexical, spelling
from index.dense import DenseIndex
from index.encoder import Encoder
from index.fuse import weighted
from index.hit import Hit, ranked
from index.manifest import check_readable

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
        self._library = library
        self._encoder = encoder
        self._dense = DenseIndex(library, encoder.card.dimension)

    def search(self, query: str, k: int, mode: Mode = "fused") -> list[Hit]:
        """The `k` best passages for a query, best first, ordered by the score that `mode` names.

        StaleIndex where the library has meanwhile been filled with another encoder.
        """
        with self._library.reading():
            return self._search(query, k, mode)

    def repaired(self, query: str) -> str:
        """The query with slips of the keys repaired by the library's own words."""
        with self._library.reading():
            return spelling.repaired(self._library, self._encoder.count_tokens, query)

    def _search(self, query: str, k: int, mode: Mode) -> list[Hit]:
        check_readable(self._library, self._encoder.card.identity)
        depth = max(k, _DEPTH)
        embedding = self._encoder.encode_query(query)
        by_meaning = self._dense.search(embedding, depth) if mode != "lexical" else {}
        by_words = lexical.search(self._library, query, depth, _TITLE_WEIGHT) if mode != "dense" else {}
        scores = _scores(mode, by_meaning, by_words)
        best = _best(scores, k)
        passages = self._library.passages(best)
        cosines = by_meaning | self._dense.cosines(embedding, [row for row in best if row not in by_meaning])
        hits = [Hit(passages[row], scores[row], cosines[row], by_words.get(row, 0.0)) for row in best]
        return ranked(hits)[:k]


def _best(scores: dict[int, float], k: int) -> list[int]:
    """The `k` rows with the highest scores, and all that tie with the last of them: which stay, their ids decide."""
    best_first = sorted(scores, key=lambda row: (-scores[row], row))
    return [row for row in best_first if scores[row] >= scores[best_first[min(k, len(best_first)) - 1]]]


def _scores(mode: Mode, by_meaning: dict[int, float], by_words: dict[int, float]) -> dict[int, float]:
    if mode == "dense":
        return by_meaning
    if mode == "lexical":
        return by_words
    return weighted(by_meaning, by_words, _DENSE_WEIGHT)
