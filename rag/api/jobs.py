"""Long work, one job at a time, whose progress can be asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic, sleep
from typing import Literal
from uuid import uuid4

from corpus.errors import PullquoteError
from index.ingest import Entry
from rag.api.access.admission import Busy

MOST_ENTRIES = 1_000  # of a job that are told one by one
_MOST_KEPT = 100  # jobs that are done
_MOST_WAITING = 20
_TRY_AGAIN = 10  # seconds

JobStatus = Literal["waiting", "running", "done", "failed", "cancelled"]


class NoSuchJob(PullquoteError):
    """There is no job with this id; those that were done long ago are forgotten."""

    status = 404

    def __init__(self, job_id: str) -> None:
        super().__init__(f"There is no job {job_id[:80]!r}; those that were done long ago are forgotten.")


class Stopped(Exception):
    """The job was cancelled, or the server stops; what it has written stays."""


@dataclass(frozen=True, slots=True)
class Job:
    """How far a job is: of its sources (files and web addresses) so many are read, and what became of their articles.

    `counts` are of all entries by outcome; `entries` are the first 1,000. `detail` says why it failed. Times are ISO
    8601, UTC.
    """

    id: str
    status: JobStatus
    sources: int
    read: int
    counts: dict[str, int]
    entries: tuple[Entry, ...]
    detail: str | None
    created: str
    finished: str | None


class Progress:
    """What a job tells of itself while it runs; Stopped once it shall end."""

    def __init__(self) -> None:
        self.read = 0
        self.entries: list[Entry] = []
        self.counts: dict[str, int] = {}
        self.stopping = threading.Event()

    def check(self) -> None:
        """Ends a job that shall end."""
        if self.stopping.is_set():
            raise Stopped

    def tell(self, entry: Entry) -> None:
        """One more article is written or left out."""
        self.counts[entry.outcome] = self.counts.get(entry.outcome, 0) + 1
        if len(self.entries) < MOST_ENTRIES:
            self.entries.append(entry)


@dataclass(slots=True)
class _Kept:
    id: str
    sources: int
    created: str
    after: Callable[[], None]
    turn: Future[None] | None = None
    progress: Progress = field(default_factory=Progress)
    status: JobStatus = "waiting"
    detail: str | None = None
    finished: str | None = None

    def seen(self) -> Job:
        """The job as it is now."""
        progress = self.progress
        return Job(
            self.id, self.status, self.sources, progress.read, dict(progress.counts), tuple(progress.entries),
            self.detail, self.created, self.finished,
        )  # fmt: skip

    @property
    def is_over(self) -> bool:
        return self.finished is not None


class Jobs:
    """The jobs of a server, in the order of asking; gone when it stops."""

    def __init__(self, explain: Callable[[Exception], str]) -> None:
        """`explain` says what a job failed of."""
        self._explain = explain
        self._jobs: dict[str, _Kept] = {}
        self._lock = threading.Lock()
        self._thread = ThreadPoolExecutor(1, "pullquote-jobs")
        self._is_closed = False

    def begin(self, sources: int, work: Callable[[Progress], None], after: Callable[[], None]) -> Job:
        """The job that does this work once those before it are done, `after` in any case.

        Busy where many wait, or once the server stops; then neither is done.
        """
        with self._lock:
            if self._is_closed or sum(not job.is_over for job in self._jobs.values()) >= _MOST_WAITING:
                raise Busy(_TRY_AGAIN)
            job = _Kept(uuid4().hex, sources, _now(), after)
            self._jobs[job.id] = job
            self._forget()
            job.turn = self._thread.submit(self._do, job, work)
        return job.seen()

    def get(self, job_id: str) -> Job:
        """The job as it is now; NoSuchJob."""
        return self._kept(job_id).seen()

    def all(self) -> list[Job]:
        """Every job, the latest first."""
        return [job.seen() for job in reversed(list(self._jobs.values()))]

    def cancel(self, job_id: str) -> Job:
        """The job, which ends soon if it has not ended; what it has written stays. NoSuchJob."""
        job = self._kept(job_id)
        self._stop(job)
        return job.seen()

    def close(self) -> None:
        """Ends all jobs soon, and takes no more."""
        with self._lock:
            self._is_closed = True
        for job in list(self._jobs.values()):
            self._stop(job)
        self._thread.shutdown(wait=False)

    def have_ended(self, seconds: float) -> bool:
        """Whether none is at work any more, within so many seconds; one may wait for a page, or read a large file."""
        until = monotonic() + seconds
        while (works := not all(job.is_over for job in list(self._jobs.values()))) and monotonic() < until:
            sleep(0.05)
        return not works

    def _stop(self, job: _Kept) -> None:
        job.progress.stopping.set()
        with self._lock:
            waits = job.turn is not None and job.turn.cancel()
        if waits and not job.is_over:
            self._end(job, "cancelled")

    def _kept(self, job_id: str) -> _Kept:
        try:
            return self._jobs[job_id]
        except KeyError:
            raise NoSuchJob(job_id) from None

    def _forget(self) -> None:
        over = [job.id for job in self._jobs.values() if job.is_over]
        for job_id in over[: max(len(over) - _MOST_KEPT, 0)]:
            del self._jobs[job_id]

    def _do(self, job: _Kept, work: Callable[[Progress], None]) -> None:
        try:
            job.progress.check()
            job.status = "running"
            work(job.progress)
            status: JobStatus = "done"
        except Stopped:
            status = "cancelled"
        except Exception as fault:  # noqa: BLE001  # it is told to who asked for the job
            status, job.detail = "failed", self._explain(fault)
        self._end(job, status)

    def _end(self, job: _Kept, status: JobStatus) -> None:
        try:
            job.after()
        finally:
            job.status, job.finished = status, _now()


def _now() -> str:
    return datetime.now(tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
