"""What the experiments with large libraries measure alike: seconds, memory, megabytes on disk, recall of a search."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from time import perf_counter

import numpy as np

from corpus.library.store import Library
from eval.experiments.synthetic import drawn
from index.dense.exact import NearestOthers
from index.dense.vector_index import Rows
from index.encoder.encoder import Embeddings, Encoder

NEAREST = 10
_AT_ONCE = 8192  # vectors read together


def seconds(work: Callable[[], object]) -> float:
    """How long the work takes, by the clock."""
    start = perf_counter()
    work()
    return perf_counter() - start


def peak_memory() -> float:
    """The most memory that this process has had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def kept_embeddings(
    folder: Path, squad: Path, paragraphs: int, encoder: Callable[[], Encoder]
) -> tuple[Embeddings, Embeddings]:
    """The embeddings of a SQuAD file's paragraphs and of 1,000 questions, computed once and kept in the folder."""
    path = folder / "embeddings.npz"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        (texts, questions), model = drawn(squad, paragraphs, 1000), encoder()
        queries = np.stack([model.encode_query(question) for question in questions])
        np.savez(path, paragraphs=model.encode_passages(texts), questions=queries)
    kept = np.load(path)
    return kept["paragraphs"], kept["questions"]


def stored_vectors(library: Library, dimension: int) -> Iterator[tuple[Rows, Embeddings]]:
    """All vectors of a library with their rows, in blocks."""
    found = library.connection.execute("SELECT row, embedding FROM vector ORDER BY row")
    while block := found.fetchmany(_AT_ONCE):
        vectors = np.frombuffer(b"".join(blob for _, blob in block), dtype=np.float16)
        yield np.array([row for row, _ in block]), vectors.reshape(-1, dimension).astype(np.float32)


def nearest_rows(library: Library, queries: Embeddings) -> Rows:
    """The rows of the ten nearest vectors of each query, every vector being looked at, (n, 10)."""
    exact = NearestOthers(np.full(len(queries), -1), queries, NEAREST)
    for rows, vectors in stored_vectors(library, queries.shape[1]):
        exact.add(rows, vectors)
    return exact.rows


def recall(nearest: Rows, found: Iterable[Sequence[int]]) -> float:
    """The share of the nearest rows that a search found, over all queries."""
    return float(np.mean([np.isin(wanted, rows) for wanted, rows in zip(nearest, found, strict=True)]))
