"""How many of the passages found are read: the first few, and more while one of them could still answer better."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from index.hit import Hit
from rag.answer import ReaderCard, Reading, Trace
from rag.decision.rank import strengths

_FIRST = 4  # two for each of two cores

ReadAll = Callable[[Sequence[tuple[str, list[Hit]]]], list[list[Reading]]]  # as a reader reads


def read_enough(traces: Sequence[Trace], read_all: ReadAll, card: ReaderCard) -> list[Trace]:
    """The traces, which have hits only, with their readings: of so many hits that no other could answer better.

    The questions are read together, in rounds; each stops by itself.
    """
    read = list(traces)
    waiting = list(range(len(read)))
    for some in rounds(max((len(trace.hits) for trace in read), default=0), card):
        asked = [(read[number].query, list(read[number].hits[some])) for number in waiting]
        for number, readings in zip(waiting, read_all(asked), strict=True):
            read[number] = replace(read[number], readings=(*read[number].readings, *readings))
        waiting = [number for number in waiting if not is_settled(read[number], some.stop, card)]
    return read


def rounds(count: int, card: ReaderCard) -> Iterator[slice]:
    """Which of so many passages are read one after the other: the first four, as many again, twice as many, and so on.

    A reader without a reach reads them all at once.
    """
    start, end = 0, count if card.reach is None else _FIRST
    while start < count:
        yield slice(start, min(end, count))
        start, end = end, 2 * end


def is_settled(trace: Trace, read: int, card: ReaderCard) -> bool:
    """Whether the hits of the trace after the first `read`, which gave its readings, can be left unread.

    They can where the best of them by retrieval would need a margin of the reader's `reach` to be as strong as the best
    answer that was read.
    """
    left = trace.hits[read:]
    if not left or card.reach is None:
        return not left
    found = strengths(trace, card.calibration)
    ahead = card.calibration.retrieval * max(hit.score for hit in left)
    return bool(found) and max(found) - ahead >= card.calibration.margin * card.reach
