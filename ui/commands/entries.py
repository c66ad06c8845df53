"""What the command line prints of what became of articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

from corpus.sync.folder import MOST_FILES, LeftOut
from index.ingest import Entry, Outcome
from ui.console import err, in_a_line, out
from ui.phrases import one_or_many

_REASON = attrgetter("reason")


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


def print_passed_over(left_out: Sequence[LeftOut]) -> None:
    """Prints why files of a folder were passed over: those of a folder that was so as a whole in one line."""
    for within, group in groupby(left_out, key=attrgetter("within")):
        files = list(group)
        inside = f" ({one_or_many(len(files), 'file')} in it)" if files[0].source != within else ""
        err().print(f"left out: {in_a_line(within)}{inside}: it is {files[0].reason}.")


def print_count_passed_over(left_out: Sequence[LeftOut]) -> None:
    """Prints in a line how many files were passed over, and why, if there are any."""
    if left_out:
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in Counter(map(_REASON, left_out)).most_common())
        least = "at least " if len(left_out) >= MOST_FILES else ""
        out().print(f"{least}{one_or_many(len(left_out), 'file')} left out: {reasons}")
