"""Search by meaning in large libraries: time, memory and recall of our structures and of others that FAISS has.

    python -m eval.experiments.scale FOLDER --squad squad1-train.json.gz --size 1000000 --kinds ours SQ8 IVF1024,SQ8

FOLDER keeps the embeddings and the libraries made of them (`eval.experiments.synthetic`) for the next run; delete it
afterwards. `ours` is the index as the library uses it; any other kind is a factory string of FAISS. For peak memory,
run one kind at a time.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter, process_time, thread_time

import numpy as np

from corpus.library.store import Library
from eval.experiments.synthetic import embedded, put, vector_library
from index.dense.dense import DenseIndex
from index.dense.exact import NearestOthers
from index.dense.snapshot import Snapshot
from index.dense.vector_index import Rows
from index.encoder.encoder import Embeddings
from rag.assemble import open_encoder
from rag.settings import Settings

_NEAREST = 10
_AT_ONCE = 8192
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
    """Seconds of a core until a query is answered: from a snapshot, after an article of 30 passages came and went."""

    opened: float
    added: float
    removed: float


def measure_ours(library: Library, questions: Embeddings, nearest: Rows) -> Iterator[ScaleFigures | Upkeep]:
    """The index as the library uses it: built, searched, opened again, followed through a change."""
    snapshot = Snapshot(library)
    snapshot.path.unlink(missing_ok=True)
    dimension, vectors = questions.shape[1], library.counts()[1]
    index = DenseIndex(library, dimension)
    build = _timed(lambda: index.search(questions[0], _NEAREST))
    peak = _memory()
    card = snapshot.card()
    name = f"{card.kind}, {card.candidates} candidates, {card.recall:.3f} reported" if card else "flat"
    figures = _searched(lambda query: list(index.search(query, 100))[:_NEAREST], questions, nearest)
    yield ScaleFigures(name, vectors, *build, snapshot.path.stat().st_size / 1e6, peak, *figures)
    opened = _timed(lambda: DenseIndex(library, dimension).search(questions[0], _NEAREST))[1]
    put(library, "one more", questions[:30])
    added = _timed(lambda: index.search(questions[0], _NEAREST))[1]
    with library.writing():
        library.remove("one more")
    yield Upkeep(opened, added, _timed(lambda: index.search(questions[0], _NEAREST))[1])


def measure_faiss(kind: str, library: Library, questions: Embeddings, nearest: Rows) -> Iterator[ScaleFigures]:
    """A FAISS index by its factory string, its candidates scored again; an inverted file with 16 and 64 probes."""
    import faiss

    faiss.omp_set_num_threads(1)
    count = library.counts()[1]
    index = faiss.index_factory(questions.shape[1], kind, faiss.METRIC_INNER_PRODUCT)

    def fill() -> None:
        index.train(_sample(library, questions.shape[1]))
        for _, vectors in _blocks(library, questions.shape[1]):
            index.add(vectors)

    build = _timed(fill)
    size, peak = len(faiss.serialize_index(index)) / 1e6, _memory()
    scorer = DenseIndex(library, questions.shape[1])
    for probes in (16, 64) if "IVF" in kind else (0,):
        if probes:
            faiss.extract_index_ivf(index).nprobe = probes
        for depth in (_NEAREST,) if kind in _EXACT else _DEPTHS:

            def search(query: Embeddings, depth: int = depth) -> list[int]:
                rows = index.search(query[None, :], depth)[1][0] + 1  # the library counts from 1
                cosines = scorer.cosines(query, rows.tolist())
                return sorted(cosines, key=lambda row: -cosines[row])[:_NEAREST]

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
    recall = np.mean([np.isin(wanted, rows) for wanted, rows in zip(nearest, found, strict=True)])
    p50, p95 = np.percentile(seconds, [50, 95]) * 1e3
    return float(p50), float(p95), float(np.median(core) * 1e3), float(recall)


def _timed(what: Callable[[], object]) -> tuple[float, float]:
    """Seconds it takes, and seconds of a core."""
    start, start_core = perf_counter(), process_time()
    what()
    return perf_counter() - start, process_time() - start_core


def _memory() -> float:
    """The most memory this process has had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def _blocks(library: Library, dimension: int) -> Iterator[tuple[Rows, Embeddings]]:
    found = library.connection.execute("SELECT row, embedding FROM vector ORDER BY row")
    while block := found.fetchmany(_AT_ONCE):
        vectors = np.frombuffer(b"".join(blob for _, blob in block), dtype=np.float16)
        yield np.array([row for row, _ in block]), vectors.reshape(-1, dimension).astype(np.float32)


def _sample(library: Library, dimension: int) -> Embeddings:
    """Every so manieth vector, about 50,000."""
    step = max(1, library.counts()[1] // 50_000)
    return np.vstack([vectors[rows % step == 0] for rows, vectors in _blocks(library, dimension)])


def _nearest(library: Library, questions: Embeddings) -> Rows:
    exact = NearestOthers(np.full(len(questions), -1), questions, _NEAREST)
    for rows, vectors in _blocks(library, questions.shape[1]):
        exact.see(rows, vectors)
    return exact.rows


def _rows(arguments: argparse.Namespace) -> Iterator[ScaleFigures | Upkeep]:
    kept = arguments.folder / "embeddings.npz"
    if not kept.exists():
        arguments.folder.mkdir(parents=True, exist_ok=True)
        encoder = open_encoder(Settings(), _notice)
        paragraphs, questions = embedded(arguments.squad, encoder, arguments.paragraphs, 1000)
        np.savez(kept, paragraphs=paragraphs, questions=questions)
    embeddings = np.load(kept)
    library = vector_library(arguments.folder / f"{arguments.size}.sqlite", embeddings["paragraphs"], arguments.size)
    questions = embeddings["questions"][: arguments.questions]
    nearest = _nearest(library, questions)
    for kind in arguments.kinds:
        if kind == "ours":
            yield from measure_ours(library, questions, nearest)
        else:
            yield from measure_faiss(kind, library, questions, nearest)


def _notice(words: str) -> None:
    sys.stderr.write(f"{words}\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m eval.experiments.scale", description="Search by meaning in large libraries."
    )
    parser.add_argument("folder", type=Path, help="where embeddings and libraries are kept")
    parser.add_argument("--squad", type=Path, help="the SQuAD file whose paragraphs and questions are embedded")
    parser.add_argument("--paragraphs", type=int, default=7000, help="how many of them")
    parser.add_argument("--size", type=int, default=200_000, help="vectors in the library")
    parser.add_argument("--kinds", nargs="+", default=["ours"], help="`ours`, or factory strings of FAISS")
    parser.add_argument("--questions", type=int, default=200, help="how many are asked")
    return parser.parse_args()


if __name__ == "__main__":
    for row in _rows(_arguments()):
        sys.stdout.write(json.dumps(asdict(row)) + "\n")
        sys.stdout.flush()
