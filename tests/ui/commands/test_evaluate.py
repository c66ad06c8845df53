"""The commands that work on stored runs: no model is opened."""

import json
import re
from pathlib import Path

import pytest

from eval.run import Run
from tests.eval import example_runs

FERRY = (example_runs.gold("1912"),)


@pytest.fixture
def runs(tmp_path):
    """A run that gets one question of two right, and one of the same set that gets the other."""
    north, ferry = example_runs.reading("north", 3.0, 0), example_runs.reading("1912", 3.0)
    first = example_runs.numbered(example_runs.record(FERRY, ferry), example_runs.record(FERRY, north))
    second = example_runs.numbered(
        example_runs.record(FERRY, north), example_runs.record(FERRY, ferry), started="2026-04-02T12:00:00"
    )
    return str(first.save(tmp_path)), str(second.save(tmp_path))


def test_two_runs_are_compared_in_a_table(pullquote, runs):
    ran = pullquote("eval", "compare", *runs)
    assert (ran.status, ran.err) == (0, "")
    rows = {line.split()[0]: line.split()[1:] for line in ran.out.splitlines() if line.strip()}
    assert rows["em"] == ["0.5000", "0.5000", "+0.0000", "1.0000", "2"]
    assert "Right in A, wrong in B: 1\n  q0  When?\n    A: 1912\n    B: north\n" in ran.out
    assert "Wrong in A, right in B: 1\n  q1  When?\n    A: north\n    B: 1912\n" in ran.out


def test_the_comparison_as_json_has_every_flip(pullquote, tmp_path):
    right = [example_runs.record(FERRY, example_runs.reading("1912", 3.0))] * 30
    wrong = [example_runs.record(FERRY, hits=())] * 30
    first = example_runs.numbered(*right).save(tmp_path)
    second = example_runs.numbered(*wrong, started="2026-04-02T12:00:00").save(tmp_path)
    shown = pullquote("eval", "compare", str(first), str(second)).out
    assert "Right in A, wrong in B: 30, the first 20 (--json has all)\n" in shown
    assert shown.count("    B: (nothing)\n") == 20
    found = json.loads(pullquote("eval", "compare", str(first), str(second), "--json").out)
    assert found.keys() == {"set", "a", "b", "shared", "metrics", "lost", "gained"}
    assert found["metrics"]["em"] == {"a": 1.0, "b": 0.0, "difference": -1.0, "p": 0.0001, "n": 30}
    assert [flip["id"] for flip in found["lost"]] == [f"q{number}" for number in range(30)]
    assert found["lost"][0] == {"id": "q0", "question": "When?", "golds": ["1912"], "a": "1912", "b": None}
    assert found["gained"] == []


def test_sharing_only_part_of_the_questions_is_told(pullquote, runs, tmp_path):
    alone = example_runs.numbered(example_runs.record(FERRY, hits=()), started="2026-04-03T12:00:00").save(tmp_path)
    ran = pullquote("eval", "compare", runs[0], str(alone), "--json")
    assert (ran.status, json.loads(ran.out)["shared"]) == (0, 1)
    assert ran.err == "Of the 2 questions of A and the 1 of B only the 1 that both asked are compared.\n"


def test_runs_of_different_sets_are_one_sentence(pullquote, runs, tmp_path):
    other = example_runs.numbered(example_runs.record(FERRY), digest="e" * 64, set="other").save(tmp_path)
    ran = pullquote("eval", "compare", runs[0], str(other))
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == (
        "The runs asked different sets (made, digest d and other, digest eeeeeeeeeeee); compare two runs of one set.\n"
    )
    assert pullquote("eval", "compare", runs[0], str(tmp_path)).status == 2


def test_a_set_is_imported_and_what_was_left_out_is_told(pullquote, tmp_path):
    table = tmp_path / "t.csv"
    table.write_text("question,answer\nWhen?,1912\n,1913\n", encoding="utf-8")
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    ran = pullquote("eval", "import", str(table), str(first))
    assert (ran.status, ran.out) == (0, f"1 question in {first}\n")
    assert ran.err == "left out: line 3: it has no question\n"
    ran = pullquote("eval", "import", str(table), str(second), "--json")
    assert json.loads(ran.out) == {
        "format": "csv",
        "questions": 1,
        "articles": 0,
        "written": [str(second)],
        "left_out": ["line 3: it has no question"],
    }
    again = pullquote("eval", "import", str(table), str(first))
    assert (again.status, again.out) == (2, "")
    assert again.err == f"{first} is there already; name another file, or remove it first.\n"


def test_other_columns_are_one_sentence(pullquote, tmp_path):
    table = tmp_path / "t.csv"
    table.write_text("Question,Answer\nWhen?,1912\n", encoding="utf-8")
    ran = pullquote("eval", "import", str(table), str(tmp_path / "out.jsonl"))
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == (
        f"{table} is no evaluation set that can be read (its column 'Question' is not one of question, answer, source, "
        "context, which have to be spelt so); give a SQuAD .json, a .csv with the columns question, answer, source and "
        "context, a BEIR folder, or a folder with a corpus.jsonl and TREC topics and qrels.\n"
    )


def test_a_run_is_exported_in_both_formats(pullquote, runs, tmp_path):
    predictions, ranking = tmp_path / "p.json", tmp_path / "run.trec"
    ran = pullquote("eval", "export", runs[0], str(predictions), "--format", "squad")
    assert (ran.status, ran.out) == (0, f"2 questions in {predictions} and {tmp_path / 'p-na_prob.json'}\n")
    assert json.loads(predictions.read_text(encoding="utf-8")) == {"q0": "1912", "q1": "north"}
    strict = tmp_path / "strict.json"
    assert pullquote("eval", "export", runs[0], str(strict), "--format", "squad", "--threshold", "1").status == 0
    assert json.loads(strict.read_text(encoding="utf-8")) == {"q0": "", "q1": ""}
    ran = pullquote("eval", "export", runs[0], str(ranking), "--format", "trec", "--json")
    assert json.loads(ran.out) == {"format": "trec", "questions": 2, "written": [str(ranking)]}
    assert len(ranking.read_text(encoding="utf-8").splitlines()) == 6


@pytest.mark.model
def test_follow_ups_are_asked_as_they_are_meant_or_as_typed_and_the_two_runs_compared(pullquote, tmp_path):
    earlier = [{"question": "Who skippered the Girl Rhoda?", "answer": "Davy Kerslake"}]
    answers = [{"text": "four times", "source": "saint-brannoc-pulled-clear.html"}]
    question = "how many times did he put his boat under the ferry's side?"
    asked = tmp_path / "asked.jsonl"
    asked.write_text(json.dumps({"id": "f", "question": question, "earlier": earlier, "answers": answers}) + "\n")
    kept = []
    for options in ([], ["--as-typed"]):
        ran = pullquote("eval", "run", str(asked), *options, "--json")
        assert ran.status == 0
        kept.append(re.search(r"The run is kept in (.+)\.\n", ran.err)[1])
    meant, typed = (Run.load(Path(one)) for one in kept)
    assert [run.header.as_typed for run in (meant, typed)] == [False, True]
    assert [run.records[0].trace.question for run in (meant, typed)] == [
        question.replace("he put", "Davy Kerslake put"),
        question,
    ]
    assert pullquote("eval", "compare", *kept, "--json").status == 0
