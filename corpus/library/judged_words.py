"""Whether words that a person gives as an answer are whole words."""

from __future__ import annotations

import unicodedata

from corpus.article import Span

_EDGES = ",;:"


def trimmed(text: str, span: Span) -> Span | None:
    """The place without white space and `,;:` at its edges; None where no letter, digit or symbol stands in it."""
    words = span.cut(text)
    if not any(unicodedata.category(sign)[0] in "LNS" for sign in words):
        return None
    edges = _EDGES + "".join(filter(str.isspace, set(words)))
    start = span.start + len(words) - len(words.lstrip(edges))
    return Span(start, start + len(words.strip(edges)))


def cuts_a_word(text: str, span: Span) -> bool:
    """Whether a place begins or ends inside a word or a number. Scripts without capitals may have no spaces."""
    return _is_inside(text, span.start) or _is_inside(text, span.end)


def _is_inside(text: str, at: int) -> bool:
    before, behind = text[max(at - 2, 0) : at], text[at : at + 2]
    if not (before and behind):
        return False
    one, other = before[-1], behind[0]
    if unicodedata.combining(other) or (_is_cased(one) and _is_cased(other)) or (one.isdigit() and other.isdigit()):
        return True
    is_point = (one in ".," and before[0].isdigit() and other.isdigit()) or (
        other in ".," and one.isdigit() and behind[1:].isdigit()
    )
    return is_point and len(before) + len(behind) > 2


def _is_cased(letter: str) -> bool:
    return letter.lower() != letter.upper()
