"""Search by meaning: the vectors in the library file, and the FAISS index derived from them.

The vectors (float16) are the truth. The FAISS index in memory, and its snapshot beside the library, can be thrown away
at any time: rows are never used twice, so what is missing or gone is found by comparing row numbers.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corpus.store import Library
from index.encoder import Embeddings

if TYPE_CHECKING:
    import faiss

Rows = NDArray[np.int64]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS vector (
    row INTEGER PRIMARY KEY REFERENCES passage (row) ON DELETE CASCADE, embedding BLOB NOT NULL
)
"""
_READ_AT_ONCE = 8192  # vectors read from the file in one go: 6 MB at 384 dimensions
_DIGEST_BYTES = 32  # at the head of a snapshot
_SNAPSHOT_AFTER = 5_000  # rows replayed on opening before a new snapshot pays: about 15 ms of reading


def prepare(library: Library) -> None:
    """Makes the table for vectors where there is none yet."""
    library.connection.execute(_SCHEMA)


def keep(library: Library, rows: Iterable[int], embeddings: Embeddings) -> None:
    """Writes one embedding a passage row, shape (n, dimension); inside `library.writing()`."""
    blobs = (row.tobytes() for row in embeddings.astype(np.float16))
    library.connection.executemany("INSERT INTO vector VALUES (?, ?)", zip(rows, blobs, strict=True))


class DenseIndex:
    """Exact inner-product search over a library's vectors; follows the library when it changes."""

    def __init__(self, library: Library, dimension: int) -> None:
        self._library = library
        self._dimension = dimension
        self._lock = threading.Lock()
        self._generation = -1
        self._index: faiss.IndexIDMap2 | None = None

    def search(self, query: Embeddings, k: int, among: Rows | None = None) -> dict[int, float]:
        """The `k` rows with the highest cosine to a unit query of shape (dimension,), with their cosines.

        Only rows `among` these count, where any are named.
        """
        with self._lock:
            index = self._refreshed()
            if index.ntotal == 0:
                return {}
            scores, rows = index.search(query[None, :], min(k, index.ntotal), params=_only(among))
        # FAISS pads with -1 when it finds fewer than k.
        return {row: score for row, score in zip(rows[0].tolist(), scores[0].tolist(), strict=True) if row >= 0}

    def cosines(self, query: Embeddings, rows: Iterable[int]) -> dict[int, float]:
        """The cosine of a unit query to each of these rows, those that are gone left out."""
        found: dict[int, float] = {}
        with self._lock:
            index = self._refreshed()
            for row in rows:
                with suppress(RuntimeError):  # FAISS for "no such id"
                    found[row] = float(index.reconstruct(row) @ query)
        return found

    def _refreshed(self) -> faiss.IndexIDMap2:
        """The FAISS index as of the library's present generation."""
        import faiss

        with self._library.reading() as generation:
            if self._index is not None and generation == self._generation:
                return self._index
            index = self._index if self._index is not None else self._snapshot()
            self._generation = -1  # of no generation while it is being changed
            wanted = self._rows()
            held = _held(index)
            gone = np.setdiff1d(held, wanted, assume_unique=True)
            missing = np.setdiff1d(wanted, held, assume_unique=True)
            if len(gone):
                index.remove_ids(faiss.IDSelectorBatch(gone))
            for rows, vectors in self._vectors(missing):
                index.add_with_ids(vectors, rows)
        self._index, self._generation = index, generation
        if len(gone) + len(missing) > _SNAPSHOT_AFTER:
            self._write_snapshot(index)
        return index

    def _rows(self) -> Rows:
        rows = self._library.connection.execute("SELECT row FROM vector ORDER BY row").fetchall()
        return np.array(rows, dtype=np.int64).reshape(-1)

    def _vectors(self, rows: Rows) -> Iterator[tuple[Rows, Embeddings]]:
        """The vectors of these rows, in blocks of (rows, embeddings)."""
        query = "SELECT row, embedding FROM vector WHERE row BETWEEN ? AND ? ORDER BY row"
        for start in range(0, len(rows), _READ_AT_ONCE):
            block = rows[start : start + _READ_AT_ONCE]
            wanted = set(block.tolist())
            found = self._library.connection.execute(query, (int(block[0]), int(block[-1])))
            kept = [(row, blob) for row, blob in found if row in wanted]
            numbers = np.array([row for row, _ in kept], dtype=np.int64)
            vectors = np.frombuffer(b"".join(blob for _, blob in kept), dtype=np.float16)
            yield numbers, vectors.reshape(-1, self._dimension).astype(np.float32)

    @property
    def _snapshot_path(self) -> Path:
        return self._library.path.with_name(f"{self._library.path.stem}-{self._library.identity[:12]}.faiss")

    def _snapshot(self) -> faiss.IndexIDMap2:
        """The index as it was last written out, or an empty one where that cannot be trusted."""
        import faiss

        with suppress(OSError):
            kept = np.fromfile(self._snapshot_path, dtype=np.uint8)
            digest, body = kept[:_DIGEST_BYTES], kept[_DIGEST_BYTES:]
            if digest.tobytes() == _digest(body):
                index = faiss.deserialize_index(body)
                if isinstance(index, faiss.IndexIDMap2) and index.d == self._dimension and self._agrees(index):
                    return index
        return faiss.IndexIDMap2(faiss.IndexFlatIP(self._dimension))

    def _agrees(self, index: faiss.IndexIDMap2) -> bool:
        """Whether the newest row that both hold has the library's vector: not so once a backup has been put back."""
        common = np.intersect1d(_held(index), self._rows(), assume_unique=True)
        return all(
            np.array_equal(index.reconstruct(int(rows[0])), vectors[0]) for rows, vectors in self._vectors(common[-1:])
        )

    def _write_snapshot(self, index: faiss.IndexIDMap2) -> None:
        import faiss

        making = self._snapshot_path.with_suffix(f".{os.getpid()}.making")
        body = faiss.serialize_index(index)
        try:
            with making.open("wb") as file:
                file.write(_digest(body))
                file.write(body.data)
            making.replace(self._snapshot_path)
        except OSError:  # a full disk or a read-only folder costs the snapshot, not the answer
            with suppress(OSError):
                making.unlink(missing_ok=True)


def _only(among: Rows | None) -> faiss.SearchParameters | None:
    """What makes FAISS look at no other rows: a bit for each row number, set where it counts."""
    if among is None:
        return None
    import faiss

    counts = np.zeros(int(among.max(initial=-1)) + 1, dtype=np.bool_)
    counts[among] = True
    # The signatures that mypy sees are those of C++, not of FAISS's Python.
    selector = faiss.IDSelectorBitmap(np.packbits(counts, bitorder="little"))  # type: ignore[call-arg, arg-type]
    return faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]


def _held(index: faiss.IndexIDMap2) -> Rows:
    import faiss

    rows: Rows = faiss.vector_to_array(index.id_map)
    return rows


def _digest(body: NDArray[np.uint8]) -> bytes:
    return hashlib.blake2b(body.data, digest_size=_DIGEST_BYTES).digest()
