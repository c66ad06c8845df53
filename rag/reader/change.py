"""Changes in a text: in "rises from £32 to £35" stand two quantities, and no range."""

from __future__ import annotations

import re

from corpus.article import Span
from rag.reader.decode import Logits, SpanTokens

_VERB = (
    r"\b(?:r(?:ise|ises|ose|isen|ising)|rais(?:e[ds]?|ing)|fall(?:s|en|ing)?|fell|chang(?:e[ds]?|ing)|cut(?:s|ting)?"
    r"|mov(?:e[ds]?|ing)|grow(?:s|n|ing)?|grew|(?:go(?:es)?|went|gone) (?:up|down)|increas(?:e[ds]?|ing)"
    r"|decreas(?:e[ds]?|ing)|reduc(?:e[ds]?|ing)|drop(?:s|ped|ping)?|climb(?:s|ed|ing)?|shr[iau]nk(?:s|ing)?"
    r"|lower(?:s|ed|ing)?)\b"
)
_BEFORE = 100  # characters before a quantity in which the verb stands
_CHANGED = re.compile(
    rf"{_VERB}(?:[^.;\n]|\.(?=\d)){{0,60}}?\bfrom\s(?:about |around |nearly |over )?\Z", re.IGNORECASE
)
_NUMBER = (
    r"[$£€¥]?(?:\d[\d.,:]*|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty"
    r"|sixty|seventy|eighty|ninety)\b)"
)
_SIDES = re.compile(rf"(?P<old>{_NUMBER}[^\n;]{{0,40}}?)\s+to\s+(?:about |around |nearly |over )?(?P<new>{_NUMBER})")
_ASKS_FOR_SIDE = re.compile(r"\b(?P<old>from)\W*\Z|\bto\W*\Z", re.IGNORECASE)
_ASKS_FOR_CHANGE = re.compile(_VERB, re.IGNORECASE)


def is_changed(text: str, start: int) -> bool:
    """Whether a verb of change with "from" stands right before a place."""
    return _CHANGED.search(text, max(start - _BEFORE, 0), start) is not None


def one_side(span: Span, part: SpanTokens, logits: Logits, question: str) -> Span:
    """The span, or of a change in it what was before or what is after, whichever the logits prefer; (tokens, 2).

    A question for the change itself ("How did rents change?") keeps both, one that ends in "to" or "from" names its
    side.
    """
    text = part.text
    found = next((one for one in _SIDES.finditer(text, span.start, span.end) if is_changed(text, one.start())), None)
    side = _ASKS_FOR_SIDE.search(question)
    if found is None or (_ASKS_FOR_CHANGE.search(question) and not side):
        return span
    old, new = Span(*found.span("old")), Span(found.start("new"), span.end)
    if side:
        return old if side["old"] else new
    return max(new, old, key=lambda one: _score(one, part, logits))


def _score(span: Span, part: SpanTokens, logits: Logits) -> float:
    """The highest start logit plus the highest end logit of tokens in a span."""
    inside = [number for number, (start, end) in enumerate(part.places) if span.start <= start < end <= span.end]
    return float(logits[inside].max(axis=0).sum()) if inside else float("-inf")
