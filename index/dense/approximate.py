"""The choice of a structure: exact up to 200,000 vectors, above that 1-bit codes whose recall is measured.

Chosen on figures: docs/measurements/scale.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from index.dense.exact import NearestOthers
from index.dense.vector_index import IndexCard, Kind, Rows, Structure
from index.encoder.encoder import Embeddings

ReadVectors = Callable[[Rows], Iterator[tuple[Rows, Embeddings]]]  # the vectors of these rows, in blocks

FLAT_UP_TO = 200_000  # vectors; exact search takes about 7 ms of a core there
_SAMPLE = 10_000  # vectors whose mean the codes are centred on
_QUERIES = 100  # vectors to choose the number of candidates on, and as many others to measure recall on
_NEAREST = 10  # as in recall@10
_ENOUGH = 0.99  # recall@10 at which no more candidates are taken
_CANDIDATES = (400, 800, 1600, 3200)  # reading and scoring 400 takes 3 ms


def kind_for(count: int) -> Kind:
    """The structure that is built for so many vectors."""
    return "flat" if count <= FLAT_UP_TO else "rabitq"


def suits(card: IndexCard, count: int) -> bool:
    """Whether the structure of this card is right for so many vectors.

    Codes stay until the library has twice the vectors they were made for, or half of `FLAT_UP_TO`, so that a library
    near the threshold is not indexed again and again.
    """
    if card.kind == "flat":
        return count <= FLAT_UP_TO
    return FLAT_UP_TO // 2 < count <= 2 * card.built_for


def build(dimension: int, rows: Rows, read: ReadVectors) -> Structure:
    """The structure for these rows, made in one pass over their vectors, a block in memory at a time."""
    if kind_for(len(rows)) == "flat":
        structure = Structure.flat(dimension)
        for block in read(rows):
            structure.add(*block)
        return structure
    generator = np.random.default_rng(0)
    _, sample = _concatenated(read(_draw(generator, rows, _SAMPLE)))
    structure = Structure.rabitq(sample, len(rows))
    own, queries = _concatenated(read(_draw(generator, rows, 2 * _QUERIES)))
    exact = NearestOthers(own, queries, _NEAREST)
    for block in read(rows):
        structure.add(*block)
        exact.add(*block)
    _measure(structure, queries, exact.rows)
    return structure


def recalled(structure: Structure, queries: Embeddings, nearest: Rows, candidates: int) -> float:
    """The share of the `nearest` rows of each query, shape (n, k), that are among its candidates.

    Candidates are scored exactly, so those of the nearest that are among them come out first: this is recall@k.
    """
    found = [list(structure.nearest(query, candidates)) for query in queries]
    return float(np.mean([np.isin(wanted, rows) for wanted, rows in zip(nearest, found, strict=True)]))


def _measure(structure: Structure, queries: Embeddings, nearest: Rows) -> None:
    """Chooses the number of candidates on every second query, and measures the recall on the others."""
    for candidates in _CANDIDATES:
        if recalled(structure, queries[::2], nearest[::2], candidates) >= _ENOUGH:
            break
    recall = recalled(structure, queries[1::2], nearest[1::2], candidates)
    structure.measured(candidates, recall, len(queries[1::2]))


def _draw(generator: np.random.Generator, rows: Rows, count: int) -> Rows:
    return np.sort(generator.choice(rows, min(count, len(rows)), replace=False))


def _concatenated(blocks: Iterable[tuple[Rows, Embeddings]]) -> tuple[Rows, Embeddings]:
    rows, vectors = zip(*blocks, strict=True)
    return np.concatenate(rows), np.concatenate(vectors)
