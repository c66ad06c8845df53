"""Answers of several spans: one stored run of MultiSpanQA, its answers as one span and as the items of their lists.

    pullquote eval run --given DATA/reading/multispan-half.json.gz
    python -m eval.experiments.reading.listing RUN

All gold answers of a question are one answer. Nothing is withheld, and no model runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.experiments.command import parser, table, write
from eval.metrics.list_metrics import Pair, SpanFigures, exact_match, partial_match
from eval.run import Record, Run
from rag.answer import Reading
from rag.calibration import Calibration
from rag.decision.rank import candidates
from rag.reader.question_type import asks_for_several


@dataclass(frozen=True, slots=True)
class ListingFigures:
    """The figures of some of the questions, their answers being read in one way."""

    questions: str
    way: str
    exact: SpanFigures
    partial: SpanFigures


def measure(run: Run) -> Iterator[ListingFigures]:
    """A row for each way, over all questions and over those that ask for several by their grammar."""
    chosen = [(record, _best(record, run.header.reader.calibration)) for record in run.records if record.example.golds]
    several = [one for one in chosen if asks_for_several(one[0].example.question)]
    for name, part in ((f"all ({len(chosen)})", chosen), (f"asked for in the plural ({len(several)})", several)):
        yield _figures(name, "one span", [([one.text] if one else [], _golds(record)) for record, one in part])
        yield _figures(name, "items", [(_items(one), _golds(record)) for record, one in part])


def _best(record: Record, calibration: Calibration) -> Reading | None:
    found = candidates(record.trace, calibration)
    return found[0].readings[0] if found else None


def _golds(record: Record) -> list[str]:
    return [gold.text for gold in record.example.golds]


def _items(reading: Reading | None) -> list[str]:
    spans = (reading.parts or (reading.span,)) if reading else ()
    return [span.cut(reading.passage.text) for span in spans] if reading else []


def _figures(questions: str, way: str, pairs: Sequence[Pair]) -> ListingFigures:
    return ListingFigures(questions, way, exact_match(pairs), partial_match(pairs))


def _shares(figures: SpanFigures) -> tuple[float, float, float]:
    return figures.precision, figures.recall, figures.f1


def markdown(rows: Iterable[ListingFigures]) -> Iterator[str]:
    """The rows as a table: precision, recall and F1 of exact and of partial matches."""
    cells = ((row.questions, row.way, *_shares(row.exact), *_shares(row.partial)) for row in rows)
    return table(("questions", "answers as", "exact P", "R", "F1", "partial P", "R", "F1"), cells)


if __name__ == "__main__":
    options = parser("listing", "Answers of several spans.")
    options.add_argument("run", type=Path, help="a run that `pullquote eval run` kept of MultiSpanQA")
    write(markdown(measure(Run.load(options.parse_args().run))))
