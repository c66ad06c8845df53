"""The place in a text that is nearest to a quote, from whole word to whole word, and the differences there. Pure.

Words are compared folded: case, compatibility forms, apostrophes and invisible characters do not count. What stands
between words only shows in the differences. Semi-global alignment (Sellers 1980) gives the place in the text where the
fewest characters are in the quote or in the text alone. Those of the quote count twice, so that a place with other
words in between is better than half a place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel, Postfix, Prefix
from rapidfuzz.process import cdist

from corpus.article import Span
from corpus.deadline import check_deadline
from corpus.sentences import sentences_around

_APOSTROPHES = "'’‘ʼ"
_STOPS = ".,;:!?…"  # equal at the end of a place: which of them a quote has, the sentence around it decides
_UNSPACED = re.compile(  # Thai to Lao, Burmese, Khmer, kana, Chinese: each letter is a word
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
# Over the kinds of the characters: a word, or one character between words.
_PIECE = re.compile("(?:cx*|wx*(?:a?wx*)*)|.")
_ELLIPSIS = re.compile(r"…|\.[ \xa0]?\.[ \xa0]?\.")
_ALIKE = 0.6  # share of the characters of two words that makes them spellings of one word
_UNIT = 4  # cost of a character; a word that an ellipsis leaves out costs 1
_NO_PAIR, _PAIR, _GAP = 0, 1, 2


@dataclass(frozen=True, slots=True)
class QuoteDifference:
    """What stands at `start`-`end` of the article's text, and what the quote as pasted has in its place.

    `start == end` where words of the paste are missing from the article; `pasted` is empty where the paste lacks words.
    """

    start: int
    end: int
    text: str
    pasted: str


@dataclass(frozen=True, slots=True)
class Nearest:
    """The place nearest to a quote; `similarity` is the share (0..1) of the characters of all words that both have.

    It is 1.0 where the words are the same, whatever stands between them.
    """

    span: Span
    similarity: float
    differences: tuple[QuoteDifference, ...]


class Piece(NamedTuple):
    """A word of a text as it is compared, or (with nothing to compare) one character between words."""

    start: int
    end: int
    folded: str

    @property
    def weight(self) -> int:
        """In characters, with one for what parts it from the next word."""
        return len(self.folded) + 1


def pieces(text: str, offset: int = 0) -> Iterator[Piece]:
    """All of a text in order; places count from `offset` characters further left."""
    for match in _PIECE.finditer("".join(map(_kind, text))):
        start, end = match.span()
        yield Piece(start + offset, end + offset, _folded(text[start:end]) if match[0][0] in "cw" else "")


def words(text: str, offset: int = 0) -> list[Piece]:
    """The words of a text in order."""
    return [piece for piece in pieces(text, offset) if piece.folded]


@lru_cache(maxsize=65_536)
def _kind(char: str) -> str:
    """`w`ord, one-`c`haracter word, `a`postrophe, e`x`tending the word before it, or ` `."""
    if char in _APOSTROPHES:
        return "a"
    if char.isalnum():
        return "c" if _UNSPACED.match(char) else "w"
    return "x" if unicodedata.category(char) in {"Mn", "Mc", "Me", "Cf"} else " "


def _folded(word: str) -> str:
    if word.isascii():
        return word.lower()
    visible = "".join("'" if char in _APOSTROPHES else char for char in word if unicodedata.category(char) != "Cf")
    return unicodedata.normalize("NFKC", visible).casefold()


def nearest(text: str, window: Span, quote: str) -> Nearest | None:
    """The place within a window of the text that is nearest to the quote; None where they share no word."""
    asked, there = words(quote), words(window.cut(text), window.start)
    if not asked or not there:
        return None
    alignment = _Alignment(asked, there, quote)
    pairs = alignment.pairs()
    if not pairs:
        return None
    first, last = _edges(text, pairs, asked, there)
    before, after = quote[: asked[0].start], quote[asked[-1].end :]
    span = _punctuated(text, Span(there[first].start, there[last].end), before, after)
    similarity = alignment.similarity(pairs, first, last)
    anchors = [(asked[i], there[j]) for i, j in pairs]
    return Nearest(span, similarity, tuple(_differences(text, span, quote, anchors)))


class _Alignment:
    """The words of a quote beside those of a stretch of text."""

    def __init__(self, asked: Sequence[Piece], there: Sequence[Piece], quote: str) -> None:
        self._asked = np.array([word.weight for word in asked])
        self._there = np.array([word.weight for word in there])
        rows = {folded: row for row, folded in enumerate(dict.fromkeys(word.folded for word in asked))}
        columns = {folded: column for column, folded in enumerate(dict.fromkeys(word.folded for word in there))}
        self._rows = [rows[word.folded] for word in asked]
        self._columns = np.array([columns[word.folded] for word in there])
        # (different words of the quote, different words of the text), 0 where they are not alike
        self._likeness: NDArray[np.float32] = cdist(
            list(rows), list(columns), scorer=Indel.normalized_similarity, score_cutoff=_ALIKE, dtype=np.float32
        )
        ends = [word.end for word in asked]
        starts = [*(word.start for word in asked[1:]), len(quote)]
        # Whether the quote leaves words out behind each of its own.
        self._open = [bool(_ELLIPSIS.search(quote, *gap)) for gap in zip(ends, starts, strict=True)]

    def pairs(self) -> list[tuple[int, int]]:
        """Which word of the quote is which of the text, in order, for the words that have one."""
        moves, column = self._moves()
        found = []
        row = len(self._rows)
        while row:
            move = moves[row - 1, column]
            row -= move != _GAP
            column -= move != _NO_PAIR
            if move == _PAIR and self._likeness[self._rows[row], self._columns[column]]:
                found.append((row, int(column)))
        return found[::-1]

    def _moves(self) -> tuple[NDArray[np.uint8], np.intp]:
        """How each cell of the alignment is reached at the least cost, and the column of the last row to begin at."""
        costs = np.zeros(len(self._columns) + 1, np.int64)  # of the quote's words so far, by the text's words so far
        moves = np.empty((len(self._rows), len(costs)), np.uint8)
        passed = _UNIT * np.concatenate(([0], np.cumsum(self._there)))
        left_out = np.arange(len(costs))
        for number, row in enumerate(self._rows):
            check_deadline()
            weight = 2 * self._asked[number]
            unpaired = costs + _UNIT * weight
            unlike = _UNIT * (1 - self._likeness[row, self._columns]) * (weight + self._there)
            paired = costs[:-1] + np.rint(unlike).astype(np.int64)
            best = unpaired.copy()
            np.minimum(unpaired[1:], paired, out=best[1:])
            beyond = left_out if self._open[number] else passed
            is_last = number == len(self._rows) - 1  # what comes behind the quote costs nothing, and is not in it
            costs = best if is_last else beyond + np.minimum.accumulate(best - beyond)
            moves[number] = np.where(costs < best, _GAP, _NO_PAIR)
            moves[number, 1:][(costs == best)[1:] & (paired <= unpaired[1:])] = _PAIR
        return moves, np.argmin(costs)

    def similarity(self, pairs: Sequence[tuple[int, int]], first: int, last: int) -> float:
        """The share of all characters that stand in both: the quote's words, and the text's from `first` to `last`.

        Words that the quote leaves out with an ellipsis do not count.
        """
        shared = sum(
            float(self._likeness[self._rows[i], self._columns[j]]) * int(self._asked[i] + self._there[j])
            for i, j in pairs
        )
        left_out = sum(
            int(self._there[j + 1 : after_j].sum())
            for (i, j), (after_i, after_j) in pairwise(pairs)
            if any(self._open[i:after_i])
        )
        whole = int(self._asked.sum() + self._there[first : last + 1].sum()) - left_out
        return min(round(shared / whole, 4), 1.0)


def _edges(
    text: str, pairs: Sequence[tuple[int, int]], asked: Sequence[Piece], there: Sequence[Piece]
) -> tuple[int, int]:
    """The first and last word of the place.

    Words at the ends of the quote that have no pair stand for as many of the text, as far as its sentence goes.
    """
    (unpaired, first), (last_paired, last) = pairs[0], pairs[-1]
    around = sentences_around(text, Span(there[first].start, there[last].end))
    for _ in range(unpaired):
        first -= first > 0 and there[first - 1].start >= around.start
    for _ in range(len(asked) - 1 - last_paired):
        last += last + 1 < len(there) and there[last + 1].end <= around.end
    return first, last


def _punctuated(text: str, span: Span, before: str, after: str) -> Span:
    """The place with the signs around its words that the quote has around its own."""
    start, end = span.start, span.end
    for char in reversed(before):
        if not start or text[start - 1] != char:
            break
        start -= 1
    for char in after:
        if end == len(text) or not (text[end] == char or (text[end] in _STOPS and char in _STOPS)):
            break
        end += 1
    return Span(start, end)


def differences(text: str, span: Span, quote: str) -> tuple[QuoteDifference, ...]:
    """What differs between a quote and a place that has all of its words, in other signs."""
    there = span.cut(text)
    if there == quote:
        return ()
    anchors = zip(words(quote), words(there, span.start), strict=False)
    return tuple(_differences(text, span, quote, list(anchors)))


def _differences(
    text: str, span: Span, quote: str, anchors: Sequence[tuple[Piece, Piece]]
) -> Iterator[QuoteDifference]:
    """What differs between words that are the same to the letter."""
    read, cursor = 0, span.start
    for asked, there in anchors:
        if quote[asked.start : asked.end] == text[there.start : there.end]:
            yield from _difference(text[cursor : there.start], quote[read : asked.start], cursor)
            read, cursor = asked.end, there.end
    yield from _difference(text[cursor : span.end], quote[read:], cursor)


def _difference(text: str, pasted: str, offset: int) -> Iterator[QuoteDifference]:
    """What differs between two texts, without the pieces at their ends that are the same; nothing where all are."""
    if text == pasted:
        return
    ours, theirs = ([one[piece.start : piece.end] for piece in pieces(one)] for one in (text, pasted))
    start = Prefix.similarity(ours, theirs)
    end = Postfix.similarity(ours[start:], theirs[start:])
    offset += sum(map(len, ours[:start]))
    there = "".join(ours[start : len(ours) - end])
    yield QuoteDifference(offset, offset + len(there), there, "".join(theirs[start : len(theirs) - end]))
