import pytest

from corpus.article import Passage, Span
from rag.answer import WHY, Answer, Calibration, Candidate, Decision, LibraryState, Reading, Reply
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
    candidate = Candidate((reading("It was Monday.", "Monday"),))
    for believed, reason in [((candidate,), "weak_evidence"), ((), None)]:
        with pytest.raises(ValueError, match="either believes something or gives a reason"):
            Decision(believed, reason, ())


def test_confidence_is_the_logistic_curve_and_stays_within_0_and_1():
    curve = Calibration(slope=2.0, intercept=-1.0)
    assert curve.confidence(0.5) == 0.5
    assert curve.confidence(1.0) == pytest.approx(0.7310585786)
    assert curve.confidence(0.0) == pytest.approx(0.2689414214)
    assert 0 < curve.confidence(-1e9) < 1e-9
    assert 1 - 1e-9 < curve.confidence(1e9) < 1


def test_every_reason_has_a_sentence():
    assert WHY.keys() == {"empty_library", "no_words", "nothing_near", "weak_evidence"}
    assert all(why.endswith(".") for why in WHY.values())
