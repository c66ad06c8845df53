"""Columns of a page: zones in which the same gutters part the text, one below the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.formats.pdf.lines import Line, is_right_to_left

_NARROWEST = 0.6  # of the size of the letters: the least width of a gutter
_ONE_LINE = 1.8  # of the size of the letters: what is further apart, and in no columns, is not of one line
_ENDLESS = float("inf")
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Band:
    """Lines that stand side by side: no other line of the page reaches between `bottom` and `top`."""

    lines: tuple[Line, ...]
    bottom: float
    top: float
    free: tuple[Interval, ...]  # the stretches of the page's width on which nothing stands

    @property
    def left(self) -> float:
        return self.free[0][1]

    @property
    def right(self) -> float:
        return self.free[-1][0]


@dataclass(frozen=True, slots=True)
class Zone:
    """Bands one below the other, and the gutters between their columns; without gutters, there is one column."""

    bands: tuple[Band, ...]
    gutters: tuple[Interval, ...] = ()

    @property
    def lines(self) -> list[Line]:
        return [line for band in self.bands for line in band.lines]


def bands_of(lines: Iterable[Line]) -> list[Band]:
    """The lines in bands from top to bottom."""
    found: list[Band] = []
    current: list[Line] = []
    bottom = top = 0.0
    for line in sorted(lines, key=lambda one: (-one.high, one.left)):
        if current and line.high <= bottom:
            found.append(_band(current, bottom, top))
            current = []
        bottom = min(bottom, line.low) if current else line.low
        top = max(top, line.high) if current else line.high
        current.append(line)
    if current:
        found.append(_band(current, bottom, top))
    return found


def _band(lines: list[Line], bottom: float, top: float) -> Band:
    free: list[Interval] = []
    reached = -_ENDLESS
    for line in sorted(lines, key=lambda one: one.left):
        if line.left > reached:
            free.append((reached, line.left))
        reached = max(reached, line.right)
    free.append((reached, _ENDLESS))
    return Band(tuple(sorted(lines, key=lambda one: one.left)), bottom, top, tuple(free))


def zones_of(bands: Sequence[Band]) -> list[Zone]:
    """The bands in zones: as many as share gutters, and the others one by one."""
    zones: list[Zone] = []
    number = floor = 0
    while number < len(bands):
        end, gutters = _shared(bands, number)
        if gutters and (end - number > 1 or len(bands[number].lines) > len(gutters) + 2):
            start = _first(bands, number, gutters, floor)
            del zones[len(zones) - (number - start) :]
            zones.append(Zone(tuple(bands[start:end]), gutters))
            number = floor = end
        else:
            zones.append(Zone((bands[number],)))
            number += 1
    return zones


def _shared(bands: Sequence[Band], start: int) -> tuple[int, tuple[Interval, ...]]:
    """Where the bands end that share gutters with the band at `start`, and these gutters."""
    size = median(line.size for line in bands[start].lines)
    free: Sequence[Interval] = bands[start].free
    left, right = bands[start].left, bands[start].right
    end, sided = start + 1, max(1, len(bands[start].lines) // len(free))
    if len(free) < 3 and not _are_in_turn(bands[start : start + 4]):
        return end, ()
    found = kept = _gutters(free, left, right, size)
    reached, widest = end, 0.0
    while end < len(bands):
        band, gap = bands[end], _gap(bands[end - 1], bands[end])
        is_other = not _begins_alike(band, found, size) or _crosses(band, found)
        is_apart = is_other and gap > 1.8 * max(widest, 0.4 * size)
        if end - start > 1 and (is_apart or _is_headline(bands[end - 1 : end + 2], size)):
            break
        widest = max(widest, gap)
        free = _both(free, band.free)
        left, right = min(left, band.left), max(right, band.right)
        is_sided = len(band.free) > 2 or _are_in_turn(bands[end - 1 : end + 1])
        inside = _gutters(free, left, right, size)
        if not inside:
            break
        found, end, sided = inside, end + 1, sided + is_sided
        reached, kept = (end, found) if is_sided else (reached, kept)
    end = next((place for place in range(reached, end) if _crosses(bands[place], kept)), end)
    found = kept if end == reached else found
    least = size * (2.0 if sided == 1 else 1.2 if sided == 2 else 0.7 if sided == 3 else _NARROWEST)
    found = tuple(one for one in found if one[1] - one[0] >= least)  # the wider, the fewer bands have two sides
    return _last(bands, reached, end), found


def _is_headline(bands: Sequence[Band], size: float) -> bool:
    """Whether the second of three bands is a large line with nothing beside it, between others in columns."""
    if len(bands) < 3 or len(bands[1].lines) > 1:
        return False
    if bands[1].lines[0].size < 1.15 * max(line.size for line in (*bands[0].lines, *bands[2].lines)):
        return False
    return len(bands[2].free) > 2 and (len(bands[0].free) > 2 or _gap(bands[0], bands[1]) > 2 * size)


def _are_in_turn(bands: Sequence[Band]) -> bool:
    """Whether bands of one line each stand left and right in turn, nearer than lines of one column: two columns."""
    return len(bands) > 1 and all(
        len(above.lines) == len(below.lines) == 1
        and (above.right < below.left or below.right < above.left)
        and above.lines[0].base - below.lines[0].base < above.lines[0].size
        for above, below in pairwise(bands)
    )


def _begins_alike(band: Band, gutters: Sequence[Interval], size: float) -> bool:
    """Whether a band is in one column, or one of its columns begins where one of the gutters ends."""
    starts = [high for _, high in band.free[1:-1]]
    return not starts or any(abs(start - high) < size for start in starts for _, high in gutters)


def _gutters(free: Iterable[Interval], left: float, right: float, size: float) -> tuple[Interval, ...]:
    """The free stretches inside that are wide enough."""
    return tuple(one for one in free if left <= one[0] and one[1] <= right and one[1] - one[0] >= _NARROWEST * size)


def _both(some: Sequence[Interval], others: Sequence[Interval]) -> list[Interval]:
    """The stretches that are free in both."""
    found: list[Interval] = []
    one = other = 0
    while one < len(some) and other < len(others):
        low, high = max(some[one][0], others[other][0]), min(some[one][1], others[other][1])
        if high > low:
            found.append((low, high))
        if some[one][1] < others[other][1]:
            one += 1
        else:
            other += 1
    return found


def _first(bands: Sequence[Band], start: int, gutters: tuple[Interval, ...], floor: int) -> int:
    """Where a zone begins whose first bands stand in one column: those before it, not before `floor`, that are near."""
    first = start
    while first > floor and _fits(bands[first - 1], gutters) and is_near(bands[first - 1], bands[first]):
        first -= 1
    is_end_of_paragraph = floor < first < start and is_near(bands[first - 1], bands[first])
    return start if is_end_of_paragraph else first


def _last(bands: Sequence[Band], reached: int, end: int) -> int:
    """Where a zone ends whose last bands stand in one column: a heading belongs to what it stands over."""
    if end == len(bands):
        return end
    last = end
    while last > reached and _gap(bands[last - 1], bands[last]) < _gap(bands[last - 2], bands[last - 1]):
        last -= 1
    return last


def _crosses(band: Band, gutters: tuple[Interval, ...]) -> bool:
    """Whether a line of a band reaches over a gutter."""
    return any(line.left < low and high <= line.right for line in band.lines for low, high in gutters)


def _fits(band: Band, gutters: tuple[Interval, ...]) -> bool:
    return len(band.lines) == 1 and all(band.right <= low or band.left >= high for low, high in gutters)


def _gap(above: Band, below: Band) -> float:
    return above.bottom - below.top


def is_near(above: Band, below: Band) -> bool:
    """Whether less than a line would fit between two bands."""
    return _gap(above, below) < 1.2 * min(line.size for line in (*above.lines, *below.lines))


def in_columns(zone: Zone) -> list[list[Line]]:
    """The lines of each column of a zone, from left to right; each line in the column in which it begins."""
    columns: list[list[Line]] = [[] for _ in range(len(zone.gutters) + 1)]
    for line in zone.lines:
        columns[column_at(line, zone.gutters)].append(line)
    return columns


def column_at(line: Line, gutters: Sequence[Interval]) -> int:
    """The number of the column in which a line begins."""
    start = line.left + min(0.5 * line.size, (line.right - line.left) / 2)
    return sum(start > (low + high) / 2 for low, high in gutters)


def side_by_side(band: Band) -> list[list[Line]]:
    """The lines of a band that are no columns, in groups that belong to one line: no wide gap parts them."""
    groups: list[list[Line]] = []
    for line in band.lines:
        size = max(line.size, groups[-1][-1].size) if groups else line.size
        if (
            groups
            and line.size < 3 * groups[-1][-1].size < 9 * line.size
            and abs(line.base - groups[-1][-1].base) < 0.5 * size
            and (line.left - groups[-1][-1].right < _ONE_LINE * size)
        ):
            groups[-1].append(line)
        else:
            groups.append([line])
    if is_right_to_left(band.lines):
        groups = [group[::-1] for group in groups[::-1]]
    return sorted(groups, key=lambda group: -round(group[0].base / (0.5 * group[0].size or 1)))
