"""What it costs to keep a library true: an article more or less, a folder followed, a new process, memory.

    python -m eval.experiments.upkeep FOLDER --passages 10000 100000

FOLDER keeps the libraries made for it (`eval.experiments.synthetic`) for the next run; delete it afterwards. Each line
is a figure: seconds are of a clock, so compare those of one run.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from time import perf_counter, sleep

import numpy as np

from corpus.article import Article
from corpus.library.store import Library
from corpus.load import load
from corpus.sync.changes import changes
from eval.experiments.synthetic import scattered, text_library, texts
from index.encoder.encoder import Encoder
from index.ingest import add, remove
from index.manifest import fitted
from index.search import HybridIndex
from index.sync.folder_sync import read, settle
from rag.assemble import open_encoder
from rag.settings import Settings

_QUESTION = "Where did the council move the market?"
_TIMES = 20
_SETTLED = 2.5  # seconds after which a file that was written is known not to change unseen

Figures = dict[str, object]


def measure_changes(library: Library, encoder: Encoder) -> Iterator[Figures]:
    """One article more, one less, in a process that is asked before and after: seconds until it is searched."""
    index = HybridIndex(library, encoder)
    index.search(_QUESTION, 10)
    seconds: dict[str, list[float]] = {"added": [], "removed": []}
    sizes: dict[str, list[int]] = {"added": [], "removed": []}
    for number, told in enumerate(texts(_TIMES, 300)):
        article = Article(f"new-{number}", "A new article", f"{told} Number {number}.", f"/new/{number}.txt")

        def put(article: Article = article) -> None:
            list(add(library, encoder, [article]))
            index.search(_QUESTION, 10)

        def take(article: Article = article) -> None:
            remove(library, [article.id])
            index.search(_QUESTION, 10)

        for what, change in (("added", put), ("removed", take)):
            before = _bytes_written()
            seconds[what].append(_timed(change))
            sizes[what].append(_bytes_written() - before)
    for what, times in seconds.items():
        passages = library.counts()[1]
        yield {"what": f"one article {what} and searched", "passages": passages} | _spread(times, sizes[what])


def measure_first_answer(home: Path) -> Figures:
    """A new process until its answer is printed, by the clock."""
    command = [sys.executable, "-c", "from ui.cli import main; main()", "ask", _QUESTION, "--json"]
    environment = {**os.environ, "PULLQUOTE_HOME": str(home)}
    seconds = []
    for _ in range(5):
        start = perf_counter()
        subprocess.run(command, env=environment, check=False, capture_output=True)  # noqa: S603
        seconds.append(perf_counter() - start)
    return {"what": "first answer of a new process"} | _spread(seconds)


def measure_sync(folder: Path, library: Library, encoder: Encoder, files: int) -> Iterator[Figures]:
    """A folder of small files followed for the first time, again at once, and again when nothing is in doubt."""
    clippings = folder / "clippings"
    clippings.mkdir(exist_ok=True)
    for number, told in enumerate(texts(files, 30)):
        (clippings / f"{number}.txt").write_text(f"{told} Number {number}.", encoding="utf-8")

    def follow() -> None:
        found = changes(library, clippings)
        settle(library, found)
        if found.added or found.changed:
            list(read(library, encoder, found))

    for what in ("first", "again, files still in doubt", "again, nothing changed", "again, nothing changed"):
        yield {"what": f"sync of {files} files: {what}", "seconds": round(_timed(follow), 2)}
        sleep(_SETTLED)


def measure_memory(folder: Path, count: int) -> Figures:
    """The most memory that adding so many small articles takes, in a process of its own."""
    lines = folder / f"{count}.jsonl"
    with lines.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps({"id": number, "text": told}) + "\n" for number, told in enumerate(texts(count, 60)))
    command = [sys.executable, "-m", "eval.experiments.upkeep", str(folder), "--add", str(lines)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    told: Figures = json.loads(done.stdout)
    return told


def _add(folder: Path, lines: Path) -> Figures:
    path = folder / f"{lines.stem}-memory.sqlite"
    for file in folder.glob(f"{path.stem}*"):
        file.unlink()
    start = perf_counter()
    count = sum(1 for _ in add(Library(path), _encoder(), load(lines)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    return {"what": f"{count} articles added", "seconds": round(perf_counter() - start, 1), "peak_mb": round(peak)}


def _timed(what: Callable[[], object]) -> float:
    start = perf_counter()
    what()
    return perf_counter() - start


def _bytes_written() -> int:
    """Bytes that this process has handed to the system to be written; 0 where the system does not say."""
    with suppress(OSError):
        for line in Path("/proc/self/io").read_text(encoding="ascii").splitlines():
            if line.startswith("wchar:"):
                return int(line.split()[1])
    return 0


def _spread(seconds: Iterable[float], sizes: Iterable[int] = ()) -> Figures:
    times, written = sorted(seconds), sorted(sizes)
    told: Figures = {"seconds": round(float(np.median(times)), 3), "most_seconds": round(times[-1], 3)}
    return told | ({"bytes": int(np.median(written)), "most_bytes": written[-1]} if written else {})


def _encoder() -> Encoder:
    return open_encoder(Settings(), lambda _: None)


def _figures(arguments: argparse.Namespace) -> Iterator[Figures]:
    if arguments.add:
        yield _add(arguments.folder, arguments.add)
        return
    arguments.folder.mkdir(parents=True, exist_ok=True)
    encoder = _encoder()
    real = encoder.encode_passages(list(texts(2000)))
    for passages in arguments.passages:
        home = arguments.folder / str(passages)
        vectors = scattered(real, passages)
        library = text_library(home / "library.sqlite", vectors, fitted(encoder.card))
        yield from measure_changes(library, encoder)
        yield measure_first_answer(home) | {"passages": passages}
    if arguments.files:
        yield from measure_sync(arguments.folder, library, encoder, arguments.files)
    for count in arguments.memory:
        yield measure_memory(arguments.folder, count)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m eval.experiments.upkeep", description="What it costs to keep a library true."
    )
    parser.add_argument("folder", type=Path, help="where libraries are kept")
    parser.add_argument("--passages", type=int, nargs="+", default=[10_000, 100_000], help="sizes of libraries")
    parser.add_argument("--files", type=int, default=10_000, help="in the folder that is followed")
    parser.add_argument("--memory", type=int, nargs="*", default=[1_000, 10_000], help="articles that are added")
    parser.add_argument("--add", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    for figures in _figures(_arguments()):
        sys.stdout.write(json.dumps(figures) + "\n")
        sys.stdout.flush()
