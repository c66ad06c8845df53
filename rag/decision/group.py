"""Readings that say the same belong together; readings that differ stay apart."""

from __future__ import annotations

from collections.abc import Iterable

from rag.answer import Reading
from rag.decision.answer_equivalence import say_same


def group(readings: Iterable[Reading]) -> list[tuple[Reading, ...]]:
    """The distinct answers, the one with the best reading first.

    Readings belong together that all say the same (`rag.decision.answer_equivalence`): "146 dogs" and "146 cats" may
    each be "146", but not both. Two spans that share words of one article are one reading as well: the better one. A
    passage that rather does not answer (a margin below 0) supports nothing, though the words stand in it.
    """
    groups: list[list[Reading]] = []
    taken: list[Reading] = []
    for reading in sorted(readings, key=lambda one: (-one.margin, one.passage.id, one.span)):
        if any(_share_words(reading, other) for other in taken):
            continue
        taken.append(reading)
        fitting = (members for members in groups if all(say_same(one.text, reading.text) for one in members))
        if members := next(fitting, None):
            members.append(reading)
        else:
            groups.append([reading])
    return [(best, *(one for one in others if one.margin >= 0)) for best, *others in groups]


def _share_words(reading: Reading, other: Reading) -> bool:
    same_article = reading.passage.article_id == other.passage.article_id
    return same_article and reading.article_span.overlaps(other.article_span)
