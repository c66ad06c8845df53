"""Files and folders of which only their owner may know the content: what is written holds texts and questions."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

_FILE, _FOLDER = 0o600, 0o700
_FLAGS = os.O_CREAT | os.O_EXCL | os.O_WRONLY


def make_file(path: Path, like: Path | None = None) -> None:
    """Makes an empty file for its owner alone, or with the rights of the file `like`, if there is one.

    A file that is there stays as it is, and is not opened: closing it would drop SQLite's locks. OSError.
    """
    mode = _FILE
    if like is not None:
        with suppress(OSError):
            mode = stat.S_IMODE(like.stat().st_mode) & 0o666
    with suppress(FileExistsError):
        handle = os.open(path, _FLAGS, _FILE)
        try:
            if mode != _FILE:
                os.fchmod(handle, mode)
        finally:
            os.close(handle)


def make_folder(path: Path) -> None:
    """Makes a folder for its owner alone, unless it is there; folders above it have the usual rights. OSError."""
    path.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
