"""Reads hostile files as `load` does and counts what became of them."""

import re
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from corpus.article import Article
from corpus.refusal import Refusal
from corpus.sandbox.worker_pool import WorkerPool
from corpus.sourcefile import SourceFile
from tests.corpus.fuzz.mutate import mutants

_STOPPED = {"takes longer than": "time", "needs more than": "memory"}
_BROKE_DOWN = re.compile(r"its format's reader broke down \((.+?)\)")


@dataclass
class Tally:
    """What became of the inputs of one loader; `stopped` counts the readings that a limit or an error ended."""

    loader: str
    inputs: int = 0
    articles: int = 0
    refusals: int = 0
    stopped: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    peak: float = 0.0  # MB, of the largest worker or of this process
    kept: list[str] = field(default_factory=list)


def fuzz(loader: str, count: int, seed: int, keep: Path | None = None) -> Tally:
    """What became of so many mutants."""
    with tempfile.TemporaryDirectory(prefix="pullquote-fuzz-") as folder:
        return tally(loader, islice(mutants(loader, seed), count), Path(folder), keep)


def tally(loader: str, inputs: Iterable[bytes], folder: Path, keep: Path | None = None) -> Tally:
    """The counts for these files; AssertionError where one leads to anything but articles and sentences.

    What a limit or an error stopped is copied to `keep`, and so is what took longer than two seconds.
    """
    counted = Tally(loader)
    pool = WorkerPool()
    path = folder / f"hostile{loader}"
    for number, data in enumerate(inputs):
        begun = time.perf_counter()
        answers = answers_to(pool, path, data)
        seconds = time.perf_counter() - begun
        counted.inputs += 1
        counted.slowest = max(counted.slowest, seconds)
        stops = [stop for answer in answers if isinstance(answer, Refusal) and (stop := stopped_by(answer))]
        counted.stopped.update(stops)
        if keep and (stops or seconds > 2):
            name = f"{number}-{'-'.join(stops) or f'{seconds:.1f}s'}{loader}"
            (keep / name).write_bytes(data)
            counted.kept.append(name)
        for answer in answers:
            counted.articles += isinstance(answer, Article)
            counted.refusals += isinstance(answer, Refusal)
    pool.close()
    largest = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    counted.peak = largest / 1024
    return counted


def answers_to(pool: WorkerPool, path: Path, data: bytes) -> list[Article | Refusal]:
    """What a pool makes of a file of these bytes; AssertionError unless it is articles and sentences."""
    path.write_bytes(data)
    answers = list(pool.read(SourceFile.at(path)))
    assert answers, "nothing came of it, not even a sentence"
    for answer in answers:
        check(answer)
    return answers


def stopped_by(refusal: Refusal) -> str:
    """What ended the reading: "time", "memory", the signal or the error; empty where the file was read and refused."""
    broke = _BROKE_DOWN.search(refusal.reason)
    return broke[1] if broke else next((why for words, why in _STOPPED.items() if words in refusal.reason), "")


def check(answer: Article | Refusal) -> None:
    """An article has a map that runs forward inside its text; a refusal is a sentence on one line with a way out."""
    if isinstance(answer, Refusal):
        assert answer.reason.isprintable(), answer.reason
        assert answer.reason.endswith("."), answer.reason
        assert "; " in answer.reason, answer.reason
        assert len(answer.reason) < 1000
        return
    written = 0
    for run in answer.origin.runs:
        assert written <= run.start < run.end <= len(answer.text)
        assert 0 <= run.source_start < run.source_end
        written = run.end
    answer.text.encode("utf-8")
    f"{answer.id}{answer.title}{answer.source}{answer.url}{answer.authors}{answer.outlet}".encode()
