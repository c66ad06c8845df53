import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.decision.near_duplicates import are_copies, by_source, source_of, without_copies
from tests.rag.conftest import hit, reading

WIRE = (
    "The ferry Saint Brannoc ran aground off Hollin Quay on Monday night with 146 passengers on board. Nobody was hurt. "
    "The coast guard brought everyone ashore before dawn, and the owner blames an alarm that had been silenced in May."
)
OWN = (
    "Nobody was hurt when a ferry with 146 people on board struck the rocks near Hollin Quay. It was the Saint Brannoc's "
    "third mishap this year, said the harbour master, who wants her crew to be trained anew before she sails again."
)
HALF = WIRE[: WIRE.index("The coast guard")]


@pytest.mark.parametrize(("one", "other"), [
    (WIRE, WIRE), (WIRE, WIRE.upper()), (WIRE, WIRE.replace(". ", ".\n\n").replace(",", " –")), (WIRE, HALF),
    (WIRE, "HOLLIN QUAY (Coast Wire) – " + WIRE), (WIRE, WIRE + " More as we hear it, says the desk of the Quay Courier tonight."),
    (WIRE, WIRE.replace("Monday night", "Monday evening").replace("before dawn", "at daybreak")),
    ("She sank", "she  sank!"), ("Sunk", "SUNK"),
])  # fmt: skip
def test_one_text_printed_twice_though_edited(one, other):
    assert are_copies(one, other) is True
    assert are_copies(other, one) is True


@pytest.mark.parametrize(("one", "other"), [
    (WIRE, OWN), (HALF, OWN), (WIRE, " ".join(reversed(WIRE.split()))), (WIRE, ""), ("", ""), (" ", "\n"), ("She sank", "She floats"),
    ("She sank", "She"), ("one two three four", "one two three five"), ("one two three four five", "one two three four six"),
])  # fmt: skip
def test_two_texts_of_their_own(one, other):
    assert are_copies(one, other) is False
    assert are_copies(other, one) is False


@pytest.mark.parametrize(("kept", "expected"), [(10, True), (9, True), (8, False), (3, False)])
def test_six_runs_of_ten_in_the_shorter_text_make_a_copy(kept, expected):
    words = [f"word{number}" for number in range(13)]  # ten runs of four
    edited = words[:kept] + [f"other{number}" for number in range(13 - kept)]
    assert are_copies(" ".join(words), " ".join(edited)) is expected  # of ten runs, kept - 3 are shared


WORDS = st.lists(st.sampled_from("ferry quay dawn alarm crew ran was the on".split()), max_size=30).map(" ".join)


@given(WORDS, WORDS, WORDS)
@settings(deadline=None)
def test_a_text_is_a_copy_of_what_quotes_it_whole_whoever_is_asked_first(before, text, after):
    assert are_copies(text, before) is are_copies(before, text)
    if len(text.split()) >= 4:
        assert are_copies(text, f"{before} {text} {after}")


def test_readings_out_of_one_story_stand_together_others_alone():
    first, second, third, again = (reading(WIRE, "Nobody", 1.0, name, nth=0) for name in "abca")
    stories = {"a": "a", "c": "a", "z": "z"}
    assert by_source([first, second, third, again], stories) == [(first, third, again), (second,)]
    assert by_source([first, second, again], {}) == [(first,), (second,), (again,)]
    assert source_of(first, stories) == source_of(third, stories) == ("story", "a")
    assert source_of(second, stories) == ("article", "b")


def test_of_passages_that_a_story_words_alike_the_best_stays_and_those_that_say_more():
    best, more, own = hit("a", HALF), hit("b", WIRE), hit("c", OWN)
    shorter, edited = hit("d", HALF[:100]), hit("e", HALF.upper())
    hits, stories = [best, more, own, shorter, edited], dict.fromkeys("abcde", "a")
    assert without_copies(hits, stories) == ([best, more, own], {best.passage.id: [shorter, edited]})
    again = [best, hit("a", HALF, start=500)]
    assert without_copies(again, stories) == (again, {})
    assert without_copies(hits, {}) == (hits, {})
    assert without_copies(hits, {"a": "a", "d": "d", "e": "e"}) == (hits, {})
    assert without_copies([], stories) == ([], {})
