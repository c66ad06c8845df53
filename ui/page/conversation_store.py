"""The conversations of this server's browsers, stored on disk: they survive a reload and a restart.

They lie in a file of their own beside the library, so that asking changes no library. A conversation goes by a random
id that only its browser knows: people who share a server do not see each other's.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from secrets import token_urlsafe
from threading import Lock
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from corpus.errors import sqlite_code
from corpus.library.private_files import make_file, make_folder
from corpus.regular_file import check_sqlite_files
from rag.citation.markup import shortened
from ui.page.conversation import MOST_TURNS, Conversation, ConversationTurn

MOST_STORED = 1_000  # conversations; those that were used longest ago of whoever has most make room
MOST_LISTED = 50
_LONGEST_TITLE = 120
_TIMEOUT = 5  # seconds that a writer waits for another
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_SURROGATE = re.compile("[\ud800-\udfff]")  # half a character, which no file takes
_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_SCHEMA = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS conversation (
    id TEXT PRIMARY KEY, revision INTEGER NOT NULL, title TEXT NOT NULL, turns INTEGER NOT NULL, used TEXT NOT NULL,
    body TEXT NOT NULL, owner TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS conversation_share ON conversation (owner, turns, used);
COMMIT;
"""
_WITH_OWNERS = "ALTER TABLE conversation ADD COLUMN owner TEXT NOT NULL DEFAULT ''"  # before, nobody was told apart
# Nobody takes the places of others, and nobody who only begins conversations those of conversations that went on.
_MAKE_ROOM = """
DELETE FROM conversation WHERE id IN (
    SELECT id FROM conversation AS one JOIN (
        SELECT owner, turns > 1 AS goes_on, count(*) AS places FROM conversation GROUP BY 1, 2
    ) AS share ON share.owner = one.owner AND share.goes_on = (one.turns > 1)
    WHERE id <> ? ORDER BY places DESC, used, id LIMIT max(0, (SELECT count(*) FROM conversation) - ?)
)
"""
_TURNS: TypeAdapter[tuple[ConversationTurn, ...]] = TypeAdapter(tuple[ConversationTurn, ...])
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ConversationSummary:
    """A conversation in a list: its first question, when it was used last (ISO 8601, UTC), how many turns it has."""

    id: str
    title: str
    used: str
    turns: int


class ConversationStore:
    """Conversations in one file; safe to share between threads and processes.

    Whatever is wrong with the disk, asking goes on: what cannot be written is not stored, what cannot be read is not
    there. A file that is broken is renamed to `….broken`, and a new one begun.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()

    def save(self, conversation: Conversation) -> Conversation | None:
        """The conversation with its new id and revision, at most its latest turns stored; None where it was not stored.

        Where another tab stored a later revision, it gets an id of its own, and nothing of the other is lost.
        """
        turns = conversation.turns[-MOST_TURNS:]
        if not turns:
            return None
        try:
            title, body = _storable(shortened(turns[0].question, _LONGEST_TITLE)), _json(turns)
        except PydanticSerializationError:
            return None

        def put(file: sqlite3.Connection) -> Conversation:
            own = (conversation.id, conversation.revision)
            query = "SELECT 1 FROM conversation WHERE id = ? AND revision = ?"
            is_latest = _is_id(conversation.id) and file.execute(query, own).fetchone()
            identity, revision = (own[0], own[1] + 1) if is_latest else (token_urlsafe(16), 1)
            row = (identity, revision, title, len(turns), _now(), body, conversation.owner)
            file.execute("INSERT OR REPLACE INTO conversation VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            file.execute(_MAKE_ROOM, (identity, MOST_STORED))
            return replace(conversation, id=identity, revision=revision)

        return self._write(put)

    def load(self, identity: str) -> Conversation | None:
        """The conversation of this id; None where there is none. One that can no longer be read is deleted."""
        if not _is_id(identity):
            return None
        query = "SELECT body, revision, owner FROM conversation WHERE id = ?"
        row = self._read(lambda file: file.execute(query, (identity,)).fetchone())
        if row is None:
            return None
        try:
            turns = _TURNS.validate_json(row[0])
        except ValidationError:
            self.delete(identity)
            return None
        return Conversation(turns, max((turn.number for turn in turns), default=0), identity, row[1], owner=row[2])

    def listing(self, ids: Iterable[object]) -> list[ConversationSummary]:
        """The summaries of the conversations with these ids, the one used last first; what is no id is left out."""
        named = list(islice(dict.fromkeys(filter(_is_id, ids)), MOST_LISTED))
        query = f"SELECT id, title, used, turns FROM conversation WHERE id IN ({', '.join('?' * len(named))})"
        found = self._read(lambda file: [ConversationSummary(*row) for row in file.execute(query, named)])
        return sorted(found or [], key=lambda line: line.used, reverse=True)

    def delete(self, identity: str) -> None:
        if _is_id(identity):
            self._write(lambda file: file.execute("DELETE FROM conversation WHERE id = ?", (identity,)))

    def _write(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """What the work returns, done in one transaction; None where the disk does not take it."""

        def transaction(file: sqlite3.Connection) -> T:
            with file:
                file.execute("BEGIN IMMEDIATE")
                return work(file)

        with self._lock:
            return self._with_file(transaction)

    def _read(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """What the work returns; None where there is no file, or none that can be read."""
        return self._with_file(work) if os.path.exists(self._path) else None  # noqa: PTH110 - Path's raises where it may not look

    def _with_file(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        for _ in range(2):
            inode = None
            try:
                inode = self._inode()
                check_sqlite_files(self._path)
                with closing(sqlite3.connect(self._path, timeout=_TIMEOUT, isolation_level=None)) as file:
                    file.execute("PRAGMA secure_delete = ON")
                    columns = {name for _, name, *_ in file.execute("PRAGMA table_info(conversation)")}
                    if columns and "owner" not in columns:
                        file.execute(_WITH_OWNERS)
                    if "owner" not in columns:
                        file.executescript(_SCHEMA)
                    return work(file)
            except (sqlite3.Error, OSError) as fault:
                # Only a file that is surely broken: one that is locked, or a disk without room, may be sound.
                if inode is None or sqlite_code(fault) not in _BROKEN:
                    return None
                self._rename_broken(inode)
        return None

    def _inode(self) -> int:
        """The file's number on its disk; the file is made where there is none."""
        with suppress(FileNotFoundError):
            return self._path.stat().st_ino
        make_folder(self._path.parent)
        make_file(self._path)
        return self._path.stat().st_ino

    def _rename_broken(self, inode: int) -> None:
        """Renames the file and, first, its journal, which belongs to no other; unless somebody has already.

        One thread of one process at a time, so that nobody renames the new file that another has begun.
        """
        from fcntl import LOCK_EX, flock

        with suppress(OSError), Path(f"{self._path}.lock").open("w") as lock:
            flock(lock, LOCK_EX)
            if self._path.stat().st_ino == inode:
                with suppress(FileNotFoundError):
                    Path(f"{self._path}-journal").replace(f"{self._path}.broken-journal")
                self._path.replace(f"{self._path}.broken")


def _is_id(identity: object) -> bool:
    return isinstance(identity, str) and bool(_ID.fullmatch(identity))


def _json(turns: tuple[ConversationTurn, ...]) -> str:
    """The turns as JSON that gives them back exactly, but for half characters."""
    return _storable(json.dumps(_TURNS.dump_python(turns, mode="json"), ensure_ascii=False))


def _storable(text: str) -> str:
    return _SURROGATE.sub("\ufffd", text)


def _now() -> str:
    return datetime.now(tz=UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
