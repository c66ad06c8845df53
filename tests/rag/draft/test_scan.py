"""The letters of texts, where they stand in all texts, and whether words there are the same."""

import random

import pytest

from corpus.folding import folded
from rag.draft.letters import exact_span, letters, tokens
from rag.draft.scan import FEWEST_LETTERS, scan

CUT = "The non-smoker paid £2.4 million, or 5% of it, at −5 degrees. He re-signed the deal - 12 pages - at 5.50pm, didn’t he? See C# 7."


@pytest.mark.parametrize(("quoted", "is_exact"), [
    ("smoker paid £2.4 million", False), ("non-smoker paid £2.4 million", True), ("4 million, or 5% of it", False), ("2.4 million, or 5%", False),
    ("£2.4 million, or 5%", True), ("£2.4 million, or 5", False), ("paid £2", False), ("5 degrees. He re-signed", False), ("−5 degrees. He", True),
    ("-5 degrees. He", True), ("signed the deal", False), ("12 pages - at 5.50pm", True), ("the deal", True), ("at 5", False), ("didn’t he?", True), ("didn’t he!", False),
    ("He resigned the deal", False), ("didn", False), ("t he", False), ("didnt he", False), ("see C# 7", True), ("See C 7", False), ("See c# 7", False),
    ("THE non-smoker", False), ("the non‑smoker paid", True), ("“The ‘non-smoker’ paid”", True), ("The *non-smoker* paid", True), ("or 5 % of it", True),
])  # fmt: skip
def test_words_are_exact_to_the_sign_and_whole(quoted, is_exact):
    own, sought = letters(CUT), letters(quoted).text
    at = own.text.find(sought)
    found = exact_span(quoted, CUT, own.span(at, at + len(sought))) if at >= 0 else None
    assert (found is not None) is is_exact
    if found:
        assert tokens(found.cut(CUT).strip(".,?"))[1:] == tokens(quoted.strip(".,?"))[1:]


@pytest.mark.parametrize(
    "text", ["The oﬃce’s ﬁrst", "naïve Ⅳ ½ ﬀ", "a\U0001f980b \U00020000c", "İstanbul STRASSE straße", "", "\0"]
)
def test_each_letter_has_its_place(text):
    found = letters(text)
    assert len(found.text) == len(found.places)
    assert list(found.places) == sorted(found.places)
    assert "ffi" not in text.lower() or "office" in found.text
    for char, place in zip(found.text, found.places, strict=True):
        assert char == "\uffff" or char in folded(text[place]).lower() or char == text[place]


def test_the_scan_finds_what_a_plain_search_finds():
    drawn = random.Random(7)
    texts = [(str(number), "".join(drawn.choices("aab b.\n’", k=drawn.randrange(0, 400)))) for number in range(60)]
    rows = ["".join(char for char in text if char.isalpha()) for _, text in texts]
    sought = list(
        dict.fromkeys("".join(drawn.choices("ab", k=drawn.randrange(FEWEST_LETTERS, 15))) for _ in range(300))
    )
    found = scan(texts, sought)
    for number, words in enumerate(sought):
        expected = [
            (texts[at][0], place)
            for at, row in enumerate(rows)
            for place in range(len(row))
            if row.startswith(words, place)
        ]
        real = [(one.article_id, one.text, one.span) for one in found.places[number]]
        assert len(real) == len(expected)
        assert [name for name, *_ in real] == [name for name, _ in expected]
        for _, text, span in real:
            assert "".join(char for char in span.cut(text) if char.isalpha()) == words


def test_a_region_holds_most_of_altered_words():
    words = [f"{letter}{other}word" for letter in "abcdefgh" for other in "stuvwxyz"]
    text = " ".join(words)
    quote = [*words[20:30], "zebra", *words[31:40]]
    [region] = scan([("a", text), ("b", "nothing at all")], [letters(" ".join(quote)).text]).regions[0]
    assert region.article_id == "a"
    assert text.index(words[20]) <= region.span.start < region.span.end <= text.index(words[40])
    assert region.windows > 12
