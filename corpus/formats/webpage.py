"""Web pages: trafilatura decides which text is the article, and the words are taken from the page at their places.

Text that trafilatura returns and the page does not contain is left out.
"""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from corpus.draft import Draft, FaultySource, SourceFacts
from corpus.formats.align import AlignedRange, align
from corpus.formats.encoding import decode, meta_charset
from corpus.formats.facts import iso_date, people, stated
from corpus.formats.markup import visible_text
from corpus.offset_map import Edit, MappedText

if TYPE_CHECKING:
    from lxml.etree import _Element
    from trafilatura.settings import Document

_T = TypeVar("_T")
_SEPARATORS = ("", " ", " | ", "\n", "\n\n")  # of several that meet, the last counts
_AROUND = {  # what separates a block of this kind from its neighbours
    **dict.fromkeys(("head", "p", "quote", "list", "table"), "\n\n"),
    **dict.fromkeys(("item", "row", "lb"), "\n"),
    "cell": " | ",
}
_JSON_LD = re.compile(r"<script[^>]{0,200}application/ld\+json[^>]{0,200}>", re.IGNORECASE)
_SCRIPT_END = re.compile("</script", re.IGNORECASE)
_JSON_LD_KEYS = ("headline", "author", "datePublished", "publisher", "url")
_ARTICLE_TYPE = re.compile(r"article|posting|report", re.IGNORECASE)
_HTML = re.compile(r"<(?:html|body)\b", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]{0,200}>(.{1,500}?)</title", re.IGNORECASE | re.DOTALL)
_OG_TITLE = re.compile(r"[\"']og:title[\"']", re.IGNORECASE)
_WHITE = re.compile(r"[^\S\xa0]+")
_SUFFIX = re.compile(r"\s+[|–—·:»-]\s+(?P<outlet>[^|–—·»]{2,60})$")


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
    return Draft(text, _facts(document, source, url))


def _extracted(source: str, url: str | None) -> Document:
    import trafilatura
    from lxml.etree import LxmlError

    try:
        document = trafilatura.bare_extraction(
            source if _HTML.search(source) else f"<html><body>{source}</body></html>",
            url=url,
            include_comments=False,
            include_tables=True,
            with_metadata=True,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except (LxmlError, ValueError, TypeError, AttributeError, IndexError, KeyError, RecursionError) as fault:
        raise UnreadablePage("the page is too broken to be parsed; save the article itself as text") from fault
    if document is None or isinstance(document, dict):
        raise UnreadablePage("no article was found in the page; save the article itself as text or HTML")
    return document


def _facts(document: Document, source: str, url: str | None) -> SourceFacts:
    """The facts in the page's structured data and, where these are missing, in its meta tags and headings."""
    outlet = document.sitename
    title = _title(document.title, source, outlet)
    names = [name for part in (document.author or "").split(";") for name in people(part) or (part.strip(),) if name]
    tags = SourceFacts(
        authors=tuple(dict.fromkeys(names)),
        outlet=None if outlet == document.hostname else outlet,
        published=iso_date(document.date),
        url=document.url,
    )
    return SourceFacts(title=title, url=url).or_else(_json_ld(source)).or_else(tags)


def _title(heading: str | None, source: str, outlet: str | None) -> str | None:
    """The heading that trafilatura chose, unless the page's title lacks it; without the outlet's name."""
    match = _TITLE.search(source)
    own = " ".join(html.unescape(match[1]).split()) if match else ""
    if heading and (not own or _OG_TITLE.search(source) or heading.casefold() in own.casefold()):
        suffix = _SUFFIX.search(heading)
        is_outlet = suffix and outlet and suffix["outlet"].casefold() in outlet.casefold()
        return heading[: suffix.start()] if suffix and is_outlet else heading
    return _SUFFIX.sub("", own) or heading


def _json_ld(source: str) -> SourceFacts:
    """The facts of the first article described in the page's JSON-LD."""
    for script in islice(_scripts(source), 20):
        try:
            loaded = json.loads(html.unescape(script) if "&quot;" in script else script, strict=False)
        except (ValueError, RecursionError):
            continue
        for record in _records(loaded):
            if _ARTICLE_TYPE.search(" ".join(_listed(record.get("@type"), str))):
                named = {key: value for key, value in record.items() if key in _JSON_LD_KEYS}
                return replace(stated(named), language=None)
    return SourceFacts()


def _scripts(source: str) -> Iterator[str]:
    for opening in _JSON_LD.finditer(source):
        closing = _SCRIPT_END.search(source, opening.end())
        if closing is None:
            return
        yield source[opening.end() : closing.start()]


def _records(loaded: object) -> Iterator[dict[str, object]]:
    for item in _listed(loaded, dict):
        yield item
        yield from _listed(item.get("@graph"), dict)


def _listed(value: object, kind: type[_T]) -> list[_T]:
    """The values of a type: the value itself, or those in it where it is a list."""
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, kind)]


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
