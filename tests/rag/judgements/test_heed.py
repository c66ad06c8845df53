from functools import partial

import pytest

from corpus.library.feedback import CurrentJudgement, Judgement
from rag.answer import Trace
from rag.calibration import Calibration
from rag.decision.decide import decide
from rag.judgements.heed import JudgedPlaces, heeded
from tests.rag.conftest import CANNERY, FERRY, hit, reading

QUESTION = "Which place is in the news?"
LEADS = Calibration(1.0, -3.0, lead=1.0)  # the best answer is surer for its lead
FIRST, SECOND = reading(FERRY, "Saint Brannoc", 3.0, "ferry"), reading(CANNERY, "Hollin Quay", 2.0, "cannery")
TRACE = Trace(QUESTION, (hit("ferry", FERRY), hit("cannery", CANNERY)), (FIRST, SECOND))


def asked(trace=TRACE, **judged):
    """The decision with readings judged as `wrong` or `right`."""

    def place(verdict, one):
        span = one.article_span
        identity = one.passage.article_id
        return CurrentJudgement(Judgement(QUESTION, verdict, identity, span.start, span.end, one.text), span)

    places = JudgedPlaces.of(place(verdict, one) for verdict, those in judged.items() for one in those)
    return heeded(trace, places, (), partial(decide, threshold=0.5, calibration=LEADS), LEADS)


def test_an_answer_is_no_surer_for_another_that_was_judged_wrong():
    (before,) = asked().believed
    (after,) = asked(wrong=[SECOND]).believed
    assert before.confidence == after.confidence == pytest.approx(0.731, abs=0.001)  # of a logit of 3 + 1 - 3


def test_what_is_left_does_not_lead_over_what_was_judged_wrong():
    assert asked(wrong=[FIRST]).reason == "judged_wrong"
    assert [hit.passage.article_id for hit in asked(wrong=[FIRST]).related] == ["cannery", "ferry"]
    (right, wrong) = asked(wrong=[FIRST], right=[SECOND]).believed
    assert (right.judged, right.confidence) == ("right", pytest.approx(0.269, abs=0.001))  # of 2 - 3
    assert wrong.judged == "wrong"


def test_a_reading_that_was_hidden_by_one_judged_wrong_leads_over_nothing():
    wrong, hidden = (reading(FERRY, words, 3.2, "ferry") for words in ("ferry Saint Brannoc", "Brannoc ran aground"))
    left, _ = asked(Trace(QUESTION, TRACE.hits, (wrong, hidden)), wrong=[wrong]).believed
    assert (left.readings, left.confidence) == ((hidden,), pytest.approx(0.55, abs=0.001))  # of 3.2 - 3
