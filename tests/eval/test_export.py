"""What is exported says to other scorers what the run says to ours."""

import json
from dataclasses import replace
from itertools import groupby

import pytest

from corpus.article import Passage, Span
from eval.datasets.example import Example, Gold
from eval.datasets.files import AlreadyThere
from eval.export import NothingToExport, export_squad, export_trec
from eval.metrics.answer_metrics import ndcg, reciprocal_rank
from eval.metrics.score import score
from eval.run import Record
from index.hit import Hit
from rag.answer import Reading, Trace
from tests.eval import example_runs
from tests.eval.metrics.test_answer_metrics import stored

FERRY = (example_runs.gold("1912"),)


def ranked(identity, relevant, *hits):
    """A judged question; a hit is its article, where its passage starts, and its score."""
    found = tuple(Hit(Passage(article, "", Span(start, start + 1), "x"), value) for article, start, value in hits)
    return Record(Example(identity, "q", relevant=relevant), Trace("q", found, ()))


def test_a_trec_run_ranks_the_articles_of_a_judged_set(tmp_path):
    run = example_runs.run(
        ranked("q 1", {"a": 1}, ("b", 0, 0.9), ("a", 5, 0.8), ("b", 7, 0.7), ("c d", 0, 0.5)),
        ranked("2", {"a": 1}),
        kind="beir",
    )
    (path,) = export_trec(run, tmp_path / "out" / "run.trec")
    assert path.read_text(encoding="utf-8").splitlines() == [
        "q%201 Q0 b 1 0.899999976 pullquote",
        "q%201 Q0 a 2 0.800000012 pullquote",
        "q%201 Q0 c%20d 3 0.5 pullquote",
    ]


def test_a_trec_run_ranks_the_passages_of_any_other_set(tmp_path):
    (path,) = export_trec(example_runs.numbered(example_runs.record(FERRY)), tmp_path / "run.trec")
    assert [line.split()[:4] for line in path.read_text().splitlines()] == [
        ["q0", "Q0", "a:27-50", "1"],
        ["q0", "Q0", "a:0-25", "2"],
        ["q0", "Q0", "a:52-76", "3"],
    ]


def test_a_scorer_that_orders_by_score_alone_and_breaks_ties_backwards_gets_our_figures(tmp_path):
    tied = [("a", 0, 0.5), ("b", 0, 0.5), ("c", 0, 0.5 - 1e-12), ("d", 0, 0.25), ("e", 0, -0.0), ("f", 0, 0.0)]
    run = example_runs.run(ranked("1", {"b": 2, "d": 1, "x": 1}, *tied), ranked("2", {"f": 1}, *tied), kind="beir")
    lines = [line.split() for line in export_trec(run, tmp_path / "run.trec")[0].read_text().splitlines()]
    gains = []
    for number, (_, rows) in enumerate(groupby(lines, key=lambda row: row[0])):
        order = sorted(((float(row[4]), row[2]) for row in rows), reverse=True)
        assert len({value for value, _ in order}) == len(order)
        gains.append([float(run.records[number].example.relevant.get(article, 0)) for _, article in order])
    judged = [list(record.example.relevant.values()) for record in run.records]
    found = score(run).metrics
    assert found["mrr@10"].value == pytest.approx(sum(reciprocal_rank(one, 10) for one in gains) / 2)
    assert found["ndcg@10"].value == pytest.approx(sum(map(ndcg, gains, judged, [10, 10])) / 2)


def said(identity, prediction, golds, margin=3.0):
    """A question answered with these words alone, or with none."""
    readings = ()
    if prediction:
        passage = Passage("a", "", Span(0, len(prediction)), prediction)
        readings = (Reading(passage, Span(0, len(prediction)), margin, 0.0),)
    golds = tuple(Gold(words) for words in golds)
    return Record(Example(identity, "Which?", golds), Trace("Which?", (), readings))


def exported(run, path, threshold):
    return [json.loads(one.read_text(encoding="utf-8")) for one in export_squad(run, path, threshold)]


def test_the_exported_predictions_score_what_the_official_algorithm_gives_them(tmp_path):
    # Every case's figures were worked out by hand from the SQuAD 2.0 algorithm.
    rows = {f"{number}": row for number, row in enumerate(stored())}
    run = example_runs.run(*[said(name, row["prediction"], row["golds"]) for name, row in rows.items()])
    predictions, _ = exported(run, tmp_path / "predictions.json", 0.0)
    assert predictions == {name: row["prediction"] for name, row in rows.items()}
    found = score(run, 0.0).metrics
    assert found["em"].value == pytest.approx(sum(row["em"] for row in rows.values()) / len(rows))
    assert found["f1"].value == pytest.approx(sum(row["f1"] for row in rows.values()) / len(rows))


def answered_run():
    """SQuAD 2.0's four cases, sure and unsure: answerable or not, answered or not."""
    return example_runs.run(
        said("exact", "The Saint Brannoc!", ["saint brannoc", "Brannoc"], 3.0),
        said("half", "in 1912", ["1912"], 2.0),
        said("withheld", "Merrin", ["Merrin"], 0.0),
        said("missed", "", ["Skerrow"]),
        said("rightly silent", "Skerrow", [], -1.0),
        said("wrongly said", "Skerrow", [], 1.0),
    )


def test_what_is_withheld_is_empty_and_the_doubt_is_what_confidence_leaves(tmp_path):
    predictions, doubt = exported(answered_run(), tmp_path / "p.json", example_runs.sure(0.5))
    assert predictions == {
        "exact": "The Saint Brannoc!",
        "half": "in 1912",
        "withheld": "",
        "missed": "",
        "rightly silent": "",
        "wrongly said": "Skerrow",
    }
    assert doubt == {
        "exact": pytest.approx(1 - example_runs.sure(3.0)),
        "half": pytest.approx(1 - example_runs.sure(2.0)),
        "withheld": 0.5,
        "missed": 1.0,
        "rightly silent": pytest.approx(example_runs.sure(1.0)),
        "wrongly said": pytest.approx(1 - example_runs.sure(1.0)),
    }


def test_the_figures_of_squad_2_worked_out_by_hand_for_the_exported_predictions():
    # exact 1 0 0 0 1 0; f1 1 2/3 0 0 1 0 ("in 1912": precision 1/2, recall 1); the first four have an answer.
    found = score(answered_run()).metrics
    assert {name: found[name].value for name in ("em", "f1", "hasans_em", "hasans_f1", "noans")} == pytest.approx(
        {"em": 2 / 6, "f1": (1 + 2 / 3 + 1) / 6, "hasans_em": 1 / 4, "hasans_f1": (1 + 2 / 3) / 4, "noans": 1 / 2}
    )


def test_nothing_withheld_and_a_threshold_on_the_doubt_come_to_the_same(tmp_path):
    run = answered_run()
    predictions, _ = exported(run, tmp_path / "own.json", example_runs.sure(0.5))
    forced, doubt = exported(run, tmp_path / "forced.json", 0.0)
    assert forced["withheld"] == "Merrin"
    assert {
        name: "" if doubt[name] > 1 - example_runs.sure(0.5) else words for name, words in forced.items()
    } == predictions


def test_nothing_is_written_over(tmp_path):
    (tmp_path / "p-na_prob.json").write_text("mine")
    with pytest.raises(AlreadyThere, match=r"p-na_prob\.json is there already; name another file"):
        export_squad(answered_run(), tmp_path / "p.json", 0.5)
    assert [path.name for path in tmp_path.iterdir()] == ["p-na_prob.json"]


def test_what_a_format_cannot_say_is_told_in_a_sentence_with_a_way_out(tmp_path):
    with pytest.raises(NothingToExport, match="answered nothing; export it with --format trec"):
        export_squad(example_runs.run(ranked("1", {"a": 1}), kind="beir"), tmp_path / "x", 0.5)
    with pytest.raises(NothingToExport, match="ranked nothing; export one with --open"):
        export_trec(replace(answered_run(), header=replace(example_runs.HEADER, mode="given")), tmp_path / "x")
    for export in (export_trec, lambda run, path: export_squad(run, path, 0.5)):
        with pytest.raises(NothingToExport, match=r"have the same id.*give each its own"):
            export(example_runs.run(example_runs.record(FERRY), example_runs.record(FERRY)), tmp_path / "x")
    assert list(tmp_path.iterdir()) == []
