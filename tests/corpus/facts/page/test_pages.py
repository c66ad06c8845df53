"""Whole pages and what they say of themselves. All names, papers and places are invented."""

import json
import time

import pytest

from corpus.draft import SourceFacts
from corpus.formats.page_facts import page_facts

BODY = "<p>The ferry company told the county council on Monday that the night boat would return in June.</p>"
TITLE = "Night boat returns in June"
ADDRESS = "https://courier.example/night-boat"


def page(head="", top="", *, foot="", lang="en", title=TITLE, heading=TITLE):
    return (
        f"<html lang={lang}><head><title>{title}</title>{head}</head><body><article><h1>{heading}</h1>{top}{BODY}</article>{foot}"
        "</body></html>"
    )


def data(*records, **graph):
    return f'<script type="application/ld+json">{json.dumps(list(records) or graph)}</script>'


def meta(**contents):
    return "".join(f'<meta name="{name}" content="{value}">' for name, value in contents.items())


def record(headline=TITLE, author="Ada Quill", published="2024-03-12", **more):
    person = {"@type": "Person", "name": author} if isinstance(author, str) else author
    return {"@type": "NewsArticle", "headline": headline, "author": person, "datePublished": published, **more}


TEASER = record("Herring price falls", "Sam Okoro", "2019-02-03", url="https://courier.example/herring")
CANONICAL = f'<link rel="canonical" href="{ADDRESS}">'


@pytest.mark.parametrize(
    "head",
    [
        data(TEASER, record()),
        data(TEASER, record("Ferry: what comes in summer", url=ADDRESS)) + CANONICAL,
        data(TEASER, record("Ferry: what comes in summer", mainEntityOfPage={"@id": f"{ADDRESS}/"})) + CANONICAL,
        data(TEASER, {**record("Ferry in summer"), "@id": f"{ADDRESS}#article"}) + CANONICAL,
        data(TEASER) + data(record()),
        data({**TEASER, "headline": "Night boat returns in May"}, record()) + CANONICAL,
        data({**TEASER, "headline": "Night boat returns"}, record()) + CANONICAL,
        data({**TEASER, "url": "/herring"}, record("Ferry in summer", url="/night-boat")) + CANONICAL,
        data(**{"@graph": [TEASER, record()]}),
        data({"@type": "WebPage", "url": ADDRESS, "mainEntity": record("Ferry in summer", url=ADDRESS)}) + CANONICAL,
        data({"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": TEASER}]}, record()),
        data(TEASER) + meta(author="Ada Quill", pubdate="2024-03-12"),
        data({"@type": "NewsArticle", "author": "Sam Okoro", "datePublished": "2019-02-03"})
        + meta(author="Ada Quill", pubdate="2024-03-12"),
        data(record(author=[{"@id": "#ada"}]), {"@type": "Person", "@id": "#ada", "name": "Ada Quill"}),
        data(
            record(author={"@id": "#ada"}),
            {"@type": "Person", "@id": "#ada", "givenName": "Ada", "familyName": "Quill"},
        ),
        data(record(author=[{"@type": "Organization", "name": "Courier"}, {"@type": "Person", "name": "Ada Quill"}])),
        data(record(author="https://courier.example/ada")) + meta(author="Ada Quill"),
        data(record()).replace("}]", "},]"),
        data(record()).replace("[{", "<!-- [{").replace("}]<", "}] --><"),
        data(record()).replace('"', "&quot;").replace("&quot;application/ld+json&quot;", '"application/ld+json"'),
        '<script type="application/ld+json">{"@type": broken</script>' + data(record()),
        meta(
            **{
                "article:published_time": "2024-03-12T08:00:00Z",
                "twitter:label1": "Written by",
                "twitter:data1": "Ada Quill",
            }
        ),
    ],
)
def test_the_facts_are_those_of_this_page(head):
    facts = page_facts(page(head), None)
    assert (facts.title, facts.authors, facts.published) == (TITLE, ("Ada Quill",), "2024-03-12")


def test_a_record_of_another_page_alone_says_nothing():
    facts = page_facts(page(data(TEASER)), ADDRESS)
    assert facts == SourceFacts(title=TITLE, url=ADDRESS)


def test_a_teaser_with_a_title_like_the_pages_says_nothing():
    teaser = {**TEASER, "headline": "Night boat returns in May"}
    assert page_facts(page(data(teaser) + CANONICAL), None).authors == ()


def test_the_fetched_address_ties_a_record_to_its_page():
    facts = page_facts(
        page(data(TEASER, record("Ferry in summer", url=f"{ADDRESS}?utm=1"))),
        "http://www.courier.example/night-boat#top",
    )
    assert facts.authors == ("Ada Quill",)


BYLINES = [
    '<p class="byline">By Ada Quill | Updated: 3 September 2024 | Published: 12 March 2024</p>',
    '<p class="byline">By <a href="/ada">Ada Quill</a><span>Games Editor</span></p>',
    '<p class="author">Ada Quill, Updated March 14, 2024</p>',
    '<span class="author vcard"><a class="url fn n" rel="author" href="/author/ada">Ada Quill</a></span>',
    '<div class="byline"><span>By</span> <span>Ada</span> <span>Quill</span></div>',
    '<div class="author-block"><a href="/people/ada-quill"><b>Ada Quill</b></a><p>Senior reporter</p></div>',
    '<a rel="author" href="/ada">Ada Quill</a>',
    '<div itemprop="author" itemscope><span itemprop="name">Ada Quill</span><p>She writes of boats.</p></div>',
    '<meta itemprop="author" content="Ada Quill">',
    "<p>By Ada Quill</p>",
    "<p><em>Von Ada Quill</em></p>",
    '<div><span class="label">Autor:</span> Ada Quill</div>',
    '<p class="posted-by">Posted by Ada Quill on March 14, 2024</p>',
    '<p class="submitted">Ein Artikel von <strong>Ada Quill</strong> | 27.01.2022 - 12:45</p>',
    '<address class="author">Ada Quill</address>',
    '<aside class="meta"><p class="authors">Von:<br><i><a href="/autor/ada" class="author-name">Ada Quill</a></i></p></aside>',
    '<div class="post-footer">by <span class="fn author vcard">Ada Quill</span> at 21:14</div>',
    '<ul class="authors"><li>Ada Quill</li></ul><div class="related"><p class="author">Sam Okoro</p></div>',
    '<div class="authority-control">Authority control</div><p class="byline">By Ada Quill</p>',
    '<p class="byline">By Ada Quill</p><div class="comments"><span class="author">Sam Okoro</span></div>',
    '<p class="byline">By Ada Quill</p><footer><p class="author">Sam Okoro</p></footer>',
    '<figure><figcaption class="credit">By Sam Okoro</figcaption></figure><p class="byline">By Ada Quill</p>',
    '<span class="username">Username</span><p class="byline">By Ada Quill</p>',
    '<p class="byline">Words: Ada Quill</p><p class="credit">Photographs: Sam Okoro</p>',
]  # fmt: skip


@pytest.mark.parametrize("top", BYLINES)
def test_the_author_that_a_page_shows(top):
    assert page_facts(page(top=top), None).authors == ("Ada Quill",)


@pytest.mark.parametrize(
    "top",
    [
        '<p class="byline">By <a>Ada Quill</a> and <a>Sam Okoro</a></p>',
        '<p class="byline">By <a>Ada Quill</a>, <a>Sam Okoro</a></p>',
        '<ul><li><a rel="author">Ada Quill</a></li><li><a rel="author">Sam Okoro</a></li></ul>',
        '<p>Von <span itemprop="author">Ada Quill</span> und <span itemprop="author">Sam Okoro</span></p>',
        '<p class="byline"><span class="author">Ada Quill, gardening editor</span>, with Sam Okoro in Great Hobb | 2 min read</p>',
    ],
)
def test_several_authors_that_a_page_shows(top):
    assert page_facts(page(top=top), None).authors == ("Ada Quill", "Sam Okoro")


@pytest.mark.parametrize(
    "top",
    [
        '<p class="byline">Updated 3 September 2024</p>', '<p class="author">Username</p>', '<p class="byline">Reuters</p>',
        '<p class="byline">By Staff</p>', '<p class="author">admin</p>', '<p class="byline">Merrin, 12 March 2024</p>',
        '<div class="authority-control">Authority control</div>', '<span class="author">作者</span>',
        '<div class="comment"><span class="author">Sam Okoro</span></div>', '<p class="quote-author">Sam Okoro</p><p></p>'[:0],
        '<blockquote><p class="author">Sam Okoro</p></blockquote>', "<p>Von der Planung bis zum Bau</p>", "<p>By land and sea</p>",
    ],
)  # fmt: skip
def test_a_page_without_an_author_has_none(top):
    assert page_facts(page(top=top), None).authors == ()


@pytest.mark.parametrize(
    "name", ["admin", "Editor", "jsmith2", "webmaster", "Merrin Courier", "Staff", "AFP", "Updated March"]
)
def test_accounts_and_outlets_in_meta_tags_are_no_authors(name):
    head = meta(author=name, **{"og:site_name": "Merrin Courier"}).replace('name="og', 'property="og')
    assert page_facts(page(head), None).authors == ()


def test_what_is_shown_counts_more_than_data_that_name_others():
    shown = '<p class="byline">By Ada Quill</p>'
    assert page_facts(page(meta(author="Sam Okoro"), shown), None).authors == ("Ada Quill",)
    assert page_facts(page(meta(author="Ada Quill, Sam Okoro"), shown), None).authors == ("Ada Quill", "Sam Okoro")
    assert page_facts(page(meta(author="A. Quill; Ada Quill"), shown), None).authors[-1] == "Ada Quill"


@pytest.mark.parametrize(
    ("head", "top", "lang", "day"),
    [
        (meta(date="03/12/2024"), "", "en", None),
        (meta(date="03/12/2024"), "", "en-US", "2024-03-12"),
        (meta(date="03/12/2024"), "", "en-GB", "2024-12-03"),
        (meta(date="03/12/2024"), "", "de", "2024-12-03"),
        (meta(date="03/12/2024"), "<p>The list of 25/12/2023 is old.</p>", "en", "2024-12-03"),
        (meta(date="03/12/2024"), "<time datetime=2024-03-12>12 March</time>", "en-GB", "2024-03-12"),
        (meta(date="03/12/2024") + '<link rel="canonical" href="https://courier.example/2024/03/12/boat">', "", "de", "2024-03-12"),
        (meta(pubdate="1710230400"), "", "en", "2024-03-12"),
        (meta(date="2024-09-03"), "<p class=date>Last updated 3 September 2024</p>", "en", None),
        (meta(pubdate="1710230400000"), "", "en", "2024-03-12"),
        (meta(**{"article:modified_time": "2024-09-03"}), "", "en", None),
        (meta(**{"last-modified": "2024-09-03"}), "<p class=date>Updated 3 September 2024</p>", "en", None),
        ("", "<p class=date>Updated 3 September 2024 | Published 12 March 2024</p>", "en", "2024-03-12"),
        ("", "<time class=updated datetime=2024-09-03>3 Sep</time><time class=published datetime=2024-03-12>12 Mar</time>", "en", "2024-03-12"),
        ("", "<p>Updated: <time datetime=2024-09-03>3 Sep</time></p>", "en", None),
        ("", "<p>Published: <time datetime=2024-03-12>12 Mar</time></p>", "en", "2024-03-12"),
        ("", '<time class="entry-date published updated" datetime=2024-03-12>12 Mar</time>', "en", "2024-03-12"),
        ("", "<p class=stand>12.03.2024, 16:05 Uhr | Aktualisiert am 14.03.2024</p>", "de", "2024-03-12"),
        ("", "<p><span class=label>Datum:</span> <span>12. März 2024</span></p>", "de", "2024-03-12"),
        ("", '<div class=footer><time itemprop="datePublished" datetime="2024-03-12">12.3.</time></div>', "de", "2024-03-12"),
        ("", "<p>On 12 March 2024 the old boat sank in the harbour.</p>", "en", None),
        ("", '<div class="related"><time datetime="2019-02-03">3 Feb</time></div>', "en", None),
        ("", "<div>Por José Ñandú<br><span>Madrid - 12 mar 2024 - 08:00 CET</span></div>", "es", "2024-03-12"),
        ("", '<abbr class="published" title="2024-03-12">March 12</abbr>', "en", "2024-03-12"),
        (data(record(published="2024-03-12T08:00:00+00:00", dateModified="2024-09-03")), "", "en", "2024-03-12"),
        (data({"@type": "NewsArticle", "headline": TITLE, "dateModified": "2024-09-03"}), "", "en", None),
    ],
)  # fmt: skip
def test_the_day_of_publication(head, top, lang, day):
    assert page_facts(page(head, top, lang=lang), None).published == day


SITE = '<meta property="og:site_name" content="Merrin Courier">'


@pytest.mark.parametrize(
    ("title", "heading", "head", "foot", "expected"),
    [
        ("Merrin - Pell: the ferry that never sailed", "", "", "", "Merrin - Pell: the ferry that never sailed"),
        ("Merrin - Pell: the ferry that never sailed - Merrin Courier", "", SITE, "", "Merrin - Pell: the ferry that never sailed"),
        ("Night boat returns - Merrin Courier", "", SITE, "", "Night boat returns"),
        ("Night boat returns | News | Merrin Courier", "", SITE, "", "Night boat returns | News"),
        ("Merrin Courier: Night boat returns", "", SITE, "", "Night boat returns"),
        ("Night boat returns - Merrin Courier", "", "", "<footer>© 2026 Merrin Courier</footer>", "Night boat returns"),
        ("Night boat returns - Merrin Courier", "", "", '<a href="/">Merrin Courier</a>', "Night boat returns"),
        ("Night boat returns - Merrin Courier", "", "", '<img class="logo" alt="Merrin Courier">', "Night boat returns"),
        ("Night boat returns - Merrin Courier", "", data(record("x", publisher={"name": "Merrin Courier"}), {"@type": "WebSite", "name": "Merrin Courier"}), "", "Night boat returns"),
        ("Night boat returns - Courier", "", '<link rel="canonical" href="https://courier.example/a">', "", "Night boat returns"),
        ("Night boat returns - Merrin Courier", "", "", "", "Night boat returns - Merrin Courier"),
        ("Night boat returns – a farewell", "Night boat returns – a farewell", SITE, "", "Night boat returns – a farewell"),
        ("Night boat returns - Merrin Courier", "Night boat returns", "", "", "Night boat returns"),
        ("Day three « Splice and Whip", "Splice and Whip", "", "<h2>Day three</h2>", "Day three"),
        ("", "Night boat returns", "", "", "Night boat returns"),
    ],
)  # fmt: skip
def test_the_title(title, heading, head, foot, expected):
    assert page_facts(page(head, foot=foot, title=title, heading=heading), None).title == expected


def test_the_outlet_is_the_publisher_or_the_site():
    assert (
        page_facts(page(data(record(publisher={"@type": "Organization", "name": "Merrin Courier"}))), None).outlet
        == "Merrin Courier"
    )
    assert page_facts(page(SITE), None).outlet == "Merrin Courier"
    assert page_facts(page(SITE.replace("Merrin Courier", "courier.example") + CANONICAL), None).outlet is None


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 30_000, "<a rel=author>" * 30_000, "<p class=byline>" * 20_000 + "x", "<aside>" * 20_000, "<time>" * 30_000,
        "<p class=author>Ada Quill, " * 20_000, "<p class=date>12 March 2024 " * 10_000, "<meta name=author content='A" + ", B" * 300_000 + "'>",
        "<title>" + "a - " * 200_000 + "</title>", "<script type='application/ld+json'>" + "[" * 100_000 + "</script>",
        "<script type='application/ld+json'>" + '{"@graph":' * 50_000 + "</script>", "<script type='application/ld+json'>" * 10_000,
        "<script type='application/ld+json'>[" + "," * 500_000 + "]</script>", "<script " + "application/ld+json " * 50_000,
        "<h1>" + "Ada " * 200_000, "<p>© " * 100_000, "<footer>(c) 2024 " + "a " * 500_000, "<a href='/'>" * 30_000, "<h1><h2>" * 20_000,
        "<p>1/2/2024 " * 60_000, "\x00", "",
    ],
    ids=lambda source: source[:20],
)  # fmt: skip
def test_a_hostile_page_is_read_in_seconds(source):
    begun = time.process_time()
    page_facts(source, None)
    assert time.process_time() - begun < 5
