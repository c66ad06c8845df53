"""What margins mean: the logistic curve from a margin to the chance that the answer is right."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from eval.metrics import Floats
from eval.run import BadRun
from rag.answer import Calibration

_PRIOR = 1.0  # of the L2 penalty, in units of one answer: keeps a separable sample from an infinite slope
_STEPS = 50
_CONVERGED = 1e-10


class NothingToFit(BadRun):
    """There are no answers to fit a curve to; run a set whose questions get readings."""


def fit_calibration(pairs: Iterable[tuple[float, bool]]) -> Calibration:
    """The curve of Platt scaling (1999) that fits pairs of margin and rightness best, by Newton's method.

    Penalised in standardised margins; never falling, so where larger margins are no better the curve is flat.
    """
    table = np.array([(margin, float(right)) for margin, right in pairs], dtype=np.float64).reshape(-1, 2)
    if not len(table):
        raise NothingToFit("There are no answers to fit a curve to; run a set whose questions get readings.")
    margins, right = table[:, 0], table[:, 1]
    middle, spread = float(margins.mean()), float(margins.std()) or 1.0
    slope, intercept = _fitted((margins - middle) / spread, right)
    if slope <= 0:
        share = (right.sum() + _PRIOR) / (len(right) + 2 * _PRIOR)
        return Calibration(0.0, float(np.log(share / (1 - share))))
    return Calibration(slope / spread, intercept - slope * middle / spread)


def _fitted(margins: Floats, right: Floats) -> tuple[float, float]:
    """Slope and intercept of the least penalised log loss; each step is halved until it gains."""
    design = np.stack([margins, np.ones_like(margins)], axis=1)  # (n, 2)
    weights = np.zeros(2)
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-design @ weights))
        gradient = design.T @ (chance - right) + _PRIOR * weights
        curvature = (design.T * (chance * (1 - chance))) @ design + _PRIOR * np.eye(2)
        step = np.linalg.solve(curvature, gradient)
        while _loss(design, right, weights - step) > _loss(design, right, weights) and np.abs(step).max() > _CONVERGED:
            step /= 2
        weights = weights - step
        if np.abs(step).max() <= _CONVERGED:
            break
    return float(weights[0]), float(weights[1])


def _loss(design: Floats, right: Floats, weights: Floats) -> float:
    logits = design @ weights
    return float(np.sum(np.logaddexp(0, logits) - right * logits) + _PRIOR / 2 * weights @ weights)
