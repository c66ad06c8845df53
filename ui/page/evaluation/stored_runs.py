"""The runs that are kept in the library's folder, as the page lists and opens them."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from eval.metrics.interval import Estimate
from eval.metrics.score import score
from eval.run import BadRun, Run

_ENDING = ".jsonl.gz"
_MOST_LISTED = 30
_QUICKLY_SCORED = 3_000_000  # bytes of a file: larger runs have their figures once they are opened
_TOLD = ("answered", "contains", "noans", "success@1")


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run as a list shows it; `figures` are the main ones, where they are known."""

    file: str
    set: str
    mode: str
    started: str
    n: int
    figures: Mapping[str, Estimate]


class StoredRuns:
    """The runs of one folder; what was worked out of a file is kept as long as the file stays the same."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[tuple[str, int, int], StoredRun] = {}

    def listed(self) -> list[StoredRun]:
        """The latest runs, the last one first; files that hold none are left out."""
        files = sorted(self._folder.glob(f"*{_ENDING}"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
        found = (self._listed(file) for file in files[:_MOST_LISTED])
        return [one for one in found if one]

    def load(self, name: str) -> Run:
        """The run in the file of this name; BadRun, which does not say where the folder lies."""
        file = self._file(name)
        try:
            run = Run.load(file)
        except BadRun:
            raise BadRun(f"{name} is no run that can be read; run the set again.") from None
        self._known[_mark(file)] = _with_figures(file, run)
        return run

    def age(self, name: str) -> int:
        """A number that is another once the file is; BadRun where there is none of this name."""
        return self._file(name).stat().st_mtime_ns

    def _file(self, name: str) -> Path:
        """The file of this name in the folder, and in no other; BadRun."""
        found = next((file for file in self._folder.glob(f"*{_ENDING}") if file.name == name), None)
        if found is None:
            raise BadRun("That run is no longer kept; open another one, or run the set again.")
        return found

    def _listed(self, file: Path) -> StoredRun | None:
        try:
            mark = _mark(file)
            if mark not in self._known:
                small = file.stat().st_size <= _QUICKLY_SCORED
                self._known[mark] = _with_figures(file, Run.load(file)) if small else _by_its_header(file)
            return self._known[mark]
        except (BadRun, OSError, EOFError, zlib.error, ValueError, KeyError, TypeError):
            return None


def _mark(file: Path) -> tuple[str, int, int]:
    known = file.stat()
    return file.name, known.st_mtime_ns, known.st_size


def _with_figures(file: Path, run: Run) -> StoredRun:
    header = run.header
    metrics = score(run).metrics if run.records else {}
    figures = {name: metrics[name] for name in _TOLD if name in metrics}
    return StoredRun(file.name, header.set, header.mode, header.started, len(run.records), figures)


def _by_its_header(file: Path) -> StoredRun:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        header = json.loads(lines.readline())["run"]
    questions, limit = int(header["questions"]), header["limit"]
    n = questions if limit is None else min(questions, int(limit))
    return StoredRun(file.name, str(header["set"]), str(header["mode"]), str(header["started"]), n, {})
