"""The mapped word index: what FTS5 finds, bit for bit, however the library has changed since the file was made."""

import os
import random
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Article, Span
from corpus.library.store import Library
from index.lexical import bm25, lexical
from index.lexical.bm25 import POSTINGS, WordIndex, build, path_of
from index.lexical.postings import Postings, digest_of, merged, postings_of, terms_of, viewed
from index.lexical.word_table import WORDS

VOCABULARY = "storm storms ferry ferries Sørbø café harbour the of 1973 co2 naïve gulls x_ray ærø running runs".split()


@pytest.fixture(autouse=True)
def _also_small(monkeypatch):
    monkeypatch.setattr(bm25, "FROM", 1)


@pytest.fixture
def library(tmp_path):
    return opened(tmp_path)


def opened(folder):
    library = Library(Path(folder) / "library.sqlite")
    WORDS.prepare(library)
    return library


def put(library, name, texts, title="Untitled"):
    """An article with a passage for each text."""
    text = "\n".join(texts)
    starts = [sum(len(one) + 1 for one in texts[:number]) for number in range(len(texts))]
    with library.writing():
        stored = library.put(
            Article(name, title, text, name), [Span(at, at + len(one)) for at, one in zip(starts, texts, strict=True)]
        )
        WORDS.insert(library, stored)


def remove(library, name):
    with library.writing():
        WORDS.forget(library, name, library.passages_of(name))
        library.remove(name)


def some(seed, count=30):
    chance = random.Random(seed)
    return [" ".join(chance.choices(VOCABULARY, k=chance.randint(1, 12))) for _ in range(count)]


def same(library, index, query, k=10, among=None):
    rows = None if among is None else np.array(among, dtype=np.int64)
    expected = lexical.search(library, query, k, among)
    assert list(index.search(query, k, rows).items()) == list(expected.items())
    return expected


@pytest.fixture
def asked_fts5(monkeypatch):
    """The queries that FTS5 was asked instead."""
    asked = []
    plain = lexical.search

    def search(*given):
        asked.append(given[1])
        return plain(*given)

    monkeypatch.setattr(bm25.lexical, "search", search)
    return asked


def by_postings(asked, index, query):
    """Whether the query is answered without FTS5."""
    before = len(asked)
    index.search(query, 5)
    return len(asked) == before


@pytest.mark.parametrize("query", ["ferry", "the ferries in the storm", "SØRBØ café", "sorbo runs 1973", "ærø co2",
    "storm storms storms", "nowhere", "nowhere ferry", "x_ray ferry", "", "?!", "the of", "naive gulls running harbour"])  # fmt: skip
@pytest.mark.parametrize("k", [1, 3, 10, 100])
def test_the_same_rows_and_scores_as_fts5(library, query, k):
    for number in range(4):
        put(library, f"a{number}", some(number), title=VOCABULARY[number])
    assert build(library)
    same(library, WordIndex(library), query, k)


def test_scores_are_those_of_the_formula(library, asked_fts5):
    put(library, "a", ["storm storm gulls", "ferry"], title="Ferry")
    put(library, "b", ["gulls"], title="Birds")
    build(library)
    # Passages of 4, 2 and 2 tokens; the title is counted with each. "storm" stands twice in one of three.
    idf = np.log((3 - 1 + 0.5) / (1 + 0.5))
    assert WordIndex(library).search("storm", 5) == {
        1: pytest.approx(idf * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 4 / (8 / 3))))
    }
    assert asked_fts5 == []


def test_a_filter_leaves_weights_as_they_are(library):
    put(library, "a", some(1))
    build(library)
    index = WordIndex(library)
    assert same(library, index, "ferry storm", 5, [2, 3, 5, 7, 11, 13])
    assert same(library, index, "ferry storm", 5, [999]) == {}
    assert same(library, index, "ferry storm", 100, list(range(1, 31)))


def test_what_comes_and_goes_is_followed_without_a_new_file(library, asked_fts5):
    for number in range(5):
        put(library, f"a{number}", some(number))
    build(library)
    index, kept = WordIndex(library), path_of(library).read_bytes()
    same(library, index, "ferry storm")
    for step in range(6):
        put(library, f"b{step}", some(100 + step), title="ferry")
        if step % 2:
            remove(library, f"a{step - 1}")
            remove(library, f"b{step - 1}")
        assert by_postings(asked_fts5, index, "gulls")
        for query in ("ferry storm", "running", "1973 co2"):
            same(library, index, query, 7)
    assert path_of(library).read_bytes() == kept
    assert by_postings(asked_fts5, WordIndex(library), "ferry")
    same(library, WordIndex(library), "ferry storm")


def test_after_many_changes_fts5_is_asked_until_the_file_is_made_anew(library, asked_fts5, monkeypatch):
    monkeypatch.setattr(bm25, "_CHANGED", 40)
    put(library, "a", some(1))
    build(library)
    index = WordIndex(library)
    assert by_postings(asked_fts5, index, "ferry")
    put(library, "b", some(2, 41))
    assert not by_postings(asked_fts5, index, "ferry")
    assert build(library)
    assert by_postings(asked_fts5, index, "ferry")
    same(library, index, "ferry storm")
    remove(library, "b")
    assert not by_postings(asked_fts5, index, "ferry")
    assert build(library)
    same(library, index, "ferry storm")
    assert by_postings(asked_fts5, index, "ferry")
    assert not build(library)


def test_a_file_made_while_a_search_is_open_is_taken_up(library, asked_fts5):
    put(library, "a", some(1))
    index = WordIndex(library)
    assert not by_postings(asked_fts5, index, "ferry")
    build(library)
    assert by_postings(asked_fts5, index, "ferry")


def test_small_libraries_need_no_file(library, monkeypatch):
    monkeypatch.setattr(bm25, "FROM", 31)
    put(library, "a", some(1))
    assert not build(library)
    assert not path_of(library).exists()
    put(library, "b", ["one more"])
    assert build(library)


@pytest.mark.parametrize("spoil", [lambda kept: kept[:-1], lambda kept: kept[:100], lambda _: b"", lambda _: b"{}\n" * 999,
    lambda kept: kept.replace(b'"version": 3', b'"version": 0')])  # fmt: skip
def test_a_file_that_is_not_whole_is_not_used_and_made_anew(library, asked_fts5, spoil):
    put(library, "a", some(1))
    build(library)
    path_of(library).write_bytes(spoil(path_of(library).read_bytes()))
    index = WordIndex(library)
    assert not by_postings(asked_fts5, index, "ferry")
    assert build(library)
    assert by_postings(asked_fts5, index, "ferry")


def test_nothing_is_left_beside_the_file(library, tmp_path):
    put(library, "a", some(1))
    build(library)
    assert {one.suffix for one in tmp_path.iterdir()} == {".sqlite", ".sqlite-wal", ".sqlite-shm", ".words"}


@pytest.mark.parametrize("told", [(Postings, "write"), (os, "posix_fallocate"), (os, "fsync")], ids=lambda one: one[1])
def test_a_full_disk_costs_the_file_and_nothing_else(library, tmp_path, monkeypatch, told):
    def full(*_):
        raise OSError(28, "No space left on device")

    put(library, "a", some(1))
    monkeypatch.setattr(*told, full)
    assert not build(library)
    assert {one.suffix for one in tmp_path.iterdir()} == {".sqlite", ".sqlite-wal", ".sqlite-shm"}
    same(library, WordIndex(library), "ferry")


def test_parts_of_any_size_make_the_same_file(library, monkeypatch):
    for number in range(3):
        put(library, f"a{number}", some(number))
    build(library)
    whole = path_of(library).read_bytes()
    for at_once, block in ((7, 5), (31, 1)):
        path_of(library).unlink()
        monkeypatch.setattr("index.lexical.postings._PASSAGES_AT_ONCE", at_once)
        monkeypatch.setattr("index.lexical.postings._AT_ONCE", block)
        build(library)
        assert path_of(library).read_bytes() == whole


def test_postings_say_where_each_term_stands(library):
    put(library, "a", ["gulls and gulls", "a ferry"])
    put(library, "gone", ["ferry"])
    put(library, "b", ["ferry gulls"], title="Gulls")
    remove(library, "gone")
    stored = [*library.passages_of("a"), *library.passages_of("b")]
    (part,) = postings_of(stored, 7)
    said = {
        word: (part.rows[span].tolist(), part.counts[span].tolist())
        for word in ("gull", "ferri", "storm")
        if (span := part.of(digest_of(word)))
    }
    assert said == {"gull": ([1, 4], [2, 2]), "ferri": ([2, 4], [1, 1]), "storm": ([], [])}
    assert part.lengths.tolist() == [5, 4, 0, 4]  # one more than the tokens, titles with each
    assert (part.held.tolist(), part.generation) == ([1, 2, 4], 7)


def test_terms_are_those_of_the_tokenizer():
    assert terms_of(("ferries", "x_ray", "_", "sorbo")) == [
        (digest_of("ferri"),), (digest_of("x"), digest_of("rai")), (), (digest_of("sorbo"),)]  # fmt: skip


def test_a_merge_in_memory_is_that_in_a_file(library, tmp_path):
    for name, seed in (("a", 1), ("b", 2)):
        put(library, name, some(seed))
    parts = [next(postings_of(library.passages_of(name), 3)) for name in ("a", "b")]
    inside = merged(parts, 9)
    merged(parts, 9, tmp_path / "merged")
    outside = Postings.mapped(tmp_path / "merged")
    assert outside is not None
    assert bytes(outside.buffer) == bytes(inside.buffer)


texts = st.lists(
    st.lists(st.sampled_from(VOCABULARY), max_size=8).map(" ".join).map(lambda text: text or "-"),
    min_size=1,
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(before=st.lists(texts, min_size=1, max_size=4), after=st.lists(texts, max_size=3), gone=st.sets(st.integers(0, 6)),
       query=st.lists(st.sampled_from(VOCABULARY), max_size=5).map(" ".join), k=st.integers(1, 12))  # fmt: skip
def test_any_library_however_changed_is_searched_as_by_fts5(before, after, gone, query, k):
    with tempfile.TemporaryDirectory() as folder:
        library = opened(folder)
        for number, told in enumerate(before):
            put(library, f"{number}", told)
        build(library)
        index = WordIndex(library)
        same(library, index, query, k)
        for number, told in enumerate(after, start=len(before)):
            put(library, f"{number}", told)
        for number in gone & set(range(len(before) + len(after))):
            remove(library, f"{number}")
        for one in (index, WordIndex(library)):
            same(library, one, query, k)
        library.close()


def test_the_check_finds_nothing_in_a_file_that_follows(library):
    put(library, "a", some(1))
    build(library)
    assert list(POSTINGS.check(library)) == []
    put(library, "b", some(2))
    remove(library, "a")
    assert list(POSTINGS.check(library)) == []


@pytest.mark.parametrize("name", ["rows", "counts", "lengths"])
def test_the_check_finds_what_contradicts_the_word_index(library, name):
    put(library, "a", some(1))
    build(library)
    kept = Postings.mapped(path_of(library))
    changed = np.array(kept.buffer)
    offset = getattr(kept, name).__array_interface__["data"][0] - kept.buffer.__array_interface__["data"][0]
    changed[offset + 8] ^= 1
    viewed(changed).seal().write(path_of(library))  # as if it had been made so
    (said,) = POSTINGS.check(library)
    assert said.startswith(f"the postings {path_of(library).name} contradict the word index in ")
    POSTINGS.rebuild(library)
    assert list(POSTINGS.check(library)) == []


def test_the_check_says_that_a_file_is_spoilt(library):
    put(library, "a", some(1))
    build(library)
    path_of(library).write_bytes(b"nonsense")
    assert list(POSTINGS.check(library)) == [f"the postings {path_of(library).name} are spoilt"]


def test_a_byte_that_was_changed_costs_the_file_and_no_answer(library):
    put(library, "a", some(1))
    build(library)
    whole, chance = path_of(library).read_bytes(), random.Random(2)
    right = {word: lexical.search(library, word, 10) for word in VOCABULARY}
    for _ in range(50):
        content = bytearray(whole)
        content[chance.randrange(len(content))] ^= chance.randrange(1, 256)
        path_of(library).write_bytes(content)
        assert [found for found in POSTINGS.check(library) if "are spoilt" not in found] == []
        assert len(list(POSTINGS.check(library))) == 1
        index = WordIndex(library)
        assert {word: index.search(word, 10) for word in VOCABULARY} == right
        assert build(library)
        assert path_of(library).read_bytes() == whole


def test_a_block_is_compared_when_it_is_read(library):
    """The blocks of a large file that no query needs are not read."""
    put(
        library,
        "a",
        [" ".join(f"word{number}" for number in range(start, start + 400)) for start in range(0, 40_000, 400)],
    )
    build(library)
    postings = Postings.mapped(path_of(library))
    assert not postings.is_checked.all()
    spoilt = bytearray(path_of(library).read_bytes())
    unread = int(np.flatnonzero(~postings.is_checked)[0])
    spoilt[unread * 2**16 + 7] ^= 1
    path_of(library).write_bytes(spoilt)
    index, rows = WordIndex(library), {}
    for number in range(0, 40_000, 100):
        rows[number] = index.search(f"word{number}", 3)
    assert rows == {number: lexical.search(library, f"word{number}", 3) for number in rows}
    assert not path_of(library).exists()


@pytest.mark.parametrize("rights", [0o600, 0o640])
def test_the_file_has_the_rights_of_the_library(library, rights):
    put(library, "a", some(1))
    library.path.chmod(rights)
    assert build(library)
    assert path_of(library).stat().st_mode & 0o777 == rights
