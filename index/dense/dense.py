"""Search by embedding: a structure in memory that is derived from the vectors (float16) in the library file.

Row numbers are never used twice, so that comparing them shows which vectors the structure lacks. It and its snapshot
beside the library can be dropped at any time.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from corpus.library.store import Library
from index.dense import approximate
from index.dense.rows import changes, rows_of
from index.dense.snapshot import Snapshot
from index.dense.vector_index import Rows, Structure
from index.derived_table import DamagedIndex
from index.encoder.encoder import Embeddings

_READ_AT_ONCE = 8192  # vectors read from the file in one go: 6 MB at 384 dimensions
_SNAPSHOT_AFTER = 5_000  # rows replayed on opening before a new snapshot pays: about 15 ms of reading


class DenseIndex:
    """Inner-product search over a library's vectors, as of the generation that is read.

    It is exact in libraries up to `approximate.FLAT_UP_TO` vectors. Above, some of the nearest rows may be missing; the
    cosines of those that are found are exact.
    """

    def __init__(self, library: Library, dimension: int) -> None:
        self._library = library
        self._dimension = dimension
        self._snapshot = Snapshot(library)
        self._identity = library.identity
        self._lock = threading.Lock()
        self._generation = -1
        self._structure: Structure | None = None

    def search(self, query: Embeddings, k: int, among: Rows | None = None) -> dict[int, float]:
        """The `k` rows with the highest cosine to a unit query of shape (dimension,), with their cosines.

        Only rows `among` these count, where any are named.
        """
        if among is not None and not len(among):
            return {}
        with self._library.reading() as generation:
            with self._lock:
                structure = self._up_to_date(generation)
                if structure.is_exact:
                    return structure.nearest(query, k, among)
                candidates: Iterable[int] = self._candidates(structure, query, k, among)
            cosines = self.cosines(query, candidates)
        return dict(sorted(cosines.items(), key=lambda pair: (-pair[1], pair[0]))[:k])

    def cosines(self, query: Embeddings, rows: Iterable[int]) -> dict[int, float]:
        """The cosine of a unit query to each of these rows, those that are gone left out."""
        found_rows, vectors = self.vectors(list(rows))
        # Not a matrix product, whose rounding depends on how many rows there are.
        return dict(zip(found_rows.tolist(), (vectors * query).sum(axis=1).tolist(), strict=True))

    def _candidates(self, structure: Structure, query: Embeddings, k: int, among: Rows | None) -> Iterable[int]:
        """The rows to score exactly: all of `among`, where these are few."""
        depth = max(k, structure.card.candidates)
        if among is not None and len(among) <= depth:
            return [int(row) for row in among]
        return structure.nearest(query, depth, among)

    def _up_to_date(self, generation: int) -> Structure:
        """The structure as of this generation, which is being read."""
        if self._structure is not None and generation == self._generation:
            return self._structure
        if self._library.identity != self._identity:  # a backup has been put in its place: rows mean something else
            self._snapshot, self._structure = Snapshot(self._library), None
            self._identity = self._library.identity
        previous, self._structure = self._structure, None  # of no generation while it is being changed
        structure = previous or self._from_snapshot() or Structure.flat(self._dimension)
        is_later = generation >= (self._generation if previous else structure.card.generation) >= 0
        del previous
        gone, missing = changes(self._library, structure.rows, is_later)
        count = len(structure.rows) - len(gone) + len(missing)
        # If none of its vectors is left, the library was reindexed, perhaps with another encoder.
        if approximate.suits(structure.card, count) and len(gone) < len(structure.rows):
            structure.remove(gone)
            for rows, vectors in self._vectors(missing):
                structure.add(rows, vectors)
            changed = len(gone) + len(missing)
        else:
            del structure  # before its successor takes up memory too
            structure = approximate.build(self._dimension, rows_of(self._library), self._vectors)
            changed = count
        structure.card = replace(structure.card, generation=generation)
        self._structure, self._generation = structure, generation
        if changed > _SNAPSHOT_AFTER:
            self._snapshot.write(structure)
        return structure

    def _from_snapshot(self) -> Structure | None:
        """The structure in the snapshot, if it agrees with the library."""
        structure = self._snapshot.read()
        if structure is None or structure.dimension != self._dimension:
            return None
        # The newest row that both hold has another vector in the library once a backup has been put back.
        for rows, vectors in self._vectors(np.sort(structure.rows)[::-1]):
            if len(rows):
                newest = int(rows.argmax())
                return structure if structure.holds(int(rows[newest]), vectors[newest]) else None
        return structure

    def _vectors(self, rows: Rows) -> Iterator[tuple[Rows, Embeddings]]:
        """The vectors of these rows, in blocks of (rows, embeddings)."""
        for start in range(0, len(rows), _READ_AT_ONCE):
            yield self.vectors(rows[start : start + _READ_AT_ONCE].tolist())

    def vectors(self, rows: list[int]) -> tuple[Rows, Embeddings]:
        """The rows that have a vector, and their vectors, shapes (n,) and (n, dimension); DamagedIndex."""
        named = "SELECT row, embedding FROM vector WHERE row IN (SELECT value FROM json_each(?))"
        found = self._library.connection.execute(named, (json.dumps(rows),)).fetchall()
        try:
            vectors = np.frombuffer(b"".join(blob for _, blob in found), dtype=np.float16)
            vectors = vectors.reshape(len(found), self._dimension)
        except (TypeError, ValueError) as fault:  # what stands there is no vector
            raise DamagedIndex from fault
        found_rows = np.fromiter((row for row, _ in found), dtype=np.int64, count=len(found))
        return found_rows, vectors.astype(np.float32)
