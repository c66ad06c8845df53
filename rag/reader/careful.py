"""The careful reader: a larger network reads again the few passages in which a fast one found the best answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from index.hit import Hit
from rag.answer import FirstReading, Reading, Trace
from rag.calibration import ReaderCard
from rag.decision.rank import reranked
from rag.reader.early_stopping import read_enough
from rag.reader.read import SpanReader

REREAD = 4  # passages of a question


class CarefulReader:
    """Two span readers, one behind the other; safe to share between threads."""

    def __init__(self, fast: SpanReader, careful: SpanReader) -> None:
        self._fast, self._careful = fast, careful

    @property
    def card(self) -> ReaderCard:
        """The careful reader's, whose calibration knows what the fast one says."""
        return self._careful.card

    def read_all(self, questions: Sequence[tuple[str, list[Hit]]]) -> list[list[Reading]]:
        """For each question the careful readings of the passages that the fast reader thinks best, in its order.

        Each has beside it what the fast reader read in its passage. Other passages have no reading.
        """
        unread = [Trace(question, tuple(hits), ()) for question, hits in questions]
        first = read_enough(unread, self._fast.read_all, self._fast.card)
        chosen = [(trace.question, self._best(trace)) for trace in first]
        return [
            _beside(trace.readings, readings)
            for trace, readings in zip(first, self._careful.read_all(chosen), strict=True)
        ]

    def _best(self, trace: Trace) -> list[Hit]:
        read = {reading.passage.id for reading in trace.readings}
        ranked = reranked(trace, self._fast.card.calibration)
        return [hit for hit in ranked if hit.passage.id in read][:REREAD]


def _beside(first: Iterable[Reading], second: Iterable[Reading]) -> list[Reading]:
    """The second readings, each with the margin of the first one in its passage that shares most words, or is best."""
    by_passage: dict[str, list[Reading]] = defaultdict(list)
    for reading in first:
        by_passage[reading.passage.id].append(reading)
    return [replace(one, first=_first(by_passage[one.passage.id], one)) for one in second]


def _first(readings: list[Reading], second: Reading) -> FirstReading | None:
    sharing = [one for one in readings if one.span.overlaps(second.span)]
    if not readings:
        return None
    best = max(sharing or readings, key=lambda one: one.margin)
    return FirstReading(best.margin, bool(sharing))
