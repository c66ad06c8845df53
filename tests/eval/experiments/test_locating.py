import pytest

from corpus.article import Article
from eval.experiments.editing import drawing
from eval.experiments.locating import (
    MISQUOTES,
    LocatedPaste,
    LocatingRates,
    drawn_sentences,
    locate_pastes,
    locating_rates,
    markdown,
    misquotes,
    strange_pastes,
)
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.index.near_duplicates.test_sketches import story

QUOTE = "The ferry Saint Brannoc ran aground on Monday, its owner said."


def articles():
    return [Article(f"a{number}", f"Title {number}", story(str(number)), f"a{number}") for number in range(12)]


@pytest.mark.parametrize("kind", MISQUOTES)
def test_a_misquote_is_the_same_every_time_and_not_the_quote(kind):
    edit = MISQUOTES[kind]
    assert edit(QUOTE, "x y z", drawing(2)) == edit(QUOTE, "x y z", drawing(2)) != QUOTE


def test_misquotes_do_what_they_say():
    other = "x y z"
    assert sum(one in "xyz" for one in MISQUOTES["two words exchanged"](QUOTE, other, drawing(1)).split()) == 2
    assert len(MISQUOTES["three words left out"](QUOTE, other, drawing(1)).split()) == 8
    assert "x y z" in MISQUOTES["three words put in"](QUOTE, other, drawing(1))
    assert (
        MISQUOTES["an ellipsis for the middle third"](QUOTE, other, drawing(1)) == "The ferry Saint … its owner said."
    )
    assert sorted(MISQUOTES["letters exchanged in every third word"](QUOTE, other, drawing(1))) == sorted(QUOTE)


def test_every_kind_of_paste_counts_alike_and_few_words_need_more():
    made = [
        LocatedPaste("kept", False, 8, 0.75, True, 0.0), LocatedPaste("kept", False, 8, 0.65, True, 0.0), LocatedPaste("moved", False, 8, 0.8, False, 0.0),
        LocatedPaste("strange", True, 4, 0.75, False, 0.0), LocatedPaste("strange", True, 2, 0.89, False, 0.0), LocatedPaste("whole", True, 20, 0.7, False, 0.0),
    ]  # fmt: skip
    assert locating_rates(made, 0.6, 0.8) == LocatingRates(0.6, 0.8, found=0.25, misplaced=0.5, strange=0.5)
    assert locating_rates(made, 0.6, 0.0) == LocatingRates(0.6, 0.0, found=0.5, misplaced=0.5, strange=1.0)
    figures = LocatingRates(0.6, 0.0, found=0.8, misplaced=0.1, strange=0.1)
    assert (figures.precision, figures.f1) == (pytest.approx(0.8), pytest.approx(0.8))


def test_pastes_are_sentences_and_parts_of_them():
    one, other = articles()[:2]
    drawn = [sentence.text for sentence in drawn_sentences([one])]
    assert len(drawn) == 3
    assert all(sentence in one.text for sentence in drawn)
    pasted = list(strange_pastes([one]))
    assert all(paste.is_strange and paste.text in paste.sentence.text for paste in pasted)
    assert {len(paste.text.split()) for paste in pasted if paste.kind == "4 words of no article there"} == {4}
    exchanged = [paste for paste in misquotes([one], [other]) if paste.kind == "one word exchanged"]
    assert len(exchanged) == 3
    assert not any(paste.is_strange or paste.text in one.text for paste in exchanged)


def test_misquotes_of_few_articles_are_found_and_told():
    made = locate_pastes(articles()[2:6], HashEncoder(), Settings())
    exchanged = [one for one in made if one.kind == "one word exchanged"]
    assert sum(one.is_right for one in exchanged) / len(exchanged) > 0.9
    lines = list(markdown(made))
    assert lines[0].startswith("| a place is shown from | found |")
    assert any(line.startswith("| a sentence of no article there | ") for line in lines)
    assert lines[-1].endswith(f" ms a paste, {len(made):,} pastes")
