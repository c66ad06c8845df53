"""`pullquote locate`: where a quote stands, told in full; what is near is said to be not exact."""

import json

import pytest

from corpus.sample import SAMPLE
from rag.locate.locate import Located, Location
from rag.locate.nearest import QuoteDifference
from ui.commands.located import print_located

STORY = SAMPLE / "merrin-ferry-grounding.md"


def location(text, start, *differences, similarity=1.0):
    return Location(
        article_id="ferry", title="On the [b]ferry[/b]", source="ferry.txt", url=None, outlet="The Bell", authors=(), published="2026-02-02",
        page=None, start=start, end=start + len(text), text=text, source_start=None, source_end=None, sha256="", fragment_url=None,
        similarity=similarity, differences=differences,
    )  # fmt: skip


def told(capsys, located):
    print_located(located)
    return capsys.readouterr().out


def test_exact_places_are_told_with_their_source(capsys):
    one, other = location("Nobody was hurt", 5), location("Nobody was hurt", 50)
    assert told(capsys, Located("Nobody was hurt", "exact", 1, (one,))) == (
        "Found word for word in 1 place:\n"
        "  “Nobody was hurt”\n"
        "    On the [b]ferry[/b] · The Bell · 2026-02-02 · characters 5-20 of ferry\n"
    )
    assert told(capsys, Located("Nobody was hurt", "exact", 1200, (one, other))).startswith(
        "Found word for word in 1,200 places, the first 2 are:\n"
    )


def test_an_exact_place_in_other_signs_is_told_with_what_differs(capsys):
    one = location("The ﬁrst oﬃce", 5, QuoteDifference(9, 18, "ﬁrst oﬃce", "first office"))
    assert told(capsys, Located("The first office", "exact", 1, (one,))) == (
        "Found word for word in 1 place:\n"
        "  “The ﬁrst oﬃce”\n"
        "    On the [b]ferry[/b] · The Bell · 2026-02-02 · characters 5-18 of ferry\n"
        "    9: “ﬁrst oﬃce” in the article, “first office” in the paste\n"
    )


def test_a_near_place_is_said_to_be_not_exact_and_every_kind_of_difference_is_told(capsys):
    differences = (
        QuoteDifference(5, 11, "Nobody", "No one"), QuoteDifference(12, 12, "", "else "), QuoteDifference(16, 22, "badly ", ""), QuoteDifference(22, 24, "\n\n", "\u00a0"),
    )  # fmt: skip
    one = location("Nobody was badly hurt", 5, *differences, similarity=0.754)
    assert told(capsys, Located("No one else was hurt", "near", 0, (one,))) == (
        "Not exact: the quote is nowhere in the library as pasted; nearest to it:\n"
        "  “Nobody was badly hurt”\n"
        "    On the [b]ferry[/b] · The Bell · 2026-02-02 · characters 5-26 of ferry · not exact, 75% alike\n"
        "    5: “Nobody” in the article, “No one” in the paste\n"
        "    12: the paste adds “else ”\n"
        "    16: the paste lacks “badly ”\n"
        "    22: “\\n\\n” in the article, “\\xa0” in the paste\n"
    )


def test_of_many_differences_the_first_are_told(capsys):
    one = location("a" * 30, 0, *(QuoteDifference(place, place + 1, "a", "b") for place in range(30)), similarity=0.99)
    printed = told(capsys, Located("b" * 30, "near", 0, (one,)))
    assert printed.count("in the paste") == 12
    assert printed.endswith("    18 more differences; --json has all of them.\n")


@pytest.mark.model
def test_a_quote_is_found_word_for_word(pullquote):
    pullquote("add", str(STORY))
    [listed] = json.loads(pullquote("list", "--json").out)
    text = json.loads(pullquote("show", listed["id"], "--json").out)["text"]
    start = text.index("Davy Kerslake")
    ran = pullquote("locate", f"“{text[start : start + 60]}", "--json")
    found = json.loads(ran.out)
    assert (ran.status, found["match"], found["total"], found["quote"]) == (
        0,
        "exact",
        1,
        text[start : start + 60].rstrip('“”‘’ "'),
    )
    [one] = found["locations"]
    assert one.keys() == {
        "article_id", "title", "source", "url", "outlet", "authors", "published", "page", "start", "end", "text", "source_start",
        "source_end", "sha256", "fragment_url", "similarity", "differences",
    }  # fmt: skip
    assert (one["start"], one["text"], one["similarity"], one["differences"]) == (start, found["quote"], 1.0, [])


@pytest.mark.model
def test_a_misquote_is_near_and_a_strange_one_nowhere(pullquote):
    pullquote("add", str(STORY))
    [listed] = json.loads(pullquote("list", "--json").out)
    text = json.loads(pullquote("show", listed["id"], "--json").out)["text"]
    start = text.index("Davy Kerslake")
    words = text[start : start + 80].rsplit(" ", 1)[0]
    ran = pullquote("locate", words.replace("Kerslake", "Kershaw"))
    assert ran.status == 1
    assert "Not exact" in ran.out
    assert "“Kerslake” in the article, “Kershaw” in the paste" in ran.out
    ran = pullquote("locate", "Vitamin C prevents scurvy on long voyages", "--json")
    assert (ran.status, json.loads(ran.out)) == (
        1, {"quote": "Vitamin C prevents scurvy on long voyages", "match": "none", "total": 0, "locations": []},
    )  # fmt: skip
    assert pullquote("locate", "Vitamin C prevents scurvy").out == (
        "Not found: the quote is nowhere in the library, and no place is near it.\n"
    )


@pytest.mark.parametrize(("quote", "sentence"), [
    ("", "The quote is empty; paste some words of an article."),
    ("…", "The quote has no letter or digit; paste some words of an article."),
    ("a" * 5001, "The quote has 5,001 characters; paste one of at most 5,000 characters."),
])  # fmt: skip
def test_what_cannot_be_looked_up_is_one_sentence(pullquote, quote, sentence):
    ran = pullquote("locate", quote)
    assert (ran.status, ran.out, ran.err) == (2, "", f"{sentence}\n")
