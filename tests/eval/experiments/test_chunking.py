import gzip
import json

import pytest

from corpus.article import Span
from corpus.chunk import Chunking
from eval.experiments.chunking import Overlap, markdown, measure, overlap, read_materials
from rag.settings import Settings
from tests.eval import example_runs
from tests.fakes import HashEncoder


def test_characters_worked_out_by_hand():
    # 10 of 20 reference characters found in 40 retrieved: union 40 + 20 - 10.
    found = overlap([("a", Span(0, 30)), ("b", Span(0, 10))], [("a", Span(20, 40))])
    assert found == Overlap(0.5, 0.25, 0.2)


def test_text_retrieved_twice_counts_twice_below_the_line_and_once_above():
    found = overlap([("a", Span(0, 10)), ("a", Span(5, 15))], [("a", Span(0, 10))])
    assert found == Overlap(1.0, 0.5, 0.5)


def test_the_same_place_in_another_article_is_another_place():
    assert overlap([("b", Span(0, 10))], [("a", Span(0, 10))]) == Overlap(0.0, 0.0, 0.0)
    assert overlap([], [("a", Span(0, 10))]) == Overlap(0.0, 0.0, 0.0)


@pytest.fixture
def folder(tmp_path):
    squad = {
        "data": [
            {
                "title": "Merrin",
                "paragraphs": [
                    {
                        "context": passage.text,
                        "qas": [
                            {
                                "id": str(number),
                                "question": passage.text,
                                "answers": [{"text": passage.text, "answer_start": 0}],
                            }
                        ],
                    }
                    for number, passage in enumerate(example_runs.PASSAGES)
                ],
            }
        ]
    }
    (tmp_path / "reading").mkdir()
    (tmp_path / "reading" / "squad1-dev.json.gz").write_bytes(gzip.compress(json.dumps(squad).encode()))
    (tmp_path / "chunking" / "corpora").mkdir(parents=True)
    (tmp_path / "chunking" / "corpora" / "long_text.md").write_text("Ships sail.\n\nCrabs walk.\n\nBells ring.")
    question = {
        "question": "Crabs walk",
        "corpus": "long_text",
        "references": [{"start": 13, "end": 24, "text": "Crabs walk."}],
    }
    (tmp_path / "chunking" / "questions.jsonl.gz").write_bytes(gzip.compress(json.dumps(question).encode()))
    return tmp_path


def test_a_chunking_is_measured_on_both_materials(folder):
    row = measure(Chunking(5), False, read_materials(folder, None), HashEncoder(), Settings())
    assert row.passages == 3
    assert row.success == {"fused": (1.0, 1.0), "dense": (1.0, 1.0), "lexical": (1.0, 1.0)}
    # Passages of at most five words: two paragraphs, then one; both are retrieved, 24 + 11 characters for 11.
    assert row.references == Overlap(1.0, pytest.approx(11 / 35), pytest.approx(11 / 35))
    head, rule, line = markdown([row])
    assert head.count("|") == rule.count("|") == line.count("|")
    assert line.startswith("| 5 | 0 | no | 3 | ")
