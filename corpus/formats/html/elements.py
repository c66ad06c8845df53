"""The elements of a web page, each with the places of its tags in the source.

Elements that the page does not close end where a browser ends them: a paragraph before the next block, a cell before
the next cell. A table's cell, a caption and a button keep the end tags in them from closing what is outside. Every
element is opened and closed once, so the time is linear in the number of tags, however deep they nest.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from corpus.formats.markup import MarkupPiece, TagKind

HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_VOID = frozenset("area base br col embed frame hr img input keygen link meta param source track wbr".split())
_PAGE = frozenset("html head body".split())  # one each, which the whole page is in
_ENDS_PARAGRAPH = (
    frozenset(
        "address article aside blockquote center details dialog dir div dl dd dt fieldset figcaption figure footer "
        "form header hgroup hr li main menu nav ol p pre search section summary table ul".split()
    )
    | HEADINGS
)
_WALLS = frozenset("td th caption table button object template".split())
_PARTS = frozenset("td th tr tbody thead tfoot caption".split())  # of a table
_ENDED_BY = {  # what an opening tag ends, up to the container in which it stands
    "li": (("li",), ("ul", "ol", "menu")),
    **dict.fromkeys(("dt", "dd"), (("dt", "dd"), ("dl",))),
    **dict.fromkeys(("td", "th"), (("td", "th", "caption"), ("table",))),
    "tr": (("tr", "caption"), ("table",)),
    **dict.fromkeys(("tbody", "thead", "tfoot", "caption"), (("tbody", "thead", "tfoot", "caption", "tr"), ("table",))),
    **dict.fromkeys(("rt", "rp"), (("rt", "rp"), ("ruby",))),
    "option": (("option",), ("select",)),
}
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_READ = 4_000  # characters of a tag in which attributes are read


class PageElement(NamedTuple):
    """An element: its opening tag is `source[start:opened]`, its closing one, if any, `source[closing:end]`.

    `parent` is the index of the element that it is in, or -1.
    """

    name: str
    start: int
    opened: int
    closing: int
    end: int
    parent: int


def attributes(source: str, element: PageElement) -> dict[str, str]:
    """The attributes of an element by their names in lower case; of a name that repeats, the first counts."""
    begin = element.start + 1 + len(element.name)
    found = _ATTRIBUTE.findall(source[begin : min(element.opened, begin + _READ)])
    return {name.lower(): double or single or bare for name, double, single, bare in reversed(found)}


def read_elements(markup: Iterable[MarkupPiece], length: int) -> list[PageElement]:
    """The elements of a page of `length` characters, in the order of their opening tags."""
    tree = _Tree()
    for piece in markup:
        if piece.kind is TagKind.NONE or piece.name in _PAGE:
            continue
        if piece.kind is TagKind.CLOSE:
            tree.close(piece.name, piece.start, piece.end)
        else:
            tree.open(piece)
    tree.close_down_to(0, length)
    return [PageElement(*fields) for fields in tree.elements]


class _Tree:
    """The elements read so far and those that are open, by their depth and by their name."""

    def __init__(self) -> None:
        self.elements: list[tuple[str, int, int, int, int, int]] = []
        self.stack: list[int] = []
        self.depths: defaultdict[str, list[int]] = defaultdict(list)
        self.walls: list[int] = [-1]

    def open(self, piece: MarkupPiece) -> None:
        name, start = piece.name, piece.start
        if name in _ENDS_PARAGRAPH:
            self._end(("p",), self.walls[-1], start)
        if name in _ENDED_BY:
            ended, containers = _ENDED_BY[name]
            limit = max(map(self._depth, containers))
            self._end(ended, limit if name in _PARTS else max(limit, self.walls[-1]), start)
        if name in HEADINGS and self.stack and self.elements[self.stack[-1]][0] in HEADINGS:
            self.close_down_to(len(self.stack) - 1, start)
        if name in ("td", "th") and self._depth("tr") < self._depth("table"):
            self._push("tr", start, start)
        self._push(name, start, piece.end)
        if name in _VOID or piece.kind is TagKind.WHOLE:
            self.close_down_to(len(self.stack) - 1, piece.end)

    def close(self, name: str, start: int, end: int) -> None:
        """Closes the innermost open element of the name, unless a wall is between."""
        names = HEADINGS if name in HEADINGS else (name,)
        depth = max(map(self._depth, names))
        limit = -1 if name == "table" else self._depth("table") if name in _PARTS else self.walls[-1]
        if depth >= 0 and (depth > limit or (name in _WALLS and depth == limit)):
            closed = self.stack[depth]
            self.close_down_to(depth, start)
            name, begun, opened, closing, _, parent = self.elements[closed]
            self.elements[closed] = (name, begun, opened, closing, end, parent)

    def close_down_to(self, depth: int, at: int) -> None:
        """Ends the elements from a depth on."""
        while len(self.stack) > depth:
            index = self.stack.pop()
            name, start, opened, _, _, parent = self.elements[index]
            self.elements[index] = (name, start, opened, at, at, parent)
            self.depths[name].pop()
            if name in _WALLS:
                self.walls.pop()

    def _push(self, name: str, start: int, opened: int) -> None:
        self.depths[name].append(len(self.stack))
        if name in _WALLS:
            self.walls.append(len(self.stack))
        self.elements.append((name, start, opened, opened, opened, self.stack[-1] if self.stack else -1))
        self.stack.append(len(self.elements) - 1)

    def _depth(self, name: str) -> int:
        """The depth of the innermost open element of a name, or -1."""
        depths = self.depths.get(name)
        return depths[-1] if depths else -1

    def _end(self, names: Iterable[str], limit: int, at: int) -> None:
        """Ends the outermost of the open elements of these names that are deeper than `limit`."""
        deeper = [depth for depth in map(self._depth, names) if depth > limit]
        if deeper:
            self.close_down_to(min(deeper), at)
