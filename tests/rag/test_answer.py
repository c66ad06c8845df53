import json
from dataclasses import asdict
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Passage, Span
from rag.answer import WHY, Answer, Candidate, Decision, LibraryState, Reading, Reason, Reply
from rag.calibration import MOST_LEAD, Calibration, Evidence, ReaderCard
from tests.rag.conftest import reading

STATE = LibraryState(1, "encoder", "reader")
ANSWER = Answer("Monday", 0.5, ())


def test_a_reading_knows_its_margin_its_words_and_their_place():
    one = Reading(Passage("a", "A", Span(100, 115), "It was Monday. "), Span(7, 13), 3.5, 1.25)
    assert one.margin == 2.25
    assert one.text == "Monday"
    assert one.article_span == Span(107, 113)


def test_a_reading_past_its_passage_has_no_words():
    with pytest.raises(ValueError, match="runs past the end"):
        _ = Reading(Passage("a", "A", Span(0, 4), "Text"), Span(2, 5), 1.0, 0.0).text


@pytest.mark.parametrize(("abstained", "reason", "answers"), [
    (True, "weak_evidence", (ANSWER,)), (False, None, ()), (True, None, ()), (False, "weak_evidence", (ANSWER,)),
    (False, "weak_evidence", ()), (True, None, (ANSWER,)),
])  # fmt: skip
def test_a_reply_answers_or_abstains_with_a_reason_never_both(abstained, reason, answers):
    with pytest.raises(ValueError, match="has answers, or abstains and says why"):
        Reply("Q?", abstained, reason, answers, (), {}, STATE)


def test_a_reply_that_answers_and_one_that_abstains():
    assert Reply("Q?", False, None, (ANSWER,), (), {}, STATE).answers == (ANSWER,)
    assert Reply("Q?", True, "no_words", (), (), {}, STATE).reason == "no_words"


def test_a_decision_believes_or_gives_a_reason_never_both():
    candidate = Candidate((reading("It was Monday.", "Monday"),), 0.5)
    for believed, reason in [((candidate,), "weak_evidence"), ((), None)]:
        with pytest.raises(ValueError, match="either believes something or gives a reason"):
            Decision(believed, reason, ())


@pytest.mark.parametrize(("evidence", "expected"), [
    (Evidence(0.0, 0.0, 0), 0.0), (Evidence(1.5, 0.0, 0), 3.0), (Evidence(0.0, 0.25, 0), 1.0), (Evidence(0.0, 0.0, 1), 0.3465735903),
    (Evidence(0.0, 0.0, 3), 0.6931471806), (Evidence(-1.0, 0.5, 3), 0.6931471806),
])  # fmt: skip
def test_strength_weighs_the_margin_the_cosine_and_the_logarithm_of_the_articles_that_agree(evidence, expected):
    weights = Calibration(margin=2.0, intercept=7.0, retrieval=4.0, agreement=0.5, lead=9.0)
    assert weights.strength(evidence) == pytest.approx(expected)


@pytest.mark.parametrize(("strength", "lead", "expected"), [
    (1.0, 0.0, 0.5), (2.0, 0.0, 0.7310585786), (0.0, 0.0, 0.2689414214), (0.0, 2.0, 0.5), (0.0, 4.0, 0.7310585786), (-1.0, 2.0, 0.2689414214),
    (-1.5, MOST_LEAD, 0.5),
])  # fmt: skip
def test_confidence_is_the_logistic_curve_of_strength_lead_and_intercept(strength, lead, expected):
    assert Calibration(margin=3.0, intercept=-1.0, lead=0.5).confidence(strength, lead) == pytest.approx(expected)


def test_a_calibration_without_further_weights_goes_by_the_margin_alone():
    plain = Calibration(margin=2.0, intercept=-1.0)
    assert plain.strength(Evidence(0.5, 0.9, 5)) == 1.0
    assert plain.confidence(1.0, MOST_LEAD) == 0.5


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
def test_confidence_stays_within_0_and_1_and_rises_with_the_strength(one, other):
    curve = Calibration(margin=1.0, intercept=-1.0)
    low, high = (curve.confidence(strength, 0.0) for strength in sorted([one, other]))
    assert 0 < low <= high < 1


def test_a_card_comes_back_from_json_as_it_was():
    card = ReaderCard("span", 0.62, Calibration(1.5, -2.25, retrieval=3.0, agreement=0.5, lead=0.125))
    assert ReaderCard.from_json(json.loads(json.dumps(asdict(card)))) == card


@pytest.mark.parametrize("missing", ["name", "threshold", "calibration"])
def test_a_card_that_lacks_a_field_is_none(missing):
    fields = asdict(ReaderCard("span", 0.62, Calibration(1.5, -2.25)))
    del fields[missing]
    with pytest.raises(KeyError, match=missing):
        ReaderCard.from_json(fields)


def test_every_reason_has_a_sentence():
    assert WHY.keys() == set(get_args(Reason))
    assert all(why.endswith(".") for why in WHY.values())
