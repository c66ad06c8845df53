"""How many of the answers may be wrong, from those that were judged: an upper bound, and thresholds that keep it.

The bound is computed from the binomial distribution itself; the tests compare it with scipy's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

DOUBT = 0.05  # the chance that a bound does not hold
_HALVINGS = 60
_FIRST, _STEP = 4, 20  # the sequence begins with a fourth of the answers, and takes a twentieth more each time


@dataclass(frozen=True, slots=True)
class BoundedRisk:
    """Of the `judged` answers from a threshold on, `wrong` are wrong; of all such ones, `at_most` (0..1)."""

    threshold: float
    at_most: float
    wrong: int
    judged: int


def most_wrong(wrong: int, judged: int, doubt: float = DOUBT) -> float:
    """The upper bound (0..1) of the share that is wrong, where `wrong` of the `judged` are (Clopper, Pearson 1934).

    It is the share at which so few wrong ones have a chance of `doubt`; the true share is above it no more often.
    """
    if wrong >= judged:
        return 1.0
    logs = np.cumsum(np.log(np.arange(judged, judged - wrong, -1)) - np.log(np.arange(1, wrong + 1)))
    chosen = np.concatenate([[0.0], logs])  # of i wrong ones among the judged, (wrong + 1,)
    low, high = wrong / judged, 1.0
    for _ in range(_HALVINGS):
        share = (low + high) / 2
        low, high = (share, high) if _chance(chosen, judged, share) > doubt else (low, share)
    return high


def fewest_judged(max_wrong: float) -> int:
    """How many answers must be judged for a bound of `max_wrong` (above 0) to hold though one of them is wrong."""
    many = 2
    while most_wrong(1, many) > max_wrong:
        many *= 2
    few = many // 2
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if most_wrong(1, middle) <= max_wrong else (middle, many)
    return many


def lowest_threshold(confidences: Sequence[float], wrong: Sequence[bool], max_wrong: float) -> BoundedRisk | None:
    """The lowest threshold from which on at most `max_wrong` of the answers are wrong, with 95 % confidence.

    The thresholds are tested one after the other, from the strictest down, and the first that fails ends it: so the
    whole has the doubt of one test (fixed sequence testing: Maurer, Hothorn, Lehmacher 1995; Angelopoulos et al. 2021),
    where Bonferroni's correction would divide it by their number. Which are tested depends on the confidences alone.
    None where the strictest fails. ValueError where fewer were judged than `fewest_judged`.
    """
    order = np.argsort(-np.asarray(confidences), kind="stable")
    sorted_confidences, errors = np.asarray(confidences)[order], np.cumsum(np.asarray(wrong)[order])
    best = None
    for threshold, judged in _thresholds(sorted_confidences, fewest_judged(max_wrong)):
        count = int(errors[judged - 1])
        bound = most_wrong(count, judged)
        if bound > max_wrong:
            break
        best = BoundedRisk(threshold, bound, count, judged)
    return best


def _thresholds(confidences: NDArray[np.float64], fewest: int) -> Iterator[tuple[float, int]]:
    """The thresholds to test, highest first, each with the number of answers from it on; ValueError."""
    total = len(confidences)
    if total < fewest:
        raise ValueError(f"{fewest} answers must be judged, and {total} are")
    step, reached = ceil(total / _STEP), 0
    for size in (*range(max(fewest, ceil(total / _FIRST)), total, step), total):
        if size > reached:
            threshold = float(confidences[size - 1])
            reached = int(np.count_nonzero(confidences >= threshold))
            yield threshold, reached


def _chance(chosen: NDArray[np.float64], judged: int, share: float) -> float:
    """The chance of at most so many wrong ones; `chosen` are the logarithms of the binomial coefficients."""
    count = np.arange(len(chosen))
    return float(np.exp(chosen + count * np.log(share) + (judged - count) * np.log1p(-share)).sum())
