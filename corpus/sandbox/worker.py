"""A process that reads sources for another: `python -m corpus.sandbox.worker SECONDS BYTES`, jobs in, articles out.

The kernel holds it to its limits, so that native code cannot escape them. Timers end it where no article has come in so
many seconds of work, or in three times as many by the clock (a machine that is busy with something else makes no file
hostile), and it gets no more than so many bytes beyond those it starts with. It says nothing then; who asked learns the
cause from the way it ended. The timers run where nobody waits any more, too, so none is left behind.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from corpus.article import Article
from corpus.sandbox.messages import Done, Job, PageMessage, decode, encode
from corpus.sandbox.reading import read_file, read_page
from corpus.sourcefile import SourceFile


def main(seconds: float, memory: int) -> None:
    """Reads one job after the other until nobody asks any more, or a third of the memory is gone for good."""
    jobs, answers = _pipes()
    at_start = _size()
    _limit(at_start + memory)
    is_spent = False
    answers.write(encode(Done()))  # it is ready
    answers.flush()
    while not is_spent and isinstance(job := decode(jobs), SourceFile | PageMessage):
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
            _stop()
        is_spent = bool(fault) or _size() - at_start > memory // 3
        answers.write(encode(Done(is_spent, fault)))
        answers.flush()


def _frames(job: Job, seconds: float) -> Iterator[bytes]:
    """The answers to a job; the timers run while one is made and stand while it is fetched."""
    allowed = {signal.ITIMER_PROF: seconds, signal.ITIMER_REAL: 3 * seconds}
    _start(allowed)
    for answer in read_page(job.html, job.url, job.charset) if isinstance(job, PageMessage) else read_file(job):
        frame = encode(answer)
        left = _stop()
        yield frame
        _start(allowed if isinstance(answer, Article) else left)


def _start(allowed: Mapping[int, float]) -> None:
    """Has each timer end the process in so many seconds."""
    for timer, seconds in allowed.items():
        signal.setitimer(timer, max(seconds, 0.001))  # 0 would be never


def _stop() -> dict[int, float]:
    """What was left on each timer."""
    return {timer: signal.setitimer(timer, 0)[0] for timer in (signal.ITIMER_PROF, signal.ITIMER_REAL)}


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output, kept from what libraries may read and print."""
    jobs, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    return jobs, answers


def _limit(memory: int) -> None:
    """From here on a timer ends the process, and it is granted no more than so many bytes."""
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
    main(float(sys.argv[1]), int(sys.argv[2]))
