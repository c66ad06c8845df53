import pytest

from corpus.article import Span
from eval.datasets.example import Example, Gold
from eval.experiments.reading.near_questions import question_pairs, rows
from tests.fakes import HashEncoder


def example(question, words, start, article="a"):
    golds = (Gold(words, article, Span(start, start + len(words))),)
    return Example(question, question, golds, article=article, paragraph=Span(0, 100))


EXAMPLES = [
    example("Who won the cup of 1990?", "Rovers", 0),
    example("who won the cup of 1990", "Rovers", 0),
    example("Who lost the cup of 1990?", "United", 20),
    example("Who won the cup for 1990?", "the Rovers", 0),
    example("Who won the cup?", "Rovers", 0, article="b"),
]


def test_questions_about_one_paragraph_are_compared():
    pairs = list(question_pairs(EXAMPLES, HashEncoder()))
    found = {(pair.one.text, pair.other.text): (pair.is_different, pair.has_same_words) for pair in pairs}
    first, same, other, _, _ = [one.question for one in EXAMPLES]
    assert found[first, same] == (False, True)
    assert found[first, other] == (True, False)
    assert len(pairs) == 4  # "the Rovers" is at the place of "Rovers", and no answer of another's
    assert next(pair.cosine for pair in pairs if pair.has_same_words) == pytest.approx(1.0)


def test_the_shares_that_are_taken_for_the_same():
    found = {row[0]: row[1:] for row in rows(list(question_pairs(EXAMPLES, HashEncoder())))}
    assert found["the same words"] == ("0 of 3 (0.000%)", "1 of 1", "0%")
    assert found["cosine from 0.85"] == ("2 of 3 (66.667%)", "1 of 1", "67%")  # who won, and who lost
