"""Atomic replacement of a file: a temporary file is written beside it and then renamed over it."""

from __future__ import annotations

import errno
import glob
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from corpus.library.private_files import make_file


@contextmanager
def replacing(target: Path, is_synced: bool = False, like: Path | None = None) -> Iterator[Path]:
    """The temporary path to write to, which is renamed to `target` at the end; after an error `target` is unchanged.

    A file that was there keeps its rights; a new one has those of the file `like`, or is its owner's alone. Temporary
    files of processes that were killed are deleted first. With `is_synced` the file is on the disk before the
    rename, and the rename before the end. OSError for a device, which a rename would take away.
    """
    if target.exists() and not (target.is_file() or target.is_dir()):
        raise OSError(errno.EINVAL, "It is no regular file", str(target))
    delete_abandoned(target)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.making")
    try:
        make_file(temporary, target if target.exists() else like)
        yield temporary
        if is_synced:
            _sync(temporary)
        temporary.replace(target)
        if is_synced:
            _sync(target.parent)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def delete_abandoned(target: Path) -> None:
    """Deletes the temporary files beside `target` of processes that were killed."""
    start = f".{target.name}."
    for path in target.parent.glob(f"{glob.escape(start)}*.making*"):
        process = path.name.removeprefix(start).partition(".")[0]
        if process.isdecimal() and not _is_running(int(process)):
            with suppress(OSError):
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
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
