import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Span
from corpus.sentences import sentences_around
from rag.reader.question_type import asked_count, asks_for_more, asks_for_several, asks_for_speech

TEXT = "The slip was shut on Monday. It had cracked in the frost, the harbour said. “We saw it too late,” she said."


@pytest.mark.parametrize("question", [
    "Why was the slip shut?", "why didn't anyone see the crack", "slip shut why", "How come the slip was shut?",
    "reason for closing the slip", "What caused the crack?", "what led to the closure", "How does the winch work?",
    "how did the boats get out", "How to reach the island?", "How is the levy paid?", "What did the harbour say about frost?",
    "what does she think of the winch", "How did the owner respond?", "What was her advice to the crews?",
    "Under the new rules, how must a route be entered?",
])  # fmt: skip
def test_reasons_manners_and_speeches_ask_for_more(question):
    assert asks_for_more(question)


@pytest.mark.parametrize("question", [
    "Who shut the slip?", "When did it crack?", "How many boats lay there?", "How long was it shut?", "how old is the slip",
    "How much did the mending cost?", "What is the winch called?", "Which harbour shut its slip?", "slip closure date", "",
    "What did the harbour build?", "Where is Whyteleafe?", "how far is the quay",
    "Who knew how to reach the island?",
])  # fmt: skip
def test_names_numbers_and_places_do_not(question):
    assert not asks_for_more(question)


def around(words):
    start = TEXT.index(words)
    return sentences_around(TEXT, Span(start, start + len(words))).cut(TEXT)


def test_a_span_is_extended_to_its_sentence():
    assert around("cracked in the frost") == "It had cracked in the frost, the harbour said."
    assert around("Monday") == "The slip was shut on Monday."


def test_a_span_over_two_sentences_is_extended_to_both():
    assert around("Monday. It had") == "The slip was shut on Monday. It had cracked in the frost, the harbour said."


@given(st.text(min_size=1), st.data())
def test_the_sentences_hold_the_span_in_any_text(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    found = sentences_around(text, span)
    assert found.covers(span)
    assert found.end <= len(text)


@pytest.mark.parametrize(("question", "is_speech"), [
    ("What did the harbour say about frost?", True), ("what does she  THINK of the winch", True),
    ("What was her advice to the crews?", True), ("Why was the slip shut?", False), ("How is the levy paid?", False), ("", False),
    ("What was the harbour's response?", True), ("What was her claim about frost?", True), ("What was the advice she gave?", True),
    ("What are the objections the crews raise?", True), ("What did they promise the crews?", True), ("What is she expected to say?", True),
])  # fmt: skip
def test_a_speech_is_told_from_a_reason_or_a_manner(question, is_speech):
    assert asks_for_speech(question) == is_speech


@pytest.mark.parametrize(("question", "count"), [
    ("Who were the winners?", None), ("Which countries signed it?", None), ("What are the three colours?", 3), ("which two  frescos are shown?", 2), ("Name the boats of the fleet.", None),
    ("What soap operas did ABC cancel in 2011?", None), ("Which of the 12 boats sank?", 12), ("Where are the churches?", None), ("What men crossed it?", None),
    ("List 5 boats.", 5),
])  # fmt: skip
def test_a_plural_asks_for_several(question, count):
    assert asks_for_several(question)
    assert asked_count(question) == count


@pytest.mark.parametrize("question", [
    "Who won?", "Which country signed it?", "What is the colour?", "What causes it?", "What happens in May?", "Which city has museums?", "What was his name?", "Which class is it?",
    "What are the boats called?", "What does it cost in 2 million years?", "", "Why were they late?", "How many boats were there?",
])  # fmt: skip
def test_other_questions_ask_for_one_thing(question):
    assert not asks_for_several(question)


@pytest.mark.parametrize("question", [
    "What is the reply-to address?", "What is the claim's number?", "What is the response time?", "What was the response time of the fire brigade last year?", "What is the answer sheet?",
    "What is the statement date?", "What is the comment section called?", "What are the comments sections for?",
    "What was the reply rate?", "What does the reply rate show?", "What did the claim form cost?", "What is an objection deadline?",
    "What was the advice line's number?", "What is the object of the game?", "What did the public comment period cost?",
    "What is the name of the series that critics describe?",
])  # fmt: skip
def test_words_of_speech_that_are_part_of_a_noun_ask_for_no_more(question):
    assert not asks_for_more(question)
