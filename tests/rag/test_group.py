import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.group import group, said
from tests.rag.conftest import reading

TEXT = "In 2020 the ferry sank; in 2020 it was raised. “The Ferry” sank (the ferry!)."


@pytest.mark.parametrize(("one", "other"), [
    ("The Ferry", "the ferry"), ("“the ferry”", "the ferry"), ("the ferry,", "the  ferry"), ("the\nferry.", "the ferry"),
    ("Saint-Brannoc", "Saint Brannoc"), ("STRASSE", "Straße"), ("J. Doe", "J Doe"), ("the_ferry", "the ferry"), ("'t is", "’t is"),
])  # fmt: skip
def test_case_punctuation_and_white_space_do_not_change_what_is_said(one, other):
    assert said(one) == said(other)


@pytest.mark.parametrize(("one", "other"), [
    ("$5 million", "€5 million"), ("5%", "5"), ("-5 degrees", "5 degrees"), ("−5", "5"), ("C++", "C"), ("C#", "C"), ("3.5", "35"),
    ("Ann", "Anne"), ("2020", "2021"), ("été", "ete"), ("£5", "5"), ("🦀", "🐟"), ("-$5", "$5"), ("20°", "20"),
])  # fmt: skip
def test_other_words_numbers_and_symbols_say_something_else(one, other):
    assert said(one) != said(other)


def test_a_hyphen_between_numbers_is_no_minus():
    assert said("2019-20") == said("2019 20")
    assert said("-5") == said("−5") == said("–5")


def test_a_text_without_words_says_itself():
    assert said(" ?! ") == "?!"


def test_readings_that_say_the_same_in_two_articles_are_one_candidate_best_first():
    weak, strong = reading(TEXT, "the ferry", 1.0, "a"), reading(TEXT, "The Ferry", 2.0, "b")
    [candidate] = group([weak, strong])
    assert candidate.readings == (strong, weak)
    assert candidate.margin == 2.0


def test_readings_that_differ_stay_apart_best_first():
    low, high = reading(TEXT, "2020", 0.5, "a"), reading(TEXT, "ferry", 1.5, "b")
    assert [one.readings for one in group([low, high])] == [(high,), (low,)]


def test_spans_that_share_words_of_one_article_are_one_answer_the_better_one():
    long, short = reading(TEXT, "the ferry sank", 1.0), reading(TEXT, "ferry", 2.0)
    assert [one.readings for one in group([long, short])] == [(short,)]
    shifted = reading("x" * 8 + TEXT[8:], "ferry sank", 0.9)  # out of another passage of the same article
    assert [one.readings for one in group([shifted, short])] == [(short,)]


def test_the_same_words_at_two_places_of_an_article_are_two_quotes_of_one_answer():
    first, second = reading(TEXT, "2020", 1.0), reading(TEXT, "2020", 2.0, nth=1)
    assert [one.readings for one in group([first, second])] == [(second, first)]


def test_the_same_place_in_two_articles_is_two_places():
    one, other = reading(TEXT, "the ferry sank", 1.0, "a"), reading(TEXT, "ferry", 2.0, "b")
    assert [candidate.readings for candidate in group([one, other])] == [(other,), (one,)]


def test_the_place_counts_in_the_article_not_in_the_passage():
    here, there = reading(TEXT, "ferry sank", 1.0), reading(TEXT, "2020 the ferry", 2.0, start=500)
    assert len(group([here, there])) == 2


def test_ties_are_by_passage_then_place():
    one, other, third = (
        reading(TEXT, "sank", 1.0, "b"),
        reading(TEXT, "raised", 1.0, "a"),
        reading(TEXT, "2020", 1.0, "a"),
    )
    assert [candidate.readings for candidate in group([one, other, third])] == [(third,), (other,), (one,)]
    assert group([]) == []


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["2020", "the ferry", "The Ferry", "ferry sank", "raised"]),
            st.floats(-3, 3),
            st.sampled_from("abc"),
        )
    )
)
@settings(deadline=None)
def test_no_reading_is_counted_twice_and_candidates_are_in_order(drawn):
    readings = [reading(TEXT, words, margin, name) for words, margin, name in drawn]
    candidates = group(readings)
    grouped = [one for candidate in candidates for one in candidate.readings]
    assert all(readings.count(one) >= 1 for one in grouped)
    assert len({(one.passage.id, one.span) for one in grouped}) == len(grouped)
    assert [candidate.margin for candidate in candidates] == sorted(
        (candidate.margin for candidate in candidates), reverse=True
    )
    assert len({said(candidate.readings[0].text) for candidate in candidates}) == len(candidates)
    for candidate in candidates:
        assert {said(one.text) for one in candidate.readings} == {said(candidate.readings[0].text)}
    if readings:
        assert candidates[0].margin == max(one.margin for one in readings)
