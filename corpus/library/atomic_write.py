"""Files written beside their place, which they take when they are all there: nobody sees half of one."""

from __future__ import annotations

import glob
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def replacing(target: Path, is_synced: bool = False) -> Iterator[Path]:
    """Where to write what shall be at `target`, whose former file stays until the end, and stays after an error.

    What is written may be large: what killed processes have left there goes first. With `is_synced` it is on the disk
    before it counts.
    """
    _sweep(target)
    making = target.with_name(f".{target.name}.{os.getpid()}.making")
    try:
        yield making
        if is_synced:
            _sync(making)
        making.replace(target)
        if is_synced:
            _sync(target.parent)
    finally:
        with suppress(OSError):
            making.unlink(missing_ok=True)


def _sweep(target: Path) -> None:
    start = f".{target.name}."
    for left in target.parent.glob(f"{glob.escape(start)}*.making*"):
        process = left.name.removeprefix(start).partition(".")[0]
        if process.isdecimal() and not _runs(int(process)):
            with suppress(OSError):
                shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    """Whether there is a process of this number, perhaps another user's."""
    try:
        os.kill(process, 0)
    except (OSError, OverflowError) as error:
        return not isinstance(error, ProcessLookupError)
    return True


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
