from dataclasses import replace

import pytest

from eval.metrics.compare import Flip, MetricDifference, NotComparable, compare
from eval.metrics.score import score
from rag.calibration import Calibration, ReaderCard
from tests.eval import example_runs

FERRY = (example_runs.gold("1912"),)


def before(**changes):
    """Right, wrong, silent where something answers, silent where nothing does."""
    return example_runs.numbered(
        example_runs.record(FERRY, example_runs.reading("1912", 3.0)),
        example_runs.record(FERRY, example_runs.reading("north", 3.0, 0)),
        example_runs.record(FERRY, example_runs.reading("1912", 0.0), hits=(0, 1)),
        example_runs.record((), example_runs.reading("hurt", 0.0, 2)),
        **changes,
    )


def after(**changes):
    """Right, right, right, an answer where nothing answers."""
    return example_runs.numbered(
        example_runs.record(FERRY, example_runs.reading("1912", 2.0)),
        example_runs.record(FERRY, example_runs.reading("The ferry sank in 1912.", 2.0), hits=(0, 1)),
        example_runs.record(FERRY, example_runs.reading("1912", 2.0)),
        example_runs.record((), example_runs.reading("north", 2.0, 0)),
        **changes,
    )


def test_the_differences_worked_out_by_hand():
    found = compare(before(), after()).metrics
    # em: 1 0 0 1 and 1 0 1 0. One question each way: every way to swap them is as far apart.
    assert found["em"] == MetricDifference(0.5, 0.5, 0.0, 1.0, 4)
    # contains: 1 0 0 and 1 1 1. Two questions one way: two of the four ways.
    assert found["contains"] == MetricDifference(pytest.approx(1 / 3), 1.0, pytest.approx(2 / 3), 0.5, 3)
    assert found["noans"] == MetricDifference(1.0, 0.0, -1.0, 1.0, 1)
    assert found["mrr@10"] == MetricDifference(pytest.approx(2.5 / 3), pytest.approx(2.5 / 3), pytest.approx(0), 1.0, 3)
    assert found["quotes_verbatim"].p == 1.0


def test_every_figure_is_the_one_that_the_score_of_the_run_gives():
    a, b = before(), after()
    found = compare(a, b)
    of_a, of_b = score(a).metrics, score(b).metrics
    assert list(found.metrics) == [name for name in of_a if name in of_b]
    for name, one in found.metrics.items():
        assert (one.a, one.b) == pytest.approx((of_a[name].value, of_b[name].value))
        assert one.difference == pytest.approx(of_b[name].value - of_a[name].value)
        assert 0 < one.p <= 1


def test_a_run_does_not_differ_from_itself():
    found = compare(after(), after())
    assert {(one.difference, one.p) for one in found.metrics.values()} == {(0.0, 1.0)}
    assert (found.lost, found.gained) == ((), ())


def test_the_questions_that_changed_sides_with_both_answers():
    found = compare(before(), after())
    assert found.lost == (Flip("q3", "When?", (), None, "north"),)
    assert found.gained == (
        Flip("q1", "When?", ("1912",), "north", "The ferry sank in 1912."),
        Flip("q2", "When?", ("1912",), None, "1912"),
    )
    turned = compare(after(), before())
    assert [flip.id for flip in turned.lost] == ["q1", "q2"]
    assert turned.gained == (Flip("q3", "When?", (), "north", None),)


def test_each_run_is_judged_at_its_own_threshold():
    stern = ReaderCard("stern", 0.9, Calibration(margin=1.0, intercept=0.0))
    found = compare(after(), after(reader=stern, threshold=example_runs.sure(2.5)))
    assert (found.metrics["answered"].a, found.metrics["answered"].b) == (1.0, 0.0)
    assert (found.a.threshold, found.b.threshold) == (example_runs.sure(0.5), example_runs.sure(2.5))
    assert (found.a.reader, found.b.reader) == ("fake", "stern")
    assert [flip.id for flip in found.lost] == ["q0", "q1", "q2"]


def test_only_shared_questions_are_compared_whatever_their_order():
    a, b = before(), after()
    part = replace(b, records=(b.records[3], b.records[1]))
    found = compare(a, part)
    assert (found.shared, found.a.questions, found.b.questions) == (2, 4, 2)
    assert found.metrics["em"] == MetricDifference(0.5, 0.0, -0.5, 1.0, 2)
    assert [flip.id for flip in (*found.lost, *found.gained)] == ["q3", "q1"]


def test_two_modes_can_be_compared_in_what_both_tell():
    found = compare(after(mode="given", depth=1), after())
    assert "em" in found.metrics
    assert "success@1" not in found.metrics
    assert (found.a.mode, found.b.mode) == ("given", "open")


def renamed(run, *ids):
    records = [replace(one, example=replace(one.example, id=name)) for one, name in zip(run.records, ids, strict=True)]
    return replace(run, records=tuple(records))


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (after(digest="e"), r"asked different sets \(made, digest d and made, digest e\); compare two runs of one set"),
        (renamed(after(), "x", "y", "z", "w"), "share no question, .* compare runs with the same --limit"),
        (renamed(after(), "x", "x", "z", "w"), "questions of made have the same id, .* give each its own"),
        (after(mode="without"), "Only one of the runs was asked without .* compare two runs with --without"),
    ],
)
def test_what_cannot_be_compared_is_told_in_a_sentence_with_a_way_out(other, why):
    with pytest.raises(NotComparable, match=why) as caught:
        compare(before(), other)
    assert str(caught.value).endswith(".")
