"""The definitions that a library file may hold are those that the modules make, and those of earlier versions."""

import sqlite3
from contextlib import closing

import pytest

from corpus.library import feedback, schema
from corpus.library.judged_answers import JudgedAnswer
from corpus.library.schema import plain, unknown_definition
from corpus.library.store import Library
from index.ingest import add
from index.maintenance import staging
from index.maintenance.verify import verify
from index.manifest import fitted
from index.search import HybridIndex
from index.tables import prepare
from tests.fakes import HashEncoder
from tests.index.conftest import article

# What earlier versions defined in another way, or as they were staged by one.
EARLIER = {
    ("table", "vector"): "CREATE TABLE vector (row INTEGER PRIMARY KEY REFERENCES passage (row) ON DELETE CASCADE, "
    "embedding BLOB NOT NULL)",
    ("table", "words"): "CREATE VIRTUAL TABLE words USING fts5 (title, text, content = '', "
    "tokenize = 'porter unicode61 remove_diacritics 2')",
    ("table", "staged_words"): "CREATE VIRTUAL TABLE staged_words USING fts5 (title, text, content = '', "
    "tokenize = 'porter unicode61 remove_diacritics 2')",
    ("trigger", "staged_goes"): "CREATE TRIGGER staged_goes BEFORE DELETE ON article WHEN OLD.id IN (SELECT id FROM "
    "staged_article) BEGIN INSERT INTO staged_gone SELECT OLD.id, OLD.title, OLD.text, "
    "json_group_array(json_array(row, start, end)) FROM staged_passage WHERE article_id = OLD.id; END",
}  # fmt: skip


def definitions(library):
    rows = library.connection.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {(kind, name, plain(sql)) for kind, name, sql in rows}


@pytest.fixture
def full(library):
    """A library with every table there is."""
    list(add(library, HashEncoder(), [article("bell", "The bell rang.")]))
    feedback.keep(library, feedback.Judgement("Did it ring?", "nothing"), JudgedAnswer(0.5, "hash", "set"))
    staging.begin(library, fitted(HashEncoder("other").card))
    return library


def test_every_definition_is_known_and_every_known_one_is_made(full):
    known = {(kind, name, sql) for (kind, name, _), sqls in schema._KNOWN.items() for sql in sqls}
    earlier = {(kind, name, plain(sql)) for (kind, name), sql in EARLIER.items()}
    assert definitions(full) == known - earlier
    assert earlier <= known


def test_a_reindexed_library_is_opened(full):
    with full.writing():
        staging.exchange(full, fitted(HashEncoder("other").card))
    assert unknown_definition(full.connection) == ""
    assert Library(full.path).counts() == (1, 0)


def test_a_library_of_the_first_version_is_opened_and_brought_up_to_date(full):
    """Its vectors have no digest, its words are defined over two lines, and it has none of the later tables."""
    staging.discard(full)
    full.close()
    with closing(sqlite3.connect(full.path, isolation_level=None)) as connection:
        for statement in (
            "DROP INDEX vector_digest",
            "ALTER TABLE vector DROP COLUMN digest",
            "DROP TABLE words",
            (
                "CREATE VIRTUAL TABLE IF NOT EXISTS words\nUSING fts5 (title, text, content = '', "
                "tokenize = 'porter unicode61 remove_diacritics 2')\n"
            ),
            "INSERT INTO words (rowid, title, text) VALUES (1, 'A title', 'The bell rang.')",
            "DROP INDEX article_facts",
            "DROP INDEX file_sha256",
            *(
                f"DROP TABLE {name}"
                for name in (
                    "article_digest",
                    "passage_digest",
                    "sketch",
                    "sampled",
                    "copy",
                    "page",
                    "listed",
                    "judged_answer",
                    "feedback",
                    "spelling",
                )
            ),
            "DELETE FROM state WHERE key = 'digest'",
            "UPDATE state SET value = '1' WHERE key = 'format'",
            "PRAGMA application_id = 0",
        ):
            connection.execute(statement)
    with closing(Library(full.path)) as old:
        assert [one.what for one in verify(old) if one.is_damage] == []
        assert old.state("format") == "1"
        list(add(old, HashEncoder(), [article("gull", "A gull came.")]))
        assert old.state("format") == "2"
        assert [one.what for one in verify(old) if one.is_damage] == []
        assert old.connection.execute("SELECT count(*) FROM article_digest").fetchone() == (2,)
        assert old.connection.execute("SELECT count(*) FROM passage_digest").fetchone() == (2,)
    with closing(Library(full.path)) as again:
        prepare(again)
        assert again.article("bell").text == "The bell rang."


def test_a_reindex_that_an_earlier_version_began_is_taken_up(full):
    """Its trigger calls a function that is not called any more, and it staged no digests."""
    staging.discard(full)
    other = fitted(HashEncoder("other").card)
    staging.begin(full, other)
    for statement in (
        "DROP TRIGGER staged_goes",
        EARLIER["trigger", "staged_goes"].replace("end)", '"end")'),
        "DROP TABLE staged_passage_digest",
        "DROP TABLE passage_digest",
        "DROP TABLE article_digest",
        "DELETE FROM state WHERE key = 'digest'",
        "UPDATE state SET value = '1' WHERE key = 'format'",
    ):
        full.connection.execute(statement)
    with closing(Library(full.path)) as old:
        list(add(old, HashEncoder(), [article("bell", "The bell rang twice.")]))
        assert old.article("bell").text == "The bell rang twice."
        staging.begin(old, other)
        assert old.connection.execute("SELECT count(*) FROM staged_passage_digest").fetchone() == (0,)
        assert [one.what for one in verify(old) if one.is_damage] == []


def test_a_library_of_the_last_version_on_a_read_only_medium_can_be_asked(full, monkeypatch):
    staging.discard(full)
    for statement in (
        "DROP TABLE article_digest", "DROP TABLE passage_digest", "DELETE FROM state WHERE key = 'digest'",
        "UPDATE state SET value = '1' WHERE key = 'format'", "PRAGMA wal_checkpoint(TRUNCATE)",
    ):  # fmt: skip
        full.connection.execute(statement)
    full.close()
    before = full.path.read_bytes()
    monkeypatch.setattr(Library, "_is_frozen", True)
    with closing(Library(full.path)) as frozen:
        assert [hit.passage.text for hit in HybridIndex(frozen, HashEncoder()).search("bell", 3)] == ["The bell rang."]
        assert frozen.article("bell").text == "The bell rang."
    assert full.path.read_bytes() == before
