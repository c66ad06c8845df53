"""What words are by their look: a bare value and of which kind, a name, a text with a quantity or a time. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from corpus.article import Span

_WORD = re.compile(r"[^\W_]+(?:(?:(?<=\d)[.,:](?=\d)|[.'’](?=[^\W\d_]))[^\W_]+)*|[$£€¥%‰]")
ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
).split()
_NUMBERS = frozenset(ONES) | frozenset(
    "hundred thousand million billion trillion dozen hundreds thousands millions billions dozens m bn k first second"
    " third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth twentieth"
    " half halves thirds quarter quarters fifths".split()
)
_VAGUE = frozenset(  # quantities that are no numbers, and what stands for a sum
    "no none nobody nothing zilch all both each every many several few couple pair pairs majority most minority"
    " handful some countless numerous multiple infinite infinitely unlimited once twice thrice double triple twofold"
    " single sole only just any more fewer less lot lots plenty unmanned entire whole little much enough free zillion"
    " scores tens additional another various gazillion daily weekly monthly yearly frequently amount cheap inexpensive"
    " expensive affordable reasonable".split()
)
_MONTHS = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug"
    " sep sept oct nov dec".split()
)
_WEEKDAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays"
    " sundays mon tue tues wed thu thur thurs fri sat sun".split()
)
_NAMED_ALIKE = frozenset("may march april june august jan mar sun sat".split())  # months and days that are names too
_CLOCK = frozenset("am pm a.m p.m noon midnight o'clock o’clock gmt utc bst".split())
TIME_UNITS = frozenset(
    "second seconds minute minutes hour hours day days week weeks fortnight month months year years decade decades"
    " century centuries season seasons night nights weekend weekends quarter term yr yrs hrs mins".split()
)
_TIMES = TIME_UNITS | frozenset(
    "today yesterday tomorrow tonight now morning mornings evening evenings afternoon dawn dusk sunrise sunset daily"
    " weekly monthly yearly annually spring summer autumn fall winter christmas easter thanksgiving halloween ramadan"
    " eve new era age period epoch reign dynasty renaissance middle ages war wars battle revolution bc ad ce bce bp"
    " ago"
    " early late mid previous last next soon immediately recently currently anniversary birthday holiday holidays start"
    " end beginning birth death opening closing festival olympics games cup bowl election half inning episode series"
    " after before when while if until till during since once as upon following throughout always never ever sometimes"
    " later earlier already then every whenever tba tbd unknown time times date debut stone bronze iron ice empire act"
    " trials trial conference convention summit congress".split()
)
MONEY = frozenset(  # pounds may be a weight
    "$ £ € ¥ dollar dollars euro euros pence cent cents yen franc francs rupee rupees krona kroner usd gbp eur quid"
    " bucks us$".split()
)
_SHARES = frozenset("% ‰ percent percentage".split())
UNITS = frozenset(
    "km kilometre kilometres kilometer kilometers m metre metres meter meters cm mm mile miles foot feet ft inch"
    " inches yard yards acre acres hectare hectares kg kilo kilos kilogram kilograms gram grams g tonne tonnes ton tons"
    " lb lbs litre litres liter liters ml pound pounds degree degrees knots mph kph kw mw watts volts".split()
)
_BESIDE = frozenset(  # what stands beside a value without changing what it is
    "a an the of in on at from to and or until till by between about around nearly almost over under more less fewer"
    " than up least most some per each approximately roughly exactly just only early late mid ago before after since"
    " last next that this s th st nd rd bc ad ce bce bp".split()
)
_IN_VALUES = _NUMBERS | _MONTHS | _WEEKDAYS | _CLOCK | TIME_UNITS | MONEY | _SHARES | UNITS | _BESIDE
_IN_NAMES = frozenset("of the and de la le du van von der den di da al el bin & a to for in".split())
_NO_CONTENT = frozenset("in on at of the a an to and or from by for with until since as is was were that".split())
_LONGEST_NAME = 5  # words
_FIGURE = re.compile(r"\d[\d.,:]*(?:st|nd|rd|th|s|am|pm|m|k|bn|km|kg|p)?")
_YEAR = re.compile(r"1[0-9]{3}|20[0-9]{2}")
_ROMAN = re.compile(r"[IVXL]+")
_SIGNS = ("$", "£", "€", "¥")
_OPENING_QUOTES = ("“", "‘", '"', "'", "`")
_CURRENCY_BEHIND = re.compile(r"\s?(?:[€$£¥]|(?:dollars|euros|pence|cents|yen)\b)")
_SHARE_BEHIND = re.compile(r"\s?%|\s(?:percent|per cent)\b")


@dataclass(frozen=True, slots=True)
class AnswerShape:
    """The look of some words: a bare value holds nothing but numbers, dates, units and the like.

    `is_money` and `is_share` are true of bare values, `is_date` of any day, month or time of day, `is_year` of a number
    that may be a year. A name has capitals throughout, figures aside, and no quotation mark before it, as the title of
    a work has. Prepositions, articles and punctuation are empty.
    """

    is_empty: bool
    is_value: bool
    is_money: bool
    is_share: bool
    is_date: bool
    is_year: bool
    has_quantity: bool
    has_time: bool
    is_name: bool


def shape_of(text: str, span: Span) -> AnswerShape:
    """The shape of the words at a span of a text."""
    return _shape(span.cut(text), text[max(span.start - 2, 0) : span.start], text[span.end : span.end + 12])


@lru_cache(maxsize=4096)
def _shape(words: str, before: str, after: str) -> AnswerShape:
    found = _WORD.findall(words.replace("per cent", "percent"))
    low = [word.casefold() for word in found]
    figures = [word for word in low if _FIGURE.fullmatch(word)]
    months = [word for word, small in zip(found, low, strict=True) if small in _MONTHS and word[0].isupper()]
    is_date = (
        bool(months and figures)
        or any(month.casefold() not in _NAMED_ALIKE for month in months)
        or not ((_WEEKDAYS - _NAMED_ALIKE) | _CLOCK).isdisjoint(low)
        or any(figure.endswith(("am", "pm")) for figure in figures)
    )
    is_money = not MONEY.isdisjoint(low) or before[-1:] in _SIGNS or _CURRENCY_BEHIND.match(after) is not None
    is_share = not _SHARES.isdisjoint(low) or _SHARE_BEHIND.match(after) is not None
    is_part = after[:1] == "-" or before[-1:] == "-"  # "50" of a 50-yard line
    is_bare = all(_FIGURE.fullmatch(word) or _IN_VALUES.issuperset(word.split("-")) for word in low)
    is_value = is_bare and not is_part and bool(figures or is_date or is_money or is_share)
    is_quoted = before.rstrip()[-1:] in _OPENING_QUOTES
    named = [word for word in found if not _FIGURE.fullmatch(word)]
    is_name = (
        0 < len(named) <= _LONGEST_NAME
        and all(word[0].isupper() or word in _IN_NAMES for word in named)
        and not _NO_CONTENT.issuperset(word.casefold() for word in named)
    )
    return AnswerShape(
        is_empty=_NO_CONTENT.issuperset(low),
        is_value=is_value,
        is_money=is_money and is_value,
        is_share=is_share and is_value,
        is_date=is_date,
        is_year=any(_YEAR.match(one) for one in figures),
        has_quantity=any(map(str.isdigit, words)) or not (_NUMBERS | _VAGUE).isdisjoint(low),
        has_time=is_date or bool(months) or not _TIMES.isdisjoint(low) or any(map(_ROMAN.fullmatch, found)),
        is_name=is_name and not is_quoted and named[0][0].isupper(),
    )
