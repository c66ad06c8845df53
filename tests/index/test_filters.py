import datetime as dt
import json
import sqlite3
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Article, Span
from corpus.library.store import Library, NoSuchArticle
from index.filters import FACT_INDEX, BadFilter, Filter, passing_rows
from index.ingest import add, remove
from index.search import MODES, HybridIndex
from tests.fakes import HashEncoder
from tests.index.conftest import article

# What people may type for each name that stands in a library.
SPELT = {
    "Nordlys Sørbø": ["nordlys sorbo", "NORDLYS SØRBØ", " Nordlys  Sörbö "],
    "L'Écho du Cap": ["l'echo du cap", "L'ÉCHO DU CAP", "L'E\u0301cho du Cap"],
    "The Merrin Bell": ["the merrin bell", "The Merrin Bell"],
    "Anne‑Marie O’Neill": ["Anne-Marie O'Neill", "anne–marie o´neill", "Ａｎｎｅ‑Marie\u00a0O‘Ne\u00adill"],
    "The Oﬃcer": ["the officer", "The Oﬃcer"],
}
TYPED = {typed: name for name, spellings in SPELT.items() for typed in spellings}
DAYS = [(dt.date(2024, 1, 1) + dt.timedelta(number)).isoformat() for number in range(3 * 365 + 1)]  # 2024 to 2026
WORDS = "ferry harbour bell wall quay gull tide storm".split()


def put(library, name, **facts):
    """An article with one passage; its row."""
    with library.writing():
        [stored] = library.put(Article(name, name, "Words.", name, **facts), [Span(0, 6)])
    return stored.row


@pytest.fixture
def library(tmp_path):
    library = Library(tmp_path / "library.sqlite")
    FACT_INDEX.prepare(library)
    return library


def passing(library, **wanted):
    """The ids of the articles that pass."""
    only = Filter(**wanted)
    return [passage.article_id for passage in library.passages(passing_rows(library, only).tolist()).values()]


@pytest.mark.parametrize(("bound", "published", "passes"), [
    ({"since": "2025-03-10"}, "2025-03-10", True), ({"since": "2025-03-10"}, "2025-03-09", False),
    ({"until": "2025-03-10"}, "2025-03-10", True), ({"until": "2025-03-10"}, "2025-03-11", False),
    ({"since": "2025"}, "2025-01-01", True), ({"since": "2025"}, "2024-12-31", False),
    ({"until": "2025"}, "2025-12-31", True), ({"until": "2025"}, "2026-01-01", False),
    ({"since": "2025-03"}, "2025-03-01", True), ({"since": "2025-03"}, "2025-02-28", False),
    ({"until": "2024-02"}, "2024-02-29", True), ({"until": "2024-02"}, "2024-03-01", False),
    ({"since": "2025-03", "until": "2025-03"}, "2025-03-15", True),
    ({"since": "2025-03", "until": "2025-02"}, "2025-03-01", False),
    # A partial date passes if all its days do.
    ({"since": "2025-03"}, "2025-03", True), ({"since": "2025-03-02"}, "2025-03", False), ({"since": "2025-02-28"}, "2025-03", True),
    ({"until": "2025-02-28"}, "2025-02", True), ({"until": "2025-02-27"}, "2025-02", False), ({"until": "2024-02-28"}, "2024-02", False),
    ({"since": "2025-01-01"}, "2025", True), ({"since": "2025-01-02"}, "2025", False), ({"until": "2025-12-31"}, "2025", True),
    ({"until": "2025-12-30"}, "2025", False), ({"until": "2025-11"}, "2025", False), ({"since": "2025", "until": "2025"}, "2025", True),
    # What has no date passes neither; a time of day changes nothing.
    ({"since": "0001"}, None, False), ({"until": "9999"}, None, False), ({"until": "9999"}, "yesterday", False), ({"since": "0033"}, "0033-04-03", True),
    ({"since": "2025-03-10", "until": "2025-03-10"}, "2025-03-10T23:59:00Z", True),
])  # fmt: skip
def test_an_article_passes_whose_days_all_lie_between(library, bound, published, passes):
    put(library, "a", published=published)
    assert passing(library, **bound) == (["a"] if passes else [])


@pytest.mark.parametrize("date", [
    "", " ", "25", "2025-13", "2025-00", "2025-02-29", "2025-3-1", "20250301", "2025-03-", "2025/03/01", "yesterday", "2025-03-01T00:00", "0000",
    "２０２５", "-2025", "2025-03-01\n",
])  # fmt: skip
@pytest.mark.parametrize("name", ["since", "until"])
def test_a_date_that_is_no_day_is_told_of(date, name):
    with pytest.raises(BadFilter) as told:
        Filter(**{name: date})
    assert str(told.value) == (
        f"The date {date!r} is no day of the calendar; write it as 2025-03-31, or as 2025-03 or 2025."
    )


def test_names_and_languages_that_say_nothing_are_told_of():
    with pytest.raises(BadFilter, match=r"^The name ' ' is empty; name an outlet or an author, or leave it out\.$"):
        Filter(outlet=(" ",))
    with pytest.raises(BadFilter, match=r"^The name '' is empty"):
        Filter(author=("Ann Lee", ""))
    for code in ("", "eng", "english", "e", "e1", "en-GB"):
        with pytest.raises(BadFilter, match=rf"^The language '{code}' is no ISO 639-1 code; write two letters such"):
            Filter(language=(code,))


def test_a_name_is_compared_whole_without_case_and_accents(library):
    for number, name in enumerate(SPELT):
        put(library, f"outlet{number}", outlet=name)
        put(library, f"author{number}", authors=("Somebody Else", name))
    put(library, "nameless")
    for typed, name in TYPED.items():
        number = list(SPELT).index(name)
        assert passing(library, outlet=(typed,)) == [f"outlet{number}"]
        assert passing(library, author=(typed,)) == [f"author{number}"]
    assert passing(library, outlet=("The Merrin",)) == []
    assert passing(library, outlet=("%",), author=("_",)) == []
    assert passing(library, outlet=("the merrin bell", "nordlys sorbo", "nobody")) == ["outlet0", "outlet2"]
    assert passing(library, author=("the merrin bell",), outlet=("the merrin bell",)) == []


def test_languages_and_articles_any_of_several(library):
    for name, language in {"a": "en", "b": "fr", "c": "de", "d": None}.items():
        put(library, name, language=language)
    assert passing(library, language=("en",)) == ["a"]
    assert passing(library, language=("EN", "fr")) == ["a", "b"]
    assert passing(library, article=("d", "a", "a")) == ["a", "d"]
    assert passing(library, article=("a", "b"), language=("fr", "de")) == ["b"]
    assert passing(library, language=("xx",)) == []


@pytest.mark.parametrize("name", ["gone", "", "a ", "A", "\udcff", "\0"])
def test_an_article_that_is_not_there_is_told_of(library, name):
    put(library, "a")
    with pytest.raises(NoSuchArticle, match="pullquote list"):
        passing(library, article=("a", name))


def test_a_filter_is_true_if_it_may_leave_something_out():
    assert not Filter()
    values = {
        "since": "2025",
        "until": "2025",
        "outlet": ("A",),
        "author": ("A",),
        "language": ("en",),
        "article": ("a",),
    }
    assert all(Filter(**{name: value}) for name, value in values.items())
    assert [len(passing_rows_of_nothing(Filter(**{name: value}))) for name, value in list(values.items())[:5]] == [
        0
    ] * 5


def passing_rows_of_nothing(only):
    with tempfile.TemporaryDirectory() as folder:
        library = Library(Path(folder, "library.sqlite"))
        try:
            return passing_rows(library, only)
        finally:
            library.close()


def test_rows_are_found_without_reading_a_text(library):
    put(library, "a", published="2025", outlet="A", language="en")
    statements = []
    library.connection.set_trace_callback(statements.append)
    passing_rows(library, Filter("2025", "2025", ("A",), ("B",), ("en",), ("a",)))
    passing_rows(library, Filter("2025", "2025", ("A",), ("B",), ("en",)))
    library.connection.set_trace_callback(None)
    plans = [row[3] for one in statements for row in library.connection.execute(f"EXPLAIN QUERY PLAN {one}")]
    asked = [plan for plan in plans if " article" in plan]
    assert any("article_facts" in plan for plan in asked)
    assert [plan for plan in asked if "COVERING INDEX article_facts" not in plan and "(id=?)" not in plan] == []


def test_a_library_from_before_there_were_filters_gets_its_index(tmp_path):
    encoder = HashEncoder()
    library = Library(tmp_path / "library.sqlite")
    list(add(library, encoder, [replace(article("a", "The ferry sank."), published="2025-03-10")]))
    library.connection.execute("DROP INDEX article_facts")
    hits = HybridIndex(library, encoder).search("ferry", 5, "fused", Filter(since="2025"))
    assert [hit.passage.article_id for hit in hits] == ["a"]
    kept = library.connection.execute("SELECT name FROM sqlite_master WHERE name = 'article_facts'").fetchall()
    assert kept == [("article_facts",)]
    assert library.generation == 1


FACTS = st.fixed_dictionaries(
    {
        "published": st.none()
        | st.builds(lambda day, length: day[:length], st.sampled_from(DAYS), st.sampled_from([4, 7, 10])),
        "outlet": st.none() | st.sampled_from(list(SPELT)),
        "authors": st.lists(st.sampled_from(list(SPELT)), unique=True, max_size=2).map(tuple),
        "language": st.none() | st.sampled_from(["en", "fr"]),
    }
)
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
DATES = st.none() | st.builds(lambda day, length: day[:length], st.sampled_from(DAYS), st.sampled_from([4, 7, 10]))
NAMES = st.just(()) | st.lists(st.sampled_from(list(TYPED)), min_size=1, max_size=3).map(tuple)
FILTERS = st.builds(
    Filter, since=DATES, until=DATES, outlet=NAMES, author=NAMES,
    language=st.just(()) | st.just(("en",)) | st.just(("fr", "EN")),
)  # fmt: skip


def days_of(date):
    return [day for day in DAYS if day.startswith(date)]


def passes(one, only):
    """Whether an article passes: the plain road, day by day."""
    days = days_of(one.published) if one.published else []
    return (
        (only.since is None or (days and all(day >= days_of(only.since)[0] for day in days)))
        and (only.until is None or (days and all(day <= days_of(only.until)[-1] for day in days)))
        and (not only.outlet or one.outlet in {TYPED[typed] for typed in only.outlet})
        and (not only.author or not {TYPED[typed] for typed in only.author}.isdisjoint(one.authors))
        and (not only.language or one.language in {code.lower() for code in only.language})
        and (not only.article or one.id in only.article)
    )


@given(
    st.lists(st.tuples(TEXTS, FACTS), min_size=1, max_size=12),
    st.lists(st.tuples(FILTERS, TEXTS, st.integers(1, 12)), min_size=1, max_size=6),
    st.data(),
)
@settings(max_examples=40, deadline=None)
def test_the_best_of_those_that_pass_are_the_best_of_all_less_those_that_do_not(articles, searches, data):
    encoder = HashEncoder()
    with tempfile.TemporaryDirectory() as folder:
        library = Library(Path(folder, "library.sqlite"))
        made = [replace(article(f"a{number:02}", text), **facts) for number, (text, facts) in enumerate(articles)]
        list(add(library, encoder, made))
        index = HybridIndex(library, encoder)
        if len(made) > 2:  # FAISS has seen a row go
            remove(library, [made.pop(1).id])
        for wanted, query, k in searches:
            ids = data.draw(st.lists(st.sampled_from([one.id for one in made]), max_size=4))
            only = replace(wanted, article=tuple(ids))
            left = {one.id for one in made if passes(one, only)}
            for mode in MODES:
                everything = index.search(query, 10_000, mode)
                expected = [hit for hit in everything if hit.passage.article_id in left][:k]
                assert index.search(query, k, mode, only) == expected
        library.close()


@pytest.fixture
def crowded(tmp_path):
    """Far more passages that fit the query better than are looked at, and three that pass the filter."""
    library, encoder = Library(tmp_path / "library.sqlite"), HashEncoder()
    crowd = [article(f"crowd{number:03}", "The ferry sank in the harbour.", str(number)) for number in range(250)]
    late = [
        replace(article(f"late{number}", text), published="2026-01-0" + str(number + 1))
        for number, text in enumerate(["A ferry is late.", "The ferry in the harbour is late.", "Nothing of the kind."])
    ]
    list(add(library, encoder, [*crowd[:100], *late, *crowd[100:]]))
    return HybridIndex(library, encoder)


@pytest.mark.parametrize(("mode", "expected"), [
    ("dense", ["late1", "late0", "late2"]), ("lexical", ["late1", "late0"]), ("fused", ["late1", "late0", "late2"]),
])  # fmt: skip
def test_what_passes_is_found_however_much_is_better(crowded, mode, expected):
    query = "Which ferry sank in the harbour?"
    assert all(hit.passage.article_id.startswith("crowd") for hit in crowded.search(query, 100, mode))
    hits = crowded.search(query, 5, mode, Filter(since="2026"))
    assert [hit.passage.article_id for hit in hits] == expected
    assert crowded.search(query, 1, mode, Filter(since="2026")) == hits[:1]


@pytest.mark.parametrize("mode", MODES)
def test_a_filter_makes_no_passage_better(crowded, mode):
    best = crowded.search("Which ferry sank in the harbour?", 1, mode)[0]
    passing = crowded.search("Which ferry sank in the harbour?", 3, mode, Filter(since="2026"))
    assert all(hit.score < 0.9 * best.score for hit in passing)


@pytest.mark.parametrize("mode", MODES)
def test_an_empty_filter_is_none(crowded, mode):
    assert crowded.search("ferry", 20, mode, Filter()) == crowded.search("ferry", 20, mode)
    assert crowded.search("ferry", 20, mode, Filter(since="2030")) == []


def test_an_empty_filter_asks_nothing_more_of_the_library(crowded):
    def statements(only):
        asked = []
        crowded._library.connection.set_trace_callback(asked.append)
        crowded.search("ferry", 3, "fused", only)
        crowded._library.connection.set_trace_callback(None)
        return asked

    statements(None)  # the first search opens the index
    assert statements(Filter()) == statements(None)
    assert len(statements(Filter(since="2026"))) > len(statements(None))


def test_names_as_json_lists_are_data_and_no_sql(library):
    put(library, "a", outlet='"); DROP TABLE article; --')
    assert passing(library, outlet=('"); drop table article; --',)) == ["a"]
    assert json.loads(library.connection.execute("SELECT json_array(id) FROM article").fetchone()[0]) == ["a"]
    with pytest.raises(sqlite3.IntegrityError):
        put(library, "a")


def test_names_that_are_too_many_or_too_long_are_told_of():
    assert Filter(outlet=("x" * 1_000,), article=("a",) * 9_999)
    with pytest.raises(BadFilter, match=r"^The filter has 10,001 names; ask with at most 10,000 at once\.$"):
        Filter(outlet=("x",) * 5_000, author=("y",) * 5_001)
    for field in ("outlet", "author", "language", "article"):
        with pytest.raises(BadFilter, match=r"^The name 'xxx.*'… is longer than 1,000 characters; leave it out\.$"):
            Filter(**{field: ("x" * 1_001,)})
