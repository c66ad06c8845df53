import json

import pytest

from eval.datasets.read_set import read_set
from eval.experiments.reading.answer_kinds import measure

TEXT = "The council paid £9 for the 4 oars on Monday."
QUESTIONS = [("Who paid?", "The council"), ("Who paid?", "£9"), ("How many oars?", "4"), ("Why?", "oars")]


@pytest.fixture
def oars(tmp_path):
    asked = [
        {"id": str(number), "question": question, "answers": [{"text": words, "answer_start": TEXT.index(words)}]}
        for number, (question, words) in enumerate(QUESTIONS)
    ]
    path = tmp_path / "oars.json"
    path.write_text(json.dumps({"data": [{"title": "Oars", "paragraphs": [{"context": TEXT, "qas": asked}]}]}))
    return read_set(path)


def test_right_answers_that_seem_of_another_kind_are_counted_and_shown(oars):
    head, _, row, *rest = measure([oars], show=True)
    assert head == "| set | golds | a kind is asked for | fit 1 | 0 | -1 | ruled out | of all golds |"
    assert row == "| oars | 4 | 3 | 1 | 1 | 1 | 1 | 25.00 % |"
    assert rest == ["", "oars: Who paid? | £9"]
    assert list(measure([oars])) == [head, "|---|---|---|---|---|---|---|---|", row]
