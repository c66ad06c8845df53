"""Whether words can be an answer of the kind that a question asks for: no money to *who*, no person to *when*. Pure.

What is in doubt is possible: a right answer that is ruled out is worse than a wrong one that stays.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from corpus.article import Span
from corpus.sentences import sentences_around, without_mark
from rag.answer import Reading
from rag.decision.answer_shape import MONEY, ONES, TIME_UNITS, UNITS, AnswerShape, shape_of
from rag.decision.credits import in_credit
from rag.decision.part_of_whole import is_whole
from rag.decision.question_kind import AskedFor, asked_for

Fit = Literal[-1, 0, 1]

_ENGLISH = re.compile(r"(?i)\b(?:the|and|was|were|is)\b")  # only English words say by what they lack what they are not
_TITLED = re.compile(
    r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Dame|Captain|Councillor|Cllr|Professor|Inspector|Sergeant)\.? [A-Z]"
)
_WHO = re.compile(r", whom?\b|, [1-9][0-9],")  # behind the whole name of a person
_SAYS = re.compile(r", whose\b|,? (?:said|says|told)\b")  # the same, but "by Yom Kippur, said the mayor"
_SAID = re.compile(r"[,”\"’'] (?:said|says|added|explained)\s\Z")  # before a name
_TIME_OR_PLACE = re.compile(  # before a name that may be a feast, an age or a place; behind the group, even a title may
    r"\b(?:(at|in|on|near|during)|before|after|since|until|till|by|from|to|around)\s(?:the\s)?\Z"
)
_CAPITALISED = re.compile(r"\b[A-Z][a-z]+\b")
_PLAIN_NUMBER = re.compile(r"(?P<article>[Tt]he )?\d+")
_DOER = re.compile(r"\bby (?P<article>[Tt]he )?\Z")
_AGED = re.compile(r"\b(?:aged|age of|who (?:is|was))\s\Z")
_SHORT = 40  # characters of a number with what it counts
_MEASURES = TIME_UNITS | UNITS
_ANY = frozenset("people persons men women children others times things".split())  # what may be counted by another name
_NO_NOUN = (
    r"(?!(?:of|the|and|in|on|at|to|from|for|with|by|or|were|was|is|are|had|has|have|who|that|which|as|than|this)\b)"
)
_COUNT = re.compile(
    r"(?<![\w.,£$€¥-])(?:\d+(?:[.,]\d+)*|(?i:" + "|".join(ONES[2:]) + ")(?:-(?:" + "|".join(ONES[1:10]) + "))?)"
    rf"(?:[ \xa0\u202f](?:hundred|thousand|million))?(?:[ \xa0\u202f]{_NO_NOUN}[a-z][\w'’-]+){{0,2}}?"
    rf"[ \xa0\u202f](?P<noun>{_NO_NOUN}[a-z][a-z-]{{2,}}(?<![sui])s|people|men|women|children|crew|staff|cattle|sheep"
    r"|police)\b"
)


@lru_cache(maxsize=1024)  # readings are weighed again after each round of reading
def is_possible(question: str, reading: Reading) -> bool:
    """Whether a reading can be of the kind of answer that the question asks for; true where that is open."""
    asked, text = asked_for(question), reading.passage.text
    return asked.kind is None or not _is_ruled_out(asked, shape_of(text, reading.span), text, reading.span)


def fit(question: str, text: str, span: Span) -> Fit:
    """How the words at a span of a text fit the kind of answer: 1 well, -1 badly or not at all, 0 where that is open.

    What is not possible has -1; the possible may have it too.
    """
    asked, shape = asked_for(question), shape_of(text, span)
    if asked.kind is None:
        return 0
    if _is_ruled_out(asked, shape, text, span) or _is_unlikely(asked, shape, text, span):
        return -1
    return 1 if _is_of_kind(asked, shape) else 0


def _is_ruled_out(asked: AskedFor, shape: AnswerShape, text: str, span: Span) -> bool:
    """Whether the words surely are of another kind."""
    if shape.is_empty:
        return True
    if _is_other_value(asked, shape) and not (asked.kind == "person" and _may_name(shape, text, span)):
        return True
    if _ENGLISH.search(text) and (
        _lacks_quantity(asked, shape, span.cut(text)) or _is_person(asked, shape, text, span)
    ):
        return True
    if asked.kind == "person":
        return not asked.is_of_authors and in_credit(text, span)
    return asked.kind in {"count", "time"} and shape.has_quantity and _counts_another(asked, shape, text, span)


def _is_other_value(asked: AskedFor, shape: AnswerShape) -> bool:
    """Whether the words are a bare value, and one of another kind."""
    if not shape.is_value or (asked.kind == "place" and asked.is_of_rank):
        return False
    if asked.kind in {"person", "place"}:
        return True
    if asked.kind in {"time", "age", "extent"}:
        return shape.is_money or shape.is_share
    return shape.is_date or (shape.is_money and asked.kind != "money")


def _may_name(shape: AnswerShape, text: str, span: Span) -> bool:
    """Whether a value may name somebody: a currency with a capital ("50 Cent"), a number as a doer ("by the 1975")."""
    words = span.cut(text)
    if any(word.casefold() in MONEY for word in _CAPITALISED.findall(words)):
        return True
    number = _PLAIN_NUMBER.fullmatch(words)
    if not number or shape.is_money or shape.is_share:
        return False
    doer = _DOER.search(text[max(span.start - 8, 0) : span.start])
    return bool(number["article"] or (doer and (doer["article"] or not shape.is_year)))


def _lacks_quantity(asked: AskedFor, shape: AnswerShape, words: str) -> bool:
    """Whether a number is asked for, and the words have none, nor any other quantity."""
    if shape.has_quantity or asked.kind not in {"count", "share", "money", "age"}:
        return False
    if asked.kind == "age":
        return shape.is_name
    return not (asked.counted and re.match(rf"(?i)an? {re.escape(asked.counted[:-1])}", words))  # "a cup" is one


def _is_person(asked: AskedFor, shape: AnswerShape, text: str, span: Span) -> bool:
    """Whether a time or a place is asked for, and the words are surely the name of a person.

    A name behind a preposition, or one word without a title, may be that of a feast, an age or a place.
    """
    if not shape.is_name or asked.kind not in {"time", "place"}:
        return False
    words, before = span.cut(text), text[max(span.start - 16, 0) : span.start]
    preposed = _TIME_OR_PLACE.search(before)
    if preposed and preposed[1]:
        return False
    if _TITLED.match(words):
        return True
    if " " not in words or "," in words:
        return False
    says = not preposed and (_SAYS.match(text, span.end) or _SAID.search(before))
    return bool(says or _WHO.match(text, span.end))


def _counts_another(asked: AskedFor, shape: AnswerShape, text: str, span: Span) -> bool:
    """Whether the number at the span surely counts something else than what is asked for.

    For "how many passengers" the other number of a sentence does that has one for passengers: "94 passengers and 12
    crew". For "when" every number of a plural does that is no length of time. The number of an item counts nothing.
    """
    if asked.kind == "count" and _AGED.search(text[max(span.start - 12, 0) : span.start]):
        return True
    is_marked = text[span.end : span.end + 1] in {".", ")"}
    if is_marked and without_mark(text, sentences_around(text, span)).start >= span.end:
        return True
    if asked.kind == "time":
        is_open = shape.has_time or shape.is_year or span.end - span.start > _SHORT
        return not is_open and bool(_counted(text, span)[0] - TIME_UNITS)
    if is_whole(asked.words, text, span):
        return True
    if not asked.counted or asked.counted in _ANY or asked.counted not in text:
        return False
    within, others = _counted(text, span)
    is_measure = asked.counted in _MEASURES and not within.isdisjoint(_MEASURES)
    return bool(within) and asked.counted in others - within and not is_measure


def _counted(text: str, span: Span) -> tuple[set[str], set[str]]:
    """The plurals that numbers at the span count, and those that the other numbers of its sentence count."""
    sentence = sentences_around(text, span)
    within: set[str] = set()
    others: set[str] = set()
    for found in _COUNT.finditer(text, sentence.start, sentence.end):
        (within if Span(*found.span()).overlaps(span) else others).add(found["noun"])
    return within, others


def _is_unlikely(asked: AskedFor, shape: AnswerShape, text: str, span: Span) -> bool:
    """Whether the words seem of another kind: no word of time where a time is asked for, a number of another noun."""
    if asked.kind == "time":
        return _ENGLISH.search(text) is not None and not (shape.has_time or shape.has_quantity)
    if asked.kind != "count" or not asked.counted or asked.counted in _ANY:
        return False
    within, _ = _counted(text, span)
    return bool(within) and asked.counted not in within and _ANY.isdisjoint(within)


def _is_of_kind(asked: AskedFor, shape: AnswerShape) -> bool:
    """Whether the words look like what is asked for."""
    if asked.kind in {"person", "place"}:
        return shape.is_name
    if asked.kind == "money":
        return shape.is_money or (shape.is_value and not shape.is_date)
    if asked.kind == "share":
        return shape.is_share
    if asked.kind == "time":
        return shape.is_date or shape.is_year
    return shape.has_quantity and not shape.is_date
