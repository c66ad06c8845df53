"""The library's rows in a collection of Milvus: missing rows are put, rows that are gone are removed.

A file beside the library, the note, says which rows the collection was left with, so that only what changed is read. It
may be behind, after a process was killed or beside another process: to put or remove a row twice changes nothing, and
where the counts differ then, all rows are compared.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from corpus.library.atomic_write import replacing
from corpus.library.store import Library
from corpus.regular_file import read_regular
from index.dense.rows import changes, last_row, rows_of
from index.dense.vector_index import Rows
from index.milvus.address import CollectionAddress
from index.milvus.collection import Collection
from index.milvus.entity import CollectionCard, Entity
from index.milvus.errors import ForeignCollection
from index.milvus.filter import days
from index.milvus.words import MOST_BYTES, passage_words

_PUT_AT_ONCE = 500  # rows: 1 to 2 MB at 384 dimensions
_NOTED_AFTER = 20  # times that so many were put, while many are
_SETTLED_AFTER = 1_000  # rows
_NONE = np.array([], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Mirrored:
    """The rows of a collection, as ranges of (first, last), at a generation of the library."""

    born: str
    generation: int
    ranges: tuple[tuple[int, int], ...] = ()

    @property
    def count(self) -> int:
        return sum(last - first + 1 for first, last in self.ranges)

    @property
    def rows(self) -> Rows:
        return np.concatenate([_NONE, *(np.arange(first, last + 1) for first, last in self.ranges)])


def mirrored(library: Library, address: CollectionAddress) -> Mirrored | None:
    """The note on the collection at this address; None where there is none yet."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        note = json.loads(read_regular(_note(library, address)))
        ranges = tuple((int(first), int(last)) for first, last in note["ranges"])
        return Mirrored(note["born"], int(note["generation"]), ranges)
    return None


class Mirror:
    """Keeps a collection in agreement with the library."""

    def __init__(self, library: Library, collection: Collection, card: CollectionCard) -> None:
        self._library = library
        self._collection = collection
        self._card = collection.open(card)
        self._lock = threading.Lock()
        self._generation = self._aim = -1

    def follow(self, generation: int) -> None:
        """Brings the collection to this generation of the library, or leaves it at a later one."""
        with self._lock:
            if self._library.identity != self._card.library:  # a backup has been put in its place
                raise ForeignCollection(self._collection.address, "the library that was here before this backup")
            if generation > self._generation:
                self._aim = generation
                self._follow(generation)
                self._generation = generation

    def _follow(self, generation: int) -> None:
        is_opening = self._generation < 0
        note = self._last_note()
        if note.generation > generation or (note.generation == generation and not is_opening):
            return  # another process has been quicker
        is_noted = note.generation == generation
        gone, missing = (_NONE, _NONE) if is_noted else changes(self._library, note.rows, is_later=True)
        rows = self._change(note.rows, gone, missing)
        if (is_opening or len(gone) or len(missing)) and self._collection.count() != len(rows):
            rows, is_noted = self._compare_all(), False
        if not is_noted:
            self._write_note(rows, generation)
        if len(missing) >= _SETTLED_AFTER:
            self._collection.settle()

    def _last_note(self) -> Mirrored:
        """The note; an empty one where it is of another collection of this name."""
        note = mirrored(self._library, self._collection.address)
        return note if note and note.born == self._card.born else Mirrored(self._card.born, -1)

    def _compare_all(self) -> Rows:
        """The collection's rows after comparing all of them with the library's."""
        rows, wanted = self._collection.rows(), rows_of(self._library)
        # Rows after the last one of this generation were put there by a process that reads a later generation.
        gone = np.setdiff1d(rows, wanted, assume_unique=True)
        return self._change(rows, gone[gone <= last_row(self._library)], np.setdiff1d(wanted, rows, assume_unique=True))

    def _change(self, rows: Rows, gone: Rows, missing: Rows) -> Rows:
        """The rows after removing `gone` and putting `missing`, with notes on the way."""
        self._collection.remove(gone.tolist())
        rows = np.setdiff1d(rows, gone, assume_unique=True)
        for number, start in enumerate(range(0, len(missing), _PUT_AT_ONCE), start=1):
            self._collection.put(list(self._entities(missing[start : start + _PUT_AT_ONCE])))
            if number % _NOTED_AFTER == 0:
                self._write_note(np.concatenate([rows, missing[: start + _PUT_AT_ONCE]]), -1)
        return np.concatenate([rows, missing])

    def _entities(self, rows: Rows) -> Iterator[Entity]:
        """The entities of these rows, those that are gone left out."""
        with self._library.reading():
            passages = self._library.passages(rows.tolist())
            named = json.dumps(list(passages))
            query = "SELECT row, embedding FROM vector WHERE row IN (SELECT value FROM json_each(?))"
            blobs = dict(self._library.connection.execute(query, (named,)))
            headers = {one.id: one for one in self._library.headers({one.article_id for one in passages.values()})}
        words = passage_words(list(passages.values()))
        for (row, passage), text in zip(passages.items(), words, strict=True):
            if row not in blobs:
                continue
            facts = headers[passage.article_id]
            first, last = days(facts.published)
            yield Entity(
                row=row,
                article=passage.article_id,
                first=first,
                last=last,
                language=facts.language or "",
                outlet=_truncated(facts.outlet or ""),
                authors=[_truncated(name) for name in facts.authors],
                words=text,
                embedding=np.frombuffer(blobs[row], dtype=np.float16).astype(np.float32),
            )

    def _write_note(self, rows: Rows, generation: int) -> None:
        """Writes the note, unless another process has noted a later generation."""
        address = self._collection.address
        if self._last_note().generation > max(generation, self._aim):
            return
        note = _note(self._library, address)
        state = Mirrored(self._card.born, generation, _ranges(np.unique(rows)))
        # A full disk or a read-only folder costs the note, and the next opening a comparison.
        with suppress(OSError), replacing(note, like=self._library.path) as making:
            making.write_text(json.dumps(asdict(state)), encoding="utf-8")


def _note(library: Library, address: CollectionAddress) -> Path:
    return library.path.with_name(f"{library.path.stem}-{library.identity[:12]}-{address.digest}.milvus")


def _ranges(rows: Rows) -> tuple[tuple[int, int], ...]:
    """Ascending rows as ranges of (first, last)."""
    if not len(rows):
        return ()
    ends = np.flatnonzero(np.diff(rows) != 1)
    firsts, lasts = rows[np.concatenate([[0], ends + 1])], rows[np.concatenate([ends, [len(rows) - 1]])]
    return tuple(zip(firsts.tolist(), lasts.tolist(), strict=True))


def _truncated(name: str) -> str:
    return name.encode()[:MOST_BYTES].decode(errors="ignore")
