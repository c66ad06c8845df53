"""What it costs to keep a library up to date: an article more or less, a folder followed, a new process, memory.

    python -m eval.experiments.upkeep FOLDER --passages 10000 100000

FOLDER keeps the libraries made for it (`eval.experiments.synthetic`) for the next run; delete it afterwards. Each line
is a figure: seconds are of a clock, so compare those of one run.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from time import sleep

import numpy as np

from corpus.article import Article
from corpus.library.store import Library
from corpus.load import load
from corpus.sync.changes import changes
from eval.experiments.command import parser, write
from eval.experiments.measuring import peak_memory, seconds
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
    taken: dict[str, list[float]] = {"added": [], "removed": []}
    sizes: dict[str, list[int]] = {"added": [], "removed": []}
    for number, text in enumerate(texts(_TIMES, 300)):
        article = Article(f"new-{number}", "A new article", f"{text} Number {number}.", f"/new/{number}.txt")

        def put(article: Article = article) -> None:
            list(add(library, encoder, [article]))
            index.search(_QUESTION, 10)

        def take(article: Article = article) -> None:
            remove(library, [article.id])
            index.search(_QUESTION, 10)

        for what, change in (("added", put), ("removed", take)):
            before = bytes_written()
            taken[what].append(seconds(change))
            sizes[what].append(bytes_written() - before)
    passages = library.counts()[1]
    for what, times in taken.items():
        yield {"what": f"one article {what} and searched", "passages": passages} | spread(times, sizes[what])


def measure_first_answer(home: Path) -> Figures:
    """A new process until its answer is printed, by the clock."""
    command = [sys.executable, "-c", "from ui.cli import main; main()", "ask", _QUESTION, "--json"]
    environment = {**os.environ, "PULLQUOTE_HOME": str(home)}

    def ask() -> None:
        subprocess.run(command, env=environment, check=False, capture_output=True)  # noqa: S603

    return {"what": "first answer of a new process"} | spread([seconds(ask) for _ in range(5)])


def measure_sync(folder: Path, library: Library, encoder: Encoder, files: int) -> Iterator[Figures]:
    """A folder of small files followed for the first time, again at once, and again when nothing is in doubt."""
    clippings = folder / "clippings"
    clippings.mkdir(exist_ok=True)
    for number, text in enumerate(texts(files, 30)):
        (clippings / f"{number}.txt").write_text(f"{text} Number {number}.", encoding="utf-8")

    def follow() -> None:
        found = changes(library, clippings)
        settle(library, found)
        if found.added or found.changed:
            list(read(library, encoder, found))

    for what in ("first", "again, files still in doubt", "again, nothing changed", "again, nothing changed"):
        yield {"what": f"sync of {files} files: {what}", "seconds": round(seconds(follow), 2)}
        sleep(_SETTLED)


def measure_memory(folder: Path, count: int) -> Figures:
    """The most memory that adding so many small articles takes, in a process of its own."""
    file = folder / f"{count}.jsonl"
    lines = (json.dumps({"id": number, "text": text}) + "\n" for number, text in enumerate(texts(count, 60)))
    file.write_text("".join(lines), encoding="utf-8")
    command = [sys.executable, "-m", "eval.experiments.upkeep", str(folder), "--add", str(file)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    figures: Figures = json.loads(done.stdout)
    return figures


def adding(folder: Path, file: Path, encoder: Callable[[], Encoder]) -> Figures:
    """What it takes to open the encoder and to add the articles of a file to a new library in the folder."""
    path = folder / f"{file.stem}-memory.sqlite"
    for former in folder.glob(f"{path.stem}*"):
        former.unlink()
    library = Library(path)
    taken = seconds(lambda: list(add(library, encoder(), load(file))))
    return {
        "what": f"{library.counts()[0]} articles added",
        "seconds": round(taken, 1),
        "peak_mb": round(peak_memory()),
    }


def bytes_written() -> int:
    """Bytes that this process has handed to the system to be written; 0 where the system does not say."""
    with suppress(OSError):
        for line in Path("/proc/self/io").read_text(encoding="ascii").splitlines():
            if line.startswith("wchar:"):
                return int(line.split()[1])
    return 0


def spread(times: Iterable[float], sizes: Iterable[int] = ()) -> Figures:
    """The median and the most of the seconds, and of the bytes where there are any."""
    ordered, written = sorted(times), sorted(sizes)
    figures: Figures = {"seconds": round(float(np.median(ordered)), 3), "most_seconds": round(ordered[-1], 3)}
    return figures | ({"bytes": int(np.median(written)), "most_bytes": written[-1]} if written else {})


def _encoder() -> Encoder:
    return open_encoder(Settings(), lambda _: None)


def _figures(arguments: argparse.Namespace) -> Iterator[Figures]:
    arguments.folder.mkdir(parents=True, exist_ok=True)
    if arguments.add:
        yield adding(arguments.folder, arguments.add, _encoder)
        return
    encoder = _encoder()
    real = encoder.encode_passages(list(texts(2000)))
    for passages in arguments.passages:
        home = arguments.folder / str(passages)
        library = text_library(home / "library.sqlite", scattered(real, passages), fitted(encoder.card))
        yield from measure_changes(library, encoder)
        yield measure_first_answer(home) | {"passages": passages}
    if arguments.files:
        yield from measure_sync(arguments.folder, library, encoder, arguments.files)
    for count in arguments.memory:
        yield measure_memory(arguments.folder, count)


def _arguments() -> argparse.Namespace:
    options = parser("upkeep", "What it costs to keep a library up to date.")
    options.add_argument("folder", type=Path, help="where libraries are kept")
    options.add_argument("--passages", type=int, nargs="+", default=[10_000, 100_000], help="sizes of libraries")
    options.add_argument("--files", type=int, default=10_000, help="in the folder that is followed")
    options.add_argument("--memory", type=int, nargs="*", default=[1_000, 10_000], help="articles that are added")
    options.add_argument("--add", type=Path, help=argparse.SUPPRESS)
    return options.parse_args()


if __name__ == "__main__":
    write(json.dumps(figures) for figures in _figures(_arguments()))
