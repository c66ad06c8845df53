"""Web pages: trafilatura decides which text is the article, and the words are taken from the page at their places.

Text that trafilatura returns and the page does not show is left out. What parts the words (spaces, lines, paragraphs,
the bars of tables) follows from the page's own elements.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from corpus.draft import Draft, FaultySource
from corpus.formats.align import align
from corpus.formats.encoding import decode, meta_charset
from corpus.formats.html.kept import kept_parts
from corpus.formats.html.layout import TextPart
from corpus.formats.html.page import Page
from corpus.formats.html.seen import as_seen
from corpus.formats.page_facts import page_facts
from corpus.offset_map import Edit

if TYPE_CHECKING:
    from lxml.etree import _Element

_BLOCKS = frozenset("head p quote list table item row cell lb".split())  # of trafilatura's bodies
_HTML = re.compile(r"<(?:html|body)\b", re.IGNORECASE)
_WHITE = re.compile(r"[^\S\xa0]+")


class UnreadablePage(FaultySource):
    """No article was found in this page; save the article's own page, or its text."""


def read_web_page(data: bytes, url: str | None = None, charset: str | None = None) -> Draft:
    """The article of a page; `charset` is what its server stated.

    UndecodableText where the bytes are no text, UnreadablePage where the page holds no article.
    """
    source = decode(data, charset or meta_charset(data)).text
    seen = as_seen(Page.of(source))
    visible = seen.text.text
    if not visible.strip():
        raise UnreadablePage("the page shows no text; save the article itself as text or HTML")
    body = _extracted(seen.html, url)
    found = [place for places in align(list(_pieces(body)), visible) for place in places]
    parts = seen.layout.parts(kept_parts(found, seen))
    text = seen.text.edited(_cuts(visible, parts, seen.layout.preformatted))
    if not text.text.strip():
        raise UnreadablePage("no article was found in the page; save the article itself as text or HTML")
    return Draft(text, page_facts(source, url))


def _extracted(source: str, url: str | None) -> _Element:
    """The body of the article that trafilatura finds."""
    import trafilatura
    from lxml.etree import LxmlError

    whole = source if _HTML.search(source) else f"<html><body>{source}</body></html>"
    try:
        document = trafilatura.bare_extraction(whole, url=url, include_comments=False, include_tables=True)
    except (LxmlError, ValueError, TypeError, AttributeError, IndexError, KeyError, RecursionError) as fault:
        raise UnreadablePage("the page is too broken to be parsed; save the article itself as text") from fault
    if document is None or isinstance(document, dict):
        raise UnreadablePage("no article was found in the page; save the article itself as text or HTML")
    return document.body


def _pieces(body: _Element) -> Iterator[str]:
    """The blocks of an extracted body in order; a line break or a table cell begins a new one."""
    from lxml.etree import iterwalk

    words: list[str] = []
    for event, element in iterwalk(body, events=("start", "end")):
        if element.tag in _BLOCKS:
            if "".join(words).strip():
                yield "".join(words)
            words.clear()
        words.append((element.text if event == "start" else element.tail) or "")
    if "".join(words).strip():
        yield "".join(words)


def _cuts(text: str, parts: Iterator[TextPart], preformatted: Sequence[tuple[int, int]]) -> Iterator[Edit]:
    """The edits that leave the parts, with folded white space and what is inserted between them."""
    starts = [start for start, _ in preformatted]
    cursor = 0
    for part in parts:
        if part.before:
            yield Edit(cursor, cursor, part.before)
        yield Edit(cursor, part.start)
        cursor = part.end
        index = bisect_right(starts, part.start) - 1
        if index >= 0 and part.end <= preformatted[index][1]:
            continue
        for white in _WHITE.finditer(text, part.start, part.end):
            if white.group() != " ":
                yield Edit(*white.span(), " ")
    yield Edit(cursor, len(text))
