"""Long work, one job at a time, whose progress can be asked for."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import uuid4

from corpus.deadline import WorkDeadline, WorkEnded, within
from corpus.errors import PullquoteError
from index.ingest import Entry
from rag.api.access.admission import Busy

MOST_ENTRIES = 1_000  # that a job lists
_MOST_FINISHED = 100  # jobs that are remembered
MOST_WAITING = 20  # jobs that run or wait, with the files that they add
_RETRY_AFTER = 10  # seconds

JobStatus = Literal["waiting", "running", "done", "failed", "cancelled"]


class NoSuchJob(PullquoteError):
    """There is no job with this id; those that were done long ago are forgotten."""

    status = 404

    def __init__(self, job_id: str) -> None:
        super().__init__(f"There is no job {job_id[:80]!r}; those that were done long ago are forgotten.")


@dataclass(frozen=True, slots=True)
class Job:
    """The state of a job: of its `sources` (files and web addresses), `read` were read so far.

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


class JobRun:
    """A job that its work reports to: it counts the sources `read`, and adds entries; `deadline` is its work's."""

    future: Future[None]

    def __init__(self, sources: int, after: Callable[[], None]) -> None:
        self.id = uuid4().hex
        self.status: JobStatus = "waiting"
        self.read = 0
        self.detail: str | None = None
        self.finished: str | None = None
        self.deadline = WorkDeadline()  # over once the job is cancelled, or the server stops
        self._sources = sources
        self._after = after
        self._created = _now()
        self._entries: list[Entry] = []
        self._counts: Counter[str] = Counter()

    def add(self, entry: Entry) -> None:
        self._counts[entry.outcome] += 1
        if len(self._entries) < MOST_ENTRIES:
            self._entries.append(entry)

    def end(self, status: JobStatus) -> None:
        """The job is over, once what comes after it is done."""
        try:
            self._after()
        finally:
            self.status, self.finished = status, _now()

    def snapshot(self) -> Job:
        return Job(
            self.id, self.status, self._sources, self.read, dict(self._counts), tuple(self._entries), self.detail,
            self._created, self.finished,
        )  # fmt: skip


class Jobs:
    """The jobs of a server, in the order of asking; gone when it stops. `explain` says why a job failed."""

    def __init__(self, explain: Callable[[Exception], str]) -> None:
        self._explain = explain
        self._runs: dict[str, JobRun] = {}
        self._lock = threading.Lock()
        self._thread = ThreadPoolExecutor(1, "pullquote-jobs")
        self._is_closed = False

    def begin(self, sources: int, work: Callable[[JobRun], None], after: Callable[[], None]) -> Job:
        """The job that does this work once those before it are done, `after` in any case.

        Busy where many wait, or once the server stops; then neither is done.
        """
        with self._lock:
            if self._is_closed or sum(run.finished is None for run in self._runs.values()) >= MOST_WAITING:
                raise Busy(_RETRY_AFTER)
            run = JobRun(sources, after)
            self._runs[run.id] = run
            self._forget()
            run.future = self._thread.submit(self._do, run, work)
        return run.snapshot()

    def get(self, job_id: str) -> Job:
        """The job as it is now; NoSuchJob."""
        return self._run(job_id).snapshot()

    def all(self) -> list[Job]:
        """Every job, the latest first."""
        return [run.snapshot() for run in reversed(list(self._runs.values()))]

    def cancel(self, job_id: str) -> Job:
        """The job, which ends soon if it has not ended; what it has written stays. NoSuchJob."""
        run = self._run(job_id)
        self._stop(run)
        return run.snapshot()

    def close(self) -> None:
        """Ends all jobs soon, and takes no more."""
        with self._lock:
            self._is_closed = True
        for run in list(self._runs.values()):
            self._stop(run)
        self._thread.shutdown(wait=False)

    def have_ended(self, seconds: float) -> bool:
        """Whether none is at work any more, within so many seconds; one may wait for a page, or read a large file."""
        return not wait([run.future for run in list(self._runs.values())], seconds).not_done

    def _stop(self, run: JobRun) -> None:
        run.deadline.end()
        with self._lock:
            never_begins = run.future.cancel()
        if never_begins and run.finished is None:
            run.end("cancelled")

    def _run(self, job_id: str) -> JobRun:
        run = self._runs.get(job_id)
        if run is None:
            raise NoSuchJob(job_id)
        return run

    def _forget(self) -> None:
        finished = [run.id for run in self._runs.values() if run.finished]
        for job_id in finished[: max(len(finished) - _MOST_FINISHED, 0)]:
            del self._runs[job_id]

    def _do(self, run: JobRun, work: Callable[[JobRun], None]) -> None:
        try:
            with within(run.deadline):
                run.deadline.check()
                run.status = "running"
                work(run)
            status: JobStatus = "done"
        except WorkEnded:  # what it has written stays
            status = "cancelled"
        except Exception as fault:  # noqa: BLE001  # the job's `detail` says why
            status, run.detail = "failed", self._explain(fault)
        run.end(status)


def _now() -> str:
    return datetime.now(tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
