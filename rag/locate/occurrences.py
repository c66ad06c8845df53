"""Every place where a quote stands in a text, also where it overlaps itself, in time linear in the text. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from corpus.deadline import check_deadline

_SHORT = 64  # characters; shorter quotes may stand in so many places that each place costs too much
_MOST_COMPARED = 2**16  # characters at once


def occurrences(text: str, quote: str) -> Iterator[int]:
    """Where the quote begins in the text, in order."""
    return chain.from_iterable(_runs(text, quote))


def count_occurrences(text: str, quote: str) -> int:
    """How many times the quote stands in the text."""
    if _period(quote) == len(quote):  # no two overlap
        return text.count(quote)
    if len(quote) >= _SHORT:
        return sum(map(len, _runs(text, quote)))
    begins = re.compile(f"(?={re.escape(quote)})")
    count = 0
    for first in range(0, len(text), _MOST_COMPARED):
        check_deadline()
        count += len(begins.findall(text, first, first + _MOST_COMPARED + len(quote) - 1))
    return count


def _runs(text: str, quote: str) -> Iterator[range]:
    """The occurrences, those a period of the quote apart together.

    Of two occurrences that overlap, the second is a period of the quote further on: the least one, or else one so long
    that the search goes on behind all but the least period's length of the first (Fine and Wilf 1965). So the search
    looks at no character more than twice.
    """
    period = _period(quote)
    after = max(period, len(quote) - period) + 1
    start = text.find(quote)
    while start >= 0:
        check_deadline()
        end = _repeats_until(text, quote, period, start)
        found = range(start, end - len(quote) + 1, period)
        yield found
        start = text.find(quote, found[-1] + after)


@lru_cache(maxsize=16)
def _period(quote: str) -> int:
    """The least number of characters by which the quote can be moved so that it agrees with itself."""
    borders = [0] * len(quote)  # of each beginning: the longest end of it that it begins with (Knuth, Morris and Pratt)
    for at in range(1, len(quote)):
        length = borders[at - 1]
        while length and quote[at] != quote[length]:
            length = borders[length - 1]
        borders[at] = length + (quote[at] == quote[length])
    return len(quote) - borders[-1]


def _repeats_until(text: str, quote: str, period: int, start: int) -> int:
    """Where a text ends to repeat the characters of a period, of which the quote at `start` is made."""
    end = start + len(quote)
    repeated, times = quote[-period:], 1
    while times:
        if text.startswith(repeated * times, end):
            end += period * times
            times = min(2 * times, max(_MOST_COMPARED // period, 1))
        else:
            times //= 2
    return end
