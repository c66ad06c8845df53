"""Where the letters of many quotations stand in all texts of a library, in one pass over them.

Windows of 8 letters are hashed (Karp and Rabin 1987) at every place of the texts and looked up among some of each
quotation. Where its first window is found, the whole is compared; where several are near each other, there is a region
that may hold the words altered. The time is linear in the texts, whatever the number of quotations.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from corpus.article import Span
from corpus.deadline import check_deadline
from rag.draft.letters import letters

FEWEST_LETTERS = 4  # that are looked for
_WINDOW, _SMALL = 8, 4  # letters; the small one is for what is shorter
_MOST_WINDOWS = 24  # of one quotation
_MOST_REGIONS = 4  # of one quotation that are kept, those with the most windows
_LEAST_SHARE = 6  # a region has at least one in so many of a quotation's windows
_SLACK = 200  # letters beyond half of the quotation's that the windows of a region may be apart
_BATCH = 1_000_000  # characters of texts that are looked through at once
_TABLE = 20  # bits
_BASE = 0x9E3779B97F4A7C15  # odd, so that no power of it is 0
_MIX = np.uint64(0xFF51AFD7ED558CCD)

Text = tuple[str, str]  # the id of an article, and its text


@dataclass(frozen=True, slots=True)
class LetterPlace:
    """Where the letters of a quotation stand in an article."""

    article_id: str
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Region(LetterPlace):
    """Where an article has some of a quotation's letters; `windows` says how many."""

    windows: int


@dataclass(slots=True)
class _Found:
    """What was found of each quotation, by its number."""

    places: defaultdict[int, list[LetterPlace]] = field(default_factory=lambda: defaultdict(list))
    regions: defaultdict[int, list[Region]] = field(default_factory=lambda: defaultdict(list))


def scan(texts: Iterable[Text], sought: Sequence[str]) -> _Found:
    """The places of the letters sought, and the regions with some of them; each of `sought` has 4 letters at least."""
    found = _Found()
    searches = [_Search(sought, size) for size in (_WINDOW, _SMALL)]
    if not sought:
        return found
    for batch in _batches(texts):
        check_deadline()
        stretch = _Stretch(batch)
        for search in searches:
            search.run(stretch, found)
    return found


def _batches(texts: Iterable[Text]) -> Iterator[list[Text]]:
    batch: list[Text] = []
    size = 0
    for one in texts:
        batch.append(one)
        size += len(one[1])
        if size >= _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


class _Stretch:
    """Several texts as one row of letters, with a barrier behind each."""

    def __init__(self, batch: Sequence[Text]) -> None:
        self._batch = batch
        self._letters = letters("".join(f"{text}\0" for _, text in batch))
        self._starts = np.cumsum([0, *(len(text) + 1 for _, text in batch)])
        self.text = self._letters.text
        self.hashes = _hashes(self._letters.codes)

    def place(self, start: int, end: int) -> LetterPlace:
        """The place of letters of one text."""
        span = self._letters.span(start, end)
        number = int(np.searchsorted(self._starts, span.start, "right")) - 1
        article_id, text = self._batch[number]
        return LetterPlace(article_id, text, span.shift(-int(self._starts[number])))

    def numbers(self, places: NDArray[np.intp]) -> NDArray[np.intp]:
        """The number of the text in which each of these letters stands."""
        return np.searchsorted(self._starts, self._letters.places[places], "right") - 1


def _hashes(codes: NDArray[np.uint32]) -> dict[int, NDArray[np.uint64]]:
    """The hash of each window of the codes, by the size of the window."""
    hashed, size, factor = codes.astype(np.uint64), 1, _BASE
    found = {}
    while size < _WINDOW:
        hashed = hashed[:-size] * np.uint64(factor) + hashed[size:] if len(hashed) > size else hashed[:0]
        factor = factor * factor % 2**64
        size *= 2
        found[size] = hashed
    return found


class _Search:
    """The windows of those quotations that windows of this size serve."""

    def __init__(self, sought: Sequence[str], size: int) -> None:
        self._size = size
        fits = range(_WINDOW, 10**9) if size == _WINDOW else range(FEWEST_LETTERS, _WINDOW)
        self._sought = {number: one for number, one in enumerate(sought) if len(one) in fits}
        rows = [row for number, one in self._sought.items() for row in self._windows(number, one)]
        rows.sort()
        self._keys = np.array([row[0] for row in rows], np.uint64)
        self._numbers = np.array([row[1] for row in rows], np.intp)
        self._offsets = np.array([row[2] for row in rows], np.intp)
        self._lengths = np.array([len(one) for one in sought], np.intp)
        self._counts = np.bincount(self._numbers, minlength=len(sought))
        self._table = np.zeros(1 << _TABLE, np.bool_)
        self._table[_slot(self._keys)] = True

    def _windows(self, number: int, sought: str) -> Iterator[tuple[int, int, int]]:
        """The hash, the quotation and the offset of each window that is looked up: evenly spread, the first always."""
        codes = np.frombuffer(sought.encode("utf-32-le", "surrogatepass"), np.uint32)
        hashed = _hashes(codes)[self._size]
        step = max(1, -(-len(hashed) // _MOST_WINDOWS))
        for offset in range(0, len(hashed) if self._size == _WINDOW else 1, step):
            yield int(hashed[offset]), number, offset

    def run(self, stretch: _Stretch, found: _Found) -> None:
        if not self._sought:
            return
        hashes = stretch.hashes[self._size]
        places = np.flatnonzero(self._table[_slot(hashes)])
        first = np.searchsorted(self._keys, hashes[places], "left")
        counts = np.searchsorted(self._keys, hashes[places], "right") - first
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        rows = np.repeat(first, counts) + within  # each window of a quotation that has the hash
        numbers, offsets, places = self._numbers[rows], self._offsets[rows], np.repeat(places, counts)
        for number, start in zip(numbers[offsets == 0].tolist(), places[offsets == 0].tolist(), strict=True):
            check_deadline()
            sought = self._sought[number]
            if stretch.text.startswith(sought, start):
                found.places[number].append(stretch.place(start, start + len(sought)))
        if self._size == _WINDOW and len(numbers):
            self._keep_regions(stretch, found, numbers, places, offsets)

    def _keep_regions(
        self,
        stretch: _Stretch,
        found: _Found,
        numbers: NDArray[np.intp],
        places: NDArray[np.intp],
        offsets: NDArray[np.intp],
    ) -> None:
        """Keeps the regions with the most windows of each quotation: buckets of where it would begin by each window."""
        lengths = self._lengths[numbers]
        texts, buckets = stretch.numbers(places), (places - offsets) // (lengths // 2 + _SLACK)
        order = np.lexsort((places, buckets, texts, numbers))
        numbers, texts, buckets, places = numbers[order], texts[order], buckets[order], places[order]
        is_new = (np.diff(numbers) != 0) | (np.diff(texts) != 0) | (np.diff(buckets) != 0)
        first = np.flatnonzero(np.concatenate(([True], is_new)))
        last = np.append(first[1:], len(numbers)) - 1
        counts = last - first + 1
        enough = np.flatnonzero(counts * _LEAST_SHARE >= self._counts[numbers[first]])
        best = enough[np.lexsort((-counts[enough], numbers[first[enough]]))]
        whose = numbers[first[best]]
        ranks = np.arange(len(best)) - np.searchsorted(whose, whose, "left")
        for run in best[ranks < _MOST_REGIONS].tolist():
            start, end = int(places[first[run]]), int(places[last[run]]) + self._size
            place = stretch.place(start, end)
            region = Region(place.article_id, place.text, place.span, int(counts[run]))
            self._keep(found.regions[int(numbers[first[run]])], region)

    @staticmethod
    def _keep(regions: list[Region], region: Region) -> None:
        regions.append(region)
        if len(regions) > _MOST_REGIONS:
            regions.sort(key=lambda one: -one.windows)
            regions.pop()


def _slot(hashes: NDArray[np.uint64]) -> NDArray[np.intp]:
    return ((hashes * _MIX) >> np.uint64(64 - _TABLE)).astype(np.intp)
