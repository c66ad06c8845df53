from dataclasses import replace

import numpy as np
import pytest

from corpus import chunk
from corpus.article import Passage, Span
from corpus.library.store import NoSuchArticle
from corpus.load import Refusal
from corpus.offset_map import OffsetRun, Origin
from corpus.sync.file_state import FileState, states_under
from corpus.sync.folder import Signature
from index import ingest
from index.dense import dense
from index.dense.vector_table import digest_of
from index.ingest import Entry, Finished, add, remove
from index.lexical import lexical
from index.manifest import Manifest, StaleIndex, encoded_text, fitted, recorded
from tests.fakes import HashEncoder
from tests.index.conftest import article

FERRY = article("ferry", "The ferry ran aground. Nobody was hurt.", "Ferry aground")
BELL = article("bell", "The bell came home.")
LONG = " ".join(f"Sentence number {number} of a long article says little." for number in range(400))  # 3,600 words


class Counting(HashEncoder):
    """A HashEncoder that keeps what it was asked to encode."""

    def __init__(self):
        super().__init__()
        self.texts = []

    def encode_passages(self, texts):
        self.texts += texts
        return super().encode_passages(texts)


class BrokenEncoder(HashEncoder):
    """A HashEncoder that fails from its second batch of passages on."""

    def encode_passages(self, texts):
        self.batches = getattr(self, "batches", 0) + 1
        if self.batches > 1:
            raise MemoryError
        return super().encode_passages(texts)


@pytest.fixture
def encoder():
    return HashEncoder()


def added(library, encoder, *items):
    return list(add(library, encoder, items))


def rows(library, table):
    return [row for (row,) in library.connection.execute(f"SELECT {table}.row FROM {table} ORDER BY row")]


def word_rows(library, word):
    return list(lexical.search(library, word, 1000))


def test_new_articles_are_added_with_their_passages_vectors_and_words(library, encoder):
    assert added(library, encoder, FERRY, BELL) == [
        Entry("ferry.txt", "added", "", "ferry", "Ferry aground", 1),
        Entry("bell.txt", "added", "", "bell", "A title", 1),
    ]
    assert library.article("ferry") == FERRY
    assert rows(library, "passage") == rows(library, "vector") == [1, 2]
    assert word_rows(library, "aground") == [1]
    kept = library.connection.execute("SELECT embedding FROM vector WHERE row = 1").fetchone()[0]
    expected = encoder.encode_passages([FERRY.text])[0].astype(np.float16)
    assert np.frombuffer(kept, np.float16).tolist() == expected.tolist()
    bell = encoder.encode_query(BELL.text)
    assert dense.DenseIndex(library, 256).search(bell, 1) == {2: pytest.approx(1.0, abs=1e-3)}


def test_one_batch_is_one_generation(library, encoder):
    added(library, encoder, FERRY, BELL)
    assert library.generation == 1
    assert recorded(library) == Manifest("hash@000000000000", 256, 160, 0, titled=False)


def test_an_unchanged_article_is_skipped_and_nothing_is_written(library, encoder):
    added(library, encoder, FERRY)
    assert added(library, encoder, FERRY) == [
        Entry("ferry.txt", "skipped", "It has not changed since it was added.", "ferry", "Ferry aground")
    ]
    assert library.generation == 1


def test_a_changed_article_is_replaced_with_its_passages_vectors_and_words(library, encoder):
    added(library, encoder, article("ferry", LONG + " Wreckage."), BELL)
    before = rows(library, "passage")
    changed = article("ferry", "The ferry floats again.", "Ferry afloat")
    assert added(library, encoder, changed) == [Entry("ferry.txt", "updated", "", "ferry", "Ferry afloat", 1)]
    assert library.article("ferry") == changed
    assert rows(library, "passage") == rows(library, "vector") == [before[-1], before[-1] + 1]
    assert word_rows(library, "wreckage number") == []
    assert word_rows(library, "afloat") == [before[-1] + 1]
    assert len(library.headers()) == 2


def test_an_article_keeps_its_id_as_long_as_its_source(library, encoder):
    added(library, encoder, FERRY)
    renamed = type(FERRY)("ferry-2", "T", "Other text.", FERRY.source, sha256="other")
    assert added(library, encoder, renamed) == [Entry("ferry.txt", "updated", "", "ferry", "T", 1)]
    assert [header.id for header in library.headers()] == ["ferry"]
    assert library.article("ferry").text == "Other text."


def test_an_id_that_another_article_has_gets_a_number(library, encoder):
    added(library, encoder, BELL)
    others = [type(FERRY)("bell", "T", f"Text {name}.", f"{name}.txt", sha256=name) for name in ("one", "two")]
    assert [entry.article_id for entry in added(library, encoder, *others)] == ["bell-2", "bell-3"]
    assert library.article("bell-3").source == "two.txt"
    assert [one.passage.article_id for one in library.passages_of("bell-2")] == ["bell-2"]


def test_the_same_bytes_under_another_source_are_skipped(library, encoder):
    added(library, encoder, article("one", "Some text.", sha256="d1"))
    assert added(library, encoder, article("copy", "Some text.", sha256="d1")) == [
        Entry("copy.txt", "skipped", "The same bytes are in the library as one.txt.", "copy", "A title")
    ]
    assert library.counts() == (1, 1)


def test_an_article_that_became_a_copy_of_another_does_not_keep_its_old_text(library, encoder):
    added(library, encoder, article("one", "Some text.", sha256="d1"), article("two", "Old words.", sha256="d2"))
    assert added(library, encoder, article("two", "Some text.", sha256="d1"))[0].outcome == "updated"
    assert library.article("two").text == "Some text."
    assert word_rows(library, "old") == []


def test_copies_in_one_run_are_skipped(library, encoder):
    first = article("one", "Some text.", sha256="d1")
    entries = added(library, encoder, first, article("copy", "Some text.", sha256="d1"), first)
    assert [(entry.source, entry.outcome, entry.reason) for entry in entries] == [
        ("copy.txt", "skipped", "The same article comes before it as one.txt."),
        ("one.txt", "skipped", "The same article comes before it as one.txt."),
        ("one.txt", "added", ""),
    ]


def test_articles_without_a_digest_are_not_copies_of_each_other(library, encoder):
    entries = added(library, encoder, article("a", "Text one.", sha256=""), article("b", "Text two.", sha256=""))
    assert [entry.outcome for entry in entries] == ["added", "added"]


def test_a_refusal_is_passed_on_and_stops_nothing(library, encoder):
    refusal = Refusal("/a/bad.pdf", "bad.pdf is empty; put the article in it.")
    assert added(library, encoder, refusal, FERRY)[:1] == [Entry("/a/bad.pdf", "refused", refusal.reason)]
    assert library.counts() == (1, 1)


def test_nothing_to_add_changes_nothing(library, encoder):
    assert added(library, encoder) == []
    assert added(library, encoder, Refusal("a", "b.")) == [Entry("a", "refused", "b.")]
    assert library.generation == 0
    assert recorded(library) is None


def test_entries_come_as_their_batch_is_written(library, encoder):
    entries = add(library, encoder, (article(f"a{number}", f"{number}. {LONG}") for number in range(30)))
    first = next(entries)
    assert (first.source, first.outcome) == ("a0.txt", "added")
    assert library.generation == 1
    assert 1 < library.counts()[0] < 30
    assert len(list(entries)) == 29
    assert library.counts()[0] == 30
    assert library.generation > 2


def test_a_batch_that_fails_leaves_the_batches_before_it_whole(library):
    entries = add(library, BrokenEncoder(), (article(f"a{number:02}", f"{number}. {LONG}") for number in range(30)))
    reported = []
    with pytest.raises(MemoryError):
        reported.extend(entries)
    assert library.generation == 1
    assert [header.id for header in library.headers()] == [entry.article_id for entry in reported] != []
    assert rows(library, "passage") == rows(library, "vector") == sorted(word_rows(library, "sentence"))


def test_a_write_that_fails_in_the_middle_leaves_nothing_of_its_batch(library, encoder):
    added(library, encoder, BELL)
    library.connection.execute(
        "CREATE TEMP TRIGGER fault BEFORE INSERT ON passage WHEN NEW.article_id = 'last' "
        "BEGIN SELECT RAISE(ABORT, 'a fault'); END"
    )
    with pytest.raises(Exception, match="a fault"):
        added(library, encoder, FERRY, article("last", "Other text."))
    assert library.generation == 1
    assert [header.id for header in library.headers()] == ["bell"]
    assert word_rows(library, "ferry") == []


def test_a_library_built_otherwise_stays_as_it_was(library, encoder):
    added(library, encoder, BELL)
    with pytest.raises(StaleIndex, match="built with the encoder hash@"):
        added(library, HashEncoder("other"), FERRY)
    with pytest.raises(StaleIndex, match="built with passages of 160 tokens"):
        list(add(library, encoder, [FERRY], Manifest(encoder.card.identity, 256, 80, 0, titled=False)))
    assert library.generation == 1
    assert [header.id for header in library.headers()] == ["bell"]


def test_the_manifest_says_how_passages_are_cut_and_encoded(library, encoder):
    manifest = Manifest(encoder.card.identity, 256, 20, 5, titled=False)
    list(add(library, encoder, [article("a", LONG)], manifest))
    assert max(encoder.count_tokens([one.passage.text for one in library.passages_of("a")])) <= 20
    kept = library.connection.execute("SELECT embedding FROM vector WHERE row = 1").fetchone()[0]
    first = library.passages_of("a")[0].passage.text
    assert np.frombuffer(kept, np.float16).tolist() == encoder.encode_passages([first])[0].astype(np.float16).tolist()
    assert recorded(library) == manifest != fitted(encoder.card)


def test_articles_are_cut_as_those_that_are_there(library, encoder):
    manifest = Manifest(encoder.card.identity, 256, 20, 5, titled=True)
    list(add(library, encoder, [BELL], manifest))
    assert added(library, encoder, article("long", LONG))[0].passages > 100
    assert max(encoder.count_tokens([one.passage.text for one in library.passages_of("long")])) <= 20
    kept = library.connection.execute("SELECT digest FROM vector WHERE row = 2").fetchone()[0]
    assert kept == digest_of(encoded_text(library.passages_of("long")[0].passage, titled=True))
    assert recorded(library) == manifest


def test_an_encoded_text_has_the_start_of_its_title_in_front():
    passage = Passage("a", "A title", Span(0, 4), "Text")
    assert encoded_text(passage, titled=True) == "A title\nText"
    assert encoded_text(passage, titled=False) == "Text"
    assert encoded_text(Passage("a", "x" * 999, Span(0, 4), "Text"), titled=True) == "x" * 200 + "\nText"


def test_removed_articles_go_with_passages_vectors_and_words(library, encoder):
    added(library, encoder, FERRY, BELL)
    ferry = library.header_by("source", "ferry.txt")
    assert remove(library, ["ferry", "ferry"]) == [ferry]
    assert library.generation == 2
    assert rows(library, "passage") == rows(library, "vector") == [2]
    assert word_rows(library, "ferry aground") == []
    assert added(library, encoder, FERRY)[0].outcome == "added"


def test_removing_an_unknown_article_removes_none(library, encoder):
    added(library, encoder, FERRY, BELL)
    with pytest.raises(NoSuchArticle, match="'gone'"):
        remove(library, ["bell", "gone"])
    assert library.generation == 1
    assert library.counts() == (2, 2)
    assert word_rows(library, "bell") == [2]


def test_adding_then_removing_leaves_the_word_index_as_if_it_had_never_been(library, encoder):
    added(library, encoder, FERRY)
    before = lexical.search(library, "ferry", 5)
    added(library, encoder, article("x", LONG, "Ferry"))
    assert lexical.search(library, "ferry", 5) != before
    remove(library, ["x"])
    assert lexical.search(library, "ferry", 5) == before
    assert dense.DenseIndex(library, 256).search(encoder.encode_query("ferry"), 5).keys() == {1}


def embeddings(library):
    query = "SELECT passage.article_id, embedding FROM vector JOIN passage USING (row) ORDER BY row"
    return library.connection.execute(query).fetchall()


def test_a_text_is_encoded_once_in_a_batch_and_ever_after(library):
    encoder = Counting()
    added(library, encoder, article("one", "The bell came home."), article("two", "The bell came home."))
    assert encoder.texts == ["The bell came home."]
    added(library, encoder, article("three", "The bell came home."), FERRY)
    assert encoder.texts == ["The bell came home.", FERRY.text]
    kept = embeddings(library)
    assert [name for name, _ in kept] == ["one", "two", "three", "ferry"]
    assert kept[0][1] == kept[1][1] == kept[2][1] != kept[3][1]


def test_a_changed_article_is_encoded_only_where_it_changed(library):
    encoder = Counting()
    added(library, encoder, article("long", LONG))
    before = {one.passage.text for one in library.passages_of("long")}
    encoder.texts = []
    added(library, encoder, article("long", LONG.replace("number 399", "number 1000")))
    after = {one.passage.text for one in library.passages_of("long")}
    assert set(encoder.texts) == after - before
    assert len(after) > 10 * len(encoder.texts) > 0
    plain = HashEncoder().encode_passages([one.passage.text for one in library.passages_of("long")])
    assert [blob for _, blob in embeddings(library)] == [row.astype(np.float16).tobytes() for row in plain]


def test_a_library_of_before_digests_takes_new_articles(library):
    library.connection.execute("CREATE TABLE vector (row INTEGER PRIMARY KEY REFERENCES passage (row), embedding BLOB)")
    encoder = Counting()
    added(library, encoder, BELL, FERRY)
    library.connection.execute("UPDATE vector SET digest = NULL WHERE row = 1")
    encoder.texts = []
    added(library, encoder, article("two", BELL.text, "2"), article("three", FERRY.text))
    assert encoder.texts == [BELL.text]


def test_an_article_taken_out_is_not_brought_back_by_its_file(library, encoder):
    added(library, encoder, BELL)
    looked = FileState("bell.txt", Signature(1, 2, 3), "digest")
    list(add(library, encoder, [Finished(looked.keep)]))
    assert states_under(library, "bell") == {"bell.txt": looked}
    remove(library, ["bell"])
    assert states_under(library, "bell")["bell.txt"].fate == "removed"


def test_what_a_file_no_longer_holds_goes_when_it_is_done(library, encoder):
    looked = FileState("ferry.txt", Signature(1, 2, 3), "digest")
    added(library, encoder, BELL)
    entries = list(add(library, encoder, [FERRY, Finished(looked.keep, removed=("bell", "never was"))]))
    assert [(entry.outcome, entry.article_id) for entry in entries] == [("added", "ferry"), ("removed", "bell")]
    assert library.generation == 2
    assert "bell" not in library
    assert word_rows(library, "bell") == []


def test_an_article_that_says_the_same_in_other_bytes_keeps_its_passages(library):
    encoder = Counting()
    added(library, encoder, BELL)
    rows, digest = library.passages_of("bell"), library.header("bell").sha256
    encoder.texts = []
    moved = replace(BELL, id="other", sha256="of other bytes", origin=Origin((OffsetRun(0, 3, 10, 13),)))
    (entry,) = added(library, encoder, moved)
    assert (entry.outcome, entry.reason, entry.article_id, entry.is_unchanged) == (
        "skipped", "It has not changed since it was added.", "bell", True,
    )  # fmt: skip
    assert encoder.texts == []
    assert library.passages_of("bell") == rows
    assert digest != "of other bytes"
    assert library.article("bell") == replace(moved, id="bell")


@pytest.mark.parametrize("change", [{"title": "Another"}, {"published": "2026-01-01"}, {"authors": ("Ann",)}])
def test_an_article_whose_facts_change_is_updated(library, encoder, change):
    added(library, encoder, BELL)
    (entry,) = added(library, encoder, replace(BELL, sha256="of other bytes", **change))
    assert (entry.outcome, entry.is_unchanged) == ("updated", False)


def test_what_was_seen_is_written_with_the_last_article_of_its_source(library, encoder):
    long = article("long", LONG * 30)  # more than a batch
    looked = FileState("long.txt", Signature(1, 2, 3), "digest")
    entries = add(library, encoder, [long, Finished(looked.keep), BELL, article("other", LONG * 30)])
    assert next(entries).article_id == "long"
    entries.close()
    assert library.generation == 1
    assert states_under(library, "long") == {"long.txt": looked}


def test_an_article_that_cannot_be_cut_is_refused_and_the_others_go_on(library, encoder, monkeypatch):
    monkeypatch.setattr(chunk, "MOST_PASSAGES", 3)
    blob = article("blob", "x" * (4 * chunk.LONGEST_PASSAGE))
    entries = added(library, encoder, FERRY, blob, BELL)
    assert {(entry.source, entry.outcome) for entry in entries} == {
        (FERRY.source, "added"), (blob.source, "refused"), (BELL.source, "added"),
    }  # fmt: skip
    [reason] = [entry.reason for entry in entries if entry.reason]
    assert reason == f"{blob.source} has more than 3 passages; split it."
    assert library.counts() == (2, 2)


@pytest.mark.parametrize(("size", "batches"), [(10**6, 1), (10, 3)])
def test_long_articles_are_written_one_at_a_time(library, encoder, monkeypatch, size, batches):
    monkeypatch.setattr(ingest, "_BATCH_SIZE", size)
    before = library.generation
    added(library, encoder, *(article(name, f"The {name} came home.") for name in ("boat", "bell", "ship")))
    assert library.generation == before + batches
