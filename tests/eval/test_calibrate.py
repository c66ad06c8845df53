import numpy as np
import pytest

from eval.calibrate import NothingToFit, fit_calibration


def test_the_curve_that_made_the_answers_is_found_again():
    rng = np.random.default_rng(7)
    margins = rng.normal(3, 2, 20_000)
    right = rng.random(20_000) < 1 / (1 + np.exp(-(0.8 * margins - 1.5)))
    fitted = fit_calibration(zip(margins.tolist(), right.tolist(), strict=True))
    assert (fitted.slope, fitted.intercept) == pytest.approx((0.8, -1.5), abs=0.05)


def test_the_mean_confidence_is_the_share_that_is_right():
    pairs = [(0.1, False), (0.2, True), (0.3, False), (0.4, True), (0.5, True)] * 200
    fitted = fit_calibration(pairs)
    mean = sum(fitted.confidence(margin) for margin, _ in pairs) / len(pairs)
    assert mean == pytest.approx(0.6, abs=0.001)


def test_a_sample_that_margins_separate_gives_a_finite_rising_curve():
    fitted = fit_calibration([(1.0, False)] * 10 + [(2.0, True)] * 10)
    assert 0.5 < fitted.confidence(2.0) < 1.0
    assert fitted.confidence(1.0) == pytest.approx(1 - fitted.confidence(2.0))


def test_far_margins_do_not_throw_the_fit_off():
    fitted = fit_calibration([(1e6, True), (-1e6, False)] * 50 + [(0.0, True), (0.0, False)] * 50)
    assert fitted.confidence(0.0) == pytest.approx(0.5, abs=0.01)
    assert fitted.slope > 0


def test_the_curve_never_falls():
    fitted = fit_calibration([(1.0, True)] * 30 + [(2.0, False)] * 10)
    assert fitted.slope == 0.0
    assert fitted.confidence(0.0) == pytest.approx(31 / 42)


def test_one_margin_gives_its_share():
    assert fit_calibration([(5.0, True)] * 3 + [(5.0, False)]).confidence(5.0) == pytest.approx(0.75, abs=0.2)


def test_nothing_cannot_be_fitted():
    with pytest.raises(NothingToFit):
        fit_calibration([])
