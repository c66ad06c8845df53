"""Places that no answer crosses: between paragraphs, lines, items of a list, cells of a table and speakers."""

from __future__ import annotations

import re

from corpus.sentences import blocks

_SPEAKER = r"(?:[A-ZÀ-Ý][\w.'’\-]*(?: [A-ZÀ-Ý][\w.'’\-]*){0,3}|[QA]):[^\S\n]"
_BOUNDARY = re.compile(
    r"[^\S\n]\|[^\S\n]|\t"  # cells
    r"|\n(?=[^\n]*[^\S\n]\|[^\S\n])|(?<=\|)\n"  # rows
    r"|\n(?=\s*(?:[-*•‣◦▪·–—]|\(?(?:\d{1,3}|[a-z])[.)])\s)"  # items
    rf"|(?:\n|(?<=[.!?…”\"’)])\s)(?={_SPEAKER})"
)
_MARK = re.compile(rf"(?:^|(?<=\n)|(?<=[.!?…”\"’)]\s)){_SPEAKER}")


def boundaries(text: str) -> list[int]:
    """Offsets of characters that no answer holds, in order: white space, bars of a table.

    Single line breaks count unless the paragraph is hard-wrapped.
    """
    found = {block.start - 1 for block in blocks(text)[1:]}
    found |= {at for match in _BOUNDARY.finditer(text) for at in range(match.start(), match.end())}
    found |= {match.end() - 1 for match in _MARK.finditer(text)}
    return sorted(found)
