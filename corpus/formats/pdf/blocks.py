"""Blocks of a page in reading order: the text of each column from top to bottom, tables as rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from corpus.formats.pdf.characters import Box
from corpus.formats.pdf.columns import bands_of, in_columns, side_by_side, zones_of
from corpus.formats.pdf.lines import Line, is_right_to_left, joined
from corpus.formats.pdf.table_rows import row_line, rows_of
from corpus.formats.pdf.tables import is_prose, is_table

_DEEPEST = 6  # columns in columns


@dataclass(frozen=True, slots=True)
class PageBlock:
    """Lines below each other in one column, or the rows of a table."""

    lines: tuple[Line, ...]
    is_table: bool = False


def blocks_of(lines: Sequence[Line], rules: Sequence[Box], depth: int = 0) -> Iterator[PageBlock]:
    """The blocks of a page, or of a column of it, in reading order."""
    waiting: list[Line] = []
    for zone in zones_of(bands_of(lines)):
        if not zone.gutters or depth == _DEEPEST:
            waiting += [joined(group) for band in zone.bands for group in side_by_side(band)]
            continue
        if waiting:
            yield PageBlock(tuple(waiting))
            waiting = []
        columns = in_columns(zone)
        is_reversed = is_right_to_left(zone.lines)
        if _are_line_numbers(columns):
            columns = columns[1:]
        elif labels := _labels(columns):
            columns = [list(chain(*columns[:labels])), list(chain(*columns[labels:]))]
        elif is_table(zone, rules):
            yield PageBlock(
                tuple(row_line(cells[::-1] if is_reversed else cells) for cells in rows_of(zone, rules)), is_table=True
            )
            continue
        for column in columns[::-1] if is_reversed else columns:
            if column:
                yield from blocks_of(column, rules, depth + 1)
    if waiting:
        yield PageBlock(tuple(waiting))


def _are_line_numbers(columns: Sequence[Sequence[Line]]) -> bool:
    """Whether the first of two columns numbers the lines of prose in the second."""
    if len(columns) != 2 or len(columns[0]) < 8 or not is_prose(columns[1]):
        return False
    numbers = [int(line.text) if line.text.isascii() and line.text.isdigit() else -1 for line in columns[0]]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _labels(columns: Sequence[Sequence[Line]]) -> int:
    """The number of the column that has labels ("Name:") as the first one has: two forms side by side; else 0."""
    labels = [
        number for number, column in enumerate(columns) if column and all(line.text.endswith(":") for line in column)
    ]
    return labels[1] if len(labels) == 2 and labels[0] == 0 and labels[1] > 1 else 0
