"""The checksums of a model's files, in the form of `sha256sum`, and of what is compiled of them."""

from __future__ import annotations

import hashlib
import mmap
from collections.abc import Iterable
from pathlib import Path

from corpus.errors import PullquoteError
from corpus.regular_file import open_regular, read_regular

CHECKSUMS = "SHA256SUMS"


class DamagedModel(PullquoteError):
    """A file of a model is not as it was written; put the file back, or install Pullquote again."""

    def __init__(self, path: Path, why: str) -> None:
        self.path = path
        super().__init__(
            f"The model's file {path} is damaged ({why}); put it back as it was, or install Pullquote again."
        )


def checksum(path: Path) -> str:
    """The SHA-256 of a file in hexadecimal; OSError. It is hashed in one go, while other threads run."""
    with open_regular(path) as file:
        if not path.stat().st_size:
            return hashlib.sha256().hexdigest()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return hashlib.sha256(content).hexdigest()


def write_checksums(folder: Path) -> None:
    """Writes down what the files of a folder are now; call it last."""
    names = sorted(path.name for path in folder.iterdir() if path.is_file() and path.name != CHECKSUMS)
    lines = [f"{checksum(folder / name)}  {name}\n" for name in names]
    (folder / CHECKSUMS).write_text("".join(lines), encoding="utf-8")


def check_files(folder: Path, names: Iterable[str]) -> None:
    """Nothing where these files are as they were when the checksums were written, else DamagedModel."""
    known = read_checksums(folder)
    for name in names:
        path = folder / name
        if name not in known:
            raise DamagedModel(folder / CHECKSUMS, f"it has no checksum of {name}")
        try:
            found = checksum(path)
        except OSError as error:
            raise DamagedModel(path, error.strerror or "it cannot be read") from error
        if found != known[name]:
            raise DamagedModel(path, f"its checksum is not that in {CHECKSUMS}")


def read_checksums(folder: Path) -> dict[str, str]:
    """The checksums that were written in a folder, by the names of the files; DamagedModel."""
    path = folder / CHECKSUMS
    try:
        lines = read_regular(path).decode("utf-8").splitlines()
    except OSError as error:
        raise DamagedModel(path, error.strerror or "it cannot be read") from error
    except ValueError as error:
        raise DamagedModel(path, "it is no text") from error
    pairs = (line.split("  ", 1) for line in lines)
    return {pair[1]: pair[0] for pair in pairs if len(pair) == 2}
