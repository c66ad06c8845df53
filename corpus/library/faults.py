"""What can be wrong with a library file, as errors that are told to a user."""

from __future__ import annotations

from pathlib import Path

from corpus.errors import PullquoteError

PATIENCE = 60.0  # seconds that a writer waits for another


class NotALibrary(PullquoteError):
    """The file is not a Pullquote library, or of a newer format; name another folder in PULLQUOTE_HOME."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"{path} is not a library this version can open ({why}); name another folder in PULLQUOTE_HOME."
        )


class LibraryBusy(PullquoteError):
    """Another process has been writing to the library for longer than a writer waits; try again when it is done."""

    status = 503
    retry_after = 1
    public = "Another process is writing to the library, and nothing was changed; try again when it is done."

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"Another process has been writing to {path} for {PATIENCE:.0f} seconds, and nothing was changed; try "
            "again when it is done."
        )


class LibraryReplaced(PullquoteError):
    """The library file was deleted, or another was put in its place, while it was open; start the program again."""

    status = 503
    public = (
        "The library file was deleted, or another was put in its place, since the server began; start the server again."
    )

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} was deleted, or another file was put in its place, meanwhile; start again.")


class DamagedState(PullquoteError):
    """What the library says of itself cannot be read; put a backup in its place."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(
            f"{path} is damaged in its {what}; put a backup in its place with `pullquote restore FILE --force`."
        )
