"""The letters and digits of a text alone, in lower case, each with its place; and whether words there say the same.

Spaces, line ends, signs and markup do not count where quotations are looked for. They do where one is called exact.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from corpus.article import Span
from corpus.folding import folded, folded_with_map
from corpus.offset_map import Origin

_TABLE_SIZE = 0x10000  # beyond, every character but those of the symbols is a letter in itself
_SYMBOLS = (0x1F000, 0x1FAFF)
BARRIER = 0xFFFF  # what a NUL becomes, which stands in no article: no word runs across it
_SEVERAL = 0xFFFFFFFF
_LOOSE = frozenset(".,;:-()[]/")  # signs at the ends of a quotation that need not be the article's
_BEFORE_NUMBERS = frozenset("$€£¥-−–")  # they belong to the number right behind them
_BEHIND_NUMBERS = frozenset("%‰°")
_UNSEEN = str.maketrans("", "", '"*_`>\\[]')  # quotation marks, and the marks of Markdown
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[^\s'_]")
_BRACKETED_LETTER = re.compile(r"\[(\w)\](?=\w)")


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of a text: their code points in lower case (n,), and where each stands in the text (n,)."""

    codes: NDArray[np.uint32]
    places: NDArray[np.intp]

    @property
    def text(self) -> str:
        return self.codes.tobytes().decode("utf-32-le", "surrogatepass")

    def span(self, start: int, end: int) -> Span:
        """The place in the text of the letters `start:end`."""
        return Span(int(self.places[start]), int(self.places[end - 1]) + 1)


def letters(text: str) -> Letters:
    """The letters and digits of a text in their plain forms."""
    codes = _codes(text)
    plain = _plain(codes)
    if not text.isascii() and len(plain) and plain.max() == _SEVERAL:  # a ligature is several letters
        return _of_folded(text)
    places = np.flatnonzero(plain)
    return Letters(plain[places], places)


def _of_folded(text: str) -> Letters:
    folding = folded_with_map(text)
    origin = Origin(folding.runs)
    codes = _codes(folding.text)
    plain = _plain(codes)
    plain = np.where(plain == _SEVERAL, codes, plain)
    places = np.flatnonzero(plain)
    sources = [(origin.source_range(int(at), int(at) + 1) or (0, 0))[0] for at in places]
    return Letters(plain[places], np.array(sources, np.intp))


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _plain(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """For each code point that of its letter, 0 for a sign."""
    if not len(codes) or codes.max() < _TABLE_SIZE:
        return _table()[codes]
    is_symbol = (codes >= _SYMBOLS[0]) & (codes <= _SYMBOLS[1])
    small = _table()[np.minimum(codes, _TABLE_SIZE - 1)]
    return np.where(codes < _TABLE_SIZE, small, np.where(is_symbol, np.uint32(0), codes))


@lru_cache(maxsize=1)
def _table() -> NDArray[np.uint32]:
    """For each code point its letter, 0 for a sign, `_SEVERAL` where it stands for several letters."""
    table = np.zeros(_TABLE_SIZE, np.uint32)
    for code in range(_TABLE_SIZE - 1):
        char = chr(code)
        if not char.isalnum():
            continue
        plain = unicodedata.normalize("NFKC", char)
        lower = plain.lower()
        table[code] = ord(lower) if len(lower) == 1 and ord(lower) < _TABLE_SIZE else code
        if len(plain) > 1 and plain.isalpha():
            table[code] = _SEVERAL
    table[0] = BARRIER
    return table


def tokens(text: str) -> list[str]:
    """The words and the signs of a text that must be the same where it is quoted."""
    plain = folded(_BRACKETED_LETTER.sub(r"\1", text)).translate(_UNSEEN)
    return _TOKEN.findall(plain)


def exact_span(words: str, text: str, span: Span) -> Span | None:
    """The place of these words where a text has their letters at the span, with the signs around; None if they differ.

    The case of the first letter is free, as are stops at the ends. No word may be cut.
    """
    if not _is_whole(text, span):
        return None
    quoted, there = tokens(words), tokens(span.cut(text))
    first = next((at for at, token in enumerate(quoted) if token[0].isalnum()), 0)
    last = len(quoted) - next((at for at, token in enumerate(reversed(quoted)) if token[0].isalnum()), 0)
    inner = quoted[first:last]
    if not inner or not there or inner[1:] != there[1:] or not _same_but_first_case(inner[0], there[0]):
        return None
    signs = _signs_of_numbers(text, span)
    if signs != _signs_of_numbers(words, _from_first_to_last(words)):
        return None
    before = _around(text[max(0, span.start - 20) : span.start])[::-1]
    after = _around(text[span.end : span.end + 20])
    lead = "".join(token for token in quoted[:first] if token not in _LOOSE)
    tail = "".join(token for token in quoted[last:] if token not in _LOOSE)
    if not before.startswith(lead[::-1]) or not after.startswith(tail):
        return None
    start, end = span.start - len(signs[0]), span.end
    if lead and not signs[0]:
        start = max(text.rfind(lead[0], max(0, start - 20), start), 0)
    if tail and (at := text.find(tail[-1], end, end + 20)) >= 0:
        end = at + 1
    return Span(start, end)


def _is_whole(text: str, span: Span) -> bool:
    """Whether a span cuts no word, no number and no compound at its ends."""
    before, after = text[max(0, span.start - 2) : span.start], text[span.end : span.end + 2]
    first, last = text[span.start], text[span.end - 1]
    if before[-1:].isalnum() or after[:1].isalnum():
        return False
    return not (_is_joined(before[-1:], before[:-1], first) or _is_joined(after[:1], last, after[1:]))


def _from_first_to_last(words: str) -> Span:
    """The span from the first letter or digit to the last."""
    places = [at for at, char in enumerate(words) if char.isalnum()]
    return Span(places[0], places[-1] + 1)


def _signs_of_numbers(text: str, span: Span) -> tuple[str, str]:
    """The sign right before a number that begins a span, and the one right behind a number that ends it."""
    before = text[span.start - 1 : span.start] if span.start and text[span.start].isdecimal() else ""
    after = text[span.end : span.end + 1] if text[span.end - 1].isdecimal() else ""
    starts = span.start < 2 or not text[span.start - 2].isalnum()
    return folded(before) if before in _BEFORE_NUMBERS and starts else "", after if after in _BEHIND_NUMBERS else ""


def _is_joined(sign: str, one: str, other: str) -> bool:
    """Whether a sign makes one word or number of what stands on both sides of it."""
    if not sign or not one or not other:
        return False
    is_number = sign in ".,:/" and one.isdecimal() and other.isdecimal()
    return is_number or (sign in "-‐‑'’" and one.isalnum() and other.isalnum())


def _same_but_first_case(one: str, other: str) -> bool:
    return one == other or (one[1:] == other[1:] and one[0].lower() == other[0].lower())


def _around(text: str) -> str:
    """What stands beside words, folded, without white space, quotation marks and loose signs."""
    plain = folded(text).translate(_UNSEEN)
    return "".join(char for char in plain if not char.isspace() and char not in _LOOSE | {"'"})
