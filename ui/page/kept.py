"""The conversations of this server's browsers, kept on disk: they survive a reload and a restart.

They lie beside the library in a file of their own, so that to ask changes no library. A conversation goes by a random
name that only its browser knows: who share a server do not see each other's.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_urlsafe
from threading import Lock
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from rag.markup import shortened
from ui.page.conversation import Turn

MOST_KEPT = 1_000  # conversations; those that were used longest ago make room
MOST_LISTED = 50
_LONGEST_TITLE = 120
_PATIENCE = 5  # seconds that a writer waits for another
_NAME = re.compile(r"[A-Za-z0-9_-]{8,64}")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversation (
    id TEXT PRIMARY KEY, revision INTEGER NOT NULL, title TEXT NOT NULL, turns INTEGER NOT NULL, used TEXT NOT NULL,
    body TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS conversation_used ON conversation (used);
"""
_TURNS: TypeAdapter[tuple[Turn, ...]] = TypeAdapter(tuple[Turn, ...])


@dataclass(frozen=True, slots=True)
class Saved:
    """Under which name, and as which revision, a conversation is kept."""

    id: str
    revision: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """A conversation's turns, and which revision of it they are."""

    turns: tuple[Turn, ...]
    revision: int


@dataclass(frozen=True, slots=True)
class Line:
    """A conversation in a list: its first question, when it was used last (ISO 8601, UTC), how many turns it has."""

    id: str
    title: str
    used: str
    turns: int


class Conversations:
    """Conversations in one file; safe to share between threads and processes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()

    def save(self, identity: str, turns: tuple[Turn, ...], revision: int) -> Saved | None:
        """Under which name the turns are kept now; None where the disk does not take them.

        `revision` is the one they were made from, 0 for a new conversation. Where another tab went on from there, they
        are kept under a new name, and nothing of the other is lost.
        """
        if not turns:
            return None
        with suppress(sqlite3.Error, OSError, PydanticSerializationError), self._writing() as file:
            body, title = _TURNS.dump_json(turns).decode(), shortened(turns[0].question, _LONGEST_TITLE)
            known = file.execute("SELECT revision FROM conversation WHERE id = ?", (identity,)).fetchone()
            is_own = bool(known) and known[0] == revision
            saved = Saved(identity, revision + 1) if is_own else Saved(token_urlsafe(16), 1)
            row = (saved.id, saved.revision, title, len(turns), _now(), body)
            file.execute("INSERT OR REPLACE INTO conversation VALUES (?, ?, ?, ?, ?, ?)", row)
            file.execute(
                "DELETE FROM conversation WHERE id IN "
                "(SELECT id FROM conversation ORDER BY used DESC, id LIMIT -1 OFFSET ?)",
                (MOST_KEPT,),
            )
            return saved
        return None

    def load(self, identity: str) -> Loaded | None:
        """The conversation of this name; None where there is none, or none that can be read."""
        for body, revision in self._rows("SELECT body, revision FROM conversation WHERE id = ?", identity):
            with suppress(ValidationError):
                return Loaded(_TURNS.validate_json(body), revision)
        return None

    def listing(self, ids: Iterable[str]) -> list[Line]:
        """What is known of the conversations of these names, the one used last first."""
        query = "SELECT id, title, used, turns FROM conversation WHERE id = ?"
        found = (Line(*row) for identity in list(ids)[:MOST_LISTED] for row in self._rows(query, identity))
        return sorted(found, key=lambda line: line.used, reverse=True)

    def delete(self, identity: str) -> None:
        """Forgets the conversation of this name, if there is one."""
        with suppress(sqlite3.Error, OSError), self._writing() as file:
            file.execute("DELETE FROM conversation WHERE id = ?", (identity,))

    def _rows(self, query: str, identity: str) -> list[tuple[Any, ...]]:
        """What the file has of a name; nothing where it cannot be read, or the name is none."""
        if not _NAME.fullmatch(identity):
            return []
        try:
            with closing(self._opened()) as file:
                return file.execute(query, (identity,)).fetchall()
        except (sqlite3.Error, OSError):
            return []

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock, closing(self._opened()) as file, file:
            file.execute("BEGIN IMMEDIATE")
            yield file

    def _opened(self) -> sqlite3.Connection:
        """The file, made where there is none; one that is no database is put aside."""
        try:
            return self._connected()
        except sqlite3.DatabaseError as fault:
            if isinstance(fault, sqlite3.OperationalError):  # locked, or no room: it may be sound
                raise
            self._path.replace(self._path.with_name(f"{self._path.name}.broken"))
            return self._connected()

    def _connected(self) -> sqlite3.Connection:
        if not self._path.exists():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))  # what people ask is their own business
        file = sqlite3.connect(self._path, timeout=_PATIENCE, isolation_level=None)
        try:
            file.executescript(_SCHEMA)
        except sqlite3.Error:
            file.close()
            raise
        return file


def _now() -> str:
    return datetime.now(tz=UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
