"""What was before a change and what is after it are two answers."""

import pytest

from corpus.article import Span
from rag.reader.change import is_changed, one_side
from tests.rag.reader.test_decode import logits, read

RENTS = "Rents rise from £32 to £35 a week in May."


@pytest.mark.parametrize(("words", "question", "preferred", "expected"), [
    ("from £32 to £35", "What is the rent?", "35", "£35"), ("from £32 to £35", "What is the rent?", "32", "£32"),
    ("£32 to £35 a week", "What is the rent?", "week", "£35 a week"), ("£32 to £35", "How do rents change?", "35", "£32 to £35"),
    ("£32 to £35", "What do rents rise to?", "32", "£35"), ("£32 to £35", "What do rents rise from?", "35", "£32"), ("£35", "What is the rent?", "32", "£35"),
])  # fmt: skip
def test_one_side_of_a_change_is_the_answer(words, question, preferred, expected):
    part = read(RENTS)
    at = RENTS.index(words)
    end = RENTS.index(preferred) + len(preferred)
    scores = logits(part, ends={[end for _, end in part.places].index(end): 3.0})
    assert one_side(Span(at, at + len(words)), part, scores, question).cut(RENTS) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("Rents will rise in May from £32 to £35.", True), ("It was cut by 4.5 per cent from about £32 to £35.", True), ("Rents go up from £32 to £35.", True),
    ("The trip costs from £32 to £35.", False), ("Rents rise. It costs from £32 to £35.", False), ("Rents rise £32 to £35.", False),
])  # fmt: skip
def test_a_verb_of_change_with_from_makes_two_sides(text, expected):
    assert is_changed(text, text.index("£32")) is expected


def test_a_range_is_one_answer():
    text = "The trip costs from £32 to £35 a week."
    span = Span(text.index("from"), text.index(" a week"))
    part = read(text)
    assert one_side(span, part, logits(part), "What does it cost?") == span
