"""The places of the pieces of an extracted text in the text they were extracted from.

Pieces come in the order of the text, but a piece may occur there several times (a teaser in a menu, a repeated
paragraph) or in parts (something was cut out of it). Long pieces are the anchors: of all their occurrences, the chain
that runs forward with the smallest gaps is chosen. The other pieces are then looked for between the anchors.
"""

from __future__ import annotations

import math
import re
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

_PROBE = 16  # characters; only pieces at least as long anchor the others
_OCCURRENCES = 16  # a piece with more is no anchor
_LOOK_BACK = 8  # anchors that a chain may jump over
_SKIP = 30.0  # cost of leaving an anchor out: more than any gap
_COMPARISONS = 2_000_000
_WINDOW = 50_000  # characters in which a piece without anchor is looked for
_SEED = 8
_NEAR = 400  # characters that may have been cut out of the middle of a piece
_COVERED = 0.6  # share of a piece that must be found, where it does not stand there as a whole
_INKED = re.compile("[!-~]+|[^\x00-\x7f]")


class AlignedRange(NamedTuple):
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Ink:
    """The letters of a text without white space, marks and invisible characters; `text[i]` is at `places[i]`."""

    text: str
    places: array[int]

    @classmethod
    def of(cls, text: str) -> Ink:
        letters: list[str] = []
        places: array[int] = array("q")
        for match in _INKED.finditer(text):
            if match.group().isascii():
                letters.append(match.group())
                places.extend(range(match.start(), match.end()))
            elif letter := _base(match.group()):
                letters.append(letter)
                places.append(match.start())
        return cls("".join(letters), places)


@lru_cache(maxsize=65_536)
def _base(char: str) -> str:
    if char.isspace() or not char.isprintable() or unicodedata.category(char)[0] == "M" or "\u1160" <= char <= "\u11ff":
        return ""
    return unicodedata.normalize("NFD", char)[0]


def align(pieces: Sequence[str], text: str) -> list[list[AlignedRange]]:
    """For each piece its places in `text`, in order and not overlapping; none where it is not found."""
    stream = Ink.of(text)
    inks = [Ink.of(piece).text for piece in pieces]
    chosen = _chain(inks, _occurrences(inks, stream.text))
    found: list[list[AlignedRange]] = []
    edges = [*sorted(chosen), len(inks)]
    first = cursor = 0
    for edge in edges:
        end = chosen.get(edge, len(stream.text))
        gap = _Gap(stream, text, cursor, end)
        found.extend(gap.fill(inks[first:edge], from_end=first == 0 and edge < len(inks)))
        if edge < len(inks):
            cursor, first = end + len(inks[edge]), edge + 1
            found.append([AlignedRange(end, cursor)])
    return _in_text(stream, text, found)


def _occurrences(inks: Sequence[str], stream: str) -> dict[str, list[int]]:
    """The starts of every long piece, up to one more than an anchor may have."""
    by_probe: dict[str, set[str]] = {}
    for ink in inks:
        if len(ink) >= _PROBE:
            by_probe.setdefault(ink[:_PROBE], set()).add(ink)
    found: dict[str, list[int]] = {ink: [] for group in by_probe.values() for ink in group}
    left = _COMPARISONS
    for start in range(len(stream) - _PROBE + 1 if found else 0):
        group = by_probe.get(stream[start : start + _PROBE])
        if group and left > 0:
            left -= len(group)
            for ink in group:
                if len(found[ink]) <= _OCCURRENCES and stream.startswith(ink, start):
                    found[ink].append(start)
    return found


@dataclass(frozen=True, slots=True)
class _Step:
    """One anchor at one of its places, with the cheapest chain that leads to it."""

    rank: int
    piece: int
    start: int
    end: int
    cost: float
    previous: _Step | None


def _chain(inks: Sequence[str], found: dict[str, list[int]]) -> dict[int, int]:
    """The starts chosen for the anchors: one place each, running forward, with the smallest sum of log gaps."""
    anchors = [index for index, ink in enumerate(inks) if 0 < len(found.get(ink, ())) <= _OCCURRENCES]
    steps: list[_Step] = []
    for rank, index in enumerate(anchors):
        reach = [step for step in steps[-_LOOK_BACK * _OCCURRENCES :] if rank - _LOOK_BACK <= step.rank < rank]
        steps.extend(
            [_step(reach, rank, index, AlignedRange(start, start + len(inks[index]))) for start in found[inks[index]]]
        )
    step = min(steps, key=lambda step: step.cost + (len(anchors) - 1 - step.rank) * _SKIP, default=None)
    chosen = {}
    while step:
        chosen[step.piece] = step.start
        step = step.previous
    return chosen


def _step(reach: Sequence[_Step], rank: int, piece: int, place: AlignedRange) -> _Step:
    best, cost = None, rank * _SKIP  # to begin here is to leave out every anchor before
    for step in reach:
        if step.end <= place.start:
            way = step.cost + (rank - step.rank - 1) * _SKIP + math.log1p(place.start - step.end)
            if way < cost:
                best, cost = step, way
    return _Step(rank, piece, place.start, place.end, cost, best)


class _Gap:
    """The part of the text between two anchors, in which the other pieces are looked for in order."""

    def __init__(self, stream: Ink, text: str, start: int, end: int) -> None:
        self.stream, self.text, self.start, self.end = stream, text, start, end

    def fill(self, pieces: Sequence[str], from_end: bool) -> list[list[AlignedRange]]:
        """The places of the pieces; `from_end` looks for the last first, as titles are right above their text."""
        if from_end:
            return [self._take(piece, from_end) for piece in reversed(pieces)][::-1]
        return [self._take(piece, from_end) for piece in pieces]

    def _take(self, piece: str, from_end: bool) -> list[AlignedRange]:
        """The first place of a piece in the gap, or its last; the gap shrinks to the text on the other side."""
        if not piece:
            return []
        find = self.stream.text.rfind if from_end else self.stream.text.find
        low = max(self.start, self.end - _WINDOW) if from_end else self.start
        limit = high = self.end if from_end else min(self.end, self.start + _WINDOW)
        while (start := find(piece, low, high)) >= 0 and not self._is_whole(start, start + len(piece)):
            low, high = (low, start + len(piece) - 1) if from_end else (start + 1, high)
        places = [AlignedRange(start, start + len(piece))] if start >= 0 else self._parts(piece, limit)
        if places and from_end:
            self.end = places[0].start
        elif places:
            self.start = places[-1].end
        return places

    def _is_whole(self, start: int, end: int) -> bool:
        """Whether a place begins and ends between words."""
        first, last = self.stream.places[start], self.stream.places[end - 1]
        before, after = self.text[first - 1 : first], self.text[last + 1 : last + 2]
        return not (before.isalnum() and self.text[first].isalnum()) and not (
            after.isalnum() and self.text[last].isalnum()
        )

    def _parts(self, piece: str, limit: int) -> list[AlignedRange]:
        """The parts of a piece that something was cut out of; empty where too little of it is found."""
        if len(piece) < _PROBE:
            return []
        parts: list[AlignedRange] = []
        read, cursor = 0, self.start
        while read <= len(piece) - _SEED:
            near = min(limit, cursor + _NEAR) if parts else min(limit, cursor + _WINDOW)
            start = self.stream.text.find(piece[read : read + _SEED], cursor, near)
            if start < 0:
                read += _SEED
                continue
            length = _common_length(piece, read, self.stream.text, start, limit)
            parts.append(AlignedRange(start, start + length))
            read, cursor = read + length, start + length
        return parts if sum(part.end - part.start for part in parts) >= _COVERED * len(piece) else []


def _common_length(piece: str, read: int, text: str, start: int, limit: int) -> int:
    """The number of characters that both have in common from there on."""
    length = 0
    longest = min(len(piece) - read, limit - start)
    while length < longest and piece[read + length] == text[start + length]:
        length += 1
    return length


def _in_text(ink: Ink, text: str, found: Sequence[Sequence[AlignedRange]]) -> list[list[AlignedRange]]:
    """Places in the ink as places in the text, with the marks and invisible characters of their letters."""
    floor = 0
    moved: list[list[AlignedRange]] = []
    for places in found:
        moved.append([])
        for place in places:
            start, end = ink.places[place.start], ink.places[place.end - 1] + 1
            if place.start:
                floor = max(floor, ink.places[place.start - 1] + 1)
            limit = ink.places[place.end] if place.end < len(ink.places) else len(text)
            while start > floor and not text[start - 1].isspace():
                start -= 1
            while end < limit and not text[end].isspace():
                end += 1
            moved[-1].append(AlignedRange(start, end))
            floor = end
    return moved
