"""How a system is told what to do and tells what came of it: a job in a JSON file, replies as JSON lines.

Runs in the neighbours' environment as well, so it needs the standard library alone.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from time import perf_counter
from typing import Any, Literal, Protocol, TextIO, runtime_checkable

Stage = Literal["prepare", "index", "cold", "ask"]
STAGES: tuple[Stage, ...] = ("prepare", "index", "cold", "ask")
_WARMING = 3  # questions that are not timed


@dataclass(frozen=True, slots=True)
class Job:
    """What to index and to ask: files of JSON lines; `is_cut` says that `texts` are passages, not articles.

    `index` is the folder of the index, `reader` that of the reader's checkpoint; `asked` are the numbers of the
    questions to ask.
    """

    texts: Path
    questions: Path
    index: Path
    reader: Path
    cache: Path
    is_cut: bool = False
    k: int = 20
    asked: tuple[int, ...] = ()

    def save(self, path: Path) -> None:
        """Writes the job as JSON."""
        path.write_text(json.dumps({**asdict(self)}, default=str), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Job:
        """The job in a JSON file."""
        record = json.loads(path.read_text(encoding="utf-8"))
        folders: dict[str, Any] = {
            name: Path(record.pop(name)) for name in ("texts", "questions", "index", "reader", "cache")
        }
        return cls(**folders, **(record | {"asked": tuple(record["asked"])}))


@dataclass(frozen=True, slots=True)
class Text:
    """An article, or a passage of one that was cut before."""

    article_id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that was retrieved."""

    article_id: str
    text: str


class System(Protocol):
    """What each system does with its job."""

    @property
    def packages(self) -> tuple[str, ...]:
        """Those whose versions are told."""
        ...

    def load(self) -> None:
        """Makes the encoder ready to index."""
        ...

    def build(self) -> int:
        """Cuts, encodes and stores; how many passages there are."""
        ...

    def open(self) -> None:
        """Opens the stored index and makes the models ready to be asked."""
        ...

    def retrieve(self, question: str) -> list[Found]:
        """The `k` best passages, best first."""
        ...


@runtime_checkable
class ReadingSystem(Protocol):
    """A system that has an extractive reader."""

    def answer(self, question: str) -> str:
        """The best answer in the `k` best passages, empty where there is none."""
        ...


def texts(path: Path) -> list[Text]:
    """The articles or passages in a file of JSON lines."""
    records = (json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line)
    return [Text(record["_id"], record["title"], record["text"]) for record in records]


def questions(job: Job) -> list[str]:
    """The questions to ask."""
    every = [json.loads(line)["question"] for line in job.questions.read_text(encoding="utf-8").split("\n") if line]
    return [every[number] for number in job.asked]


def bytes_under(folder: Path) -> int:
    """How large the files of a folder are together."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def peak_bytes() -> int:
    """The most memory that this process has held so far (VmHWM), 0 where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return 0
    (line,) = [line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) * 1024


@runtime_checkable
class StoppingSystem(Protocol):
    """A system that reads on only while it is not sure of its answer, and can be made to read all."""

    def read_all(self, question: str) -> None:
        """Retrieves and reads the `k` best passages, every one of them."""
        ...


def serve(make: Callable[[Job], System]) -> None:
    """Lets a system do the stage and the job that the command line names, and writes the replies to standard output.

    Whatever else is printed goes to standard error.
    """
    stage, path = sys.argv[1], Path(sys.argv[2])
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    work: dict[str, Callable[[System, Job], Iterator[dict[str, Any]]]] = {
        "prepare": _prepared,
        "index": _indexed,
        "cold": _cold,
        "ask": _asked,
    }
    job = Job.read(path)
    for reply in work[stage](make(job), job):
        _tell(replies, reply)


def _tell(replies: TextIO, reply: dict[str, Any]) -> None:
    replies.write(json.dumps(reply) + "\n")
    replies.flush()


def _prepared(system: System, _job: Job) -> Iterator[dict[str, Any]]:
    system.load()
    yield {"versions": {package: metadata.version(package) for package in system.packages}}


def _indexed(system: System, job: Job) -> Iterator[dict[str, Any]]:
    started = perf_counter()
    system.load()
    loaded = perf_counter()
    passages = system.build()
    done = perf_counter()
    yield {
        "passages": passages,
        "seconds": done - loaded,
        "loading": loaded - started,
        "peak": peak_bytes(),
        "size": bytes_under(job.index),
    }


def _cold(system: System, job: Job) -> Iterator[dict[str, Any]]:
    (question,) = questions(job)
    system.open()
    yield {"answered": _first(system, question)}


def _asked(system: System, job: Job) -> Iterator[dict[str, Any]]:
    system.open()
    asked = questions(job)
    for question in asked[:_WARMING]:
        _timed(system, question)
    yield {"replies": [_timed(system, question) for question in asked]} | {
        "peak": peak_bytes(),
        "size": bytes_under(job.index),
    }


def _first(system: System, question: str) -> str:
    return system.answer(question) if isinstance(system, ReadingSystem) else system.retrieve(question)[0].text


def _timed(system: System, question: str) -> dict[str, Any]:
    started = perf_counter()
    found = system.retrieve(question)
    retrieved = perf_counter()
    said = system.answer(question) if isinstance(system, ReadingSystem) else None
    answered = perf_counter()
    if isinstance(system, StoppingSystem):
        system.read_all(question)
    whole = perf_counter() - answered if isinstance(system, StoppingSystem) else answered - retrieved
    return {
        "retrieve": retrieved - started,
        "answer": None if said is None else answered - retrieved,
        "whole": None if said is None else whole,
        "said": said,
        "found": [asdict(one) for one in found[:5]],
    }
