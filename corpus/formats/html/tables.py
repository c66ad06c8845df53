"""The tables of a web page: which hold data and not its layout, and their rows and cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.formats.html.elements import HEADINGS, PageElement
from corpus.formats.html.page import Page

MOST_COLUMNS = 100  # of a table; cells right of them follow each other
_MOST_EMPTY = 10  # cells for one that the page has
_LONG = 400  # visible characters of a cell that is text rather than a value
_LONG_ALONE = 80  # in a table of one row
_LONG_UNDER_HEADS = 1_000
_LONG_HEAD = 200
_LONG_PARAGRAPH = 80
_ORNAMENTS = " \t\n\r\xa0\"'“”„«»‹›•·"
_LAYOUT = frozenset(("presentation", "none"))


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table of data: its element, its captions, and its rows of cells, each with the index of its column.

    Rows are as long as `width`; 0 leaves each as long as it is, where nearly all of the table would be empty.
    """

    element: PageElement
    captions: tuple[PageElement, ...]
    rows: tuple[tuple[tuple[int, PageElement], ...], ...]
    width: int


@dataclass(slots=True)
class _Found:
    """What belongs to a table and to no table in it."""

    rows: dict[int, list[int]] = field(default_factory=dict)  # by the index of their tr: indices of cells
    captions: list[int] = field(default_factory=list)
    groups: dict[int, int] = field(default_factory=dict)  # the tbody, or the like, of each row
    has_heads: bool = False


def data_tables(page: Page, gone: Sequence[bool]) -> list[PageTable]:
    """The outermost tables that hold data, in order; `gone` tells of each element whether it is left out."""
    found, heavy = _survey(page, gone)
    tables: list[PageTable] = []
    end = 0
    for index, table in found.items():
        element = page.elements[index]
        if element.start < end or not table.rows:
            continue
        made = _laid_out(page, element, table)
        if _holds_data(page, made, table, heavy):
            tables.append(made)
            end = element.end
    return tables


def _survey(page: Page, gone: Sequence[bool]) -> tuple[dict[int, _Found], dict[PageElement, int]]:
    """What belongs to each table, and how much of each cell is text of paragraphs, headings and tables."""
    found: dict[int, _Found] = {}
    heavy: defaultdict[PageElement, int] = defaultdict(int)
    inside: list[tuple[int, int]] = []  # of each element, the table and the cell that it is in, or -1
    for index, element in enumerate(page.elements):
        table, cell = inside[element.parent] if element.parent >= 0 else (-1, -1)
        if cell >= 0 and not gone[index]:
            heavy[page.elements[cell]] += _weight(page, element, page.elements[cell])
        if element.name == "table":
            table, cell = index, -1
            if not gone[index]:
                found[index] = _Found()
        elif table in found and not gone[index]:
            _take(page, found[table], index)
        if element.name in ("td", "th", "caption"):
            cell = index
        inside.append((table, cell))
    return found, heavy


def _weight(page: Page, element: PageElement, cell: PageElement) -> int:
    """What an element says of the cell that it is in: a weight of 2 or more makes it text."""
    if element.name == "table" or (element.name in HEADINGS and cell.name == "td"):
        return 2
    if element.name == "pre":
        end = min(element.closing, element.opened + _LONG)
        return 2 if "\n" in page.source[element.opened : end].strip() else 0
    return int(element.name in ("p", "blockquote") and page.length(element) > _LONG_PARAGRAPH)


def _take(page: Page, table: _Found, index: int) -> None:
    """Adds a row, cell or caption to its table."""
    element = page.elements[index]
    if element.name == "caption":
        table.has_heads = True
        if table.rows:  # a misplaced one
            table.rows[index], table.groups[index] = [index], element.parent
        else:
            table.captions.append(index)
    elif element.name == "thead":
        table.has_heads = True
    elif element.name == "tr":
        table.rows[index] = []
        table.groups[index] = element.parent
    elif element.name in ("td", "th") and element.parent in table.rows:
        table.rows[element.parent].append(index)
        table.has_heads |= element.name == "th" and 0 < page.length(element) <= _LONG_HEAD


def _laid_out(page: Page, element: PageElement, table: _Found) -> PageTable:
    """The cells in their columns: a cell merged over rows keeps its columns free in the rows below."""
    rows: list[tuple[tuple[int, PageElement], ...]] = []
    width = 0
    below: dict[int, int] = {}  # rows that a column is still taken for
    group = None
    for row, indices in table.rows.items():
        if table.groups[row] != group:
            group, below = table.groups[row], {}
        placed = []
        column = 0
        taken = {one: left - 1 for one, left in below.items() if left > 1}
        for cell in (page.elements[index] for index in indices):
            while column in below and column < MOST_COLUMNS:
                column += 1
            column = min(column, MOST_COLUMNS)
            placed.append((column, cell))
            columns, deep = spans(page, cell)
            for one in range(column, min(column + columns, MOST_COLUMNS) if deep > 1 else column):
                taken[one] = deep - 1
            width = max(width, column + 1)
            column += columns
        below = taken
        rows.append(tuple(placed))
    cells = sum(map(len, rows))
    if width * len(rows) > _MOST_EMPTY * cells + _LONG:
        width = 0
    captions = tuple(page.elements[index] for index in table.captions)
    return PageTable(element, captions, tuple(rows), width)


def spans(page: Page, cell: PageElement) -> tuple[int, int]:
    """The columns and rows that a cell is merged over; a cell over no rows reaches to the last."""
    if "span" not in page.source[cell.start : cell.opened].lower():
        return 1, 1
    given = page.attributes(cell)
    columns, rows = (_number(given.get(name, "")) for name in ("colspan", "rowspan"))
    return max(columns, 1), 1 if "rowspan" not in given else rows or 65_534


def _number(text: str) -> int:
    digits = text.strip()[:6]
    return int(digits) if digits.isascii() and digits.isdigit() else 1


def _holds_data(page: Page, table: PageTable, found: _Found, heavy: dict[PageElement, int]) -> bool:
    """Whether a table has two columns with text at least, and cells that are values rather than the page's layout."""
    if page.attributes(table.element).get("role", "").lower() in _LAYOUT:
        return False
    columns: set[int] = set()
    filled = text = 0
    limit = _LONG_UNDER_HEADS if found.has_heads else _LONG if len(table.rows) > 1 else _LONG_ALONE
    for column, cell in (one for row in table.rows for one in row):
        is_nested = heavy.get(cell, 0) > 1
        words = "" if is_nested else page.text(cell.opened, cell.closing)
        size = sum(map(len, words.split()))
        if is_nested or words.strip(_ORNAMENTS):
            columns.add(column)
            filled += 1
            text += is_nested or size > limit
    return len(columns) > 1 and (2 * text < filled if found.has_heads else not text)
