"""The runs stored in the library's folder, as the page lists and opens them."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from eval.metrics.interval import Estimate
from eval.metrics.score import score
from eval.run import LONGEST_LINE, BadRun, Run, opened

_ENDING = ".jsonl.gz"
_MOST_LISTED = 30
_MOST_SCORED = 3_000_000  # bytes of a file: larger runs have their figures once they are opened
_FIGURES = ("answered", "contains", "noans", "success@1")


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run in a list: `n` questions, and the main `figures` where they are known."""

    file: str
    set: str
    mode: str
    started: str
    n: int
    figures: Mapping[str, Estimate]


class StoredRuns:
    """The runs of one folder; a summary is cached as long as its file stays the same."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._cache: dict[tuple[str, int, int], StoredRun] = {}

    def listed(self) -> list[StoredRun]:
        """The latest runs, the last one first; files that hold no run are left out."""
        files = sorted(self._folder.glob(f"*{_ENDING}"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
        found = (self._summary(file) for file in files[:_MOST_LISTED])
        return [one for one in found if one]

    def load(self, name: str) -> Run:
        """The run in the file of this name; BadRun, which does not say where the folder lies."""
        file = self._file(name)
        try:
            run = Run.load(file)
        except BadRun:
            raise BadRun(f"{name} is no run that can be read; run the set again.") from None
        self._cache[_key(file)] = _with_figures(file, run)
        return run

    def written(self, name: str) -> int:
        """The time at which the file of this name was written, in nanoseconds; BadRun where there is none."""
        return self._file(name).stat().st_mtime_ns

    def _file(self, name: str) -> Path:
        """The file of this name in the folder, and in no other; BadRun."""
        found = next((file for file in self._folder.glob(f"*{_ENDING}") if file.name == name), None)
        if found is None:
            raise BadRun("That run is no longer kept; open another one, or run the set again.")
        return found

    def _summary(self, file: Path) -> StoredRun | None:
        try:
            key = _key(file)
            if key not in self._cache:
                small = file.stat().st_size <= _MOST_SCORED
                self._cache[key] = _with_figures(file, Run.load(file)) if small else _from_header(file)
            return self._cache[key]
        except (BadRun, OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None


def _key(file: Path) -> tuple[str, int, int]:
    status = file.stat()
    return file.name, status.st_mtime_ns, status.st_size


def _with_figures(file: Path, run: Run) -> StoredRun:
    header = run.header
    metrics = score(run).metrics if run.records else {}
    figures = {name: metrics[name] for name in _FIGURES if name in metrics}
    return StoredRun(file.name, header.set, header.mode, header.started, len(run.records), figures)


def _from_header(file: Path) -> StoredRun:
    with opened(file) as lines:
        header = json.loads(lines.readline(LONGEST_LINE))["run"]
    questions, limit = int(header["questions"]), header["limit"]
    n = questions if limit is None else min(questions, int(limit))
    return StoredRun(file.name, str(header["set"]), str(header["mode"]), str(header["started"]), n, {})
