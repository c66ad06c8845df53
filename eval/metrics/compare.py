"""The differences of two runs of one set: every metric that both have, and the questions that flipped."""

from __future__ import annotations

from dataclasses import dataclass

from eval.metrics.judge import judged
from eval.metrics.measures import columns
from eval.metrics.significance import p_value
from eval.run import BadRun, Mode, Record, Run


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two runs: what it was measured with, and how many questions it asked."""

    mode: Mode
    encoder: str
    reader: str
    threshold: float
    started: str
    questions: int


@dataclass(frozen=True, slots=True)
class MetricDifference:
    """One metric of both runs over the `n` shared questions it is about; `difference` is b - a."""

    a: float
    b: float
    difference: float
    p: float
    n: int


@dataclass(frozen=True, slots=True)
class Flip:
    """A question that one run answered right and the other wrong; an answer is None where none was given."""

    id: str
    question: str
    golds: tuple[str, ...]
    a: str | None
    b: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Run b against run a on the questions they share, each judged at its own threshold.

    `lost` were right in a and are wrong in b, `gained` the other way.
    """

    set: str
    a: Side
    b: Side
    shared: int
    metrics: dict[str, MetricDifference]
    lost: tuple[Flip, ...]
    gained: tuple[Flip, ...]


class NotComparable(BadRun):
    """The runs have no questions in common that could be set side by side; compare two runs of one set."""


def compare(a: Run, b: Run) -> Comparison:
    """The differences of run b from run a, on the questions that both asked; NotComparable where there are none."""
    if a.header.digest != b.header.digest:
        raise NotComparable(f"The runs asked different sets ({_set(a)} and {_set(b)}); compare two runs of one set.")
    if (a.header.mode == "without") != (b.header.mode == "without"):
        raise NotComparable(
            "Only one of the runs was asked without the articles that answer, so that what is right in one is wrong in "
            "the other; compare two runs with --without, or two others."
        )
    first, second = _shared(a, b)
    lost, gained = _flips(first, second)
    return Comparison(
        a.header.set, _side(a), _side(b), len(first.records), _differences(first, second), lost, gained
    )  # fmt: skip


def _set(run: Run) -> str:
    return f"{run.header.set}, digest {run.header.digest[:12]}"


def _side(run: Run) -> Side:
    header = run.header
    return Side(
        header.mode, header.encoder, header.reader.name, header.threshold, header.started, len(run.records)
    )  # fmt: skip


def _shared(a: Run, b: Run) -> tuple[Run, Run]:
    """Both runs with the questions that both have, paired by id, in the order of a."""
    in_a, in_b = _by_id(a), _by_id(b)
    ids = [identity for identity in in_a if identity in in_b]
    if not ids:
        raise NotComparable(
            "The runs share no question, each having asked another part of the set; compare runs with the same --limit."
        )
    return Run(a.header, tuple(in_a[one] for one in ids)), Run(b.header, tuple(in_b[one] for one in ids))


def _by_id(run: Run) -> dict[str, Record]:
    found = {record.example.id: record for record in run.records}
    if len(found) < len(run.records):
        raise NotComparable(
            f"Several questions of {run.header.set} have the same id, so that they cannot be paired; give each its own "
            "in the set and run it again."
        )
    return found


def _differences(a: Run, b: Run) -> dict[str, MetricDifference]:
    """The metrics of two runs whose records are of the same questions in the same order."""
    in_b = columns(b, b.header.threshold)
    found = {}
    for name, one in columns(a, a.header.threshold).items():
        if other := in_b.get(name):
            asked = {*one.questions.tolist(), *other.questions.tolist()}
            found[name] = MetricDifference(
                one.value, other.value, other.value - one.value, p_value(one, other), len(asked)
            )
    return found


def _flips(a: Run, b: Run) -> tuple[tuple[Flip, ...], tuple[Flip, ...]]:
    """The questions lost and gained; none of a set whose answers are not known."""
    lost: list[Flip] = []
    gained: list[Flip] = []
    pairs = zip(a.settled.records, b.settled.records, strict=True) if a.header.kind != "beir" else ()
    for before, after in pairs:
        one, other = judged(before, a.header.reader.calibration), judged(after, b.header.reader.calibration)
        was_right, is_right = one.is_right(a.header.threshold), other.is_right(b.header.threshold)
        if was_right == is_right:
            continue
        golds = tuple(dict.fromkeys(gold.text for gold in before.example.golds))
        answers = one.answer(a.header.threshold), other.answer(b.header.threshold)
        flip = Flip(before.example.id, before.example.question, golds, *answers)
        (lost if was_right else gained).append(flip)
    return tuple(lost), tuple(gained)
