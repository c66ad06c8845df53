"""Sources read in other processes, one at a time in each, so that none can take this one down.

What a source does to the process that reads it stays there: where that one crashes, hangs or wants too much memory the
source is refused, and another process reads the next. A worker ends with this process, however that ends.
"""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO, cast

from corpus.article import Article
from corpus.refusal import Refusal, Refused, sentence
from corpus.sandbox.messages import Done, Job, packed, received

# A library that starts threads reserves memory for each, and the encoder needs the processors.
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """What reading may take: seconds of work without an article (three times as many by the clock), bytes of memory."""

    seconds: float = 20.0
    memory: int = 1_000_000_000


class ReadingRoom:
    """The workers of this process: at most one that waits for the next source, more while several are read at once."""

    def __init__(self, limits: WorkerLimits | None = None) -> None:
        self.limits = limits or WorkerLimits()
        self._waiting: list[_Worker] = []

    def read(self, job: Job) -> Iterator[Article | Refusal]:
        """What a source holds, each article as soon as it is read; where that failed, a Refusal comes last."""
        worker = self._taken()
        done = None
        try:
            worker.give(job)
            while not isinstance(answer := worker.answer(), Done | None):
                yield answer
            done = answer
        finally:  # also where the caller stops half-way, with a worker that is still at it
            if done and not done.is_spent and not self._waiting:
                self._waiting.append(worker)
            else:
                worker.end()
        if done is None or done.fault:
            why = self._why(done.fault if done else worker.ended_by)
            yield Refusal(job.source, sentence(job.name, Refused(why)))

    def close(self) -> None:
        """Ends the workers that wait."""
        while self._waiting:
            self._waiting.pop().end()

    def _taken(self) -> _Worker:
        """A worker that waits, or a new one; none that died meanwhile, or is that of the process we forked from."""
        while self._waiting:
            worker = self._waiting.pop()
            if worker.is_ready():
                return worker
            worker.end()
        atexit.unregister(self.close)
        atexit.register(self.close)
        return _Worker(self.limits)

    def _why(self, fault: str) -> str:
        """What is wrong with a source over which a worker ended by this error or signal."""
        if fault in ("SIGPROF", "SIGALRM"):
            return f"takes longer than {self.limits.seconds:g} s to read; split it, or save its words alone as .txt"
        if fault == "MemoryError":
            size = f"{self.limits.memory / 1e9:g} GB"
            return f"needs more than {size} of memory to be read; split it, or save its words alone as .txt"
        return f"cannot be read, its format's reader broke down ({fault}); save it anew, or its words alone as .txt"


class WorkerMissing(Exception):
    """No file can be read, as the process for it does not start; see why by `python -m corpus.sandbox.worker 20
    1000000000`.
    """

    def __str__(self) -> str:
        return str(self.__doc__)


class _Worker:
    """One process that reads, and the pipes to it."""

    def __init__(self, limits: WorkerLimits) -> None:
        self._process = subprocess.Popen(  # noqa: S603  # ourselves
            [sys.executable, "-P", "-m", "corpus.sandbox.worker", str(limits.seconds), str(limits.memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **_ONE_THREAD, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
            start_new_session=True,  # Ctrl-C and Ctrl-Z mean us, and the worker's clock runs on while it is stopped
        )
        self._jobs = cast("BinaryIO", self._process.stdin)
        self._answers = cast("BinaryIO", self._process.stdout)
        if self.answer() is None:
            self.end()
            raise WorkerMissing

    @property
    def ended_by(self) -> str:
        """The signal that ended the process."""
        status = self._process.wait()
        return signal.Signals(-status).name if status < 0 else f"exit status {status}"

    def is_ready(self) -> bool:
        """Whether it lives and is ours: in a process forked from ours, it has no such child."""
        return self._process.poll() is None

    def give(self, job: Job) -> None:
        """Sends a job."""
        with suppress(BrokenPipeError):  # the worker is dead, which the missing answer will tell
            self._jobs.write(packed(job))
            self._jobs.flush()

    def answer(self) -> Article | Refusal | Done | None:
        """The next answer; None where the worker is dead."""
        return cast("Article | Refusal | Done | None", received(self._answers))

    def end(self) -> None:
        """Ends it, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._answers, self._jobs):
            with suppress(BrokenPipeError):  # what it was not given any more
                pipe.close()
