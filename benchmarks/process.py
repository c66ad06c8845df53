"""A process that is measured: how long until it replies, how long in all, and how much memory it and its own take."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

_EVERY = 0.05  # seconds between looks at the memory
_LAST_LINES = 8
_PAGE = os.sysconf("SC_PAGE_SIZE")


class SystemFailed(RuntimeError):
    """A system that is measured has stopped with an error; what it said last stands in the message."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a process: seconds to its first reply and to its end, bytes of it and its children at their most."""

    first: float
    wall: float
    peak: int
    reply: dict[str, Any] = field(default_factory=dict)


def run(command: Sequence[str], environment: Mapping[str, str], log: Path, seconds: float) -> Ran:
    """Runs a command that writes JSON lines (their union is its reply) or nothing of interest; SystemFailed."""
    started = perf_counter()
    with (
        log.open("w", encoding="utf-8") as errors,
        subprocess.Popen(  # noqa: S603 - our own commands
            command, stdout=subprocess.PIPE, stderr=errors, env=environment, text=True, encoding="utf-8"
        ) as process,
    ):
        watch = _MemoryWatch(process.pid)
        timer = threading.Timer(seconds, process.kill)
        watch.start()
        timer.start()
        try:
            first, output = _replies(process, started)
            status = process.wait()
            wall = perf_counter() - started
        finally:
            process.kill()
            timer.cancel()
            watch.stop()
    if status == -signal.SIGKILL and wall >= seconds:
        raise SystemFailed(f"{' '.join(command[:4])} took too long: {seconds:.0f} s.")
    if status not in {0, 1}:  # 1: `pullquote ask` found that the library does not say
        raise SystemFailed(_failure(command, status, log))
    reply = _union(output)
    if status == 1 and not reply:
        raise SystemFailed(_failure(command, status, log))
    return Ran(first or wall, wall, max(watch.peak, reply.get("peak", 0)), reply)


def _replies(process: subprocess.Popen[str], started: float) -> tuple[float, str]:
    """Seconds to the first line, and all that was written."""
    output = []
    first = 0.0
    assert process.stdout is not None
    for line in process.stdout:
        first = first or perf_counter() - started
        output.append(line)
    return first, "".join(output)


def _union(output: str) -> dict[str, Any]:
    """The objects that were written, in one."""
    decoder = json.JSONDecoder()
    reply: dict[str, Any] = {}
    place = 0
    while place < len(output.rstrip()):
        found, place = decoder.raw_decode(output, place)
        reply |= found
        while place < len(output) and output[place].isspace():
            place += 1
    return reply


def _failure(command: Sequence[str], status: int, log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LAST_LINES:]
    why = f"was stopped by signal {-status}" if status < 0 else f"ended with status {status}"
    return "\n".join([f"{' '.join(command[:4])} {why}; {log.name} has all that it said:", *lines])


class _MemoryWatch:
    """Looks again and again how much memory a process and all below it hold; memory they share counts in each."""

    def __init__(self, pid: int) -> None:
        self.peak = 0
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(_EVERY):
            self.peak = max(self.peak, sum(map(_resident, family(self._pid))))


def family(pid: int) -> list[int]:
    """A process and all below it that are still there."""
    found = [pid]
    for parent in found:
        try:
            tasks = list(Path(f"/proc/{parent}/task").iterdir())
            for task in tasks:
                found += [int(child) for child in (task / "children").read_text(encoding="ascii").split()]
        except OSError:  # it has ended
            continue
    return found


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE
    except (OSError, IndexError):  # it has ended
        return 0
