from dataclasses import replace
from random import Random

import pytest

from eval.ask import RunPlan, run_set
from eval.datasets.example import EvalSet, Example, Gold
from eval.datasets.read_set import read_set
from eval.gate import BASELINE, BaselineMissing, Floor, LoweredFloor, check, load_baseline, measure, pin, save_baseline
from eval.metrics.interval import Estimate
from eval.metrics.score import score
from eval.run import Run
from rag.calibration import Calibration
from rag.settings import Settings
from tests.eval import example_runs

ASKED = [
    ("Where was the bronze bell found?", "A bronze bell was found in the harbour mud.", "bell.txt"),
    ("In which year was it cast in Saint Aubric?", "It was cast in Saint Aubric in 1703.", "bell.txt"),
    ("How much do tickets cost?", "Tickets cost four pounds.", "bus.txt"),
    (
        "What caused the blackout at Pell Cross?",
        "Salt on the insulators caused the blackout at Pell Cross.",
        "salt.txt",
    ),
    ("When did the ferry sink, in 1912?", "The ferry sank in 1912.", "merrin.txt"),
]


@pytest.fixture
def run(pipeline, tmp_path) -> Run:
    examples = tuple(
        Example(str(number), question, (Gold(words, source),)) for number, (question, words, source) in enumerate(ASKED)
    )
    return run_set(EvalSet("asked", "jsonl", "digest", examples), RunPlan("library"), pipeline, Settings(home=tmp_path))


def changed(run: Run, change) -> Run:
    return replace(run, records=tuple(replace(record, trace=change(record.trace)) for record in run.records))


def test_an_unchanged_result_passes(run):
    assert check(pin([], score(run), "sets/asked.jsonl"), score(run)) == []


def test_hits_in_reverse_are_caught_and_named(run):
    baseline = pin([], score(run), "sets/asked.jsonl")
    reversed_hits = changed(run, lambda trace: replace(trace, hits=trace.hits[::-1]))
    failures = check(baseline, score(reversed_hits))
    assert {"success@1", "mrr@10"} <= {failure.metric for failure in failures}
    assert {(failure.set, failure.mode) for failure in failures} == {("asked", "library")}
    assert "success@1 of asked (library) is 0.0000, its floor 1.0000" in next(
        one.why for one in failures if one.metric == "success@1"
    )


def test_passages_under_the_wrong_ids_are_caught(run):
    baseline = pin([], score(run), "sets/asked.jsonl")
    names = ["a", "bell", "bus", "crab", "salt"]
    others = dict(zip(names, Random(0).sample(names, 5), strict=True))

    def shuffled(trace):
        return replace(
            trace,
            hits=tuple(
                replace(hit, passage=replace(hit.passage, article_id=others[hit.passage.article_id]))
                for hit in trace.hits
            ),
        )

    assert "success@1" in {failure.metric for failure in check(baseline, score(changed(run, shuffled)))}


def test_one_broken_quote_is_one_too_many(run):
    baseline = pin([], score(run), "sets/asked.jsonl")
    best = max(run.records[0].trace.readings, key=lambda reading: reading.margin)
    place = f"{best.passage.article_id}:{best.article_span.start}-{best.article_span.end}"
    broken = replace(run, records=(replace(run.records[0], broken=(place,)), *run.records[1:]))
    assert [failure.metric for failure in check(baseline, score(broken))] == ["quotes_verbatim"]


def test_a_loss_within_the_noise_passes_and_one_beyond_does_not(run):
    result = score(run)
    (pinned,) = pin([], result, "sets/asked.jsonl")
    now = result.metrics["contains"].value
    within = replace(pinned, floors={"contains": Floor(now + 0.009, 0.01)})
    beyond = replace(pinned, floors={"contains": Floor(now + 0.011, 0.01)})
    assert check([within], result) == []
    assert [failure.metric for failure in check([beyond], result)] == ["contains"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"digest": "other"}, "the set's digest has changed"),
        ({"reader": "span"}, "the reader is span, sentence is pinned"),
        ({"encoder": "x@1"}, "the encoder is x@1, hash@000000000000 is pinned"),
        ({"n": 3}, "3 questions were asked, 5 are pinned"),
        ({"mode": "open"}, "Nothing is pinned for asked (open)"),
    ],
)
def test_what_cannot_be_compared_fails_and_says_why(run, change, why):
    baseline = pin([], score(run), "sets/asked.jsonl")
    (failure,) = check(baseline, replace(score(run), **change))
    assert failure.metric is None
    assert why in failure.why


def calibrated(run: Run, **weights: float) -> Run:
    """The run as if its reader weighed evidence so; it answers all the same, whatever the confidence."""
    card = replace(run.header.reader, calibration=Calibration(**weights))
    return replace(run, header=replace(run.header, reader=card, threshold=0.0))


def test_worse_confidences_fail():
    run = example_runs.run(*example_runs.mixed_run().records * 100)
    falling = calibrated(run, margin=-1.0, intercept=0.0)  # the surer, the more often wrong
    before, after = score(calibrated(run, margin=1.0, intercept=0.0)), score(falling)
    aurc = {
        "before": (0 + 0 + 1 / 3 + 2 / 4 + 2 / 5 + 3 / 6) / 6,
        "after": (1 + 1 / 2 + 2 / 3 + 3 / 4 + 3 / 5 + 3 / 6) / 6,
    }
    assert [one.metrics["aurc"].value for one in (before, after)] == pytest.approx(list(aurc.values()))
    assert [one.metrics["ece"].value for one in (before, after)] == pytest.approx([0.28371, 0.55795], abs=1e-5)
    baseline = pin([], before, "p")
    failures = check(baseline, after)
    assert [failure.metric for failure in failures] == ["ece", "aurc"]
    assert failures[1].why.startswith("aurc of made (open) is 0.6694, its floor 0.2889 plus 0.0100; mend what made it")
    assert check(pin([], after, "p"), before) == []  # better confidences pass
    with pytest.raises(LoweredFloor, match=r"would allow worse ece, aurc; mend what"):
        pin(baseline, after, "p")


@pytest.mark.parametrize(("metric", "floor"), [("ece", 0.1235), ("aurc", 0.1235)])
def test_a_figure_of_which_less_is_better_is_pinned_from_above(run, metric, floor):
    result = score(run)
    n = 1000
    now = replace(result, metrics={metric: Estimate(0.12341, 0.1, 0.2, n)})
    (pinned,) = pin([], now, "p")
    assert pinned.floors == {metric: Floor(floor, 0.01)}
    for value, failed in ((0.05, []), (0.1334, []), (0.1336, [metric])):
        worse = replace(result, metrics={metric: Estimate(value, 0.0, 1.0, n)})
        assert [failure.metric for failure in check([pinned], worse)] == failed


def test_what_is_neither_better_nor_worse_is_not_pinned(run):
    (pinned,) = pin([], score(run), "p")
    assert pinned.floors.keys() == score(run).metrics.keys() - {"answered"}


def test_a_missing_metric_fails(run):
    result = score(run)
    fewer = replace(result, metrics={name: one for name, one in result.metrics.items() if name != "mrr@10"})
    assert [failure.metric for failure in check(pin([], result, "p"), fewer)] == ["mrr@10"]


def test_a_floor_goes_down_only_where_that_is_allowed(run):
    baseline = pin([], score(run), "p")
    worse = score(changed(run, lambda trace: replace(trace, hits=trace.hits[::-1])))
    with pytest.raises(LoweredFloor, match=r"would allow worse .*success@1"):
        pin(baseline, worse, "p")
    lowered = pin(baseline, worse, "p", allow_regression=True)
    assert len(lowered) == 1
    assert lowered[0].floors["success@1"].value == 0.0
    assert pin(lowered, score(run), "p") == baseline


def test_a_baseline_comes_back_as_it_was_saved(run, tmp_path):
    baseline = pin([], score(run), "p")
    save_baseline(baseline, tmp_path / "baseline.json")
    assert load_baseline(tmp_path / "baseline.json") == baseline


def test_a_missing_baseline_is_told_with_a_way_out(tmp_path):
    with pytest.raises(BaselineMissing, match=r"restore eval/baseline\.json"):
        load_baseline(tmp_path / "none.json")


def test_the_baseline_that_ships_is_about_the_sets_that_ship():
    baseline = load_baseline()
    assert [(pinned.set, pinned.mode) for pinned in baseline] == [
        ("clues", "open"), ("follow-ups", "open"), ("ordinary", "open"), ("sample", "open"), ("tables", "open"),
    ]  # fmt: skip
    for pinned in baseline:
        shipped = read_set(BASELINE.parent / pinned.path)
        assert (pinned.set, pinned.digest, pinned.n) == (shipped.name, shipped.digest, len(shipped.examples))
    assert baseline[3].floors["quotes_verbatim"] == Floor(1.0, 0.0)


@pytest.mark.model
def test_no_pinned_figure_is_below_its_floor(tmp_path):
    baseline = load_baseline()
    failures = [failure for pinned in baseline for failure in check(baseline, measure(pinned, Settings(home=tmp_path)))]
    assert failures == []
