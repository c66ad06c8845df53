"""One ranking out of two."""

from __future__ import annotations


def normalised(scores: dict[int, float]) -> dict[int, float]:
    """Scores moved to 0..1, the best at 1 and the worst at 0; all 1 where they do not differ."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    if high == low:
        return dict.fromkeys(scores, 1.0)
    return {row: (score - low) / (high - low) for row, score in scores.items()}


def weighted(dense: dict[int, float], lexical: dict[int, float], dense_weight: float) -> dict[int, float]:
    """The weighted mean of both normalised scores, 0..1; a row that one search did not find has 0 there.

    Fox and Shaw's CombSUM with min-max normalisation and weights.
    """
    by_meaning, by_words = normalised(dense), normalised(lexical)
    rows = by_meaning.keys() | by_words.keys()
    return {row: dense_weight * by_meaning.get(row, 0.0) + (1 - dense_weight) * by_words.get(row, 0.0) for row in rows}


def reciprocal_rank(dense: dict[int, float], lexical: dict[int, float], constant: float = 60.0) -> dict[int, float]:
    """Reciprocal rank fusion (Cormack, Clarke and Buettcher 2009): the sum of 1 / (constant + rank) in each list."""
    fused: dict[int, float] = {}
    for scores in (dense, lexical):
        best_first = sorted(scores, key=lambda row: (-scores[row], row))
        for rank, row in enumerate(best_first, start=1):
            fused[row] = fused.get(row, 0.0) + 1 / (constant + rank)
    return fused
