"""A process that reads sources for another: `python -m corpus.worker SECONDS BYTES`, jobs in, articles out.

The kernel holds it to its limits, so that native code cannot escape them: an alarm ends it where no article has come
for so many seconds, and it gets no more than so many bytes beyond those it starts with. It says nothing then; who asked
learns the cause from the way it ended. The alarm rings where nobody waits any more, too, so none is left behind.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from corpus.article import Article
from corpus.frames import Done, Job, Page, packed, received
from corpus.reading import read_file, read_page
from corpus.sourcefile import SourceFile


def main(seconds: float, memory: int) -> None:
    """Reads one job after the other until nobody asks any more, or a third of the memory is gone for good."""
    jobs, answers = _pipes()
    at_start = _size()
    _limit(at_start + memory)
    is_spent = False
    answers.write(packed(Done()))  # it is ready
    answers.flush()
    while not is_spent and isinstance(job := received(jobs), SourceFile | Page):
        fault = ""
        try:
            for frame in _frames(job, seconds):
                answers.write(frame)
                answers.flush()
        except BrokenPipeError:
            return
        except Exception as error:  # noqa: BLE001  # whatever a library lets through: this is the edge
            fault = type(error).__name__
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        is_spent = bool(fault) or _size() - at_start > memory // 3
        answers.write(packed(Done(is_spent, fault)))
        answers.flush()


def _frames(job: Job, seconds: float) -> Iterator[bytes]:
    """The answers to a job; the alarm is set while one is made, and stops while it is fetched."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    for answer in read_page(job.html, job.url, job.charset) if isinstance(job, Page) else read_file(job):
        frame = packed(answer)
        left, _ = signal.setitimer(signal.ITIMER_REAL, 0)
        yield frame
        signal.setitimer(signal.ITIMER_REAL, seconds if isinstance(answer, Article) else max(left, 0.001))


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output, kept from what libraries may read and print."""
    jobs, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    return jobs, answers


def _limit(memory: int) -> None:
    """From here on the kernel ends the process where it takes too long, and grants it no more than so many bytes."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGALRM])
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # elsewhere address space cannot be limited
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _size() -> int:
    """Bytes of address space in use; 0 where the system does not tell."""
    status = Path("/proc/self/statm")
    return int(status.read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE") if status.exists() else 0


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
