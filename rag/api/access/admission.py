"""Turns at the processor: work waits in one line, first come first served, and is told off when that takes too long.

A server that takes on all that is asked of it answers nobody in time. So a few threads work, so many requests may wait
for them, and each may take so long; then it is told when to try again.
"""

from __future__ import annotations

import asyncio
import math
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from time import monotonic
from typing import TypeVar

from corpus.errors import PullquoteError
from rag.api.metrics import Metrics

T = TypeVar("T")

_FIRST_GUESS = 0.2  # seconds that work takes, until some has been done
_REMEMBERED = 0.1  # of the latest work in the mean of how long work takes


class Busy(PullquoteError):
    """More is asked of this server than it can answer in time; try again in a while.

    `retry_after` is in how many seconds.
    """

    status = 503
    retry_after: int

    def __init__(self, retry_after: int) -> None:
        when = "a second" if retry_after == 1 else f"{retry_after} seconds"
        super().__init__(f"More is asked of this server than it can answer in time; try again in {when}.")
        self.retry_after = retry_after


class Admission:
    """`workers` threads; `waiting` is how much work may wait for them, `seconds` how long work may wait and take."""

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

        Work whose time is over before its turn has come is never begun; what has begun goes on to its end, unheard.
        """
        return await self._within(self._begun(work), monotonic() + self._seconds)

    async def steps(self, work: Callable[[], Iterator[T]]) -> AsyncIterator[T]:
        """What the work yields, each as soon as it is there; all within the time of one turn.

        Where nobody listens any more, the work ends after its next step.
        """
        loop, deadline = asyncio.get_running_loop(), monotonic() + self._seconds
        come: asyncio.Queue[T | _End] = asyncio.Queue()
        alone = threading.Event()

        def stepping() -> None:
            for item in work():
                if alone.is_set():
                    break
                with suppress(RuntimeError):  # the loop is closed
                    loop.call_soon_threadsafe(come.put_nowait, item)

        future = self._begun(stepping)
        future.add_done_callback(lambda _: come.put_nowait(_END))
        try:
            while not isinstance(item := await self._within(come.get(), deadline), _End):
                yield item
            await self._within(future, deadline)  # for its error, if it had one
        finally:
            alone.set()
            future.cancel()

    def close(self) -> None:
        """Lets nothing begin any more: who waits is told so. What has begun goes on to its end."""
        self._is_closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _begun(self, work: Callable[[], T]) -> asyncio.Future[T]:
        if self.is_full or self._is_closed:
            raise self._busy()
        asked = monotonic()

        def turn() -> T:
            began = monotonic()
            self._metrics.waited(began - asked)
            try:
                return work()
            finally:
                self._took(monotonic() - began)

        future = self._threads.submit(turn)
        self._count(1)
        future.add_done_callback(lambda _: self._count(-1))
        return asyncio.wrap_future(future)

    def _count(self, more: int) -> None:
        with self._lock:
            self._under_way += more

    def _took(self, seconds: float) -> None:
        with self._lock:
            self._mean += _REMEMBERED * (seconds - self._mean)

    async def _within(self, result: Awaitable[T], deadline: float) -> T:
        try:
            async with asyncio.timeout(deadline - monotonic()) as limit:
                return await result
        except TimeoutError:
            if not limit.expired():  # it is the work's own
                raise
            raise self._busy() from None
        except asyncio.CancelledError:
            asking = asyncio.current_task()
            if asking is None or asking.cancelling():
                raise
            raise self._busy() from None  # not who asked was cancelled, but the work, by `close`

    def _busy(self) -> Busy:
        return Busy(max(1, min(60, math.ceil(self._under_way * self._mean / self._workers))))


class _End:
    """Comes after the last step."""


_END = _End()
