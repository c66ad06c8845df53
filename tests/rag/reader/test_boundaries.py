from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Span
from rag.reader.boundaries import boundaries, without_speaker
from rag.reader.decode import best_spans
from tests.rag.reader.test_decode import logits, read

WRAPPED = "The water behind the dam at Corrie Linn has been lowered by four metres\nsince divers found two cracks in the spillway, which is seven metres wide,\nand nobody lives below it."


def parts(text):
    """The text cut at its boundaries."""
    edges = [-1, *boundaries(text), len(text)]
    return [piece for left, right in pairwise(edges) if (piece := text[left + 1 : right].strip())]


@pytest.mark.parametrize(("text", "expected"), [
    ("One. Two, three.", ["One. Two, three."]),
    ("One two\n\nThree four", ["One two", "Three four"]),
    ("Ann Berg\nCarl Dorn", ["Ann Berg", "Carl Dorn"]),
    (WRAPPED, [WRAPPED]),
    ("Boat | Crew | Port\nGirl Rhoda | 4 | Merrin", ["Boat", "Crew", "Port", "Girl Rhoda", "4", "Merrin"]),
    ("- apples\n- pears and plums\n* figs", ["- apples", "- pears and plums", "* figs"]),
    ("1. Ann Berg\n2. Carl Dorn\n(c) Eve", ["1. Ann Berg", "2. Carl Dorn", "(c) Eve"]),
    ("Anna Berg: We shut it.\nQ: Why?\nA: Ice.", ["Anna Berg:", "We shut it.", "Q:", "Why?", "A:", "Ice."]),
    ("Anna Berg: We shut it. Reporter: Why?", ["Anna Berg:", "We shut it.", "Reporter:", "Why?"]),
    ("Q. Why?\nA. Ice.", ["Q.", "Why?", "A.", "Ice."]), ("A. Berg wrote it.\nB. Dorn did.", ["A. Berg wrote it.", "B. Dorn did."]),
    ("[00:12] SMITH: Shut. [01:00:15] JONES (laughs): Really?", ["[00:12] SMITH:", "Shut.", "[01:00:15] JONES (laughs):", "Really?"]),
    ("Speaker 1: Ho.\nUrsula von der Leyen: Ha. Abdel Fattah al-Sisi: No.", ["Speaker 1:", "Ho.", "Ursula von der Leyen:", "Ha.", "Abdel Fattah al-Sisi:", "No."]),
    ("She said: we shut it at 10: 30.", ["She said: we shut it at 10: 30."]),
    ("the price\t40", ["the price", "40"]),
    ("He is J.I. Pontanus. It was: cold", ["He is J.I. Pontanus. It was: cold"]),
    ("", []), ("\n", []), (" | ", []),
])  # fmt: skip
def test_a_passage_has_parts(text, expected):
    assert parts(text) == expected


def test_items_of_a_hard_wrapped_paragraph_are_parts():
    text = "\n".join(
        f"- boat number {word} of the fleet, which lay in the outer harbour" for word in ("one", "two", "three")
    )
    assert len(parts(text)) == 3


@pytest.mark.parametrize(("text", "first", "last"), [
    ("Ann Berg | Merrin\nCarl Dorn | Skerrow", "Ann", "Skerrow"), ("Ann Berg | Rome\nCarl | Oslo", "Berg", "Rome"), ("Ann Berg\n\nCarl Dorn", "Berg", "Carl"),
    ("- Ann Berg\n- Carl Dorn", "Berg", "Carl"), ("Q: Who, Ann?\nA: Carl", "Ann", "Carl"),
])  # fmt: skip
def test_no_span_crosses_them_whatever_the_scores(text, first, last):
    part = read(text)
    start, end = (
        next(number for number, place in enumerate(part.places) if place[0] <= text.index(word) < place[1])
        for word in (first, last)
    )
    for scored in best_spans(logits(part, starts={start: 9}, ends={end: 9}), 0.0, part, 3):
        assert not any(scored.span.start <= at < scored.span.end for at in boundaries(text))
        assert scored.score <= 9.0


@pytest.mark.parametrize(("text", "words", "expected"), [
    ("Anna Berg: We shut it.", "Anna Berg: We shut it.", "We shut it."), ("Q. Why?\nA. Ice.", "A. Ice.", "Ice."), ("A. Berg wrote it.", "A. Berg wrote it.", "A. Berg wrote it."),
    ("Anna Berg: We shut it.", "shut it", "shut it"), ("He said: no.", "He said: no.", "He said: no."), ("Q: ", "Q: ", "Q: "),
])  # fmt: skip
def test_a_span_is_without_the_mark_of_its_speaker(text, words, expected):
    start = text.index(words)
    assert without_speaker(text, Span(start, start + len(words))).cut(text) == expected


@given(st.text("aB.: |\n-1Q•\t", max_size=60))
def test_boundaries_are_blank_and_in_order(text):
    found = boundaries(text)
    assert found == sorted(set(found))
    assert all(text[at].isspace() or text[at] == "|" for at in found)


def test_a_window_knows_the_parts_of_its_tokens():
    part = read("one two\n\nthree four")
    assert part.parts.tolist() == [0, 0, 1, 1] or len(set(part.parts.tolist())) == 2
    assert np.array_equal(part.window(1, 3).parts, part.parts[1:3])
