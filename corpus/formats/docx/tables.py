"""The tables of a Word document: rows with a bar between the cells, each cell under the heading of its column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.formats.docx.package import Element, W
from corpus.formats.docx.pieces import Added, Block, Pieces, on_one_line
from corpus.formats.docx.styles import is_on, number_of
from corpus.formats.docx.words import children_through

MOST_COLUMNS = 63  # that one cell, or the space beside a row, reaches over; as in Word
_LONG = 200  # characters of a paragraph that hardly stands in a table of data


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell and how many columns it reaches over; without `element` it is empty, as below the first of merged rows."""

    element: Element | None
    columns: int = 1


def rows_of(table: Element) -> list[list[Cell]]:
    """The cells of a table's rows, without rows and cells that are deleted or hidden."""
    rows = []
    for row in children_through(table, f"{W}tr"):
        properties = row.find(f"{W}trPr")
        if not (_has(properties, "del") or _has(properties, "hidden")):
            rows.append(_cells(row, properties))
    return rows


def _cells(row: Element, properties: Element | None) -> list[Cell]:
    cells = [Cell(None) for _ in range(_span(properties, "gridBefore"))]
    for cell in children_through(row, f"{W}tc"):
        of_cell = cell.find(f"{W}tcPr")
        if not _has(of_cell, "cellDel"):
            goes_on = _goes_on(of_cell, "vMerge") or _goes_on(of_cell, "hMerge")
            cells.append(Cell(None if goes_on else cell, max(_span(of_cell, "gridSpan"), 1)))
    return cells + [Cell(None) for _ in range(_span(properties, "gridAfter"))]


def _has(properties: Element | None, name: str) -> bool:
    mark = properties.find(f"{W}{name}") if properties is not None else None
    return mark is not None and is_on(mark.get(f"{W}val"))


def _span(properties: Element | None, name: str) -> int:
    return min(number_of(properties.find(f"{W}{name}")) or 0, MOST_COLUMNS) if properties is not None else 0


def _goes_on(properties: Element | None, name: str) -> bool:
    """Whether a cell only continues the one above, or the one before."""
    mark = properties.find(f"{W}{name}") if properties is not None else None
    return mark is not None and mark.get(f"{W}val", "continue") == "continue"


def has_heading_row(table: Element) -> bool:
    """Whether the first row is repeated on each page, as headings of columns are."""
    row = next(children_through(table, f"{W}tr"), None)
    return row is not None and _has(row.find(f"{W}trPr"), "tblHeader")


def is_layout(rows: Sequence[Sequence[tuple[Cell, Sequence[Block]]]]) -> bool:
    """Whether a table only places paragraphs on the page, by the blocks in its cells.

    It has one column, one row of several lines, texts with headings, mostly texts of several paragraphs, or rows of a
    label and a table.
    """
    if max((sum(cell.columns for cell, _ in row) for row in rows), default=0) <= 1:
        return True
    filled = [[blocks for _, blocks in row if blocks] for row in rows]
    cells = [blocks for row in filled for blocks in row]
    if any(len(blocks) > 1 and any(block.role.startswith("heading") for block in blocks) for blocks in cells):
        return True
    tables = sum(len(row) <= 2 and any(block.role == "table" for blocks in row for block in blocks) for row in filled)
    if tables * 2 > len(filled):
        return True
    texts = sum(len(blocks) > 1 and any(len(block.own) >= _LONG for block in blocks) for blocks in cells)
    if len(filled) == 1 and cells:
        several = any(len(blocks) > 1 or "\n" in blocks[0].own for blocks in cells)
        return several or all(len(blocks[0].own) >= _LONG for blocks in cells)
    return texts * 2 > len(cells)


def table_pieces(rows: Sequence[Sequence[tuple[Cell, Sequence[Block]]]]) -> Pieces:
    """The rows, a line each, without rows that are empty; tables inside cells are left out."""
    found: Pieces = []
    for row in rows:
        columns: list[Pieces] = []
        for cell, blocks in row:
            columns.append(cell_pieces(blocks))
            columns.extend([] for _ in range(cell.columns - 1))
        if any(columns):
            found += [*([Added("\n")] if found else []), *_row_pieces(columns)]
    return found


def cell_pieces(blocks: Sequence[Block]) -> Pieces:
    """The words of a cell on one line: items of a list are parted by semicolons, paragraphs by spaces."""
    found: Pieces = []
    last = ""
    for block in blocks:
        if block.role == "table":
            continue
        if found:
            found.append(Added("; " if block.role == last == "item" else " "))
        found += block.pieces
        last = block.role
    return on_one_line(found)


def _row_pieces(columns: Sequence[Pieces]) -> Pieces:
    found = list(columns[0])
    for column in columns[1:]:
        found.append(Added(" |" if found else "|"))
        found += [Added(" "), *column] if column else []
    return found
