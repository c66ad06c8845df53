from math import inf

import pytest

from eval.metrics.score import score
from eval.metrics.sweep import NothingToSweep, best_f1, sweep, within_risk
from tests.eval import example_runs


def swept_run():
    """Margins 4 right, 3 right, 2 wrong, 1 about a question nothing answers, and one question without a reading."""
    ferry = (example_runs.gold("1912"),)
    return example_runs.run(
        example_runs.record(ferry, example_runs.reading("1912", 4.0)),
        example_runs.record(ferry, example_runs.reading("in 1912", 3.0)),
        example_runs.record(ferry, example_runs.reading("north", 2.0, 0)),
        example_runs.record((), example_runs.reading("north", 1.0, 0)),
        example_runs.record((), hits=()),
    )


def test_a_point_says_what_a_threshold_brings():
    (point,) = sweep(swept_run(), [example_runs.sure(2.0)])
    assert point.coverage == pytest.approx(3 / 5)
    assert point.risk == pytest.approx(1 / 3)
    assert point.em == pytest.approx((1 + 0 + 0 + 1 + 1) / 5)
    assert point.f1 == pytest.approx((1 + 2 / 3 + 0 + 1 + 1) / 5)
    assert (point.noans, point.hasans_kept) == (1.0, 1.0)


def test_points_come_lowest_threshold_first_and_cover_the_confidences():
    points = sweep(swept_run())
    assert [point.threshold for point in points] == [example_runs.sure(margin) for margin in (1.0, 2.0, 3.0, 4.0)]
    assert [point.coverage for point in points] == pytest.approx([4 / 5, 3 / 5, 2 / 5, 1 / 5])
    assert [point.noans for point in points] == [0.5, 1.0, 1.0, 1.0]


def test_a_point_agrees_with_the_score_at_its_threshold():
    run = swept_run()
    for point in sweep(run):
        metrics = score(run, point.threshold).metrics
        assert (point.em, point.f1, point.coverage, point.noans) == pytest.approx(
            tuple(metrics[name].value for name in ("em", "f1", "answered", "noans"))
        )


def test_the_best_f1_is_at_the_last_answer_worth_giving():
    assert best_f1(swept_run()).threshold == example_runs.sure(3.0)


def test_the_most_coverage_within_a_risk():
    assert within_risk(swept_run(), 0.0).threshold == example_runs.sure(3.0)
    assert within_risk(swept_run(), 0.34).threshold == example_runs.sure(2.0)
    assert within_risk(swept_run(), 0.5).threshold == example_runs.sure(1.0)
    assert within_risk(example_runs.run(example_runs.record((), example_runs.reading("north", 1.0, 0))), 0.2) is None


def test_no_answer_at_all_is_no_risk():
    (point,) = sweep(swept_run(), [inf])
    assert (point.coverage, point.risk, point.hasans_kept) == (0.0, 0.0, 0.0)


def test_a_run_without_readings_cannot_be_swept():
    with pytest.raises(NothingToSweep, match="sweep one of a SQuAD file"):
        sweep(example_runs.run(example_runs.record((), hits=())))
