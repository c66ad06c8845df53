"""Spans told apart into the items of a list, and widened to all of them where several are asked for."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Span
from rag.reader.decode import ScoredSpan
from rag.reader.lists import as_list
from rag.reader.read import _readings, _Window
from rag.reader.window import InputRow
from tests.rag.conftest import hit
from tests.rag.reader.test_decode import logits, read

SIGNED = "The treaty was signed by Norway, Sweden and Denmark in Oslo. It rained."
FLAG = "The flag is red, white and blue in the north."


def listed(text, words, question, starts=(), ends=()):
    """The words and the items of the list that a span of these words becomes; 5 logits for each edge named."""
    part = read(text)
    at = text.index(words)
    token = {place: number for number, (place, _) in enumerate(part.places)}
    closing = {place: number for number, (_, place) in enumerate(part.places)}
    scores = logits(
        part,
        starts={token[text.index(one)]: 5.0 for one in starts},
        ends={closing[text.index(one) + len(one)]: 5.0 for one in ends},
    )
    found = as_list(ScoredSpan(Span(at, at + len(words)), 3.0, 1.0), part, scores, question)
    assert (found.score, found.null) == (3.0, 1.0)
    return found.span.cut(text), [item.cut(text) for item in found.items]


@pytest.mark.parametrize(
    "question", ["Who signed it?", "Which countries signed it?", "Which three countries signed it?"]
)
def test_a_span_that_is_a_list_is_told_apart(question):
    assert listed(SIGNED, "Norway, Sweden and Denmark", question) == (
        "Norway, Sweden and Denmark",
        ["Norway", "Sweden", "Denmark"],
    )


@pytest.mark.parametrize("named", ["Norway", "Sweden", "Denmark", "Norway, Sweden", "Sweden and Denmark"])
def test_a_part_of_a_list_is_widened_where_several_are_asked_for(named):
    every = ("Norway, Sweden and Denmark", ["Norway", "Sweden", "Denmark"])
    found = listed(SIGNED, named, "Which countries signed it?", starts=["Norway"], ends=["Denmark"])
    # A list that ends with the item behind the conjunction may be all that is meant.
    assert found == (every if named != "Sweden and Denmark" else ("Sweden and Denmark", ["Sweden", "Denmark"]))
    assert listed(SIGNED, "Norway", "Which country signed it?") == ("Norway", [])


def test_how_far_the_outer_items_reach_is_read_from_the_logits():
    question = "Which colours are in the flag?"
    assert listed(FLAG, "white", question, starts=["red"], ends=["blue"])[1] == ["red", "white", "blue"]
    assert listed(FLAG, "white", question, starts=["flag"], ends=["north"])[1] == [
        "flag is red",
        "white",
        "blue in the north",
    ]


@pytest.mark.parametrize(("text", "words", "question", "expected"), [
    ("Signed by Ann, Bob and Cid.", "Cid", "Which two people besides Ann signed?", ["Bob", "Cid"]),
    (SIGNED, "Norway, Sweden and Denmark", "Which countries besides Norway signed it?", ["Sweden", "Denmark"]),
    ("The boats Ann and Eve won.", "Ann and Eve", "Which two boats won?", ["Ann", "Eve"]),
    ("He sold it to Tiffany and Co in May.", "Tiffany and Co", "Who bought it?", []),
    ("It is audited by Smith & Kline of Hull.", "Smith & Kline", "Who audits it?", []),
    ("It is made by Procter & Gamble and Johnson & Johnson.", "Procter & Gamble and Johnson & Johnson", "Which firms make it?", ["Procter & Gamble", "Johnson & Johnson"]),
    ("On watch are Knut, Pål and, for the first hour, Ragna.", "Knut, Pål and, for the first hour, Ragna", "Who are on watch?", []),
    ("On watch are Knut, Pål and, for the first hour, Ragna.", "Knut, Pål and, for the first hour, Ragna", "Who is on watch?", []),
    ("It stops in Oslo, in Hull and in Rome.", "in Oslo, in Hull and in Rome", "Where does it stop?", ["in Oslo", "in Hull", "in Rome"]),
    ("It is in Kiev, Ukraine.", "Kiev, Ukraine", "Where is it?", []),
    ("He works at the Palace of Culture and Science.", "Palace of Culture and Science", "What is the building?", []),
    ("He came, and that is all.", "He came, and that is all", "Who came?", []),
    ("They sell salt and iron.", "salt and iron", "What do they sell?", []), ("They sell salt and iron.", "salt and iron", "Which goods are sold?", ["salt", "iron"]),
    ("Won in 1992 and 1993.", "1992 and 1993", "When did they win?", ["1992", "1993"]), ("On May 20, 2010 it sank.", "May 20, 2010", "When did it sink?", []),
    ("It has 4 ferries, 3 tugs and 2 boats.", "4 ferries, 3 tugs and 2 boats", "How many ships has it?", []),
    ("By Ann Berg and Eve Holm. Carl Dorn said so.", "Ann Berg and Eve Holm. Carl Dorn", "Who wrote it?", ["Ann Berg", "Eve Holm"]),
])  # fmt: skip
def test_what_is_a_list_depends_on_the_words_and_the_question(text, words, question, expected):
    found, items = listed(text, words, question)
    assert items == expected
    if not expected:
        assert found == words


@pytest.mark.parametrize(("text", "words", "expected"), [
    ("To Siri (gold), Nils (silver) and Tove (bronze).", "Siri (gold), Nils (silver) and Tove", "Siri (gold), Nils (silver) and Tove (bronze)"),
    ("To Siri (gold), Nils (silver) and Tove (bronze).", "Siri (gold), Nils (silver) and Tove (bronze)", "Siri (gold), Nils (silver) and Tove (bronze)"),
    ("To Siri, Nils and Tove (in 1911).", "Siri, Nils and Tove", "Siri, Nils and Tove"),
])  # fmt: skip
def test_a_list_has_the_note_behind_its_last_item_if_others_have_notes(text, words, expected):
    assert listed(text, words, "Who were the winners?") == (expected, ["Siri", "Nils", "Tove"])


def test_items_that_the_question_names_are_not_added():
    text = "Steam drove locomotives, ships and steamboats."
    assert (
        listed(
            text, "steamboats", "Along with locomotives and ships, what vehicles were driven?", starts=["locomotives"]
        )[1]
        == []
    )
    assert listed(text, "steamboats", "What vehicles were driven?", starts=["locomotives"])[1] == [
        "locomotives",
        "ships",
        "steamboats",
    ]


def test_as_many_lines_as_are_asked_for_are_a_list():
    text = "It has these colours:\n- red\n- deep blue\n- white"
    expected = ("red\n- deep blue\n- white", ["red", "deep blue", "white"])
    assert listed(text, "deep blue", "What are the three colours?") == expected
    assert listed(text, "deep blue", "Which colours are in it?") == expected
    assert listed(text, "deep blue", "What are the two colours?") == ("deep blue", [])
    assert listed(text, "deep blue", "What is the colour?") == ("deep blue", [])


def test_a_list_is_no_longer_than_it_may_be():
    text = "Signed by " + ", ".join(f"Ann{number} Berg" for number in range(30)) + " and Eve."
    words = text[len("Signed by ") : -1]
    assert len(listed(text, words, "Who were the signers?")[1]) == 31
    text = "- " + "\n- ".join(f"boat {number}" for number in range(50))
    assert listed(text, "boat 7", "Which boats were there?") == ("boat 7", [])


def test_no_item_is_beyond_a_cell_or_a_speaker():
    assert listed("Ann, Bob | Cid and Eve", "Ann", "Which boats were there?")[1] == []
    assert (
        listed("Ann Berg: We met Ole, Per. Reporter: And Eve, and Kim?", "Ole", "Who were they?", ends=["Per"])[1] == []
    )


@given(st.lists(st.sampled_from(["Ann", "Bob", "red", "blue", ",", ";", "and", "12", "|", "\n-", ".", ":", "(", ")"]), min_size=1, max_size=25).map(" ".join),
       st.integers(0, 2**32 - 1), st.sampled_from(["Who were they?", "Who?", "Which three boats sank?", "What was it?"]))  # fmt: skip
@settings(deadline=None)
def test_whatever_the_text_the_span_runs_from_the_first_item_to_the_last(text, seed, question):
    part = read(text)
    chance = np.random.default_rng(seed)
    scores = chance.normal(0, 3, (len(part.places), 2)).astype(np.float32)
    first = int(chance.integers(len(part.places)))
    last = int(chance.integers(first, len(part.places)))
    before = ScoredSpan(Span(part.places[first][0], part.places[last][1]), 3.0, 1.0)
    found = as_list(before, part, scores, question)
    if not found.items:
        assert found == before
        return
    assert found.items[0].start == found.span.start
    behind = text[found.items[-1].end : found.span.end].strip()
    assert not behind or behind[0] + behind[-1] == "()"
    assert len(found.items) > 1
    assert all(one.end <= other.start for one, other in pairwise(found.items))


@pytest.mark.parametrize(("words", "first"), [("Ann Berg", "Ann Berg"), ("The board:", "Ann Berg: chair")])
def test_a_list_whose_lines_look_like_those_of_speakers_keeps_its_first_item(words, first):
    text = "The board:\nAnn Berg: chair\nBob Dorn: secretary\nEve Holm: treasurer\n\nIt meets in May."
    part, at = read(text), text.index(words)
    starts, ends = ([place[edge] for place in part.places] for edge in (0, 1))
    scores = np.zeros((1 + len(part.places), 2), dtype=np.float32)  # behind [CLS]
    scores[1 + starts.index(at), 0] = scores[1 + ends.index(at + len(words)), 1] = 5.0
    window = _Window(0, InputRow([0] * len(scores), 1, part.places), part)
    best = _readings("Who are the members?", [hit("board", text)], [(window, scores)])[0]
    assert len(best.parts) == 3
    assert best.parts[0].cut(text) == first
    assert (best.span.start, best.span.end) == (best.parts[0].start, best.parts[-1].end)
