from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.decision.answer_equivalence import say_same
from rag.decision.group import group
from tests.rag.conftest import reading

TEXT = "In 2020 the ferry sank; in 2020 it was raised. “The Ferry” sank (the ferry!)."


def counted(words, margin, name):
    return reading(f"On board were {words}, they say.", words, margin, name)


def test_readings_that_say_the_same_in_two_articles_are_one_answer_best_first():
    weak, strong = reading(TEXT, "the ferry", 1.0, "a"), reading(TEXT, "The Ferry", 2.0, "b")
    assert group([weak, strong]) == [(strong, weak)]


@pytest.mark.parametrize(("one", "other"), [
    ("146", "146 passengers"), ("a thousand", "1,000 people"), ("about 800", "800"), ("Dr. Ada King", "Ada King"), ("$5m", "5 million dollars"),
    ("2 February", "Feb. 2, 2026"),
])  # fmt: skip
def test_readings_that_say_the_same_in_other_words_are_one_answer(one, other):
    best, next_best = counted(one, 2.0, "a"), counted(other, 1.0, "b")
    assert group([next_best, best]) == [(best, next_best)]


def test_what_may_be_either_of_two_answers_joins_the_better_one_and_does_not_make_them_one():
    bare, passengers, children = (
        counted("146", 3.0, "a"),
        counted("146 passengers", 2.0, "b"),
        counted("146 children", 1.0, "c"),
    )
    assert group([children, bare, passengers]) == [(bare, passengers), (children,)]
    last = counted("146", 0.5, "a")
    assert group([last, passengers, children]) == [(passengers, last), (children,)]


def test_a_passage_that_rather_does_not_answer_supports_nothing():
    best, just, not_quite = counted("146", 2.0, "a"), counted("146", 0.0, "b"), counted("146", -0.1, "c")
    assert group([not_quite, just, best]) == [(best, just)]
    assert group([not_quite]) == [(not_quite,)]  # the only one to say so
    assert group([counted("146", -3.0, "d"), not_quite]) == [(not_quite,)]


def test_readings_that_differ_stay_apart_best_first():
    low, high = reading(TEXT, "2020", 0.5, "a"), reading(TEXT, "ferry", 1.5, "b")
    assert group([low, high]) == [(high,), (low,)]


def test_spans_that_share_words_of_one_article_are_one_reading_the_better_one():
    long, short = reading(TEXT, "the ferry sank", 1.0), reading(TEXT, "ferry", 2.0)
    assert group([long, short]) == [(short,)]
    shifted = reading("x" * 8 + TEXT[8:], "ferry sank", 0.9)  # out of another passage of the same article
    assert group([shifted, short]) == [(short,)]


def test_the_same_words_at_two_places_of_an_article_are_two_quotes_of_one_answer():
    first, second = reading(TEXT, "2020", 1.0), reading(TEXT, "2020", 2.0, nth=1)
    assert group([first, second]) == [(second, first)]


def test_the_same_place_in_two_articles_is_two_places():
    one, other = reading(TEXT, "the ferry sank", 1.0, "a"), reading(TEXT, "ferry", 2.0, "b")
    assert group([one, other]) == [(other,), (one,)]


def test_the_place_counts_in_the_article_not_in_the_passage():
    here, there = reading(TEXT, "ferry sank", 1.0), reading(TEXT, "2020 the ferry", 2.0, start=500)
    assert group([here, there]) == [(there,), (here,)]


def test_ties_are_by_passage_then_place():
    one, other, third = (
        reading(TEXT, "sank", 1.0, "b"),
        reading(TEXT, "raised", 1.0, "a"),
        reading(TEXT, "2020", 1.0, "a"),
    )
    assert group(iter([one, other, third])) == [(third,), (other,), (one,)]
    assert group([]) == []


COUNTS = "In 2020 some 146 people, or 146 passengers, sailed; in May 2020 about 146. In 2020 she sank."


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["In 2020", "2020", "146 people", "146 passengers", "about 146", "some 146", "she sank"]),
            st.floats(-3, 3),
            st.sampled_from("abc"),
        )
    )
)
@settings(deadline=None)
def test_no_reading_is_counted_twice_and_the_readings_of_an_answer_all_say_the_same(drawn):
    readings = [reading(COUNTS, words, margin, name) for words, margin, name in drawn]
    groups = group(readings)
    grouped = [one for members in groups for one in members]
    assert all(one in readings for one in grouped)
    for one, other in combinations(grouped, 2):
        same_article = one.passage.article_id == other.passage.article_id
        assert not (same_article and one.article_span.overlaps(other.article_span))
    for members in groups:
        assert all(say_same(one.text, other.text) for one, other in combinations(members, 2))
        assert [one.margin for one in members] == sorted((one.margin for one in members), reverse=True)
    best = [members[0].margin for members in groups]
    assert best == sorted(best, reverse=True)
    if readings:
        assert best[0] == max(one.margin for one in readings)
