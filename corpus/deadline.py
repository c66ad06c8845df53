"""The deadline of a piece of work: loops check it, so that work ends whose time is over or for which nobody waits.

A deadline is in force for what runs inside `within`, on the same thread. Where none is in force, checks do nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from time import monotonic

from corpus.errors import PullquoteError, sqlite_code


class WorkEnded(PullquoteError):
    """The time for this is over, or nobody waits for it any more, and nothing was changed; ask for less, or again."""

    status = 503
    retry_after = 1

    def __init__(self) -> None:
        super().__init__("This took too long and was ended, and nothing was changed; ask for less, or try again.")


class WorkDeadline:
    """When work has to end: `seconds` from now, or as soon as `end` is called, from any thread."""

    def __init__(self, seconds: float = inf) -> None:
        self._last = monotonic() + seconds

    @property
    def is_over(self) -> bool:
        return monotonic() > self._last

    @property
    def seconds_left(self) -> float:
        """Below 0 once it is over."""
        return self._last - monotonic()

    def end(self) -> None:
        """Ends the work at its next check."""
        self._last = -inf

    def check(self) -> None:
        """Raises WorkEnded once it is over."""
        if monotonic() > self._last:
            raise WorkEnded


_in_force: ContextVar[WorkDeadline | None] = ContextVar("deadline", default=None)


@contextmanager
def within(deadline: WorkDeadline | None) -> Iterator[None]:
    """Has this deadline in force, or none; WorkEnded, too, where a statement of SQLite was interrupted by it."""
    token = _in_force.set(deadline)
    try:
        yield
    except sqlite3.OperationalError as fault:
        if sqlite_code(fault) == sqlite3.SQLITE_INTERRUPT:
            raise WorkEnded from fault
        raise
    finally:
        _in_force.reset(token)


def check_deadline() -> None:
    """Raises WorkEnded once the deadline in force is over."""
    if deadline := _in_force.get():
        deadline.check()


def is_over() -> bool:
    """Whether the deadline in force is over."""
    deadline = _in_force.get()
    return deadline is not None and deadline.is_over
