"""The FAISS structures over a library's vectors: an exact one, and 1-bit codes for large libraries.

Codes are RaBitQ's (Gao and Long 2024), of randomly rotated vectors. Every query scans all of them, so that vectors can
be added and removed at any time and a filter costs no recall. They give candidates, which the vectors then score.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from index.dense.fast_scan import FastScan
from index.encoder.encoder import Embeddings

if TYPE_CHECKING:
    import faiss

Rows = NDArray[np.int64]
Kind = Literal["flat", "rabitq"]

_QUERY_BITS = (
    6  # a query's values are rounded to so many: the recall of 8 for the time of 4 (docs/measurements/scale.md)
)
_SEED = 1  # of the rotation
_SAME = 0.99  # cosine from which on two decoded codes are of one vector; those of different passages are far below


@dataclass(frozen=True, slots=True)
class IndexCard:
    """What a structure is: `recall` is recall@10 against exact search, measured on `queries` of its own vectors.

    A flat structure is exact (recall 1.0, measured on 0 queries) and needs no candidates. `generation` is that of the
    library when the structure was stored.
    """

    kind: Kind
    built_for: int = 0
    candidates: int = 0
    recall: float = 1.0
    queries: int = 0
    generation: int = -1


class Structure:
    """Vectors by their rows, and those nearest to a query.

    A structure that was `opened` is mapped from its file until it is first changed.
    """

    def __init__(self, index: faiss.IndexIDMap, card: IndexCard, is_mapped: bool = False) -> None:
        self._index = index
        self._is_mapped = is_mapped
        self._fast_scan = FastScan()
        self.card = card

    @classmethod
    def flat(cls, dimension: int) -> Structure:
        """An empty exact structure: the vectors are float16 in the library and stay so here, so nothing is rounded."""
        import faiss

        index = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
        return cls(faiss.IndexIDMap(index), IndexCard("flat"))

    @classmethod
    def rabitq(cls, sample: Embeddings, built_for: int) -> Structure:
        """An empty structure of 1-bit codes, centred on the mean of a sample of shape (n, dimension)."""
        import faiss

        dimension = sample.shape[1]
        rotation = faiss.RandomRotationMatrix(dimension, dimension)
        rotation.init(_SEED)
        codes = faiss.IndexRaBitQ(dimension, faiss.METRIC_INNER_PRODUCT)
        codes.qb = _QUERY_BITS
        index = faiss.IndexPreTransform(rotation, codes)
        index.train(sample)
        return cls(faiss.IndexIDMap(index), IndexCard("rabitq", built_for))

    @property
    def is_exact(self) -> bool:
        """Whether the scores are cosines, and not estimates for choosing candidates."""
        return self.card.kind == "flat"

    @property
    def dimension(self) -> int:
        return int(self._index.d)

    @property
    def rows(self) -> Rows:
        import faiss

        rows: Rows = faiss.vector_to_array(self._index.id_map)
        return rows

    def add(self, rows: Rows, vectors: Embeddings) -> None:
        self._fast_scan.drop()
        self._own(len(rows))
        self._index.add_with_ids(vectors, rows)

    def remove(self, rows: Rows) -> None:
        self._fast_scan.drop()
        import faiss

        self._own(len(rows))
        self._index.remove_ids(faiss.IDSelectorBatch(rows))

    def nearest(self, query: Embeddings, k: int, among: Rows | None = None) -> dict[int, float]:
        """The `k` nearest rows to a query of shape (dimension,) with their scores, best first.

        Only rows `among` these count, where any are named.
        """
        if not self._index.ntotal:
            return {}
        import faiss

        faiss.omp_set_num_threads(1)  # FAISS shares work out by the query: with one, other threads are only waited for
        scores, rows = self._fast(query, k, among) or self._index.search(
            query[None, :], min(k, self._index.ntotal), params=_only(among)
        )
        # FAISS pads with -1 when it finds fewer than k.
        return {row: score for row, score in zip(rows[0].tolist(), scores[0].tolist(), strict=True) if row >= 0}

    def _fast(self, query: Embeddings, k: int, among: Rows | None) -> tuple[NDArray[np.float32], Rows] | None:
        """What FastScan finds; None where it is not built, or there is a filter."""
        if among is not None or self.is_exact:
            return None
        import faiss

        rotating: Any = faiss.downcast_index(self._index.index)
        codes: Any = faiss.downcast_index(rotating.index)
        rotated = faiss.downcast_VectorTransform(rotating.chain.at(0)).apply(query[None, :])
        found = self._fast_scan.nearest(codes, rotated, min(k, self._index.ntotal))
        if found is None:
            return None
        scores, places = found
        return scores, self._rows_of(places)

    def _rows_of(self, places: Rows) -> Rows:
        import faiss

        all_rows = faiss.rev_swig_ptr(self._index.id_map.data(), self._index.ntotal)  # a view: there may be a million
        found: Rows = np.where(places < 0, -1, all_rows[places.clip(min=0)])
        return found

    def holds(self, row: int, vector: Embeddings) -> bool:
        return bool(np.isin(row, self.rows)) and bool(self.agreeing(np.array([row]), vector[None, :])[0])

    def agreeing(self, rows: Rows, vectors: Embeddings) -> NDArray[np.bool_]:
        """Whether each of these rows, all of which are held, was added with its vector, shape (n, dim)."""
        import faiss

        if not len(rows):
            return np.array([], dtype=np.bool_)
        index = faiss.downcast_index(self._index.index)
        order = np.argsort(self.rows)
        places = order[np.searchsorted(self.rows, rows, sorter=order)]
        added = np.stack([index.reconstruct(int(place)) for place in places])
        decoded = index.sa_decode(index.sa_encode(np.ascontiguousarray(vectors)))
        lengths = np.linalg.norm(added, axis=1) * np.linalg.norm(decoded, axis=1)
        agree: NDArray[np.bool_] = (added * decoded).sum(axis=1) >= _SAME * lengths
        return agree

    def measured(self, candidates: int, recall: float, queries: int) -> None:
        self.card = replace(self.card, candidates=candidates, recall=recall, queries=queries)

    def packed(self) -> NDArray[np.uint8]:
        """The bytes that a file to be `opened` begins with."""
        import faiss

        body: NDArray[np.uint8] = faiss.serialize_index(self._index)
        return body

    @classmethod
    def opened(cls, path: Path, card: IndexCard) -> Structure:
        """The structure in a file; TypeError where it holds something else."""
        import faiss

        return cls(_by_rows(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)), card, is_mapped=True)

    def _own(self, changed: int) -> None:
        """Copies a mapped index into memory before a change: FAISS does not write to files."""
        if self._is_mapped and changed:
            import faiss

            self._index, self._is_mapped = _by_rows(faiss.deserialize_index(self.packed())), False


def _by_rows(index: faiss.Index) -> faiss.IndexIDMap:
    import faiss

    if not isinstance(index, faiss.IndexIDMap):
        raise TypeError(f"the bytes are of a {type(index).__name__}, not of what `packed` gives")
    return index


def _only(among: Rows | None) -> faiss.SearchParameters | None:
    """Restricts a search to these rows, by a bit for each row number."""
    if among is None:
        return None
    import faiss

    counts = np.zeros(int(among.max(initial=-1)) + 1, dtype=np.bool_)
    counts[among] = True
    # The signatures that mypy sees are those of C++, not of FAISS's Python.
    selector = faiss.IDSelectorBitmap(np.packbits(counts, bitorder="little"))  # type: ignore[call-arg, arg-type]
    return faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
