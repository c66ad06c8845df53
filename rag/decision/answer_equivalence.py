"""Whether two short answers say the same: numbers, dates, sums and names in their different spellings. Pure.

What is not surely another spelling stays apart: two answers taken for one are worse than one answer told twice.
"""

from __future__ import annotations

from fractions import Fraction

from rag.decision.answer_normalisation import Date, Token, normalised

_NOT_COUNTED = frozenset(  # what looks like the plural of a thing, after a number
    "afterwards upwards onwards always perhaps others times does cents halves quarters thirds fourths fifths sixths"
    " sevenths eighths ninths tenths dozens hundreds thousands millions billions trillions".split()
)


def say_same(one: str, other: str) -> bool:
    """Whether two answers to one question say the same in other words.

    "About 800" is 800, "1,000" is "a thousand", "2 February" is "Feb. 2, 2026", "Dr. Ada King" is "Ada King", and "146"
    is "146 passengers"; "more than 800" is not 800, $5 is not €5, -5 is not 5, and 3-1 is not 31. Symmetric, but not
    transitive: what an answer leaves out may be more than one thing.
    """
    first, second = normalised(one), normalised(other)
    if not first.all or not second.all:  # punctuation only
        return one.strip() == other.strip() != ""
    if first.all == second.all:
        return True
    if first.titles and second.titles and first.titles != second.titles:
        return False
    cores = first.core, second.core
    return _agree(*cores) or _is_count(*cores) or _is_count(*reversed(cores))


def _agree(first: tuple[Token, ...], second: tuple[Token, ...]) -> bool:
    return len(first) == len(second) and all(
        one == other or (isinstance(one, Date) and isinstance(other, Date) and one.may_be(other))
        for one, other in zip(first, second, strict=True)
    )


def _is_count(bare: tuple[Token, ...], counted: tuple[Token, ...]) -> bool:
    """Whether the first is a bare number, and the second that number of something, or an age of so many years."""
    if len(bare) != 1 or not isinstance(bare[0], Fraction) or counted[0] != bare[0]:
        return False
    thing = counted[1] if len(counted) == 2 and isinstance(counted[1], str) else ""
    is_plural = len(thing) >= 4 and thing.endswith("s") and not thing.endswith(("ss", "us", "is"))
    is_thing = (is_plural and thing not in _NOT_COUNTED) or thing in {"people", "men", "women", "children"}
    return is_thing or counted[1:] == ("years", "old")
