"""Texts folded, by value; every sign that is folded stays mapped to its place."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.folding import folded, folded_with_map, with_plain_letters
from corpus.offset_map import Origin


@pytest.mark.parametrize(("text", "expected"), [
    ("plain, 'words' - \"here\" `x`", "plain, 'words' - \"here\" `x`"),
    ("ﬀ ﬁ ﬂ ﬃ ﬄ ﬅ ﬆ ĳ", "ff fi fl ffi ffl st st ij"), ("Ｆｕｌｌ１２，（ｘ）　ｙ", "Full12,(x) y"), ("𝐛𝒐𝓵𝖽 𝟜𝟚", "bold 42"),
    ("sci\u00aden\u200bti\u2060fic \ufeffword \u200eab\u200f", "scientific word ab"), ("a\u00a0b\u2009c\u202fd\u3000e", "a b c d e"),
    ("‘x’ “y” „z“ ″ ʼ ´", "'x' \"y\" \"z\" \" ' '"), ("a‐b‑c‒d–e—f―g −5 ﹣ －", "a-b-c-d-e-f-g -5 - -"), ("wait…", "wait..."), ("1⁄2 3∕4", "1/2 3/4"),
    ("H₂O CO₂ 5 m² km³", "H2O CO2 5 m2 km3"), ("Smith² 10⁶ 10²³ 2⁻³", "Smith 2 10 6 10 23 2 -3"), ("½ 1½", "1/2 1 1/2"),
    ("Ⅷ ⅳ № 3 5㎏", "VIII iv No 3 5kg"), ("ﻻﻣﺔ ﷲ", "لامة الله"), ("ｶﾞｽ", "ガス"), ("⽂字", "文字"), ("Congreſs", "Congress"),
    ("e\u0301 ｅ\u0301", "é é"), ("Émile Zoë", "Émile Zoë"), ("Auf\u200clage क्\u200dष", "Auflage क्ष"), ("ŉ", "'n"),
    # What another sign would not show.
    ("می\u200cروم", "می\u200cروم"), ("👩\u200d🍳", "👩\u200d🍳"), ("Pullquote™ x℠ ①", "Pullquote™ x℠ ①"), ("น้ำ", "น้ำ"), ("« ‹x› »", "« ‹x› »"), ("a × b", "a × b"),
])  # fmt: skip
def test_signs_that_look_the_same_become_the_plainest(text, expected):
    assert folded(text) == expected


_MIXED = st.text(st.one_of(st.sampled_from("aﬁﬃＡ１ ²⁶½…’“–\u00a0\u00ad\u200b\u200c\u200d\u0301Ⅷﻻｶﾞ"), st.characters(exclude_categories=["Cs"])))  # fmt: skip


@given(_MIXED)
def test_each_sign_stays_mapped_to_its_place(text):
    text = unicodedata.normalize("NFC", text)
    mapped = folded_with_map(text)
    assert mapped.text == folded(text)
    origin = Origin(mapped.runs)
    places = [origin.source_range(at, at + 1) for at in range(len(mapped.text))]
    assert None not in places
    assert places == sorted(places)
    copied = [
        (char, text[start:end]) for char, (start, end) in zip(mapped.text, places, strict=True) if end - start == 1
    ]
    assert all(char in folded(f"b{source}") or char in folded(f"abcd{source}") for char, source in copied)


@given(_MIXED)
def test_letters_alone_are_plain_where_networks_read(text):
    plain = with_plain_letters(text)
    origin = Origin(plain.runs)
    assert all(origin.source_range(at, at + 1) for at in range(len(plain.text)))
    assert not set("ﬁﬃＡ１Ⅷﻻ") & set(plain.text)
    assert with_plain_letters("don’t — “1½ m²”…").text == "don’t — “1½ m²”…"


def test_a_long_text_is_folded_in_time_that_grows_with_it():
    for sign in ("’", "\u00ad", "ﬃ", "²", "\u200d", "a\u0301", "ﷺ"):
        assert len(folded(sign * 200_000)) <= 18 * 2 * 200_000
