"""Questions out of single sentences: in good English, and only where a sentence names whom it is about."""

from dataclasses import replace
from functools import partial
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.conftest import FERRY
from ui.page.phrasing import sentence_questions


def made_of(text: str, language: str | None = "en") -> dict[str, str]:
    """Each question with the words that answer it."""
    article = replace(FERRY, text=text, language=language)
    return {one.question: one.answer.cut(text) for one in sentence_questions(article) if one.answer}


@pytest.mark.parametrize(
    ("sentence", "question", "answer"),
    [
        ("The Merrin Sun was founded in 1911.", "When was the Merrin Sun founded?", "in 1911"),
        ("In May 2019, Ann Grey opened a shop in Merrin.", "When did Ann Grey open a shop in Merrin?", "In May 2019"),
        ("Skerrow Line, a small firm, bought a ferry on 3 May 2020.", "When did Skerrow Line buy a ferry?",
         "on 3 May 2020"),
        ("Skerrow Line will open a pier on May 3.", "When will Skerrow Line open a pier?", "on May 3"),
        ("Norcoast Energy planted 1,200 young oaks in Merrin.",
         "How many young oaks did Norcoast Energy plant in Merrin?", "1,200"),
        ("The Merrin Council will close about six schools.", "How many schools will the Merrin Council close?",
         "about six"),
        ("Ann Grey has crossed Merrin Bay 40 times.", "How many times has Ann Grey crossed Merrin Bay?", "40"),
        ("Skerrow Line has bought the pier at Merrin for £2.5m.", "How much did Skerrow Line pay for the pier at Merrin?",
         "£2.5m"),
        ("Norcoast Energy will pay £3 million for Merrin Pier.", "How much will Norcoast Energy pay for Merrin Pier?",
         "£3 million"),
        ("A single ticket will cost £2.50.", "How much will a single ticket cost?", "£2.50"),
        ("Ann Grey was born in Lower Tarrow.", "Where was Ann Grey born?", "Lower Tarrow"),
        ("Skerrow Line is based in Merrin.", "Where is Skerrow Line based?", "Merrin"),
        ("The Merrin Sun was written by Ann Grey.", "Who wrote the Merrin Sun?", "Ann Grey"),
        ("Davy Kerslake, chairman of the Skerrow Club, spoke.", "Who is the chairman of the Skerrow Club?",
         "Davy Kerslake"),
        ("Merrin Town’s captain, Bo Hale, spoke.", "Who is Merrin Town’s captain?", "Bo Hale"),
        ("Angus Trewin, who chairs Skerrow Community Council, agreed.", "Who chairs Skerrow Community Council?",
         "Angus Trewin"),
        ("It was new to Carol Jessop, 58, of Merrin.", "How old is Carol Jessop?", "58"),
        ("It was won by 19-year-old Josh Brennan.", "How old is Josh Brennan?", "19-year-old"),
    ],
)  # fmt: skip
def test_a_sentence_makes_a_question(sentence: str, question: str, answer: str) -> None:
    assert made_of(f"It rained.\n\n{sentence} It rained.") == {question: answer}


@pytest.mark.parametrize(
    "sentence",
    [
        "The measure was carried in May 2019.",  # which measure?
        "It was founded in 1911.",
        "Yesterday Norcoast Energy planted 1,200 oaks.",
        "Ann Grey opened it on 3 May 2020.",
        "Ann Grey left the pier on 3 May 2020.",  # which pier?
        "Ann Grey waited for them in May.",
        "“Ann Grey was born in Merrin,” he said.",
        "Ann Grey was born in May 1990",  # a headline
        "Norcoast Energy planted 12 times.",
        "Carol Jessop, 58, died on the way.",
        "Davy Kerslake, a director of the Skerrow Club, spoke.",
        "Davy Kerslake, former director of the Skerrow Club, spoke.",
        "Ann Grey grokked Merrin in 2012.",
        "Merrin was founded in 1911.",  # is it a name? it stands nowhere else
        "Ann Grey bought" + " very" * 100 + " much in 2012.",
    ],
)
def test_others_make_none(sentence: str) -> None:
    assert made_of(f"The ship was late.\n\n{sentence}\n\nThe ship was late.") == {}


def test_a_surname_is_told_in_full_and_a_word_that_is_small_elsewhere_is_no_name() -> None:
    assert made_of("A friend of Ann Grey spoke. In short, Grey resigned in 2012.") == {}
    assert made_of("A friend of Ann Grey spoke. Grey resigned in 2012.") == {"When did Ann Grey resign?": "in 2012"}
    assert made_of("The sky was grey for Ann Grey. Grey resigned in 2012.") == {}


def test_only_english_is_phrased() -> None:
    text = "Skerrow Line is based in Merrin."
    assert made_of(text, None) == {"Where is Skerrow Line based?": "Merrin"}
    assert made_of(text, "fr") == {}


_TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"])).map(partial(normalize, "NFC"))
_PIECES = st.lists(st.sampled_from("Ann Grey was has born in May 1990 . , 12 times the Line".split())).map(" ".join)


@given(_TEXTS | _PIECES)
def test_any_text_can_be_looked_through(text: str) -> None:
    assert all(question.endswith("?") for question in made_of(text + "."))
