import pytest

from corpus.formats.superscript import Superscript, superscript_kind

NOTE, POWER, TEXT = Superscript.NOTE, Superscript.POWER, Superscript.TEXT


@pytest.mark.parametrize(
    ("before", "raised", "after", "kind"),
    [
        ("The dam was closed in 1958", "7", " for good", NOTE),
        ("within 30", "12", " days", NOTE),
        ("a loan of €450", "2,3", ".", NOTE),
        ("the county", "4–6", " said", NOTE),
        ("the survey.", "1", "", NOTE),
        ("the survey ", "1", " says", NOTE),
        ("", "3", " Letter of the county.", NOTE),
        ("14", "*", "", NOTE),
        ("the mayor", "[12]", " left", NOTE),
        ("the mayor", "[citation needed]", " left", NOTE),
        ("6,200", "b", "", NOTE),
        ("the tonnage", "a", "", NOTE),
        ("on 10", "2", " May", POWER),
        ("on May 10", "2", ", the", NOTE),
        ("on the 10", "1", " boats", NOTE),
        ("it paid £10", "2", " a day", NOTE),
        ("a hall of 90 m", "2", " and", TEXT),
        ("a hall of 90 km", "2", " and", TEXT),
        ("the pump moves 4 m", "3", "/s", TEXT),
        ("a pull of 9.8 m/s", "2", "", TEXT),
        ("per cm", "-2", "", TEXT),
        ("about 10", "6", " cells", POWER),
        ("about 3 × 10", "-4", "", POWER),
        ("because 3", "2", " = 9", POWER),
        ("the term x", "2", " grows", POWER),
        ("E = mc", "2", "", POWER),
        ("an R", "2", " of .9", POWER),
        ("there are 2", "n", " sets", POWER),
        ("on the 1", "st", " of May", TEXT),
        ("le XIX", "e", " siècle", TEXT),
        ("M", "me", " Curie", TEXT),
        ("Ca", "2+", "", TEXT),
        ("decays to ", "14", "C and", TEXT),
        ("Brand", "TM", "", TEXT),
    ],
)
def test_what_is_raised(before, raised, after, kind):
    assert superscript_kind(before, raised, after) is kind


@pytest.mark.parametrize("text", ["1," * 50_000, "[" + "a " * 50_000, " " * 100_000, "a, " * 50_000])
def test_long_superscripts_take_linear_time(text):
    assert superscript_kind(text, text, text) in Superscript
