"""How what a search costs grows with the library: time, memory, recall and bytes at several sizes.

    python -m eval.experiments.growth FOLDER --squad squad1-train.json.gz --sizes 10000 100000 1000000

FOLDER keeps the libraries (`eval.experiments.synthetic`: real paragraphs, then made-up ones of their sentences, with
vectors scattered about real ones) for the next run; delete it afterwards. Each size is measured in a process of its
own, by a line of JSON, with real questions. The first run makes what is beside a library, and says what that took.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from corpus.library.store import Library
from eval.experiments.command import notice, parser, write
from eval.experiments.measuring import NEAREST, kept_embeddings, nearest_rows, peak_memory, recall, seconds
from eval.experiments.synthetic import drawn, mixed, scattered, text_library
from index.dense.dense import DenseIndex
from index.dense.snapshot import Snapshot
from index.encoder.encoder import Embeddings, Encoder
from index.lexical import bm25
from index.manifest import fitted
from index.search import MODES, HybridIndex
from rag.assemble import open_encoder
from rag.settings import Settings

_PARAGRAPHS = 7000
_K = 20


@dataclass(frozen=True, slots=True)
class Growth:
    """Figures of one size: megabytes, seconds, milliseconds a query (median and 95 %) by mode, recall@10.

    `made` is how long it took to make the structures beside the library, None where they were there; `opened` how long
    it then takes to the first hits, the encoder being loaded; `memory` the most the process had, making included.
    """

    passages: int
    library: float
    vectors_beside: float
    words_beside: float
    made: float | None
    opened: float
    search: dict[str, tuple[float, float]]
    recall: float
    memory: float


def measure(library: Library, encoder: Encoder, questions: list[str]) -> Growth:
    """The figures of a library, by questions that are asked of it."""
    is_new = not Snapshot(library).path.exists()
    making = seconds(lambda: _make(library, encoder))
    start = perf_counter()
    index = HybridIndex(library, encoder)
    index.search(questions[0], _K)
    opened = perf_counter() - start
    search: dict[str, tuple[float, float]] = {}
    for mode in MODES:
        for question in questions:  # so that the second time finds in memory what it reads of the file
            index.search(question, _K, mode)
        taken = [seconds(lambda: index.search(question, _K, mode)) for question in questions]  # noqa: B023
        p50, p95 = np.percentile(taken, [50, 95]) * 1e3
        search[mode] = round(float(p50), 2), round(float(p95), 2)
    return Growth(
        passages=library.counts()[1],
        library=_megabytes(library.path),
        vectors_beside=_megabytes(Snapshot(library).path),
        words_beside=_megabytes(bm25.path_of(library)),
        made=round(making, 1) if is_new else None,
        opened=round(opened, 2),
        search=search,
        recall=_recall(library, np.stack([encoder.encode_query(question) for question in questions])),
        memory=round(peak_memory()),
    )


def _make(library: Library, encoder: Encoder) -> None:
    """Builds the indexes beside the library."""
    HybridIndex(library, encoder).search("anything", _K)
    bm25.build(library)


def _recall(library: Library, queries: Embeddings) -> float:
    """The share of the ten nearest vectors that the index finds."""
    index = DenseIndex(library, queries.shape[1])
    return round(recall(nearest_rows(library, queries), [list(index.search(query, NEAREST)) for query in queries]), 4)


def _megabytes(path: Path) -> float:
    return round(path.stat().st_size / 1e6, 1) if path.exists() else 0.0


def _library(folder: Path, squad: Path, size: int, encoder: Encoder) -> Library:
    """The library of this size, made where there is none."""
    path = folder / str(size) / "library.sqlite"
    path.parent.mkdir(parents=True, exist_ok=True)
    paragraphs, _ = kept_embeddings(folder, squad, _PARAGRAPHS, lambda: encoder)
    written = mixed(drawn(squad, _PARAGRAPHS, 1000)[0])
    return text_library(path, scattered(paragraphs, size), fitted(encoder.card), written)


def _each(arguments: argparse.Namespace) -> Iterator[str]:
    """A line for each size, by a process of its own."""
    for size in arguments.sizes:
        own = ["--squad", str(arguments.squad), "--sizes", str(size), "--questions", str(arguments.questions), "--here"]
        command = [sys.executable, "-m", "eval.experiments.growth", str(arguments.folder), *own]
        yield subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()  # noqa: S603


def _here(arguments: argparse.Namespace) -> str:
    encoder = open_encoder(Settings(), notice)
    library = _library(arguments.folder, arguments.squad, arguments.sizes[0], encoder)
    questions = drawn(arguments.squad, _PARAGRAPHS, arguments.questions)[1]
    return json.dumps(asdict(measure(library, encoder, questions)))


def _arguments() -> argparse.Namespace:
    options = parser("growth", "How what a search costs grows.")
    options.add_argument("folder", type=Path, help="where the libraries are kept")
    options.add_argument("--squad", type=Path, required=True, help="the SQuAD file of the paragraphs and questions")
    options.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], help="in passages")
    options.add_argument("--questions", type=int, default=200, help="how many are asked")
    options.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    return options.parse_args()


if __name__ == "__main__":
    given = _arguments()
    write([_here(given)] if given.here else _each(given))
