import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Article, Passage, Span

ends = st.integers(0, 60)


@pytest.mark.parametrize(("start", "end"), [(0, 0), (3, 3), (4, 3), (-1, 2), (-2, -1)])
def test_a_span_holds_at_least_one_character_from_0_on(start, end):
    with pytest.raises(ValueError, match=f"not {start}-{end}"):
        Span(start, end)


def test_a_span_cuts_code_points_and_never_past_the_end():
    text = "né 🦀!"
    assert Span(3, 4).cut(text) == "🦀"
    assert Span(0, 5).cut(text) == text
    with pytest.raises(ValueError, match="0-6 runs past the end of a text of 5 characters"):
        Span(0, 6).cut(text)


def test_a_shifted_span_cuts_the_same_words_out_of_the_longer_text():
    passage = Span(4, 11)
    text = "The red boat sank."
    assert Span(4, 7).cut(passage.cut(text)) == "boa"
    assert Span(4, 7).shift(passage.start).cut(text) == "boa"
    with pytest.raises(ValueError, match="-1"):
        Span(1, 3).shift(-2)


@given(ends, ends, ends, ends)
@settings(deadline=None)
def test_overlap_and_cover_are_those_of_the_sets_of_characters(a, b, c, d):
    one, other = Span(min(a, b), max(a, b) + 1), Span(min(c, d), max(c, d) + 1)
    these, those = set(range(one.start, one.end)), set(range(other.start, other.end))
    assert one.overlaps(other) == bool(these & those)
    assert one.covers(other) == (those <= these)


def test_spans_are_ordered_by_start_then_end():
    assert sorted([Span(2, 5), Span(0, 9), Span(2, 3)]) == [Span(0, 9), Span(2, 3), Span(2, 5)]


@pytest.mark.parametrize("text", ["", " \n\t\u00a0"])
def test_an_article_has_text(text):
    with pytest.raises(ValueError, match="article 'a' has no text"):
        Article("a", "Title", text, "a.txt")


def test_an_article_holds_no_nul_where_sqlite_would_end_its_text():
    with pytest.raises(ValueError, match="holds a NUL"):
        Article("a", "Title", "before\0after", "a.txt")


def test_a_passage_is_as_long_as_its_span_and_named_for_its_place():
    assert Passage("a1", "Title", Span(3, 7), "boat").id == "a1:3-7"
    with pytest.raises(ValueError, match="a1:3-8 holds 4 characters"):
        Passage("a1", "Title", Span(3, 8), "boat")


def test_nothing_changes_an_article():
    article = Article("a", "Title", "Text.", "a.txt")
    with pytest.raises(dataclasses.FrozenInstanceError):
        article.text = "Other."  # type: ignore[misc]
