"""Early stopping: passages are read in rounds until none that is left could answer better."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from corpus.deadline import check_deadline
from index.hit import Hit
from rag.answer import Reading, Trace
from rag.calibration import ReaderCard
from rag.decision.rank import weighed

_FIRST_ROUND = 4  # passages: two for each of two cores

ReadAll = Callable[[Sequence[tuple[str, list[Hit]]]], list[list[Reading]]]  # `Reader.read_all`


def read_enough(traces: Sequence[Trace], read_all: ReadAll, card: ReaderCard) -> list[Trace]:
    """The traces, which have hits only, with their readings: of so many hits that no other could answer better.

    The questions are read together, in rounds; each stops by itself.
    """
    read = list(traces)
    waiting = list(range(len(read)))
    for batch in rounds(max((len(trace.hits) for trace in read), default=0), card):
        check_deadline()
        questions = [(read[number].query, list(read[number].hits[batch])) for number in waiting]
        for number, readings in zip(waiting, read_all(questions), strict=True):
            read[number] = replace(read[number], readings=(*read[number].readings, *readings))
        waiting = [number for number in waiting if not is_settled(read[number], batch.stop, card)]
    return read


def rounds(count: int, card: ReaderCard) -> Iterator[slice]:
    """The slices of `count` passages that are read one after the other: 4, 4, 8, 16 and so on.

    A reader without a reach reads them all at once.
    """
    start, end = 0, count if card.reach is None else _FIRST_ROUND
    while start < count:
        yield slice(start, min(end, count))
        start, end = end, 2 * end


def is_settled(trace: Trace, read: int, card: ReaderCard) -> bool:
    """Whether the hits after the first `read` can be left unread.

    They can where the one with the highest retrieval score would need a margin of the reader's `reach` to be as strong
    as the best answer that was read.
    """
    unread = trace.hits[read:]
    if not unread or card.reach is None:
        return not unread
    strengths = [card.calibration.strength(evidence) for _, evidence in weighed(trace)]
    ahead = card.calibration.retrieval * max(hit.score for hit in unread)
    return bool(strengths) and max(strengths) - ahead >= card.calibration.margin * card.reach
