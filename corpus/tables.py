"""Tables in a text: a row a line, with bars or tabs between the cells.

The readers of formats write them so: every row keeps its empty cells, so that a cell stands under its heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from corpus.article import Span

_BORDER = re.compile(r"(?<!\S)\|(?!\S)|\t")
_LONGEST_RECORD = 80  # characters
_PARTED = re.compile(r"\d|[:,;(–—]|\s-\s")
_SEEN = 2_000  # characters of a line beside another
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d.,])")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table, and its cells in order; None where a cell is empty."""

    span: Span
    cells: tuple[Span | None, ...]

    def words(self, text: str) -> list[str]:
        """What the cells say; an empty string where a cell is empty."""
        return [cell.cut(text) if cell else "" for cell in self.cells]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows on consecutive lines."""

    rows: tuple[Row, ...]


def tables(text: str, least: int = 2) -> Iterator[Table]:
    """The tables of a text, in order; each has so many rows at least."""
    for are_rows, lines in groupby(_lines(text), key=lambda line: _BORDER.search(text, *line) is not None):
        rows = tuple(Row(Span(*line), tuple(_cells(text, *line))) for line in lines) if are_rows else ()
        if rows and len(rows) >= least:
            yield Table(rows)


def records(text: str) -> Iterator[Table]:
    """Runs of at least three short lines such as "Monday 08:00 to 16:00" or "Ann Berg, mate", each a row of one cell.

    Some lines of a run may be no records, such as the one above it.
    """
    for are_short, lines in groupby(_lines(text), key=lambda line: 0 < line[1] - line[0] <= _LONGEST_RECORD):
        rows = tuple(Row(Span(*line), (cell,)) for line in lines if (cell := _cell(text, *line))) if are_short else ()
        if len(rows) > 2 and not any(is_row(row.span.cut(text)) for row in rows):
            yield Table(rows)


def is_record(line: str) -> bool:
    """Whether a line has a number or a mark that parts it in two."""
    return _PARTED.search(line) is not None


def is_row(line: str) -> bool:
    """Whether a line has borders of cells."""
    return _BORDER.search(line) is not None


def in_table(text: str, line: Span) -> bool:
    """Whether a line is a row of a table: it has borders, and so has the line before or after."""
    if not is_row(line.cut(text)):
        return False
    before = text[max(line.start - _SEEN, 0) : line.start].rstrip(" \t").removesuffix("\n").rpartition("\n")[2]
    after = text[line.end : line.end + _SEEN].lstrip(" \t").removeprefix("\n").partition("\n")[0]
    return is_row(before) or is_row(after)


def cell_at(text: str, place: Span) -> Span | None:
    """The cell of a table that a place is in; None where it is in none."""
    start, end = text.rfind("\n", 0, place.start) + 1, text.find("\n", place.end)
    line = Span(start, end if end >= 0 else len(text))
    if "\n" in place.cut(text) or not in_table(text, line):
        return None
    return next((cell for cell in _cells(text, line.start, line.end) if cell and cell.covers(place)), None)


def cells_of(line: str) -> list[str]:
    """What the cells of a line say; none of an empty line."""
    return [cell.cut(line) if cell else "" for cell in _cells(line, 0, len(line))] if line else []


def head_above(text: str, start: int) -> str:
    """The first rows, two at most, of the table that goes on at `start`, which stand before it; else empty."""
    block = text.rfind("\n\n", 0, start) + 1
    line_end = text.find("\n", start)
    border = _BORDER.search(text, block, start)
    if border is None or not is_row(text[start : line_end if line_end >= 0 else len(text)]):
        return ""
    first = text.rfind("\n", 0, border.start()) + 1
    end = text.find("\n", border.start(), start)
    after = text.find("\n", end + 1, start) if end >= 0 else -1
    return text[first : max(end, after)].strip("\n") if end >= 0 else ""


def head_of(rows: Sequence[Sequence[str]]) -> tuple[list[str], int]:
    """The words over the columns, and in how many of the first rows they stand: one, or two where cells are merged."""
    first, *others = rows
    if not others or not is_head(first, others):
        return [], 0
    second, *rest = others
    is_merged = first[-1:] == [""] or "" in first[1:]
    if not (rest and is_merged and len(first) == len(second) and all(second[1:]) and is_head(second, rest)):
        return list(first), 1
    over, head = "", [second[0] or first[0]]
    for words, under in zip(first[1:], second[1:], strict=True):
        over = words or over
        head.append(f"{over} {under}")
    return head, 2


def is_head(first: Sequence[str], others: Sequence[Sequence[str]]) -> bool:
    """Whether the first row of a table is no row like the others: no cell of it has a number as those below have."""
    columns = [[row[at] for row in others if at < len(row)] for at in range(len(first))]
    return not any(
        _DIGITS.search(words) and _shape(words) in map(_shape, column)
        for words, column in zip(first, columns, strict=True)
    )


def _shape(words: str) -> str:
    return _DIGITS.sub("0", _YEAR.sub("y", words))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start <= len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield start, end
        start = end + 1


def _cells(text: str, start: int, end: int) -> Iterator[Span | None]:
    borders = [(start, start), *(match.span() for match in _BORDER.finditer(text, start, end)), (end, end)]
    for (_, left), (right, _) in pairwise(borders):
        yield _cell(text, left, right)


def _cell(text: str, start: int, end: int) -> Span | None:
    """The span without white space at its ends, or None where nothing else is left."""
    words = text[start:end]
    inner = words.strip()
    at = start + words.find(inner)
    return Span(at, at + len(inner)) if inner else None
