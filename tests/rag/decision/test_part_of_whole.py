import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Span
from rag.decision.answer_type import is_possible
from rag.decision.part_of_whole import is_whole
from tests.rag.conftest import reading

PLOTS = "It is old. 14 of the 62 plots had no tap."
SAILORS = "Of the 80 sailors 14 drowned and 66 were saved."
PUPILS = "Of the 40 pupils eleven walk, four cycle and the rest come by bus."
HOUSES = "The storm damaged 25 of the 300 houses in the village."
BESIDE = "Of the 300 houses in the village, 25 were damaged."


@pytest.mark.parametrize(("question", "text", "whole", "part"), [
    ("How many plots had no tap?", PLOTS, "62", "14"), ("How many of the plots had no tap?", PLOTS, "62", "14"),
    ("How many of the 62 plots had no tap?", PLOTS, "62", "14"), ("How many sailors drowned?", SAILORS, "80", "14"),
    ("How many sailors were saved?", SAILORS, "80", "66"), ("How many people were saved?", SAILORS, "80", "66"),
    ("How many pupils walk to school?", PUPILS, "40", "eleven"), ("How many pupils cycle?", PUPILS, "40 pupils", "four"),
    ("How many houses did the storm damage?", HOUSES, "300", "25"), ("How many houses were damaged?", BESIDE, "300", "25"),
    ("How many members voted?", "Nine out of twenty-one members voted.", "twenty-one", "Nine"),
])  # fmt: skip
def test_a_whole_is_not_its_part(question, text, whole, part):
    assert not is_possible(question, reading(text, whole))
    assert is_possible(question, reading(text, part))


@pytest.mark.parametrize(("question", "text", "whole"), [
    ("How many plots are there?", PLOTS, "62"), ("How many sailors were on board?", SAILORS, "80"),
    ("How many sailors drowned?", SAILORS, "80 sailors 14"),  # holds the part
    ("How many pupils are there at the school?", PUPILS, "40"), ("How many houses are in the village?", HOUSES, "300"),
    ("How many houses are in the village?", BESIDE, "300"), ("How many taps had no plot?", PLOTS, "62"),
    ("Into how many cases are nouns declined?", "Nouns are declined into one of seven cases.", "seven"),
    ("How many trees stand in the park?", "14 of the 62 trees in the park are oaks.", "62"),
])  # fmt: skip
def test_what_may_be_asked_of_the_whole_is_possible(question, text, whole):
    assert is_possible(question, reading(text, whole))


@given(st.text(alphabet="of the 12,8 plotsdrwne.", min_size=1, max_size=80), st.data())
def test_any_text_is_judged(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    assert not is_whole(frozenset(), text, span)
