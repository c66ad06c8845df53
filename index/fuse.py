"""One score from two searches and the share of the query's words that a passage holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

DENSE_WEIGHT = 0.6
WORDING_WEIGHT = 2.5  # in standard deviations, for all of the query's words


@dataclass(frozen=True, slots=True)
class ScoreScale:
    """The mean, the standard deviation and the ends of the scores of one search."""

    mean: float
    deviation: float
    low: float
    high: float

    @classmethod
    def of(cls, scores: Sequence[float]) -> ScoreScale:
        """Without deviation where the scores do not differ, or where there are none."""
        if not scores:
            return cls(0.0, 0.0, 0.0, 0.0)
        low, high = min(scores), max(scores)
        deviation = float(np.std(scores)) if low < high else 0.0  # rounding makes some where there is none
        return cls(float(np.mean(scores)), deviation, low, high)

    def standard(self, score: float) -> float:
        """The score in standard deviations from the mean; 0 where the scores do not differ."""
        return (score - self.mean) / self.deviation if self.deviation else 0.0


class Fusion:
    """The weighted sum of standard scores and of `wording`, the share (0..1) of the query that a passage words.

    It is scaled so that 0 is the worst of what both searches found, and 1 the best of both that words the whole query.
    With standard scores, a search that is sure of its best counts for more than one that finds all about equally good.
    """

    def __init__(self, cosines: Sequence[float], bm25: Sequence[float], dense_weight: float = DENSE_WEIGHT) -> None:
        """The scores are of what was found in the whole library."""
        self._dense_weight = dense_weight
        self._meaning, self._words = ScoreScale.of(cosines), ScoreScale.of(bm25)
        self._worst = self._sum(self._meaning.low, self._words.low, 0.0)
        self._best = self._sum(self._meaning.high, self._words.high, 1.0)

    def score(self, cosine: float, bm25: float, wording: float = 0.0) -> float:
        return (self._sum(cosine, bm25, wording) - self._worst) / (self._best - self._worst)

    def _sum(self, cosine: float, bm25: float, wording: float) -> float:
        by_meaning = self._dense_weight * self._meaning.standard(cosine)
        by_words = (1 - self._dense_weight) * self._words.standard(bm25)
        return by_meaning + by_words + WORDING_WEIGHT * wording
