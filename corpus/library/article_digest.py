"""The digest of each article's row: its text, its facts and its map into the source, as they were written."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator

SCHEMA = """
CREATE TABLE article_digest (
    id TEXT PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE, digest BLOB NOT NULL
) WITHOUT ROWID;
"""
_COLUMNS = (
    "id", "title", "text", "source", "url", "authors", "outlet", "published", "language", "sha256", "origin",
)  # fmt: skip
_TYPES = " || ',' || ".join(f"typeof({name})" for name in _COLUMNS)
_ROW = f"SELECT {_TYPES}, {', '.join(f'CAST({name} AS BLOB)' for name in _COLUMNS)} FROM article"
_DIGEST_BYTES = 16


def has_digests(connection: sqlite3.Connection) -> bool:
    """Whether the library keeps digests: it does from format 2 on."""
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'article_digest'").fetchone() is not None


def seal(connection: sqlite3.Connection, article_id: str) -> None:
    """Stores the digest of an article as it stands in the library now; inside a transaction."""
    row = connection.execute(f"{_ROW} WHERE id = ?", (article_id,)).fetchone()
    if row:
        connection.execute("INSERT OR REPLACE INTO article_digest VALUES (?, ?)", (article_id, digest_of(row)))


def seal_all(connection: sqlite3.Connection) -> None:
    """Makes the table, with the digests of all articles; inside a transaction."""
    connection.execute(SCHEMA)
    for (article_id,) in connection.execute("SELECT id FROM article").fetchall():
        seal(connection, article_id)


def is_changed(connection: sqlite3.Connection, article_id: str) -> bool:
    """Whether an article has another digest than that of its row, or none, in a library that keeps digests."""
    row = connection.execute(f"{_ROW} WHERE id = ?", (article_id,)).fetchone()
    found = connection.execute("SELECT digest FROM article_digest WHERE id = ?", (article_id,)).fetchone()
    return row is not None and (found is None or found[0] != digest_of(row))


def unpaired(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """The ids of articles without a digest and of digests without an article, each with what is wrong."""
    for table, other, what in (
        ("article", "article_digest", "has no digest that says how it was written"),
        ("article_digest", "article", "is not there, but its digest is"),
    ):
        for (article_id,) in connection.execute(
            f"SELECT CAST(id AS BLOB) FROM {table} WHERE id NOT IN (SELECT id FROM {other}) ORDER BY id"
        ):
            yield article_id.decode("utf-8", "replace"), what


def digest_of(parts: Iterable[object]) -> bytes:
    """The digest of values in order, each with its length; `None` is another value than no bytes."""
    digest = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    for part in parts:
        value = part if isinstance(part, bytes | None) else str(part).encode("ascii", "backslashreplace")
        digest.update(b"-" if value is None else b"%d:" % len(value))
        digest.update(value or b"")
    return digest.digest()
