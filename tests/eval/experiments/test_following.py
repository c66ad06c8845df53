"""The set of follow-ups that ships, and the figures with the conversation carried over and without."""

import json
import sys
from collections import Counter
from pathlib import Path

import pytest

from corpus.sample import sample_articles
from eval.datasets.example import Example
from eval.datasets.files import decoded
from eval.datasets.place import placed
from eval.datasets.read_set import read_set
from eval.datasets.record import lines
from eval.experiments import following
from eval.experiments.following import Carried, carried
from eval.temporary_library import articles_only
from rag.conversation.query_rewriting import Earlier
from rag.reader.sentence_reader import SentenceReader
from rag.settings import Settings
from tests.fakes import HashEncoder

OWN = Path(__file__).parents[3] / "eval" / "sets" / "follow-ups.jsonl"
TURNS = (Earlier("Who skippered the Girl Rhoda?", "Davy Kerslake"),)


def kinds():
    return {record["id"]: record["kind"] for record in lines(decoded(OWN))}


def test_every_answer_of_the_set_stands_in_its_article_and_every_turn_before_too():
    examples = read_set(OWN).examples
    with articles_only(sample_articles()) as library:
        assert [gold for one in placed(examples, library) for gold in one.golds if gold.span is None] == []
        texts = [library.article(header.id).text for header in library.headers()]
    turns = [turn for one in examples for turn in one.earlier if turn.answer]
    assert all(turn.answer in turn.sentence for turn in turns)
    assert all(any(turn.sentence in text for text in texts) for turn in turns)


def test_the_set_has_every_kind_in_both_halves():
    counts = Counter((record["split"], record["kind"]) for record in lines(decoded(OWN)))
    kinds = {"pronoun", "ellipsis", "bare", "self-contained", "unanswerable"}
    assert counts.keys() == {(split, kind) for split in ("dev", "test") for kind in kinds}
    assert min(counts.values()) >= 3
    assert sum(not one.golds for one in read_set(OWN).examples) == 10


def test_what_stands_by_itself_in_the_set_is_never_changed_and_what_follows_nearly_always():
    assert carried(read_set(OWN).examples, kinds()) == Carried(alone=17, changed=0, following=70, left=1)


def test_what_is_carried_and_what_is_not_is_counted():
    examples = [
        Example("a", "How old is he?", earlier=TURNS),
        Example("b", "What is seagrass?", earlier=TURNS),
        Example("c", "What is seagrass?", earlier=TURNS),
        Example("d", "Where was he?", earlier=TURNS),
    ]
    kinds_by_id = {"a": "pronoun", "b": "pronoun", "c": "self-contained", "d": "self-contained"}
    assert carried(examples, kinds_by_id) == Carried(alone=2, changed=1, following=2, left=1)


def test_the_figures_of_each_split_are_printed(tmp_path, monkeypatch):
    monkeypatch.setattr(following, "open_encoder", lambda settings, notice: HashEncoder())
    monkeypatch.setattr(following, "open_reader", lambda settings, encoder: SentenceReader(encoder))
    records = [record for record in lines(decoded(OWN)) if record["id"] in {"f001", "f032", "f044"}]
    path = tmp_path / "few.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    shown = [block.split("\n") for block in "\n".join(following.report_lines(path, Settings())).strip().split("\n\n")]
    assert [block[0].split() for block in shown] == [
        [split, "as", "typed", "carried", "n"] for split in ("dev", "test", "all")
    ]  # fmt: skip
    assert [block[-1] for block in shown] == [
        "by themselves 1, changed 0; following 1, left 0",
        "by themselves 0, changed 0; following 1, left 0",
        "by themselves 1, changed 0; following 2, left 0",
    ]
    assert all(any(line.startswith("success@5") for line in block) for block in shown)


def test_a_set_whose_questions_follow_nothing_is_asked_after_itself(tmp_path):
    asked = [("Who skippered it?", "Davy"), ("How old is he?", "9"), ("What is seagrass?", "a plant")]
    path = tmp_path / "own.jsonl"
    records = [{"question": question, "answers": [{"text": text}]} for question, text in asked]
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    before, other = following.report_lines(path, Settings())
    assert before == "after the one before: 1 of 2 unchanged (50.00%)"
    assert other.startswith("after any other: ")


def test_a_set_must_be_named(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["following"])
    with pytest.raises(SystemExit):
        following.main()
    assert "the following arguments are required: set" in capsys.readouterr().err
