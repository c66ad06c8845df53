"""Precision and recall of answers of several spans, on values worked out by hand."""

import pytest

from eval.metrics.list_metrics import SpanFigures, exact_match, partial_match

PAIRS = [
    (["Ann Berg", "the Carl Dorn"], ["Carl Dorn", "Eve"]),  # one of two is right, one of two found
    (["Ann"], ["Ann", "Bob", "Cid"]),
    ([], ["Ann"]),
]


def test_exact_matches_are_counted_over_the_spans_of_all_questions():
    assert exact_match(PAIRS) == SpanFigures(2 / 4, 2 / 6)  # no answer counts as one wrong span
    assert exact_match(PAIRS).f1 == pytest.approx(0.4)
    assert exact_match([(["Ann", "ann!", "Bob"], ["Bob", "Ann"])]) == SpanFigures(1.0, 1.0)
    assert exact_match([(["Ann"], [])]) == SpanFigures(0.0, 0.0)
    assert exact_match([]) == SpanFigures(0.0, 0.0)
    assert exact_match([]).f1 == 0.0


def test_a_partial_match_counts_by_the_longest_common_run_of_characters():
    found = partial_match([(["ann berg"], ["berg", "dorn"])])
    assert found.precision == pytest.approx(4 / 8)  # " berg" is longer than the gold's
    assert found.recall == pytest.approx((4 / 4 + 1 / 4) / 2)  # of "dorn" the "n" or the "r" is in it
    assert partial_match(PAIRS).precision > exact_match(PAIRS).precision
