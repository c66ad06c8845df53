import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.fuse import normalised, reciprocal_rank, weighted

scores = st.dictionaries(st.integers(1, 9), st.floats(-5, 50).map(lambda score: round(score, 3)), max_size=9)


def test_normalised_by_hand():
    assert normalised({1: 2.0, 2: 6.0, 3: 3.0}) == {1: 0.0, 2: 1.0, 3: 0.25}
    assert normalised({1: -0.5, 2: 0.5}) == {1: 0.0, 2: 1.0}
    assert normalised({4: 0.3, 5: 0.3}) == {4: 1.0, 5: 1.0}
    assert normalised({}) == {}


def test_weighted_by_hand():
    dense, lexical = {1: 0.9, 2: 0.5, 3: 0.1}, {2: 10.0, 4: 4.0}
    assert weighted(dense, lexical, 0.5) == pytest.approx({1: 0.5, 2: 0.75, 3: 0.0, 4: 0.0})
    assert weighted(dense, lexical, 0.25) == pytest.approx({1: 0.25, 2: 0.875, 3: 0.0, 4: 0.0})
    assert weighted(dense, {}, 0.5) == pytest.approx({1: 0.5, 2: 0.25, 3: 0.0})
    assert weighted({}, {}, 0.5) == {}


def test_reciprocal_rank_by_hand():
    dense, lexical = {1: 0.9, 2: 0.5}, {2: 10.0, 3: 4.0}
    assert reciprocal_rank(dense, lexical) == pytest.approx({1: 1 / 61, 2: 1 / 62 + 1 / 61, 3: 1 / 62})
    assert reciprocal_rank({5: 1.0, 4: 1.0}, {}, constant=0) == {4: 1.0, 5: 0.5}


@given(scores, scores, st.floats(0, 1))
@settings(deadline=None)
def test_fused_scores_are_within_0_and_1_and_cover_both_lists(dense, lexical, weight):
    fused = weighted(dense, lexical, weight)
    assert fused.keys() == dense.keys() | lexical.keys()
    assert all(-1e-9 <= score <= 1 + 1e-9 for score in fused.values())
    assert weighted(lexical, dense, 1 - weight) == pytest.approx(fused, abs=1e-9)
