"""How much of one text another holds, by the runs of four words (shingles) that they share. Pure functions."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
Flags = NDArray[np.bool_]

LEAST_WORDS = 20  # of a text that may be called a copy: shorter ones are alike by chance
_RUN = 4  # words in a shingle
# Chosen on figures: docs/measurements/copies.md.
_STRETCH = 40  # shingles, about
_FOUND = 0.15  # of a stretch's shingles: an edited stretch keeps more of them, two reports of one event fewer
_FIGURES = 0.05  # of a text's shingles: so many with other figures are more than a date that was brought up to date
# To change how words are hashed or sampled is to change how libraries are indexed: `index.near_duplicates.sketches`
# finds what it kept.
_SAMPLED = 16  # one shingle of so many
_LEAST_SAMPLE = 16  # shingles of a short text

_FOLDED_AT_ONCE = 100_000  # characters, which may become eighteen times as many
_HASHED_AT_ONCE = 100_000  # runs
_WORD = re.compile(r"\w+")
_SPACE = re.compile("[ \n]")  # nothing composes with these
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]+")
_EVEN = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))  # of SplitMix64 (Steele, Lea and Flood 2014)


@dataclass(frozen=True, slots=True)
class Shingles:
    """The hashed runs of four words of a text, in its order: as they are, and with every figure masked."""

    hashes: Hashes
    masked: Hashes
    figured: Flags  # whether the run holds a figure

    def __len__(self) -> int:
        return len(self.hashes)

    def sample(self) -> Hashes:
        """One in sixteen of the distinct shingles, in every text the same ones, ascending (Broder's mod sketch, 1997).

        Those with the lowest hashes are taken, of a short text at least sixteen; none of one that is too short.
        """
        distinct = np.unique(self.hashes)
        lowest = int(np.searchsorted(distinct, np.uint64(2**64 // _SAMPLED)))
        return distinct[: max(lowest, _LEAST_SAMPLE) if self.is_long_enough else 0]

    @property
    def is_long_enough(self) -> bool:
        """Whether the text has enough words to be called a copy."""
        return len(self) > LEAST_WORDS - _RUN


def shingles(text: str) -> Shingles:
    """The shingles of a text, in lower case and without punctuation."""
    crcs, figures = array("Q"), bytearray()
    for words in _words(text):
        crcs.extend([crc32(word.encode(errors="replace")) for word in words])
        figures.extend([word[0].isdigit() for word in words])
    hashed, is_figure = np.array(crcs, np.uint64), np.frombuffer(figures, np.bool_)
    del crcs  # a text may have millions of words
    runs = max(len(hashed) - _RUN + 1, 0)
    figured = np.zeros(runs, np.bool_)
    for place in range(_RUN if runs else 0):
        figured |= is_figure[place : place + runs]
    hashes = _runs(hashed)
    hashed[is_figure] = 0
    return Shingles(hashes, _runs(hashed), figured)


def _words(text: str) -> Iterator[list[str]]:
    """The words of a text in lower case, in lists; each is of a part that ends before white space, or is very long."""
    start = 0
    while start < len(text):
        end = start + _FOLDED_AT_ONCE
        space = _SPACE.search(text, end, end + _FOLDED_AT_ONCE)
        end = space.start() if space else end + _FOLDED_AT_ONCE
        part = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text[start:end])).casefold()
        yield _WORD.findall(part)
        start = end


def share_contained(one: Shingles, other: Shingles) -> float:
    """The share (0..1) of the first text's shingles that the other has."""
    return float(_are_in(one.hashes, other.hashes).mean()) if len(one) else 0.0


def share_found(one: Shingles, other: Shingles) -> float:
    """The share (0..1) of the first text's stretches of about forty shingles that the other holds, edited or not.

    It holds a stretch if it has 0.15 of its shingles. As stretches cover the whole text, a copy in which every third
    word was replaced differs from two texts with one common paragraph.
    """
    if not len(one):
        return 0.0
    stretches = max(len(one) // _STRETCH, 1)
    edges = np.arange(stretches + 1) * len(one) // stretches
    found = np.add.reduceat(_are_in(one.hashes, other.hashes), edges[:-1], dtype=np.int64)
    return float(np.mean(found >= _FOUND * np.diff(edges)))


def same_figures(one: Shingles, other: Shingles) -> bool:
    """Whether the figures agree in most of the shingles that the texts share apart from their figures.

    They agree in copies, but for a few that were updated, and not where a template was filled in again.
    """
    shorter, longer = sorted((one, other), key=len)
    alike = int(_are_in(shorter.masked[shorter.figured], longer.masked).sum())
    agreeing = int(_are_in(shorter.hashes[shorter.figured], longer.hashes).sum())
    return alike - agreeing <= max(agreeing, _FIGURES * len(shorter))


def _are_in(some: Hashes, others: Hashes) -> Flags:
    """Which of some hashes are among others."""
    if not len(others):
        return np.zeros(len(some), np.bool_)
    ascending = np.sort(others)
    places = np.searchsorted(ascending, some)
    found: Flags = ascending[np.minimum(places, len(ascending) - 1)] == some
    return found


def _runs(words: Hashes) -> Hashes:
    hashes: Hashes = np.zeros(max(len(words) - _RUN + 1, 0), np.uint64)
    for first in range(0, len(hashes), _HASHED_AT_ONCE):
        part = hashes[first : first + _HASHED_AT_ONCE]
        for place in range(first, first + _RUN):
            part[:] = _mixed(part * _EVEN + words[place : place + len(part)] + np.uint64(1))
    return hashes


def _mixed(hashes: Hashes) -> Hashes:
    """SplitMix64's finaliser: every bit of the input changes half of those of the output."""
    for shift, factor in zip((30, 27), _MIX, strict=True):
        hashes = (hashes ^ (hashes >> np.uint64(shift))) * factor
    return hashes ^ (hashes >> np.uint64(31))
