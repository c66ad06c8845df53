from time import perf_counter, process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Span
from corpus.sentences import sentences_around
from rag.reader.question_type import asked_count, asks_for_more, asks_for_several, few_words

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


@pytest.mark.parametrize("question", [
    "Is it true that the slip was shut?", "true or false: the slip was shut", "Did the council approve the wall?",
    "was the slip shut in May", "Has anyone been hurt?", "Can dogs travel on the ferry?", "Didn't the owner know?",
    "Can you tell me if the slip is open?", "Do you know whether the slip is open?", "are there trains to the quay",
    "What is the difference between a slip and a quay?", "difference between slip and quay",
    "What's the main difference between the two plans?", "Describe the winch.", "Can you explain the levy?",
    "please summarise the report", "Tell me about the ferry.", "could you tell me more about the levy?",
    "What do we know about the crack?", "2 facts about the ferry", "Who built the slip and when?",
    "Where was the ferry built and what does it carry?", "Who owns the slip and is it open?", "Where does the race start and finish?",
])  # fmt: skip
def test_few_words_cannot_settle_describe_or_answer_two_questions(question):
    assert asks_for_more(question)
    assert few_words(question) == "no"


@pytest.mark.parametrize("question", [
    "What happened to the ferry?", "what happens when the tide is high", "What will happen after the vote?",
    "What's happening at the quay?", "What did the divers do when the hull broke?", "What does the harbour master do?",
    "What does a list of nine degrees mean?", "What is meant by dry weight?", "What is the role of the pilot?",
    "What are the main effects of the levy on trade?", "the purpose of the levy", "cow ledge meaning",
    "What were the owner's views on the wall?", "What is the report about?", "Where does the name Cow Ledge come from?",
    "where did the quay get its name", "Could you tell me why the slip was shut?", "What are the causes of the crack?",
    "What determines the fare?", "Is the slip in the north or the south?",
])  # fmt: skip
def test_a_happening_a_purpose_a_meaning_and_an_origin_ask_for_more(question):
    assert asks_for_more(question)
    assert few_words(question) == "yes"


@pytest.mark.parametrize("question", [
    "How often does the ferry sail?", "What did the harbour buy?", "what does she do for a living",
    "Can you tell me who shut the slip?", "Do you know when the slip opens?", "Can you name the owner?",
    "Will you identify the ferry?", "If the slip is shut, which quay is used?",
    "What was the age difference between the two masters?", "Where and when did the ferry run aground?",
    "Name the owner of the slip.", "The History Museum is under which council?", "Where does the ferry come in?",
    "Who steered the ferry and had the watch?", "What is the name of the role that she plays?", "When did it happen?",
    "How long did it take?", "how many people can it carry", "Who happened to see it?",
])  # fmt: skip
def test_questions_for_few_words_that_look_like_others_do_not_ask_for_more(question):
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
    assert few_words(question) == ("unquoted" if is_speech else "yes")


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


@pytest.mark.parametrize(
    "words", ["what is and ", "can you tell me ", "is it or ", "what do and why ", "please so ", "the meaning of "]
)
def test_a_long_question_takes_no_time(words):
    start = perf_counter()
    asks_for_more((words * 1000)[:2000])
    assert perf_counter() - start < 0.1


@pytest.mark.parametrize("words", ["what do ", "how is ", "what was told ", "do do do ", "why "])
def test_a_long_question_takes_no_longer_than_its_length(words):
    started = process_time()
    few_words(words * 250), asks_for_more(words * 250), asks_for_several(words * 250)
    assert process_time() - started < 0.05
