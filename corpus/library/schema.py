"""What a library file may define: the tables, indexes and triggers of this version and of those before it.

A file may come from anybody. A trigger, a view or a generated column in it would change what is read or written behind
the program's back, so a file that defines anything else is not opened.
"""

from __future__ import annotations

import re
import sqlite3
from functools import lru_cache

FORMAT = 2
READ_FORMATS = frozenset({"1", "2"})  # a library of an earlier one is brought up to date when it is next written
APPLICATION_ID = 0x50554C51  # "PULQ", which SQLite stores in the head of the file; 0 in files of earlier versions

# What a reindex does with an article that goes (`index.maintenance.staging`); no function that may only be called where
# the definitions are trusted.
STAGED_GOES = """
CREATE TRIGGER staged_goes BEFORE DELETE ON article WHEN OLD.id IN (SELECT id FROM staged_article) BEGIN
    INSERT INTO staged_gone SELECT OLD.id, OLD.title, OLD.text,
    '[' || coalesce(group_concat('[' || row || ',' || start || ',' || "end" || ']'), '') || ']'
    FROM staged_passage WHERE article_id = OLD.id; END
""".strip()
# As the modules create them that own them (`tests/index/test_tables.py` compares); with `{s}` also while a reindex
# stages them. A table may be missing: it is made when it is first needed.
_STATEMENTS = """
CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE article (id TEXT PRIMARY KEY, title TEXT NOT NULL, text TEXT NOT NULL, source TEXT NOT NULL UNIQUE,
    url TEXT, authors TEXT NOT NULL, outlet TEXT, published TEXT, language TEXT, sha256 TEXT NOT NULL,
    origin TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX article_sha256 ON article (sha256);
CREATE INDEX article_facts ON article (published, language, outlet, authors);
CREATE TABLE article_digest (id TEXT PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE, digest BLOB NOT NULL)
    WITHOUT ROWID;
CREATE TABLE {s}passage (row INTEGER PRIMARY KEY AUTOINCREMENT, article_id TEXT NOT NULL REFERENCES article (id)
    ON DELETE CASCADE, start INTEGER NOT NULL, end INTEGER NOT NULL, UNIQUE (article_id, start, end));
CREATE TABLE {s}passage_digest (article_id TEXT PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE,
    digest BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE sqlite_sequence (name, seq);
CREATE TABLE {s}vector (row INTEGER PRIMARY KEY REFERENCES {s}passage (row) ON DELETE CASCADE,
    embedding BLOB NOT NULL, digest BLOB);
CREATE TABLE vector (row INTEGER PRIMARY KEY REFERENCES passage (row) ON DELETE CASCADE, embedding BLOB NOT NULL);
CREATE INDEX {s}vector_digest ON {s}vector (digest);
CREATE VIRTUAL TABLE {s}words USING fts5 (plain_title, plain_text, content = '',
    tokenize = 'porter unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE {s}words USING fts5 (title, text, content = '',
    tokenize = 'porter unicode61 remove_diacritics 2');
CREATE TABLE {s}words_data (id INTEGER PRIMARY KEY, block BLOB);
CREATE TABLE {s}words_idx (segid, term, pgno, PRIMARY KEY (segid, term)) WITHOUT ROWID;
CREATE TABLE {s}words_docsize (id INTEGER PRIMARY KEY, sz BLOB);
CREATE TABLE {s}words_config (k PRIMARY KEY, v) WITHOUT ROWID;
CREATE TABLE {s}spelling (word TEXT PRIMARY KEY, passages INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE sketch (number INTEGER PRIMARY KEY, article_id TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, story TEXT);
CREATE INDEX sketch_story ON sketch (story) WHERE story IS NOT NULL;
CREATE TABLE sampled (shingle INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (shingle, number)) WITHOUT ROWID;
CREATE TABLE copy (number INTEGER NOT NULL, other INTEGER NOT NULL, share REAL NOT NULL, PRIMARY KEY (number, other))
    WITHOUT ROWID;
CREATE TABLE file (path TEXT PRIMARY KEY, size INTEGER NOT NULL, modified INTEGER NOT NULL, changed INTEGER NOT NULL,
    sha256 TEXT NOT NULL, fate TEXT NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX file_sha256 ON file (sha256);
CREATE TABLE page (address TEXT PRIMARY KEY, source TEXT NOT NULL, etag TEXT, last_modified TEXT, dated TEXT,
    sha256 TEXT NOT NULL, content TEXT NOT NULL, fate TEXT NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX page_source ON page (source);
CREATE TABLE listed (list TEXT NOT NULL, address TEXT NOT NULL, PRIMARY KEY (list, address)) WITHOUT ROWID;
CREATE INDEX listed_address ON listed (address);
CREATE TABLE feedback (row INTEGER PRIMARY KEY AUTOINCREMENT, question TEXT NOT NULL, verdict TEXT NOT NULL,
    article_id TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, text TEXT NOT NULL, before TEXT NOT NULL,
    after TEXT NOT NULL, judged TEXT NOT NULL, UNIQUE (question, article_id, start, end));
CREATE TABLE judged_answer (judgement INTEGER PRIMARY KEY REFERENCES feedback (row) ON DELETE CASCADE,
    confidence REAL NOT NULL, encoder TEXT NOT NULL, reader TEXT NOT NULL);
CREATE TABLE staged_article (id TEXT PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE) WITHOUT ROWID;
CREATE TABLE staged_gone (id TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, places TEXT NOT NULL);
CREATE TRIGGER staged_goes BEFORE DELETE ON article WHEN OLD.id IN (SELECT id FROM staged_article) BEGIN
    INSERT INTO staged_gone SELECT OLD.id, OLD.title, OLD.text, json_group_array(json_array(row, start, end))
    FROM staged_passage WHERE article_id = OLD.id; END;
"""
_DEFINITION = re.compile(r"CREATE (?:VIRTUAL )?(TABLE|INDEX|TRIGGER) (\w+)(?:.*? ON (\w+))?")
_SPACE = re.compile(r"\s+")
_BESIDE_PUNCTUATION = re.compile(r" ?([(),=]) ?")
# SQLite quotes a table's name where it was renamed, FTS5 those of its own tables.
_QUOTED = re.compile(r"""(["'])(end|(?:staged_)?(?:passage|vector|spelling|words(?:_[a-z]+)?|passage_digest))\1""")


def guarded(connection: sqlite3.Connection) -> sqlite3.Connection:
    """The connection, which trusts the file no further than it has to."""
    connection.execute("PRAGMA trusted_schema = OFF")  # nothing in the definitions calls what may do harm
    connection.execute("PRAGMA cell_size_check = ON")
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    return connection


def foreign_library(connection: sqlite3.Connection) -> str:
    """Why the file is none that this version reads, in words; empty where it is one."""
    names = {name for (name,) in connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")}
    if not {"state", "article", "passage"} <= names:
        return "it holds other tables"
    found = connection.execute("SELECT value FROM state WHERE key = 'format'").fetchone()
    if found is None or found[0] not in READ_FORMATS:
        return f"its format is {str(found and found[0])[:20]}, this version reads {FORMAT}"
    if (found[0] == str(FORMAT)) != ("article_digest" in names):
        return f"its format is {found[0]}, and whether its articles have digests is as in another format"
    return foreign_head(connection) or unknown_definition(connection)


def unknown_definition(connection: sqlite3.Connection) -> str:
    """What the file defines that no version of this program does, in words; empty where there is nothing.

    Only SQLite's own table of definitions is read.
    """
    pages: set[int] = set()
    rows = connection.execute("SELECT type, name, tbl_name, rootpage, sql FROM main.sqlite_master").fetchall()
    for kind, name, table, page, sql in rows:
        named = f"the {kind} {str(name)[:80]!r}"
        if sql is None:
            is_known = kind == "index" and re.fullmatch(rf"sqlite_autoindex_{re.escape(str(table))}_\d+", str(name))
        else:
            is_known = plain(str(sql)) in _KNOWN.get((kind, name, table), ())
        if not is_known:
            return f"{named} in it is none that Pullquote makes"
        if page in pages:
            return f"{named} in it has the place of another"
        if page:
            pages.add(page)
    return ""


def foreign_head(connection: sqlite3.Connection) -> str:
    """What the head of the file says of another program, in words; empty where it says nothing."""
    (application,), (version,) = (
        connection.execute(f"PRAGMA {one}").fetchone() for one in ("application_id", "user_version")
    )
    return "" if application in {0, APPLICATION_ID} and version == 0 else "another program has marked it as its own"


@lru_cache(maxsize=128)
def plain(sql: str) -> str:
    """A definition without what SQLite writes in more than one way: white space, and quotes around our tables."""
    return _BESIDE_PUNCTUATION.sub(r"\1", _QUOTED.sub(r"\2", _SPACE.sub(" ", sql.strip())))


def _known() -> dict[tuple[str, str, str], set[str]]:
    """The definitions by type, name and table."""
    known: dict[tuple[str, str, str], set[str]] = {}
    for prefix in ("", "staged_"):
        for statement in (STAGED_GOES + ";\n" + _STATEMENTS).replace("{s}", prefix).strip().split(";\n"):
            sql = plain(statement.removesuffix(";"))
            if match := _DEFINITION.match(sql):
                kind = match[1].lower()
                table = match[2] if kind == "table" else match[3]
                known.setdefault((kind, match[2], table), set()).add(sql)
    return known


_KNOWN = _known()
