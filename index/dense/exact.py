"""Exact search by numpy over vectors in blocks: the reference for approximate search."""

from __future__ import annotations

import numpy as np

from index.dense.vector_index import Rows
from index.encoder.encoder import Embeddings


class NearestOthers:
    """The `k` nearest of all added vectors to each query, which is one of them and does not count itself."""

    def __init__(self, rows: Rows, queries: Embeddings, k: int) -> None:
        self._own = rows
        self._queries = queries  # (n, dimension), unit rows
        self._k = k
        self.rows: Rows = np.full((len(rows), k), -1, dtype=np.int64)  # in no order; -1 where none was seen
        self._scores = np.full((len(rows), k), -np.inf, dtype=np.float32)

    def add(self, rows: Rows, vectors: Embeddings) -> None:
        scores = self._queries @ vectors.T
        scores[self._own[:, None] == rows[None, :]] = -np.inf
        scores = np.hstack([self._scores, scores])
        candidates = np.hstack([self.rows, np.broadcast_to(rows, (len(self._own), len(rows)))])
        best = np.argpartition(-scores, self._k - 1, axis=1)[:, : self._k]
        self._scores = np.take_along_axis(scores, best, axis=1)
        self.rows = np.take_along_axis(candidates, best, axis=1)
