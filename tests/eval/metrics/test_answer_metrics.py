import json
from math import inf, log2
from pathlib import Path

import numpy as np
import pytest

from eval.metrics import answer_metrics

PREDICTIONS = Path(__file__).with_name("predictions.jsonl")


def stored() -> list[dict]:
    return [json.loads(line) for line in PREDICTIONS.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("row", stored(), ids=lambda row: row["case"])
def test_em_and_f1_are_those_worked_out_by_hand_from_the_official_algorithm(row):
    assert answer_metrics.em(row["prediction"], row["golds"]) == row["em"]
    assert answer_metrics.f1(row["prediction"], row["golds"]) == pytest.approx(row["f1"])


def test_the_means_over_the_stored_predictions():
    rows = stored()
    em = sum(answer_metrics.em(row["prediction"], row["golds"]) for row in rows)
    f1 = sum(answer_metrics.f1(row["prediction"], row["golds"]) for row in rows)
    assert em == 8
    assert f1 == pytest.approx(8 + 2 / 3 + 0.8 + 2 / 3 + 1)


@pytest.mark.parametrize(
    ("prediction", "gold", "expected"),
    [
        ("It struck Cow Ledge at 6.32pm, and stopped.", "6.32 PM", False),
        ("It struck Cow Ledge at 6.32pm, and stopped.", "6.32pm", True),
        ("a party", "art", False),
        ("The United States of America", "united states", True),
        ("states united", "united states", False),
        ("anything", "the", False),
        ("", "x", False),
        ("“A noise like a quarry,” she said.", "a noise like a quarry", True),
        ("the company’s own engineers", "the company's own engineers", True),
        ("it closed — for good…", "closed – for good", True),
        ("« Rien »", "Rien", True),
    ],
)
def test_contains_whole_words_in_a_row(prediction, gold, expected):
    assert answer_metrics.contains(prediction, gold) is expected


def test_success_and_reciprocal_rank_look_no_further_than_k():
    gains = [0.0, 0.0, 1.0, 1.0]
    assert [answer_metrics.success(gains, k) for k in (1, 2, 3, 10)] == [0.0, 0.0, 1.0, 1.0]
    assert answer_metrics.reciprocal_rank(gains, 10) == pytest.approx(1 / 3)
    assert answer_metrics.reciprocal_rank(gains, 2) == 0.0
    assert answer_metrics.reciprocal_rank([], 10) == 0.0


def test_ndcg_worked_out_by_hand():
    # Found at ranks 1, 3: gains 1 and 2; ideal 2, 1, 1 of three judged.
    dcg = 1 / log2(2) + 2 / log2(4)
    ideal = 2 / log2(2) + 1 / log2(3) + 1 / log2(4)
    assert answer_metrics.ndcg([1, 0, 2], [1, 2, 1, 0], 10) == pytest.approx(dcg / ideal)
    assert dcg / ideal == pytest.approx(0.6387, abs=1e-4)


def test_ndcg_cuts_both_sides_and_counts_nothing_found_as_zero():
    assert answer_metrics.ndcg([1.0], [1.0] * 20, 10) == pytest.approx(
        1 / sum(1 / log2(rank + 1) for rank in range(1, 11))
    )
    assert answer_metrics.ndcg([0.0] * 10 + [1.0], [1.0], 10) == 0.0
    assert answer_metrics.ndcg([], [1.0], 10) == 0.0
    assert answer_metrics.ndcg([], [], 10) == 0.0


def test_an_article_takes_the_rank_of_its_first_passage_only():
    assert answer_metrics.article_gains(["a", "a", "b", "a", "c"], {"b": 2, "c": 1}) == [0.0, 2.0, 1.0]


def test_calibration_error_worked_out_by_hand():
    # Bin 0.9 to 1.0: two answers of confidence .95, one right: gap .45. Bin 0.2 to 0.3: one of .25, wrong: gap .25.
    error = answer_metrics.calibration_error(np.array([0.95, 0.95, 0.25]), np.array([1.0, 0.0, 0.0]))
    assert error == pytest.approx((2 * 0.45 + 1 * 0.25) / 3)
    assert answer_metrics.calibration_error(np.array([1.0, 0.0]), np.array([1.0, 0.0])) == 0.0


def test_risks_are_running_shares_of_wrong_answers_with_ties_kept_together():
    assert answer_metrics.risks(np.array([3.0, 1.0, 2.0]), np.array([0.0, 1.0, 1.0])).tolist() == [0.0, 0.5, 2 / 3]
    assert answer_metrics.risks(np.array([1.0, 1.0, 0.0]), np.array([1.0, 0.0, 0.0])).tolist() == [0.5, 0.5, 1 / 3]


def test_area_under_risk_is_the_mean_risk():
    assert answer_metrics.area_under_risk(np.array([3.0, 1.0, 2.0]), np.array([0.0, 1.0, 1.0])) == pytest.approx(7 / 18)
    assert answer_metrics.area_under_risk(np.array([]), np.array([])) == 0.0


def test_the_best_threshold_keeps_what_is_worth_giving():
    confidences = np.array([0.9, 0.8, 0.6, 0.5])
    given = np.array([1.0, 1.0, 0.0, 0.0])  # the third and fourth are questions that nothing answers
    withheld = np.array([0.0, 0.0, 1.0, 1.0])
    assert answer_metrics.best_threshold(confidences, given, withheld) == (1.0, 0.8)


def test_the_best_threshold_may_be_silence_and_never_parts_equal_confidences():
    assert answer_metrics.best_threshold(np.array([2.0, 1.0]), np.zeros(2), np.ones(2)) == (1.0, inf)
    # Believing the first alone would be worth 1.0, but the second is as sure.
    value, threshold = answer_metrics.best_threshold(np.array([1.0, 1.0]), np.array([1.0, 0.0]), np.array([0.0, 1.0]))
    assert (value, threshold) == (0.5, inf)


def test_a_question_without_a_candidate_cannot_be_given():
    value, threshold = answer_metrics.best_threshold(np.array([1.0, -inf]), np.array([1.0, 0.0]), np.array([0.0, 1.0]))
    assert (value, threshold) == (1.0, 1.0)
