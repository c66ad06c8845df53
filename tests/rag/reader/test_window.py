from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models

from corpus.article import Span
from rag.reader.read import SHIPPED
from rag.reader.window import STRIDE, WINDOW, InputRow, Rows, Tokens, covered, windows

CLS, SEP = 101, 102
TOKENIZER = Tokenizer.from_file(str(SHIPPED / "tokenizer.json"))
ROWS = Rows(TOKENIZER)
FERRY = "The ferry Saint Brannoc ran aground on Monday, at 7:30."
HOSTILE = "aZ 1,.:\n\t\u00a0\u00ad\u200b\u200d\u0301\u0e47éß沈ん한שلगिé🦀👩🏽#[]\r\u2028İ½"


def tokens(text):
    return ROWS.tokens([text])[0]


def numbered(count):
    """Tokens whose ids are their own numbers, four characters each."""
    return Tokens(list(range(count)), [(4 * number, 4 * number + 3) for number in range(count)])


def words(ids):
    return [TOKENIZER.id_to_token(token) for token in ids]


def test_a_row_is_question_title_and_passage_each_closed_by_a_mark():
    row = ROWS.row(tokens("Who sank?"), tokens("On ferries"), tokens("A ferry sank."))
    assert words(row.ids) == "[CLS] who sank ? [SEP] on ferries [SEP] a ferry sank . [SEP]".split()
    assert row.offset == 8
    assert row.segments == [0] * 8 + [1] * 5
    assert row.places == [(0, 1), (2, 7), (8, 12), (12, 13)]


def test_an_article_without_a_title_leaves_its_place_empty():
    assert ROWS.row(tokens("who"), tokens(""), tokens("he")) == InputRow([CLS, 2040, SEP, SEP, 2002, SEP], 4, [(0, 2)])


def test_a_question_gives_64_tokens_and_a_title_24_at_most():
    row = ROWS.row(numbered(65), numbered(25), numbered(3))
    assert row.ids == [CLS, *range(64), SEP, *range(24), SEP, 0, 1, 2, SEP]
    assert row.offset == 1 + 64 + 1 + 24 + 1
    assert ROWS.row(numbered(64), numbered(24), numbered(3)) == row


def test_a_passage_in_a_row_is_as_long_as_it_is():
    assert len(ROWS.row(numbered(1), numbered(0), numbered(1000)).ids) == 1000 + 5


def test_tokens_stand_where_their_places_say():
    read = tokens(FERRY)
    cut = [FERRY[start:end].lower() for start, end in read.places]
    assert cut == [word.removeprefix("##") for word in words(read.ids)]
    assert "".join(cut) == FERRY.lower().replace(" ", "")


@given(st.text(HOSTILE, max_size=40))
@settings(deadline=None)
def test_places_lie_in_the_text_one_after_the_other(text):
    places = tokens(text).places
    assert all(0 <= start < end <= len(text) for start, end in places)
    for before, after in pairwise(places):
        assert before[1] <= after[0] or before == after  # a Korean letter may be several tokens


@pytest.mark.parametrize(("text", "expected"), [
    ("an oﬃcer ran", {"an": "an", "officer": "oﬃcer", "ran": "ran"}), ("Ｂｏａｔ　３２", {"boat": "Ｂｏａｔ", "32": "３２"}),
    ("Henry Ⅷ sank", {"henry": "Henry", "viii": "Ⅷ", "sank": "sank"}),
])  # fmt: skip
def test_letters_are_read_in_plain_forms_and_stand_where_they_are(text, expected):
    read = tokens(text)
    assert {word: text[start:end] for word, (start, end) in zip(words(read.ids), read.places, strict=True)} == expected


def test_several_texts_are_read_each_for_itself():
    assert ROWS.tokens([FERRY, "", "Who?"]) == [tokens(FERRY), Tokens([], []), tokens("Who?")]
    assert ROWS.tokens([]) == []


def test_a_long_text_is_neither_cut_nor_padded():
    assert len(tokens("word " * 3000).ids) == 3000
    assert len(tokens("word").ids) == 1


def test_the_network_s_own_marks_in_a_text_are_words_as_any_others():
    assert words(tokens("a [SEP] b [CLS]").ids) == ["a", "[", "sep", "]", "b", "[", "cl", "##s", "]"]


def test_what_begins_with_two_hashes_goes_on():
    read = tokens("unreadability of ##s")
    assert [ROWS.continues(token) for token in read.ids] == [word[:2] == "##" for word in words(read.ids)]
    assert words(read.ids)[-3:] == ["#", "#", "s"]
    assert sum(ROWS.continues(token) for token in read.ids) >= 1
    assert not ROWS.continues(10**6)  # no token at all


@pytest.mark.parametrize(("count", "expected"), [
    (1, [(0, 1)]), (255, [(0, 255)]), (256, [(0, 256)]), (257, [(0, 256), (128, 257)]), (384, [(0, 256), (128, 384)]),
    (385, [(0, 256), (128, 384), (256, 385)]), (1000, [(0, 256), (128, 384), (256, 512), (384, 640), (512, 768), (640, 896), (768, 1000)]),
])  # fmt: skip
def test_windows_begin_a_stride_apart_and_end_with_the_passage(count, expected):
    assert [(part.ids[0], part.ids[-1] + 1) for part in windows(numbered(count))] == expected


@given(st.integers(1, 2000))
def test_windows_cover_every_token_with_its_place_and_none_is_idle(count):
    found = list(windows(numbered(count)))
    for number, part in enumerate(found):
        first = number * STRIDE
        assert part == numbered(count).part(first, first + WINDOW)
        assert 1 <= len(part.ids) <= WINDOW
    assert {token for part in found for token in part.ids} == set(range(count))
    assert all(after.ids[-1] > before.ids[-1] for before, after in pairwise(found))  # else it shows nothing new


@given(st.integers(1, 1500), st.integers(0, 1499), st.integers(1, STRIDE + 1))
def test_any_stretch_of_up_to_a_stride_lies_whole_in_a_window(count, first, length):
    last = min(first + length, count) - 1
    first = min(first, last)
    assert any(part.ids[0] <= first and last <= part.ids[-1] for part in windows(numbered(count)))


def test_a_passage_without_tokens_is_one_window_of_none():
    assert list(windows(Tokens([], []))) == [Tokens([], [])]


@given(st.integers(1, 60), st.data())
def test_a_span_is_covered_by_the_tokens_it_touches(count, data):
    first = data.draw(st.integers(0, count - 1))
    last = data.draw(st.integers(first, count - 1))
    inside = data.draw(st.integers(0, 2)), data.draw(st.integers(1, 3))  # of its first and of its last token
    if first == last and inside[0] >= inside[1]:
        inside = 0, 3
    places = numbered(count).places
    span = Span(places[first][0] + inside[0], places[last][0] + inside[1])
    assert covered(places, span) == (first, last)


def test_a_span_that_is_not_wholly_among_the_tokens_is_not_covered():
    places = numbered(5).places[1:4]  # 4-7, 8-11, 12-15
    assert covered(places, Span(4, 15)) == (0, 2)
    assert covered(places, Span(3, 7)) is None
    assert covered(places, Span(12, 16)) is None
    assert covered(places, Span(0, 3)) is None
    assert covered(places, Span(7, 8)) is None  # between two
    assert covered([], Span(0, 1)) is None


def test_an_answer_is_found_among_the_tokens_of_its_passage():
    read = tokens(FERRY)
    answer = Span(FERRY.index("Saint"), FERRY.index(" ran"))
    first, last = covered(read.places, answer)
    assert FERRY[read.places[first][0] : read.places[last][1]] == "Saint Brannoc"


def test_a_tokenizer_without_bert_s_marks_is_refused():
    with pytest.raises(ValueError, match=r"no \[CLS\] or no \[SEP\]$"):
        Rows(Tokenizer(models.WordLevel({"[CLS]": 0, "a": 1}, unk_token="a")))
