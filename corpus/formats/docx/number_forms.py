"""Numbers as lists show them: letters, Roman numbers, words, digits of other scripts."""

from __future__ import annotations

from collections.abc import Callable

_MOST_LETTERS = 26 * 5  # "aaaaa" and so on: above it a number is written in digits
_MOST_ROMAN = 3999
_ROMAN = tuple(
    zip((1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1), "m cm d cd c xc l xl x ix v iv i".split(), strict=True)
)
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth",
}  # fmt: skip
_CYRILLIC = "абвгдежзиклмнопрстуфхцчшщыэюя"


def formatted(number: int, form: str) -> str:
    """A number in a form that ST_NumberFormat names; in digits where the form is not known or cannot say it."""
    write = _FORMS.get(form)
    return (write(number) if write and number > 0 else None) or str(number)


def _letters(alphabet: str) -> Callable[[int], str | None]:
    def write(number: int) -> str | None:
        if number > _MOST_LETTERS:
            return None
        rounds, place = divmod(number - 1, len(alphabet))
        return alphabet[place] * (rounds + 1)

    return write


def _roman(number: int) -> str | None:
    if number > _MOST_ROMAN:
        return None
    letters = ""
    for value, sign in _ROMAN:
        letters += sign * (number // value)
        number %= value
    return letters


def _upper(write: Callable[[int], str | None]) -> Callable[[int], str | None]:
    return lambda number: (write(number) or "").upper() or None


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in (11, 12, 13) else "th"
    return f"{number}{ending}"


def _cardinal(number: int) -> str | None:
    if number > 99:
        return None
    if number < 20:
        return _ONES[number].capitalize()
    tens = _TENS[number // 10 - 2]
    return (f"{tens}-{_ONES[number % 10]}" if number % 10 else tens).capitalize()


def _ordinal_word(number: int) -> str | None:
    words = _cardinal(number)
    if words is None:
        return None
    lead, hyphen, last = words.lower().rpartition("-")
    last = _ORDINALS.get(last) or (f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")
    return f"{lead}{hyphen}{last}".capitalize()


def _digits(zero: str) -> Callable[[int], str | None]:
    return lambda number: "".join(chr(ord(zero) + int(digit)) for digit in str(number))


_FORMS: dict[str, Callable[[int], str | None]] = {
    "lowerLetter": _letters("abcdefghijklmnopqrstuvwxyz"),
    "upperLetter": _letters("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    "russianLower": _letters(_CYRILLIC),
    "russianUpper": _letters(_CYRILLIC.upper()),
    "lowerRoman": _roman,
    "upperRoman": _upper(_roman),
    "decimalZero": lambda number: f"{number:02d}",
    "ordinal": _ordinal,
    "cardinalText": _cardinal,
    "ordinalText": _ordinal_word,
    "hindiNumbers": _digits("\u0660"),  # as Word names the digits of Arabic
    "hindiCounting": _digits("\u0966"),
    "thaiNumbers": _digits("\u0e50"),
    "decimalFullWidth": _digits("\uff10"),
    "numberInDash": lambda number: f"- {number} -",
    "decimalEnclosedCircle": lambda number: chr(0x245F + number) if number <= 20 else None,
    "decimalEnclosedParen": lambda number: f"({number})",
    "decimalEnclosedFullstop": lambda number: f"{number}.",
}
