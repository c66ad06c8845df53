"""The part of a very long article that one page shows."""

import re
from html import unescape

import pytest

from corpus.article import Span
from rag.api.article_page import article_page
from rag.citation.marked import MOST_SHOWN, body_html, shown_part
from tests.rag.conftest import article

TEXT = "".join(f"Line {number} of many.\n\n" for number in range(40_000)).strip()
LINKS = re.compile(r'<a href="\?([^"]*)">(Before|After)</a>')


def words(html):
    return unescape(re.sub("<[^>]*>", "", html))


def test_a_text_of_the_usual_length_is_shown_whole():
    text = "a" * MOST_SHOWN
    assert shown_part(text, Span(5, 9)) == Span(0, MOST_SHOWN)
    assert "are shown" not in article_page(article("short", text), None).body.decode()


@pytest.mark.parametrize("place", [0, 333_333, len(TEXT) - 9])
def test_of_a_long_text_the_part_around_the_place_is_shown_in_whole_lines(place):
    shown = shown_part(TEXT, Span(place, place + 5))
    assert shown.covers(Span(place, place + 5))
    assert MOST_SHOWN - 1_000 <= shown.end - shown.start <= MOST_SHOWN
    assert shown.start == 0 or TEXT[shown.start - 1] == "\n" or shown.end == len(TEXT)
    html = body_html(TEXT, Span(place, place + 5), (), shown=shown)
    assert words(html) == shown.cut(TEXT).lstrip()
    assert words(re.search("<mark.*?</mark>", html)[0]) == TEXT[place : place + 5]


def test_the_links_lead_to_all_of_a_long_text_and_keep_the_place():
    long, at, seen = article("long", TEXT), None, ""
    while True:
        page = article_page(long, Span(4, 9), at).body.decode()
        start, end, length = (
            int(one.replace(",", "")) for one in re.search("Characters (.*)–(.*) of (.*) are shown", page).groups()
        )
        assert length == len(TEXT)
        assert start <= len(seen)
        seen = seen[:start] + TEXT[start:end]
        links = {name: unescape(query) for query, name in LINKS.findall(page)}
        assert ("Before" in links) == (start > 0)
        if "After" not in links:
            break
        at = end
        assert links["After"] == f"start=4&end=9&at={at}"
    assert seen == TEXT


def test_the_link_back_leaves_nothing_out():
    page = article_page(article("long", TEXT), Span(500_000, 500_005)).body.decode()
    links = {name: unescape(query) for query, name in LINKS.findall(page)}
    before = int(links["Before"].rpartition("=")[2])
    shown = shown_part(TEXT, Span(500_000, 500_005))
    assert shown_part(TEXT, None, before).end >= shown.start


def test_a_place_longer_than_a_part_is_marked_wherever_it_is_shown():
    html = body_html(TEXT, Span(10, len(TEXT)), (), shown=shown_part(TEXT, Span(10, len(TEXT)), 300_000))
    assert html.count('id="quoted"') == 1
    assert all("<mark" in one for one in html.split("</p>") if words(one).strip())
