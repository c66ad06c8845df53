"""The values of one metric over the questions of a run, and the figure that is computed from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.metrics.answer_metrics import Floats
from eval.metrics.interval import Estimate, proportion, resampled

Ints = NDArray[np.int64]
Statistic = Callable[[Floats], float]


def average(rows: Floats) -> float:
    """The mean of the one value of each question, (1, n)."""
    return float(rows[0].mean())


def share(rows: Floats) -> float:
    """The mean of zeros and ones, (1, n): its interval is Wilson's."""
    return average(rows)


@dataclass(frozen=True, slots=True)
class Column:
    """One metric's values: `rows` (k, n), and `questions` (n,), the number of the question that each is about.

    The figure is the `statistic` of the rows; `share` and `average` have one row (k = 1).
    """

    questions: Ints
    rows: Floats
    statistic: Statistic = average

    @classmethod
    def of(cls, values: Iterable[tuple[float, ...]], statistic: Statistic) -> Column:
        """The column of at least one tuple: a question's number, then k values."""
        table = np.array(list(values), dtype=np.float64)
        return cls(table[:, 0].astype(np.int64), np.ascontiguousarray(table[:, 1:].T), statistic)

    @property
    def value(self) -> float:
        """The figure without its interval."""
        return self.statistic(self.rows)

    @property
    def is_mean(self) -> bool:
        """Whether the figure is the mean of one value a question."""
        return self.statistic in (share, average) and len(np.unique(self.questions)) == len(self.questions)

    def estimate(self) -> Estimate:
        """The figure with its 95 % interval: Wilson's for shares, the bootstrap's for everything else."""
        return proportion(self.rows[0].tolist()) if self.statistic is share else resampled(self.statistic, *self.rows)
