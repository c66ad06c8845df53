"""A process that reads sources for another, jobs in, replies out.

It is started as `python -m corpus.sandbox.worker SECONDS BYTES [CHARACTERS]`; the last is the most of an article.

The kernel enforces the limits, so that native code cannot escape them. Timers end the process after so many seconds of
work without an article, or three times as many by the clock (a busy machine makes no file hostile), and it gets no more
than so many bytes beyond those at its start. It ends without a message; the caller learns the cause from its status.
The timers run where no caller is left, too, so no worker is left behind.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from corpus.article import LONGEST_ARTICLE, Article
from corpus.sandbox.messages import Done, Job, PageMessage, decode, encode
from corpus.sandbox.reading import read_file, read_page
from corpus.sourcefile import SourceFile


def main(seconds: float, memory: int, most: int = LONGEST_ARTICLE) -> None:
    """Reads one job after the other until the pipe ends, or a third of the memory is not freed any more.

    An article has at most so many characters.
    """
    jobs, replies = _pipes()
    size_at_start = _size()
    _limit(size_at_start + memory)
    is_spent = False
    replies.write(encode(Done()))  # it is ready
    replies.flush()
    while not is_spent and isinstance(job := decode(jobs), SourceFile | PageMessage):
        fault = ""
        try:
            for message in _replies(job, seconds, most):
                replies.write(message)
                replies.flush()
        except BrokenPipeError:
            return
        except Exception as error:  # noqa: BLE001  # whatever a library lets through: this is the edge
            fault = type(error).__name__
        finally:
            _stop_timers()
        is_spent = bool(fault) or _size() - size_at_start > memory // 3
        replies.write(encode(Done(is_spent, fault)))
        replies.flush()


def _replies(job: Job, seconds: float, most: int) -> Iterator[bytes]:
    """The replies to a job; the timers run while one is made and stop while it is sent."""
    limits = {signal.ITIMER_PROF: seconds, signal.ITIMER_REAL: 3 * seconds}
    _start_timers(limits)
    read = read_page(job.html, job.url, job.charset, most) if isinstance(job, PageMessage) else read_file(job, most)
    for reply in read:
        message = encode(reply)
        left = _stop_timers()
        yield message
        _start_timers(limits if isinstance(reply, Article) else left)


def _start_timers(limits: Mapping[int, float]) -> None:
    for timer, seconds in limits.items():
        signal.setitimer(timer, max(seconds, 0.001))  # 0 would be never


def _stop_timers() -> dict[int, float]:
    """The seconds left on each timer."""
    return {timer: signal.setitimer(timer, 0)[0] for timer in (signal.ITIMER_PROF, signal.ITIMER_REAL)}


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output, moved to where no library reads or prints."""
    jobs, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)
    os.close(null)
    return jobs, replies


def _limit(memory: int) -> None:
    """Has the timers end the process, whatever signals it inherited, and limits its memory to so many bytes."""
    for ending in (signal.SIGALRM, signal.SIGPROF):
        signal.signal(ending, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGALRM, signal.SIGPROF))
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # elsewhere address space cannot be limited
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _size() -> int:
    """Bytes of address space in use; 0 where the system does not tell."""
    status = Path("/proc/self/statm")
    return int(status.read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE") if status.exists() else 0


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]), *map(int, sys.argv[3:]))
