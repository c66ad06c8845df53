"""New files written: all of them, or none."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from corpus.errors import PullquoteError


class AlreadyThere(PullquoteError):
    """A file would be written over; name another one, or remove it first."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is there already; name another file, or remove it first.")


def write_new(files: Mapping[Path, str]) -> list[Path]:
    """The files written, UTF-8, their folders made; AlreadyThere, and nothing written, where one exists."""
    for path in files:
        if path.exists():
            raise AlreadyThere(path)
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="\n")
    return list(files)
