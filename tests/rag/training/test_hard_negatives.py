from dataclasses import replace

import pytest

from corpus.article import Span
from rag.decision.answer_normalisation import words_of
from rag.training.examples import TitledPassage, TrainingExample
from rag.training.hard_negatives import with_altered_questions

WRECK = "The Saint Brannoc ran aground on 4 May 1998 with 146 people. It was her first trip after the repair by Petroc Rowe."
WORKS = "The cannery of Ada King opened in 1921 and made the first tins; the last were sold in 1950."
SEEN = TitledPassage("Hollin Quay", WRECK), TitledPassage("Hollin Quay", WORKS)


def asked(question, source, answer):
    at = source.text.index(answer)
    return TrainingExample("made", question, source, Span(at, at + len(answer)))


WHEN = asked("When did the Saint Brannoc run aground?", SEEN[0], "4 May 1998")
TRIP = asked("After what was it her first trip with 146 people?", SEEN[0], "the repair")
WHO = asked("Who opened the cannery that made the first tins in 1921?", SEEN[1], "Ada King")
TINS = asked("What did Ada King make?", SEEN[1], "tins")
ROWE = asked("What did Petroc Rowe repair?", SEEN[0], "The Saint Brannoc")
FIRST = asked("Which tins did the cannery make?", SEEN[1], "first")  # the other passage has that answer as well
HARBOUR = [WHEN, TRIP, WHO, TINS, ROWE, FIRST]


def ways(example, examples=HARBOUR, seeds=200):
    """All that the question of an example is altered to."""
    place = examples.index(example)
    return {one for seed in range(seeds) for one in with_altered_questions(examples, 1.0, seed)[place].altered}


@pytest.mark.parametrize(("example", "expected"), [
    (WHEN, {  # a name of the article that the passage does not have, a denial, what is asked about the other passage
        "When did the Ada King run aground?", "When did not the Saint Brannoc run aground?", WHO.question, TINS.question,
        "When did the Petroc Rowe run aground?",  # a name of the passage, of another sentence than the answer's
    }),
    (TRIP, {  # a number and an opposite that the passage does not have
        "After what was it her first trip with 1921 people?", "After what was it her last trip with 146 people?",
        "After what was not it her first trip with 146 people?", WHO.question, TINS.question,
    }),
    (WHO, {  # "first" stays, for the passage has "last" as well
        "Who opened the cannery that made the first tins in 146?", "Who closed the cannery that made the first tins in 1921?",
        WHEN.question, TRIP.question, ROWE.question,
    }),
    (TINS, {
        "What did Saint Brannoc make?", "What did Petroc Rowe make?", "What did not Ada King make?",
        WHEN.question, TRIP.question, ROWE.question,
    }),
])  # fmt: skip
def test_a_question_is_altered_in_all_these_ways_and_no_other(example, expected):
    assert ways(example) == expected


def test_a_name_is_not_taken_for_one_of_the_sentence_that_answers():
    assert not any("Brannoc repair" in way for way in ways(ROWE))
    alone = asked(
        "What did Petroc Rowe mend?",
        TitledPassage("", "Petroc Rowe mended the Saint Brannoc in 1998."),
        "Saint Brannoc",
    )
    assert ways(alone, [alone], 50) == {"What did not Petroc Rowe mend?"}


def test_an_altered_question_is_none_that_its_passage_answers():
    shouted = asked("What was her FIRST trip after, with 146 people", SEEN[0], "the repair")
    twin = asked("When did the Ada King run aground?", SEEN[0], "4 May 1998")
    examples = [*HARBOUR, shouted, twin]
    for seed in range(100):
        for example in with_altered_questions(examples, 1.0, seed):
            known = {words_of(other.question) for other in examples if other.passage == example.passage}
            assert not known & {words_of(question) for question in example.altered}
    assert ways(WHEN, examples, 50) & {twin.question} == set()


def test_a_name_in_other_letters_does_not_make_another_question():
    loud = asked("When did the SAINT BRANNOC run aground?", SEEN[0], "4 May 1998")
    assert all(words_of(way) != words_of(loud.question) for way in ways(loud, [loud, *HARBOUR]))


def test_a_denied_question_is_not_denied_again():
    for question in (
        "What did the owner not repair?",
        "What didn’t the owner repair, and was it her trip?",
        "What was it that she isn't?",
    ):
        denied = asked(question, SEEN[0], "the repair")
        assert ways(denied, [denied], 100) == set()


def test_what_is_asked_about_another_article_is_not_taken():
    other = TrainingExample(
        "made", "Who leads Africom in 2011?", TitledPassage("Africom", "Carter Ham leads it since 2011."), Span(0, 10)
    )
    mixed = ways(WHEN, [*HARBOUR, other])
    assert mixed == ways(WHEN)


def test_nothing_else_of_an_example_changes():
    kept = [replace(example, wrong=(TitledPassage("", "x"),)) for example in HARBOUR]
    assert [replace(one, altered=()) for one in with_altered_questions(kept, 1.0, 7)] == kept


def test_the_share_is_that_of_the_examples():
    few, all_of_them = (
        sum(bool(one.altered) for one in with_altered_questions(HARBOUR * 500, share, 1)) for share in (0.3, 1.0)
    )
    assert few / all_of_them == pytest.approx(0.3, abs=0.04)
    assert with_altered_questions(HARBOUR, 0.0, 1) == HARBOUR
    assert with_altered_questions([], 1.0, 1) == []


def test_the_same_seed_alters_the_same():
    assert with_altered_questions(HARBOUR, 1.0, 3) == with_altered_questions(HARBOUR, 1.0, 3)
    assert any(
        with_altered_questions(HARBOUR, 1.0, seed) != with_altered_questions(HARBOUR, 1.0, 3) for seed in range(4, 9)
    )
