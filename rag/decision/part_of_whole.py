"""The number of a whole where a part is asked for: 62 to "how many had no tap", in "14 of the 62 plots had no tap".

Only the verb tells: a whole is ruled out where the question has the verb that its text has of the part. "One of seven
cases" says what a thing is among others, and may well answer how many there are. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.article import Span
from corpus.sentences import sentences_around
from rag.decision.answer_shape import ONES

_ONES = "|".join(sorted(ONES[1:], key=len, reverse=True))
_NUMBER = rf"(?:\d+(?:,\d{{3}})*|(?:{_ONES})(?:-(?:{_ONES}))?)(?![\w,.-]*\d)"
_WHOLE = (
    rf"of\s(?:(?:the|its|their|our|his|her|these|those)\s)?(?P<whole>{_NUMBER})\s"
    r"(?:[a-z][\w'’-]+\s)??(?P<noun>[a-z][\w'’-]+(?<![sui])s|people|children|men|women|crew|staff|cattle|sheep)\b"
)
_VERB = (
    r"\s(?:(?:were|was|are|is|had|has|have|been|be|being|did|do|will|would|could|can)\s)*"
    r"(?:(?:no|not|an?|any|their)\s)?(?P<verb>[a-z][\w'’-]+)"
)
_PART_FIRST = re.compile(
    rf"(?i)(?:\b(?P<before>[a-z]\w+)\s)?\b(?!(?:one|1)\s)(?P<part>{_NUMBER})(?:\sout)?\s{_WHOLE}(?:{_VERB})?"
)
_WHOLE_FIRST = re.compile(rf"(?i)\W*(?:out\s)?{_WHOLE}")
_PART = re.compile(rf"(?i)\b(?P<part>{_NUMBER}){_VERB}")
_ENDING = re.compile(r"(?:ing|ed|es|s|e)\Z")
_NO_VERBS = frozenset("in on at of to from for with by and or the that which who than as about over under only".split())
_ANY = frozenset("people persons".split())


def is_whole(asked: frozenset[str], text: str, span: Span) -> bool:
    """Whether the span is the number of a whole, and the question, by its small words, asks for a part of that."""
    sentence = sentences_around(text, span)
    return any(
        whole.overlaps(span) and not part.overlaps(span) and _is_asked(verbs, asked)
        for whole, part, verbs in _wholes(text, sentence, asked)
    )


def _wholes(text: str, sentence: Span, asked: frozenset[str]) -> Iterator[tuple[Span, Span, tuple[str | None, ...]]]:
    """Each whole of the nouns asked for, with a part of it and the verbs that the part may have."""
    for found in _PART_FIRST.finditer(text, sentence.start, sentence.end):
        if found["noun"].casefold() in asked or not _ANY.isdisjoint(asked):
            yield Span(*found.span("whole")), Span(*found.span("part")), (found["before"], found["verb"])
    first = _WHOLE_FIRST.match(text, sentence.start, sentence.end)
    if first and (first["noun"].casefold() in asked or not _ANY.isdisjoint(asked)):
        for found in _PART.finditer(text, first.end(), sentence.end):
            yield Span(*first.span("whole")), Span(*found.span("part")), (found["verb"],)


def _is_asked(verbs: tuple[str | None, ...], asked: frozenset[str]) -> bool:
    said = {_ENDING.sub("", verb.casefold()) for verb in verbs if verb} - _NO_VERBS
    return any(len(word) > 2 and word not in _NO_VERBS and _ENDING.sub("", word) in said for word in asked)
