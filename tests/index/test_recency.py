import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.library.store import Library
from index.filters import Filter
from index.ingest import add
from index.recency import NEAR, least_equal, newest_among_equals, published
from index.search import MODES, HybridIndex
from tests.fakes import HashEncoder
from tests.index.conftest import article


def ordered(*pairs):
    """The dates of (score, date) pairs in their new order."""
    return [date for _, date in newest_among_equals(pairs, lambda pair: pair[0], lambda pair: pair[1])]


def test_about_equal_is_a_fiftieth_below_the_best_of_them():
    assert NEAR == 0.02
    assert ordered((1.0, "2024"), (0.98, "2025")) == ["2025", "2024"]
    assert ordered((1.0, "2024"), (0.979, "2025")) == ["2024", "2025"]
    assert ordered((10.0, "2024"), (9.8, "2025")) == ["2025", "2024"]
    assert ordered((0.0, "2024"), (0.0, "2025"), (-0.001, "2026")) == ["2025", "2024", "2026"]
    assert ordered((-1.0, "2024"), (-1.02, "2025"), (-1.03, "2026")) == ["2025", "2024", "2026"]


def test_near_is_counted_from_the_best_so_that_equals_do_not_run_on():
    assert ordered((1.0, "2021"), (0.985, "2022"), (0.97, "2023"), (0.955, "2024")) == ["2022", "2021", "2024", "2023"]


def test_what_has_no_date_comes_last_and_days_that_are_the_same_stay_best_first():
    pairs = [(1.0, ""), (0.999, "2025-03-10"), (0.998, "2025-03"), (0.997, "2025-03-10"), (0.996, "2025")]
    put = newest_among_equals(pairs, lambda pair: pair[0], lambda pair: pair[1])
    assert put == [pairs[1], pairs[3], pairs[2], pairs[4], pairs[0]]


@given(st.lists(st.tuples(st.floats(-10, 10), st.sampled_from(["", "2024", "2025-03", "2025-03-10"]))))
def test_nothing_comes_before_what_is_clearly_better(pairs):
    ranking = sorted(pairs, key=lambda pair: -pair[0])
    found = newest_among_equals(ranking, lambda pair: pair[0], lambda pair: pair[1])
    assert sorted(found) == sorted(ranking)
    for place, (score, _) in enumerate(found):
        assert all(later <= score or score >= least_equal(later) for later, _ in found[place:])


@pytest.fixture
def copies(tmp_path):
    """Thirty copies of one story, the dates of which go up and down, and an older story that fits better."""
    library, encoder = Library(tmp_path / "library.sqlite"), HashEncoder()
    stories = [
        replace(article(f"copy{number:02}", "The ferry sank off Merrin.", "Copy"), published=f"2025-01-{day:02}")
        for number, day in enumerate([*range(1, 31, 2), *range(30, 0, -2)])
    ]
    best = replace(article("best", "The harbour ferry."), published="2020-01-01")
    undated = article("undated", "The ferry sank off Merrin.", "Copy")
    list(add(library, encoder, [undated, *stories, best]))
    return HybridIndex(library, encoder)


@pytest.mark.parametrize("mode", MODES)
def test_the_newest_of_equals_are_those_that_stay(copies, mode):
    query = "harbour ferry"
    hits = copies.search(query, 4, mode, None, newest_first=True)
    assert hits[0].passage.article_id == "best"
    dates = published(copies._library, [hit.passage.article_id for hit in hits])
    assert [dates[hit.passage.article_id] for hit in hits] == ["2020-01-01", "2025-01-30", "2025-01-29", "2025-01-28"]
    assert copies.search(query, 40, mode, None, newest_first=True)[-1].passage.article_id == "undated"
    unasked = [hit.passage.article_id for hit in copies.search(query, 4, mode)]
    assert unasked == ["best", "copy00", "copy01", "copy02"]


def test_the_filter_and_the_order_go_together(copies):
    hits = copies.search("harbour ferry", 2, "fused", Filter(until="2025-01-10", since="2025"), newest_first=True)
    dates = published(copies._library, [hit.passage.article_id for hit in hits])
    assert [dates[hit.passage.article_id] for hit in hits] == ["2025-01-10", "2025-01-09"]


def test_articles_without_a_date_are_left_out_of_the_dates():
    with tempfile.TemporaryDirectory() as folder:
        library = Library(Path(folder, "library.sqlite"))
        list(add(library, HashEncoder(), [article("a", "One."), replace(article("b", "Two."), published="2025")]))
        assert published(library, ["a", "b", "gone"]) == {"b": "2025"}
        library.close()
