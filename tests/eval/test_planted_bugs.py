"""The gate against bugs that were planted in the search: each has to make it fail, and to say where."""

import pytest

from corpus.chunk import Chunking
from eval.ask import RunPlan, run_set
from eval.datasets.example import EvalSet, Example, Gold
from eval.gate import check, load_baseline, measure, pin
from eval.metrics.score import score
from eval.temporary_library import temporary_library
from index.manifest import fitted
from rag.assemble import assemble
from rag.reader.sentence_reader import SentenceReader
from rag.settings import Settings
from tests.eval.planted import BUGS_OF_PLACE, BUGS_OF_RANKING
from tests.fakes import HashEncoder

CLUES = "clues"  # the pinned set whose questions each have one clue: a title, an accent, a meaning, a number, a filter
ASKED = {
    "Where was the bronze bell found?": Gold("harbour mud", "bell.txt"),
    "In which year was it cast in Saint Aubric?": Gold("1703", "bell.txt"),
    "How much do tickets cost?": Gold("Tickets", "bus.txt"),
    "How long did the blackout last?": Gold("eleven hours", "salt.txt"),
}


def gated(tmp_path):
    """What the gate says of the set as it is measured now."""
    baseline = load_baseline()
    (pinned,) = (one for one in baseline if one.set == CLUES)
    return check(baseline, measure(pinned, Settings(home=tmp_path)))


def small_result(articles, tmp_path):
    """A few questions asked of articles that are cut into a passage for each paragraph, without a model."""
    encoder = HashEncoder()
    examples = tuple(Example(question, question, (gold,)) for question, gold in ASKED.items())
    with temporary_library(articles, encoder, Settings(), fitted(encoder.card, Chunking(12))) as library:
        pipeline = assemble(library, encoder, SentenceReader(encoder), Settings())
        return score(run_set(EvalSet("small", "jsonl", "d", examples), RunPlan(), pipeline, Settings(home=tmp_path)))


def failed_metrics(failures, where):
    """The metrics that failed, each of them named by its sentence together with the set."""
    for failure in failures:
        assert failure.why.startswith(f"{failure.metric} of {where} is ")
    return {failure.metric for failure in failures}


def named(bug):
    return getattr(bug, "__name__", None)


@pytest.mark.model
def test_without_a_bug_the_gate_passes(tmp_path):
    assert gated(tmp_path) == []


@pytest.mark.model
@pytest.mark.parametrize(("bug", "metric"), BUGS_OF_RANKING.items(), ids=named)
def test_a_bug_of_ranking_fails_the_gate_and_is_named(bug, metric, monkeypatch, tmp_path):
    bug(monkeypatch)
    assert metric in failed_metrics(gated(tmp_path), "clues (open)")


@pytest.mark.parametrize(("bug", "metric"), BUGS_OF_PLACE.items(), ids=named)
def test_a_bug_of_place_fails_the_gate_and_is_named(bug, metric, articles, monkeypatch, tmp_path):
    baseline = pin([], small_result(articles, tmp_path), "sets/small.jsonl")
    assert check(baseline, small_result(articles, tmp_path)) == []
    bug(monkeypatch)
    assert metric in failed_metrics(check(baseline, small_result(articles, tmp_path)), "small (open)")
