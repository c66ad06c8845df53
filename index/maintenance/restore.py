"""A library restored from a backup, which is checked first and gets the tables that this version needs."""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path

from corpus.library.backup import NotABackup, Progress, put_in_place
from corpus.library.faults import NotALibrary
from corpus.library.store import Library
from index.maintenance.verify import guarded, truth_checks
from index.tables import TABLES, prepare


def restore(path: Path, file: Path, *, force: bool, progress: Progress) -> Path | None:
    """Replaces the library at `path` by the backup; the path of the former library, None where there was none.

    Derived tables may be damaged in the backup (`index.maintenance.repair`), articles may not: NotABackup. NotEmpty,
    LibraryBusy.
    """

    def make_ready(staged: Library) -> None:
        for part, _, check in truth_checks(staged):
            if found := next(iter(guarded(check)), None):
                raise NotABackup(file, f"{part}: {found}")
        prepare(staged)

    former = _derived_files(path)
    former_library = put_in_place(path, file, make_ready, force=force, progress=progress)
    for one in former:
        one.unlink(missing_ok=True)  # of rows that mean something else now
    return former_library


def _derived_files(path: Path) -> tuple[Path, ...]:
    """The derived files beside the library that is there now."""
    if path.exists():
        with suppress(NotALibrary), closing(Library(path)) as library:
            return tuple(file for table in TABLES for file in table.files(library))
    return ()
