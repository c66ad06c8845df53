import tempfile
import unicodedata
from math import log
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Article, Span
from corpus.library.store import Library, NoSuchArticle
from index.lexical.lexical import articles_with, content_words, match_query, search
from index.lexical.word_table import WORDS


def put(library, name, text, title="Untitled"):
    with library.writing():
        stored = library.put(Article(name, title, text, name), [Span(0, len(text))])
        WORDS.insert(library, stored)
    return stored[0].row


def forget(library, name):
    with library.writing():
        WORDS.forget(library, name, library.passages_of(name))
        library.remove(name)


@pytest.fixture
def library(tmp_path):
    library = Library(tmp_path / "library.sqlite")
    WORDS.prepare(library)
    return library


def found(library, query, k=10):
    return list(search(library, query, k))


@pytest.mark.parametrize(("text", "query"), [
    ("The ferries were grounded.", "ferry grounding"), ("She was running.", "runs"), ("Ingrid Sørbø spoke.", "sorbo"),
    ("Ingrid Sorbo spoke.", "Sørbø"), ("Un élan.", "elan"), ("An elan.", "élan"), ("Un élan.", "ÉLAN"),
    ("Un élan.", unicodedata.normalize("NFD", "élan")), ("The U.S. army.", "U.S."), ("It cost 3.5 million.", "3.5"),
    ("The Saint-Brannoc sank.", "saint brannoc"), ("The foo_bar call.", "foo_bar"), ("l'été dernier", "L’été"),
    ("Straße gesperrt", "STRASSE"), ("全文検索", "全文検索"), ("Москва ждёт", "москва"),
    ("Łódź", "lodz"), ("Encyclopædia", "encyclopaedia"), ("Œuvre", "oeuvre"),
    ("The oﬃcer’s ﬂeet", "officers"), ("The officer", "oﬃcer"), ("The ﬂeet", "fleets"), ("Ｆｅｒｒｙ　３２", "ferry"), ("No. 32", "３２"),
    ("sci\u00aden\u200btific", "scientific"), ("scientific", "sci\u00adentific"), ("Auf\u200clage", "auflage"), ("Hawaiʻi", "Hawai'i"), ("donʼt go", "don’t"),
    ("CO₂ rose", "co2"), ("some 40 km² burnt", "km2"), ("as Smith² said", "smith"), ("Henry Ⅷ", "henry viii"), ("𝐟𝐞𝐫𝐫𝐲", "ferry"),
    ("ﻻﻣﺔ", "لامة"), ("ｶﾞｽ", "ガス"), ("⽂", "文"), ("Congreſs", "congress"), ("l´été", "l'ete"),
])  # fmt: skip
def test_a_word_is_found_in_its_other_forms(library, text, query):
    row = put(library, "a", text)
    put(library, "b", "Nothing of the kind.")
    assert found(library, query) == [row]


def test_the_words_that_an_older_version_indexed_are_indexed_anew(tmp_path):
    library = Library(tmp_path / "older.sqlite")
    library.connection.execute(
        "CREATE VIRTUAL TABLE words USING fts5 (title, text, content = '', tokenize = 'porter unicode61 remove_diacritics 2')"
    )
    texts = {"a": "The oﬃcer came.", "b": "Nothing of the kind."}
    with library.writing():
        rows = {
            name: library.put(Article(name, name, text, name), [Span(0, len(text))]) for name, text in texts.items()
        }
        insert = "INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)"
        library.connection.executemany(insert, [(rows[name][0].row, name, text) for name, text in texts.items()])
    assert found(library, "officer") == []
    assert list(WORDS.check(library)) == []  # it is yet to be made again
    WORDS.prepare(library)
    generation = library.generation
    WORDS.prepare(library)
    assert library.generation == generation
    assert (found(library, "officer"), list(WORDS.check(library))) == ([rows["a"][0].row], [])
    forget(library, "a")
    assert (found(library, "officer"), list(WORDS.check(library))) == ([], [])


@pytest.mark.parametrize("word", ["ferry", "ferries", "fer", "lodz", "Łódź", "harb", "all"])
def test_articles_are_found_by_the_beginning_of_a_word_in_text_or_title(library, word):
    put(library, "a", "The ferries were grounded off Łódź.", "All of the harbour")
    put(library, "b", "Nothing of the kind.")
    assert articles_with(library, word) == {"a"}
    assert articles_with(library, "grounding") == {"a"}
    forget(library, "a")
    assert articles_with(library, word) == set()


@given(st.text(max_size=30))
def test_no_word_is_an_error_when_articles_are_looked_for(query):
    assert all(articles_with(open_one(), word) <= {"a"} for word in content_words(query))


def test_all_words_count_and_the_rarer_counts_more(library):
    common, rare, both, _ = (
        put(library, name, text)
        for name, text in {
            "a": "harbour news",
            "b": "cannery news",
            "c": "harbour cannery",
            "d": "harbour dogs",
        }.items()
    )
    for name in "efghij":  # FTS5 gives a word that half the passages hold no weight at all
        put(library, name, "something else")
    scores = search(library, "harbour cannery", 10)
    assert list(scores)[:2] == [both, rare]
    assert scores[rare] > scores[common] > 0
    assert search(library, "harbour cannery", 1) == {both: scores[both]}


def test_scores_are_fts5s_bm25(library):
    put(library, "a", "red red boat")
    put(library, "b", "blue boat tied up")
    put(library, "c", "no ships here")
    # One title word each; the weighted term count of "red" in a is 2; FTS5's length is that of the whole row.
    idf = log((3 - 1 + 0.5) / (1 + 0.5))
    mean = (4 + 5 + 4) / 3
    expected = idf * 2 * 2.2 / (2 + 1.2 * (1 - 0.75 + 0.75 * 4 / mean))
    assert search(library, "red", 10) == {1: pytest.approx(expected)}


def test_ties_are_in_the_order_of_rows(library):
    rows = [put(library, name, "The same words.") for name in "abcd"]
    assert found(library, "words", k=3) == rows[:3]


def test_a_title_word_counts_as_one_of_the_text(library):
    put(library, "other", "nothing to see")
    titled = put(library, "a", "quay sea wall", title="Ferry")
    bodied = put(library, "b", "ferry sea wall", title="Quay")
    scores = search(library, "ferry", 10)
    assert scores[titled] == pytest.approx(scores[bodied])


def test_stop_words_are_left_out_unless_there_are_no_others():
    assert match_query("Who is the captain of the ferry?") == '"captain" OR "ferry"'
    assert match_query("Who is it?") == '"who" OR "is" OR "it"'
    assert match_query("Où est le port ?") == '"port"'


def test_a_query_of_stop_words_only_still_finds_them(library):
    row = put(library, "a", "To be or not to be")
    put(library, "b", "Some harbour news")
    assert found(library, "to be") == [row]


def test_words_are_asked_for_once_and_no_more_than_64():
    assert match_query("Ferry ferry FERRY quay") == '"ferry" OR "quay"'
    assert match_query(" ".join(f"w{number}" for number in range(100))).count(" OR ") == 63


@pytest.mark.parametrize("query", ["", " \n", "???", "🦀", "—", "\u0301", "***", '""', "\0", "\ud800"])
def test_a_query_without_words_finds_nothing(library, query):
    put(library, "a", "Some harbour news 🦀 — ???")
    assert match_query(query) == ""
    assert found(library, query) == []


@pytest.mark.parametrize("query", [
    'ferry"', '"ferry', "'ferry'", "ferry*", "^ferry", "-ferry", "+ferry", "(ferry", "ferry)", "title:ferry", "ferry AND zzz",
    "NOT ferry", "NEAR(ferry zzz, 2)", "ferry OR", "OR ferry", "AND ferry NOT", "{title}: ferry", "ferry; DROP TABLE words", "fer\0 ferry", "ferry \ud800",
    "%ferry%", "ferry\\", "ferry /* x", "ferry -- x", "near", "_ ferry",
])  # fmt: skip
def test_the_signs_of_fts5_mean_nothing(library, query):
    row = put(library, "a", "The ferry and the near shore")
    put(library, "b", "Quiet harbour")
    assert found(library, query) == [row]


@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(["NEAR", "AND", "NOT", "OR", '"', "*", "(", ")", "^", ":", "-", "{", "}", "ferry", " "])
    ).map("".join)
)
@settings(max_examples=300, deadline=None)
def test_no_query_is_an_error(query):
    library = open_one()
    assert all(score > 0 for score in search(library, query, 5).values())


_OPEN: list[Library] = []


def open_one():
    """One small library for all of a property's examples."""
    if not _OPEN:
        library = Library(Path(tempfile.mkdtemp(), "library.sqlite"))
        WORDS.prepare(library)
        put(library, "a", "ferry and near or not")
        _OPEN.append(library)
    return _OPEN[0]


def test_what_is_forgotten_is_found_no_more_and_weighs_nothing(library, tmp_path):
    texts = {"a": "the red boat", "b": "a boat and a quay", "c": "the quay wall cracked", "d": "unrelated words"}
    for name, text in texts.items():
        put(library, name, text, title=f"Title {name}")
    put(library, "gone", "boat boat boat wreckage", title="Lost quay")
    forget(library, "gone")
    forget(library, "d")
    fresh = Library(tmp_path / "fresh.sqlite")
    WORDS.prepare(fresh)
    for name in "abc":
        put(fresh, name, texts[name], title=f"Title {name}")
    assert found(library, "wreckage") == []
    assert found(library, "lost unrelated") == []
    for query in ("boat", "quay", "red boat quay wall", "title"):
        assert search(library, query, 10) == pytest.approx(search(fresh, query, 10))
    library.connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")


def test_words_come_and_go_with_the_transaction(library):
    row = put(library, "a", "the red boat")

    def remove_with_one_that_is_not_there():
        with library.writing():
            WORDS.forget(library, "a", library.passages_of("a"))
            library.remove("a")
            library.remove("gone")

    with pytest.raises(NoSuchArticle):
        remove_with_one_that_is_not_there()
    assert found(library, "boat") == [row]


def test_among_some_rows_the_scores_are_those_of_the_whole_library(library):
    texts = ["ferry", "ferry harbour", "harbour ferry quay", "ferry ferry", "quay", "harbour"] + ["something else"] * 8
    rows = [put(library, f"a{number}", text) for number, text in enumerate(texts)]
    everything = search(library, "ferry harbour", 100)
    assert len(everything) == 5
    for among in ([rows[0], rows[3], rows[5]], rows[:2], [rows[4]], [999], [], rows):
        plain = {row: score for row, score in everything.items() if row in among}
        assert list(search(library, "ferry harbour", 100, among).items()) == list(plain.items())
        assert search(library, "ferry harbour", 2, among) == dict(list(plain.items())[:2])
