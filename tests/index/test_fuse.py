import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.fuse import DENSE_WEIGHT, WORDING_WEIGHT, Fusion, ScoreScale

COSINES, BM25 = [0.5, 0.3, 0.1], [12.0, 4.0, 2.0, 2.0]
scores = st.lists(st.floats(-1, 50).map(lambda score: round(score, 3)), max_size=9)


def test_a_scale_tells_scores_in_standard_deviations_from_their_mean():
    scale = ScoreScale.of(BM25)
    assert (scale.mean, scale.low, scale.high) == (5.0, 2.0, 12.0)
    assert scale.deviation == pytest.approx((49 + 1 + 9 + 9) ** 0.5 / 2)
    assert scale.standard(5.0) == 0.0
    assert scale.standard(12.0) == pytest.approx(7 / scale.deviation)
    assert ScoreScale.of([0.1] * 3).standard(0.9) == ScoreScale.of([]).standard(0.9) == 0.0


def test_a_fused_score_by_hand():
    fusion = Fusion(COSINES, BM25)
    by_meaning, by_words = ScoreScale.of(COSINES), ScoreScale.of(BM25)

    def units(cosine, bm25):
        return DENSE_WEIGHT * by_meaning.standard(cosine) + (1 - DENSE_WEIGHT) * by_words.standard(bm25)

    worst, best = units(0.1, 2.0), units(0.5, 12.0) + WORDING_WEIGHT
    assert fusion.score(0.3, 4.0, 0.5) == pytest.approx((units(0.3, 4.0) + WORDING_WEIGHT / 2 - worst) / (best - worst))


def test_the_ends_of_the_scale_are_the_worst_of_both_and_the_best_of_both_in_the_querys_words():
    fusion = Fusion(COSINES, BM25)
    assert fusion.score(0.1, 2.0) == 0.0
    assert fusion.score(0.5, 12.0, 1.0) == 1.0
    assert fusion.score(0.0, 0.0) < 0.0  # below all that was found in the whole library


def test_a_search_that_is_sure_of_its_best_counts_for_more():
    sure, unsure = [20.0] + [2.0] * 9, [20.0 - 2 * rank for rank in range(10)]
    alike = [0.5 - 0.05 * rank for rank in range(10)]
    # Best by meaning and worst by words, against worst by meaning and best by words.
    assert Fusion(alike, unsure, 0.5).score(0.5, 2.0) == pytest.approx(Fusion(alike, unsure, 0.5).score(0.05, 20.0))
    assert Fusion(alike, sure, 0.5).score(0.5, 2.0) < Fusion(alike, sure, 0.5).score(0.05, 20.0)


def test_where_nothing_parts_the_passages_their_wording_does():
    fusion = Fusion([0.4], [])
    assert [fusion.score(0.4, 0.0, share) for share in (0.0, 0.5, 1.0)] == [0.0, 0.5, 1.0]


@given(scores, scores, st.floats(0, 1), st.data())
@settings(deadline=None)
def test_all_that_was_found_scores_from_0_to_1(cosines, bm25, wording, data):
    fusion = Fusion(cosines, bm25)
    cosine = data.draw(st.sampled_from(cosines or [0.0]))
    words = data.draw(st.sampled_from(bm25 or [0.0]))
    score = fusion.score(cosine, words, wording)
    assert -1e-9 <= score <= 1 + 1e-9
    assert fusion.score(cosine, words, min(wording + 0.1, 1.0)) >= score
