"""The value of a short answer (a quantity, a date, a time of day), and which values exclude each other. Pure.

What is no plain value, or may be the same in other words, excludes nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import inf

from rag.decision.answer_equivalence import say_same
from rag.decision.answer_normalisation import ROUGHLY, Date, Token, normalised, usual_spelling

_ABOUT = Fraction(1, 20)  # of a number that is hedged or round: 812 is about 800, 850 is not
_ROUND_FROM = 100  # a number from here on with one or two figures and noughts may be rounded
_FIGURES = 2
_MORE = frozenset({"more than", "over", "above", "at least", "upwards of", "no fewer than", "not less than"})
_LESS = frozenset({"fewer than", "less than", "under", "below", "at most", "up to", "no more than"})
_NEARLY = frozenset({"nearly", "almost", "close to", "just over", "just under", "well over", "a little over"})
HEDGES = _MORE | _LESS | _NEARLY | ROUGHLY
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
_SIGNS = frozenset("$€£¥%‰")
_AT_WORK = frozenset("people person worker employee staff job post".split())  # counted for each other
_MOST_BEHIND = 3  # words that name what is counted
_LONGEST = 80  # characters of what may be a plain value
# A letter behind a number is no plain unit: 30m is million, metres or minutes, 10k thousand or kilometres, 20s seconds
# or an age, 5 mil a million or thousandths of an inch. The letter a is a word: 3 a day.
_LETTER_UNIT = re.compile(r"(?i)(?<![^\W_])[0-9][0-9.,]*[\s‐‑-]?(?:[b-z]|mils?)(?![^\W_]|['’]\w)")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-5][0-9])")
_NOON = 12

_Edge = float | Fraction


@dataclass(frozen=True, slots=True)
class _Quantity:
    """A range of numbers; `sign` is a currency or a share, `thing` what is counted, "" where that is not said."""

    low: _Edge
    high: _Edge
    sign: str
    thing: str
    which: str  # words before the thing: "permanent" jobs

    def excludes(self, other: _Quantity) -> bool:
        """Whether both cannot be said of one thing."""
        same_thing = not self.thing or not other.thing or self.thing == other.thing
        if self.thing and other.thing and self.which != other.which:
            return False  # permanent jobs are not all jobs
        return self.sign == other.sign and same_thing and (self.high < other.low or other.high < self.low)


@dataclass(frozen=True, slots=True)
class _Time:
    """A time of day, its hour 0 to 11; `half` is "am" or "pm", "" where it is not said."""

    hour: int
    minute: int
    half: str

    def excludes(self, other: _Time) -> bool:
        """Whether both cannot be one moment of a day."""
        is_half_apart = self.half != other.half and bool(self.half and other.half)
        return is_half_apart or (self.hour, self.minute) != (other.hour, other.minute)


Value = _Quantity | Date | _Time


def exclude_each_other(one: str, other: str) -> bool:
    """Whether two answers are values of one kind that cannot both be right: two numbers of one thing, two dates.

    A number with "about" before it, or a round one from 100 on, is any within 5 %; "more than" leaves all above open.
    Hours are compared with days; $5 and €5 are of two kinds. What a date or a count leaves out may be anything.
    """
    if say_same(one, other):
        return False
    first, second = value_of(one), value_of(other)
    if isinstance(first, Date) and isinstance(second, Date):
        return _differ(first, second)
    if isinstance(first, _Quantity) and isinstance(second, _Quantity):
        return first.excludes(second)
    return isinstance(first, _Time) and isinstance(second, _Time) and first.excludes(second)


def is_quantity(text: str) -> bool:
    """Whether a text states a number of something, and no date or time."""
    return isinstance(value_of(text), _Quantity)


@lru_cache(maxsize=1024)
def value_of(text: str) -> Value | None:
    """The value of a text, None where it is not one plain value."""
    if len(text) > _LONGEST or _LETTER_UNIT.search(usual_spelling(text)):
        return None
    tokens = normalised(text).core
    first = tokens[0] if tokens else ""
    if len(tokens) == 1 and isinstance(first, Date):
        return first
    if len(tokens) == 1 and re.fullmatch(r"\W*(?:(?i:in|the year)\s+)?[12][0-9]{3}\W*", text):
        return Date(int(str(first)), None, None)
    return _time(tokens) or _quantity(text, tokens)


def _differ(one: Date, other: Date) -> bool:
    """Whether no day is both dates; a part that is left out may be anything."""
    parts = (one.year, other.year), (one.month, other.month), (one.day, other.day)
    return any(mine != its for mine, its in parts if mine and its)


def _time(tokens: tuple[Token, ...]) -> _Time | None:
    words = tuple(map(str, tokens))
    words = words[1:] if words[:1] == ("at",) else words
    half = words[1] if len(words) == 2 and words[1] in {"am", "pm"} else ""
    if not words or len(words) > 1 + bool(half):
        return None
    if found := _CLOCK.fullmatch(words[0]):
        hour, minute = int(found[1]), int(found[2])
    elif half and words[0].isdecimal() and words[0].isascii():
        hour, minute = int(words[0]), 0
    else:
        return None
    if hour > 2 * _NOON:
        return None
    return _Time(hour % _NOON, minute, half or ("pm" if _NOON < hour < 2 * _NOON else ""))


def _quantity(text: str, tokens: tuple[Token, ...]) -> _Quantity | None:
    numbers = [at for at, token in enumerate(tokens) if isinstance(token, Fraction)]
    if len(numbers) != 1:
        return None
    at = numbers[0]
    value, behind = Fraction(str(tokens[at])), [_singular(token) for token in tokens[at + 1 :]]
    bounds = _bounds(value, " ".join(map(str, tokens[:at])), text)
    if bounds is None or len(behind) > _MOST_BEHIND or "" in behind:
        return None
    sign = behind.pop(0) if behind and behind[0] in _SIGNS else ""
    *which, thing = behind or [""]
    times = _SECONDS.get(thing)
    if times and not which:
        return _Quantity(bounds[0] * times, bounds[1] * times, sign, "second", "")
    return _Quantity(*bounds, sign, "people" if thing in _AT_WORK else thing, " ".join(which))


def _bounds(value: Fraction, before: str, text: str) -> tuple[_Edge, _Edge] | None:
    """The range of a number that these words precede; None where they are no hedge."""
    if before in _MORE:
        return value, inf
    if before in _LESS:
        return -inf, value
    if before and before not in _NEARLY:
        return None
    is_hedged = before in _NEARLY or not ROUGHLY.isdisjoint(re.findall(r"\w+|[~≈]", text.casefold()))
    slack = abs(value) * _ABOUT if is_hedged or _is_round(value) else Fraction(0)
    return value - slack, value + slack


def _is_round(value: Fraction) -> bool:
    whole = str(abs(value))
    return abs(value) >= _ROUND_FROM and whole.isdecimal() and len(whole.rstrip("0")) <= _FIGURES


def _singular(token: Token) -> str:
    """A word without the s of its plural, "" for a token that is no word."""
    if not isinstance(token, str):
        return ""
    is_plural = len(token) > 3 and token.endswith("s") and not token.endswith("ss")
    return token[:-1] if is_plural else token
