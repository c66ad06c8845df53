"""The lines of a web page: what parts two stretches of its text, and the rows of its tables of data."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import NamedTuple

from corpus.formats.html.elements import HEADINGS, PageElement
from corpus.formats.html.page import Page, Places
from corpus.formats.html.tables import PageTable
from corpus.formats.markup import INLINE

_LINES = frozenset("br dd dt legend li option tr".split())
_ITEMS = frozenset("dd dt li".split())
_ROWS = frozenset("dt li tr".split())  # in a cell, a semicolon parts these
_BLOCKS = frozenset(
    "address article aside blockquote body center details dialog dir div dl fieldset figcaption figure footer form "
    "header hgroup hr main menu nav ol p pre search section summary tbody td tfoot th thead ul".split()
)
_PARAGRAPHS = frozenset("p div section".split())
_LONG_ITEM = 400  # characters from which the paragraphs of an item are lines of their own
_ALWAYS_BLOCKS = HEADINGS | {"table", "caption"}


class Break(IntEnum):
    """What parts two stretches of text; of several that meet, the highest counts."""

    NONE = 0
    SPACE = 1
    LINE = 2
    BLOCK = 3


_WRITTEN = {Break.NONE: "", Break.SPACE: " ", Break.LINE: "\n", Break.BLOCK: "\n\n"}


class _Within(Enum):
    TEXT = "text"
    ITEM = "item"
    LONG_ITEM = "long item"
    HEADING = "heading"


class Edge(NamedTuple):
    """A place in the visible text where an element begins or ends, and what it parts there."""

    place: int
    parts: Break
    name: str
    begins: bool


class TextPart(NamedTuple):
    """Visible characters `start:end`, and what is inserted before them."""

    start: int
    end: int
    before: str


@dataclass(frozen=True, slots=True)
class PageLayout:
    """The visible text of a page, the edges of its elements in order, and the stretches whose white space is shown."""

    text: str
    places: Places
    edges: list[Edge]
    preformatted: list[tuple[int, int]]

    @classmethod
    def of(cls, page: Page, text: str, places: Places, gone: Sequence[bool]) -> PageLayout:
        """The layout of the elements that are not `gone`, in the text with the edits of `places`."""
        edges: list[Edge] = []
        preformatted: list[tuple[int, int]] = []
        within: list[_Within] = []
        for index, element in enumerate(page.elements):
            around = within[element.parent] if element.parent >= 0 else _Within.TEXT
            is_group = element.name == "div" and element.parent >= 0 and page.elements[element.parent].name == "dl"
            within.append(_inside(page, element, around))
            if gone[index] or element.name in INLINE:
                continue
            parts = Break.LINE if is_group else _parts(element.name, around)
            start, end = places.at(element.opened), places.at(element.closing)
            name = element.name if element.name != "br" or around is _Within.TEXT else ""
            edges.append(Edge(places.at(element.start), parts, name, begins=True))
            edges.append(Edge(end, parts, name, begins=False))
            if element.name == "pre" and (not preformatted or preformatted[-1][1] <= start):
                preformatted.append((start, end))
        edges.sort(key=lambda edge: edge.place)
        return cls(text, places, edges, preformatted)

    def extent(self, element: PageElement) -> tuple[int, int]:
        """The place of an element in the visible text."""
        return self.places.at(element.opened), self.places.at(element.closing)

    def parts(self, kept: Iterable[tuple[int, int] | PageTable]) -> Iterator[TextPart]:
        """The kept stretches of text and tables, which are in order, cut at the edges in them."""
        cursor = 0
        for one in kept:
            for part in self._table(one, cursor) if isinstance(one, PageTable) else self._stretch(*one, cursor):
                yield part
                cursor = part.end

    def _stretch(self, start: int, end: int, cursor: int) -> Iterator[TextPart]:
        for low, high in self._cut(start, end):
            yield TextPart(low, high, _WRITTEN[self._break(cursor, low)] if cursor else "")
            cursor = high

    def _table(self, table: PageTable, cursor: int) -> Iterator[TextPart]:
        """The rows of a table, a line each, with a bar between the columns; its captions are blocks of their own."""
        for caption in table.captions:
            for number, (low, high, before) in enumerate(self._cell(*self.extent(caption))):
                yield TextPart(low, high, before if number else "\n\n" if cursor else "")
                cursor = high
        between, bars = "\n\n", 0
        for row in table.rows:
            column = -1
            for place, cell in row:
                for number, (low, high, before) in enumerate(self._cell(*self.extent(cell))):
                    if number:
                        lead = before
                    elif column < 0:
                        lead = " |" * bars + (between if cursor else "") + "| " * place
                    else:
                        lead = " " + "| " * (place - column)
                    yield TextPart(low, high, lead)
                    cursor, column = high, place
            if column >= 0:
                between, bars = "\n", max(table.width - 1 - column, 0)
        if bars:
            yield TextPart(cursor, cursor, " |" * bars)

    def _cell(self, start: int, end: int) -> Iterator[TextPart]:
        """The text of a cell on one line, with a semicolon between the items of a list."""
        cursor = start
        open_items = 0
        index = bisect_left(self.edges, start, key=lambda edge: edge.place)
        for low, high in self._cut(start, end):
            begun = ended = False
            depth = open_items
            while index < len(self.edges) and self.edges[index].place <= low:
                edge = self.edges[index]
                if edge.name in _ROWS:
                    begun, ended = begun or edge.begins, ended or not edge.begins
                    open_items += 1 if edge.begins else -1
                index += 1
            is_item = begun and (ended or depth > 0)
            yield TextPart(low, high, "; " if is_item else " " if self._break(cursor, low) else "")
            cursor = high

    def _cut(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """A stretch without the white space at its ends, cut where elements begin and end in it."""
        index = bisect_left(self.edges, start + 1, key=lambda edge: edge.place)
        while index < len(self.edges) and self.edges[index].place < end:
            yield from _inked(self.text, start, self.edges[index].place)
            start = self.edges[index].place
            index += 1
        yield from _inked(self.text, start, end)

    def _break(self, cursor: int, start: int) -> Break:
        """What parts the text that ends at `cursor` from that which begins at `start`."""
        found, line_breaks = Break.NONE, 0
        index = bisect_left(self.edges, cursor, key=lambda edge: edge.place)
        while index < len(self.edges) and self.edges[index].place <= start:
            edge = self.edges[index]
            found = max(found, edge.parts)
            line_breaks += edge.name == "br" and edge.begins
            index += 1
        gap = self.text[cursor:start]
        if found is Break.LINE and line_breaks > 1:
            return Break.BLOCK
        has_left_out = bool(gap) and self.text[cursor - 1].isalnum() and self.text[start].isalnum()
        return Break.SPACE if not found and (gap != gap.strip() or has_left_out) else found


def _inside(page: Page, element: PageElement, around: _Within) -> _Within:
    if element.name in HEADINGS:
        return _Within.HEADING
    if element.name in _ITEMS:
        return _Within.ITEM if page.length(element) <= _LONG_ITEM else _Within.LONG_ITEM
    return _Within.TEXT if element.name in ("td", "th") else around


def _parts(name: str, around: _Within) -> Break:
    if name in _ALWAYS_BLOCKS:
        return Break.BLOCK
    if name in _LINES or name in _BLOCKS:
        if around is _Within.HEADING or (around is _Within.ITEM and name in _PARAGRAPHS):
            return Break.SPACE
        return Break.BLOCK if name in _BLOCKS and around is _Within.TEXT else Break.LINE
    return Break.SPACE


def _inked(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A stretch without the white space at its ends, if anything is left."""
    stretch = text[start:end]
    if stripped := stretch.strip():
        start += len(stretch) - len(stretch.lstrip())
        yield start, start + len(stripped)
