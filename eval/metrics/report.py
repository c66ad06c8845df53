"""The values of a report on a run: figures, curves, bins, times, worst questions. Nothing is drawn here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Literal, get_args

import numpy as np

from eval.metrics.answer_metrics import risks
from eval.metrics.interval import Estimate, proportion
from eval.metrics.judge import JudgedQuestion, column, first_hit, gains, judged
from eval.metrics.score import score
from eval.metrics.worst import Worst, worst
from eval.run import Record, Run, RunHeader
from index.hit import Hit, ranked

Order = Literal["fused", "dense", "lexical"]
ORDERS: tuple[Order, ...] = get_args(Order)

_BINS = 10
_MOST_POINTS = 120  # of a curve: more cannot be told apart


@dataclass(frozen=True, slots=True)
class Curve:
    """success@1, @2, ... of the same passages, ordered by one of their scores; `fused` is how they were retrieved."""

    order: Order
    shares: tuple[Estimate, ...]


@dataclass(frozen=True, slots=True)
class Bin:
    """The answers whose confidence is `low` to `high`: their mean confidence, and the share of them that is right."""

    low: float
    high: float
    confidence: float
    right: Estimate


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """At a threshold: `coverage` of all questions answered, `risk` of these answers wrong."""

    threshold: float
    coverage: float
    risk: float


@dataclass(frozen=True, slots=True)
class Stage:
    """The seconds that one stage took for the `n` questions that went through it."""

    name: str
    n: int
    median: float
    p95: float


@dataclass(frozen=True, slots=True)
class Tally:
    """How many questions were asked, how many of them something answers, were answered, were answered rightly."""

    asked: int
    answerable: int
    answered: int
    right: int
    refused_rightly: int


@dataclass(frozen=True, slots=True)
class Report:
    """All that is shown of a run; what the run does not have is empty, or None.

    `given` and `withheld` are the best answers on either side of the threshold, `chosen` is the threshold in force.
    """

    header: RunHeader
    figures: Mapping[str, Estimate]
    tally: Tally
    curves: tuple[Curve, ...]
    given: tuple[Bin, ...]
    withheld: tuple[Bin, ...]
    risk: tuple[RiskPoint, ...]
    chosen: RiskPoint | None
    stages: tuple[Stage, ...]
    worst: tuple[Worst, ...]


def report(run: Run) -> Report:
    """The report on a run at the threshold it was made for; one without questions, or without readings, is fine.

    Of questions that are not settled it has the figures alone.
    """
    header, threshold = run.header, run.header.threshold
    figures = score(run).metrics if run.records else {}
    run = run.settled
    is_read = header.kind != "beir"
    all_judged = [judged(record, header.reader.calibration) for record in run.records] if is_read else []
    sure = [one for one in all_judged if one.confidence > -inf]
    return Report(
        header=header,
        figures=figures,
        tally=_tally(run, all_judged),
        curves=success_curves(run) if "success@1" in figures else (),
        given=bins([one for one in sure if one.is_given(threshold)]),
        withheld=bins([one for one in sure if not one.is_given(threshold)]),
        risk=risk_curve(sure, len(all_judged)),
        chosen=risk_at(sure, len(all_judged), threshold),
        stages=stages(run.records),
        worst=worst(run, all_judged) if sure else (),
    )


def success_curves(run: Run) -> tuple[Curve, ...]:
    """A curve for every order the hits have scores for: each ranks the very hits that the fused search returned."""
    asked = [record for record in run.records if record.example.golds or record.example.relevant]
    hits = [hit for record in asked for hit in record.trace.hits]
    known = [order for order in ORDERS if order == "fused" or any(getattr(hit, order) for hit in hits)]
    return tuple(_curve(order, asked, _ranks(asked, run.header)) for order in known)


def bins(answers: Sequence[JudgedQuestion]) -> tuple[Bin, ...]:
    """The answers in ten equal bins of confidence, as ECE has them; bins without answers are left out."""
    places = np.minimum((column(answers, "confidence") * _BINS).astype(int), _BINS - 1)
    found = []
    for place in range(_BINS):
        inside = [one for one, at in zip(answers, places, strict=True) if at == place]
        if inside:
            confidence = float(column(inside, "confidence").mean())
            right = proportion([one.right for one in inside])
            found.append(Bin(place / _BINS, (place + 1) / _BINS, confidence, right))
    return tuple(found)


def risk_curve(sure: Sequence[JudgedQuestion], asked: int) -> tuple[RiskPoint, ...]:
    """Risk against coverage, least coverage first, at thresholds spread evenly over the answers."""
    if not sure:
        return ()
    confidences = column(sure, "confidence")
    risk = risks(confidences, 1 - column(sure, "right"))
    falling = -np.sort(-confidences)
    ends = np.flatnonzero(np.append(falling[1:] != falling[:-1], True))  # equal confidences stand or fall together
    kept = ends[np.unique(np.linspace(0, len(ends) - 1, _MOST_POINTS).round().astype(int))]
    return tuple(RiskPoint(float(falling[end]), float((end + 1) / asked), float(risk[end])) for end in kept)


def risk_at(sure: Sequence[JudgedQuestion], asked: int, threshold: float) -> RiskPoint | None:
    """The point of one threshold; None where nothing is answered from it on."""
    given = [one for one in sure if one.is_given(threshold)]
    if not given:
        return None
    return RiskPoint(threshold, len(given) / asked, float(1 - column(given, "right").mean()))


def stages(records: Iterable[Record]) -> tuple[Stage, ...]:
    """What each stage took, in the order they ran."""
    taken: dict[str, list[float]] = {}
    for record in records:
        for name, seconds in record.trace.seconds.items():
            taken.setdefault(name, []).append(seconds)
    return tuple(
        Stage(name, len(seconds), *map(float, np.percentile(seconds, [50, 95]))) for name, seconds in taken.items()
    )


def _tally(run: Run, all_judged: Sequence[JudgedQuestion]) -> Tally:
    given = [one.is_given(run.header.threshold) for one in all_judged]
    right = sum(shown and one.right > 0 for one, shown in zip(all_judged, given, strict=True))
    refused = sum(not (shown or one.answerable) for one, shown in zip(all_judged, given, strict=True))
    return Tally(len(run.records), sum(one.answerable for one in all_judged), sum(given), right, refused)


def _ranks(records: Iterable[Record], header: RunHeader) -> int:
    """How many ranks there are to show: as many as were retrieved for every question, and the same in articles.

    Where articles are judged, 100 passages may come from a dozen of them. A question with fewer passages than were
    wanted got all that its library has.
    """
    full = [record for record in records if len(record.trace.hits) >= header.depth]
    return min([header.depth, *(len(gains(record.example, record.trace.hits)) for record in full)])


def _curve(order: Order, records: Sequence[Record], ranks: int) -> Curve:
    firsts = [first_hit(record.example, _ordered(record.trace.hits, order)) or inf for record in records]
    return Curve(order, tuple(proportion([float(first <= k) for first in firsts]) for k in range(1, ranks + 1)))


def _ordered(hits: Sequence[Hit], order: Order) -> Sequence[Hit]:
    return hits if order == "fused" else ranked(replace(hit, score=getattr(hit, order)) for hit in hits)
