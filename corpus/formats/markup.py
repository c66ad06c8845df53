"""The markup of a web page: its tags, comments and character references, each at its place in the HTML.

The page is read once, so the time is linear in its length, whatever is unclosed or nested in it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

_MARK = re.compile(r"[<&]")
_NAME = re.compile(r"/?([a-zA-Z][^\s/>]*)")
_TO_TAG_STOP = re.compile(r"[^>=]*")
_VALUE_LEAD = re.compile(r"=\s*([\"']?)")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});?")
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rb rp rt rtc ruby s samp "
    "small span strike strong sub sup time tt u var wbr".split()
)
_RAW = frozenset("script style template title textarea iframe noembed noframes xmp".split())


class TagKind(Enum):
    """What a piece of markup does: it opens an element, closes one, holds one whole, or is none."""

    OPEN = "open"
    CLOSE = "close"
    WHOLE = "whole"
    NONE = "none"


class MarkupPiece(NamedTuple):
    """Characters `start:end` of a page that are no text, what stands in the text for them, and the tag's name."""

    start: int
    end: int
    text: str
    name: str = ""
    kind: TagKind = TagKind.NONE


def markup_of(source: str) -> Iterator[MarkupPiece]:
    """The tags, comments and character references of a page, in order."""
    position = 0
    while mark := _MARK.search(source, position):
        start = mark.start()
        if source[start] == "&":
            entity = _ENTITY.match(source, start)
            position = entity.end() if entity else start + 1
            if entity and (char := html.unescape(entity.group())) != entity.group():
                yield MarkupPiece(start, position, char)
            continue
        piece = _piece(source, start)
        position = piece.end
        if position > start + 1:
            yield piece


def _piece(source: str, start: int) -> MarkupPiece:
    """The markup at `start`; it ends at `start + 1` where the `<` is text."""
    if source.startswith("<!--", start):
        return MarkupPiece(start, _past(source, "-->", start + 2), "")
    found = _NAME.match(source, start + 1)
    if found is None:
        is_markup = source.startswith(("<!", "<?", "</"), start)
        return MarkupPiece(start, _past(source, ">", start), "") if is_markup else MarkupPiece(start, start + 1, "<")
    name = found[1].lower()
    end = _tag_end(source, found.end())
    is_open = source[start + 1] != "/"
    kind = TagKind.OPEN if is_open else TagKind.CLOSE
    if is_open and source.startswith("/>", end - 2):
        kind = TagKind.WHOLE
    elif is_open and name in _RAW:
        end, kind = _raw_end(source, name, end), TagKind.WHOLE
    return MarkupPiece(start, end, "" if name in INLINE else "\n", name, kind)


def _raw_end(source: str, name: str, position: int) -> int:
    """The end of an element whose content is no text of the page."""
    close = re.compile(f"</{re.escape(name)}(?=[\\s/>])", re.IGNORECASE | re.ASCII).search(source, position)
    return _tag_end(source, close.end()) if close else len(source)


def _tag_end(source: str, position: int) -> int:
    """The offset after the `>` that closes a tag; a `>` inside a quoted value does not."""
    while True:
        stop = _TO_TAG_STOP.match(source, position)
        position = stop.end() if stop else len(source)
        if position >= len(source):
            return len(source)
        if source[position] == ">":
            return position + 1
        lead = _VALUE_LEAD.match(source, position)
        position = lead.end() if lead else position + 1
        if lead and lead[1]:
            position = _past(source, lead[1], position)


def _past(source: str, closer: str, position: int) -> int:
    found = source.find(closer, position)
    return len(source) if found < 0 else found + len(closer)
