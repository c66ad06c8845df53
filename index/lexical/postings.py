"""Postings: which passages hold each term, and how often; arrays in memory, or mapped from a file.

They are made of the passages by the tokenizer of the word index, so they say what FTS5 says, and faster: FTS5 reads a
row for the length of each passage. A term is known by 64 bits of a digest. Among a million terms, two share one with a
chance of 3 in a hundred million.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Self
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from corpus.library.atomic_write import replacing
from corpus.library.store import Stored
from corpus.regular_file import open_regular
from index.dense.vector_index import Rows
from index.lexical.terms import tokenized
from index.lexical.word_table import indexed

Bytes = NDArray[np.uint8]

_MOST = 255  # that a term is counted in a passage
_PASSAGES_AT_ONCE = 20_000  # tokenized together: about 100 MB
_AT_ONCE = 2_000_000  # postings merged together
_HEAD = 512  # bytes
_ALIGNED = 64  # bytes
_BLOCK = 2**16  # bytes that a checksum is of
_VERSION = 3  # raised with the columns of the word index, too
# The arrays behind the head, in their order.
_TYPES: dict[str, type[np.generic]] = {
    "terms": np.uint64,
    "starts": np.int64,
    "rows": np.uint32,
    "counts": np.uint8,
    "lengths": np.uint32,
    "checksums": np.uint32,
}
_READ_ON_OPENING = ("terms", "starts", "lengths")


class SpoiltPostings(Exception):
    """A block of the file is not as it was written."""


@dataclass(frozen=True, slots=True)
class Postings:
    """The postings of `terms[i]` (digests, ascending) are from `starts[i]` up to `starts[i + 1]`.

    `rows` are ascending for each term, `counts` its occurrences there (255 at most). `lengths` has, from row `first`
    on, the number of a passage's tokens plus one, and 0 where there is no passage. `generation` is the library's. All
    are views of `buffer`, which is the file's content. `checksums` are of its blocks up to them, and `is_checked` says
    which blocks have been compared.
    """

    buffer: Bytes
    terms: NDArray[np.uint64]
    starts: NDArray[np.int64]
    rows: NDArray[np.uint32]
    counts: NDArray[np.uint8]
    lengths: NDArray[np.uint32]
    checksums: NDArray[np.uint32]
    is_checked: NDArray[np.bool_]
    offsets: Mapping[str, int]
    first: int
    generation: int

    @property
    def held(self) -> Rows:
        return np.flatnonzero(self.lengths) + self.first

    def of(self, term: int) -> slice:
        place = int(np.searchsorted(self.terms, np.uint64(term)))
        if place == len(self.terms) or int(self.terms[place]) != term:
            return slice(0, 0)
        return slice(int(self.starts[place]), int(self.starts[place + 1]))

    def rows_and_counts(self, span: slice) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
        """Those of some postings; SpoiltPostings."""
        for name, array in (("rows", self.rows), ("counts", self.counts)):
            start = self.offsets[name]
            self._check(start + span.start * array.itemsize, start + span.stop * array.itemsize)
        return self.rows[span], self.counts[span]

    @property
    def is_whole(self) -> bool:
        """Whether all is as it was written; what has not been compared yet is compared."""
        with suppress(SpoiltPostings):
            self._check(0, self.offsets["checksums"])
        return bool(self.is_checked.all())

    def _check(self, start: int, end: int) -> None:
        first, last = start // _BLOCK, -(-end // _BLOCK)
        for number in (first + np.flatnonzero(~self.is_checked[first:last])).tolist():
            if self._checksum(number) != self.checksums[number]:
                raise SpoiltPostings
            self.is_checked[number] = True

    def _checksum(self, number: int) -> int:
        return crc32(self.buffer[number * _BLOCK : min((number + 1) * _BLOCK, self.offsets["checksums"])].data)

    def seal(self) -> Self:
        """The postings with the checksums of what they hold now."""
        self.checksums[:] = [self._checksum(number) for number in range(len(self.checksums))]
        return self

    def write(self, path: Path) -> None:
        """Replaces the file at `path`; OSError."""
        with replacing(path) as making:
            self.buffer.tofile(making)

    @classmethod
    def mapped(cls, path: Path) -> Postings | None:
        """The postings in a file, mapped; None where there is no whole file. Blocks are compared as they are read."""
        with suppress(OSError, ValueError, KeyError, TypeError, OverflowError, SpoiltPostings):
            with open_regular(path) as file:
                postings = viewed(np.asarray(np.memmap(file, dtype=np.uint8, mode="r")), is_checked=False)
            postings._check(0, _HEAD)  # noqa: SLF001 - its own class
            for name in _READ_ON_OPENING:
                start = postings.offsets[name]
                postings._check(start, start + getattr(postings, name).nbytes)  # noqa: SLF001
            return postings
        return None


@lru_cache(maxsize=2**16)
def digest_of(term: str) -> int:
    """The key of a term."""
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=8).digest(), "little")


@lru_cache(maxsize=2**12)
def terms_of(words: tuple[str, ...]) -> list[tuple[int, ...]]:
    """The digests of the terms that the tokenizer makes of each of these words in plain letters: mostly one."""
    found: dict[int, list[int]] = {number: [] for number in range(len(words))}
    with tokenized(enumerate(words)) as connection:
        for number, term in connection.execute("SELECT doc, term FROM place ORDER BY doc, offset"):
            found[number].append(digest_of(term))
    return [tuple(terms) for terms in found.values()]


def postings_of(stored: Iterable[Stored], generation: int) -> Iterator[Postings]:
    """The postings of passages, which come in the order of their rows; in parts that fit into memory."""
    passages = iter(stored)
    while some := list(islice(passages, _PASSAGES_AT_ONCE)):
        yield _postings_of(some, generation)


def _postings_of(stored: Sequence[Stored], generation: int) -> Postings:
    rows = np.array([one.row for one in stored], dtype=np.int64)
    first = int(rows[0])
    with tokenized((row, f"{title}\n{text}") for row, title, text in map(indexed, stored)) as connection:
        found = connection.execute("SELECT term, cnt FROM term").fetchall()
        # Both tables go through the terms in one order.
        places = np.fromiter((row for (row,) in connection.execute("SELECT doc FROM place")), dtype=np.int64)
    digests = np.array([digest_of(term) for term, _ in found], dtype=np.uint64)
    order = np.argsort(digests)
    numbers = np.repeat(np.argsort(order), [count for _, count in found])  # of each place its term's, by digest
    by_term = np.lexsort((places, numbers))
    places, numbers = places[by_term], numbers[by_term]
    is_new = np.r_[True, (places[1:] != places[:-1]) | (numbers[1:] != numbers[:-1])][: len(places)]
    begins = np.flatnonzero(is_new)
    postings = _allocated((len(digests), len(begins), int(rows[-1]) - first + 1), first, generation)
    postings.terms[:] = digests[order]
    postings.starts[1:] = np.cumsum(np.bincount(numbers[begins], minlength=len(digests)))
    postings.rows[:] = places[begins]
    postings.counts[:] = np.diff(np.r_[begins, len(places)]).clip(max=_MOST)
    postings.lengths[rows - first] = 1
    postings.lengths[:] += np.bincount(places - first, minlength=len(postings.lengths)).astype(np.uint32)
    return postings.seal()


def merged(parts: Sequence[Postings], generation: int, path: Path | None = None) -> Postings:
    """The parts as one, without passages that are gone; their rows do not overlap and are in order.

    It is made in the file at `path`, if one is given, and not in memory.
    """
    terms = np.unique(np.concatenate([part.terms for part in parts]))
    sizes = np.zeros(len(terms), dtype=np.int64)
    for part in parts:
        for numbers, _, local in _remaining(part, terms):
            sizes[numbers] += np.bincount(local, minlength=len(numbers))
    first = min(part.first for part in parts)
    end = max(part.first + len(part.lengths) for part in parts)
    postings = _allocated((len(terms), int(sizes.sum()), end - first), first, generation, path)
    postings.terms[:] = terms
    postings.starts[1:] = np.cumsum(sizes)
    ahead = postings.starts[:-1].copy()  # where the next postings of each term go
    for part in parts:
        postings.lengths[part.first - first :][: len(part.lengths)] += part.lengths
        for numbers, places, local in _remaining(part, terms):
            own = np.bincount(local, minlength=len(numbers))
            into = (ahead[numbers] - np.cumsum(own) + own)[local] + np.arange(len(local))
            postings.rows[into], postings.counts[into] = part.rows[places], part.counts[places]
            ahead[numbers] += own
    return postings.seal()


def _remaining(part: Postings, terms: NDArray[np.uint64]) -> Iterator[tuple[Rows, Rows, Rows]]:
    """In blocks: the numbers of a part's terms among `terms`, the places of their postings, and the term of each.

    The postings of passages that are gone are left out.
    """
    begin = 0
    while begin < len(part.terms):
        end = int(np.searchsorted(part.starts, part.starts[begin] + _AT_ONCE, "right"))
        end = min(max(end - 1, begin + 1), len(part.terms))
        places = np.arange(part.starts[begin], part.starts[end])
        local = np.repeat(np.arange(end - begin), np.diff(part.starts[begin : end + 1]))
        is_there = part.lengths[part.rows[places] - part.first] > 0
        yield np.searchsorted(terms, part.terms[begin:end]), places[is_there], local[is_there]
        begin = end


def _allocated(sized: tuple[int, int, int], first: int, generation: int, path: Path | None = None) -> Postings:
    """Empty postings of so many terms, postings and rows."""
    terms, postings, rows = sized
    sizes = {"terms": terms, "starts": terms + 1, "rows": postings, "counts": postings, "lengths": rows}
    sizes["checksums"] = -(-(_HEAD + sum(_room(name, size) for name, size in sizes.items())) // _BLOCK)
    head = json.dumps({"version": _VERSION, "first": first, "generation": generation, **sizes}).encode() + b"\n"
    shape = _HEAD + sum(_room(name, size) for name, size in sizes.items())
    buffer = np.zeros(shape, dtype=np.uint8) if path is None else _reserved(path, shape)
    buffer[: len(head)] = np.frombuffer(head, dtype=np.uint8)
    return viewed(np.asarray(buffer))


def _reserved(path: Path, size: int) -> Bytes:
    """A new file of this size, mapped; OSError where there is no room, which would end the process later."""
    with path.open("wb") as file:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file.fileno(), 0, size)
    return np.memmap(path, np.uint8, "r+", shape=(size,))


def _room(name: str, size: int) -> int:
    """The bytes that an array of this size takes up."""
    return -(-size * np.dtype(_TYPES[name]).itemsize // _ALIGNED) * _ALIGNED


def viewed(buffer: Bytes, is_checked: bool = True) -> Postings:
    """The postings in a buffer; ValueError where it does not hold all that its head says."""
    facts = json.loads(buffer[:_HEAD].tobytes().partition(b"\n")[0])
    if facts["version"] != _VERSION:
        raise ValueError("another version wrote it")
    at, found, offsets = _HEAD, {}, {}
    for name, kind in _TYPES.items():
        size = facts[name] * np.dtype(kind).itemsize
        found[name], offsets[name] = buffer[at : at + size].view(kind), at
        at += _room(name, facts[name])
    if len(buffer) != at or facts["checksums"] != -(-offsets["checksums"] // _BLOCK):
        raise ValueError("it is cut short")
    if buffer[offsets["checksums"] + found["checksums"].nbytes :].any():
        raise ValueError("its last bytes were changed")
    blocks = np.full(facts["checksums"], is_checked)
    return Postings(
        buffer, **found, is_checked=blocks, offsets=offsets, first=facts["first"], generation=facts["generation"]
    )
