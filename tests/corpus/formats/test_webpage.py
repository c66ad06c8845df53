import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.draft import SourceFacts
from corpus.formats.align import AlignedRange, align
from corpus.formats.clean import clean
from corpus.formats.encoding import UndecodableText, decode
from corpus.formats.markup import markup_of
from corpus.formats.webpage import UnreadablePage, read_web_page
from corpus.offset_map import Edit, MappedText, Origin
from tests.corpus.hostile import assert_conforms, hostile_paragraphs

PAGE = """<!doctype html><html lang=en><head><title>A Barge Sinks - Harbour Post</title>
<meta property="og:site_name" content="Harbour Post"><meta name=author content="Ann Berg">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "A Barge Sinks", "datePublished":
"2024-03-12T10:00:00Z", "author": [{"@type": "Person", "name": "Ann Berg"}, {"name": "Tom Hale"}],
"publisher": {"name": "Harbour Post"}}</script><style>p { color: red }</style></head><body>
<nav><a href=/>Home</a><p>The harbour at Lindholm was closed on Tuesday after a barge struck the eastern pier.</p></nav>
<article><h1>A Barge Sinks</h1><p class=byline>By Ann Berg and Tom Hale</p>
<p>The harbour at Lindholm was closed on Tuesday after a barge struck the eastern pier.</p>
<p>Nobody&nbsp;was <b>hu</b>rt, the m&uuml;nster&#8217;s <a href="x?a=1&b=2">warden</a> said, e\u0301te\u0301 &amp; all,<br>
and   the \U0001f469\u200d\U0001f469 crew<!-- not this --> swam\nashore in the cold of the morning.</p>
<ul><li>One tug came</li><li>Two tugs left <ul><li>at noon</li></ul></li></ul>
<blockquote><p>I saw it go down.</p></blockquote>
<table><tr><th>Ship</th><th>Year</th></tr><tr><td>Barge</td><td>1987</td></tr></table>
<p>The pumps were started at dawn.</p><p>The pumps were started at dawn.</p>
<p>soft\u00adhyphen \u05d0\u05d1\u200f ends the story, which goes on for a while longer than one would think.</p>
</article><footer>Copyright 2024 Harbour Post</footer></body></html>"""


@pytest.fixture(scope="module")
def draft():
    return read_web_page(PAGE.encode(), "https://planet.example/barge")


def test_the_article_is_rebuilt_from_the_page(draft):
    assert draft.text.text == (
        "A Barge Sinks\n\n"  # trafilatura itself takes the byline for metadata
        "The harbour at Lindholm was closed on Tuesday after a barge struck the eastern pier.\n\n"
        "Nobody\xa0was hurt, the münster’s warden said, e\u0301te\u0301 & all,\n"
        "and the \U0001f469\u200d\U0001f469 crew swam ashore in the cold of the morning.\n\n"
        "One tug came\nTwo tugs left\nat noon\n\nI saw it go down.\n\nShip | Year\nBarge | 1987\n\n"
        "The pumps were started at dawn.\n\nThe pumps were started at dawn.\n\n"
        "soft\xadhyphen \u05d0\u05d1\u200f ends the story, which goes on for a while longer than one would think."
    )


def test_facts_come_from_the_structured_data(draft):
    expected = SourceFacts(
        "A Barge Sinks", ("Ann Berg", "Tom Hale"), "Harbour Post", "2024-03-12", "https://planet.example/barge"
    )
    assert draft.facts == expected


def test_a_teaser_in_the_menu_is_not_taken_for_the_paragraph(draft):
    start = draft.text.text.index("The harbour at Lindholm")
    source_start, _ = Origin(draft.text.runs).source_range(start, start + 10)
    assert source_start == PAGE.rindex("The harbour at Lindholm")


def test_repeated_paragraphs_stand_at_their_own_places(draft):
    origin = Origin(draft.text.runs)
    found = [match.start() for match in re.finditer("The pumps", draft.text.text)]
    assert [origin.source_range(start, start + 9)[0] for start in found] == [
        match.start() for match in re.finditer("The pumps", PAGE)
    ]


def test_the_map_is_true(draft):
    assert_conforms(draft.text.text, Origin(draft.text.runs), PAGE)


def test_an_entity_is_one_unit(draft):
    at = draft.text.text.index("münster’s")
    assert PAGE[slice(*Origin(draft.text.runs).source_range(at, at + 9))] == "m&uuml;nster&#8217;s"


def test_cleaning_leaves_the_words_only(draft):
    text = clean(draft).text.text
    assert text.startswith("The harbour at Lindholm")
    assert "été & all" in text
    assert "Copyright" not in text


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>A Barge Sinks - Harbour Post</title>", "A Barge Sinks"),
        ("<title>A Barge Sinks | News | Harbour Post</title>", "A Barge Sinks"),
        ("<title>Another thing - Harbour Post</title>", "Another thing - Harbour Post"),
        (
            '<title>Another thing - Harbour Post</title><meta property="og:site_name" content="Harbour Post">',
            "Another thing",
        ),
        ("", "A Barge Sinks"),
    ],
)
def test_a_heading_the_pages_title_does_not_know_is_not_the_title(head, title):
    body = "<h1>A Barge Sinks</h1><p>The pumps were started at dawn, the harbour master said.</p>"
    assert read_web_page(f"<html><head>{head}</head><body>{body}</body></html>".encode()).facts.title == title


def test_the_charset_of_the_page_counts():
    page = PAGE.replace("<head>", "<head><meta charset=windows-1251>").replace("morning", "утро")
    data = page.encode("cp1251", "xmlcharrefreplace")
    assert "утро" in read_web_page(data).text.text
    assert "утро" in read_web_page(page.encode("koi8-r", "xmlcharrefreplace"), charset="koi8-r").text.text


@pytest.mark.parametrize("page", ["<p>Hello there, all.</p>", "Hello there, all.", "<html><body><p>Hello there, all."])
def test_a_fragment_is_a_page(page):
    assert read_web_page(page.encode()).text.text == "Hello there, all."


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("<html><head><title>T</title></head><body><script>x</script></body></html>", "the page shows no text"),
        ("<!-- never closed <p>words</p>", "the page shows no text"),
        ("<html><body>" + "<div>" * 30_000 + "words", "no article was found"),
        ("<table>" * 20_000 + "words", "no article was found"),
    ],
)
def test_pages_without_an_article_are_refused(page, reason):
    with pytest.raises(UnreadablePage, match=reason):
        read_web_page(page.encode())


def test_a_large_page_of_one_line_is_read():
    page = "<html><body>" + "".join(f"<p>Paragraph {number} of the one long line." for number in range(4000))
    text = read_web_page(page.encode()).text.text
    assert text.split("\n\n")[:2] == ["Paragraph 0 of the one long line.", "Paragraph 1 of the one long line."]
    assert text.endswith("Paragraph 3999 of the one long line.")


@given(hostile_paragraphs)
@settings(max_examples=40, deadline=None)
def test_any_paragraphs_map_to_the_page(paragraphs):
    escaped = [text.replace("&", "&amp;").replace("<", "&lt;") for text in paragraphs]
    source = f"<html><body><article>{''.join(f'<p>{text}</p>' for text in escaped)}<p>The end of it.</p></article></body></html>"
    data = source.encode("utf-8", "ignore")
    try:
        draft = read_web_page(data)
    except (UnreadablePage, UndecodableText):
        return
    assert_conforms(draft.text.text, Origin(draft.text.runs), decode(data).text)


def visible_text(source):
    return MappedText.of(source).edited(Edit(piece.start, piece.end, piece.text) for piece in markup_of(source))


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("a<b>b</b>c", "abc"),
        ("a<p>b<br/>c", "a\nb\nc"),
        ("1 < 2 & 3 &lt; 4 &#x41;&nbsp;&bogus;", "1 < 2 & 3 < 4 A\xa0&bogus;"),
        ("a<script>if (x<y) '</p>'</script>b<STYLE>c</style >d", "a\nb\nd"),
        ("<a title='a > b' href=\"x>y\">c</a>", "c"),
        ("<a title=it's>c</a>", "c"),
        ("a<!-- > -->b<!doctype x>c<?php ?>d", "abcd"),
        ("a<textarea><p>b</textarea>c", "a\nc"),
        ('a<b "', "a"),
    ],
)
def test_visible_text(source, seen):
    assert visible_text(source).text == seen


@given(st.text(alphabet="ab<>/!-\"'=&; pscript", max_size=80))
def test_any_markup_is_scanned_and_maps(source):
    text = visible_text(source)
    assert_conforms(text.text, Origin(text.runs), source)


def test_align_prefers_the_chain_with_small_gaps():
    first, second = "The first long paragraph here.", "The second long paragraph here."
    text = f"{first} menu and more menu {first} {second} footer {second}"
    assert align([first, second], text) == [[AlignedRange(50, 80)], [AlignedRange(81, 112)]]


def test_align_ignores_white_space_and_normal_form():
    assert align(["café du monde, c'est bon"], "x cafe\u0301\n du  monde, c'est\tbon y") == [[AlignedRange(2, 29)]]


def test_align_finds_the_parts_of_an_interrupted_piece():
    text = "The barge struck the pier [advert for boats] and sank within minutes."
    [places] = align(["The barge struck the pier and sank within minutes."], text)
    assert [text[start:end] for start, end in places] == ["The barge struck the pier", "and sank within minutes."]


def test_neighbours_share_no_invisible_characters():
    [[first], [second]] = align(
        ["The first long paragraph.", "The second long one."],
        "The first long paragraph.\u200f\u0301The second long one.",
    )
    assert (first.end, second.start) == (27, 27)


def test_align_invents_nothing():
    assert align(["This does not stand there at all, anywhere."], "Other words stand here instead.") == [[]]


def test_align_does_not_find_a_short_piece_inside_a_word():
    assert align(["ship"], "friendship ship") == [[AlignedRange(11, 15)]]
