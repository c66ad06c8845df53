"""Tables: told from columns of prose, and read as rows whose cells stand under each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.formats.pdf.characters import Box
from corpus.formats.pdf.columns import Interval, Zone, column_at, in_columns
from corpus.formats.pdf.lines import Line, joined, split
from corpus.offset_map import Edit

_ENDED = re.compile(r"[.!?:;…。！？][\"'”’»)\]]*$")


@dataclass(frozen=True, slots=True)
class _Row:
    """Lines on one height, by the number of their column, at `base`."""

    cells: dict[int, list[Line]]
    base: float


def is_table(zone: Zone, rules: Sequence[Box]) -> bool:
    """Whether the columns of a zone are those of a table, and not of prose, or of blocks that stand side by side."""
    columns = in_columns(zone)
    filled = [column for column in columns if column]
    if len(filled) < 2:
        return False
    prose = sum(is_prose(column) for column in filled)
    if _has_open_rows(filled) or _is_ruled(zone, rules):
        return True
    if prose == len(filled) or (prose and prose >= len(filled) - 1 and not _is_aligned(filled)):
        return False
    return _is_aligned(filled) and not _are_addresses(filled)


def _are_addresses(columns: Sequence[Sequence[Line]]) -> bool:
    """Whether two short columns are blocks of their own: in each, lines with numbers and lines without them are mixed."""
    if len(columns) != 2 or max(map(len, columns)) > 8:
        return False
    kinds = [{any(map(str.isdigit, line.text)) for line in column[1:]} for column in columns]
    return all(len(kind) == 2 for kind in kinds)


def is_prose(column: Sequence[Line]) -> bool:
    """Whether most lines of a column go on in the next one."""
    if len(column) < 2 or sum(len(line.text) for line in column) < 12 * len(column):
        return False
    left, right = min(line.left for line in column), max(line.right for line in column)
    steps = sum(_goes_on(line, after, left + 0.8 * (right - left)) for line, after in pairwise(column))
    words = sum(line.text.count(" ") + 1 for line in column) / len(column)
    letters = sum(map(str.isalpha, "".join(line.text for line in column[:50])))
    most = 0.6 * sum(len(line.text) for line in column[:50])
    return (words >= 2.5 or not column[0].text.isascii()) and letters > most and steps >= 0.4 * (len(column) - 1)


def _goes_on(line: Line, after: Line, edge: float) -> bool:
    if _ENDED.search(line.text):
        return False
    return after.text[:1].islower() or (line.right >= edge and line.text.count(" ") > 2)


def _is_aligned(columns: Sequence[Sequence[Line]]) -> bool:
    """Whether most lines of all columns but the fullest have another beside them on the same height."""
    fullest = max(columns, key=len)
    bases = sorted(line.base for line in fullest)
    others = [line for column in columns if column is not fullest for line in column]
    level = sum(any(abs(line.base - base) < 0.3 * line.size for base in _near(bases, line)) for line in others)
    return len(others) >= 2 and level >= 0.6 * len(others)


def _near(bases: Sequence[float], line: Line) -> Sequence[float]:
    from bisect import bisect_left

    place = bisect_left(bases, line.base)
    return bases[max(0, place - 1) : place + 1]


def _has_open_rows(columns: Sequence[Sequence[Line]]) -> bool:
    """Whether wider gaps part all columns at the same heights, twice at least, and no column anywhere else."""
    gaps = [_wide_gaps(column) for column in columns]
    first = gaps[0]
    if len(first) < 2 or any(len(one) != len(first) for one in gaps):
        return False
    return all(
        abs(one[0] - other[0]) < 1.0 and max(one[1], other[1]) < min(one[0], other[0])
        for many in gaps[1:]
        for one, other in zip(first, many, strict=True)
    ) and any(len(column) > len(first) + 1 for column in columns)


def _wide_gaps(column: Sequence[Line]) -> list[tuple[float, float]]:
    """Below which base and down to which top a column has gaps that are clearly wider than the narrowest one."""
    steps = [(line.base - after.base, line.base, after.high) for line, after in pairwise(column)]
    if not steps:
        return []
    least = 1.3 * min(step for step, _, _ in steps)
    return [(after_base, high) for step, base, high in steps if step > least for after_base in (base,)]


def _is_ruled(zone: Zone, rules: Sequence[Box]) -> bool:
    """Whether rules lie between bands of a zone across its width, at two heights at least, with text between them."""
    left, right = min(band.left for band in zone.bands), max(band.right for band in zone.bands)
    return len(_crossing(rules, left, right, zone.bands[0].bottom, zone.bands[-1].top)) >= 2


def _crossing(rules: Sequence[Box], left: float, right: float, top: float, bottom: float) -> list[float]:
    """The heights at which rules, or short ones beside each other, cross most of a width, from top to bottom."""
    reach: dict[int, float] = {}
    for rule in rules:
        if rule.top - rule.bottom <= 3 and bottom < rule.top and rule.bottom < top:
            shared = min(rule.right, right) - max(rule.left, left)
            if shared > 0:
                reach[round(rule.bottom / 2)] = reach.get(round(rule.bottom / 2), 0.0) + shared
    heights = sorted((2.0 * place for place, width in reach.items() if width > 0.5 * (right - left)), reverse=True)
    return [height for number, height in enumerate(heights) if not number or heights[number - 1] - height > 4]


def rows_of(zone: Zone, rules: Sequence[Box]) -> list[list[Line | None]]:
    """The cells of each row, None where one is empty; all rows have as many."""
    gutters = _table_gutters(zone)
    rows = _level_rows([part for line in zone.lines for part in _cut(line, gutters)], gutters)
    left, right = min(band.left for band in zone.bands), max(band.right for band in zone.bands)
    heights = _crossing(rules, left, right, zone.bands[0].top, zone.bands[-1].bottom)
    groups = _grouped(rows, heights, gutters)
    cells = [_cells(group, len(gutters) + 1) for group in groups]
    return _merged_columns(cells, [any(_shared(one, other) for other in zone.gutters) for one in gutters])


def _shared(one: Interval, other: Interval) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _merged_columns(rows: list[list[Line | None]], is_clear: Sequence[bool]) -> list[list[Line | None]]:
    """The rows without empty columns; a heading and the column that stands beside it and not under it become one."""
    number = 0
    clear = list(is_clear)
    while number < len(clear):
        both = any(row[number] and row[number + 1] for row in rows)
        is_empty = not any(row[number] for row in rows) or not any(row[number + 1] for row in rows)
        heads = [sum(row[place] is not None for row in rows) == 1 and rows[0][place] for place in (number, number + 1)]
        if is_empty or not (both or (clear[number] and not any(heads))):
            rows = [[*row[:number], row[number] or row[number + 1], *row[number + 2 :]] for row in rows]
            del clear[number]
        else:
            number += 1
    return rows


def _table_gutters(zone: Zone) -> list[Interval]:
    """The gutters that all but a few bands leave free: a heading over two columns takes none away."""
    edges = sorted(edge for band in zone.bands for line in band.lines for edge in ((line.left, 1), (line.right, -1)))
    most = max(1, len(zone.bands) // 8) if len(zone.bands) > 3 else 0
    size = median(line.size for line in zone.lines)
    found: list[Interval] = []
    covered, start = 0, None
    for place, step in edges:
        covered += step
        if covered <= most and start is None:
            start = place
        elif covered > most and start is not None:
            found.append((start, place))
            start = None
    kept = [one for one in found[1:] if one[1] - one[0] >= 0.5 * size]
    return kept if len(kept) >= len(zone.gutters) else list(zone.gutters)


def _cut(line: Line, gutters: Sequence[Interval]) -> list[Line]:
    """The parts of a line that reaches over gutters: it is cut where two words have a gutter between them."""
    parts: list[Line] = []
    for low, high in gutters:
        gap = next((one for one in line.gaps if one[1] <= high and low <= one[2] and _parts_cells(line, one)), None)
        if gap and line.left < low and high < line.right:
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
    is_grid = len(set(parts)) >= max(3, 0.6 * keyed)
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
        return all(cell[0].text[0].islower() for cell in row.cells.values()) and most > 1.3 * least
    numbers = [number for number in row.cells if number in above]
    if not numbers:
        return False
    goes_on = all(_runs_on(above[number][-1], row.cells[number][0], rights[number]) for number in numbers)
    is_open = most > 1.3 * least  # rows are further apart than the lines of one
    return goes_on or (is_open and 0 not in row.cells)


def _runs_on(over: Line, below: Line, right: float) -> bool:
    """Whether a line of a cell goes on in the one below; `right` is the right edge of the column."""
    is_full = over.right > 0.85 * right and len(over.text) > 12
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
