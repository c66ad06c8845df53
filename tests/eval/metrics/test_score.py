from dataclasses import replace
from math import inf, log

import pytest

from eval.datasets.example import Example, Gold
from eval.metrics.score import score
from eval.run import Record
from index.hit import Hit
from rag.answer import Trace
from rag.calibration import Calibration, ReaderCard
from tests.eval import example_runs


def answered_run(**changes):
    """One exact answer, one sentence with the gold, one right word in the wrong place, one unasked-for answer, one silence."""
    ferry = example_runs.gold("1912")
    return example_runs.run(
        example_runs.record((ferry,), example_runs.reading("1912", 3.0), example_runs.reading("north", 1.0, 0)),
        example_runs.record((ferry,), example_runs.reading("The ferry sank in 1912.", 2.0), hits=(0, 1)),
        example_runs.record((ferry,), example_runs.reading("1912", 1.0, paragraph=2), hits=(2, 0)),
        example_runs.record((), example_runs.reading("north", 0.9, 0)),
        example_runs.record((), example_runs.reading("hurt", 0.1, 2)),
        **changes,
    )


def values(run, threshold=None):
    return {name: estimate.value for name, estimate in score(run, threshold).metrics.items()}


def test_the_figures_of_a_run_worked_out_by_hand():
    found = values(answered_run())
    expected = {
        "em": 3 / 5,  # two exact ones and the silence
        "f1": (1 + 0.4 + 1 + 0 + 1) / 5,  # "ferry sank in 1912" against "1912": precision 1/4, recall 1
        "hasans_em": 2 / 3,
        "hasans_f1": (1 + 0.4 + 1) / 3,
        "noans": 1 / 2,
        "contains": 1.0,
        "right_place": 2 / 3,
        "answered": 4 / 5,
        "forced_em": 2 / 3,
        "success@1": 1 / 3,
        "success@5": 2 / 3,
        "mrr@10": (1 + 1 / 2 + 0) / 3,
        "quotes_verbatim": 1.0,
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected)
    assert "ndcg@10" not in found
    assert "golds_placed" not in found


def test_a_threshold_withholds_what_is_below_it():
    found = values(answered_run(), example_runs.sure(2.5))
    assert found["answered"] == pytest.approx(1 / 5)
    assert found["hasans_em"] == pytest.approx(1 / 3)
    assert found["noans"] == 1.0
    assert found["forced_em"] == pytest.approx(2 / 3)
    assert found["em"] == pytest.approx(3 / 5)


def test_a_question_without_readings_stays_unanswered_at_any_threshold():
    found = values(
        example_runs.run(example_runs.record((example_runs.gold("1912"),), hits=()), example_runs.record((), hits=())),
        -inf,
    )
    assert (found["em"], found["hasans_em"], found["noans"], found["answered"]) == (0.5, 0.0, 1.0, 0.0)
    assert "quotes_verbatim" not in found
    assert "ece" not in found


def test_a_missed_question_counts_in_every_mean():
    asked = example_runs.record((example_runs.gold("1912"),), example_runs.reading("1912", 3.0))
    missed = example_runs.record((example_runs.gold("1912"),), hits=())
    found = score(example_runs.run(asked, missed)).metrics
    assert {found[name].value for name in ("em", "f1", "contains", "right_place", "success@1", "mrr@10")} == {0.5}
    assert {found[name].n for name in ("em", "f1", "contains", "right_place", "success@1", "mrr@10")} == {2}


def test_no_cut_reaches_past_what_was_retrieved():
    found = values(answered_run(depth=5))
    assert {"success@1", "success@5"} <= found.keys()
    assert not {"success@10", "mrr@10"} & found.keys()


def test_the_given_paragraph_says_nothing_about_retrieval():
    found = values(answered_run(mode="given", depth=1))
    assert not {"success@1", "mrr@10"} & found.keys()
    assert found["em"] == pytest.approx(3 / 5)


def test_golds_without_a_place_leave_out_places():
    unplaced = [example_runs.record((Gold("1912"),), example_runs.reading("1912", 3.0))]
    assert not {"right_place", "success@1"} & values(example_runs.run(*unplaced, mode="library")).keys()


def test_golds_that_the_library_lost_are_misses():
    found = values(
        example_runs.run(
            example_runs.record((example_runs.gold("1912"),), example_runs.reading("1912", 3.0)),
            example_runs.record((Gold("1912", context="gone"),), example_runs.reading("1912", 3.0)),
            kind="jsonl",
        )
    )
    assert (found["golds_placed"], found["right_place"], found["success@1"], found["em"]) == (0.5, 0.5, 0.5, 1.0)


def test_a_broken_quote_shows_where_it_would_be_given():
    run = answered_run()
    broken = replace(run.records[0], broken=("a:45-49",))
    found = score(replace(run, records=(broken, *run.records[1:]))).metrics["quotes_verbatim"]
    assert (found.value, found.n) == (4 / 5, 5)


def test_confidence_is_what_the_runs_own_calibration_makes_of_a_margin():
    flat = ReaderCard("flat", 0.5, Calibration(margin=0.0, intercept=log(3)))  # every answer: 0.75
    found = values(answered_run(reader=flat), 0.5)
    assert (found["answered"], found["noans"]) == (1.0, 0.0)
    assert found["ece"] == pytest.approx(0.75 - 3 / 5)
    assert found["aurc"] == pytest.approx(2 / 5)  # all are equally sure, so all stand or fall together
    assert values(answered_run(reader=flat), 0.76)["answered"] == 0.0


def test_the_answer_judged_is_the_one_with_the_strongest_evidence():
    asked = example_runs.record(
        (example_runs.gold("1912"),),
        example_runs.reading("north", 2.0, 0),
        example_runs.reading("1912", 1.0),
        hits=(0, 1),
    )
    far, near = asked.trace.hits
    hits = (replace(far, score=0.2), replace(near, score=0.6))
    weighed = Calibration(margin=1.0, intercept=-1.0, retrieval=8.0, lead=1.0)
    run = example_runs.run(
        replace(asked, trace=replace(asked.trace, hits=hits)), reader=ReaderCard("fake", 0.5, weighed)
    )
    # Strengths 2 + 1.6 and 1 + 4.8: the second leads by 2.2, so its logit is 5.8 + 2.2 - 1.
    assert values(run, example_runs.sure(6.99))["em"] == 1.0
    assert values(run, example_runs.sure(7.01))["answered"] == 0.0
    assert values(run, example_runs.sure(6.99))["ece"] == pytest.approx(1 - example_runs.sure(7.0))
    assert values(example_runs.run(asked), 0.5)["em"] == 0.0


def test_relevance_is_judged_by_article():
    hits = tuple(Hit(passage, 1.0) for passage in example_runs.PASSAGES)
    found = values(
        example_runs.run(
            Record(Example("1", "q", relevant={"a": 1}), Trace("q", hits, ())),
            Record(Example("2", "q", relevant={"b": 1}), Trace("q", hits, ())),
            kind="beir",
            depth=100,
        )
    )
    assert found == {"success@1": 0.5, "success@5": 0.5, "success@10": 0.5, "mrr@10": 0.5, "ndcg@10": 0.5}


def test_the_json_has_the_fields_of_the_contract():
    result = score(answered_run()).as_json()
    assert result.keys() == {"set", "mode", "n", "metrics", "seconds"}
    assert (result["set"], result["mode"], result["n"], result["seconds"]) == ("made", "open", 5, 1.5)
    assert result["metrics"]["em"] == {"value": 0.6, "low": 0.230724, "high": 0.882379, "n": 5}


def test_success_after_reading_is_that_of_the_order_of_margins_and_scores():
    asked = example_runs.record(
        (example_runs.gold("1912"),),
        example_runs.reading("1912", 3.0),
        example_runs.reading("north", 1.0, 0),
        hits=(0, 2, 1),
    )
    lost = example_runs.record(
        (example_runs.gold("1912"),),
        example_runs.reading("1912", -3.0),
        example_runs.reading("north", 1.0, 0),
        hits=(1, 0),
    )
    found = score(example_runs.run(asked, lost)).metrics
    assert (found["success@1"].value, found["reranked_success@1"].value) == (0.5, 0.5)
    assert (found["success@5"].value, found["reranked_success@5"].value) == (1.0, 1.0)
    only = score(example_runs.run(asked)).metrics
    assert (only["success@1"].value, only["reranked_success@1"].value) == (0.0, 1.0)
    assert "reranked_success@1" not in values(example_runs.run(example_runs.record((example_runs.gold("1912"),))))
