"""What of a page belongs to its article: the stretches of text found, tables whole, and what stands between them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.formats.align import AlignedRange
from corpus.formats.html.layout import PageLayout
from corpus.formats.html.seen import SeenPage
from corpus.formats.html.tables import PageTable

_KEPT_SHARE = 0.3  # of a table's characters: with fewer, the table is none of the article's
_MOST_HEADINGS = 2  # one after the other


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A table of data or a heading, and its place in the visible text."""

    start: int
    end: int
    table: PageTable | None


def kept_parts(found: Sequence[AlignedRange], page: SeenPage) -> list[AlignedRange | PageTable]:
    """The stretches found, in order, with tables whole, and with tables and headings that stand between them.

    A table is kept whole if enough of it was found, or if it stands between two stretches with nothing but headings
    beside it. A heading is kept if it is right before a stretch that is not the first.
    """
    layout = page.layout
    tables = [_Candidate(*layout.extent(table.element), table) for table in page.tables]
    headings = [_Candidate(*layout.extent(heading), None) for heading in page.headings]
    beside = sorted([*tables, *headings], key=lambda one: (one.start, -one.end))
    kept: list[AlignedRange | PageTable] = []
    end = 0
    for part in _with_tables(found, tables, layout):
        start, stop = part if isinstance(part, AlignedRange) else layout.extent(part.element)
        if end and start > end:
            kept += _between(beside, layout.text, end, start)
        kept.append(part)
        end = stop
    return kept


def _between(beside: Sequence[_Candidate], text: str, end: int, start: int) -> list[AlignedRange | PageTable]:
    """The headings right before `start`, and the tables too if there is nothing else from `end` on."""
    taken: list[_Candidate] = []
    for index in range(bisect_left(beside, start, key=lambda one: one.start) - 1, -1, -1):
        one = beside[index]
        if one.start < end or one.end > start or text[one.end : start].strip():
            break
        taken.append(one)
        start = one.start
    if text[end:start].strip():
        tables = [number for number, one in enumerate(taken) if one.table]
        del taken[tables[0] if tables else len(taken) :]
    if sum(one.table is None for one in taken) > _MOST_HEADINGS:  # a list of other articles
        return []
    return [one.table or AlignedRange(one.start, one.end) for one in reversed(taken)]


def _with_tables(
    found: Sequence[AlignedRange], tables: Sequence[_Candidate], layout: PageLayout
) -> Iterator[AlignedRange | PageTable]:
    """The places found, with the whole table in place of those in a table of which enough is found."""
    places = list(_split(found, [offset for table in tables for offset in (table.start, table.end)]))
    index = 0
    for one in tables:
        first = bisect_left(places, one.start, index, key=lambda place: place.start)
        last = bisect_left(places, one.end, first, key=lambda place: place.start)
        yield from places[index:first]
        size = sum(_inked(layout.text, *place) for place in places[first:last])
        if one.table and size and size >= _KEPT_SHARE * _inked(layout.text, one.start, one.end):
            yield one.table
        else:
            yield from places[first:last]
        index = last
    yield from places[index:]


def _split(found: Sequence[AlignedRange], offsets: Sequence[int]) -> Iterator[AlignedRange]:
    """The places, cut at these offsets."""
    for start, end in found:
        low = start
        for offset in offsets[bisect_right(offsets, start) : bisect_left(offsets, end)]:
            yield AlignedRange(low, offset)
            low = offset
        yield AlignedRange(low, end)


def _inked(text: str, start: int, end: int) -> int:
    """The number of characters there that are no white space."""
    return sum(map(len, text[start:end].split()))
