"""What a search returns: passages, best first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from corpus.article import Passage


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage and how well it answers a query; higher is better in each score.

    `score` is the one the list is ordered by; `dense` is the cosine of query and passage, `lexical` the BM25 score
    (0 where no word of the query stands in the passage).
    """

    passage: Passage
    score: float
    dense: float = 0.0
    lexical: float = 0.0


def ranked(hits: Iterable[Hit]) -> list[Hit]:
    """The hits best first, ties by passage id, so that the same search gives the same list everywhere."""
    return sorted(hits, key=lambda hit: (-hit.score, hit.passage.id))
