"""How what a search costs grows with the library: time, memory, recall and bytes at several sizes.

    python -m eval.experiments.growth FOLDER --squad squad1-train.json.gz --sizes 10000 100000 1000000

FOLDER keeps the libraries (`eval.experiments.synthetic`: real paragraphs, then made-up ones of their sentences, with
vectors scattered about real ones) for the next run; delete it afterwards. Each size is measured in a process of its
own, by a line of JSON, with real questions. The first run makes what is beside a library, and says what that took.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from corpus.library.store import Library
from eval.experiments.synthetic import drawn, embedded, mixed, scattered, text_library
from index.dense.dense import DenseIndex
from index.dense.exact import NearestOthers
from index.dense.rows import rows_of
from index.dense.snapshot import Snapshot
from index.encoder.encoder import Embeddings, Encoder
from index.lexical import bm25
from index.manifest import manifest_for
from index.search import MODES, HybridIndex
from rag.assemble import open_encoder
from rag.settings import Settings

_PARAGRAPHS = 7000
_NEAREST = 10
_K = 20
_READ_AT_ONCE = 8192


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


def measured(library: Library, encoder: Encoder, questions: list[str]) -> Growth:
    """The figures of a library, by questions that are asked of it."""
    is_new = not Snapshot(library).path.exists()
    making = _seconds(lambda: _make(library, encoder))
    index: list[HybridIndex] = []

    def open_it() -> None:
        index.append(HybridIndex(library, encoder))
        index[0].search(questions[0], _K)

    opened = _seconds(open_it)
    search: dict[str, tuple[float, float]] = {}
    for mode in MODES:
        for question in questions:  # so that the second time finds in memory what it reads of the file
            index[0].search(question, _K, mode)
        taken = [_seconds(lambda: index[0].search(question, _K, mode)) for question in questions]  # noqa: B023
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
        memory=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3),
    )


def _make(library: Library, encoder: Encoder) -> None:
    """What is derived from the library and kept beside it."""
    HybridIndex(library, encoder).search("anything", _K)
    bm25.build(library)


def _recall(library: Library, queries: Embeddings) -> float:
    """The share of the ten nearest vectors that the index finds."""
    dimension = queries.shape[1]
    exact = NearestOthers(np.full(len(queries), -1), queries, _NEAREST)
    rows = rows_of(library)
    index = DenseIndex(library, dimension)
    for start in range(0, len(rows), _READ_AT_ONCE):
        exact.see(*index.vectors(rows[start : start + _READ_AT_ONCE].tolist()))
    found = [list(index.search(query, _NEAREST)) for query in queries]
    shares = [np.isin(wanted, rows) for wanted, rows in zip(exact.rows, found, strict=True)]
    return round(float(np.mean(shares)), 4)


def _megabytes(path: Path) -> float:
    return round(path.stat().st_size / 1e6, 1) if path.exists() else 0.0


def _seconds(what: Callable[[], object]) -> float:
    start = perf_counter()
    what()
    return perf_counter() - start


def _library(folder: Path, squad: Path, size: int, encoder: Encoder) -> Library:
    """The library of this size, made where there is none."""
    path = folder / str(size) / "library.sqlite"
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = folder / "embeddings.npz"
    if not kept.exists():
        paragraphs, questions = embedded(squad, encoder, _PARAGRAPHS, 1000)
        np.savez(kept, paragraphs=paragraphs, questions=questions)
    written = mixed(drawn(squad, _PARAGRAPHS, 1000)[0])
    return text_library(path, scattered(np.load(kept)["paragraphs"], size), manifest_for(encoder), written)


def _each(arguments: argparse.Namespace) -> Iterator[str]:
    """A line for each size, by a process of its own."""
    for size in arguments.sizes:
        own = ["--squad", str(arguments.squad), "--sizes", str(size), "--questions", str(arguments.questions), "--here"]
        command = [sys.executable, "-m", "eval.experiments.growth", str(arguments.folder), *own]
        yield subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603


def _here(arguments: argparse.Namespace) -> str:
    encoder = open_encoder(Settings(), _notice)
    library = _library(arguments.folder, arguments.squad, arguments.sizes[0], encoder)
    questions = drawn(arguments.squad, _PARAGRAPHS, arguments.questions)[1]
    return json.dumps(asdict(measured(library, encoder, questions))) + "\n"


def _notice(words: str) -> None:
    sys.stderr.write(f"{words}\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m eval.experiments.growth", description="How what a search costs grows."
    )
    parser.add_argument("folder", type=Path, help="where the libraries are kept")
    parser.add_argument("--squad", type=Path, required=True, help="the SQuAD file of the paragraphs and questions")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], help="in passages")
    parser.add_argument("--questions", type=int, default=200, help="how many are asked")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    given = _arguments()
    for line in [_here(given)] if given.here else _each(given):
        sys.stdout.write(line)
        sys.stdout.flush()
