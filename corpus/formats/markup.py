"""The visible text of a web page: the characters between the tags, each mapped to its place in the HTML.

The page is read once, so the time is linear in its length, whatever is unclosed or nested in it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from corpus.offset_map import Edit, MappedText

_MARK = re.compile(r"[<&]")
_NAME = re.compile(r"/?([a-zA-Z][^\s/>]*)")
_TO_TAG_STOP = re.compile(r"[^>=]*")
_VALUE_LEAD = re.compile(r"=\s*([\"']?)")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});?")
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rp rt ruby s samp small "
    "span strike strong sub sup time tt u var wbr".split()
)
_INVISIBLE = frozenset("script style template title textarea iframe noembed noframes xmp".split())


def visible_text(source: str) -> MappedText:
    """The characters of a page that are neither markup nor scripts, with a line break at every block's edge."""
    return MappedText.of(source).edited(_edits(source))


def _edits(source: str) -> Iterator[Edit]:
    position = 0
    while mark := _MARK.search(source, position):
        start = mark.start()
        if source[start] == "&":
            entity = _ENTITY.match(source, start)
            position = entity.end() if entity else start + 1
            if entity and (char := html.unescape(entity.group())) != entity.group():
                yield Edit(start, position, char)
            continue
        position, replacement = _markup(source, start)
        if position > start + 1:
            yield Edit(start, position, replacement)


def _markup(source: str, start: int) -> tuple[int, str]:
    """The end of the markup at `start` and the text in its place; `start + 1` where the `<` is text."""
    if source.startswith("<!--", start):
        return _past(source, "-->", start + 2), ""
    name = _NAME.match(source, start + 1)
    if name is None:
        return (_past(source, ">", start), "") if source.startswith(("<!", "<?", "</"), start) else (start + 1, "<")
    tag = name[1].lower()
    end = _tag_end(source, name.end())
    if tag in _INVISIBLE and source[start + 1] != "/" and source[end - 2 : end] != "/>":
        close = re.compile(f"</{re.escape(tag)}(?=[\\s/>])", re.IGNORECASE | re.ASCII).search(source, end)
        end = _tag_end(source, close.end()) if close else len(source)
    return end, "" if tag in _INLINE else "\n"


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
