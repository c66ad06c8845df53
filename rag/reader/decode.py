"""Spans from logits: the best spans of a passage, each of whole words."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.article import Span

Logits = NDArray[np.float32]

LONGEST = 30  # tokens
_NEVER = np.float32(-1e9)
_IN_NUMBERS = ".,:"
_JOINER = "\u200d"
_TAGS = range(0xE0020, 0xE0080)  # tag characters, which follow an emoji flag


@dataclass(frozen=True, slots=True)
class ScoredSpan:
    """A span with the sum of its start and end logits, and the score of no answer in the same window."""

    span: Span
    score: float
    null: float

    @property
    def margin(self) -> float:
        return self.score - self.null


@dataclass(frozen=True, slots=True)
class SpanTokens:
    """Tokens of a text: their places, and whether a span may open and close with each; bool, (tokens,)."""

    text: str
    places: list[tuple[int, int]]
    opens: NDArray[np.bool]
    closes: NDArray[np.bool]

    @classmethod
    def of(cls, text: str, places: list[tuple[int, int]], continues: list[bool]) -> SpanTokens:
        """All tokens of a text; `continues` is true for those that continue the word of the token before.

        A number is one word with the points and commas in it, so that 1,000 is not read as 1.
        """
        opens = [
            not goes_on and not _in_number(text, place[0]) and not _is_mark(text[place[0]])
            for goes_on, place in zip(continues, places, strict=True)
        ]
        ends = zip([*continues, False][1:], places, strict=True)
        closes = [not goes_on and not _in_number(text, place[1]) for goes_on, place in ends]
        return cls(text, places, np.array(opens, dtype=np.bool_), np.array(closes, dtype=np.bool_))

    def window(self, first: int, last: int) -> SpanTokens:
        return SpanTokens(self.text, self.places[first:last], self.opens[first:last], self.closes[first:last])


def best_spans(logits: Logits, null: float, part: SpanTokens, n: int) -> list[ScoredSpan]:
    """The `n` best spans of a part that share no words, best first; `logits` are (tokens, 2), for start and end."""
    tokens = len(part.places)
    if not tokens:
        return []
    width = min(LONGEST, tokens)
    starts = np.where(part.opens, logits[:, 0], _NEVER)
    ends = np.append(np.where(part.closes, logits[:, 1], _NEVER), np.full(width - 1, _NEVER, dtype=np.float32))
    sums = starts[:, None] + np.lib.stride_tricks.sliding_window_view(ends, width)  # (tokens, width): first, length - 1
    firsts = np.arange(tokens)[:, None]
    lasts = firsts + np.arange(width)
    found: list[ScoredSpan] = []
    for _ in range(n):
        first, further = divmod(int(sums.argmax()), width)
        score, last = float(sums[first, further]), first + further
        if score < _NEVER / 2:
            break
        found.append(ScoredSpan(with_marks(part.text, part.places[first][0], part.places[last][1]), score, null))
        sums[(firsts <= last) & (lasts >= first)] = _NEVER  # what shares words with it
    return found


def with_marks(text: str, start: int, end: int) -> Span:
    """The span with the combining marks of its last letter."""
    while end < len(text) and _is_mark(text[end]):
        end += 1
    return Span(start, end)


def _is_mark(letter: str) -> bool:
    """Whether a character is part of the one before it: an accent, a vowel sign, a variation selector."""
    return unicodedata.category(letter).startswith("M") or letter == _JOINER or ord(letter) in _TAGS


def _in_number(text: str, at: int) -> bool:
    """Whether a number stands on both sides of this place."""
    before, after = text[max(at - 2, 0) : at], text[at : at + 2]
    if before[-1:].isdigit() and after[:1] in _IN_NUMBERS:
        return after[1:].isdigit()
    return before[-1:] in _IN_NUMBERS and before[:-1].isdigit() and after[:1].isdigit()
