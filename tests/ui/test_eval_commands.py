"""The commands that work on stored runs: no model is opened."""

import json

import pytest

from tests.eval import made

FERRY = (made.gold("1912"),)


@pytest.fixture
def runs(tmp_path):
    """A run that gets one question of two right, and one of the same set that gets the other."""
    north, ferry = made.reading("north", 3.0, 0), made.reading("1912", 3.0)
    first = made.numbered(made.record(FERRY, ferry), made.record(FERRY, north))
    second = made.numbered(made.record(FERRY, north), made.record(FERRY, ferry), started="2026-04-02T12:00:00")
    return str(first.save(tmp_path)), str(second.save(tmp_path))


def test_two_runs_are_compared_in_a_table(pullquote, runs):
    ran = pullquote("eval", "compare", *runs)
    assert (ran.status, ran.err) == (0, "")
    rows = {line.split()[0]: line.split()[1:] for line in ran.out.splitlines() if line.strip()}
    assert rows["em"] == ["0.5000", "0.5000", "+0.0000", "1.0000", "2"]
    assert "Right in A, wrong in B: 1\n  q0  When?\n    A: 1912\n    B: north\n" in ran.out
    assert "Wrong in A, right in B: 1\n  q1  When?\n    A: north\n    B: 1912\n" in ran.out


def test_the_comparison_as_json_has_every_flip(pullquote, tmp_path):
    right = [made.record(FERRY, made.reading("1912", 3.0))] * 30
    wrong = [made.record(FERRY, hits=())] * 30
    first = made.numbered(*right).save(tmp_path)
    second = made.numbered(*wrong, started="2026-04-02T12:00:00").save(tmp_path)
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
    alone = made.numbered(made.record(FERRY, hits=()), started="2026-04-03T12:00:00").save(tmp_path)
    ran = pullquote("eval", "compare", runs[0], str(alone), "--json")
    assert (ran.status, json.loads(ran.out)["shared"]) == (0, 1)
    assert ran.err == "Of the 2 questions of A and the 1 of B only the 1 that both asked are compared.\n"


def test_runs_of_different_sets_are_one_sentence(pullquote, runs, tmp_path):
    other = made.numbered(made.record(FERRY), digest="e" * 64, set="other").save(tmp_path)
    ran = pullquote("eval", "compare", runs[0], str(other))
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == (
        "The runs asked different sets (made, digest d and other, digest eeeeeeeeeeee); compare two runs of one set.\n"
    )
    assert pullquote("eval", "compare", runs[0], str(tmp_path)).status == 2
