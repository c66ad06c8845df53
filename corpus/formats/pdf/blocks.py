"""Blocks of a page in reading order: the text of each column from top to bottom, tables as rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from statistics import median

from corpus.formats.pdf.characters import Box
from corpus.formats.pdf.columns import Zone, bands_of, column_at, in_columns, is_near, side_by_side, zones_of
from corpus.formats.pdf.grids import grid_rows, grids_of
from corpus.formats.pdf.line_numbers import without_line_numbers
from corpus.formats.pdf.lines import HIGH, LOW, Line, is_right_to_left, joined
from corpus.formats.pdf.table_rows import row_line, rows_of
from corpus.formats.pdf.tables import is_table

_CAPTION = 20  # characters: a longer line alone over a table is no heading of its columns
_DEEPEST = 6  # columns in columns


@dataclass(frozen=True, slots=True)
class PageBlock:
    """Lines below each other in one column, or the rows of a table."""

    lines: tuple[Line, ...]
    is_table: bool = False


def blocks_of(lines: Sequence[Line], rules: Sequence[Box]) -> Iterator[PageBlock]:
    """The blocks of a page in reading order."""
    kept, tables = _with_grids(without_line_numbers(lines), rules)
    for block in _blocks(kept, rules, 0):
        waiting: list[Line] = []
        for line in block.lines:
            if id(line) not in tables:
                waiting.append(line)
                continue
            if waiting:
                yield PageBlock(tuple(waiting), block.is_table)
            waiting = []
            yield PageBlock(tuple(tables[id(line)]), is_table=True)
        if waiting:
            yield PageBlock(tuple(waiting), block.is_table)


def _with_grids(lines: Sequence[Line], rules: Sequence[Box]) -> tuple[list[Line], dict[int, list[Line]]]:
    """The lines, with one in the place of each table that is drawn as a grid, and the rows of those by its `id`."""
    kept = list(lines)
    tables: dict[int, list[Line]] = {}
    for grid in grids_of(rules):
        inside = [line for line in kept if grid.holds(line)]
        rows = grid_rows(grid, inside) if inside else None
        if rows:
            gone = set(map(id, inside))
            size = (grid.rows[0] - grid.rows[-1]) / (HIGH - LOW)
            whole = replace(joined(rows, "\n"), left=grid.columns[0], right=grid.columns[-1], size=size)
            whole = replace(whole, base=grid.rows[-1] - LOW * size)
            kept = [*(line for line in kept if id(line) not in gone), whole]
            tables[id(whole)] = rows
    return kept, tables


def _blocks(lines: Sequence[Line], rules: Sequence[Box], depth: int) -> Iterator[PageBlock]:
    """The blocks of a page, or of a column of it."""
    waiting: list[Line] = []
    for zone in _with_headings(zones_of(bands_of(lines)), rules):
        if not zone.gutters or depth == _DEEPEST:
            waiting += [joined(group) for band in zone.bands for group in side_by_side(band)]
            continue
        columns = in_columns(zone)
        labels = _labels(columns)
        is_rows = not labels and is_table(zone, rules)
        above, table, below = _parted(zone) if is_rows else ([], zone, [])
        waiting += above
        if waiting:
            yield PageBlock(tuple(waiting))
        waiting = below
        is_reversed = is_right_to_left(zone.lines)
        if is_rows:
            rows = [row_line(cells[::-1] if is_reversed else cells) for cells in rows_of(table, rules)]
            yield PageBlock(tuple(rows), is_table=True)
            continue
        if labels:
            columns = [list(chain(*columns[:labels])), list(chain(*columns[labels:]))]
        for column in columns[::-1] if is_reversed else columns:
            if column:
                yield from _blocks(column, rules, depth + 1)
    if waiting:
        yield PageBlock(tuple(waiting))


def _with_headings(zones: Sequence[Zone], rules: Sequence[Box]) -> list[Zone]:
    """The zones, each band that is the heading of the table below it in one zone with that."""
    found: list[Zone] = []
    for zone in zones:
        if found and _is_heading(found[-1], zone, rules):
            found[-1] = Zone((*found[-1].bands, *zone.bands), zone.gutters)
        else:
            found.append(zone)
    return found


def _is_heading(zone: Zone, after: Zone, rules: Sequence[Box]) -> bool:
    """Whether one band is the heading of the table after it: words with gaps between, right above it."""
    if zone.gutters or not after.gutters or len(zone.bands) > 1 or len(zone.lines) < 2:
        return False
    if not is_near(zone.bands[0], after.bands[0]) or _labels(in_columns(after)) or not is_table(after, rules):
        return False
    return len({column_at(line, after.gutters) for line in zone.lines}) > 1


def _parted(zone: Zone) -> tuple[list[Line], Zone, list[Line]]:
    """The lines over a table in its first column, the table, and the lines below it in small letters, as notes are."""
    first, last = 0, len(zone.bands)
    size = median(line.size for line in zone.lines)
    while len(zone.bands[first].lines) == 1 and (
        zone.bands[first].right < zone.gutters[0][1] or len(zone.bands[first].lines[0].text) >= _CAPTION
    ):
        first += 1
    while (
        last > first + 1 and len(zone.bands[last - 1].lines) == 1 and zone.bands[last - 1].lines[0].size < 0.93 * size
    ):
        last -= 1
    above, below = ([band.lines[0] for band in some] for some in (zone.bands[:first], zone.bands[last:]))
    return above, Zone(zone.bands[first:last], zone.gutters), below


def _labels(columns: Sequence[Sequence[Line]]) -> int:
    """The number of the column that has labels ("Name:") as the first one has: two forms side by side; else 0."""
    labels = [
        number for number, column in enumerate(columns) if column and all(line.text.endswith(":") for line in column)
    ]
    return labels[1] if len(labels) == 2 and labels[0] == 0 and labels[1] > 1 else 0
