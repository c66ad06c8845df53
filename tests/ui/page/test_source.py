"""The source pane's HTML: the article as it is, every mark exactly at its quote, the ways on and the ways out."""

import json
from dataclasses import replace

import pytest

from corpus.article import Article
from rag.answer import Excerpt, Quote
from tests.ui.conftest import CAFE, FERRY, HOSTILE
from tests.ui.page.test_cards import HARMLESS, quote, related, seen
from ui.page.conversation import ExcerptAddress
from ui.page.source import Position, problem_html, source_html

MIDDLE = Position(ExcerptAddress(2, 0), 2, 3, ExcerptAddress(1, 0), ExcerptAddress(2, 1), "Who is it?")


def pane(article: Article, excerpt: Excerpt, *others: Quote, position: Position = MIDDLE, shown: int = 1) -> str:
    return source_html(article, excerpt, others, position, shown)


def test_shows_byline_link_and_place() -> None:
    one = replace(quote(FERRY, "Mara Lindqvist"), fragment_url="https://gazette.example/osprey#:~:text=Mara")
    html = pane(FERRY, one, shown=7)
    assert '<h2 dir="auto" lang="en">The Osprey has a new captain</h2>' in html
    assert "By <bdi>Ann O&#39;Dell</bdi>, <bdi>Bo &lt;b&gt;Bold&lt;/b&gt;</bdi>" in html
    assert '<bdi>The Gazette</bdi> · <time datetime="2026-02-03"><bdi>3 February 2026</bdi></time>' in html
    assert 'href="https://gazette.example/osprey#:~:text=Mara"' in html
    assert f"characters {one.start:,}–{one.end:,} of {len(FERRY.text):,}" in html
    assert 'data-shown="7"' in html
    assert '<div class="body" data-first="0" lang="en">' in html
    assert 'Quoted for <q dir="auto">Who is it?</q>' in html


def test_a_pdf_opens_at_its_page() -> None:
    one = replace(quote(FERRY, "Mara Lindqvist"), page=3, fragment_url="https://gazette.example/osprey#:~:text=Mara")
    html = pane(FERRY, one)
    assert "Quote 2 of 3 · page 3" in html
    assert 'href="https://gazette.example/osprey?a=1&amp;b=2#page=3"' in html


@pytest.mark.parametrize(
    ("published", "printed"),
    [("2026-12-31", "31 December 2026"), ("2026-02", "2026-02"), ("1999", "1999"), ('"><b>', "&#34;&gt;&lt;b&gt;")],
)
def test_a_day_stands_as_in_a_newspaper(published: str, printed: str) -> None:
    html = pane(replace(FERRY, published=published), quote(FERRY, "Mara Lindqvist"))
    assert f"><bdi>{printed}</bdi></time>" in html


def test_without_a_web_address_there_is_no_link() -> None:
    assert "<a " not in pane(CAFE, quote(CAFE, "240"))
    local = replace(CAFE, url="file:///etc/passwd")
    assert "<a " not in pane(local, replace(quote(local, "240"), page=3))


def test_a_quote_that_another_one_lies_in_is_marked_as_one() -> None:
    html = pane(FERRY, quote(FERRY, "The captain of the ferry Osprey is Mara Lindqvist."), quote(FERRY, "ferry Osprey"))
    assert html.count("<mark") == 1


def test_leads_to_the_quotes_before_and_after() -> None:
    html = pane(FERRY, quote(FERRY, "Mara Lindqvist"))
    assert "Quote 2 of 3" in html
    assert 'class="step previous" data-excerpt="1.0"' in html
    assert 'class="step next" data-excerpt="2.1"' in html
    only = Position(ExcerptAddress(1, 0), 1, 1, None, None)
    assert pane(FERRY, quote(FERRY, "Mara Lindqvist"), position=only).count(" disabled") == 2


def test_is_taken_away_in_formats_that_other_programs_read() -> None:
    page = seen(pane(FERRY, replace(quote(FERRY, "Mara Lindqvist"), page=3)))
    markdown, ris, csl = page.attributes["data-citation"]
    assert markdown.startswith("> y Osprey is Mara Lindqvist. She came f\n\n— Ann O'Dell, ")  # in its sentence
    assert "TI  - The Osprey has a new captain\r\n" in ris
    (item,) = json.loads(csl)
    assert item["custom"]["quote"] == "y Osprey is Mara Lindqvist. She came f"
    assert page.attributes["data-suffix"] == ["md", "ris", "json"]
    assert "javascript" not in "".join(seen(pane(HOSTILE, quote(HOSTILE, "tick"))).attributes["data-citation"])


def test_a_passage_that_is_not_an_answer_says_so() -> None:
    html = pane(FERRY, related(FERRY, "She came from Gothenburg."), quote(FERRY, "Mara Lindqvist"))
    assert "not an answer" in html
    assert "Passage 2 of 3" in html
    assert "Quoted for" not in html
    assert seen(html, "mark", "near").text == "She came from Gothenburg."
    assert seen(html, "mark", "other").text == "Mara Lindqvist"
    assert 'class="current"' not in html


def test_a_note_stands_in_the_bar() -> None:
    html = pane(FERRY, quote(FERRY, "Mara Lindqvist"), position=replace(MIDDLE, note="<b>Changed</b>."))
    assert '<p class="note" id="source-note" role="status">&lt;b&gt;Changed&lt;/b&gt;.</p>' in html
    assert 'class="note"' not in pane(FERRY, quote(FERRY, "Mara Lindqvist"))


def test_hostile_article_is_only_text() -> None:
    words = "<script>window.hacked=1</script> in the tower. There are $x^2$ and *bold* {{constructor}}"
    html = pane(HOSTILE, quote(HOSTILE, words))
    page = seen(html, "mark", "current")
    assert page.text == words
    assert page.tags <= HARMLESS
    assert not [name for name in page.attributes if name.startswith("on")]
    assert "href" not in page.attributes
    assert "lang" not in page.attributes
    assert seen(html, "div", "body").text == HOSTILE.text
    assert "<b>" not in problem_html("<b>", 1)


def test_quotes_of_an_older_text_are_left_out() -> None:
    old = replace(quote(FERRY, "She came"), sha256="another")
    assert 'class="other"' not in pane(FERRY, quote(FERRY, "Mara Lindqvist"), old)


def test_emoji_and_accents_before_a_quote_do_not_shift_its_mark() -> None:
    html = pane(CAFE, quote(CAFE, "240"))
    assert seen(html, "mark", "current").text == "240"
    assert seen(html, "div", "body").text == CAFE.text
