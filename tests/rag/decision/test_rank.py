from math import exp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answer import Trace
from rag.calibration import MOST_LEAD, Calibration, Evidence
from rag.decision.rank import candidates, evidence, lead, reranked
from tests.rag.conftest import hit, reading

EVEN = Calibration(margin=1.0, intercept=0.0)
MONDAY = "It was Monday, says the harbour master, when she ran aground off the quay."
ALSO_MONDAY = "Her passengers were brought ashore before dawn after the ferry struck on Monday."
TUESDAY = "The owner has it that the alarm was silenced and the ferry lost on Tuesday."
SCORE = 1.0  # of the hits


def sigmoid(logit):
    return 1 / (1 + exp(-logit))


def trace(*readings, hits=()):
    return Trace("When was it?", tuple(hits), readings)


def told(found):
    return [(candidate.readings[0].text, candidate.confidence) for candidate in found]


def test_nothing_read_is_no_candidate():
    assert candidates(trace(), EVEN) == []


def test_each_distinct_answer_has_the_chance_that_its_margin_gives_best_first():
    weak, strong = reading(TUESDAY, "Tuesday", -1.0, "b"), reading(MONDAY, "Monday", 2.0, "a")
    assert told(candidates(trace(weak, strong), EVEN)) == [
        ("Monday", pytest.approx(0.8807970780)),
        ("Tuesday", pytest.approx(0.2689414214)),
    ]


def test_the_readings_of_a_candidate_are_best_first():
    weak, strong = reading(MONDAY, "Monday", 1.0, "a"), reading(ALSO_MONDAY, "on Monday", 2.0, "b")
    [found] = candidates(trace(weak, strong), EVEN)
    assert found.readings == (strong, weak)


def test_an_answer_that_other_articles_give_passes_one_with_a_better_margin():
    readings = (
        reading(TUESDAY, "Tuesday", 2.0, "c"),
        reading(MONDAY, "Monday", 1.5, "a"),
        reading(ALSO_MONDAY, "Monday", 0.5, "b"),
    )
    weighed = Calibration(margin=1.0, intercept=0.0, agreement=1.0)  # log(2), 0.693, for one more article
    assert told(candidates(trace(*readings), weighed)) == [
        ("Monday", pytest.approx(sigmoid(1.5 + 0.6931471806))),
        ("Tuesday", pytest.approx(sigmoid(2.0))),
    ]
    assert [text for text, _ in told(candidates(trace(*readings), EVEN))] == ["Tuesday", "Monday"]


def test_an_answer_out_of_a_nearer_passage_passes_one_with_a_better_margin():
    near, far = reading(MONDAY, "Monday", 1.0, "a"), reading(TUESDAY, "Tuesday", 1.5, "b")
    weighed = Calibration(margin=1.0, intercept=-1.0, retrieval=2.0)
    assert told(candidates(trace(far, near, hits=[hit("a", MONDAY)]), weighed)) == [
        ("Monday", pytest.approx(sigmoid(1.0 + 2.0 * SCORE - 1.0))),
        ("Tuesday", pytest.approx(sigmoid(1.5 - 1.0))),  # of a passage that was not found the score is 0
    ]


def test_a_lead_makes_the_best_answer_surer_and_no_other():
    readings = [
        reading(text, text.split()[-1][:-1], margin, name)
        for text, margin, name in [(ALSO_MONDAY, 2.0, "a"), (TUESDAY, 1.25, "b")]
    ]
    led = Calibration(margin=1.0, intercept=0.0, lead=2.0)
    assert [chance for _, chance in told(candidates(trace(*readings), led))] == [
        pytest.approx(sigmoid(2.0 + 2.0 * 0.75)),
        pytest.approx(sigmoid(1.25)),
    ]
    assert [chance for _, chance in told(candidates(trace(readings[0]), led))] == [
        pytest.approx(sigmoid(2.0 + 2.0 * MOST_LEAD))
    ]


def test_answers_that_are_as_good_as_each_other_are_believed_alike_in_the_order_of_their_passages():
    later, sooner = reading(TUESDAY, "Tuesday", 1.0, "b"), reading(MONDAY, "Monday", 1.0, "a")
    assert told(candidates(trace(later, sooner), Calibration(1.0, 0.0, lead=2.0))) == [
        ("Monday", pytest.approx(sigmoid(1.0))),
        ("Tuesday", pytest.approx(sigmoid(1.0))),
    ]


@pytest.mark.parametrize(("strengths", "expected"), [
    ([3.0, 1.0], 2.0), ([1.0, 3.0, 2.5], 0.5), ([2.0, 2.0], 0.0), ([-1.0, -4.0], 3.0), ([9.0, 1.0], 5.0), ([6.0, 1.0], 5.0),
    ([1.0], 5.0), ([-9.0], 5.0), ([], 5.0),
])  # fmt: skip
def test_the_lead_is_that_over_the_next_and_at_most_five(strengths, expected):
    assert lead(strengths) == expected


@pytest.mark.parametrize(("others", "agreeing"), [
    ([], 0), ([(ALSO_MONDAY, "b")], 1), ([(ALSO_MONDAY, "a")], 0), ([(MONDAY, "b")], 0), ([(MONDAY.upper().title(), "b")], 0),
    ([(ALSO_MONDAY, "b"), (ALSO_MONDAY, "c")], 1), ([(ALSO_MONDAY, "b"), (TUESDAY + " Or Monday?", "c")], 2),
    ([(MONDAY, "b"), (ALSO_MONDAY, "b")], 1),
])  # fmt: skip
def test_other_articles_agree_with_words_of_their_own_only(others, agreeing):
    best = reading(MONDAY, "Monday", 2.0, "a")
    rest = [reading(text, "Monday", 1.0, name) for text, name in others]
    assert evidence((best, *rest), {best.passage.id: 0.25, "elsewhere": 0.75}) == Evidence(2.0, 0.25, agreeing)


def test_the_evidence_of_a_passage_without_a_cosine():
    assert evidence((reading(MONDAY, "Monday", -1.5),), {}) == Evidence(-1.5, 0.0, 0)


SPANS = [(MONDAY, "Monday"), (MONDAY, "the quay"), (ALSO_MONDAY, "Monday"), (ALSO_MONDAY, "dawn"), (TUESDAY, "Tuesday"), (TUESDAY, "The owner")]  # fmt: skip


@given(
    st.lists(st.tuples(st.sampled_from(SPANS), st.floats(-40, 40), st.sampled_from("abc")), max_size=8),
    st.tuples(st.floats(0.01, 3), st.floats(-3, 3), st.floats(0, 3), st.floats(0, 3), st.floats(0, 3)),
)
@settings(deadline=None)
def test_candidates_are_in_the_order_of_their_confidence_and_no_reading_is_in_two(drawn, weights):
    readings = [reading(text, words, margin, name) for (text, words), margin, name in drawn]
    found = candidates(trace(*readings), Calibration(*weights))
    chances = [candidate.confidence for candidate in found]
    assert chances == sorted(chances, reverse=True)
    assert all(0 < chance < 1 for chance in chances)
    places = [(one.passage.id, one.span) for candidate in found for one in candidate.readings]
    assert len(set(places)) == len(places)
    assert bool(found) == bool(readings)


def test_hits_are_put_in_the_order_of_what_was_read_and_of_what_was_found():
    hits = tuple(
        hit(name, f"It was {name}.", score=score) for name, score in zip("abcd", (1.0, 0.8, 0.5, 0.2), strict=True)
    )
    read = [
        reading("It was a.", "a", 1.0, "a"),
        reading("It was c.", "c", 2.0, "c"),
        reading("It was c.", "It", -1.0, "c"),
        reading("It was d.", "d", 1.5, "d"),
    ]
    asked = Trace("Who?", hits, tuple(read))
    names = {
        weight: [one.passage.article_id for one in reranked(asked, Calibration(1.0, 0.0, retrieval=weight))]
        for weight in (0.0, 1.0, 9.0)
    }
    assert names == {
        0.0: ["c", "d", "a", "b"],
        1.0: ["c", "a", "d", "b"],
        9.0: ["a", "c", "d", "b"],
    }  # nothing was read in b


def test_hits_that_seem_about_equally_sure_to_answer_come_newest_first_where_dates_are_given():
    hits = tuple(hit(name, f"It was {name}.", score=0.0) for name in "abc")
    read = [
        reading(f"It was {name}.", name, margin, name) for name, margin in zip("abc", (3.00, 2.99, 1.0), strict=True)
    ]
    asked = Trace("Who?", hits, tuple(read))

    def order(published):
        return [one.passage.article_id for one in reranked(asked, Calibration(1.0, 0.0), published)]

    assert order(None) == order({"a": "2025", "b": "2024"}) == order({}) == ["a", "b", "c"]
    assert order({"a": "2024", "b": "2025", "c": "2026"}) == ["b", "a", "c"]


def test_a_question_without_words_has_no_candidates():
    assert candidates(Trace("?! …", (), (reading("It was a.", "a", 9.0, "a"),)), EVEN) == []


def test_articles_of_one_story_agree_once_whatever_their_words():
    best, also = reading(MONDAY, "Monday", 2.0, "a"), reading(ALSO_MONDAY, "Monday", 1.0, "b")
    assert evidence((best, also), {}, {"a": "a", "b": "a"}).agreeing == 0
    assert evidence((best, also), {}, {"a": "a", "b": "b"}).agreeing == 1
    told_once = Trace("When was it?", (), (best, also), stories={"a": "a", "b": "a"})
    weighed = Calibration(margin=1.0, intercept=0.0, agreement=1.0)
    assert candidates(told_once, weighed)[0].confidence == pytest.approx(sigmoid(2.0))
    assert candidates(trace(best, also), weighed)[0].confidence == pytest.approx(sigmoid(2.6931471806))
