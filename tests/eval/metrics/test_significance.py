from itertools import product

import numpy as np
import pytest
from scipy import stats

from eval.metrics.answer_metrics import calibration_error
from eval.metrics.column import Column
from eval.metrics.significance import p_of_mean, p_of_statistic, p_value


def column(values, questions=None, **options):
    numbers = range(len(values)) if questions is None else questions
    return Column(np.array(numbers), np.array([values], dtype=float), **options)


def test_the_exact_p_worked_out_by_hand():
    # Of the 8 ways to sign 1, 1 and 1 only +3 and -3 are as far from 0 as 3; of 1, 2 and 4 only +7 and -7.
    assert p_of_mean(np.array([1.0, 1.0, 1.0])) == 2 / 8
    assert p_of_mean(np.array([1.0, 2.0, 4.0, 0.0, 0.0])) == 2 / 8
    # +1 +1 +1 -1: a sum of 2 or more either way, 2 * (1 + 4) of 16 ways.
    assert p_of_mean(np.array([1.0, 1.0, -1.0, 1.0])) == 10 / 16


def test_questions_that_do_not_differ_say_nothing():
    assert p_of_mean(np.zeros(50)) == 1.0
    assert p_of_mean(np.array([])) == 1.0
    assert p_of_mean(np.array([0.5, -0.5] + [0.0] * 50)) == 1.0


def test_rounding_parts_no_equal_sums():
    differences = np.array([0.1, 0.2, 0.3, -0.6, 0.7, 0.1])
    ways = [abs(sum(sign * value for sign, value in zip(signs, (1, 2, 3, -6, 7, 1), strict=True))) for signs in product((1, -1), repeat=6)]  # fmt: skip
    assert p_of_mean(differences) == sum(way >= 8 for way in ways) / 64


@pytest.mark.parametrize("shift", [0.0, 0.06, 0.15])
def test_the_drawn_p_is_that_of_scipys_test_and_near_the_t_tests(shift):
    differences = np.random.default_rng(7).normal(shift, 0.4, 120)
    plain = stats.permutation_test((differences,), np.mean, permutation_type="samples", n_resamples=4_999, rng=1)
    tail = plain.pvalue / 2  # which scipy doubles, and its noise with it
    noise = 8 * np.sqrt(tail * (1 - tail) / 4_999) + 0.0004
    assert p_of_mean(differences) == pytest.approx(plain.pvalue, abs=noise)
    assert p_of_mean(differences) == pytest.approx(stats.ttest_1samp(differences, 0).pvalue, abs=noise + 0.005)


def test_mcnemars_exact_test_is_the_same_test_of_shares():
    # 40 questions differ, 12 to 28: the binomial chance of a split as uneven as that.
    differences = np.array([-1.0] * 12 + [1.0] * 28 + [0.0] * 60)
    exact = stats.binomtest(12, 40).pvalue
    assert p_of_mean(differences) == pytest.approx(exact, abs=4 * np.sqrt(exact / 9_999))


def test_no_p_is_below_one_in_ten_thousand():
    assert p_of_mean(np.ones(60)) == 1 / 10_000


def test_the_same_p_every_time():
    differences = np.random.default_rng(3).normal(0.1, 1, 80)
    assert p_of_mean(differences) == p_of_mean(differences)


def test_the_fast_way_is_the_plain_way():
    rng = np.random.default_rng(5)
    a, b = rng.random(90), rng.random(90) + 0.05
    fast, plain = p_value(column(a), column(b)), p_of_statistic(column(a), column(b))
    assert fast == pytest.approx(plain, abs=4 * np.sqrt(fast * (1 - fast) / 999))


def test_several_values_of_a_question_change_sides_together():
    # Two questions with many quotes each: only four ways to swap, two of which are as far apart, whatever the quotes.
    a = column([1.0] * 30 + [1.0] * 30, [0] * 30 + [1] * 30)
    b = column([0.0] * 30 + [0.0] * 30, [0] * 30 + [1] * 30)
    assert p_value(a, b) == pytest.approx(2 / 4, abs=0.07)


def test_a_figure_that_is_no_mean_is_worked_out_for_each_draw():
    rng = np.random.default_rng(11)
    right = (rng.random(400) < 0.5).astype(float)
    honest = Column(np.arange(400), np.stack([np.full(400, 0.5), right]), lambda rows: calibration_error(*rows))
    boastful = Column(np.arange(400), np.stack([np.full(400, 0.99), right]), honest.statistic)
    assert p_value(honest, boastful) == 1 / 1_000
    assert p_value(honest, honest) == 1.0


def test_a_draw_that_leaves_nothing_counts_against_significance():
    a, b = column([1.0], [0]), column([0.0], [1])
    assert p_value(a, b) == 1.0
