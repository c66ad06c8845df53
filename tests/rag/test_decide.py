import pytest

from rag.answer import Trace
from rag.decide import decide
from tests.rag.conftest import hit, reading

TEXTS = {
    name: f"It was {day}, they say."
    for name, day in zip("abcdef", ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Sunday"], strict=True)
}
HITS = tuple(hit(name, text) for name, text in TEXTS.items())


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
    (1.0, ["Tuesday"]), (1.0000001, []), (0.9999999, ["Tuesday"]), (0.5, ["Tuesday", "Monday"]), (0.500001, ["Tuesday"]),
    (float("inf"), []), (float("nan"), []), (-float("inf"), ["Tuesday", "Monday", "Wednesday"]),
])  # fmt: skip
def test_a_candidate_is_believed_from_the_threshold_on(threshold, expected):
    decision = decide(trace(0.5, 1.0, -2.0), threshold)
    assert believed(decision) == expected
    assert decision.reason == (None if expected else "weak_evidence")


def test_no_more_than_three_answers_best_first():
    assert believed(decide(trace(1, 2, 3, 4, 5), 0.0)) == ["Friday", "Thursday", "Wednesday"]


def test_related_passages_are_the_first_three_that_are_not_quoted():
    def related(decision):
        return [one.passage.article_id for one in decision.related]

    assert related(decide(trace(2.0, 0.1, 3.0), 1.0)) == ["b", "d", "e"]
    assert related(decide(trace(0.0), 1.0)) == ["a", "b", "c"]


@pytest.mark.parametrize(("asked", "reason"), [
    (Trace("When was it?", (), ()), "nothing_near"), (Trace("When was it?", HITS, ()), "nothing_near"),
    (trace(0.1), "weak_evidence"), (Trace("?!", (), ()), "no_words"), (trace(0.1, question="— ?"), "no_words"),
])  # fmt: skip
def test_the_reason_for_believing_nothing(asked, reason):
    assert decide(asked, 0.5).reason == reason


def test_a_question_without_words_is_never_answered():
    decision = decide(trace(9.0, question="???"), 0.5)
    assert (decision.believed, decision.reason) == ((), "no_words")
    assert [one.passage.article_id for one in decision.related] == ["a", "b", "c"]


def test_the_same_trace_gives_the_same_decision():
    asked = trace(1.0, 0.2)
    assert decide(asked, 0.5) == decide(asked, 0.5)
