from dataclasses import replace

import pytest

from corpus.article import Span
from rag.training.examples import TitledPassage, TrainingExample
from rag.training.mine import with_wrong_passages
from tests.fakes import HashEncoder

TITLE = "Hollin Quay"
BOATS = [
    TitledPassage(TITLE, f"The ferry number {number} of the quay was built in {1900 + number}.") for number in range(60)
]
FAR = [TitledPassage("Africom", f"Headquarters {number} moved to Stuttgart without delay.") for number in range(60)]


def asked(source, answer, question="When was the ferry of the quay built?"):
    at = source.text.index(answer)
    return TrainingExample("made", question, source, Span(at, at + len(answer)))


BUILT = [asked(source, source.text[-5:-1]) for source in BOATS]
MOVED = [asked(source, "Stuttgart", "Where did they move the headquarters?") for source in FAR]


@pytest.fixture
def encoder():
    return HashEncoder()


def test_wrong_passages_are_near_the_question_and_up_to_four(encoder):
    found = with_wrong_passages(BUILT + MOVED, 1.0, encoder, 1)
    for example in found[: len(BUILT)]:
        assert 1 <= len(example.wrong) <= 4
        assert set(example.wrong) <= set(BOATS) - {example.passage}
        assert len(set(example.wrong)) == len(example.wrong)
    assert max(len(example.wrong) for example in found) == 4


def test_a_passage_that_holds_the_answer_is_not_wrong(encoder):
    found = with_wrong_passages(MOVED, 1.0, encoder, 1)
    assert found == MOVED  # all of them have Stuttgart
    again = TitledPassage(TITLE, "The ferry of the quay, built in 1907, sank.")
    more = with_wrong_passages([*BUILT, asked(again, "1907")], 1.0, encoder, 2)
    assert BOATS[7] not in more[-1].wrong
    assert again not in more[7].wrong


def test_the_passage_of_an_example_is_never_wrong_even_where_its_answer_is_part_of_a_word(encoder):
    odd = [
        TitledPassage(TITLE, f"The largest ferry of the quay costs $48.6 million, built {number}.")
        for number in range(30)
    ]
    examples = [asked(source, answer) for source in odd for answer in ("large", "48.6 million")]
    for seed in range(5):
        for example in with_wrong_passages(examples, 1.0, encoder, seed):
            assert example.wrong
            assert example.passage not in example.wrong


def test_the_nearest_passage_is_the_likeliest(encoder):
    text = "Was the ferry of the quay built in spring?"
    near = [
        TitledPassage(TITLE, text),
        *(TitledPassage(TITLE, f"{text} {'tide ' * number}") for number in range(1, 20)),
    ]
    example = TrainingExample(
        "made", text, TitledPassage(TITLE, "The ferry of the quay was built in May."), Span(35, 38)
    )
    drawn = [with_wrong_passages([example, *map(self_asked, near)], 1.0, encoder, seed)[0].wrong for seed in range(150)]
    share = [sum(source in wrong for wrong in drawn) / len(drawn) for source in near]
    assert share[0] == pytest.approx(1 / 3, abs=0.12)
    assert share[0] > share[-1]
    assert sum(len(wrong) for wrong in drawn) / len(drawn) > 3


def self_asked(source):
    return TrainingExample("made", "x", source, Span(0, 1))


@pytest.mark.parametrize("count", [1, 2, 23, 24, 25])
def test_few_passages_are_enough(encoder, count):
    found = with_wrong_passages(BUILT[:count], 1.0, encoder, 1)
    assert [replace(one, wrong=()) for one in found] == BUILT[:count]
    assert [bool(one.wrong) for one in found] == [count > 1] * count


def test_the_share_is_that_of_the_examples_and_the_rest_stays(encoder):
    found = with_wrong_passages(BUILT, 0.25, encoder, 1)
    assert sum(bool(one.wrong) for one in found) == 15
    assert [replace(one, wrong=()) for one in found] == BUILT
    assert with_wrong_passages(BUILT, 0.0, encoder, 1) == BUILT


def test_the_same_seed_finds_the_same(encoder):
    assert with_wrong_passages(BUILT, 0.5, encoder, 4) == with_wrong_passages(BUILT, 0.5, encoder, 4)
    assert with_wrong_passages(BUILT, 0.5, encoder, 4) != with_wrong_passages(BUILT, 0.5, encoder, 5)
