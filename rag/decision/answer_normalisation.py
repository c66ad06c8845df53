"""Short answers normalised: numbers, dates, sums and names as tokens, whatever their spelling. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from corpus.folding import with_plain_letters

_NUMBERS: dict[object, int] = dict(zip((
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
).split(), [*range(20), *range(20, 100, 10)], strict=True))  # fmt: skip
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SHORT_SCALES = {"k": "thousand", "mn": "million", "bn": "billion", "tn": "trillion"}  # "m" may be metres or minutes
_LETTERS = {"k": "thousand", "m": "million", "b": "billion", "t": "trillion"}  # of money and of people
_ORDINALS = {  # as 1st and 2nd become 1th and 2th
    word: f"{value}th"
    for value, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), start=1)
}
_ALIKE = _ORDINALS | {
    "bn": "billion", "percent": "%", "pct": "%", "dollar": "$", "dollars": "$", "usd": "$", "us$": "$", "euro": "€",
    "euros": "€", "eur": "€", "pound": "£", "pounds": "£", "gbp": "£", "yen": "¥", "jpy": "¥", "dr": "doctor",
    "prof": "professor", "pres": "president", "sen": "senator", "gov": "governor", "rev": "reverend",
    "capt": "captain", "maj": "major", "gen": "general", "lt": "lieutenant", "col": "colonel", "sgt": "sergeant",
}  # fmt: skip
ROUGHLY = frozenset("about around approximately approx roughly circa some estimated ~ ≈".split())
_NOT_WITHOUT_A = _SCALES.keys() | _ORDINALS.values() | {"few", "little", "half", "quarter"}  # "a few" is not "few"
_MONTHS = "january february march april may june july august september october november december".split()
_MONTH: dict[object, int] = {"sept": 9}
_MONTH.update((name[:length], number) for number, name in enumerate(_MONTHS, start=1) for length in (3, len(name)))
_WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
_SURE_TITLES = frozenset(  # before a single name as well
    "mr mrs ms mx doctor professor sir dame president senator governor king queen prince princess pope".split()
)
_TITLES = _SURE_TITLES | frozenset(  # before a name of several words only: "General Motors" is not "Motors"
    "miss lord lady reverend captain major general lieutenant colonel sergeant vice prime minister mayor judge"
    " justice chancellor bishop archbishop ambassador chairman chairwoman".split()
)
_PARTICLES = frozenset("al bin da de del den der di do dos du el la le van von d".split())
_MINUS = re.compile(r"(?<!\w)[-−–](?=[^\w\s]?\d)")
_NUMBER = r"0|[1-9][0-9]{0,14}|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,4}"
_DECIMALS = r"\.[0-9]{0,8}[1-9]"  # 1.10 may be a version, and 1.000 a thousand
_FIGURE = re.compile(rf"(−?(?:{_NUMBER})(?:{_DECIMALS})?)([^\W\d_]*)")
_WITH_DIGITS = re.compile(r"(−?(?<![^\W_])(?:\.(?=[0-9]))?[^\W_]*[0-9][^\W_]*(?:[.,:/'’](?=[0-9])[^\W_]+)*)")
_SPELLINGS: list[tuple[str, str | Callable[[re.Match[str]], str]]] = [
    (r"(?<![\w-])([12][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(?![\w-])",
     lambda found: f"{int(found[3])} {_MONTHS[int(found[2]) - 1]} {found[1]}"),
    (r"(?<=[0-9])[\u00a0\u2009\u202f](?=[0-9]{3}(?![0-9]))", ","),
    (r"(?i)\bper cent\b", "percent"),
    (r"\s&\s", " and "),
    (r"(?i)(?<!and[ -]a[ -])\bhalf[ -](?:an?[ -])?(?=(?:dozen|hundred|thousand|(?:m|b|tr)illion)\b)", "0.5 "),
    (r"(?i)([0-9][^\W_]{0,5}(?:\s?(?:%|[ap]\.?m\.?|percent|[mb]illion))?)\s?[-–—]\s?(?=[$£€¥]?[0-9])", r"\1 to "),
    (r"(?i)(?<=[0-9])\s?([ap])\.?m\b\.?", r" \1m"),
    (r"(?i)(?<![\w.,:])([0-9]{1,2})[.:]00(?= [ap]m\b)", r"\1"),
    (r"(?i)(?<![\w.,:])([0-9]{1,2})\.([0-5][0-9])(?= [ap]m\b)", r"\1:\2"),
    (r"(?i)((?:[$£€¥]|\b(?:usd|eur|gbp|jpy)\s)[0-9][0-9.,]{0,20})\s?([kmbt])(?![^\W_])",
     lambda found: f"{found[1]} {_LETTERS[found[2].lower()]}"),
    (r"(?i)(?<=[0-9])\s?([kmbt])(?= (?:dollars|euros?|pounds|yen|usd|eur|gbp|jpy|people|men|women|children)\b(?!['’]))",
     lambda found: f" {_LETTERS[found[1].lower()]}"),
    (rf"{_MINUS.pattern}|(?i:\bminus )(?=[$£€¥]?[0-9])", "−"),
    (r"−([$£€¥])(?=[0-9])", r"\1−"),
    (r"(?<=[A-Z])-(?!\w)", "−"),  # a grade, a blood group: A- is not A
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Date:
    """A date as far as it is given: a day of a month, a month of a year, or a year."""

    year: int | None
    month: int | None
    day: int | None
    weekday: str | None = None

    def may_be(self, other: Date) -> bool:
        """Whether both may be one date, a year or a weekday left out being any."""
        may_differ = (self.year, other.year), (self.weekday, other.weekday)
        same_day = (self.month, self.day) == (other.month, other.day)
        return same_day and all(mine == its or not (mine and its) for mine, its in may_differ)


Piece = str | Fraction
Token = str | Fraction | Date
_END: list[Piece] = [""] * 6  # padding, so that a look ahead never runs past the end


@dataclass(frozen=True, slots=True)
class NormalisedAnswer:
    """The tokens of an answer: `all`, and apart its titles and the rest without a leading "the", "a", "on" or "in"."""

    all: tuple[Token, ...]
    titles: tuple[str, ...]
    core: tuple[Token, ...]


def words_of(text: str) -> str:
    """The words of a text without case, punctuation and white space.

    Symbols stay, for they change the meaning: $5 is not €5, 5% is not 5, and -5 is not 5.
    """
    return " ".join(_cleaned(_MINUS.sub("−", text.casefold()))) or text.strip()


def _cleaned(text: str) -> list[str]:
    return "".join(letter if _is_meaningful(letter) else " " for letter in text).split()


def _is_meaningful(letter: str) -> bool:
    return letter.isalnum() or letter in "%‰#" or unicodedata.category(letter)[0] in "SM"


@lru_cache(maxsize=4096)
def normalised(text: str) -> NormalisedAnswer:
    """The answer as numbers, dates, and words in their usual spelling."""
    pieces = _pieces(text)
    titles, rest = _titled(_without_article(pieces))
    core = _tokens(rest)
    first, second = (*core, "", "")[:2]
    is_date = isinstance(second, Date) or second in _WEEKDAYS or second in _MONTHS or _year(second)
    if is_date and (first == "on" or (first == "in" and len(core) == 2)):
        core = core[1:]
    return NormalisedAnswer(_tokens(pieces), titles, core)


def usual_spelling(text: str) -> str:
    """The text with one spelling of dates, sums, times and ranges: "$5 million" for "$5m", "4:30 pm" for "4.30pm"."""
    text = with_plain_letters(unicodedata.normalize("NFC", text)).text
    for spelling, usual in _SPELLINGS:
        text = re.sub(spelling, usual, text)
    return text


def _pieces(text: str) -> list[Piece]:
    """Words as they are written, numbers as fractions, and other words with digits ("3:30", "A380") whole."""
    pieces: list[Piece] = []
    for number, part in enumerate(_WITH_DIGITS.split(usual_spelling(text))):
        pieces += _figure(part) if number % 2 else _cleaned(part)
    return pieces


def _figure(part: str) -> list[Piece]:
    """A number with the unit or scale written right behind it, as in "5km" or "5bn"; ["1th"] for "1st"."""
    found = _FIGURE.fullmatch(part)
    if not found:
        return [part.replace("’", "'")]
    if found[2].lower() in {"st", "nd", "rd", "th"}:
        return [f"{found[1]}th"]
    value, behind = Fraction(found[1].replace("−", "-").replace(",", "")), found[2]
    return [value, _SHORT_SCALES.get(behind, behind)] if behind else [value]


def _without_article(pieces: list[Piece]) -> list[Piece]:
    """Without a leading "the", "a" or "an"; a capital A may be a grade, a vitamin or a blood group."""
    first, second = (*pieces, "", "")[:2]
    is_article = first in ("a", "an", "An") and _in_usual_form(second) not in _NOT_WITHOUT_A
    return pieces[1:] if len(pieces) > 1 and (is_article or first in ("the", "The", "THE")) else pieces


def _titled(pieces: list[Piece]) -> tuple[tuple[str, ...], list[Piece]]:
    """The titles before a name, and the name; no titles and all pieces where no name follows them."""
    titles: list[str] = []
    for piece in pieces:
        title = str(_in_usual_form(piece))
        if title not in _TITLES or str(piece).isupper():  # DR Congo
            break
        titles.append(title)
    name = pieces[len(titles) :]
    small = [piece for piece in name if not str(piece)[0].isupper()]
    is_name = name[:1] != small[:1] and _PARTICLES.issuperset(small)
    is_sure = len(name) > 1 or _SURE_TITLES.issuperset(titles)
    return (tuple(titles), name) if is_name and is_sure else ((), pieces)


def _in_usual_form(piece: Piece) -> Piece:
    if isinstance(piece, Fraction):
        return piece
    folded = unicodedata.normalize("NFC", piece.casefold())
    return _ALIKE.get(folded, folded)


def _tokens(pieces: list[Piece]) -> tuple[Token, ...]:
    read = [_in_usual_form(piece) for piece in pieces] + _END
    read = [piece for at, piece in enumerate(read) if piece not in ROUGHLY or not _amount_at(read, at + 1)]
    tokens: list[Token] = []
    at = 0
    while read[at] != "":
        found, length = _date_at(read, at) or _amount_at(read, at) or ([read[at]], 1)
        if isinstance(found[0], Date) and tokens and tokens[-1] in _WEEKDAYS:
            found = [replace(found[0], weekday=str(tokens.pop()))]
        if found == ["old"] and tokens and tokens[-1] in ("year", "month", "week", "day"):
            tokens[-1] = f"{tokens[-1]}s"
        tokens += found
        at += length
    is_age = len(tokens) == 2 and tokens[0] in ("age", "aged") and isinstance(tokens[1], Fraction)
    return (tokens[1], "years", "old") if is_age else tuple(tokens)


def _date_at(pieces: list[Piece], at: int) -> tuple[list[Token], int] | None:
    """The date that begins here and how many pieces it takes; a day, a month or a year alone is none."""
    filler = pieces[at + 1] in ("of", "the")
    first, second, year = pieces[at], pieces[at + 1 + filler], _year(pieces[at + 2 + filler])
    if first in _MONTH and _year(second):
        return [Date(_year(second), _MONTH[first], None)], 2 + filler
    month, day = (first, _day(second)) if first in _MONTH else (second, _day(first))
    return ([Date(year, _MONTH[month], day)], 2 + filler + bool(year)) if month in _MONTH and day else None


def _day(piece: Piece) -> int | None:
    ordinal = re.fullmatch("([0-9]{1,2})th", str(piece))
    return _whole(Fraction(ordinal[1]) if ordinal else piece, 1, 31)


def _year(token: Token) -> int | None:
    return _whole(token, 1000, 2999)


def _whole(token: Token, least: int, most: int) -> int | None:
    return int(token) if isinstance(token, Fraction) and token.denominator == 1 and least <= token <= most else None


def _amount_at(pieces: list[Piece], at: int) -> tuple[list[Token], int] | None:
    """The number that begins here, with its currency sign after it, and how many pieces it takes."""
    currency = [pieces[at]] if pieces[at] in ("$", "€", "£", "¥") else []
    first = at + len(currency)
    if number := _number_at(pieces, first):
        return [number[0], *currency], number[1] + len(currency)
    is_figure = str(pieces[first])[:1] in {*"0123456789.−"}  # that is no plain number, as 3:30
    return ([pieces[first], *currency], 1 + len(currency)) if is_figure else None


def _number_at(pieces: list[Piece], at: int) -> tuple[Fraction, int] | None:
    """The number that begins here and how many pieces it takes: 205,000 and 5 of "two hundred and five thousand"."""
    if (value := _small_at(pieces, at)) is None:
        return None
    total, largest, length = Fraction(0), 10**15, 1
    room = 10 if pieces[at] in _NUMBERS and value >= 20 else 1  # a word below it may follow: "twenty" and "five"
    while True:
        filler = room == 100 and pieces[at + length] == "and"
        piece = pieces[at + length + filler]
        word, scale = _NUMBERS.get(piece, 0), _SCALES.get(str(piece), 0)
        if 0 < word < room:
            value, room = value + word, 10 if word >= 20 else 1
        elif pieces[at + length : at + length + 3] == ["and", "a", "half"] and 0 < room < 100:
            value, room, length = value + Fraction(1, 2), 1, length + 2
        elif scale in {12, 100} and 0 < room < 100:
            value, room = value * scale, 100 if scale == 100 else 0
        elif scale > 100 and not filler and value and scale < largest:
            total, value, room, largest = total + value * scale, Fraction(0), 100, scale
        else:
            return total + value, length
        length += 1 + filler


def _small_at(pieces: list[Piece], at: int) -> Fraction | None:
    """A number in figures or one word, or "a" before "hundred" or "million"."""
    piece = pieces[at]
    if isinstance(piece, Fraction):
        return piece
    if piece == "a" and pieces[at + 1] in _SCALES:
        return Fraction(1)
    is_none = piece == "one" and at > 0 and pieces[at - 1] == "no"
    return Fraction(_NUMBERS[piece]) if piece in _NUMBERS and not is_none else None
