"""The headings of a text: short lines without an end mark, and lines that ask something. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.article import Span
from corpus.sentences import blocks, is_item
from corpus.tables import in_table

_SHORT = 80  # characters of a heading without an end mark
_SHORT_QUESTION = 200
_CLOSERS = "\"'”’»)]*_ "
_MARKS = tuple(".!?…:;,。！？")


def headings(text: str) -> list[Span]:
    """The lines of a text that are headings, in order; none where every line looks like one.

    Items of a list, with marks or as short lines below a colon, and rows of a table are no headings.
    """
    found = blocks(text)
    headed = list(_headings(text, found))
    return headed if len(headed) < len(found) else []


def _headings(text: str, found: list[Span]) -> Iterator[Span]:
    end, listed = 0, False
    for line in found:
        listed = text.count("\n", end, line.start) == 1 and (listed or text.endswith(":", 0, end))
        words = line.cut(text).rstrip(_CLOSERS)
        asks = words.endswith(("?", "？")) and len(words) <= _SHORT_QUESTION
        is_bare = len(words) <= _SHORT and not words.endswith(_MARKS) and not listed
        if (asks or is_bare) and not is_item(text, line) and not in_table(text, line):
            yield line
        end = line.end
