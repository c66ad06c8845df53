"""Texts cut to the length of a page."""

import pytest

from corpus.article import Span
from rag.citation.markup import marked, shortened


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("short", "short"),
        (" two\n\n words\t", "two words"),
        ("one two three four", "one two …"),
        ("一二三四五六七八九十十一", "一二三四五六七八九十 …"),
        ("", ""),
    ],
)
def test_a_text_is_cut_after_a_word_where_it_has_words(text, expected):
    assert shortened(text, 10) == expected


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        ("in <1912>.", Span(4, 8), "in &lt;<mark>1912</mark>&gt;."),
        ("aa bb cc 1912 dd ee ff", Span(9, 13), "… cc <mark>1912</mark> dd …"),
        ("一二三四五六七八九1912一二三四五六七", Span(9, 13), "… 五六七八九<mark>1912</mark>一二三四五 …"),
        ("🐮\u0301 1912\ud800", Span(3, 7), "🐮\u0301 <mark>1912</mark>\ufffd"),
        ("1912", Span(0, 4), "<mark>1912</mark>"),
    ],
)
def test_a_quote_is_marked_with_what_stands_around_it(text, span, expected):
    assert marked(text, [span], 5) == expected


def test_each_item_of_a_list_is_marked():
    assert marked("by <A>, B and C in", [Span(3, 6), Span(8, 9), Span(14, 15)], 2) == (
        "… y <mark>&lt;A&gt;</mark>, <mark>B</mark> and <mark>C</mark> i …"
    )
