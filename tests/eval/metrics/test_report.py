from dataclasses import replace
from math import inf

import pytest

from eval.datasets.example import Example, Gold
from eval.metrics.report import RiskPoint, Stage, Tally, report
from eval.metrics.score import score
from eval.metrics.sweep import sweep
from eval.run import Record
from index.hit import Hit
from rag.answer import Trace
from tests.eval import example_runs


def scored(hits, scores):
    """The hits with other dense and lexical scores."""
    return tuple(replace(hit, dense=dense, lexical=lexical) for hit, (dense, lexical) in zip(hits, scores, strict=True))


def values(curve):
    return [share.value for share in curve.shares]


def test_the_tally_counts_questions():
    assert report(example_runs.mixed_run()).tally == Tally(
        asked=6, answerable=4, answered=4, right=2, refused_rightly=1
    )


def test_the_figures_are_those_of_the_score():
    run = example_runs.mixed_run()
    assert report(run).figures == score(run).metrics


def test_the_fused_curve_is_success_at_every_k():
    run = example_runs.mixed_run()
    fused = report(run).curves[0]
    assert (fused.order, values(fused)) == ("fused", [0.5, *[0.75] * 9])
    assert fused.shares[4] == score(run).metrics["success@5"]


def test_dense_and_lexical_reorder_the_same_hits():
    first, second = (
        example_runs.record((example_runs.gold("1912"),)),
        example_runs.record((example_runs.gold("1912"),), hits=(0, 2, 1)),
    )
    hits = [
        scored(first.trace.hits, [(0.1, 9.0), (0.9, 1.0), (0.5, 2.0)]),  # its gold comes third by dense, first by words
        scored(second.trace.hits, [(0.1, 3.0), (0.2, 0.0), (0.3, 2.0)]),  # first by dense, second by words
    ]
    records = [
        replace(one, trace=replace(one.trace, hits=found)) for one, found in zip((first, second), hits, strict=True)
    ]
    curves = report(example_runs.run(*records, depth=3)).curves
    assert {curve.order: values(curve) for curve in curves} == {
        "fused": [0.5, 0.5, 1.0],
        "dense": [0.5, 0.5, 1.0],
        "lexical": [0.5, 1.0, 1.0],
    }


def test_an_order_without_any_score_has_no_curve():
    one = example_runs.record((example_runs.gold("1912"),))
    hits = scored(one.trace.hits, [(0.5, 0.0)] * 3)
    run = example_runs.run(replace(one, trace=replace(one.trace, hits=hits)))
    assert [curve.order for curve in report(run).curves] == ["fused", "dense"]


def test_a_curve_of_articles_ends_where_passages_ran_out():
    def asked(*articles):
        hits = tuple(
            Hit(replace(example_runs.PASSAGES[number % 3], article_id=article), 1.0 / (number + 1))
            for number, article in enumerate(articles)
        )
        return Record(Example("q", "q", relevant={"b": 1}), Trace("q", hits, ()))

    shown = report(
        example_runs.run(asked("a", "b", "c", "c"), asked("a", "a", "b", "a"), asked("c"), kind="beir", depth=4)
    )
    assert [(curve.order, values(curve)) for curve in shown.curves] == [("fused", pytest.approx([0.0, 2 / 3]))]
    assert (shown.given, shown.risk, shown.chosen, shown.worst) == ((), (), None, ())
    assert shown.tally.asked == 3


def test_bins_hold_the_answers_on_either_side_of_the_threshold():
    shown = report(example_runs.mixed_run())
    given = {(one.low, one.right.n, one.right.value) for one in shown.given}
    assert given == {(0.9, 2, 1.0), (0.8, 1, 0.0), (0.7, 1, 0.0)}  # sure(4) = .98, sure(3) = .95, then .88 and .73
    assert [(one.low, one.high, one.right.n, one.right.value) for one in shown.withheld] == [(0.5, 0.6, 2, 0.5)]
    assert shown.withheld[0].confidence == pytest.approx((example_runs.sure(0.1) + example_runs.sure(0.0)) / 2)


def test_the_bins_of_the_given_come_to_the_calibration_error():
    shown = report(example_runs.mixed_run())
    gaps = sum(abs(one.right.value - one.confidence) * one.right.n for one in shown.given)
    assert gaps / 4 == pytest.approx(shown.figures["ece"].value)


def test_risk_is_that_of_the_sweep():
    run = example_runs.mixed_run()
    shown = report(run)
    for point, swept in zip(shown.risk, reversed(sweep(run)), strict=True):
        assert (point.threshold, point.coverage, point.risk) == (swept.threshold, swept.coverage, swept.risk)
    assert shown.risk[2].risk == pytest.approx(1 / 3)
    assert shown.chosen == RiskPoint(example_runs.sure(0.5), 4 / 6, 0.5)


def test_a_long_risk_curve_keeps_its_ends():
    run = example_runs.run(
        *[example_runs.record((), example_runs.reading("north", margin / 100, 0)) for margin in range(-200, 200)]
    )
    risk = report(run).risk
    assert len(risk) == 120
    assert (risk[0].coverage, risk[-1].coverage) == (1 / 400, 1.0)
    assert [point.coverage for point in risk] == sorted(point.coverage for point in risk)


def test_equal_confidences_are_one_point():
    ferry = (example_runs.gold("1912"),)
    right, wrong = (
        example_runs.record(ferry, example_runs.reading("1912", 2.0)),
        example_runs.record(ferry, example_runs.reading("north", 2.0, 0)),
    )
    assert report(example_runs.run(right, wrong)).risk == (RiskPoint(example_runs.sure(2.0), 1.0, 0.5),)


def test_stages_have_their_median_and_95th_percentile():
    def took(retrieve, read):
        one = example_runs.record(())
        return replace(one, trace=replace(one.trace, seconds={"retrieve": retrieve} | ({"read": read} if read else {})))

    run = example_runs.run(took(0.1, 1.0), took(0.2, 2.0), took(0.3, None))
    retrieve, read = report(run).stages
    assert retrieve == Stage("retrieve", 3, pytest.approx(0.2), pytest.approx(0.29))
    assert read == Stage("read", 2, pytest.approx(1.5), pytest.approx(1.95))


@pytest.mark.parametrize("mode", ["given", "without", "library"])
def test_what_a_mode_cannot_tell_is_empty(mode):
    golds = {"given": (example_runs.gold("1912"),), "without": (), "library": (Gold("1912"),)}[mode]
    shown = report(example_runs.run(example_runs.record(golds, example_runs.reading("1912", 2.0)), mode=mode))
    assert shown.curves == ()
    assert [one.right.n for one in shown.given] == [1]


def test_no_question_is_no_mistake():
    shown = report(example_runs.run())
    assert (shown.figures, shown.curves, shown.stages, shown.worst) == ({}, (), (), ())
    assert shown.tally == Tally(0, 0, 0, 0, 0)


@pytest.mark.parametrize("golds", [(), (example_runs.gold("1912"),)])
def test_one_question_without_a_reading_is_no_mistake(golds):
    shown = report(example_runs.run(example_runs.record(golds, hits=())))
    assert (shown.given, shown.withheld, shown.risk, shown.chosen, shown.worst) == ((), (), (), None, ())
    assert [values(curve) for curve in shown.curves] == ([[0.0] * 10] if golds else [])


def test_a_threshold_that_nothing_reaches_leaves_no_point_to_mark():
    shown = report(example_runs.mixed_run(threshold=inf))
    assert (shown.given, shown.chosen, len(shown.risk)) == ((), None, 6)
