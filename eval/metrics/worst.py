"""The questions of a run that went worst: wrong though sure, answered though nothing answers, refused though right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Literal, get_args

from eval.datasets.example import has_place
from eval.metrics.judge import JudgedQuestion, first_hit
from eval.run import Record, Run, RunHeader
from rag.answer import Reading
from rag.decision.rank import candidates

Kind = Literal["wrong", "unanswerable", "refused"]
_KINDS: tuple[Kind, ...] = get_args(Kind)
_MOST_CASES = 12


@dataclass(frozen=True, slots=True)
class Case:
    """A question with the reading its best answer rests on, and that answer's confidence.

    `rank` is that of the first gold passage among those retrieved, 0 where none was, None where that is not known.
    """

    record: Record
    reading: Reading
    confidence: float
    rank: int | None


@dataclass(frozen=True, slots=True)
class Worst:
    """The first `cases` of the `total` questions that went wrong in one way, among `asked` that could."""

    kind: Kind
    asked: int
    total: int
    cases: tuple[Case, ...]


def worst(run: Run, all_judged: Sequence[JudgedQuestion]) -> tuple[Worst, ...]:
    """The three kinds, each with its worst cases first; `all_judged` are the run's records, judged, in their order."""
    return tuple(_worst(kind, run, all_judged) for kind in _KINDS)


def _worst(kind: Kind, run: Run, all_judged: Sequence[JudgedQuestion]) -> Worst:
    """Mistakes that were shown, the surest first; right readings that were not, the least sure first."""
    threshold = run.header.threshold
    asked = [number for number, one in enumerate(all_judged) if one.answerable == (kind != "unanswerable")]
    found = [number for number in asked if _kind(all_judged[number], threshold) == kind]
    found.sort(key=lambda number: all_judged[number].confidence, reverse=kind != "refused")
    cases = tuple(_case(run.records[number], run.header) for number in found[:_MOST_CASES])
    return Worst(kind, len(asked), len(found), cases)


def _kind(one: JudgedQuestion, threshold: float) -> Kind | None:
    if one.is_given(threshold):
        return ("wrong" if one.answerable else "unanswerable") if not one.right else None
    return "refused" if one.right and one.confidence > -inf else None


def _case(record: Record, header: RunHeader) -> Case:
    best = candidates(record.trace, header.reader.calibration)[0]
    is_known = header.mode != "given" and has_place(record.example)
    rank = (first_hit(record.example, record.trace.hits) or 0) if is_known else None
    return Case(record, best.readings[0], best.confidence, rank)
