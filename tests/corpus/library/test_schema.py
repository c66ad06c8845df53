"""A file that defines anything of its own is no library: nothing in it can change what is read behind our back."""

import sqlite3
from contextlib import closing

import pytest

from corpus.article import Article, Span
from corpus.library.backup import NotABackup, backup, put_in_place
from corpus.library.faults import NotALibrary
from corpus.library.schema import APPLICATION_ID, unknown_definition
from corpus.library.store import Library

BRIDGE = "The bridge at Pell has 5 arches."


@pytest.fixture
def path(tmp_path):
    with closing(Library(tmp_path / "library.sqlite")) as library:
        with library.writing():
            library.put(
                Article("bridge", "The bridge", BRIDGE, "bridge.txt", url="https://example.org/"), [Span(0, 32)]
            )
        backup(library, tmp_path / "file", force=False, progress=lambda *_: None)
    return tmp_path / "file"


def changed(path, *statements):
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def written(old, new, name="article"):
    """Statements that change a definition behind SQLite's back."""
    return (
        "PRAGMA writable_schema = ON",
        f"UPDATE sqlite_master SET sql = replace(sql, '{old}', '{new}') WHERE name = '{name}'",
        "PRAGMA writable_schema = OFF",
    )


FOREIGN = {
    "a trigger": (
        "CREATE TRIGGER lie AFTER INSERT ON passage BEGIN UPDATE article SET text = replace(text, '5', '9'); END",
    ),
    "a view": ("CREATE VIEW other AS SELECT * FROM article",),
    "a table": ("CREATE TABLE other (one)",),
    "a virtual table": ("CREATE VIRTUAL TABLE other USING fts5 (one)",),
    "an index": ("CREATE INDEX other ON article (title)",),
    "an index of an expression": ("CREATE INDEX other ON article (length(title))",),
    "our index, of other columns": ("DROP INDEX article_sha256", "CREATE INDEX article_sha256 ON article (title)"),
    "our index, unique": ("DROP INDEX article_sha256", "CREATE UNIQUE INDEX article_sha256 ON article (sha256)"),
    "a view in a table's place": (
        "ALTER TABLE article RENAME TO hidden", "CREATE VIEW article AS SELECT * FROM hidden",
    ),
    "a generated column": ("ALTER TABLE article ADD COLUMN more TEXT AS (title)",),
    "a column more": ("ALTER TABLE article ADD COLUMN more TEXT",),
    "a default": written("title TEXT NOT NULL", 'title TEXT NOT NULL DEFAULT ""'),
    "a check": written("title TEXT NOT NULL", "title TEXT NOT NULL CHECK (1)"),
    "a collation": written("title TEXT NOT NULL", "title TEXT NOT NULL COLLATE NOCASE"),
    "a comment": written("title TEXT", "title /* more */ TEXT"),
    "a table with two names": (
        "CREATE TABLE spelling (word TEXT PRIMARY KEY, passages INTEGER NOT NULL) WITHOUT ROWID",
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name = 'state') WHERE name = 'spelling'",
    ),
    "an analysis": ("ANALYZE",),
    "no digests": ("DROP TABLE article_digest",),
    "an earlier format with digests": ("UPDATE state SET value = '1' WHERE key = 'format'",),
    "a format that is no text": ("UPDATE state SET value = CAST(value AS BLOB) WHERE key = 'format'",),
    "another program's mark": ("PRAGMA application_id = 7",),
    "another program's version": ("PRAGMA user_version = 7",),
    "no table of passages": ("DROP TABLE passage",),
    "a view of the state": (
        "ALTER TABLE state RENAME TO hidden", "CREATE VIEW state AS SELECT * FROM hidden",
    ),
}  # fmt: skip


@pytest.mark.parametrize("foreign", FOREIGN)
def test_a_file_that_defines_anything_else_is_neither_opened_nor_restored(path, tmp_path, foreign):
    changed(path, *FOREIGN[foreign])
    before = path.read_bytes()
    with pytest.raises(NotALibrary, match="is not a library this version can open") as refused:
        Library(path)
    assert str(refused.value).count("\n") == 0
    place = tmp_path / "new" / "library.sqlite"
    with pytest.raises(NotABackup, match="is not a whole backup of a library"):
        put_in_place(place, path, lambda _: None, force=True, progress=lambda *_: None)
    assert path.read_bytes() == before
    assert not place.exists()


def test_what_a_file_defines_is_named(path):
    changed(path, *FOREIGN["a trigger"])
    with pytest.raises(NotALibrary, match=r"the trigger 'lie' in it is none that Pullquote makes"):
        Library(path)


def test_a_definition_is_compared_whatever_its_white_space_and_quotes(path):
    changed(
        path,
        *written("id TEXT PRIMARY KEY, title", "id  TEXT\tPRIMARY KEY ,title"),
        *written("passage", '"passage"', "passage"),
    )
    with closing(Library(path)) as library:
        assert library.article("bridge").text == BRIDGE


def test_a_new_library_bears_our_mark(path):
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert unknown_definition(connection) == ""


def test_a_connection_trusts_no_definition_and_attaches_no_file(path, tmp_path):
    with closing(Library(path)) as library:
        assert library.connection.execute("PRAGMA trusted_schema").fetchone() == (0,)
        assert library.connection.execute("PRAGMA cell_size_check").fetchone() == (1,)
        with pytest.raises(sqlite3.OperationalError, match="too many attached databases"):
            library.connection.execute("ATTACH ? AS other", (str(tmp_path / "other"),))
