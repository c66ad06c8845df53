"""How to choose among the passages of a question: EM and F1 of one stored run's readings, chosen in several ways.

    python -m eval.experiments.choosing RUN

The run is one that `pullquote eval run --open` kept; no model runs, so every way chooses from the same readings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from eval.experiments.command import mean, parser, table, write
from eval.metrics.answer_metrics import contains, em, f1
from eval.run import Run
from rag.answer import Reading, Trace
from rag.calibration import Calibration
from rag.decision.rank import candidates

Chooser = Callable[[Trace, Calibration], Reading | None]


@dataclass(frozen=True, slots=True)
class ChoosingFigures:
    """The means over the answerable questions, 0..1, of the readings that one way chose; nothing is withheld."""

    way: str
    em: float
    f1: float
    right: float


def first_passage(trace: Trace, _: Calibration) -> Reading | None:
    """The best reading of the passage that was retrieved first."""
    first = trace.hits[0].passage.id if trace.hits else None
    return max((one for one in trace.readings if one.passage.id == first), key=lambda one: one.margin, default=None)


def first_that_answers(trace: Trace, _: Calibration) -> Reading | None:
    """The best reading of the first passage whose margin says that it answers."""
    ranks = {hit.passage.id: rank for rank, hit in enumerate(trace.hits)}
    answering = [one for one in trace.readings if one.margin > 0] or list(trace.readings)
    return min(answering, key=lambda one: (ranks[one.passage.id], -one.margin), default=None)


def span_score(trace: Trace, _: Calibration) -> Reading | None:
    """The highest span score, what says "no answer" left aside: how Haystack's extractive reader ranks."""
    return max(trace.readings, key=lambda one: one.span_score, default=None)


def best_margin(trace: Trace, _: Calibration) -> Reading | None:
    """The highest margin."""
    return max(trace.readings, key=lambda one: one.margin, default=None)


def most_confident(trace: Trace, calibration: Calibration) -> Reading | None:
    """The best reading of the most confident answer: margin, retrieval score and agreement, as Pullquote does."""
    found = candidates(trace, calibration)
    return found[0].readings[0] if found else None


WAYS: Mapping[str, Chooser] = {
    "first passage": first_passage,
    "first passage that answers": first_that_answers,
    "span score (Haystack)": span_score,
    "best margin": best_margin,
    "confidence (Pullquote)": most_confident,
}


def measure(run: Run) -> Iterator[ChoosingFigures]:
    """A row for each way of choosing."""
    asked = [(record.trace, [gold.text for gold in record.example.golds]) for record in run.records]
    answerable = [(trace, golds) for trace, golds in asked if golds]
    for way, choose in WAYS.items():
        chosen = [(choose(trace, run.header.reader.calibration), golds) for trace, golds in answerable]
        answers = [(one.text if one else "", golds) for one, golds in chosen]
        yield ChoosingFigures(
            way,
            mean(em(text, golds) for text, golds in answers),
            mean(f1(text, golds) for text, golds in answers),
            mean(float(any(contains(text, gold) for gold in golds)) for text, golds in answers),
        )


def markdown(rows: Iterable[ChoosingFigures]) -> Iterator[str]:
    """The rows as a table, in per cent."""
    cells = ((row.way, *(f"{100 * share:.1f}" for share in (row.em, row.f1, row.right))) for row in rows)
    return table(("chosen by", "EM", "F1", "right"), cells)


if __name__ == "__main__":
    options = parser("choosing", "Ways to choose among passages.")
    options.add_argument("run", type=Path, help="a run that `pullquote eval run --open` kept")
    write(markdown(measure(Run.load(options.parse_args().run))))
