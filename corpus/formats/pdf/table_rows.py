"""The rows of a table whose cells stand under each other, by its rules and by the places of its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.formats.pdf.characters import Box
from corpus.formats.pdf.columns import Interval, Zone, column_at, in_columns
from corpus.formats.pdf.lines import Line, joined, split
from corpus.formats.pdf.tables import crossing_rules, is_ended, is_open
from corpus.offset_map import Edit

_ENDLESS = float("inf")


@dataclass(frozen=True, slots=True)
class _Row:
    """Lines on one height, by the number of their column, at `base`."""

    cells: dict[int, list[Line]]
    base: float


def rows_of(zone: Zone, rules: Sequence[Box]) -> list[list[Line | None]]:
    """The cells of each row, None where one is empty; all rows have as many."""
    gutters = _table_gutters(zone)
    rows = _level_rows([part for line in zone.lines for part in _cut(line, gutters)], gutters)
    left, right = min(band.left for band in zone.bands), max(band.right for band in zone.bands)
    heights = crossing_rules(rules, left, right, zone.bands[0].top, zone.bands[-1].bottom)
    groups = _grouped(rows, heights, gutters)
    cells = [_cells(group, len(gutters) + 1) for group in groups]
    return _merged_columns(cells, [any(_shared(one, other) for other in zone.gutters) for one in gutters])


def _shared(one: Interval, other: Interval) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _merged_columns(rows: list[list[Line | None]], is_clear: Sequence[bool]) -> list[list[Line | None]]:
    """The rows without empty columns; a heading that stands beside a column, and not over it, is that column's."""
    number = 0
    clear = list(is_clear)
    while number < len(clear):
        both = any(row[number] and row[number + 1] for row in rows)
        is_empty = not any(row[number] for row in rows) or not any(row[number + 1] for row in rows)
        is_single = any(sum(row[place] is not None for row in rows) == 1 for place in (number, number + 1))
        if is_empty or not (both or (clear[number] and not is_single)):
            rows = [[*row[:number], row[number] or row[number + 1], *row[number + 2 :]] for row in rows]
            del clear[number]
        else:
            number += 1
    return rows


def _table_gutters(zone: Zone) -> list[Interval]:
    """The gutters of the zone, and those that all but a few lines of a column leave free: headings over two columns."""
    gutters: list[Interval] = []
    for number, column in enumerate(in_columns(zone)):
        inside = set(map(id, column))
        heading = [line for line in zone.bands[0].lines if id(line) in inside]
        for gutter in _almost_free(column):
            parts = _around(gutter, heading)
            gutters += parts[:-1] if gutter[1] == _ENDLESS else parts
        gutters += zone.gutters[number : number + 1]
    return gutters


def _almost_free(column: Sequence[Line]) -> list[Interval]:
    """The gutters inside a column that at most one of eight rows crosses, and what is right of its fuller part."""
    rows = len({round(line.base) for line in column})
    if rows < 4:
        return []
    most, least = max(1, rows // 8), 0.5 * median(line.size for line in column)
    edges = sorted(edge for line in column for edge in ((line.left, 1), (line.right, -1)))
    found: list[Interval] = []
    covered, start = 0, 0.0
    is_inside = False
    for place, step in [*edges, (_ENDLESS, most + 1)]:
        covered += step
        if step < 0 and covered == most:
            start = place
        elif step > 0 and covered > most >= covered - step:
            if is_inside and place - start >= least:
                found.append((start, place))
            is_inside = True
    return found


def _around(gutter: Interval, heading: Sequence[Line]) -> list[Interval]:
    """The gutter, or the parts of it beside the headings that stand in it: over columns that are mostly empty."""
    inside = [line for line in heading if gutter[0] < line.left and line.right < gutter[1]]
    edges = [gutter[0], *(edge for line in inside for edge in (line.left, line.right)), gutter[1]]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _cut(line: Line, gutters: Sequence[Interval]) -> list[Line]:
    """The parts of a line that reaches over gutters: it is cut where two words have a gutter between them."""
    parts: list[Line] = []
    for low, high in gutters:
        middle = (low + high) / 2
        near = [gap for gap in line.gaps if abs(gap[1] + gap[2] - 2 * middle) < high - low + line.size]
        gap = min(near, key=lambda one: abs(one[1] + one[2] - 2 * middle), default=None)
        if gap and line.left < low and high < line.right and _parts_cells(line, gap):
            first, line = split(line, gap)
            parts.append(first)
    return [*parts, line]


def _parts_cells(line: Line, gap: tuple[int, float, float]) -> bool:
    """Whether a gap between words is wide, or stands between two numbers."""
    place, left, right = gap
    words = line.text[max(0, place - 3) : place], line.text[place : place + 4]
    return right - left > 0.35 * line.size or all(any(map(str.isdigit, word)) for word in words)


def _level_rows(lines: Sequence[Line], gutters: Sequence[Interval]) -> list[_Row]:
    rows: list[_Row] = []
    for line in sorted(lines, key=lambda one: -one.base):
        if not rows or rows[-1].base - line.base > 0.35 * line.size:
            rows.append(_Row({}, line.base))
        rows[-1].cells.setdefault(column_at(line, gutters), []).append(line)
    for row in rows:
        for cell in row.cells.values():
            cell.sort(key=lambda one: one.left)
    return rows


def _grouped(rows: Sequence[_Row], heights: Sequence[float], gutters: Sequence[Interval]) -> list[list[_Row]]:
    """The rows of lines that make one row of the table: between two rules, or wrapped cells and what is beside."""
    parts = [sum(row.base < height for height in heights) for row in rows]
    keyed = sum(0 in row.cells for row in rows)
    full = [part for part, row in zip(parts, rows, strict=True) if 2 * len(row.cells) > len(gutters) + 1]
    is_grid = len(set(parts)) >= max(3, 0.6 * keyed) and len(full) == len(set(full))
    steps = [above.base - below.base for above, below in pairwise(rows)]
    least = min(steps, default=0.0)
    rights = [
        max((line.right for row in rows for line in row.cells.get(number, ())), default=0.0)
        for number in range(len(gutters) + 1)
    ]
    groups: list[list[_Row]] = []
    for number, row in enumerate(rows):
        is_same = number > 0 and parts[number] == parts[number - 1]
        if is_same and (is_grid or _is_wrapped(groups[-1], row, (steps[number - 1], least, max(steps)), rights)):
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _is_wrapped(group: Sequence[_Row], row: _Row, steps: tuple[float, float, float], rights: Sequence[float]) -> bool:
    """Whether a row of lines continues the cells above it; `steps` are the one to it, the least and the most."""
    step, least, most = steps
    above = group[-1].cells
    if step > 1.25 * least or not set(row.cells) <= set(group[0].cells) | set(above):
        return False
    if len(row.cells) >= len(group[0].cells) and len(group[0].cells) > 1:
        pairs = [(above[number][-1], cell[0]) for number, cell in row.cells.items() if number in above]
        return (
            most > 1.3 * least
            and len(pairs) == len(row.cells)
            and any(_is_open(*pair) for pair in pairs)
            and (not any(is_ended(over) for over, _ in pairs))
        )
    numbers = [number for number in row.cells if number in above]
    if not numbers:
        return False
    is_open = most > 1.3 * least
    goes_on = all(_runs_on(above[number][-1], row.cells[number][0], rights[number], is_open) for number in numbers)
    return goes_on or (is_open and 0 not in row.cells)


def _is_open(over: Line, below: Line) -> bool:
    return below.text[0].islower() or is_open(over)


def _runs_on(over: Line, below: Line, right: float, is_open: bool) -> bool:
    """Whether a line of a cell goes on in the one below; `right` is the right edge of the column.

    The rows of a table that `is_open` are further apart than the lines of one row.
    """
    is_full = is_open and over.right > 0.85 * right and len(over.text) > 12
    return below.text[0].islower() or over.text[-1] in "-,&/(" or is_full


def _cells(group: Sequence[_Row], count: int) -> list[Line | None]:
    cells: list[Line | None] = []
    for number in range(count):
        lines = [line for row in group for line in row.cells.get(number, ())]
        cells.append(joined(lines) if lines else None)
    return cells


def row_line(cells: Sequence[Line | None]) -> Line:
    """A row as one line: `a | b | c`, with empty cells in their place."""
    filled = [cell for cell in cells if cell]
    pieces: list[Edit] = []
    text = ""
    waiting = ""
    for number, cell in enumerate(cells):
        waiting += "| " if number else ""
        if cell:
            separator = f" {waiting}" if text and waiting else waiting
            _insert(pieces, cell.pieces[0].start, separator)
            pieces += cell.pieces
            text, waiting = text + separator + cell.text, ""
    tail = f" {waiting}".rstrip() if waiting else ""
    _insert(pieces, pieces[-1].end, tail)
    left, right = min(cell.left for cell in filled), max(cell.right for cell in filled)
    return Line(tuple(pieces), text + tail, left, right, filled[0].base, filled[0].size, filled[0].page)


def _insert(pieces: list[Edit], place: int, text: str) -> None:
    if text:
        pieces.append(Edit(place, place, text))
