"""Near copies among hits and readings, as when several outlets print one wire story; each story counts once. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TypeVar

from index.hit import Hit
from index.near_duplicates.shingles import share_contained, shingles
from rag.answer import Reading
from rag.decision.answer_normalisation import words_of

T = TypeVar("T")

NO_STORIES: Mapping[str, str] = MappingProxyType({})

_SHINGLE = 4  # words
_SHARED = 0.6  # of the shorter passage's shingles: an edited copy keeps more, two reports of one event far fewer
_CONTAINED = 0.7  # of a passage's shingles: it says nothing new beside a copy (docs/measurements/copies.md)

_hashed = lru_cache(maxsize=256)(shingles)


def are_copies(one: str, other: str) -> bool:
    """Whether most four-word shingles of the shorter passage stand in the other (Broder's containment, 1997)."""
    first, second = _shingles(one), _shingles(other)
    fewest = min(len(first), len(second))
    return fewest > 0 and len(first & second) >= _SHARED * fewest


def source_of(reading: Reading, stories: Mapping[str, str]) -> tuple[str, str]:
    """The story that a reading's article prints, or the article where it has no copies."""
    article = reading.passage.article_id
    return ("story", stories[article]) if article in stories else ("article", article)


def independent(items: Iterable[T], is_one_source: Callable[[T, T], bool]) -> list[T]:
    """The items without those of the same source as one before."""
    kept: list[T] = []
    for item in items:
        if not any(is_one_source(item, other) for other in kept):
            kept.append(item)
    return kept


def by_source(readings: Iterable[Reading], stories: Mapping[str, str]) -> list[tuple[Reading, ...]]:
    """The readings in their order, those out of the articles of one story together."""
    together: dict[object, list[Reading]] = defaultdict(list)
    for number, reading in enumerate(readings):
        together[stories.get(reading.passage.article_id, number)].append(reading)
    return [tuple(members) for members in together.values()]


def without_copies(hits: Iterable[Hit], stories: Mapping[str, str]) -> tuple[list[Hit], dict[str, list[Hit]]]:
    """The hits in their order without near copies of an earlier hit from another article of the story.

    And the copies left out, by the id of the passage that stands for them. A passage with words of its own stays.
    """
    kept: list[Hit] = []
    copies: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        if original := next((other for other in kept if _is_contained(hit, other, stories)), None):
            copies[original.passage.id].append(hit)
        else:
            kept.append(hit)
    return kept, dict(copies)


def _is_contained(hit: Hit, other: Hit, stories: Mapping[str, str]) -> bool:
    one, two = hit.passage, other.passage
    if one.article_id == two.article_id or stories.get(one.article_id, "") != stories.get(two.article_id):
        return False
    return share_contained(_hashed(one.text), _hashed(two.text)) >= _CONTAINED


@lru_cache(maxsize=256)
def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = words_of(text).split()
    length = min(_SHINGLE, len(words)) or 1  # of fewer words, the one shingle is all of them; of none there is none
    return frozenset(tuple(words[first : first + length]) for first in range(len(words) - length + 1))
