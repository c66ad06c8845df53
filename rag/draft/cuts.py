"""What a quotation leaves out and puts in, by the signs that journalists use: … [...] (…) and [inserts]. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.article import Span
from corpus.sentences import trimmed

_DOTS = r"(?:…|\.[ \xa0]?\.[ \xa0]?\.(?:[ \xa0]?\.)?)"
_CUT = re.compile(
    rf"(?P<ellipsis>\[\s*{_DOTS}\s*\]|\(\s*{_DOTS}\s*\)|{_DOTS})"
    r"|(?P<link>\](?:\([^()\n]{1,1000}\)|\[[^\[\]\n]{0,100}\]))"  # the address of a link, whose words are quoted
    r"|(?P<letter>\[\w\](?=\w))"  # a letter in another case: [T]he
    r"|\[(?P<insert>[^\[\]\n]{1,200})\](?![(\[])"
)


@dataclass(frozen=True, slots=True)
class Cut:
    """What stands between two parts of a quotation: an ellipsis, an insert in brackets, or neither."""

    is_ellipsis: bool
    insert: str = ""


@dataclass(frozen=True, slots=True)
class CutQuotation:
    """The parts of a quotation that are words of the source, in order, and the cuts between them, one fewer."""

    parts: tuple[Span, ...]
    cuts: tuple[Cut, ...]
    has_ellipsis: bool
    has_insert: bool


def cut_quotation(text: str, span: Span) -> CutQuotation:
    """The parts of the words at a span of a text; no parts where they have no letter or digit."""
    parts: list[Span] = []
    cuts: list[Cut] = []
    waiting = Cut(is_ellipsis=False)
    start = span.start
    has_ellipsis = has_insert = False
    for match in [*_CUT.finditer(text, span.start, span.end), None]:
        end = match.start() if match else span.end
        if (part := trimmed(text, start, end)) and any(map(str.isalnum, part.cut(text))):
            cuts += [waiting] if parts else []
            parts.append(part)
            waiting = Cut(is_ellipsis=False)
        if match:
            is_ellipsis, insert = match["ellipsis"] is not None, match["insert"] or ""
            has_ellipsis, has_insert = has_ellipsis or is_ellipsis, has_insert or bool(insert)
            waiting = Cut(waiting.is_ellipsis or is_ellipsis, f"{waiting.insert} {insert}".strip())
            start = match.start() if match["letter"] else match.end()
    return CutQuotation(tuple(parts), tuple(cuts), has_ellipsis, has_insert)
