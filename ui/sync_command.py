"""The command that makes the library follow a folder."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from corpus.changes import Changes, FolderEmptied, changes
from corpus.store import Library
from index.ingest import Entry, Outcome
from index.sync import read, settle
from rag.assemble import open_encoder, open_library
from rag.settings import Settings
from ui.console import notice, out, print_json, progress
from ui.entries import print_left_aside, print_summary, summary
from ui.library_commands import AsJson
from ui.mistake import Mistake

_OUTCOMES: tuple[Outcome, ...] = ("added", "updated", "moved", "removed", "skipped", "refused")
_MOST_LISTED = 20  # of each kind of change; --json has all
_WAIT = 500  # milliseconds in which what happens in the folder is taken together


def sync(  # noqa: PLR0913 - the options of the contract
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder to follow, with its sub-folders.")],
    *,
    watch: Annotated[bool, typer.Option("--watch", help="Go on following until Ctrl-C.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    exclude: Annotated[
        list[str] | None,
        typer.Option(metavar="GLOB", help="Leave out files and folders of such names, or paths below FOLDER."),
    ] = None,
    retry: Annotated[bool, typer.Option("--retry", help="Try again what was refused and has not changed.")] = False,
    allow_empty: Annotated[
        bool, typer.Option("--allow-empty", help="Let all its articles go where nothing is left in FOLDER.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make the library hold what a folder holds: articles are added, changed, moved and removed as their files are."""
    if not folder.is_dir():
        raise Mistake(f"There is no folder {folder}, and nothing was changed; check the path.")
    settings = Settings()
    library = open_library(settings, notice)
    found = changes(library, folder, exclude or (), retry=retry, allow_empty=allow_empty)
    if dry_run:
        _tell_plan(found, library, as_json)
        return
    entries = _followed(library, found, settings, as_json)
    if watch:
        _keep_following(library, folder, exclude or [], settings, as_json)
    elif any(entry.outcome == "refused" for entry in entries):
        raise typer.Exit(2)


def _followed(library: Library, found: Changes, settings: Settings, as_json: bool) -> list[Entry]:
    """What became of every article that had changed, done and told."""
    started = perf_counter()
    to_read = len(found.added) + len(found.changed)
    entries = settle(library, found)
    if to_read:
        with progress("Reading files", to_read) as bar:
            entries += read(library, open_encoder(settings, notice), found, bar.advance)
    seconds = perf_counter() - started
    untouched = {
        "unchanged": len(found.unchanged),
        "quarantine": len(found.quarantine),
        "left_out": len(found.left_out),
    }
    if as_json:
        told = {"folder": str(found.folder)} | summary(entries, seconds, _OUTCOMES) | untouched | {"entries": entries}
        print_json(told)
        return entries
    print_left_aside([entry for entry in entries if not entry.reason.startswith("It has not changed")])
    print_summary([entry for entry in entries if entry.outcome != "skipped"], seconds, "nothing has changed")
    if any(untouched.values()):
        notice(_untouched(untouched))
    return entries


def _untouched(counts: dict[str, int]) -> str:
    """How many files were not read, in words."""
    said = {
        "unchanged": "as they were",
        "quarantine": "refused before and not changed since (--retry reads them again)",
        "left_out": "taken out by hand and not changed since",
    }
    return (
        ", ".join(f"{count:,} {said[name]}" for name, count in counts.items() if count) or "no file was left as it was"
    )


def _tell_plan(found: Changes, library: Library, as_json: bool) -> None:
    """Says what would be done."""
    removed = [library.header(article.id) for article in found.removed]
    plan = {
        "add": [file.source for file in found.added],
        "read again": [file.source for file in found.changed],
        "move": [{"from": move.former, "to": move.file.source} for move in found.moved],
        "remove": [{"id": header.id, "title": header.title, "source": header.source} for header in removed],
        "copies": [{"source": copy.file.source, "of": copy.original} for copy in found.copies],
        "quarantine": [{"source": one.path, "reason": one.reason} for one in found.quarantine],
        "left_out": [one.path for one in found.left_out],
    }
    if as_json:
        print_json({"folder": str(found.folder), "plan": plan, "unchanged": len(found.unchanged)})
        return
    for title, lines in (
        ("add", [file.source for file in found.added]),
        ("read again", [file.source for file in found.changed]),
        ("move", [f"{move.former} → {move.file.source}" for move in found.moved]),
        ("remove", [f"{header.source} ({header.title})" for header in removed]),
        ("leave out as a copy", [f"{copy.file.source} (of {copy.original})" for copy in found.copies]),
        ("leave in quarantine", [one.reason for one in found.quarantine]),
        ("leave out as you did", [one.path for one in found.left_out]),
    ):
        for line in lines[:_MOST_LISTED]:
            out().print(f"would {title}: {line}", markup=False)
        if len(lines) > _MOST_LISTED:
            out().print(f"would {title}: {len(lines) - _MOST_LISTED:,} more; --json tells of all", markup=False)
    out().print(f"{len(found.unchanged):,} files are as they were; nothing was changed", markup=False)


def _keep_following(library: Library, folder: Path, exclude: list[str], settings: Settings, as_json: bool) -> None:
    """Does the same whenever something happens in the folder, until Ctrl-C."""
    import watchfiles

    notice(f"Following {folder} (Ctrl-C stops it).")
    with suppress(KeyboardInterrupt):
        for _ in watchfiles.watch(folder, watch_filter=None, debounce=_WAIT):
            try:
                found = changes(library, folder, exclude)
            except (FolderEmptied, OSError) as fault:
                notice(str(fault))
                continue
            if found.moved or found.removed or found.copies or found.added or found.changed:
                _followed(library, found, settings, as_json)
