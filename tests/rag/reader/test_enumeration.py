"""What stands between commas, semicolons and conjunctions, and on the lines of a list."""

from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Span
from rag.reader.enumeration import conjunctions, items, kind, lines, pieces


def pieces_of(text):
    return [(piece.span.cut(text), piece.joined) for piece in pieces(text, Span(0, len(text)))]


def items_of(text):
    whole = Span(0, len(text))
    return [item.cut(text) for item in items(text, whole, list(pieces(text, whole)))]


def lines_of(text, words):
    start = text.index(words)
    return [line.cut(text) for line in lines(text, Span(start, start + len(words)))]


@pytest.mark.parametrize(("text", "expected"), [
    ("Ann, Bob and Cid", [("Ann", False), ("Bob", False), ("Cid", True)]), ("Ann, Bob, and Cid", [("Ann", False), ("Bob", False), ("Cid", True)]),
    ("a; b; or c", [("a", False), ("b", False), ("c", True)]), ("Ann as well as Bob", [("Ann", False), ("Bob", True)]), ("sand & orchids", [("sand", False), ("orchids", True)]),
    ("Ann (and Bob), Cid", [("Ann (and Bob)", False), ("Cid", False)]), ("“a, b” and c", [("“a, b”", False), ("c", True)]), ("May 20, 2010", [("May 20, 2010", False)]),
    ("Procter & Gamble, Johnson & Johnson & Sons", [("Procter & Gamble", False), ("Johnson & Johnson & Sons", False)]), ("Ann and, at last, Bob", [("Ann and", False), ("at last", False), ("Bob", False)]),
    ("King, Jr., and 1,000", [("King, Jr.", False), ("1,000", True)]), ("sand", [("sand", False)]),
])  # fmt: skip
def test_a_sentence_has_pieces(text, expected):
    assert pieces_of(text) == expected


@pytest.mark.parametrize(("words", "expected"), [
    ("Ann Berg", "name"), ("Ludwig van Beethoven", "name"), ("the Bank of England", "name"), ("“Cid”", "name"), ("Ann (mate)", "name"), ("12 boats", "number"),
    ("$5", "number"), ("deep blue", "phrase"), ("the", "phrase"), ("", None), ("--", "phrase"), ("“”", None),
])  # fmt: skip
def test_words_are_of_a_kind(words, expected):
    assert kind(words) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("Ann (mate), Bob (cook) and Cid.", ["Ann", "Bob", "Cid"]), ("both Ann and Bob", ["Ann", "Bob"]), ("the sisters Ann Berg and Eve Holm", ["Ann Berg", "Eve Holm"]),
    ("Ann and Bob in the boat", ["Ann", "Bob"]), ("Ann and Bob boats", ["Ann", "Bob boats"]), ("red and deep blue", ["red", "deep blue"]), ("Ann", ["Ann"]),
])  # fmt: skip
def test_items_are_without_what_is_said_of_them(text, expected):
    assert items_of(text) == expected


def test_conjunctions_are_counted_between_items():
    text = "and Ann, Bob and Cid"
    parts = list(pieces(text, Span(4, len(text))))
    assert conjunctions(items(text, Span(4, len(text)), parts), parts) == 1
    assert conjunctions(items(text, Span(4, 12), parts), parts) == 0
    assert conjunctions([], parts) == 0


CREW = "Crew of the boat:\nAnn Berg, mate\nCarl Dorn, cook\nEve Holm, engineer\n\nIt sank in 1911."


@pytest.mark.parametrize(("text", "words", "expected"), [
    ("Colours:\n- red\n- deep blue;\n- white.\n\nEnd.", "red", ["red", "deep blue", "white"]), ("1. Ann\n2. Bob\n3. Cid", "Bob", ["Ann", "Bob", "Cid"]),
    ("It has three colours:\n- red\n- white", "three colours", ["red", "white"]), (CREW, "Carl Dorn", ["Ann Berg", "Carl Dorn", "Eve Holm"]),
    (CREW, "boat", ["Ann Berg, mate", "Carl Dorn, cook", "Eve Holm, engineer"]), (CREW, "cook", []), (CREW, "1911", []),
    ("Ann Berg\nCarl Dorn", "Ann Berg", []), ("- Ann went home\n- Bob", "Ann", []), ("They said: we go", "we go", []), ("It has these:", "these", []),
])  # fmt: skip
def test_the_lines_of_a_list_are_its_items(text, words, expected):
    assert lines_of(text, words) == expected


@given(
    st.lists(
        st.sampled_from(["Ann", "red", ",", ";", "and", "(", ")", "12", "or", "of", "“", "”", "."]),
        min_size=1,
        max_size=25,
    ).map(" ".join)
)
def test_whatever_the_text_items_are_words_of_it_in_order(text):
    whole = Span(0, len(text))
    found = items(text, whole, list(pieces(text, whole)))
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(item.cut(text) == item.cut(text).strip() != "" for item in found)


def test_long_runs_of_white_space_are_read_in_time():
    text = "Ann" + " " * 20_000 + "and" + "\n" * 20_000 + "Bob"
    started = process_time()
    assert items_of(text) == ["Ann", "Bob"]
    assert process_time() - started < 1.0
