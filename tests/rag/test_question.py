import pytest

from rag.conversation.earlier import Earlier
from rag.options import AskOptions
from rag.question import BadQuestion, CheckedQuestion, checked, followed


@pytest.mark.parametrize("question", ["", " ", "\n\t\u00a0", "\0\x01\x7f", "\u200b\u00ad\ufeff", "\ud800"])
def test_a_question_without_characters_to_see_is_empty(question):
    with pytest.raises(BadQuestion, match=r"^The question is empty; ask one of at least one character\.$"):
        checked(question)


@pytest.mark.parametrize("length", [2_001, 100_000])
def test_a_question_of_more_than_2_000_characters_is_too_long(length):
    with pytest.raises(
        BadQuestion, match=rf"^The question has {length:,} characters; ask one of at most 2,000 characters\.$"
    ):
        checked("x" * length)
    with pytest.raises(BadQuestion):
        checked(" " * length)


@pytest.mark.parametrize(("question", "asked"), [
    ("  Who?\n", "Who?"), ("x" * 2_000, "x" * 2_000), ("Who\0 is\x07 it?", "Who is it?"), ("line one\nline two", "line one\nline two"),
    ("Qui a gagné ? 🦀", "Qui a gagné ? 🦀"), ("من هو؟", "من هو؟"), ("?", "?"), ("who \ud800", "who"),
    ("می\u200cخواهم چه؟", "می\u200cخواهم چه؟"), ("who is 👩\u200d🚒?", "who is 👩\u200d🚒?"),
])  # fmt: skip
def test_a_question_is_asked_without_white_space_around_it_and_characters_nobody_sees(question, asked):
    assert checked(question) == asked


def test_a_question_that_cannot_be_asked_is_told_before_anything_is_done():
    with pytest.raises(BadQuestion, match=r"^The question is empty;"):
        CheckedQuestion(" ", AskOptions(1))
    with pytest.raises(BadQuestion, match=r"^The question has 2,001 characters;"):
        CheckedQuestion("x" * 2001, AskOptions(1))


def test_a_question_that_would_get_too_long_is_asked_as_typed():
    long = Earlier(f"When did the {'very ' * 390}old mill close?")
    assert followed("And why?", [Earlier("When did the mill close?")]) == "why did the mill close?"
    assert len(long.question) <= 2_000
    assert followed("Who said so about all of that?", [long]) == "Who said so about all of that?"


def test_a_greeting_is_not_asked_and_nothing_follows_small_talk():
    mill = Earlier("When did the mill close?")
    assert CheckedQuestion("Hi, who paid?", AskOptions(1)).rewritten == "who paid?"
    assert CheckedQuestion("thanks", AskOptions(1, earlier=(mill,))).rewritten == "thanks"
    assert followed("Thanks! And why?", [mill]) == "why did the mill close?"
    assert followed("And why?", [mill, Earlier("thanks")]) == "why did the mill close?"
    assert followed("And why?", [Earlier("Hi, when did the mill close?")]) == "why did the mill close?"


def test_what_may_be_small_talk_follows_a_question_that_is_not():
    assert followed("How does this work?", []) == "How does this work?"
    assert followed("How does this work?", [Earlier("thanks")]) == "How does this work?"
    pump = Earlier("What is a heat pump?")
    assert followed("How does this work?", [pump]) == "What is a heat pump, and how does this work?"
    assert followed("Are you sure?", [pump]) == "Are you sure?"
