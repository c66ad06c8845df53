"""The p of the difference between two runs: Fisher's randomisation test, paired by question.

If the runs were alike, which of the two gave which outcome of a question would be chance. So the outcomes of each
question are swapped or not, over and over; p is the share of the draws in which the figures are at least as far apart
as those of the two runs. Nothing is assumed about how values are distributed; all figures are tested alike.

`scipy.stats.permutation_test` is not used here: it doubles the smaller tail, draws other signs, and cannot keep several
values of one question together.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from eval.metrics.answer_metrics import Floats
from eval.metrics.column import Column

_DRAWS = 9_999
_FEWER_DRAWS = 999  # of figures that are no means, which are computed anew for each draw
_EXACT_UP_TO = 13  # questions that differ: 8,192 ways to swap them, all of which are looked at
_SEED = 20260401
_AT_ONCE = 2**22  # numbers held for a batch of draws
_ROUNDING = 1e-9  # sums in another order differ by less


def p_value(a: Column, b: Column) -> float:
    """The two-sided p of the difference between two runs of the same questions, numbered alike; the same every time."""
    if a.is_mean and b.is_mean and np.array_equal(a.questions, b.questions):
        return p_of_mean(b.rows[0] - a.rows[0])
    return p_of_statistic(a, b)


def p_of_mean(differences: Floats) -> float:
    """The p of a mean of differences, one a question: signs are drawn, or all looked at where few questions differ.

    Drawn, it is (k + 1) / (n + 1) where k of n draws are as far from 0: what was measured is one of the ways to swap.
    """
    differing = differences[differences != 0]
    least = abs(differing.sum()) - _ROUNDING * np.abs(differing).sum()
    if len(differing) <= _EXACT_UP_TO:
        every_sign = np.array(list(product((-1.0, 1.0), repeat=len(differing))))  # (2 ** n, n)
        return float((np.abs(every_sign @ differing) >= least).mean())
    rng = np.random.default_rng(_SEED)
    size = max(_AT_ONCE // len(differing), 1)
    extreme = 0
    for start in range(0, _DRAWS, size):
        drawn = rng.integers(0, 2, (min(size, _DRAWS - start), len(differing)), dtype=np.int8)
        extreme += int((np.abs((2.0 * drawn - 1) @ differing) >= least).sum())
    return (extreme + 1) / (_DRAWS + 1)


def p_of_statistic(a: Column, b: Column) -> float:
    """The p of the difference of any statistic: a question's rows, few or many, change sides together.

    A draw that leaves one side without rows counts against significance.
    """
    least = abs(b.value - a.value) - _ROUNDING
    questions = max(a.questions.max(), b.questions.max()) + 1
    rng = np.random.default_rng(_SEED)
    extreme = 0
    for _ in range(_FEWER_DRAWS):
        is_swapped = rng.random(questions) < 0.5
        one, other = _mixed(a, b, is_swapped), _mixed(b, a, is_swapped)
        if not one.size or not other.size or abs(b.statistic(other) - a.statistic(one)) >= least:
            extreme += 1
    return (extreme + 1) / (_FEWER_DRAWS + 1)


def _mixed(own: Column, other: Column, is_swapped: NDArray[np.bool]) -> Floats:
    """A column's rows where the questions stay, and the other column's where they are swapped."""
    stay, come = ~is_swapped[own.questions], is_swapped[other.questions]
    mixed: Floats = np.concatenate([own.rows[:, stay], other.rows[:, come]], axis=1)
    return mixed
