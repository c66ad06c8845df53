"""Admission control: a bounded first-in, first-out queue before a few threads; work that waits too long is refused.

A server that takes on all that it is asked answers nobody in time. So a refusal says when to try again, and work whose
time is over, or for which nobody waits any more, ends at its next check (`corpus.deadline`).
"""

from __future__ import annotations

import asyncio
import math
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from time import monotonic
from typing import Any, TypeVar

from corpus.deadline import WorkDeadline, WorkEnded, check_deadline, within
from corpus.errors import PullquoteError
from rag.api.metrics import Metrics

T = TypeVar("T")

_FIRST_GUESS = 0.2  # seconds that work takes, until some has been done
_SMOOTHING = 0.1  # the weight of the latest work in the mean of how long work takes
_END = object()  # comes after the last step


class Busy(PullquoteError):
    """More is asked of this server than it can answer in time; `retry_after` is in seconds."""

    status = 503
    retry_after: int

    def __init__(self, retry_after: int) -> None:
        when = "a second" if retry_after == 1 else f"{retry_after} seconds"
        super().__init__(f"More is asked of this server than it can answer in time; try again in {when}.")
        self.retry_after = retry_after


class Admission:
    """`workers` threads; at most `waiting` requests wait for them, each for at most `seconds`, its work included."""

    def __init__(self, workers: int, waiting: int, seconds: float, metrics: Metrics) -> None:
        self._workers = workers
        self._most = waiting + workers
        self._seconds = seconds
        self._metrics = metrics
        self._threads = ThreadPoolExecutor(workers, "pullquote")
        self._lock = threading.Lock()
        self._under_way = 0
        self._mean = _FIRST_GUESS
        self._is_closed = False

    @property
    def is_full(self) -> bool:
        """Whether no more work can wait."""
        return self._under_way >= self._most

    async def run(self, work: Callable[[], T]) -> T:
        """What the work returns; Busy where too much waits already, or where it is not done in time.

        Work whose time is over before a thread is free is never begun. What has begun ends at its next check.
        """
        deadline = WorkDeadline(self._seconds)
        try:
            return await self._within(self._begin(work, deadline), deadline)
        finally:
            deadline.end()

    async def steps(self, work: Callable[[], Iterator[T]]) -> AsyncIterator[T]:
        """What the work yields, each item as soon as it is there; `seconds` are for all of them together.

        Where the caller stops iterating, the work ends at its next check, or after its next item.
        """
        loop, deadline = asyncio.get_running_loop(), WorkDeadline(self._seconds)
        items: asyncio.Queue[Any] = asyncio.Queue()

        def stepping() -> None:
            for item in work():
                check_deadline()
                with suppress(RuntimeError):  # the loop is closed
                    loop.call_soon_threadsafe(items.put_nowait, item)

        future = self._begin(stepping, deadline)
        future.add_done_callback(lambda _: items.put_nowait(_END))
        try:
            while (item := await self._within(items.get(), deadline)) is not _END:
                yield item
            await self._within(future, deadline)  # for its error, if it had one
        finally:
            deadline.end()
            future.cancel()

    def close(self) -> None:
        """Lets nothing begin any more, and refuses what waits; what has begun goes on while it is waited for."""
        self._is_closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _begin(self, work: Callable[[], T], deadline: WorkDeadline) -> asyncio.Future[T]:
        if self.is_full or self._is_closed:
            raise self._busy()
        asked = monotonic()

        def timed() -> T:
            began = monotonic()
            self._metrics.waited(began - asked)
            try:
                with within(deadline):
                    return work()
            finally:
                with self._lock:
                    self._mean += _SMOOTHING * (monotonic() - began - self._mean)

        future = self._threads.submit(timed)
        self._count(1)
        future.add_done_callback(lambda _: self._count(-1))
        return asyncio.wrap_future(future)

    def _count(self, more: int) -> None:
        with self._lock:
            self._under_way += more

    async def _within(self, result: Awaitable[T], deadline: WorkDeadline) -> T:
        try:
            async with asyncio.timeout(deadline.seconds_left) as limit:
                return await result
        except WorkEnded:
            raise self._busy() from None
        except TimeoutError:
            if not limit.expired():  # it is the work's own
                raise
            raise self._busy() from None
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            raise self._busy() from None  # not the caller was cancelled, but the work, by `close`

    def _busy(self) -> Busy:
        return Busy(max(1, min(60, math.ceil(self._under_way * self._mean / self._workers))))
