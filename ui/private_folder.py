"""The folder of a server's temporary files: its own, and gone with it, even where it was killed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ui.mistake import Mistake

_BEGUN, _HELD = "pullquote-begun-", "pullquote-serving-"


class NoTemporaryFolder(Mistake):
    """No folder for temporary files can be written; name another one in TMPDIR."""

    def __init__(self, why: str) -> None:
        super().__init__(f"There is no folder for temporary files that can be written ({why}); set TMPDIR to one.")


@contextmanager
def private_folder() -> Iterator[Path]:
    """A folder that only this user may enter, in which this process keeps its temporary files until it is left.

    The folders of servers that were killed are removed first. NoTemporaryFolder.
    """
    before = tempfile.tempdir
    try:
        _remove_left(Path(tempfile.gettempdir()))
        begun = Path(tempfile.mkdtemp(prefix=_BEGUN))
    except OSError as error:
        raise NoTemporaryFolder(error.strerror or str(error)) from error
    lock = _lock(begun)
    folder = begun.rename(begun.with_name(begun.name.replace(_BEGUN, _HELD)))  # no other server sees it unlocked
    tempfile.tempdir = str(folder)
    try:
        yield folder
    finally:
        tempfile.tempdir = before
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _remove_left(parent: Path) -> None:
    """Removes this user's folders whose servers have ended: nobody holds their lock."""
    for folder in parent.glob(f"{_HELD}*"):
        with suppress(OSError):  # another's, or one that another server removes
            if folder.lstat().st_uid == os.getuid():
                lock = _lock(folder)
                shutil.rmtree(folder, ignore_errors=True)
                os.close(lock)


def _lock(folder: Path) -> int:
    """The open folder, locked until it is closed; OSError where another holds it, or where it is a link or a file."""
    from fcntl import LOCK_EX, LOCK_NB, flock

    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        flock(opened, LOCK_EX | LOCK_NB)
    except OSError:
        os.close(opened)
        raise
    return opened
