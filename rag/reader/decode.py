"""Spans from logits: the best spans of a passage, each of whole words."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.article import Span
from corpus.offset_map import MappedText
from rag.reader.boundaries import boundaries

Logits = NDArray[np.float32]

LONGEST = 30  # tokens
_NEVER = np.float32(-1e9)
_IN_NUMBERS = ".,:"
_IN_A_NAME = re.compile(r"\b[OD]['’](?=[A-Z])|[^\W\d_]-(?=[A-ZÀ-Ý])")
_JOINER = "\u200d"
_TAGS = range(0xE0020, 0xE0080)  # tag characters, which follow an emoji flag


@dataclass(frozen=True, slots=True)
class ScoredSpan:
    """A span with the sum of its start and end logits, and the score of no answer in the same window.

    `items` are those of a list (`rag.reader.lists`), none of any other span.
    """

    span: Span
    score: float
    null: float
    items: tuple[Span, ...] = ()

    @property
    def margin(self) -> float:
        return self.score - self.null


@dataclass(frozen=True, slots=True)
class SpanTokens:
    """Tokens of a text: their places, whether a span may open and close with each, and the part each is in; (tokens,).

    No span is in two parts (`rag.reader.boundaries`).
    """

    text: str
    places: list[tuple[int, int]]
    opens: NDArray[np.bool]
    closes: NDArray[np.bool]
    parts: NDArray[np.intp]

    @classmethod
    def of(cls, text: str, places: list[tuple[int, int]], continues: list[bool]) -> SpanTokens:
        """All tokens of a text; `continues` is true for those that continue the word of the token before.

        A number is one word with the points and commas in it, so that 1,000 is not read as 1. So is a name: O'Neill,
        Jean-Luc.
        """
        within = _in_names(text)
        opens = [
            not (goes_on or start in within or _in_number(text, start) or text[start] == "|" or _is_mark(text[start]))
            for goes_on, (start, _) in zip(continues, places, strict=True)
        ]
        closes = [
            not (goes_on or end in within or _in_number(text, end))
            for goes_on, (_, end) in zip([*continues, False][1:], places, strict=True)
        ]
        parts = _parts(text, places)
        return cls(text, places, np.array(opens, dtype=np.bool_), np.array(closes, dtype=np.bool_), parts)

    def within(self, source: str, text: MappedText) -> SpanTokens:
        """The tokens of a text at their places in its source; no span opens or closes with what was inserted."""
        starts = [run.start for run in text.runs]
        places: list[tuple[int, int]] = []
        copied = np.zeros(len(self.places), dtype=np.bool_)
        for number, (start, end) in enumerate(self.places):
            run = text.runs[bisect_right(starts, start) - 1]
            copied[number] = run.copied and run.start <= start and end <= run.end
            offset = run.source_start - run.start
            places.append((start + offset, end + offset) if copied[number] else (0, 0))
        parts = np.where(copied, _parts(source, places), -1)
        return SpanTokens(source, places, self.opens & copied, self.closes & copied, parts)

    def without(self, spans: Sequence[Span]) -> SpanTokens:
        """The tokens, none of which opens or closes a span in one of these spans, or across one."""
        parts = self.parts.copy()
        for span in spans:
            inside = np.array([start < span.end and span.start < end for start, end in self.places], dtype=np.bool_)
            behind = np.array([start >= span.end for start, _ in self.places], dtype=np.bool_)
            parts = np.where(inside, -1, np.where(behind & (parts >= 0), parts + len(self.text), parts))
        opens, closes = self.opens & (parts >= 0), self.closes & (parts >= 0)
        return SpanTokens(self.text, self.places, opens, closes, parts)

    def window(self, first: int, last: int) -> SpanTokens:
        """The tokens from the first to before the last."""
        chosen = slice(first, last)
        return SpanTokens(self.text, self.places[chosen], self.opens[chosen], self.closes[chosen], self.parts[chosen])


def _parts(text: str, places: list[tuple[int, int]]) -> NDArray[np.intp]:
    """For each token the part that it is in, counted from the beginning of the text."""
    return np.searchsorted(np.array(boundaries(text), dtype=np.intp), [start for start, _ in places])


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
    sums[part.parts[firsts] != part.parts[lasts.clip(max=tokens - 1)]] = _NEVER
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


def _in_names(text: str) -> set[int]:
    """The places in the text that are within a name such as O'Neill or Jean-Luc."""
    return {at for match in _IN_A_NAME.finditer(text) for at in (match.start() + 1, match.start() + 2)}


def _in_number(text: str, at: int) -> bool:
    """Whether a number stands on both sides of this place."""
    before, after = text[max(at - 2, 0) : at], text[at : at + 2]
    if before[-1:].isdigit() and after[:1] in _IN_NUMBERS:
        return after[1:].isdigit()
    return before[-1:] in _IN_NUMBERS and before[:-1].isdigit() and after[:1].isdigit()
