"""Search by meaning in large libraries: time, memory and recall of our structures and of others that FAISS has.

    python -m eval.experiments.scale FOLDER --squad squad1-train.json.gz --size 1000000 --kinds ours SQ8 IVF1024,SQ8

FOLDER keeps the embeddings and the libraries made of them (`eval.experiments.synthetic`) for the next run; delete it
afterwards. `ours` is the index as the library uses it; any other kind is a factory string of FAISS. For peak memory,
run one kind at a time.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter, process_time, thread_time

import numpy as np

from corpus.library.store import Library
from eval.experiments.command import notice, parser, write
from eval.experiments.measuring import NEAREST, kept_embeddings, nearest_rows, peak_memory, recall, stored_vectors
from eval.experiments.synthetic import put, vector_library
from index.dense.dense import DenseIndex
from index.dense.snapshot import Snapshot
from index.dense.vector_index import Rows
from index.encoder.encoder import Embeddings
from rag.assemble import open_encoder
from rag.settings import Settings

_DEPTHS = (100, 300, 1000)  # candidates of a FAISS kind that are scored again by the float16 vectors
_EXACT = ("Flat", "SQfp16")  # FAISS kinds that give the ten nearest themselves

Search = Callable[[Embeddings], Iterable[int]]


@dataclass(frozen=True, slots=True)
class ScaleFigures:
    """Figures of one kind: seconds (and seconds of a core) to build, megabytes, milliseconds a query, recall@10."""

    kind: str
    vectors: int
    build: float
    build_core: float
    megabytes: float
    peak: float
    p50: float
    p95: float
    core: float
    recall: float


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Seconds of a core until an answer: from a snapshot, after an article of 30 passages was added, and removed."""

    opened: float
    added: float
    removed: float


def measure_ours(library: Library, questions: Embeddings, nearest: Rows) -> Iterator[ScaleFigures | Upkeep]:
    """The index as the library uses it: built, searched, opened again, and brought up to date after a change."""
    snapshot = Snapshot(library)
    snapshot.path.unlink(missing_ok=True)
    dimension, vectors = questions.shape[1], library.counts()[1]
    index = DenseIndex(library, dimension)
    build = _timed(lambda: index.search(questions[0], NEAREST))
    peak = peak_memory()
    card = snapshot.card()
    name = f"{card.kind}, {card.candidates} candidates, {card.recall:.3f} reported" if card else "flat"
    figures = _searched(lambda query: list(index.search(query, 100))[:NEAREST], questions, nearest)
    yield ScaleFigures(name, vectors, *build, snapshot.path.stat().st_size / 1e6, peak, *figures)
    opened = _timed(lambda: DenseIndex(library, dimension).search(questions[0], NEAREST))[1]
    put(library, "one more", questions[:30])
    added = _timed(lambda: index.search(questions[0], NEAREST))[1]
    with library.writing():
        library.remove("one more")
    yield Upkeep(opened, added, _timed(lambda: index.search(questions[0], NEAREST))[1])


def measure_faiss(kind: str, library: Library, questions: Embeddings, nearest: Rows) -> Iterator[ScaleFigures]:
    """A FAISS index by its factory string, its candidates scored again; an inverted file with 16 and 64 probes."""
    import faiss

    faiss.omp_set_num_threads(1)
    count = library.counts()[1]
    index = faiss.index_factory(questions.shape[1], kind, faiss.METRIC_INNER_PRODUCT)

    def fill() -> None:
        index.train(_sample(library, questions.shape[1]))
        for _, vectors in stored_vectors(library, questions.shape[1]):
            index.add(vectors)

    build = _timed(fill)
    size, peak = len(faiss.serialize_index(index)) / 1e6, peak_memory()
    scorer = DenseIndex(library, questions.shape[1])
    for probes in (16, 64) if "IVF" in kind else (0,):
        if probes:
            faiss.extract_index_ivf(index).nprobe = probes
        for depth in (NEAREST,) if kind in _EXACT else _DEPTHS:

            def search(query: Embeddings, depth: int = depth) -> list[int]:
                rows = index.search(query[None, :], depth)[1][0] + 1  # the library counts from 1
                cosines = scorer.cosines(query, rows.tolist())
                return sorted(cosines, key=lambda row: -cosines[row])[:NEAREST]

            name = " ".join([kind, *([f"{probes} probes"] if probes else []), f"{depth} candidates"])
            yield ScaleFigures(name, count, *build, size, peak, *_searched(search, questions, nearest))


def _searched(search: Search, questions: Embeddings, nearest: Rows) -> tuple[float, float, float, float]:
    """Milliseconds a query (median, 95 %, median of a core), and recall@10."""
    seconds, core, found = [], [], []
    for question in questions:
        start, start_core = perf_counter(), thread_time()
        found.append(list(search(question)))
        seconds.append(perf_counter() - start)
        core.append(thread_time() - start_core)
    p50, p95 = np.percentile(seconds, [50, 95]) * 1e3
    return float(p50), float(p95), float(np.median(core) * 1e3), recall(nearest, found)


def _timed(what: Callable[[], object]) -> tuple[float, float]:
    """Seconds it takes, and seconds of a core."""
    start, start_core = perf_counter(), process_time()
    what()
    return perf_counter() - start, process_time() - start_core


def _sample(library: Library, dimension: int) -> Embeddings:
    """Every nth vector, about 50,000 in all."""
    step = max(1, library.counts()[1] // 50_000)
    return np.vstack([vectors[rows % step == 0] for rows, vectors in stored_vectors(library, dimension)])


def _rows(arguments: argparse.Namespace) -> Iterator[ScaleFigures | Upkeep]:
    paragraphs, asked = kept_embeddings(
        arguments.folder, arguments.squad, arguments.paragraphs, lambda: open_encoder(Settings(), notice)
    )
    library = vector_library(arguments.folder / f"{arguments.size}.sqlite", paragraphs, arguments.size)
    questions = asked[: arguments.questions]
    nearest = nearest_rows(library, questions)
    for kind in arguments.kinds:
        if kind == "ours":
            yield from measure_ours(library, questions, nearest)
        else:
            yield from measure_faiss(kind, library, questions, nearest)


def _arguments() -> argparse.Namespace:
    options = parser("scale", "Search by meaning in large libraries.")
    options.add_argument("folder", type=Path, help="where embeddings and libraries are kept")
    options.add_argument("--squad", type=Path, help="the SQuAD file whose paragraphs and questions are embedded")
    options.add_argument("--paragraphs", type=int, default=7000, help="how many of them")
    options.add_argument("--size", type=int, default=200_000, help="vectors in the library")
    options.add_argument("--kinds", nargs="+", default=["ours"], help="`ours`, or factory strings of FAISS")
    options.add_argument("--questions", type=int, default=200, help="how many are asked")
    return options.parse_args()


if __name__ == "__main__":
    write(json.dumps(asdict(row)) for row in _rows(_arguments()))
