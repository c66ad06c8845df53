import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.small_talk import is_small_talk, without_greeting


@pytest.mark.parametrize("text", [
    "hi", "Hi!", "Hello there", "hey", "Good morning!", "thanks", "thank you!", "Thank you so much for your help.", "ok", "OK, thanks!",
    "bye", "Good night!", "see you later", "who are you?", "Who made you?", "Are you an AI?", "What’s your name?", "how are you today?",
    "what can you do", "What can you do?", "Can you help me?", "help", "lol", "yes", "no", "cool", "Great, thanks, bye!", "Hello 😀",
    "hi :)", "Hi, how are you?", "Hello Pullquote", "How do I add a PDF?", "how can I upload a document to the library?",
    "How to add files?", "Where can I add my own articles?", "Can I add a web page?", "How do I delete an article?",
    "How do I remove files from the library?", "What file formats do you support?", "Which files can I add?",
    "hello world", "Hello, world!", "hello how are you", "Good luck", "Guten Tag", "ＨＥＬＬＯ", "ｈｉ！", "Are you sure?", "Are you sure about that?",
    "Is anyone there?", "anybody there", "How does this work?", "Do you speak Polish?", "Can you speak Welsh?", "Good luck, bye!",
    "How do I use Pullquote?", "What is Pullquote?", "I want to add a folder",
])  # fmt: skip
def test_what_asks_nothing_of_the_articles_is_small_talk(text):
    assert is_small_talk(text)


@pytest.mark.parametrize("text", [
    "Hi, when did the ferry run aground?", "Who sang Thank You?", "Who sang “Thank You”?", "«Hello»", "＂Hello＂", '"Hello"', "When was Hello released?",
    "What can you do about mould?", "Who are you going to call?", "Who made you king?", "How do I add a PDF to my claim?",
    "How do I add a dependent to my policy?", "How do I upload a document?", "Where can I get a document?", "How do I delete my account?",
    "How do I add eggs to the batter?", "How do I remove a stain?", "How do I file a claim?", "How does the library work?",
    "How do I use this app?", "What formats were used in the survey?", "Which files were leaked?", "OK Computer", "Yes Minister",
    "Good Luck Charlie", "Who made Hello World?", "Hello world program", "Is anyone there alive?", "Are you sure of the date?",
    "How does this work in Niger?", "How does it work?", "Does she speak Polish?", "Can you speak of luck?", "Ｗｈｏ ｉｓ ｉｔ？",
    "Good Morning Vietnam", "Hello Dolly", "Bye Bye Birdie", "thank you notes", "help wanted", "test results", "no smoking", "Why?",
    "And in Niger?", "How many articles does the constitution have?", "Take care of dogs", "What is up with the ferry?", "?", "ferry",
    "hi " * 100,
])  # fmt: skip
def test_what_an_article_may_answer_is_asked(text):
    assert not is_small_talk(text)


@pytest.mark.parametrize(("question", "asked"), [
    ("Hi, when did it sink?", "when did it sink?"), ("Hello! Who paid?", "Who paid?"), ("hello who paid", "who paid"),
    ("Thanks! And in Niger?", "And in Niger?"), ("Good morning Pullquote, is it open?", "is it open?"), ("OK, so who was it?", "so who was it?"),
    ("Guten Tag, who paid?", "who paid?"), ("Hello World, when was it made?", "Hello World, when was it made?"),
    ("Thank You, released when?", "Thank You, released when?"), ("Good Morning, Vietnam: who made it?", "Good Morning, Vietnam: who made it?"),
    ("Hi-fi, when did it begin?", "Hi-fi, when did it begin?"), ("No one knows who did it", "No one knows who did it"), ("Hi!", "Hi!"),
    ("Thank you when was it released?", "Thank you when was it released?"), ("", ""),
])  # fmt: skip
def test_a_greeting_before_a_question_is_left_out(question, asked):
    assert without_greeting(question) == asked


@given(st.text(max_size=200))
def test_what_is_left_of_a_question_is_its_end(text):
    assert text.endswith(without_greeting(text))
