"""What `pullquote sync` prints: what would be done, and what was."""

from __future__ import annotations

from collections.abc import Sequence

from index.ingest import Entry, Outcome
from ui.commands.entries import print_left_aside, print_summary, summary
from ui.commands.follow import SyncRound
from ui.commands.follow_folder import FollowedFolder
from ui.commands.follow_pages import FollowedPages
from ui.console import err, in_a_line, notice, out, print_json

_OUTCOMES: tuple[Outcome, ...] = ("added", "updated", "moved", "removed", "skipped", "refused")
_MOST_LISTED = 20  # of each kind of change; --json has all
# Each kind of planned change in words, and a line for each thing that JSON has with several fields.
_PLANNED = {
    "add": ("add", ""),
    "read again": ("", ""),
    "move": ("move", "{from} → {to}"),
    "remove": ("remove", "{source} ({title})"),
    "copies": ("leave out as a copy", "{source} (of {of})"),
    "quarantine": ("leave in quarantine", "{reason}"),
    "left_out": ("leave out as you did", ""),
    "refused": ("refuse", "{reason}"),
}
_UNTOUCHED = {
    "unchanged": "as they were",
    "quarantine": "refused before and not changed since (--retry reads them again)",
    "left_out": "taken out by hand and not changed since",
}


def print_plan(planned: SyncRound, followed: FollowedFolder | FollowedPages, as_json: bool) -> None:
    unchanged = len(planned.changes.unchanged)
    plan = planned.plan()
    if as_json:
        print_json(planned.facts | {"plan": plan, "unchanged": unchanged})
        return
    _warn(planned.warnings)
    for kind, things in plan.items():
        words, template = _PLANNED[kind]
        lines = [template.format(**thing) if isinstance(thing, dict) else str(thing) for thing in things[:_MOST_LISTED]]
        lines = [in_a_line(line) for line in lines]
        if len(things) > _MOST_LISTED:
            lines.append(f"{len(things) - _MOST_LISTED:,} more; --json tells of all")
        for line in lines:
            out().print(f"would {words or followed.to_reread}: {line}")
    out().print(f"{unchanged:,} {followed.things} are as they were; nothing was changed")


def print_result(done: SyncRound, entries: Sequence[Entry], seconds: float, as_json: bool) -> None:
    """Prints what became of every article."""
    changed = [entry for entry in entries if not entry.is_unchanged]
    untouched = {name: len(getattr(done.changes, name)) for name in _UNTOUCHED}
    untouched["unchanged"] += len(entries) - len(changed)  # were read, and proved to be so
    if as_json:
        print_json(done.facts | summary(changed, seconds, _OUTCOMES) | untouched | {"entries": changed})
        return
    _warn(done.warnings)
    print_left_aside(changed)
    print_summary([entry for entry in changed if entry.outcome != "skipped"], seconds, "nothing has changed")
    if any(untouched.values()):
        notice(", ".join(f"{count:,} {_UNTOUCHED[name]}" for name, count in untouched.items() if count))


def _warn(sentences: Sequence[str]) -> None:
    for sentence in sentences:
        err().print(f"warning: {sentence}")
