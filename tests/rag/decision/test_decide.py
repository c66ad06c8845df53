from math import inf, nan, nextafter

import pytest

from rag.answer import Trace
from rag.calibration import Calibration
from rag.decision.decide import decide
from tests.rag.conftest import hit, reading

EVEN = Calibration(margin=1.0, intercept=0.0)  # confidence is the logistic curve of the margin
TEXTS = {
    name: f"It was {day}, they say."
    for name, day in zip("abcdef", ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Sunday"], strict=True)
}
HITS = tuple(hit(name, text) for name, text in TEXTS.items())
AT_1 = EVEN.confidence(1.0, 0.0)  # 0.731


def trace(*margins, question="When was it?"):
    """One reading an article, with these margins."""
    readings = [
        reading(text, text.split(",")[0][7:], margin, name)
        for (name, text), margin in zip(TEXTS.items(), margins, strict=False)
    ]
    return Trace(question, HITS, tuple(readings))


def believed(decision):
    return [candidate.readings[0].text for candidate in decision.believed]


@pytest.mark.parametrize(("threshold", "expected"), [
    (0.73, ["Tuesday"]), (0.74, []), (AT_1, ["Tuesday"]), (nextafter(AT_1, 1), []), (0.62, ["Tuesday", "Monday"]), (0.63, ["Tuesday"]),
    (0.0, ["Tuesday", "Monday", "Wednesday"]), (-inf, ["Tuesday", "Monday", "Wednesday"]), (1.0, []), (inf, []), (nan, []),
])  # fmt: skip
def test_a_candidate_is_believed_whose_confidence_reaches_the_threshold(threshold, expected):
    decision = decide(trace(0.5, 1.0, -2.0), threshold, EVEN)
    assert believed(decision) == expected
    assert decision.reason == (None if expected else "weak_evidence")


def test_what_is_believed_has_its_confidence():
    decision = decide(trace(0.5, 1.0), 0.5, EVEN)
    assert [one.confidence for one in decision.believed] == [
        pytest.approx(0.7310585786),
        pytest.approx(0.6224593312),
    ]


@pytest.mark.parametrize(("calibration", "expected"), [
    (Calibration(1.0, -0.25), ["Tuesday", "Monday"]), (Calibration(1.0, -0.75), ["Tuesday"]), (Calibration(1.0, -1.25), []),
    (Calibration(1.0, -1.25, lead=1.0), ["Tuesday"]), (Calibration(1.0, -1.25, retrieval=0.5), ["Tuesday"]),
])  # fmt: skip
def test_the_calibration_says_what_the_evidence_is_worth(calibration, expected):
    assert believed(decide(trace(0.5, 1.0), 0.5, calibration)) == expected


def test_no_more_than_three_answers_best_first():
    assert believed(decide(trace(1, 2, 3, 4, 5), 0.0, EVEN)) == ["Friday", "Thursday", "Wednesday"]


def test_related_passages_are_the_first_three_that_are_not_quoted():
    def related(decision):
        return [one.passage.article_id for one in decision.related]

    assert related(decide(trace(2.0, 0.1, 3.0), AT_1, EVEN)) == ["b", "d", "e"]
    assert related(decide(trace(0.0), AT_1, EVEN)) == ["a", "b", "c"]


def test_the_passage_of_every_quote_of_an_answer_is_no_related_one():
    said = reading(TEXTS["a"], "Monday", 2.0, "a"), reading("So it was on Monday.", "on Monday", 1.0, "c")
    asked = Trace("When was it?", (*HITS[:2], hit("c", "So it was on Monday."), *HITS[3:]), said)
    decision = decide(asked, 0.5, EVEN)
    assert [one.readings for one in decision.believed] == [said]
    assert [one.passage.article_id for one in decision.related] == ["b", "d", "e"]


@pytest.mark.parametrize(("asked", "reason"), [
    (Trace("When was it?", (), ()), "nothing_near"), (Trace("When was it?", HITS, ()), "nothing_near"),
    (trace(-0.1), "weak_evidence"), (Trace("?!", (), ()), "no_words"), (trace(-0.1, question="— ?"), "no_words"),
])  # fmt: skip
def test_the_reason_for_believing_nothing(asked, reason):
    decision = decide(asked, 0.5, EVEN)
    assert (decision.believed, decision.reason) == ((), reason)


def test_a_question_without_words_is_never_answered():
    decision = decide(trace(9.0, question="???"), 0.5, EVEN)
    assert (decision.believed, decision.reason) == ((), "no_words")
    assert [one.passage.article_id for one in decision.related] == ["a", "b", "c"]


def test_the_same_trace_gives_the_same_decision():
    asked = trace(1.0, 0.2)
    assert decide(asked, 0.5, EVEN) == decide(asked, 0.5, EVEN)


def test_answers_of_about_equal_confidence_come_newest_first_where_dates_are_given():
    published = {"a": "2025-03", "c": "2026-01-01", "d": "2024-12-31"}
    near = trace(1.0, 0.97, 0.96, 0.95, 3.0)  # a confidence of 0.731 is 0.722 with a margin of 0.955
    assert believed(decide(near, 0.0, EVEN)) == ["Friday", "Monday", "Tuesday"]
    assert believed(decide(near, 0.0, EVEN, published)) == ["Friday", "Wednesday", "Monday"]
    assert believed(decide(near, 0.0, EVEN, {})) == ["Friday", "Monday", "Tuesday"]
    assert believed(decide(trace(1.0, 0.5, 0.0), 0.0, EVEN, published)) == ["Monday", "Tuesday", "Wednesday"]


def test_an_answer_is_as_new_as_the_newest_article_it_stands_in():
    said = trace(1.0, 0.99)
    again = reading("Again it was Tuesday.", "Tuesday", 0.5, "z")
    supported = Trace(said.question, (*HITS, hit("z", "Again it was Tuesday.")), (*said.readings, again))
    assert believed(decide(supported, 0.0, EVEN, {"a": "2025-01-01", "b": "2024"})) == ["Monday", "Tuesday"]
    assert believed(decide(supported, 0.0, EVEN, {"a": "2025-01-01", "b": "2024", "z": "2026"})) == [
        "Tuesday",
        "Monday",
    ]
