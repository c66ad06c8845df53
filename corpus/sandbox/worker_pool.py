"""Sources read in worker processes, one at a time in each, so that no source can take this process down.

A worker that crashes, hangs or wants too much memory is killed, its source is refused, and a new worker reads the next
one. Workers end with this process, however it ends.
"""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import astuple, dataclass
from typing import BinaryIO, cast

from corpus.article import LONGEST_ARTICLE, Article
from corpus.errors import PullquoteError
from corpus.refusal import Refusal, Refused, sentence
from corpus.sandbox.messages import Done, Job, Reply, decode, encode

# A library that starts threads reserves memory for each, and the encoder needs the processors.
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """CPU seconds without an article (three times as many by the clock), and bytes of memory beyond those at start.

    An article has at most so many `characters`.
    """

    seconds: float = 20.0
    memory: int = 800_000_000
    characters: int = LONGEST_ARTICLE


class WorkerPool:
    """The workers of this process: at most one is idle, more run while several sources are read at once."""

    def __init__(self, limits: WorkerLimits | None = None) -> None:
        self._limits = limits or WorkerLimits()
        self._idle: list[_Worker] = []

    @property
    def limits(self) -> WorkerLimits:
        """Of the workers that are yet to start."""
        return self._limits

    @limits.setter
    def limits(self, limits: WorkerLimits) -> None:
        if limits != self._limits:
            self.close()
        self._limits = limits

    def read(self, job: Job) -> Iterator[Article | Refusal]:
        """The articles of a source, each as soon as it is read; where reading fails, a Refusal comes last."""
        worker = self._acquire()
        done = None
        is_foreign = False
        try:
            worker.send(job)
            while not isinstance(reply := worker.receive(), Done | None):
                if is_foreign := not job.owns(reply.source):
                    break
                yield reply
            else:
                done = reply
        finally:  # also where the caller stops early, while the worker is still reading
            if done and not done.is_spent and not self._idle:
                self._idle.append(worker)
            else:
                worker.kill()
        if is_foreign:
            why = "is refused, as its reader answered with another source; save it anew, or its words alone as .txt"
        elif done is None or done.fault:
            why = self._reason(done.fault if done else worker.exit_cause)
        else:
            return
        yield Refusal(job.source, sentence(job.name, Refused(why)))

    def close(self) -> None:
        while self._idle:
            self._idle.pop().kill()

    def _acquire(self) -> _Worker:
        """An idle worker that lives and is a child of this process, not of the one it was forked from; or a new one."""
        while self._idle:
            worker = self._idle.pop()
            if worker.is_alive():
                return worker
            worker.kill()
        atexit.unregister(self.close)
        atexit.register(self.close)
        return _Worker(self.limits)

    def _reason(self, cause: str) -> str:
        """Why a source is refused whose worker ended by this exception or signal."""
        if cause in ("SIGPROF", "SIGALRM"):
            return f"takes longer than {self.limits.seconds:g} s to read; split it, or save its words alone as .txt"
        if cause == "MemoryError":
            size = f"{self.limits.memory / 1e9:g} GB"
            return f"needs more than {size} of memory to be read; split it, or save its words alone as .txt"
        return f"cannot be read, its format's reader broke down ({cause}); save it anew, or its words alone as .txt"


class WorkerMissing(PullquoteError):
    """No file can be read, as the worker does not start; the command in the sentence shows why."""

    def __init__(self) -> None:
        super().__init__(
            "No file can be read, as the process for it does not start; see why by `python -m corpus.sandbox.worker 20 "
            "800000000`."
        )


class _Worker:
    def __init__(self, limits: WorkerLimits) -> None:
        self._process = subprocess.Popen(  # noqa: S603  # ourselves
            [sys.executable, "-P", "-m", "corpus.sandbox.worker", *map(str, astuple(limits))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **_ONE_THREAD, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
            start_new_session=True,  # Ctrl-C and Ctrl-Z mean us, and the worker's clock runs on while it is stopped
        )
        self._jobs = cast("BinaryIO", self._process.stdin)
        self._replies = cast("BinaryIO", self._process.stdout)
        if self.receive() is None:
            self.kill()
            raise WorkerMissing

    @property
    def exit_cause(self) -> str:
        """The signal that ended the process, or its exit status."""
        status = self._process.wait()
        return signal.Signals(-status).name if status < 0 else f"exit status {status}"

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def send(self, job: Job) -> None:
        with suppress(BrokenPipeError):  # the worker is dead: the next `receive` returns None
            self._jobs.write(encode(job))
            self._jobs.flush()

    def receive(self) -> Reply | None:
        """The next reply; None where the worker is dead or sends anything else."""
        reply = decode(self._replies)
        return reply if isinstance(reply, Reply) else None

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._replies, self._jobs):
            with suppress(BrokenPipeError):  # bytes that the worker did not read
                pipe.close()
