"""The figures of one run at many thresholds; no model is run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from eval.metrics.answer_metrics import Floats, best_threshold, risks
from eval.metrics.judge import JudgedQuestion, column, judged
from eval.run import BadRun, Run

Flags = NDArray[np.bool]

_STEPS = 41


@dataclass(frozen=True, slots=True)
class SweepPoint:
    """The figures at a threshold, each a share of 0..1, or None where the set has no such question.

    `coverage` of all questions answered, `risk` of the answers wrong, `noans` of the unanswerable left unanswered,
    `hasans_kept` of the answerable that are answered.
    """

    threshold: float
    coverage: float
    risk: float
    em: float
    f1: float
    noans: float | None
    hasans_kept: float | None


class NothingToSweep(BadRun):
    """The run has no readings to put a threshold to; sweep one of a SQuAD file or a .jsonl."""


def judged_questions(run: Run) -> list[JudgedQuestion]:
    """Each settled question judged, whatever the threshold; NothingToSweep where none has a reading."""
    calibration = run.header.reader.calibration
    all_judged = [judged(record, calibration) for record in run.settled.records] if run.header.kind != "beir" else []
    if not any(one.confidence > -inf for one in all_judged):
        raise NothingToSweep(
            f"The run of {run.header.set} has no readings to put a threshold to; sweep one of a SQuAD file or a .jsonl."
        )
    return all_judged


def sweep(run: Run, thresholds: Sequence[float] | None = None) -> list[SweepPoint]:
    """A point for each threshold, lowest first (default: about 40 that divide the run's confidences evenly)."""
    all_judged = judged_questions(run)
    if thresholds is None:
        confidences = [one.confidence for one in all_judged if one.confidence > -inf]
        spaced = np.quantile(confidences, np.linspace(0, 1, _STEPS), method="inverted_cdf")
        thresholds = np.unique(spaced).tolist()
    return [_point(all_judged, threshold) for threshold in sorted(thresholds)]


def best_f1(run: Run) -> SweepPoint:
    """The point of the highest F1 over all questions; too high, because its threshold is chosen on the run itself."""
    all_judged = judged_questions(run)
    confidences, given = column(all_judged, "confidence"), column(all_judged, "f1")
    _, threshold = best_threshold(confidences, given, column(all_judged, "withheld"))
    return _point(all_judged, threshold)


def within_risk(run: Run, max_wrong: float) -> SweepPoint | None:
    """The point that answers most with at most `max_wrong` of the answers wrong; None where no threshold does."""
    all_judged = judged_questions(run)
    sure = [one for one in all_judged if one.confidence > -inf]
    confidences = column(sure, "confidence")
    allowed = np.flatnonzero(risks(confidences, 1 - column(sure, "right")) <= max_wrong)
    if not len(allowed):
        return None
    return _point(all_judged, float(-np.sort(-confidences)[allowed[-1]]))


def _point(all_judged: list[JudgedQuestion], threshold: float) -> SweepPoint:
    given = np.array([one.is_given(threshold) for one in all_judged])
    answerable = column(all_judged, "answerable") == 1
    withheld = column(all_judged, "withheld")
    return SweepPoint(
        threshold=threshold,
        coverage=float(given.mean()),
        risk=_share(1 - column(all_judged, "right"), given) or 0.0,
        em=float(np.where(given, column(all_judged, "em"), withheld).mean()),
        f1=float(np.where(given, column(all_judged, "f1"), withheld).mean()),
        noans=_share(~given, ~answerable),
        hasans_kept=_share(given, answerable),
    )


def _share(values: Floats | Flags, among: Flags) -> float | None:
    return float(values[among].mean()) if among.any() else None
