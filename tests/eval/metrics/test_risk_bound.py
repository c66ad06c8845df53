"""The bound on the share that is wrong, beside scipy's, and the thresholds that keep it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from eval.metrics.risk_bound import BoundedRisk, fewest_judged, lowest_threshold, most_wrong


@pytest.mark.parametrize(("wrong", "judged", "doubt"), [
    (0, 1, 0.05), (0, 18, 0.05), (1, 28, 0.05), (9, 143, 0.05), (99, 100, 0.05), (500, 100_000, 0.01),
])  # fmt: skip
def test_the_bound_is_scipys(wrong, judged, doubt):
    expected = stats.beta.ppf(1 - doubt, wrong + 1, judged - wrong)
    assert most_wrong(wrong, judged, doubt) == pytest.approx(expected, rel=1e-9)


def test_where_all_are_wrong_all_may_be():
    assert most_wrong(7, 7) == most_wrong(0, 0) == 1.0


@given(st.integers(0, 200), st.integers(1, 200))
def test_more_wrong_ones_raise_the_bound_and_more_judged_ones_lower_it(wrong, right):
    bound = most_wrong(wrong, wrong + right)
    assert wrong / (wrong + right) < bound < most_wrong(wrong + 1, wrong + right + 1)
    assert most_wrong(wrong, wrong + right + 1) < bound


@pytest.mark.parametrize(("max_wrong", "fewest"), [(0.5, 8), (0.16, 28), (0.1, 46), (0.05, 93), (0.01, 473)])
def test_so_many_are_needed_that_one_may_be_wrong(max_wrong, fewest):
    assert fewest_judged(max_wrong) == fewest
    assert most_wrong(1, fewest) <= max_wrong < most_wrong(1, fewest - 1)


def test_the_lowest_threshold_answers_as_much_as_it_may():
    confidences = [number / 100 for number in range(100, 0, -1)]
    found = lowest_threshold(confidences, [False] * 60 + [True] * 40, 0.16)
    assert found is not None
    assert found.judged == sum(one >= found.threshold for one in confidences)
    assert (found.wrong, found.at_most) == (found.judged - 60, most_wrong(found.wrong, found.judged))
    assert found.at_most <= 0.16 < most_wrong(found.wrong + 5, found.judged + 5)


def test_it_ends_at_the_first_that_fails_though_a_lower_one_would_pass():
    confidences = [number / 1000 for number in range(1000, 0, -1)]
    wrong = [False] * 250 + [True] * 100 + [False] * 650
    found = lowest_threshold(confidences, wrong, 0.16)
    assert most_wrong(100, 1000) < 0.16
    assert found is not None
    assert found.judged < 350


def test_where_the_strictest_fails_there_is_none():
    assert lowest_threshold([0.9] * 40, [True] * 10 + [False] * 30, 0.16) is None


def test_equal_confidences_are_on_one_side():
    found = lowest_threshold([0.9] * 20 + [0.7] * 20, [False] * 40, 0.16)
    assert found == BoundedRisk(0.7, most_wrong(0, 40), 0, 40)
    found = lowest_threshold([0.9] * 40 + [0.5] * 20, [False] * 40 + [True] * 20, 0.16)
    assert found == BoundedRisk(0.9, most_wrong(0, 40), 0, 40)


def test_too_few_are_no_sample():
    with pytest.raises(ValueError, match="28 answers must be judged, and 27 are"):
        lowest_threshold([0.9] * 27, [False] * 27, 0.16)


def test_the_chosen_threshold_breaks_its_promise_in_at_most_five_of_a_hundred_libraries():
    """Of 400 libraries, drawn with a known chance to be wrong at each confidence."""
    rng = np.random.default_rng(20261201)
    broken = 0
    for _ in range(400):
        confidences = rng.uniform(0.3, 1, 200)
        found = lowest_threshold(
            confidences.tolist(), (rng.random(200) < 0.6 * (1 - confidences)).tolist(), max_wrong=0.16
        )
        broken += found is not None and 0.3 * (1 - found.threshold) > 0.16  # the mean from the threshold to 1
    assert broken / 400 <= 0.05
