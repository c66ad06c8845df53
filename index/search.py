"""Search over a library: by meaning, by words, or by both at once."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal, get_args

from corpus.article import Passage
from corpus.deadline import check_deadline
from corpus.library.store import Library
from index.backend import Candidates, Later, Scores
from index.derived_table import DamagedIndex
from index.encoder.encoder import Embeddings, Encoder
from index.filters import Filter
from index.fuse import Fusion
from index.hit import Hit, ranked
from index.lexical import spelling
from index.lexical.proximity import proximity_scores
from index.local import LocalCandidates
from index.manifest import check_readable
from index.recency import least_equal, newest_among_equals, published
from index.tables import prepare

Mode = Literal["fused", "dense", "lexical"]
MODES: tuple[Mode, ...] = get_args(Mode)

_DEPTH = 100  # candidates from each search before they are fused
_ENCODING = 4  # queries encoded while their words are searched
_SHORTLIST = 30  # of the candidates whose wording is looked at


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What both searches found, at most `depth` rows each: cosines and BM25 scores by row."""

    cosines: Scores
    bm25: Scores
    depth: int

    @property
    def rows(self) -> AbstractSet[int]:
        return self.cosines.keys() | self.bm25.keys()

    @property
    def least_bm25(self) -> float:
        """The highest BM25 score that a row which was not found may have."""
        return min(self.bm25.values()) if len(self.bm25) == self.depth else 0.0

    def score_lists(self) -> tuple[list[float], list[float]]:
        """The cosines and the BM25 scores, which are 0 for rows with no word of the query."""
        wordless = [] if len(self.bm25) == self.depth else [0.0] * len(self.cosines.keys() - self.bm25.keys())
        return list(self.cosines.values()), [*self.bm25.values(), *wordless]


class HybridIndex:
    """Dense and lexical search over one library, fused; the `Retriever` of the pipeline."""

    def __init__(self, library: Library, encoder: Encoder, candidates: Candidates | None = None) -> None:
        """Searches with these candidates; by default with those of the index beside the library."""
        prepare(library)
        self._library = library
        self._encoder = encoder
        self._candidates = candidates or LocalCandidates(library, encoder.card.dimension)
        self._encoding = ThreadPoolExecutor(_ENCODING, "encode")

    def search(
        self, query: str, k: int, mode: Mode = "fused", article_filter: Filter | None = None, newest_first: bool = False
    ) -> list[Hit]:
        """The `k` best of the passages that pass the filter, best first by the score that `mode` names.

        With `newest_first`, passages of about equal scores (`index.recency`) come newest first. StaleIndex where the
        library was reindexed with another encoder, DamagedIndex; NoSuchArticle where the filter names an unknown one.
        """
        with self._library.reading():
            try:
                return self._search(query, k, mode, article_filter, newest_first)
            except KeyError as missing:  # a row that was found and has no passage, or no vector
                raise DamagedIndex from missing

    def _search(self, query: str, k: int, mode: Mode, article_filter: Filter | None, newest_first: bool) -> list[Hit]:
        check_deadline()
        check_readable(self._library, self._encoder.card.identity)
        depth = max(k, _DEPTH)
        later = self._encoding.submit(self._encoder.encode_query, query).result
        found = self._retrieve(query, later, mode, depth, article_filter)
        if not found.rows:
            return []
        passages: dict[int, Passage] = {}
        scores = found.cosines or found.bm25
        if mode == "fused":
            unfiltered = self._retrieve(query, later, mode, depth) if article_filter else found
            scores, passages = self._fused(query, later(), unfiltered, found, k)
        ranking = sorted(scores, key=lambda row: (-scores[row], row))
        last = scores[ranking[min(k, len(ranking)) - 1]]
        least = least_equal(last) if newest_first else last
        best = [row for row in ranking if scores[row] >= least]  # between ties with the last, ids or dates decide
        passages |= self._library.passages([row for row in best if row not in passages])
        unscored = [row for row in best if row not in found.cosines]
        cosines = found.cosines | self._candidates.cosines(later(), unscored)
        hits = ranked(Hit(passages[row], scores[row], cosines[row], found.bm25.get(row, 0.0)) for row in best)
        return (self._newest_first(hits) if newest_first else hits)[:k]

    def repaired(self, query: str) -> str:
        """The query with its misspelt words repaired."""
        with self._library.reading():
            return spelling.repaired(self._library, self._encoder.count_tokens, query)

    def _retrieve(
        self, query: str, embedding: Later, mode: Mode, depth: int, article_filter: Filter | None = None
    ) -> Retrieved:
        """The `depth` rows nearest by meaning and by words, as `mode` needs; of those that pass the filter, if any."""
        if mode == "dense":
            return Retrieved(self._candidates.by_meaning(embedding(), depth, article_filter), {}, depth)
        if mode == "lexical":
            return Retrieved({}, self._candidates.by_words(query, depth, article_filter), depth)
        return Retrieved(*self._candidates.by_both(query, embedding, depth, article_filter), depth)

    def _fused(
        self, query: str, embedding: Embeddings, unfiltered: Retrieved, found: Retrieved, k: int
    ) -> tuple[dict[int, float], dict[int, Passage]]:
        """The fused score of every row found, and the passages whose words were looked at.

        Scores are scaled by what was found without a filter: being all that passes one makes no passage a good one.
        """
        fusion = Fusion(*unfiltered.score_lists())
        cosines = unfiltered.cosines | found.cosines
        cosines |= self._candidates.cosines(embedding, (unfiltered.bm25.keys() | found.bm25.keys()) - cosines.keys())
        bm25, least_bm25 = unfiltered.bm25 | found.bm25, unfiltered.least_bm25
        pairs = {row: (cosine, bm25.get(row, least_bm25)) for row, cosine in cosines.items()}
        scores = {row: fusion.score(*pair) for row, pair in pairs.items()}
        beside = _first(scores, unfiltered.rows, _SHORTLIST)
        passages = self._library.passages([*beside, *_first(scores, found.rows, max(k, _SHORTLIST))])
        proximities = proximity_scores(query, passages, beside)
        return {row: fusion.score(*pairs[row], proximities.get(row, 0.0)) for row in found.rows}, passages

    def _newest_first(self, hits: list[Hit]) -> list[Hit]:
        dates = published(self._library, {hit.passage.article_id for hit in hits})
        return newest_among_equals(hits, lambda hit: hit.score, lambda hit: dates.get(hit.passage.article_id, ""))


def _first(scores: dict[int, float], rows: AbstractSet[int], k: int) -> list[int]:
    return sorted(rows, key=lambda row: (-scores[row], row))[:k]
