"""What a superscript is: the mark of a note, which is no part of the word it hangs on, or a part of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

_SEEN = 40  # characters before and after that decide
_NUMBERS = re.compile(r"\d{1,3}(?:\s*[,;–—-]\s*\d{1,3})*,?")
_SIGNS = re.compile(r"[*†‡§¶#‖⁑※]+|[([](?:[^\W_]|[ .:,;–-]){1,40}[)\]]")
_LETTER = re.compile(r"[a-z](?:\s*,\s*[a-z])*")
_NEGATIVE = re.compile(r"[-−–+]\d{1,4}")
_UNIT = re.compile(r"(?:(?:^|[\s\d([/·⋅×])(?:[kcdmnµμ]?m|ft|yd|mi)|\d\s?(?:in|s|h|sec)|/\s?(?:s|h|sec|in))\Z")
_VARIABLE = re.compile(r"(?:^|[^\w'’])(?:[b-hj-z]|[Rα-ωΑ-Ω]|mc|[b-hj-z][b-hj-z]?\))\Z")  # "a" and "I" are words
_ISOTOPE = re.compile(r"(?:[A-Z][a-z]?)(?![a-z])")
_MONTH = re.compile(
    r"(?:jan|feb|mar|apr|ma[iy]|jun|jul|aug|sep|oct|okt|nov|dec|dez|déc|janv|févr|avr|juin|juil|août)\w*\.?\s*\Z",
    re.IGNORECASE,
)
_TEN = re.compile(r"(?<![\d.,:/$€£%-])10\Z")
_SUM_BEFORE = re.compile(r"[×·⋅*+]\s*[\d.,]+\Z")
_SUM_AFTER = re.compile(r"\s*[=×·⋅≈]")


class Superscript(Enum):
    """What raised characters are: NOTE is left out; POWER is read with a caret before it; TEXT as it stands."""

    NOTE = "note"
    POWER = "power"
    TEXT = "text"


def superscript_kind(before: str, raised: str, after: str) -> Superscript:
    """What `raised` is, by the text before and after it in its paragraph.

    Numbers, signs and single letters that hang on a word or a number are marks of notes. Numbers on a unit of length
    ("m2") and letters ("1st") are text, and numbers on ten, on a variable or inside a sum are powers.
    """
    before, mark, after = before[-_SEEN:], raised.strip(), after[:_SEEN]
    if _NEGATIVE.fullmatch(mark):
        return Superscript.TEXT if _UNIT.search(before) else Superscript.POWER
    if _SIGNS.fullmatch(mark):
        return Superscript.NOTE
    if _LETTER.fullmatch(mark):
        return _letter_kind(before, mark)
    return _number_kind(before, mark, after) if _NUMBERS.fullmatch(mark) else Superscript.TEXT


def _letter_kind(before: str, mark: str) -> Superscript:
    """A letter is a power on a variable or a number ("2^n"), and an ordinal after a number or a capital ("XIXe")."""
    last = re.search(r"\w+\Z", before)
    word = last.group() if last else ""
    if _VARIABLE.search(before) or (mark in "nkx" and word.isdigit()):
        return Superscript.POWER
    is_ordinal = mark in "aeo" and (len(word) < 3 or word.isupper()) and (word.isdigit() or word.isupper())
    return Superscript.TEXT if is_ordinal or (word and len(word) < 3 and not word.isdigit()) else Superscript.NOTE


def _number_kind(before: str, mark: str, after: str) -> Superscript:
    if not before or before[-1].isspace():
        return Superscript.TEXT if _ISOTOPE.match(after) and not after[:3].islower() else Superscript.NOTE
    if mark in ("2", "3") and _UNIT.search(before):
        return Superscript.TEXT
    if mark.isdigit() and (_VARIABLE.search(before) or _is_power_of_number(before, mark, after)):
        return Superscript.POWER
    return Superscript.NOTE


def _is_power_of_number(before: str, mark: str, after: str) -> bool:
    if not before[-1].isdigit():
        return False
    if _SUM_BEFORE.search(before) or _SUM_AFTER.match(after):
        return True
    return mark != "1" and _TEN.search(before) is not None and not _MONTH.search(before[:-2])


_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_SIGNED = re.compile(r"⁻?[⁰¹²³⁴-⁹]+(?:[,–][⁰¹²³⁴-⁹]+)*")


def note_signs(text: str) -> Iterator[tuple[int, int]]:
    """The spans of raised digits (U+2070 and the like) in a text that are marks of notes."""
    for match in _SIGNED.finditer(text):
        before, after = text[max(0, match.start() - _SEEN) : match.start()], text[match.end() : match.end() + _SEEN]
        if superscript_kind(before, match.group().translate(_DIGITS), after) is Superscript.NOTE:
            yield match.span()
