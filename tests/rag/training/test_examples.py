import gzip
import json

import pytest

from corpus.article import Span
from rag.training.examples import TitledPassage, TrainingExample, load, read_squad, save

FERRY = "The ferry sank in May. In May 🦀 the café\u0301 burnt."
QUAY = TitledPassage("Hollin Quay", FERRY)


def answers(*places):
    return [{"answer_start": start, "text": text} for start, text in places]


def written(path, *articles):
    """A file in SQuAD's layout: (title, [(context, [(question, answers)])])."""
    data = [
        {"title": title, "paragraphs": [{"context": context, "qas": [{"question": question, "answers": found} for question, found in asked]}
                                        for context, asked in paragraphs]}
        for title, paragraphs in articles
    ]  # fmt: skip
    with gzip.open(path, "wt", encoding="utf-8") as file:
        json.dump({"version": "1", "data": data}, file)
    return path


def test_a_squad_file_is_read_with_the_places_of_its_answers(tmp_path):
    path = written(
        tmp_path / "harbour.json.gz",
        (
            "Hollin_Quay",
            [
                (
                    FERRY,
                    [
                        ("When did\nthe  ferry sink? ", answers((18, "May"))),
                        ("What burnt?", answers((36, "café\u0301"))),
                    ],
                )
            ],
        ),
        ("Africom", [("Ann leads it.", [("Who leads it?", answers((0, "Ann")))])]),
    )
    assert list(read_squad(path)) == [
        TrainingExample("harbour", "When did the ferry sink?", QUAY, Span(18, 21)),
        TrainingExample("harbour", "What burnt?", QUAY, Span(36, 41)),
        TrainingExample("harbour", "Who leads it?", TitledPassage("Africom", "Ann leads it."), Span(0, 3)),
    ]


def test_the_first_answer_that_stands_where_it_says_is_taken(tmp_path):
    found = answers((17, "May"), (0, "may"), (26, "May"), (18, "May"))
    [example] = read_squad(written(tmp_path / "a.json.gz", ("A", [(FERRY, [("When?", found)])])))
    assert example.answer == Span(26, 29)


@pytest.mark.parametrize("found", [
    [], answers((0, "May")), answers((18, "")), answers((-1, ".")), answers((len(FERRY) - 1, ".x")), answers((999, "May")),
])  # fmt: skip
def test_a_question_without_an_answer_that_stands_is_left_out(tmp_path, found):
    path = written(tmp_path / "a.json.gz", ("A", [(FERRY, [("When?", found), ("What?", answers((4, "ferry")))])]))
    assert [(example.question, example.answer) for example in read_squad(path)] == [("What?", Span(4, 9))]


def test_what_looks_like_an_answer_to_an_unanswerable_question_is_none(tmp_path):
    path = tmp_path / "two.json.gz"
    asked = {"question": "Why?", "is_impossible": True, "answers": [], "plausible_answers": answers((4, "ferry"))}
    with gzip.open(path, "wt", encoding="utf-8") as file:
        json.dump({"data": [{"title": "A", "paragraphs": [{"context": FERRY, "qas": [asked]}]}]}, file)
    assert list(read_squad(path)) == []


def test_an_article_without_a_title_has_an_empty_one(tmp_path):
    path = tmp_path / "a.b.json.gz"
    asked = {"question": "When?", "answers": answers((18, "May"))}
    with gzip.open(path, "wt", encoding="utf-8") as file:
        json.dump({"data": [{"paragraphs": [{"context": FERRY, "qas": [asked]}]}]}, file)
    assert list(read_squad(path)) == [TrainingExample("a", "When?", TitledPassage("", FERRY), Span(18, 21))]


def test_examples_come_back_as_saved(tmp_path):
    odd = "line\u2028break\r\n\ttab \u0085 \x1c “quotes” שלום 👩\u200d🚀 e\u0301\u00ad\u00a0"
    kept = [
        TrainingExample("a", "When?", QUAY, Span(18, 21)),
        TrainingExample(
            "b", odd, TitledPassage(odd, odd), Span(0, len(odd)), (QUAY, TitledPassage("", "x")), ("Where?", odd)
        ),
        TrainingExample("a", "When?", QUAY, Span(18, 21), (), ("Why?",)),
    ]
    save(iter(kept), tmp_path / "kept.jsonl.gz")
    assert load(tmp_path / "kept.jsonl.gz") == kept
    save([], tmp_path / "kept.jsonl.gz")
    assert load(tmp_path / "kept.jsonl.gz") == []
