"""Where on a page its byline stands. All names and places are invented."""

import pytest

from corpus.formats.page_facts import page_facts
from tests.corpus.facts.page.test_pages import BODY, TITLE

LONG = "<p>" + "The night boat called at every quay of the sound that week. " * 20 + "</p>"


def page(before="", top="", after="", outer="div", title=TITLE):
    return (
        f"<html><head><title>{title}</title></head><body><{outer}>{before}<h1>{TITLE}</h1>{top}{BODY}{LONG}{after}"
        f"</{outer.split()[0]}></body></html>"
    )


BYLINE = '<p class="byline">By Ada Quill</p>'


@pytest.mark.parametrize(
    "outer",
    [
        'div class="content-sidebar-wrap"', 'section class="nav-padding"', 'div class="widget widget-hero"', "nav",
        'div class="m-shared-nav-content"', 'div class="teaser topArticle"', 'div class="sticky-reference"', "aside",
        'div class="drawer-nav panel"', 'div class="promo-layout"',
    ],
)  # fmt: skip
def test_what_holds_the_heading_is_no_menu_whatever_it_is_called(outer):
    assert page_facts(page(top=BYLINE, outer=outer), None).authors == ("Ada Quill",)
    assert page_facts(page(top=BYLINE, outer=outer, title="Courier"), None).authors == ("Ada Quill",)


@pytest.mark.parametrize(
    "top",
    [
        f'<div class="headline__footer">{BYLINE}</div>', f'<nav class="pst-by">{BYLINE}</nav>', f"<button>{BYLINE}</button>",
        f'<div class="entry-meta social-comments-above">{BYLINE}</div>',
        f'<div class="elementor-widget elementor-widget-post-info"><div class="elementor-widget-container">{BYLINE}</div></div>',
    ],
)  # fmt: skip
def test_a_short_element_close_to_the_heading_may_hold_the_byline(top):
    assert page_facts(page(top=top), None).authors == ("Ada Quill",)
    assert page_facts(page(after=LONG + top.replace("elementor-widget", "widget")), None).authors == ()


@pytest.mark.parametrize(
    "name", ["related-stories", "widget_recent_entries", "most-read", "comment-list", "breadcrumb nav"]
)
def test_other_articles_close_to_the_heading_are_others(name):
    assert page_facts(page(top=f'<div class="{name}">{BYLINE}</div>'), None).authors == ()


@pytest.mark.parametrize(
    "href",
    ["/author/ada", "/about/editors/ada-quill/", "/profile/ada-quill-19", "/u/adaq", "/columnists/ada-quill", "/users/ada",
     "/experts/ada-quill", "/?author=3"],
)  # fmt: skip
def test_a_link_to_a_profile_close_to_the_heading_is_the_author(href):
    assert page_facts(page(top=f'<div class="x1"><a href="{href}">Ada Quill</a></div>'), None).authors == ("Ada Quill",)


def test_a_link_to_a_profile_in_a_sentence_is_no_author():
    words = "The ferry company told the county council on Monday that the captain of the night boat, "
    top = f'<p>{words}<a href="/people/sam-okoro">Sam Okoro</a>, would stay with the boat until the end of June.</p>'
    assert page_facts(page(top=top), None).authors == ()


@pytest.mark.parametrize(
    "top",
    [
        '<div><span>By</span><div><a href="/x/1">Ada Quill</a></div></div>', "<div><span>Words by</span> <b>Ada Quill</b></div>",
        '<a class="blog-author-link" href="/blog/author/ada">Ada Quill</a>', '<p data-hook="author-name">Ada Quill</p>',
        '<div class="field--name-author field--type-entity-reference field--item">Ada Quill</div>',
        '<div data-component="byline"><span>Ada Quill</span></div>',
        '<div itemprop="author"><b itemprop="name">Ada Quill</b><i itemprop="affiliation"><b itemprop="name">Merrin Quay</b></i></div>',
    ],
)  # fmt: skip
def test_words_and_names_in_elements_of_their_own(top):
    assert page_facts(page(top=top), None).authors == ("Ada Quill",)


@pytest.mark.parametrize(
    "top",
    [
        '<p class="byline">By <b itemprop="name">Ada Quill</b> and <b itemprop="name">Sam Okoro</b></p>',
        '<p><b><a href="/by/ada-quill">Ada Quill</a></b>, <i><a href="/by/sam-okoro">Sam Okoro</a></i></p>',
        '<div><p><a href="/author/ada">Ada Quill</a></p><i>and</i><div><p><a href="/author/sam">Sam Okoro</a></p></div></div>',
    ],
)  # fmt: skip
def test_names_with_nearly_nothing_between_them_are_one_list(top):
    assert page_facts(page(top=top), None).authors == ("Ada Quill", "Sam Okoro")


@pytest.mark.parametrize(
    "top",
    ['<p class="author">Creative Commons Attribution</p>', "<p>Geprüft von Dr. Sam Okoro</p>", '<p class="author">Our Stories</p>'],
)  # fmt: skip
def test_licences_and_checkers_are_no_authors(top):
    assert page_facts(page(top=top), None).authors == ()


@pytest.mark.parametrize(
    "top",
    [
        "<p>Ada Quill</p><p>March 14, 2024</p>", "<p>Ada Quill | March 14, 2024</p>", "<p>Ada Quill, March 14, 2024</p>",
        "<p>Ada Quill, The Merrin Courier</p><p>March 14, 2024</p>", "<p>Ada Quill, Staff Writer | March 14, 2024</p>",
        "<p>March 14, 2024 by Ada Quill</p>", '<p>March 14, 2024 by <a href="/x">Ada Quill</a> in News</p>',
        "<p>Posted on March 14, 2024 by <a>Ada Quill</a></p>", "<div>14 Mar 2024 // by Ada Quill // 3 Comments</div>",
        "<div><span>Ada Quill</span><span>14 March 2024</span></div>", "<h4>Ada Quill</h4><h5>14 March 2024</h5>",
        "<p>14.03.2024, 10:12 Uhr | Von Ada Quill</p>", "<p>Publié le 14 mars 2024 par Ada Quill</p>",
        "<p>14.03.2024 - Ada Quill</p>", '<div class="entry-meta">14 March 2024 <a href="/author/aq">Ada Quill</a></div>',
        "<table><tr><td>By Ada Quill</td></tr></table>", '<p class="source">By Ada Quill</p>', "<p>AUTHOR<br>Ada Quill</p>",
        "<div><h5>Author</h5><p>Ada Quill</p></div>", "<dl><dt>Author</dt><dd>Ada Quill</dd></dl>", "<p>Author(s): Ada Quill</p>",
        '<a href="/x" title="Posts by Ada Quill">Ada Quill</a>', "<p>Teksti: Ada Quill</p>",
    ],
)  # fmt: skip
def test_lines_of_dates_and_names_under_the_heading(top):
    assert page_facts(page(top=top), None).authors == ("Ada Quill",)


@pytest.mark.parametrize(
    "top",
    [
        "<p>Merrin, March 14, 2024</p>", "<p>Climate Change | March 14, 2024</p>", "<p>Press Release | March 14, 2024</p>",
        '<p><a href="/sections/grey-herring">Grey Herring</a> | March 14, 2024</p>', "<p>Top Stories</p><p>March 14, 2024</p>",
        '<p class="category">Grey Herring</p><p>March 14, 2024</p>', "<p>Download PDF | March 14, 2024</p>", "<p>Ada Quill</p>",
        '<p class="photo-credit">By Ada Quill</p>', "<p>On March 14, 2024 Ada Quill told the council of the boat.</p>",
    ],
)  # fmt: skip
def test_sections_and_places_beside_a_date_are_no_authors(top):
    assert page_facts(page(top=top), None).authors == ()
