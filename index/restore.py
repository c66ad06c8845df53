"""A backup put in the library's place, once it has been looked through and fitted with what this version needs."""

from __future__ import annotations

from pathlib import Path

from corpus.backup import NotABackup, Told, put_in_place
from corpus.database import NotALibrary
from corpus.store import Library
from index.snapshot import Snapshot
from index.tables import prepare
from index.verify import guarded, truth_checks


def restore(path: Path, file: Path, *, force: bool, told: Told) -> Path | None:
    """Puts the backup in the place of the library at `path`; where what was there is kept, if there was anything.

    What can be made again may be damaged in it (`index.repair`), the truth may not: NotABackup; NotEmpty, LibraryBusy.
    """

    def make_ready(staged: Library) -> None:
        for part, _, check in truth_checks(staged):
            if found := next(iter(guarded(check)), None):
                raise NotABackup(file, f"{part}: {found}")
        prepare(staged)

    former = _snapshot(path)
    kept = put_in_place(path, file, make_ready, force=force, told=told)
    if former:
        former.unlink(missing_ok=True)  # of rows that mean something else now
    return kept


def _snapshot(path: Path) -> Path | None:
    """Where the snapshot of the library is kept that is there now."""
    if not path.exists():
        return None
    try:
        library = Library(path)
    except NotALibrary:
        return None
    try:
        return Snapshot(library).path
    finally:
        library.close()
