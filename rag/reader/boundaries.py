"""Places that no answer crosses: between paragraphs, lines, items of a list, cells of a table and speakers."""

from __future__ import annotations

import re

from corpus.article import Span
from corpus.sentences import blocks

_NAMED = r"[A-ZÀ-Ý][\w.'’\-]*(?: (?:(?:van|von|de|der|den|del|di|da|la|bin) ){0,2}(?:al-)?[A-ZÀ-Ý0-9][\w.'’\-]*){0,4}"
_TIME = r"(?:[\[(]?\d{1,2}:\d\d(?::\d\d)?[\])]?[^\S\n]+)?"  # of a transcript
_SPEAKER = rf"{_TIME}{_NAMED}(?:[^\S\n][\[(][^\[\]()\n]{{1,40}}[\])])?:[^\S\n]"
_ASKED = re.compile(r"(?:^|\n)Q\.[^\S\n]")  # an interview with "Q." and "A." at the beginning of its lines
_LETTER = re.compile(r"(?:^|(?<=\n))[QA]\.[^\S\n]")
_BOUNDARY = re.compile(
    r"[^\S\n]\|[^\S\n]|\t"  # cells
    r"|\n(?=[^\n]*[^\S\n]\|[^\S\n])|(?<=\|)\n"  # rows
    r"|\n(?=[^\S\n]*(?:[-*•‣◦▪·–—]|\(?(?:\d{1,3}|[a-z])[.)])\s)"  # items
    rf"|(?:\n|(?<=[.!?…”\"’)])\s)(?={_SPEAKER})"
)
_MARK = re.compile(rf"(?:^|(?<=\n)|(?<=[.!?…”\"’)]\s)){_SPEAKER}")


def without_speaker(text: str, span: Span) -> Span:
    """The span without the speaker's mark that it begins with."""
    mark = _MARK.match(text, span.start, span.end) or (
        _ASKED.search(text) and _LETTER.match(text, span.start, span.end)
    )
    return Span(mark.end(), span.end) if mark and mark.end() < span.end else span


def boundaries(text: str) -> list[int]:
    """Offsets of characters that no answer holds, in order: white space, bars of a table.

    Single line breaks count unless the paragraph is hard-wrapped.
    """
    found = {block.start - 1 for block in blocks(text)[1:]}
    found |= {at for match in _BOUNDARY.finditer(text) for at in range(match.start(), match.end())}
    found |= {match.end() - 1 for match in _MARK.finditer(text)}
    if _ASKED.search(text):
        found |= {at for match in _LETTER.finditer(text) for at in (match.start() - 1, match.end() - 1) if at >= 0}
    return sorted(found)
