import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.near_duplicates import shingles as shingles_module
from index.near_duplicates.shingles import same_figures, share_contained, share_found, shingles

WORDS = [f"w{number}" for number in range(400)]
TEXT = " ".join(WORDS)


def replaced(share, seed=1):
    draw = random.Random(seed)
    return " ".join(f"other{number}" if draw.random() < share else word for number, word in enumerate(WORDS))


def plainly(one, other):
    """Containment by sets of words, without a hash."""
    runs = [{tuple(text.split()[first : first + 4]) for first in range(len(text.split()) - 3)} for text in (one, other)]
    return len(runs[0] & runs[1]) / len(runs[0])


@pytest.mark.parametrize("other", [TEXT, replaced(0.1), replaced(0.3), " ".join(WORDS[:100]), " ".join(WORDS[::-1])])
def test_what_is_contained_is_what_the_words_say(other):
    assert share_contained(shingles(TEXT), shingles(other)) == pytest.approx(plainly(TEXT, other))


def test_case_punctuation_spaces_and_unseen_characters_make_no_difference():
    one = shingles("“The ferry – Saint Brannoc – ran aground,” she said: on Monday.")
    other = shingles("the FERRY Saint\u00a0Bran\u00adnoc ran\n\naground she said on mon\u200bday")
    assert one.hashes.tolist() == other.hashes.tolist()
    assert len(one) == 7


@pytest.mark.parametrize(("share", "expected"), [(0.0, 1.0), (0.1, 1.0), (0.2, 1.0), (0.9, 0.0), (1.0, 0.0)])
def test_a_text_is_found_where_all_its_stretches_are_though_edited(share, expected):
    assert share_found(shingles(TEXT), shingles(replaced(share))) == expected


def test_half_of_a_text_word_for_word_is_half_of_it():
    half = " ".join(WORDS[:200]) + " " + replaced(1.0)
    assert share_found(shingles(TEXT), shingles(half)) == pytest.approx(0.5, abs=0.12)
    assert share_found(shingles(" ".join(WORDS[:200])), shingles(TEXT)) == 1.0


@pytest.mark.parametrize("text", ["", "one", "one two three", "!? …"])
def test_too_few_words_have_no_shingle(text):
    assert len(shingles(text)) == 0
    assert share_found(shingles(text), shingles(TEXT)) == share_contained(shingles(text), shingles(TEXT)) == 0.0
    assert share_found(shingles(TEXT), shingles(text)) == 0.0
    assert shingles(text).sample().tolist() == []


@pytest.mark.parametrize(("words", "sampled"), [(19, 0), (20, 16), (40, 16)])
def test_of_a_short_text_sixteen_shingles_are_sampled_of_one_that_is_too_short_none(words, sampled):
    assert len(shingles(" ".join(WORDS[:words])).sample()) == sampled


def test_one_shingle_in_sixteen_is_sampled_the_same_ones_of_a_part():
    whole = shingles(" ".join(f"w{number}" for number in range(16_000)))
    part = shingles(" ".join(f"w{number}" for number in range(8_000, 16_000)))
    assert len(whole.sample()) == pytest.approx(1_000, rel=0.1)
    assert set(part.sample().tolist()) <= set(whole.sample().tolist())
    assert np.all(np.diff(whole.sample().astype(object)) > 0)


TEMPLATE = "On {} the boats landed {} tonnes of crab at the quay, {} fewer than last week, and a kilo sold for {} in the hall. "


@pytest.mark.parametrize(("one", "other", "expected"), [
    ((1, 2, 3, 4), (1, 2, 3, 4), True), ((1, 2, 3, 4), (5, 6, 7, 8), False), ((1, 2, 3, 4), (1, 2, 3, 8), True),
    ((1, 2, 3, 4), (5, 6, 7, 4), False),
])  # fmt: skip
def test_a_template_filled_in_again_has_other_figures(one, other, expected):
    assert same_figures(shingles(TEMPLATE.format(*one)), shingles(TEMPLATE.format(*other))) is expected


def test_one_date_that_was_brought_up_to_date_is_no_template():
    assert (
        same_figures(shingles(f"Updated at 14 30 today. {TEXT}"), shingles(f"Updated at 16 45 today. {TEXT}")) is True
    )
    assert same_figures(shingles(""), shingles(TEMPLATE)) is True


@given(st.text(), st.text())
def test_any_two_texts_can_be_compared(one, other):
    first, second = shingles(one), shingles(other)
    for share in (share_found(first, second), share_contained(first, second)):
        assert 0.0 <= share <= 1.0
    assert same_figures(first, second) is same_figures(second, first) or len(first) == len(second)
    assert share_found(first, first) == share_contained(first, first) == float(len(first) > 0)


@given(
    st.lists(
        st.sampled_from(["ab ", "Öl ", "12 ", "ﬁ", "e\u0301", "\u200b", "\ufdfa ", "\n", "港の ", "ß", "\u0301"]),
        max_size=80,
    )
)
@settings(deadline=None)
def test_a_text_is_read_part_by_part_as_in_the_whole(pieces):
    text = "".join(pieces)
    whole = shingles(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shingles_module, "_FOLDED_AT_ONCE", 200)
        part = shingles(text)
    assert (part.hashes.tolist(), part.masked.tolist(), part.figured.tolist()) == (
        whole.hashes.tolist(), whole.masked.tolist(), whole.figured.tolist(),
    )  # fmt: skip
