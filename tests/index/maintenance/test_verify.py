"""Every kind of damage is planted, found, and mended where it can be; what is whole is left alone."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from corpus.article import Article
from corpus.library import feedback
from corpus.library.feedback import Judgement
from corpus.library.store import Library
from corpus.load import load
from corpus.offset_map import MappedText, Origin
from index.dense import approximate, dense
from index.dense.snapshot import Snapshot
from index.ingest import add
from index.lexical import lexical
from index.lexical.word_table import WordTable
from index.maintenance.repair import BeyondRepair, repair
from index.maintenance.verify import DeepCheck, Finding, verify
from index.manifest import StaleIndex
from index.search import HybridIndex
from tests.fakes import HashEncoder

LONG = "\n\n".join(f"On day {day} the harbour wrote down the tide, the wind and {day} gulls." for day in range(60))
TEXTS = {"bell": "The bell came home. It rang.", "ferry": "The ferry Osprey ran aground.", "harbour": LONG}


def article(name, text):
    origin = Origin(MappedText.of(text).runs, (), is_text=True)
    return Article(name, f"About the {name}", text, f"{name}.txt", authors=("Ann Ox",), sha256=name, origin=origin)


@pytest.fixture
def encoder():
    return HashEncoder()


@pytest.fixture
def library(tmp_path, encoder, monkeypatch):
    """Three articles, a judgement and a snapshot."""
    monkeypatch.setattr(dense, "_SNAPSHOT_AFTER", 0)
    library = Library(tmp_path / "library.sqlite")
    list(add(library, encoder, [article(*one) for one in TEXTS.items()]))
    feedback.keep(library, Judgement("Where is the ferry?", "right", "ferry", 17, 28, "ran aground"))
    dense.DenseIndex(library, 256).search(encoder.encode_query("gulls"), 3)
    assert Snapshot(library).path.is_file()
    yield library
    library.close()


def look(library, encoder=None):
    return [one for one in verify(library, DeepCheck(encoder) if encoder else None) if one.is_damage]


def mend(library, encoder, found):
    return repair(library, found, lambda: encoder)


def sql(*statements):
    """Damage done by statements, without SQLite's own care."""

    def plant(library):
        library.connection.execute("PRAGMA foreign_keys = OFF")
        for statement in statements:
            library.connection.execute(statement)
        library.connection.execute("PRAGMA foreign_keys = ON")

    return plant


def in_file(table, old, new):
    """Damage done to the bytes of the table's or index's pages; None for all of them."""

    def plant(library):
        query = "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf'"
        pages = [page for (page,) in library.connection.execute(query, (table,))]
        library.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        library.close()
        with library.path.open("r+b") as file:
            for page in pages:
                file.seek(4096 * (page - 1))
                data = file.read(4096)
                if old is None or old in data:
                    file.seek(4096 * (page - 1))
                    file.write(bytes(4096) if old is None else data.replace(old, new))
                    return
        raise AssertionError("there is nothing to damage")

    return plant


def other_vector(library):
    vector = np.full(256, 1 / 16, np.float16)
    library.connection.execute("UPDATE vector SET embedding = ? WHERE row = 3", (vector.tobytes(),))


def other_digest_and_vector(library):
    library.connection.execute(
        "UPDATE vector SET (embedding, digest) = (SELECT embedding, digest FROM vector WHERE row = 1) WHERE row = 4"
    )


def spoilt_snapshot(library):
    path = Snapshot(library).path
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def foreign_snapshot(library):
    structure = Snapshot(library).read()
    structure.remove(np.array([2]))
    structure.add(np.array([2]), np.full((1, 256), 1 / 16, np.float32))
    Snapshot(library).write(structure)


UNIT = "x'" + "00" * 512 + "'"
NAN = "x'" + "007e" * 256 + "'"
SPOILT = "has 1 of its 1 passages with a spoilt vector"
# What is done to the library, the part and the article in which it is found, and in which words.
MENDABLE = {
    "an index that lacks a row": (in_file("article_sha256", b"harbour", b"harbous"), "file", None, "article_sha256"),
    "a passage of nothing": (
        sql("INSERT INTO passage VALUES (99, 'nobody', 0, 4)"), "references", None, "1 of the rows in passage belong to nothing",
    ),
    "a vector of nothing": (
        sql(f"INSERT INTO vector VALUES (99, {UNIT}, NULL)"), "references", None, "1 of the rows in vector belong to nothing",
    ),
    "a passage past the end": (
        sql('UPDATE passage SET "end" = 999 WHERE row = 2'), "passages", "ferry", "has 1 of its 1 passages where it has no text",
    ),
    "a passage of no length": (
        sql('UPDATE passage SET "end" = start WHERE row = 2'), "passages", "ferry", "has 1 of its 1 passages where",
    ),
    "a passage that is no place": (
        sql("UPDATE passage SET start = 'here' WHERE row = 2"), "passages", "ferry", "has 1 of its 1 passages where",
    ),
    "no passages": (sql("DELETE FROM passage WHERE article_id = 'bell'"), "passages", "bell", "has no passage"),
    "a missing vector": (sql("DELETE FROM vector WHERE row = 1"), "vectors", "bell", "has 1 of its 1 passages without a vector"),
    "no table of vectors": (sql("DROP TABLE vector"), "vectors", "bell", "has 1 of its 1 passages without a vector"),
    "a short vector": (sql("UPDATE vector SET embedding = x'00' WHERE row = 1"), "vectors", "bell", SPOILT),
    "a vector of text": (sql("UPDATE vector SET embedding = 'words' WHERE row = 1"), "vectors", "bell", SPOILT),
    "a vector of zeros": (sql(f"UPDATE vector SET embedding = {UNIT} WHERE row = 1"), "vectors", "bell", SPOILT),
    "a vector of no numbers": (sql(f"UPDATE vector SET embedding = {NAN} WHERE row = 1"), "vectors", "bell", SPOILT),
    "a vector of another passage": (
        other_digest_and_vector, "vectors", "harbour", "has the vector of another text for 1 of its passages",
    ),
    "a missing row of words": (
        sql("DELETE FROM words_docsize WHERE id = 1"), "words", None, "passages are missing: 1",
    ),
    "words of no passage": (
        sql("INSERT INTO words (rowid, plain_title, plain_text) VALUES (99, 'a', 'b')"), "words", None, "it has rows of no passage: 1",
    ),
    "words that a passage has not": (
        sql("INSERT INTO words (words, rowid, plain_title, plain_text) VALUES ('delete', 1, 'About the bell', 'The bell came home. It rang.')",
            "INSERT INTO words (rowid, plain_title, plain_text) VALUES (1, 'About the bell', 'The bell came home. It sang.')"),
        "words", None, "does not hold the words of the passages",
    ),
    "words in another order": (
        sql("INSERT INTO words (words, rowid, plain_title, plain_text) VALUES ('delete', 1, 'About the bell', 'The bell came home. It rang.')",
            "INSERT INTO words (rowid, plain_title, plain_text) VALUES (1, 'About the bell', 'It rang. The bell came home.')"),
        "words", None, "does not hold the words of the passages",
    ),
    "a torn word index": (
        sql("DELETE FROM words_data WHERE id > 10"), "words", None, "does not hold the words of the passages",
    ),
    "a word index that cannot be searched": (
        sql("UPDATE words_idx SET term = x'30ff'"), "words", None, "does not hold the words of the passages",
    ),
    "no word index": (sql("DROP TABLE words"), "words", None, "the word index is missing"),
    "half a word index": (sql("DROP TABLE words_docsize"), "words", None, "cannot be read through: no such table"),
    "a word too many": (
        sql("INSERT INTO spelling VALUES ('gullible', 1)"), "spelling", None, "1 of the words that slips are repaired by",
    ),
    "a word too few": (sql("DELETE FROM spelling WHERE word = 'osprey'"), "spelling", None, "1 of the words"),
    "a word counted wrong": (sql("UPDATE spelling SET passages = 9 WHERE word = 'osprey'"), "spelling", None, "1 of the words"),
    "an index of other facts": (
        sql("DROP INDEX article_facts", "CREATE INDEX article_facts ON article (title)"), "filters", None, "of other facts",
    ),
    "a spoilt snapshot": (spoilt_snapshot, "snapshot", None, "is spoilt"),
    "a snapshot of another library": (foreign_snapshot, "snapshot", None, "contradicts the library in 1 of 8 vectors"),
}  # fmt: skip
FATAL = {
    "a text that is not UTF-8": (
        sql("UPDATE article SET text = CAST(x'5468ff' AS TEXT) WHERE id = 'bell'"), "articles", "bell", "has a text that is not UTF-8",
    ),
    "a blank text": (sql("UPDATE article SET text = ' ' WHERE id = 'bell'"), "articles", "bell", "has no text"),
    "a NUL": (
        sql("UPDATE article SET text = 'The bell' || char(0) || 'home' WHERE id = 'bell'"), "articles", "bell", "has a NUL character",
    ),
    "another line end": (
        sql("UPDATE article SET text = 'The bell' || char(13) || 'home' WHERE id = 'bell'"), "articles", "bell", "has line ends",
    ),
    "another normal form": (
        sql("UPDATE article SET text = 'Ne' || char(769) || 'e' WHERE id = 'bell'"), "articles", "bell", "not in the normal form NFC",
    ),
    "a changed word": (
        sql("UPDATE article SET text = replace(text, 'rang', 'sang') WHERE id = 'bell'"), "articles", "bell",
        "is not as it was written in 1 of its passages",
    ),
    "a changed mark": (
        sql("UPDATE article SET text = replace(text, 'home.', 'home!') WHERE id = 'bell'"), "articles", "bell",
        "is not as it was written in 1 of its passages",
    ),
    "a title that is no text": (
        sql("UPDATE article SET title = CAST(x'ff' AS TEXT) WHERE id = 'bell'"), "articles", "bell", "has a title that is not UTF-8",
    ),
    "no title": (sql("UPDATE article SET title = '' WHERE id = 'bell'"), "articles", "bell", "has no title"),
    "no source": (sql("UPDATE article SET source = '' WHERE id = 'bell'"), "articles", "bell", "has no source"),
    "authors that do not parse": (
        sql("UPDATE article SET authors = '[' WHERE id = 'bell'"), "articles", "bell", "has authors that are not a list of names",
    ),
    "authors without names": (sql("UPDATE article SET authors = '[1]' WHERE id = 'bell'"), "articles", "bell", "has authors"),
    "an origin that does not parse": (
        sql("UPDATE article SET origin = '{}' WHERE id = 'bell'"), "articles", "bell", "does not parse",
    ),
    "runs past the end": (
        sql("UPDATE article SET origin = replace(origin, '28,0,28', '99,0,99') WHERE id = 'bell'"), "articles", "bell",
        "leads out of the text, or back and forth",
    ),
    "runs out of order": (
        sql("""UPDATE article SET origin = '{"runs":[[4,8,4,8,1],[0,4,0,4,1]],"page_starts":[],"is_text":true}' WHERE id = 'bell'"""),
        "articles", "bell", "leads out of the text, or back and forth",
    ),
    "runs of unequal length": (
        sql("UPDATE article SET origin = replace(origin, '28,0,28', '28,0,27') WHERE id = 'bell'"), "articles", "bell",
        "copies more characters than there are",
    ),
    "pages out of order": (
        sql("UPDATE article SET origin = replace(origin, '\"page_starts\":[]', '\"page_starts\":[9,0]') WHERE id = 'bell'"),
        "articles", "bell", "does not parse",
    ),
    "no manifest": (sql("DELETE FROM state WHERE key = 'manifest'"), "manifest", None, "is not recorded in it"),
    "a manifest that does not parse": (sql("UPDATE state SET value = '{' WHERE key = 'manifest'"), "manifest", None, "not to be read"),
    "a manifest of nothing": (
        sql("UPDATE state SET value = replace(value, '256', '0') WHERE key = 'manifest'"), "manifest", None, "not to be read",
    ),
    "an unknown verdict": (sql("UPDATE feedback SET verdict = 'maybe'"), "feedback", None, "the judgement 1 does not parse"),
    "a judgement of other words": (sql("UPDATE feedback SET text = 'ran'"), "feedback", None, "the judgement 1 does not parse"),
    "a judgement of no day": (sql("UPDATE feedback SET judged = 'today'"), "feedback", None, "the judgement 1 does not parse"),
}  # fmt: skip


def holds(found, part, article_id, words):
    return any(one.part == part and one.article_id == article_id and words in one.what for one in found)


def state_of(library):
    """Everything that is not a row number."""
    connection = library.connection
    passages = 'SELECT article_id, start, "end", hex(embedding), hex(digest) FROM passage JOIN vector USING (row)'
    return (
        connection.execute("SELECT * FROM article ORDER BY id").fetchall(),
        sorted(connection.execute(passages).fetchall()),
        connection.execute("SELECT * FROM spelling ORDER BY word").fetchall(),
        {
            word: sorted(library.passages(lexical.search(library, word, 99)).values(), key=lambda one: one.id)
            for word in ["bell", "rang", "Osprey", "gulls", "day"]
        },
    )


def test_a_library_that_is_whole_has_no_findings(library, encoder):
    generation = library.generation
    assert look(library) == []
    assert look(library, encoder) == []
    assert library.generation == generation
    assert library.connection.execute("SELECT name FROM temp.sqlite_master").fetchall() == []


def test_a_pdf_that_is_read_in_another_order_than_it_was_written_is_whole(tmp_path, encoder):
    folder = Path(__file__).parents[3] / "eval" / "sets" / "documents"
    read = [article for path in sorted(folder.rglob("*column*.pdf")) for article in load(path)]
    reordered = [
        one for one in read if list(one.origin.runs) != sorted(one.origin.runs, key=lambda run: run.source_start)
    ]
    assert len(reordered) >= 2
    library = Library(tmp_path / "pdf.sqlite")
    list(add(library, encoder, reordered))
    assert look(library, encoder) == []


def test_an_empty_library_and_one_of_an_older_version_are_whole(tmp_path, library):
    assert look(Library(tmp_path / "empty.sqlite")) == []
    sql(
        "DROP INDEX vector_digest",
        "ALTER TABLE vector DROP COLUMN digest",
        "DROP TABLE spelling",
        "DROP INDEX article_facts",
        "DROP TABLE article_digest",
        "DROP TABLE passage_digest",
        "DELETE FROM state WHERE key = 'digest'",
        "UPDATE state SET value = '1' WHERE key = 'format'",
    )(library)
    assert look(library) == []


@pytest.mark.parametrize("damage", MENDABLE)
def test_what_can_be_made_again_is_found_and_mended(library, encoder, damage):
    before = state_of(library)
    plant, part, article_id, words = MENDABLE[damage]
    plant(library)
    found = look(library)
    assert holds(found, part, article_id, words), found
    assert mend(library, encoder, found)
    assert look(library, encoder) == []
    assert state_of(library) == before


@pytest.mark.parametrize("damage", FATAL)
def test_what_cannot_be_made_again_is_found_and_left_as_it_is(library, encoder, damage):
    plant, part, article_id, words = FATAL[damage]
    plant(library)
    found = look(library)
    assert holds(found, part, article_id, words), found
    assert {one.matter for one in found if one.part == part} == {"truth"}
    fields = "SELECT CAST(id AS BLOB), CAST(title AS BLOB), CAST(text AS BLOB), authors, origin FROM article"
    before = library.connection.execute(fields).fetchall()
    vectors = library.connection.execute("SELECT * FROM vector").fetchall()
    mend(library, encoder, found)
    assert library.connection.execute(fields).fetchall() == before
    assert {*library.connection.execute("SELECT * FROM vector")} <= {*vectors}  # nothing was made of the damage
    left = look(library)
    assert holds(left, part, article_id, words)
    assert {one.part for one in left} <= {part, "passages"}


def test_an_article_that_cannot_be_read_is_left_to_the_backup_and_the_rest_is_mended(library, encoder):
    sql("UPDATE article SET authors = '[' WHERE id = 'ferry'", "DELETE FROM vector")(library)
    assert "articles were cut and encoded again: 2" in mend(library, encoder, look(library))
    left = [("articles", "ferry"), ("vectors", "ferry")]
    assert [(one.part, one.article_id) for one in look(library)] == left


def test_a_deep_look_finds_a_vector_that_only_encoding_shows_to_be_wrong(library, encoder):
    before = state_of(library)
    other_vector(library)
    assert [one.part for one in look(library)] == ["passages", "snapshot"]  # which holds it as it was
    found = look(library, encoder)
    assert (
        Finding("vectors", "passages", "has another vector than that of the text for 1 of its passages", "harbour")
        in found
    )
    mend(library, encoder, found)
    assert look(library, encoder) == []
    assert state_of(library) == before


def test_a_deep_look_finds_passages_that_are_cut_otherwise(library, encoder):
    before = state_of(library)
    sql('UPDATE passage SET "end" = "end" - 1 WHERE row = 2', "UPDATE vector SET digest = NULL WHERE row = 2")(library)
    found = look(library, encoder)
    assert Finding("passages", "passages", "is not kept in the passages that it is cut into", "ferry") in found
    mend(library, encoder, found)
    assert look(library, encoder) == []
    assert state_of(library) == before


def test_a_sample_is_of_so_many_passages(library, encoder):
    encoded = []
    encode = encoder.encode_passages
    encoder.encode_passages = lambda texts: encoded.extend(texts) or encode(texts)
    seen = []
    assert list(verify(library, DeepCheck(encoder, 3), lambda *told: seen.append(told))) == []
    assert len(encoded) == 3
    assert ("passages encoded again", 3, 3) in seen
    assert ("passages cut again", 3, 3) in seen


def test_a_deep_look_and_a_repair_take_the_encoder_that_the_library_was_built_with(library):
    other = HashEncoder("other")
    with pytest.raises(StaleIndex):
        look(library, other)
    sql("DELETE FROM vector")(library)
    generation = library.generation
    with pytest.raises(StaleIndex):
        mend(library, other, look(library))
    assert library.generation == generation


def test_a_repair_is_one_transaction(library, encoder):
    generation = library.generation
    sql("DELETE FROM vector", "DELETE FROM spelling", "DROP TABLE words")(library)
    found = look(library)
    before = library.connection.execute("SELECT * FROM passage").fetchall()

    def broken(texts):
        raise MemoryError

    whole, encoder.encode_passages = encoder.encode_passages, broken
    with pytest.raises(MemoryError):
        mend(library, encoder, found)
    assert library.connection.execute("SELECT * FROM passage").fetchall() == before
    assert library.generation == generation
    encoder.encode_passages = whole
    assert mend(library, encoder, found) == [
        "articles were cut and encoded again: 3",
        "words: made again",
        "spelling: made again",
    ]
    assert library.generation == generation + 1


def test_search_structures_that_are_in_use_follow_a_repair(library, encoder):
    running = dense.DenseIndex(library, 256)
    running.search(encoder.encode_query("gulls"), 1)
    asking = HybridIndex(Library(library.path), encoder)
    asking.search("gulls", 9)
    other_vector(library)
    sql("DELETE FROM words_data WHERE id > 10")(library)
    mend(library, encoder, look(library, encoder))
    assert asking.search("gulls", 9) == HybridIndex(library, encoder).search("gulls", 9)
    for query in ("On day 3 the harbour", "Osprey", "rang"):
        vector = encoder.encode_query(query)
        assert running.search(vector, 99) == dense.DenseIndex(library, 256).search(vector, 99)
        found = running.search(vector, 99)
        assert found == pytest.approx(running.cosines(vector, found), abs=1e-6)  # by the structure, and by the library


def test_what_only_a_backup_can_heal_is_said_to_be_so_and_left(library, encoder):
    in_file("passage", None, None)(library)
    found = look(library)
    assert ("file", "truth") in {(one.part, one.matter) for one in found}
    before = library.path.read_bytes()
    with pytest.raises(BeyondRepair, match="put a backup in its place"):
        mend(library, encoder, found)
    library.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert library.path.read_bytes() == before


def test_codes_that_stand_for_other_vectors_are_found(tmp_path, encoder, monkeypatch):
    monkeypatch.setattr(approximate, "FLAT_UP_TO", 20)
    monkeypatch.setattr(dense, "_SNAPSHOT_AFTER", 0)
    library = Library(tmp_path / "large.sqlite")
    texts = (" ".join(f"w{number * 7 + word}" for word in range(30)) for number in range(60))
    list(add(library, encoder, [article(f"a{number}", text) for number, text in enumerate(texts)]))
    dense.DenseIndex(library, 256).search(encoder.encode_query("w1"), 3)
    assert Snapshot(library).card().kind == "rabitq"
    assert look(library) == []
    other_vector(library)
    assert [one.what.partition(" contradicts ")[2] for one in look(library) if one.part == "snapshot"] == [
        "the library in 1 of 60 vectors"
    ]


def test_one_generation_is_looked_at_while_another_is_written(library, encoder, tmp_path):
    seen = []
    script = (
        "import sys; from pathlib import Path; from corpus.library.store import Library; from index.ingest import add, remove\n"
        "from tests.index.maintenance.test_verify import article, HashEncoder\n"
        "library = Library(Path(sys.argv[1]))\n"
        "remove(library, ['bell', 'harbour'])\n"
        "list(add(library, HashEncoder(), [article('gull', 'A gull came by.')]))\n"
    )

    def told(part, done, total):
        if part == "vectors" and not seen:
            ran = subprocess.run(
                [sys.executable, "-c", script, str(library.path)], cwd=Path(__file__).parents[3], check=False
            )
            seen.append(ran.returncode)

    looking = verify(library, DeepCheck(encoder), told)
    assert [one for one in looking if one.is_damage] == []
    assert seen == [0]
    assert library.counts() == (2, 2)
    assert look(library, encoder) == []


def test_a_full_disk_is_no_finding(library, monkeypatch):
    def full(_table, _library):
        fault = sqlite3.OperationalError("database or disk is full")
        fault.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise fault
        yield

    monkeypatch.setattr(WordTable, "check", full)
    with pytest.raises(sqlite3.OperationalError, match="disk is full"):
        look(library)


def test_findings_name_their_article_and_pass_through_json(library):
    sql("DELETE FROM vector WHERE row = 1")(library)
    finding = next(one for one in look(library) if one.part == "vectors")
    assert finding == Finding("vectors", "passages", "has 1 of its 1 passages without a vector", "bell")
    assert json.loads(json.dumps([finding.part, finding.matter])) == ["vectors", "passages"]
