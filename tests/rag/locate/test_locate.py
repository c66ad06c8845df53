import tempfile
import unicodedata
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus.article import Article, Span
from corpus.deadline import WorkDeadline, WorkEnded, within
from corpus.library.store import Library
from index.ingest import add
from index.search import HybridIndex
from rag.citation.cite import BrokenQuote, Citer
from rag.locate import locate as module
from rag.locate.locate import BadQuote, Located, checked_quote, locate, similarity_threshold
from rag.locate.nearest import QuoteDifference, nearest
from tests.fakes import HashEncoder
from tests.rag.conftest import CANNERY, FERRY, article


class Unasked:
    """A retriever that nobody may ask."""

    def search(self, query, k, mode="fused", article_filter=None, newest_first=False):
        raise AssertionError(query)


def shelve(library, *articles):
    with library.writing():
        for one in articles:
            library.put(one, ())


def filled(library, *articles):
    encoder = HashEncoder()
    assert {entry.outcome for entry in add(library, encoder, articles)} == {"added"}
    return HybridIndex(library, encoder)


def places(located):
    return [(one.article_id, one.start, one.end) for one in located.locations]


def patched(text, differences):
    """The text with what the paste has in place of what differs."""
    for one in reversed(differences):
        assert text[one.start : one.end] == one.text
        text = text[: one.start] + one.pasted + text[one.end :]
    return text


@pytest.fixture
def retriever(library):
    return filled(library, article("ferry", FERRY, published="2026-02-02"), article("cannery", CANNERY))


@pytest.fixture
def look(library, retriever):
    return partial(locate, library, retriever)


@pytest.mark.parametrize(("pasted", "start", "end"), [
    ("Saint Brannoc ran", 10, 27), ("  Saint Brannoc ran\n", 10, 27), ("“Saint Brannoc ran”", 10, 27), ('"Saint Brannoc ran', 10, 27),
    ("« ‘Saint Brannoc ran’ »", 10, 27), ("Monday. Nobody", 39, 53), ("hurt.\n\nThe owner", 67, 83), ("hurt.\r\n\r\nThe owner", 67, 83),
    ("annoc ra", 18, 26), (FERRY, 0, 108), ("\ufeffSaint Brannoc\u200b", 10, 23),
])  # fmt: skip
def test_a_quote_is_found_to_the_letter_whatever_is_around_it(library, retriever, pasted, start, end):
    found = locate(library, Unasked(), pasted)
    assert (found.quote, found.match, found.total) == (FERRY[start:end], "exact", 1)
    [one] = found.locations
    assert (one.article_id, one.start, one.end, one.text) == ("ferry", start, end, FERRY[start:end])
    assert (one.source_start, one.source_end, one.published) == (start, end, "2026-02-02")
    assert (one.similarity, one.differences) == (1.0, ())


def test_all_exact_places_are_counted_and_the_first_are_listed_by_title_and_place(library):
    texts = {"b": "Tick tock tick tock.", "a": "A clock: tick tock tick", "c": "tick"}
    shelve(library, *(article(name, text) for name, text in texts.items()))
    found = locate(library, Unasked(), "tick")
    assert (found.total, places(found)) == (4, [("a", 9, 13), ("a", 19, 23), ("b", 10, 14), ("c", 0, 4)])
    found = locate(library, Unasked(), "tick", limit=3)
    assert (found.total, places(found)) == (4, [("a", 9, 13), ("a", 19, 23), ("b", 10, 14)])


def test_places_that_overlap_are_all_told(library):
    shelve(library, article("a", "nanana banana"))
    found = locate(library, Unasked(), "nana")
    assert (found.total, places(found)) == (3, [("a", 0, 4), ("a", 2, 6), ("a", 9, 13)])


@pytest.mark.parametrize(("text", "pasted", "start"), [
    ("👩‍🍳🥐 Zoë bakes 🥐", "Zoe\u0308 bakes", 5), ("ne\u0301e a\u0323\u0300 l’âge", "a\u0300\u0323 l’a\u0302ge", 4),
    ("קפה בבוקר \u200eקפה\u200e טרי", "קפה\u200e טרי", 11), ("𝒙 is 𝒙 plus 1", "plus 1", 7), ("東京は夜の七時。東京", "夜の七時。東京", 3),
    ("50% of_it \\ it's", "50% of_it \\ it's", 0),
])  # fmt: skip
def test_places_count_code_points_in_any_script(library, text, pasted, start):
    text = unicodedata.normalize("NFC", text)
    shelve(library, article("a", text))
    [one] = locate(library, Unasked(), pasted).locations
    assert (one.start, one.text) == (start, text[start : one.end])
    assert one.text == unicodedata.normalize("NFC", pasted)


@pytest.mark.parametrize(("text", "pasted", "place", "differences"), [
    ("In the ﬁrst oﬃce sat Odo.", "first office", "ﬁrst oﬃce", [("ﬁrst oﬃce", "first office")]),
    ("In the first office sat Odo.", "ﬁrst oﬃce", "first office", [("first office", "ﬁrst oﬃce")]),
    ("In the oﬃce sat Odo.", "ice sat", "ﬃce sat", [("ﬃce", "ice")]), ("Ｒｏｏｍ　１２ is ｆｕｌｌ", "Room 12 is", "Ｒｏｏｍ　１２ is", [("Ｒｏｏｍ　１２", "Room 12")]),
    ("The men’s boat – “Ada” – sank…", "men's boat - \x22Ada\x22 - sank...", "men’s boat – “Ada” – sank…", [("men’s", "men's"), ("– “", '- "'), ("” –", '" -'), ("…", "...")]),
    ("It fell to −5\u00a0°C at 5\u2009pm", "fell to -5 °C at 5 pm", "fell to −5\u00a0°C at 5\u2009pm", [("−", "-"), ("\u00a0", " "), ("\u2009", " ")]),
    ("A hollow Auf\u200clage", "Auflage", "Auf\u200clage", [("Auf\u200clage", "Auflage")]), ("the co-op is open", "the co\u2011op\u00a0is", "the co-op is", [("-", "\u2011"), (" ", "\u00a0")]),
    ("the scientific ship", "the sci\u00aden\u200btific", "the scientific", [("scientific", "sci\u00aden\u200btific")]), ("H₂O in Ⅷ m²", "H2O in VIII m2", "H₂O in Ⅷ m²", [("H₂O", "H2O"), ("Ⅷ m²", "VIII m2")]),
    ("مرحبا ﻻﻣﺔ هنا", "لامة هنا", "ﻻﻣﺔ هنا", [("ﻻﻣﺔ", "لامة")]), ("ｶﾞｽ の", "ガス の", "ｶﾞｽ の", [("ｶﾞｽ", "ガス")]), ("the word² and so", "rd² and", "rd² and", []),
])  # fmt: skip
def test_signs_that_look_the_same_are_the_same_and_the_place_keeps_its_own(library, text, pasted, place, differences):
    shelve(library, article("a", text))
    found = locate(library, Unasked(), pasted)
    assert (found.match, found.total) == ("exact", 1)
    [one] = found.locations
    assert (one.text, text[one.start : one.end], one.similarity) == (place, place, 1.0)
    assert [(each.text, each.pasted) for each in one.differences] == differences
    assert all(text[each.start : each.end] == each.text for each in one.differences)


def test_places_in_other_signs_are_counted_with_those_to_the_letter(library):
    shelve(
        library,
        article("a", "The office. The oﬃce."),
        article("b", "An ｏｆｆｉｃｅ of the office"),
        article("c", "Oﬃces"),
    )
    found = locate(library, Unasked(), "office")
    assert (found.total, places(found)) == (4, [("a", 4, 10), ("a", 16, 20), ("b", 3, 9), ("b", 17, 23)])


@pytest.mark.parametrize(("text", "pasted"), [("10⁶ boats", "106 boats"), ("1½ miles", "11/2 miles"), ("Émile sank", "Emile sank"), ("Ferry sank", "ferry sank"), ("It was $5 then", "It was €5 then")])  # fmt: skip
def test_signs_that_look_otherwise_are_told(library, text, pasted):
    assert locate(library, filled(library, article("a", text)), pasted).match != "exact"


_ANY = st.text(st.one_of(st.sampled_from("ab a.“\"'\n\u00a0\u0301🥐é\u200dאب\u00ad七"), st.characters(exclude_categories=["Cs"], exclude_characters="\0\r")), min_size=1, max_size=60)  # fmt: skip
_SHELF = tempfile.TemporaryDirectory(prefix="pullquote-test-")
_LIBRARY = Library(Path(_SHELF.name) / "library.sqlite")
_IDS = count()


@given(_ANY, st.data())
@settings(deadline=None)
@example("aaaa", None)
def test_any_part_of_a_text_with_a_letter_is_found_where_it_stands(text, data):
    text = unicodedata.normalize("NFC", text)
    if not any(map(str.isalnum, text)):
        text = f"{text}a"
    at = next(place for place, char in enumerate(text) if char.isalnum())
    start = data.draw(st.integers(0, at)) if data else at
    end = data.draw(st.integers(at + 1, len(text))) if data else at + 1
    one = Article(str(next(_IDS)), "On it", text, f"{next(_IDS)}.txt")
    shelve(_LIBRARY, one)
    try:
        found = locate(_LIBRARY, Unasked(), text[start:end], limit=1000)
    finally:
        with _LIBRARY.writing():
            _LIBRARY.remove(one.id)
    assert found.match == "exact"
    assert found.total == len(found.locations)
    assert all(text[place.start : place.end] == place.text for place in found.locations)
    assert all((place.text == found.quote) == (not place.differences) for place in found.locations)
    inset = text[start:end].index(found.quote)
    assert start + inset in {place.start for place in found.locations}


@pytest.mark.parametrize(("pasted", "place", "similarity", "differences"), [
    # One word another.
    ("The ferry Saint Brannoc ran aground on Tuesday.", (0, 46), 0.8387, [(39, 45, "Monday", "Tuesday")]),
    # Words missing, words put in.
    ("The ferry ran aground on Monday.", (0, 46), 0.8205, [(10, 24, "Saint Brannoc ", "")]),
    ("Nobody on board was badly hurt.", (47, 72), 0.8929, [(67, 67, "", "badly ")]),
    # Case, quotation marks and white space.
    ("nobody  on board was\nhurt!", (47, 72), 1.0, [(47, 53, "Nobody", "nobody "), (66, 67, " ", "\n"), (71, 72, ".", "!")]),
    ("no­body on board was hurt.", (47, 72), 1.0, [(47, 53, "Nobody", "no\xadbody")]),
    ("Nobody on board was “hurt”. The owner blames", (47, 90), 1.0, [(67, 67, "", "“"), (71, 74, ".\n\n", "”. ")]),
    # Words at the ends are others: the place has as many, as far as the sentence goes.
    ("A boat Saint Brannoc ran aground on Monday", (0, 45), 0.809, [(0, 9, "The ferry", "A boat")]),
    ("He said that nobody on board was hurt", (47, 71), 0.7937, [(47, 53, "Nobody", "He said that nobody")]),
    # What an ellipsis leaves out counts for nothing.
    ("The ferry … ran aground on Monday.", (0, 46), 1.0, [(10, 23, "Saint Brannoc", "…")]),
])  # fmt: skip
def test_the_nearest_place_is_told_with_what_differs(look, pasted, place, similarity, differences):
    found = look(pasted)
    assert (found.match, found.total) == ("near", 0)
    one = found.locations[0]
    assert (one.article_id, one.start, one.end, one.text) == ("ferry", *place, FERRY[slice(*place)])
    assert one.similarity == pytest.approx(similarity, abs=1e-4)
    assert one.differences == tuple(QuoteDifference(*each) for each in differences)


def test_near_places_come_best_first_and_three_at_most(library):
    said = "The minister promised {} new ferries for the islands by the end of the year."
    numbers = {"a": "four", "b": "several", "c": "three", "d": "thirteen"}
    retriever = filled(library, *(article(name, said.format(number)) for name, number in numbers.items()))
    found = locate(library, retriever, said.format("threes"))
    assert found.match == "near"
    assert len(found.locations) == 3
    assert found.locations[0].article_id == "c"
    assert [one.similarity for one in found.locations] == sorted(
        (one.similarity for one in found.locations), reverse=True
    )
    assert found.locations[0].differences == (QuoteDifference(22, 27, "three", "threes"),)


def test_a_quote_like_nothing_is_not_found(library, retriever):
    pasted = "Vitamin C prevents scurvy on long voyages"
    assert locate(library, retriever, pasted) == Located(pasted, "none", 0, ())
    assert locate(library, retriever, "Brannock, Sainted").match == "none"  # few words must be very like


def test_an_empty_library_has_no_place(library):
    assert locate(library, filled(library, article("a", "b")), "Nobody on board was hurt").match == "none"


def test_a_far_part_of_a_long_article_is_reached(library):
    filler = "\n\n".join(
        f"Gulls sat on pier {day} and the tide was wide, as it is each day here." for day in range(300)
    )
    text = f"{filler}\n\nNobody on board the Saint Brannoc was hurt, she said.\n\n{filler}"
    found = locate(library, filled(library, article("a", text)), "Nobody aboard the Saint Brannoc was hurt, she said.")
    [one] = found.locations[:1]
    assert one.text == "Nobody on board the Saint Brannoc was hurt, she said."
    assert one.start == text.index("Nobody")


@pytest.mark.parametrize(("pasted", "sentence"), [
    ("", "The quote is empty; paste some words of an article."), (" \n\u00a0", "The quote is empty; paste some words of an article."),
    ("“…” 🥐", "The quote has no letter or digit; paste some words of an article."),
    ("\0\ud800", "The quote has no letter or digit; paste some words of an article."),
    ("a" * 5001, "The quote has 5,001 characters; paste one of at most 5,000 characters."),
])  # fmt: skip
def test_what_cannot_be_looked_up_is_one_sentence(library, pasted, sentence):
    with pytest.raises(BadQuote) as mistake:
        locate(library, Unasked(), pasted)
    assert str(mistake.value) == sentence


def test_what_no_article_can_hold_is_looked_up_all_the_same(library, retriever):
    found = locate(library, retriever, "Nobody on\0 board\ud83d was hurt.")
    assert (found.quote, found.match) == ("Nobody on\ufffd board\ufffd was hurt.", "near")
    assert [one.pasted for one in found.locations[0].differences] == ["\ufffd", "\ufffd"]


def test_a_quote_of_the_longest_kind_is_compared(library):
    text = "\n\n".join(
        f"Line {number} of the long report says that {number * 7} boats came in." for number in range(110)
    )
    retriever = filled(library, article("a", text))
    pasted = text[:5000].replace("Line 50 of", "Line 50 out of")
    assert len(pasted) <= 5004
    [one] = locate(library, retriever, pasted[:5000]).locations[:1]
    assert (one.start, one.text[:20]) == (0, text[:20])
    at = text.index("of", text.index("Line 50 "))
    assert one.differences[0] == QuoteDifference(at, at, "", "out ")


@given(st.lists(st.sampled_from(["the", "ferry", "Ferry", "’s", "don't", "…", "a", "ran", "run", "1912", ".", "é", "七", "👩‍🍳", "\n", "“"]), min_size=1, max_size=25), st.lists(st.sampled_from(["the", "ferry", "...", "’", "don’t", "ran", "a", "!", "\u00a0", "1913", "七", "夜"]), min_size=1, max_size=12))  # fmt: skip
@settings(deadline=None)
def test_the_differences_make_the_paste_of_the_place(there, pasted):
    text, quote = " ".join(there), " ".join(pasted)
    found = nearest(text, Span(0, len(text)), quote)
    if found is not None:
        before, after = found.span.start, len(text) - found.span.end
        made = patched(text, found.differences)
        assert made[before : len(made) - after] == quote
        assert 0.0 < found.similarity <= 1.0
        assert all(
            one.end >= before and one.start <= found.span.end and one.text != one.pasted for one in found.differences
        )


def test_fewer_words_must_be_more_alike():
    assert [similarity_threshold(words) for words in (1, 2, 4, 8, 16)] == pytest.approx([0.9, 0.9, 0.75, 0.65, 0.6])


def test_a_place_whose_words_do_not_stand_there_is_not_sent(library):
    shelve(library, article("ferry", FERRY))
    assert Citer(library, ()).excerpt("ferry", Span(10, 23), "Saint Brannoc").text == "Saint Brannoc"
    with pytest.raises(BrokenQuote, match="10-23 of article ferry"):
        Citer(library, ()).excerpt("ferry", Span(10, 23), "Saint Brannox")


def test_a_quote_is_looked_for_without_what_is_around_it():
    assert checked_quote(" “Hello,” she said, “to the ‘workers’” ") == "Hello,” she said, “to the ‘workers"


def test_a_stretch_with_more_words_than_can_be_compared_is_compared_in_parts(library, monkeypatch):
    text = "\n\n".join(
        f"Line {number} of the long report says that {number * 7} boats came in." for number in range(400)
    )
    retriever = filled(library, article("a", text))
    pasted = "Line 350 of the short report says that 2450 boats came in."
    whole = locate(library, retriever, pasted)
    monkeypatch.setattr(module, "MOST_COMPARED", 1_000)
    [one] = locate(library, retriever, pasted).locations[:1]
    assert one == whole.locations[0]
    assert one.differences == (QuoteDifference(one.start + 16, one.start + 20, "long", "short"),)
    places = [Span(found.start, found.end) for found in locate(library, retriever, "the long report").locations]
    assert not any(places[0].overlaps(other) for other in places[1:])


def test_locating_ends_with_its_deadline(library, retriever):
    for quote in ("Saint Brannoc", "Saint Brannoc ran into the ground"):
        with within(WorkDeadline(0)), pytest.raises(WorkEnded):
            locate(library, retriever, quote)
    with within(WorkDeadline(0)), pytest.raises(WorkEnded):
        nearest(FERRY, Span(0, len(FERRY)), "Saint Brannoc ran into the ground")
