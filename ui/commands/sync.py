"""The command that makes the library follow a folder, or the pages that a feed or a site map lists."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from corpus.formats.facts import is_address
from index.encoder.encoder import Encoder
from index.ingest import Entry
from rag.assemble import open_encoder, open_library
from rag.settings import Settings
from ui.commands.follow import SyncRound
from ui.commands.follow_folder import FollowedFolder
from ui.commands.follow_pages import FollowedPages
from ui.commands.library import AsJson
from ui.commands.sync_messages import print_plan, print_result
from ui.console import notice, progress
from ui.mistake import Mistake
from ui.streams import is_read

_MINUTES = 15.0


def sync(  # noqa: PLR0913 - the options of the contract
    source: Annotated[
        str,
        typer.Argument(
            metavar="FOLDER|URL", help="A folder with its sub-folders; a feed, a site map, or a page that leads to one."
        ),
    ],
    *,
    watch: Annotated[bool, typer.Option("--watch", help="Go on following until Ctrl-C.")] = False,
    every: Annotated[
        float | None,
        typer.Option(metavar="MINUTES", min=1, help=f"How often --watch asks at a URL; {_MINUTES:g} unless told."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    exclude: Annotated[
        list[str] | None,
        typer.Option(metavar="GLOB", help="Leave out what has such a name, lies in such a folder, or has such a path."),
    ] = None,
    retry: Annotated[bool, typer.Option("--retry", help="Try again what was refused and has not changed.")] = False,
    allow_empty: Annotated[
        bool, typer.Option("--allow-empty", help="Let all its articles go where nothing is left there.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make the library hold what a folder holds, or a site lists: articles come, change and go as files or pages do."""
    _check(source, every)
    settings = Settings()
    library = open_library(settings, notice)
    followed: FollowedFolder | FollowedPages
    if is_address(source):
        followed = FollowedPages(library, source, exclude or [], every or _MINUTES)
    else:
        followed = FollowedFolder(library, Path(source), exclude or [])
    found = followed.look(retry=retry, allow_empty=allow_empty)
    if dry_run:
        print_plan(found, followed, as_json)
        return
    following = _Following(followed, settings, as_json)
    entries = following.follow(found)
    if watch:
        following.keep_following()
    elif any(entry.outcome == "refused" for entry in entries):
        raise typer.Exit(2)


def _check(source: str, every: float | None) -> None:
    """Raises Mistake where the source cannot be followed, or not every so many minutes."""
    if is_address(source):
        return
    if not Path(source).is_dir():
        raise Mistake(f"There is no folder {source}, and nothing was changed; check the path.")
    if every is not None:
        raise Mistake(f"{source} is a folder, which tells by itself when something happens; leave out --every.")


class _Following:
    """Brings the library up to date, once or until Ctrl-C, and prints what became of each article."""

    def __init__(self, followed: FollowedFolder | FollowedPages, settings: Settings, as_json: bool) -> None:
        self._followed = followed
        self._settings = settings
        self._as_json = as_json
        self._encoder: Encoder | None = None
        self._told: set[Entry | str] = set()  # in the last round

    def follow(self, found: SyncRound, is_quiet: bool = False) -> list[Entry]:
        """What became of every article that had changed; printed too, unless `is_quiet` and there is nothing new."""
        started = perf_counter()
        entries = found.settle()
        if found.to_read:
            self._encoder = self._encoder or open_encoder(self._settings, notice)
            with progress(self._followed.reading, found.to_read) as bar:
                entries += found.read(self._encoder, bar.advance)
        changed = {entry for entry in entries if not entry.is_unchanged}
        if not is_quiet or changed - self._told:
            print_result(found, entries, perf_counter() - started, self._as_json)
        self._told = {entry for entry in changed if entry.outcome == "refused"}
        return entries

    def keep_following(self) -> None:
        """Looks again whenever something may have changed, until Ctrl-C."""
        with suppress(KeyboardInterrupt):
            notice(self._followed.invitation)
            for _ in self._followed.wait():
                if not is_read():
                    return
                try:
                    found = self._followed.look()
                except self._followed.faults as fault:
                    if str(fault) not in self._told:
                        notice(str(fault))
                    self._told = {str(fault)}
                    continue
                self.follow(found, is_quiet=True)
