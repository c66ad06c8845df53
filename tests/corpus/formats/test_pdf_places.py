"""Each character of a PDF's text keeps its page and its box."""

import pytest

from corpus.article import Article, Span
from corpus.formats.clean import clean
from corpus.formats.pdf.quote_boxes import quote_boxes
from corpus.formats.pdf.reader import read_pdf
from corpus.offset_map import Origin
from tests.corpus.formats.pdf_layouts import LAYOUTS
from tests.corpus.formats.pdf_writer import Page, pdf


def article(data):
    draft = clean(read_pdf(data))
    origin = Origin(draft.text.runs, draft.page_starts, draft.is_text)
    return Article("a", "A", draft.text.text, "a.pdf", origin=origin)


def places(data, words):
    one = article(data)
    start = one.text.index(words)
    found = quote_boxes(data, one, Span(start, start + len(words)))
    return [(page.page, [tuple(map(round, box)) for box in page.boxes]) for page in found]


def test_a_quote_in_a_column_has_a_box_on_each_line():
    data, _ = LAYOUTS["headline_over_columns"]()
    assert places(data, "Hail broke the panes of the glass house in May") == [
        (1, [(310, 738, 515, 750), (310, 724, 331, 736)]),
    ]


def test_a_quote_goes_on_over_the_page():
    data = pdf(Page().text(60, 100, "The well was dug by"), Page().text(60, 780, "nobody that we know."))
    assert places(data, "dug by nobody") == [(1, [(127, 98, 160, 110)]), (2, [(60, 778, 96, 790)])]


def test_a_quote_on_a_turned_page_has_its_box_on_the_page_as_it_is_stored():
    data, _ = LAYOUTS["turned_page"]()
    assert places(data, "The orchard") == [(1, [(90, 60, 102, 119)])]


def test_a_row_has_a_box_for_each_cell():
    data, _ = LAYOUTS["table_without_rules"]()
    assert len(places(data, "17 March 2021 | wall | | 9")[0][1]) == 3


def test_every_character_is_the_one_at_its_place_in_the_source():
    data, _ = LAYOUTS["headline_over_columns"]()
    one = article(data)
    letters = [at for at, char in enumerate(one.text) if char.isalnum()]
    assert all(len(quote_boxes(data, one, Span(at, at + 1))) == 1 for at in letters)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_has_boxes_for_the_whole_text(layout):
    data, _ = LAYOUTS[layout]()
    one = article(data)
    assert quote_boxes(data, one, Span(0, len(one.text)))


def test_another_file_or_an_older_article_has_no_boxes():
    data, _ = LAYOUTS["headline_over_columns"]()
    other, _ = LAYOUTS["sidebar"]()
    one = article(data)
    assert quote_boxes(other, one, Span(0, 20)) == ()
    older = Article("a", "A", one.text, "a.pdf", origin=Origin((), one.origin.page_starts))
    assert quote_boxes(data, older, Span(0, 20)) == ()
