"""Whether two passages are copies of one text, as when several outlets print the same wire story. Pure."""

from __future__ import annotations

from functools import lru_cache

from rag.same import words_of

_SHINGLE = 4  # words
_SHARED = 0.6  # of the shorter passage's shingles: an edited copy keeps more, two reports of one event far fewer


def are_copies(one: str, other: str) -> bool:
    """Whether most runs of four words of the shorter passage stand in the other (Broder's containment, 1997)."""
    first, second = _shingles(one), _shingles(other)
    fewest = min(len(first), len(second))
    return fewest > 0 and len(first & second) >= _SHARED * fewest


@lru_cache(maxsize=256)
def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = words_of(text).split()
    length = min(_SHINGLE, len(words)) or 1  # of fewer words, the one shingle is all of them; of none there is none
    return frozenset(tuple(words[first : first + length]) for first in range(len(words) - length + 1))
