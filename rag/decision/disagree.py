"""Which answers to one question contradict one another, and how many articles say the same. Pure.

Two possible answers are mostly no contradiction: a man and his office, two who came to one meeting. So only values are
compared (`rag.decision.quantities`), about one thing, from different sources. What is not surely a contradiction is
none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rag.answer import Answer, Quote
from rag.decision.near_duplicates import are_copies, independent
from rag.decision.quantities import HEDGES, exclude_each_other, is_quantity

_SHORTEST_WORD = 4  # letters of a word that says what a sentence is about
_STEM = 6  # letters that tell such words apart, whatever their endings
_SHARED = 2  # such words that two sentences about one thing share
_COMMON = frozenset(
    "about above after again also been before being below between both could does down during each from have having"
    " here into just more most nearly only other over said same says should some such than that their them then there"
    " these they this those through under until upon very were what when where which while will with would your"
    " hour hours minute minutes days week weeks month months year years percent million billion thousand hundred"
    " people".split()
)
_NO_PLURALS = frozenset("does this thus across always perhaps besides towards afterwards less".split())
_YEAR = re.compile(r"[12][0-9]{3}")
_WORD = re.compile(r"[^\W\d_]+")
_NAME = re.compile(r"[A-ZÀ-ÞĀ-Ž][^\W\d_]{3,}")
_COUNTED = re.compile(  # what a number that ends a quote counts: up to two words, then a plural
    r"[ \u00a0]((?:[a-z-]+ ){0,2}?(?:[a-z]{3,}s|people|men|women|children|staff)|per ?cent)\b|(%)"
)
_OUTCOMES = (  # of which a number may be; two of different ones are no contradiction
    re.compile(r"\b(?:los[est]|clos[eiu]|shut|cuts?\b|redundan|layoff|laid off)"),
    re.compile(r"\b(?:creat|bring|hir(?:e|ing)|recruit|gain|new\b)"),
    re.compile(r"\b(?:kill|dead|die|death)"),
    re.compile(r"\b(?:injur|wound|hurt|hospital)"),
)
_NEAR = 60  # characters from the quote
_HEDGE = re.compile(
    "(?i)(?:^|[^\\w])(" + "|".join(sorted(map(re.escape, HEDGES), key=len, reverse=True)) + r")\s*[$€£¥]?\Z"
)


def agreeing(answer: Answer) -> int:
    """How many articles give the answer independently; copies and passages that quote another count once."""
    return len(independent(answer.quotes, _is_one_source))


def disagreeing(answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
    """The answers that state different values for the same thing, from the first one on; () where none do."""
    apart = tuple(other for other in answers[1:] if contradict(answers[0], other))
    return (answers[0], *apart) if apart else ()


def disputing(best: Answer, doubted: Iterable[Answer]) -> tuple[Answer, ...]:
    """Those of the answers not believed that contradict the best one with another quantity.

    A date that is not believed is mostly another event's (measured: 5 of 5 on Wikinews), a quantity seldom another's.
    """
    return tuple(other for other in doubted if is_quantity(other.text) and contradict(best, other))


def contradict(one: Answer, other: Answer) -> bool:
    """Whether two answers to one question cannot both be true, each in the words of sources that the other has not.

    Every pair of their quotes has to be apart, and some pair to stand in sentences about one thing.
    """
    if _articles(one) & _articles(other):
        return False
    pairs = [(mine, its) for mine in one.quotes for its in other.quotes]
    return all(_exclude(*pair) for pair in pairs) and any(_are_about_one_thing(*pair) for pair in pairs)


def _exclude(one: Quote, other: Quote) -> bool:
    """Whether the values that two quotes state, in the sentences they stand in, cannot both be right."""
    return (
        exclude_each_other(one.text, other.text)
        and exclude_each_other(in_full(one), in_full(other))
        and not are_copies(one.context.text, other.context.text)
    )


def in_full(quote: Quote) -> str:
    """A quote with what its sentence says of its number: the "about" before it, and what is counted behind it."""
    if _YEAR.fullmatch(quote.text.strip()):
        return quote.text
    before, _ = _around(quote)
    hedge = _HEDGE.search(before)
    return f"{hedge[1] if hedge else ''} {quote.text}{_counted(quote)}".strip()


def _counted(quote: Quote) -> str:
    """What is counted, where it stands right behind the quote; else nothing."""
    _, behind = _around(quote)
    found = _COUNTED.match(behind) if quote.text[-1:].isalnum() else None
    return found[0] if found and found[0].split()[-1] not in _NO_PLURALS else ""


def _around(quote: Quote) -> tuple[str, str]:
    """The words of the sentence before a quote, and those behind it."""
    sentence, place = quote.context.text, quote.context.start
    return sentence[: quote.start - place], sentence[quote.end - place :]


def _articles(answer: Answer) -> set[str]:
    """The articles that say so, those included that print the same story."""
    named = {quote.article_id for quote in answer.quotes}
    return named | {copy.article_id for quote in answer.quotes for copy in quote.copies}


def _is_one_source(one: Quote, other: Quote) -> bool:
    return one.article_id == other.article_id or are_copies(one.context.text, other.context.text)


def _are_about_one_thing(one: Quote, other: Quote) -> bool:
    """Whether two quotes seem so: their sentences share words, and with their titles a name; neither tells another end.

    Jobs that are lost are not those that are made, nor the dead those that are hurt.
    """
    outcomes = _outcomes(one), _outcomes(other)
    if all(outcomes) and outcomes[0].isdisjoint(outcomes[1]):
        return False
    shared = _words_around(one) & _words_around(other)
    return len(shared) >= _SHARED and bool(_names(one) & _names(other))


def _words_around(quote: Quote) -> frozenset[str]:
    before, behind = _around(quote)
    return _stems(f"{before} {behind.removeprefix(_counted(quote))}")


def _outcomes(quote: Quote) -> frozenset[int]:
    before, behind = _around(quote)
    near = f"{before[-_NEAR:]} {behind[:_NEAR]}".casefold()
    return frozenset(number for number, outcome in enumerate(_OUTCOMES) if outcome.search(near))


def _names(quote: Quote) -> frozenset[str]:
    return frozenset(map(str.casefold, _NAME.findall(f"{quote.title}\n{quote.context.text}"))) - _COMMON


@lru_cache(maxsize=256)
def _stems(text: str) -> frozenset[str]:
    words = _WORD.findall(text.casefold())
    return frozenset(word[:_STEM] for word in words if len(word) >= _SHORTEST_WORD and word not in _COMMON)
