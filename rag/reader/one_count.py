"""Of counts that a reader names together, the one that a question asks for. Pure."""

from __future__ import annotations

import re

from corpus.article import Span
from rag.reader.boundaries import boundaries
from rag.reader.enumeration import pieces
from rag.reader.question_type import asks_for_several
from rag.reader.whole_units import MEASURE, NUMBER

_BEYOND = 40  # characters behind a span in which the thing stands that its last number counts
_WORDS_BEFORE = 3  # words between a number and the thing that it counts, at most
_ASKED = re.compile(r"\bhow many (?:(?:of|the|other|more|different|new) )*(?P<thing>[\w'’-]++)(?!,? (?:and|or)\b)")
_COUNTED = re.compile(rf"(?:(?:about|over|around|nearly|almost|some) )?{NUMBER}(?![\w-])(?P<what>[^\n]*)")
_MEASURED = re.compile(rf"\W*{MEASURE}")


def one_count(text: str, span: Span, question: str) -> Span:
    """The span, or the one number of it that counts what a question asks for: "2,300" of "41,000 books and 2,300".

    A sum of measures ("1 hour and 12 minutes") is one quantity.
    """
    asked = _ASKED.search(question.casefold())
    if asked is None or asks_for_several(question):
        return span
    end = min([len(text), span.end + _BEYOND, *(at for at in boundaries(text) if at >= span.end)])
    parts = [part.span for part in pieces(text, Span(span.start, end)) if part.span.start < span.end]
    counted = [_COUNTED.match(text, part.start, part.end) for part in parts]
    found = [one["what"] for one in counted if one]
    if len(found) < len(parts) or len(parts) < 2 or all(map(_MEASURED.match, found)):
        return span
    stem = asked["thing"].removesuffix("s").removesuffix("ie")
    named = [part for part, what in zip(parts, found, strict=True) if _names(what, stem)]
    return Span(named[0].start, min(named[0].end, span.end)) if len(named) == 1 else span


def _names(what: str, stem: str) -> bool:
    words = what.casefold().split()[: _WORDS_BEFORE + 1]
    return any(word.startswith(stem) for word in words)
