"""How `pullquote sync` tells what would be done, and what was."""

from __future__ import annotations

from collections.abc import Sequence

from index.ingest import Entry, Outcome
from ui.commands.entries import print_left_aside, print_summary, summary
from ui.commands.follow import LeftAlone, Round
from ui.console import err, in_a_line, notice, out, print_json

_OUTCOMES: tuple[Outcome, ...] = ("added", "updated", "moved", "removed", "skipped", "refused")
_MOST_LISTED = 20  # of each kind of change; --json has all
_SAID = {
    "unchanged": "as they were",
    "quarantine": "refused before and not changed since (--retry reads them again)",
    "left_out": "taken out by hand and not changed since",
}


def tell_plan(planned: Round, things: str, as_json: bool) -> None:
    """Says what would be done."""
    unchanged = len(planned.found.unchanged)
    plan = planned.plan()
    if as_json:
        print_json(planned.facts | {"plan": {one.key: one.things for one in plan}, "unchanged": unchanged})
        return
    _warn(planned.warnings)
    for kind in plan:
        for line in kind.lines[:_MOST_LISTED]:
            out().print(f"would {kind.words}: {in_a_line(line)}", markup=False)
        if len(kind.lines) > _MOST_LISTED:
            out().print(
                f"would {kind.words}: {len(kind.lines) - _MOST_LISTED:,} more; --json tells of all", markup=False
            )
    out().print(f"{unchanged:,} {things} are as they were; nothing was changed", markup=False)


def tell_done(done: Round, entries: Sequence[Entry], seconds: float, as_json: bool) -> None:
    """Says what became of every article."""
    told = [entry for entry in entries if not entry.is_unchanged]
    untouched = _untouched(done.found, len(entries) - len(told))
    if as_json:
        print_json(done.facts | summary(told, seconds, _OUTCOMES) | untouched | {"entries": told})
        return
    _warn(done.warnings)
    print_left_aside(told)
    print_summary([entry for entry in told if entry.outcome != "skipped"], seconds, "nothing has changed")
    if any(untouched.values()):
        notice(", ".join(f"{count:,} {_SAID[name]}" for name, count in untouched.items() if count))


def _warn(sentences: Sequence[str]) -> None:
    for sentence in sentences:
        err().print(f"warning: {sentence}", markup=False)


def _untouched(found: LeftAlone, unchanged: int) -> dict[str, int]:
    """How much was left as it was; `unchanged` were read and proved to be so."""
    return {
        "unchanged": len(found.unchanged) + unchanged,
        "quarantine": len(found.quarantine),
        "left_out": len(found.left_out),
    }
