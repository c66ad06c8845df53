import numpy as np
import pytest

from eval.metrics.column import average
from eval.metrics.interval import proportion, resampled


def test_wilson_against_published_values():
    # Newcombe 1998, Statistics in Medicine 17, table I, method 3.
    for successes, n, low, high in [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ]:
        estimate = proportion([1.0] * successes + [0.0] * (n - successes))
        assert estimate.value == pytest.approx(successes / n)
        assert (estimate.low, estimate.high) == pytest.approx((low, high), abs=5e-5)
        assert estimate.n == n


def test_wilson_stays_within_0_and_1_and_holds_the_share():
    assert proportion([1.0] * 5).high == 1.0
    assert proportion([0.0] * 5).low == 0.0


def test_the_bootstrap_interval_of_a_mean_is_near_the_normal_one():
    values = np.random.default_rng(1).normal(0.5, 0.1, 400)
    estimate = resampled(average, values)
    error = 1.96 * values.std() / 20
    assert estimate.value == pytest.approx(values.mean())
    assert estimate.low == pytest.approx(values.mean() - error, abs=error / 5)
    assert estimate.high == pytest.approx(values.mean() + error, abs=error / 5)


def test_the_bootstrap_is_the_same_every_time():
    values = np.array([0.0, 0.25, 1.0])
    assert resampled(average, values) == resampled(average, values)


def test_columns_are_resampled_together():
    column = np.arange(50.0)
    estimate = resampled(lambda columns: float(np.abs(columns[0] - columns[1]).max()), column, column)
    assert (estimate.value, estimate.low, estimate.high, estimate.n) == (0.0, 0.0, 0.0, 50)


def test_nothing_has_no_estimate():
    with pytest.raises(ValueError, match="leave the metric out"):
        proportion([])
    with pytest.raises(ValueError, match="leave the metric out"):
        resampled(average, np.array([]))
