"""Web pages: trafilatura decides which text is the article, and the words are taken from the page at their places.

Text that trafilatura returns and the page does not contain is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.draft import Draft, FaultySource
from corpus.formats.align import AlignedRange, align
from corpus.formats.encoding import decode, meta_charset
from corpus.formats.markup import visible_text
from corpus.formats.page_facts import page_facts
from corpus.offset_map import Edit, MappedText

if TYPE_CHECKING:
    from lxml.etree import _Element
    from trafilatura.settings import Document

_SEPARATORS = ("", " ", " | ", "\n", "\n\n")  # of several that meet, the last counts
_AROUND = {  # what separates a block of this kind from its neighbours
    **dict.fromkeys(("head", "p", "quote", "list", "table"), "\n\n"),
    **dict.fromkeys(("item", "row", "lb"), "\n"),
    "cell": " | ",
}
_HTML = re.compile(r"<(?:html|body)\b", re.IGNORECASE)
_WHITE = re.compile(r"[^\S\xa0]+")


class UnreadablePage(FaultySource):
    """No article was found in this page; save the article's own page, or its text."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block of extracted text, and the separator before it."""

    text: str
    before: str


def read_web_page(data: bytes, url: str | None = None, charset: str | None = None) -> Draft:
    """The article of a page; `charset` is what its server stated.

    UndecodableText where the bytes are no text, UnreadablePage where the page holds no article.
    """
    source = decode(data, charset or meta_charset(data)).text
    visible = visible_text(source)
    if not visible.text.strip():
        raise UnreadablePage("the page shows no text; save the article itself as text or HTML")
    document = _extracted(source, url)
    text = _assembled(visible, _pieces(document.body))
    if not text.text.strip():
        raise UnreadablePage("no article was found in the page; save the article itself as text or HTML")
    return Draft(text, page_facts(source, url))


def _extracted(source: str, url: str | None) -> Document:
    import trafilatura
    from lxml.etree import LxmlError

    try:
        document = trafilatura.bare_extraction(
            source if _HTML.search(source) else f"<html><body>{source}</body></html>",
            url=url,
            include_comments=False,
            include_tables=True,
        )
    except (LxmlError, ValueError, TypeError, AttributeError, IndexError, KeyError, RecursionError) as fault:
        raise UnreadablePage("the page is too broken to be parsed; save the article itself as text") from fault
    if document is None or isinstance(document, dict):
        raise UnreadablePage("no article was found in the page; save the article itself as text or HTML")
    return document


def _pieces(body: _Element) -> list[_Piece]:
    """The blocks of an extracted body in order; a line break or a table cell begins a new one."""
    from lxml.etree import iterwalk

    pieces: list[_Piece] = []
    words: list[str] = []
    before = ""
    depth: Counter[str] = Counter()  # of open elements, by tag
    for event, element in iterwalk(body, events=("start", "end")):
        tag = element.tag
        depth[tag] -= event == "end"
        if tag in _AROUND:
            separator = " " if depth["cell"] else "\n" if depth["item"] else _AROUND[tag]
            if "".join(words).strip():
                pieces.append(_Piece("".join(words), before))
                before = separator
            else:
                before = max(before, separator, key=_SEPARATORS.index)
            words.clear()
        depth[tag] += event == "start"
        words.append((element.text if event == "start" else element.tail) or "")
    if "".join(words).strip():
        pieces.append(_Piece("".join(words), before))
    return pieces


def _assembled(visible: MappedText, pieces: Sequence[_Piece]) -> MappedText:
    """The visible text reduced to the pieces, with folded white space and the separators in between."""
    places = align([piece.text for piece in pieces], visible.text)
    return visible.edited(_cuts(visible.text, pieces, places))


def _cuts(text: str, pieces: Sequence[_Piece], places: Sequence[Sequence[AlignedRange]]) -> Iterator[Edit]:
    cursor = 0
    for piece, parts in zip(pieces, places, strict=True):
        for number, part in enumerate(parts):
            between = piece.before if number == 0 else " " if _WHITE.search(text, cursor, part.start) else ""
            if cursor and between:
                yield Edit(cursor, cursor, between)
            yield Edit(cursor, part.start)
            for white in _WHITE.finditer(text, part.start, part.end):
                if white.group() != " ":
                    yield Edit(*white.span(), " ")
            cursor = part.end
    yield Edit(cursor, len(text))
