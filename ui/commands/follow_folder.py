"""A folder that the library follows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from corpus.library.store import Library
from corpus.sync.changes import Changes, changes
from corpus.sync.empty_source import Emptied
from corpus.sync.folder import TooManyFiles
from index.sync.folder_sync import read, settle
from ui.commands.follow import SyncRound, removals

_DEBOUNCE = 500  # milliseconds in which changes are taken together
_IDLE = 600_000  # milliseconds after which the folder is looked at though nothing was told: not every change is
_PAUSE = 10  # seconds, where watching failed


class FollowedFolder:
    """The files of a folder and its sub-folders, but for what is excluded (`corpus.sync.folder`)."""

    reading = "Reading files"
    things = "files"
    to_reread = "read again"
    faults: tuple[type[Exception], ...] = (Emptied, OSError, TooManyFiles)

    def __init__(self, library: Library, folder: Path, excluded: Sequence[str]) -> None:
        self._library = library
        self._folder = folder
        self._excluded = excluded
        self.invitation = f"Following {folder} (Ctrl-C stops it)."

    def look(self, *, retry: bool = False, allow_empty: bool = False) -> SyncRound:
        """What has changed in the folder; with `retry`, refused files count."""
        found = changes(self._library, self._folder, self._excluded, retry=retry, allow_empty=allow_empty)
        return SyncRound(
            facts={"folder": str(found.folder)},
            changes=found,
            plan=partial(_plan, self._library, found),
            settle=partial(settle, self._library, found),
            to_read=len(found.added) + len(found.changed),
            read=lambda encoder, done: read(self._library, encoder, found, done),
        )

    def wait(self, sleep: Callable[[float], None] = time.sleep) -> Iterator[object]:
        """Yields when something has happened in the folder, and every ten minutes.

        A name that is no UTF-8, or a folder that may not be watched, ends the watching of all: it begins again.
        """
        import watchfiles

        while True:
            try:
                yield from watchfiles.watch(
                    self._folder, watch_filter=None, debounce=_DEBOUNCE, rust_timeout=_IDLE, yield_on_timeout=True,
                    ignore_permission_denied=True,
                )  # fmt: skip
            except (OSError, RuntimeError):
                sleep(_PAUSE)
                yield None


def _plan(library: Library, found: Changes) -> dict[str, Sequence[object]]:
    return {
        "add": [file.source for file in found.added],
        "read again": [file.source for file in found.changed],
        "move": [{"from": move.former, "to": move.file.source} for move in found.moved],
        "remove": removals(library, found.removed),
        "copies": [{"source": copy.file.source, "of": copy.original} for copy in found.copies],
        "quarantine": [{"source": one.path, "reason": one.reason} for one in found.quarantine],
        "left_out": [one.path for one in found.left_out],
        "refused": [{"source": one.source, "reason": one.reason} for one in found.refusals],
    }
