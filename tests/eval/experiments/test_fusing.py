import json

import pytest

from eval.datasets.read_set import read_set
from eval.experiments.fusing import (
    OURS,
    WAYS,
    FusionScores,
    Lists,
    markdown,
    measure,
    min_max,
    reciprocal_rank,
    standard_scores,
)
from rag.settings import Settings
from tests.fakes import HashEncoder

FOUND = Lists(
    cosines={"a": 0.9, "b": 0.5, "c": 0.1}, bm25={"b": 10.0, "d": 4.0}, every={"a": 0.9, "b": 0.5, "c": 0.1, "d": 0.0}
)


def test_the_ways_by_hand():
    assert reciprocal_rank(FOUND) == pytest.approx({"a": 1 / 61, "b": 1 / 62 + 1 / 61, "c": 1 / 63, "d": 1 / 62})
    assert min_max(FOUND, 0.5) == pytest.approx({"a": 0.5, "b": 0.75, "c": 0.0, "d": 0.0})
    assert min_max(FOUND, 0.25) == pytest.approx({"a": 0.25, "b": 0.875, "c": 0.0, "d": 0.0})
    assert WAYS["dense"](FOUND) == FOUND.cosines
    assert WAYS["lexical"](FOUND) == FOUND.bm25
    fused = standard_scores(FOUND, 0.5)
    assert sorted(fused, key=lambda one: -fused[one]) == ["b", "a", "c", "d"]
    assert [list(way(Lists({}, {}, {}))) for way in WAYS.values()] == [[]] * len(WAYS)


@pytest.fixture
def harbour(tmp_path):
    """A BEIR folder whose questions use the words of one article each, two of which are alike but for their titles."""
    texts = {
        "ferry": "The ferry sank in 1912.",
        "bell": "A bell was found.",
        "crab": "Crabs died.",
        "day": "A bell was found.",
    }
    corpus = [{"_id": name, "title": name.title(), "text": text} for name, text in texts.items()]
    queries = [{"_id": name, "text": f"{name} {text}"} for name, text in texts.items()]
    (tmp_path / "corpus.jsonl").write_text("\n".join(map(json.dumps, corpus)))
    (tmp_path / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)))
    (tmp_path / "qrels").mkdir()
    rows = "\n".join(f"{name}\t{name}\t1" for name in texts)
    (tmp_path / "qrels" / "test.tsv").write_text(f"query-id\tcorpus-id\tscore\n{rows}\n")
    return tmp_path


def test_every_way_is_measured_on_the_same_questions(harbour):
    outcome = measure(read_set(harbour), None, HashEncoder(), Settings())
    assert outcome.figures.keys() == {"nDCG@10"}
    values = outcome.figures["nDCG@10"]
    assert values.keys() == {*WAYS, OURS}
    assert values[OURS] == values["lexical"] == [1.0] * 4  # the titles part the two
    assert sum(values["dense"]) < 4  # titles are not embedded
    assert measure(read_set(harbour), 2, HashEncoder(), Settings()).figures["nDCG@10"][OURS] == [1.0] * 2


def test_the_table_has_a_row_for_each_way_and_the_p_below():
    ours = {way: [1.0, 0.0] * 10 for way in WAYS} | {OURS: [1.0] * 20}
    lines = list(markdown([FusionScores("made", {"success@1": ours, "success@5": ours})]))
    assert lines[0] == "| fused by | made success@1 | made success@5 |"
    assert lines[2] == "| dense | 0.500 | 0.500 |"
    assert lines[2 + len(WAYS)] == f"| {OURS} | 1.000 | 1.000 |"
    assert len({line.count("|") for line in lines[: 3 + len(WAYS)]}) == 1
    assert lines[-3:] == [f"| {way} | {2 / 2**10:.4f} |" for way in ("dense", "lexical", "reciprocal rank")]
