"""What the experiments' commands share: their options, means, Markdown tables and lines of output."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from statistics import fmean


def parser(experiment: str, description: str) -> argparse.ArgumentParser:
    """The command line of `python -m eval.experiments.EXPERIMENT`."""
    return argparse.ArgumentParser(prog=f"python -m eval.experiments.{experiment}", description=description)


def write(lines: Iterable[str]) -> None:
    """Prints each line as soon as it is there."""
    for line in lines:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def notice(sentence: str) -> None:
    """Prints a sentence on standard error."""
    sys.stderr.write(f"{sentence}\n")


def table(head: Sequence[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The lines of a Markdown table; numbers that are not whole get three digits."""
    yield _row(head)
    yield "|---" * len(head) + "|"
    for row in rows:
        yield _row(f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in row)


def mean(values: Iterable[float]) -> float:
    """The mean; 0 of no value."""
    return fmean(found) if (found := list(values)) else 0.0


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
