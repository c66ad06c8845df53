"""Tables that are written as HTML inside Markdown: a line for each row, as in web pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus.formats.markdown.inline import inline_edits
from corpus.offset_map import Edit

MOST_SPANNED = 100  # rows that a cell reaches over, and columns that a table has; cells after these have no bars
_TAG = re.compile(
    r"<(?P<close>/?)(?P<name>table|thead|tbody|tfoot|tr|td|th|caption|colgroup|col|p|div|br|ul|ol|li)\b(?P<more>[^<>]{0,500})>"
    r"|<!--[^<>]{0,2000}-->",
    re.IGNORECASE,
)
_SPACE = re.compile(r"\s+")
_SPAN = re.compile(r"\b(?P<kind>col|row)span\s*=\s*[\"']?(?P<number>\d{1,5})", re.IGNORECASE)


@dataclass(slots=True)
class _Cell:
    column: int
    words: list[tuple[str, int, int]] = field(default_factory=list)  # what parts them from those before, and their span


@dataclass(slots=True)
class _Row:
    """The cells of a row, in a table of at least so many columns; or a caption."""

    cells: list[_Cell] = field(default_factory=list)
    columns: int = 0
    is_caption: bool = False


class _Parser:
    """Reads the tags of one table; what is inside a table of a cell is words of that cell."""

    def __init__(self) -> None:
        self.rows: list[_Row] = []
        self._cell = _Cell(0)
        self._depth = 0
        self._joint = ""
        self._below: dict[int, int] = {}  # columns that cells of rows before still take, and for how many rows

    def tag(self, name: str, closes: bool, more: str) -> None:
        self._depth += (-1 if closes else 1) if name == "table" else 0
        if name == "li" and not closes and self._cell.words:
            self._joint = "; " if self._joint == "\n" else " "
        elif name == "li":
            self._joint = "\n"  # an item has ended, and another may follow
        elif self._depth > 1 or name in ("p", "div", "br", "ul", "ol"):
            self._joint = self._joint.strip() or " "
        elif name == "caption" and not closes:
            self._begin(_Row(columns=1, is_caption=True), _Cell(0))
        elif name == "tr" and not closes:
            self._below = {column: rows - 1 for column, rows in self._below.items() if rows > 1}
            self.rows.append(_Row())
        elif name in ("td", "th") and not closes:
            self._open_cell(more)

    def _begin(self, row: _Row, cell: _Cell) -> None:
        self.rows.append(row)
        self._put(cell)

    def _put(self, cell: _Cell) -> None:
        self._cell, self._joint = cell, ""
        self.rows[-1].cells.append(cell)

    def _open_cell(self, more: str) -> None:
        if not self.rows or self.rows[-1].is_caption:
            self.rows.append(_Row())
        row = self.rows[-1]
        spans = {match["kind"].lower(): min(int(match["number"]), MOST_SPANNED) for match in _SPAN.finditer(more)}
        while row.columns in self._below:
            row.columns += 1
        self._put(_Cell(row.columns))
        after = min(row.columns + max(spans.get("col", 1), 1), MOST_SPANNED)
        if spans.get("row", 1) > 1:
            self._below |= dict.fromkeys(range(row.columns, after), spans["row"])
        row.columns = after

    def words(self, start: int, end: int) -> None:
        if not self.rows:
            self._begin(_Row(columns=1, is_caption=True), _Cell(0))
        self._cell.words.append((" " if self._joint == "\n" else self._joint, start, end))
        self._joint = ""

    def space(self) -> None:
        self._joint = self._joint or " "


def table_edits(source: str, start: int, end: int, labels: frozenset[str]) -> Iterator[Edit]:
    """Edits that leave the rows of the table at `start:end` of a source, whose link labels are given."""
    read, before = start, ""  # the end of the last words, and what parts them from the next
    for row in _rows(source, start, end):
        last = None
        for cell in row.cells:
            if cell.words:
                before += "| " * cell.column if last is None else " |" * (cell.column - last) + " "
                last = cell.column
            for joint, words_start, words_end in cell.words:
                yield Edit(read, words_start, before or joint)
                yield from _inside(source, words_start, words_end, labels)
                read, before = words_end, ""
        if last is not None:
            before = " |" * (row.columns - 1 - last) + ("\n\n" if row.is_caption else "\n")
    yield Edit(read, end, before.rstrip("\n"))


def _inside(source: str, start: int, end: int, labels: frozenset[str]) -> Iterator[Edit]:
    for edit in inline_edits(source[start:end], labels, on_one_line=True):
        yield Edit(start + edit.start, start + edit.end, edit.text)
    for space in _SPACE.finditer(source, start, end):
        if "\n" in space.group():
            yield Edit(*space.span(), " ")


def _rows(source: str, start: int, end: int) -> list[_Row]:
    parser = _Parser()
    read = start
    for match in _TAG.finditer(source, start, end):
        _read_words(parser, source, read, match.start())
        if match["name"]:
            parser.tag(match["name"].lower(), bool(match["close"]), match["more"])
        read = match.end()
    _read_words(parser, source, read, end)
    return parser.rows


def _read_words(parser: _Parser, source: str, start: int, end: int) -> None:
    words = source[start:end]
    if not words.strip():
        if words:
            parser.space()
        return
    if words[0].isspace():
        parser.space()
    left, right = end - len(words.lstrip()), start + len(words.rstrip())
    parser.words(left, right)
    if right < end:
        parser.space()
