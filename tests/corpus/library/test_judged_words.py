import pytest

from corpus.article import Span
from corpus.library.judged_words import cuts_a_word, trimmed

TEXT = "Pell, the ferryman, paid £1,500.25 (60%) in Né\u0303ma. 東京の鐘楼 was 14, 15 m high 🦀."


def place(words):
    start = TEXT.index(words)
    return Span(start, start + len(words))


@pytest.mark.parametrize(
    "words", ["Pell", "the ferryman", "£1,500.25", "1,500.25", "60%", "Né\u0303ma.", "14", "15", "東京", "鐘楼", TEXT]
)
def test_whole_words_are_kept_as_they_are(words):
    assert trimmed(TEXT, place(words)) == place(words)
    assert not cuts_a_word(TEXT, place(words))


@pytest.mark.parametrize("words", ["ell", "the ferry", "1,500", "500.25", "25", "£1,5", "Né", "1", "paid £1"])
def test_what_begins_or_ends_inside_a_word_or_a_number_is_told(words):
    at = TEXT.index("1,500") if words == "1" else place(words).start
    assert cuts_a_word(TEXT, Span(at, at + len(words)))


@pytest.mark.parametrize(("given", "words"), [(", the ferryman, ", "the ferryman"), (" (60%)", "(60%)"), (" 🦀", "🦀")])
def test_spaces_and_punctuation_at_the_edges_are_no_words(given, words):
    assert trimmed(TEXT, place(given)) == place(words)


@pytest.mark.parametrize("signs", [", ", " (", ")", ". "])
def test_punctuation_alone_is_nothing(signs):
    assert trimmed(TEXT, place(signs)) is None
