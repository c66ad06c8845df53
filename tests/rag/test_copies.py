import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.copies import are_copies

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
