"""What the command line prints of what became of articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from index.ingest import Entry, Outcome
from ui.console import err, in_a_line, out


def summary(entries: Sequence[Entry], seconds: float, outcomes: Sequence[Outcome]) -> dict[str, int | float]:
    """How many articles had each of these outcomes, how many passages were written, and how long it took."""
    counts = Counter(entry.outcome for entry in entries)
    passages = sum(entry.passages for entry in entries)
    return {outcome: counts[outcome] for outcome in outcomes} | {"passages": passages, "seconds": round(seconds, 2)}


def print_left_aside(entries: Sequence[Entry]) -> None:
    """Prints why each source that was refused or skipped gave nothing to the library."""
    for entry in entries:
        if entry.outcome == "refused":  # the reason names the file
            err().print(f"refused: {entry.reason}")
        elif entry.outcome == "skipped":
            err().print(f"skipped: {in_a_line(entry.source)}: {in_a_line(entry.reason)}")


def print_summary(entries: Sequence[Entry], seconds: float, nothing: str) -> None:
    """Prints in a line how many articles had which outcome, or that there was nothing to do."""
    counts = Counter(entry.outcome for entry in entries)
    passages = sum(entry.passages for entry in entries)
    outcomes = ", ".join(f"{count:,} {outcome}" for outcome, count in counts.items())
    took = f"{passages:,} passage{'s' * (passages != 1)} in {seconds:.1f} s" if passages else f"{seconds:.1f} s"
    out().print(f"{outcomes or nothing} ({took})")
