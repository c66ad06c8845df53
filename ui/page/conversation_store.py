"""The conversations of this server's browsers, kept on disk: they survive a reload and a restart.

They lie beside the library in a file of their own, so that to ask changes no library. A conversation goes by a random
name that only its browser knows: who share a server do not see each other's.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from secrets import token_urlsafe
from threading import Lock
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from rag.citation.markup import shortened
from ui.page.conversation import MOST_TURNS, ConversationTurn

MOST_KEPT = 1_000  # conversations; those that were used longest ago make room
MOST_LISTED = 50
_LONGEST_TITLE = 120
_PATIENCE = 5  # seconds that a writer waits for another
_NAME = re.compile(r"[A-Za-z0-9_-]{8,64}")
_SURROGATE = re.compile("[\ud800-\udfff]")  # half a character, which no file takes
_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_SCHEMA = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS conversation (
    id TEXT PRIMARY KEY, revision INTEGER NOT NULL, title TEXT NOT NULL, turns INTEGER NOT NULL, used TEXT NOT NULL,
    body TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS conversation_used ON conversation (used);
COMMIT;
"""
_TURNS: TypeAdapter[tuple[ConversationTurn, ...]] = TypeAdapter(tuple[ConversationTurn, ...])
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Saved:
    """Under which name, and as which revision, a conversation is kept."""

    id: str
    revision: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """A conversation's turns, and which revision of it they are."""

    turns: tuple[ConversationTurn, ...]
    revision: int


@dataclass(frozen=True, slots=True)
class ConversationSummary:
    """A conversation in a list: its first question, when it was used last (ISO 8601, UTC), how many turns it has."""

    id: str
    title: str
    used: str
    turns: int


class ConversationStore:
    """Conversations in one file; safe to share between threads and processes.

    Whatever is wrong with the disk, asking goes on: what cannot be written is not kept, what cannot be read is not
    there. A file that is broken is put aside as `….broken`, and a new one begun.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()

    def save(self, identity: str, turns: tuple[ConversationTurn, ...], revision: int) -> Saved | None:
        """Under which name the turns, or the latest of too many, are kept now; None where the disk does not take them.

        `revision` is the one they were made from, 0 for a new conversation. Where another tab went on from there, they
        are kept under a new name, and nothing of the other is lost.
        """
        turns = turns[-MOST_TURNS:]
        if not turns:
            return None
        try:
            title, body = _sound(shortened(turns[0].question, _LONGEST_TITLE)), _written(turns)
        except PydanticSerializationError:
            return None

        def put(file: sqlite3.Connection) -> Saved:
            query = "SELECT 1 FROM conversation WHERE id = ? AND revision = ?"
            is_own = _is_name(identity) and file.execute(query, (identity, revision)).fetchone()
            saved = Saved(identity, revision + 1) if is_own else Saved(token_urlsafe(16), 1)
            row = (saved.id, saved.revision, title, len(turns), _now(), body)
            file.execute("INSERT OR REPLACE INTO conversation VALUES (?, ?, ?, ?, ?, ?)", row)
            file.execute(
                "DELETE FROM conversation WHERE id <> ? AND id IN "
                "(SELECT id FROM conversation ORDER BY used DESC, id LIMIT -1 OFFSET ?)",
                (saved.id, MOST_KEPT),
            )
            return saved

        return self._changed(put)

    def load(self, identity: str) -> Loaded | None:
        """The conversation of this name; None where there is none. One that can no longer be read is dropped."""
        if not _is_name(identity):
            return None
        query = "SELECT body, revision FROM conversation WHERE id = ?"
        row = self._read(lambda file: file.execute(query, (identity,)).fetchone())
        if row is None:
            return None
        try:
            return Loaded(_TURNS.validate_json(row[0]), row[1])
        except ValidationError:
            self.delete(identity)
            return None

    def listing(self, ids: Iterable[object]) -> list[ConversationSummary]:
        """What is known of the conversations of these names, the one used last first; nothing of what is no name."""
        names = list(islice(dict.fromkeys(filter(_is_name, ids)), MOST_LISTED))
        query = f"SELECT id, title, used, turns FROM conversation WHERE id IN ({', '.join('?' * len(names))})"
        found = (
            self._read(lambda file: [ConversationSummary(*row) for row in file.execute(query, names)])
            if names
            else None
        )
        return sorted(found or [], key=lambda line: line.used, reverse=True)

    def delete(self, identity: str) -> None:
        """Forgets the conversation of this name, if there is one."""
        if _is_name(identity):
            self._changed(lambda file: file.execute("DELETE FROM conversation WHERE id = ?", (identity,)))

    def _changed(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """What the work gives, done in one transaction; None where the disk does not take it."""

        def whole(file: sqlite3.Connection) -> T:
            with file:
                file.execute("BEGIN IMMEDIATE")
                return work(file)

        with self._lock:
            return self._tried(whole)

    def _read(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """What the work gives; None where there is no file, or none that can be read."""
        return self._tried(work) if os.path.exists(self._path) else None  # noqa: PTH110 - Path's raises where it may not look

    def _tried(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        for _ in range(2):
            seen = None
            try:
                seen = self._made()
                with closing(self._connected()) as file:
                    return work(file)
            except (sqlite3.Error, OSError) as fault:
                # Only a file that is surely broken: one that is locked, or a disk without room, may be sound.
                if seen is None or getattr(fault, "sqlite_errorcode", 0) & 0xFF not in _BROKEN:
                    return None
                self._put_aside(seen)
        return None

    def _made(self) -> int:
        """The file's number on its disk; made where there is none."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if not self._path.exists():
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))  # what people ask is their own business
        return self._path.stat().st_ino

    def _connected(self) -> sqlite3.Connection:
        file = sqlite3.connect(self._path, timeout=_PATIENCE, isolation_level=None)
        try:
            file.execute("PRAGMA secure_delete = ON")
            if not file.execute("SELECT 1 FROM sqlite_master WHERE name = 'conversation'").fetchone():
                file.executescript(_SCHEMA)
        except sqlite3.Error:
            file.close()
            raise
        return file

    def _put_aside(self, seen: int) -> None:
        """Puts the broken file aside, its journal first, which belongs to no other; unless somebody has already."""
        with suppress(OSError):
            if self._path.stat().st_ino == seen:
                aside = f"{self._path}.broken"
                with suppress(FileNotFoundError):
                    Path(f"{self._path}-journal").replace(f"{aside}-journal")
                self._path.replace(aside)


def _is_name(identity: object) -> bool:
    return isinstance(identity, str) and bool(_NAME.fullmatch(identity))


def _written(turns: tuple[ConversationTurn, ...]) -> str:
    """The turns as JSON, which they come back from exactly, but for half characters."""
    return _sound(json.dumps(_TURNS.dump_python(turns, mode="json"), ensure_ascii=False))


def _sound(text: str) -> str:
    return _SURROGATE.sub("\ufffd", text)


def _now() -> str:
    return datetime.now(tz=UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
