"""95 % intervals of shares, means and other statistics.

scipy is not used here: its Wilson interval differs in the last digit and takes milliseconds, since it computes a p too;
its bootstrap takes as many lines as this one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from eval.metrics.answer_metrics import Floats

_Z = 1.959963984540054  # the normal quantile that leaves 2.5 % on either side
_RESAMPLES = 1000
_SEED = 20260401


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure over `n` questions (or answers, or quotes) with its 95 % interval."""

    value: float
    low: float
    high: float
    n: int


def proportion(flags: Sequence[float]) -> Estimate:
    """The share of ones among zeros and ones, with Wilson's score interval (1927), good at 0 and 1 and for small n."""
    n = len(flags)
    if n == 0:
        raise ValueError("a share of nothing cannot be estimated; leave the metric out")
    share = sum(flags) / n
    spread = _Z * sqrt(share * (1 - share) / n + _Z**2 / (4 * n * n))
    middle = share + _Z**2 / (2 * n)
    scale = 1 + _Z**2 / n
    return Estimate(share, min(share, (middle - spread) / scale), max(share, (middle + spread) / scale), n)


def resampled(statistic: Callable[[Floats], float], *columns: Floats) -> Estimate:
    """A statistic of equally long columns, stacked (len(columns), n), with its percentile bootstrap interval.

    1,000 resamples with a fixed seed, so that the same run always gives the same interval.
    """
    stacked = np.stack(columns)
    n = stacked.shape[1]
    if n == 0:
        raise ValueError("a statistic of nothing cannot be estimated; leave the metric out")
    rng = np.random.default_rng(_SEED)
    drawn = [statistic(stacked[:, rng.integers(0, n, n)]) for _ in range(_RESAMPLES)]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Estimate(statistic(stacked), float(low), float(high), n)
