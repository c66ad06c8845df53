"""Numbers, dates and names in a draft's sentence around a quotation that the quoted article states otherwise. Pure.

A hint is no verdict: the article may speak of something else. Nothing is hinted at that the article states as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Indel

from corpus.article import Span
from corpus.deadline import check_deadline
from corpus.sentences import sentences_around
from rag.decision.answer_normalisation import Date, words_of
from rag.decision.quantities import exclude_each_other, is_quantity, value_of
from rag.draft.checked_draft import DraftHint
from rag.draft.quotations import Quotation
from rag.draft.speaker import NAME, NO_NAMES

_Kind = Literal["number", "date", "name"]
_REACH = 10_000  # characters of the article on either side of the quoted words
_MOST = 5  # hints for one quotation
_ALIKE = 0.6  # share of the characters that two family names have in common which may be one
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?"
)
_DATE = re.compile(
    rf"\b[0-9]{{1,2}}(?:st|nd|rd|th)?\s{_MONTH}(?:,?\s[12][0-9]{{3}})?|\b{_MONTH}\s[0-9]{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s[12][0-9]{{3}})?"
    r"|\b[12][0-9]{3}-[01][0-9]-[0-3][0-9]\b"
)
_COUNT = (
    r"(?:[0-9][0-9.,]*[0-9]|[0-9]|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    r"sixteen|seventeen|eighteen|nineteen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\w+)?)"
)
_NUMBER = re.compile(
    rf"(?<![\w.,-])(?:[$€£]\s?)?{_COUNT}(?:\s(?:dozen|hundred|thousand|million|billion)|m|bn)?"
    rf"(?:\s?%|\sper\scent\b|\s(?!{_MONTH})[a-zà-ÿ]{{3,}}\b)?",
    re.IGNORECASE,
)
_NO_THINGS = frozenset(
    "and the for but who was were are had has have that which with from per than not more less".split()
)
_NAME = re.compile(rf"\b(?:{NAME})")


@dataclass(frozen=True, slots=True)
class _Statement:
    """A number, a date or a name, and where it stands."""

    span: Span
    text: str


def hints(
    draft: str, asked: tuple[Quotation, Sequence[Quotation]], article: str, span: Span, published: str | None
) -> tuple[DraftHint, ...]:
    """What the sentence around a quotation, one of several, states otherwise than the article: five hints at most."""
    check_deadline()
    quotation, others = asked
    around = sentences_around(draft, quotation.whole)
    said = _without(draft, around, others)
    near = Span(max(0, span.start - _REACH), min(len(article), span.end + _REACH))
    kinds: tuple[tuple[_Kind, Callable[[str, Span], list[_Statement]], Callable[[str, str], bool | None]], ...] = (
        ("date", _dates, _dates_differ), ("number", _numbers, _numbers_differ), ("name", _names, _names_differ),
    )  # fmt: skip
    found = []
    for kind, stated, differ in kinds:
        ours = stated(said, Span(0, len(said)))
        theirs = stated(article, near) if ours else []
        for one in ours:
            if kind == "date" and published and not exclude_each_other(one.text, published):
                continue
            if other := _otherwise(one, theirs, differ):
                here, there = one.span.shift(around.start), other.span
                found.append(DraftHint(kind, here.start, here.end, one.text, there.start, there.end, other.text))
    return tuple(found[:_MOST])


def _without(draft: str, around: Span, others: Iterable[Quotation]) -> str:
    """The words of a draft at a span, with line ends in place of its quotations."""
    text = around.cut(draft)
    for one in others:
        if one.mark != ">" and one.whole.overlaps(around):
            start, end = max(one.whole.start, around.start), min(one.whole.end, around.end)
            text = text[: start - around.start] + "\n" * (end - start) + text[end - around.start :]
    return text


def _otherwise(
    one: _Statement, theirs: Iterable[_Statement], differ: Callable[[str, str], bool | None]
) -> _Statement | None:
    """The first statement that differs, unless one says the same."""
    first = None
    for other in theirs:
        differs = differ(one.text, other.text)
        if differs is False:
            return None
        if differs and first is None:
            first = other
    return first


def _found(pattern: re.Pattern[str], text: str, span: Span) -> Iterator[_Statement]:
    for match in pattern.finditer(text, span.start, span.end):
        yield _Statement(Span(*match.span()), match[0])


def _dates(text: str, span: Span) -> list[_Statement]:
    return [one for one in _found(_DATE, text, span) if isinstance(value_of(one.text), Date)]


def _dates_differ(one: str, other: str) -> bool | None:
    """Whether two dates differ in one part alone; False where they may be the same, None where they are two."""
    first, second = value_of(one), value_of(other)
    if not isinstance(first, Date) or not isinstance(second, Date):
        return None
    if not exclude_each_other(one, other):
        return False
    parts = ((first.day, second.day), (first.month, second.month), (first.year, second.year))
    return True if sum(mine != its for mine, its in parts if mine and its) == 1 else None


def _numbers(text: str, span: Span) -> list[_Statement]:
    found = []
    for one in _found(_NUMBER, text, span):
        last = one.text.split()[-1].lower()
        if last not in _NO_THINGS and is_quantity(one.text) and not last.replace(",", "").isdecimal():
            found.append(one)
    return found


def _numbers_differ(one: str, other: str) -> bool | None:
    """Whether two numbers of the same thing differ, None where they are of two things."""
    if words_of(one).split()[-1].rstrip("s") != words_of(other).split()[-1].rstrip("s"):
        return None
    return exclude_each_other(one, other)


def _names(text: str, span: Span) -> list[_Statement]:
    found = []
    for match in _NAME.finditer(text, span.start, span.end):
        words = match[0].split()
        skipped = next((at for at, word in enumerate(words) if word.lower() not in NO_NAMES), len(words))
        if len(words) - skipped > 1:
            start = match.start() + match[0].index(words[skipped])
            found.append(_Statement(Span(start, match.end()), text[start : match.end()]))
    return found


def _names_differ(one: str, other: str) -> bool | None:
    """Whether two names are nearly one: the same family name, or the same given name and a family name like it."""
    first, second = one.split(), other.split()
    if first == second or set(first) <= set(second):
        return False
    (given, family), (given_there, family_there) = (first[0], first[-1]), (second[0], second[-1])
    if family == family_there:
        return given != given_there or None
    is_alike = Indel.normalized_similarity(family.lower(), family_there.lower()) >= _ALIKE
    return True if given == given_there and is_alike else None
