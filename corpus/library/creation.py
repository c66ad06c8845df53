"""A new library file, which appears whole: a file that is empty was one that has lost its content."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import threading
import uuid
from contextlib import closing, suppress
from pathlib import Path

from corpus.library.atomic_write import delete_abandoned
from corpus.library.faults import NotALibrary
from corpus.library.private_files import make_file
from corpus.library.schema import APPLICATION_ID, FORMAT

SEAL = "digest"  # the key of the digest of the state


def create(path: Path, schema: str) -> None:
    """Makes a library without articles at the path, unless another process was faster; NotALibrary.

    A log that lies there without its file is of a library that was deleted, and would be read as that of the new one.
    """
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size and not path.exists():
        raise NotALibrary(path, f"only {log.name} is left of it")
    making = path.with_name(f".{path.name}.{os.getpid()}.making-{threading.get_ident()}")
    delete_abandoned(path)
    try:
        with suppress(OSError):  # what cannot be made cannot be opened, which says why
            make_file(making)
        with closing(sqlite3.connect(making, isolation_level=None)) as connection:
            connection.execute("BEGIN")
            for statement in schema.split(";\n"):
                connection.execute(statement)
            state = {"format": str(FORMAT), "generation": "0", "library": uuid.uuid4().hex}
            connection.executemany("INSERT INTO state VALUES (?, ?)", state.items())
            connection.execute("INSERT INTO state VALUES (?, ?)", (SEAL, state_digest(connection)))
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute("COMMIT")
        _put_in_place(making, path)
    finally:
        making.unlink(missing_ok=True)


def state_digest(connection: sqlite3.Connection) -> str:
    """The digest of all that the library says of itself."""
    rows = connection.execute("SELECT key, value FROM state WHERE key <> ? ORDER BY key", (SEAL,))
    return hashlib.sha256(json.dumps(rows.fetchall(), default=repr).encode("ascii")).hexdigest()


def _put_in_place(making: Path, path: Path) -> None:
    """Names the file `path`, unless there is one of that name."""
    try:
        os.link(making, path)
    except FileExistsError:
        return
    except OSError:  # no file there has two names
        if not path.exists():
            making.rename(path)
