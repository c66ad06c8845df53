import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.web import feed as feeding
from corpus.web.feed import FeedEntry, UnreadableFeed, linked_feeds, read_feed
from corpus.web.fetch import FetchedPage

HERE = "https://press.example/lists/all"


def page(body, content_type=""):
    return FetchedPage(HERE, body.encode() if isinstance(body, str) else body, content_type)


def read(body, content_type=""):
    return read_feed(page(body, content_type))


def rss(*items, head=""):
    return f'{head}<rss version="2.0"><channel><title>T</title><link>https://press.example/</link>{"".join(items)}</channel></rss>'


def item(link, rest=""):
    return f"<item><title>T</title><link>{link}</link>{rest}</item>"


def urlset(*locations, head='<?xml version="1.0" encoding="UTF-8"?>'):
    entries = "".join(f"<url><loc>{one}</loc></url>" for one in locations)
    return f'{head}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'


def addresses(feed):
    return [listed.url for listed in feed.entries]


# --- Every kind ---


def test_rss_lists_its_items_in_order_with_their_dates():
    feed = read(
        rss(
            item(
                "https://press.example/z?id=2&amp;cid=1&amp;utm_source=rss",
                "<pubDate>Mon, 02 Feb 2026 10:00:00 +0100</pubDate>",
            ),
            item("<![CDATA[ https://other.example/a?x=1&y=2 ]]>", "<pubDate>yesterday</pubDate>"),
            item("/rel/one.html", '<dc:date xmlns:dc="http://purl.org/dc/elements/1.1/">2026-02-03</dc:date>'),
        )
    )
    assert feed.kind == "RSS"
    assert feed.entries == (
        FeedEntry("https://press.example/z?id=2&cid=1", "2026-02-02T09:00:00Z"),
        FeedEntry("https://other.example/a?x=1&y=2"),
        FeedEntry("https://press.example/rel/one.html", "2026-02-03"),
    )
    assert (feed.unusable, feed.fault) == (0, None)


def test_rss_1_and_0_9_are_rdf():
    feed = read(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><link>https://press.example/</link></channel>'
        '<item rdf:about="https://press.example/a"><link>https://press.example/a</link>'
        "<dc:date>2026-02-02T10:00Z</dc:date></item></rdf:RDF>"
    )
    assert feed.kind == "RSS"
    assert feed.entries == (FeedEntry("https://press.example/a", "2026-02-02T10:00:00Z"),)


def test_rss_0_91_has_a_document_type():
    head = '<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Feeds//DTD RSS 0.91//EN" "http://127.0.0.1:1/rss-0.91.dtd">'
    assert addresses(read(rss(item("https://press.example/a"), head=head))) == ["https://press.example/a"]


def test_an_item_without_a_link_may_have_a_permanent_name():
    feed = read(
        rss(
            "<item><guid>https://press.example/a</guid></item>",
            '<item><guid isPermaLink="false">https://press.example/b</guid></item>',
            '<item><guid isPermaLink="true">c-17</guid></item>',
            "<item><guid>d-18</guid></item>",
            item("", "<guid>https://press.example/e</guid>"),
        )
    )
    assert addresses(feed) == ["https://press.example/a", "https://press.example/e"]
    assert feed.unusable == 3


def test_the_page_behind_a_counting_redirect_is_named():
    counted = '<f:origLink xmlns:f="http://feeds.example/ns">https://press.example/a</f:origLink>'
    assert addresses(read(rss(item("https://count.example/~r/17", counted)))) == ["https://press.example/a"]


def test_atom_lists_the_pages_of_its_entries():
    feed = read(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="/news/"><link rel="self" href="/atom.xml"/>'
        '<link href="https://press.example/"/>'
        '<entry><link rel="replies" href="a/comments"/><link rel="enclosure" href="a.mp3"/>'
        '<link rel="alternate" type="application/pdf" href="a.pdf"/><link rel="alternate" type="text/html" href="a"/>'
        "<published>2026-02-01T10:00:00Z</published><updated>2026-02-02T10:00:00.5+02:00</updated>"
        '<source><link href="https://other.example/"/><updated>2020-01-01T00:00:00Z</updated></source></entry>'
        '<entry xml:base="old/"><link href="b"/><published>2026-02-01T10:00:00</published></entry>'
        "<entry><id>tag:press.example,2026:c</id></entry></feed>"
    )
    assert feed.kind == "Atom"
    assert feed.entries == (
        FeedEntry("https://press.example/news/a", "2026-02-02T08:00:00Z"),
        FeedEntry("https://press.example/news/old/b", "2026-02-01T10:00:00Z"),
    )
    assert feed.unusable == 1


def test_a_json_feed_lists_its_items():
    items = [
        {"id": "1", "url": "/a", "date_published": "2026-02-01", "date_modified": "2026-02-02T10:00:00-01:00"},
        {"id": "https://press.example/b", "date_published": "2026-02-01"},
        {"id": "c-17"},
        {"url": 5},
        "no item",
    ]
    feed = read(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}))
    assert feed.kind == "JSON Feed"
    assert feed.entries == (
        FeedEntry("https://press.example/a", "2026-02-02T11:00:00Z"),
        FeedEntry("https://press.example/b", "2026-02-01"),
    )
    assert feed.unusable == 2


def test_a_site_map_lists_its_pages():
    body = (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://images.example/ns">'
        "<url><loc> https://press.example/b </loc><lastmod>2026-02-02</lastmod><changefreq>daily</changefreq>"
        "<image:image><image:loc>https://press.example/b.png</image:loc></image:image></url>"
        "<url><loc>https://press.example/a</loc><lastmod>2026-02-02T10:00:00+01:00</lastmod></url>"
        "<url><loc>https://press.example/c</loc><lastmod>2026-02</lastmod></url><url/></urlset>"
    )
    for sent in (
        body,
        gzip.compress(body.encode()),
        body.replace(' xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"', ""),
    ):
        feed = read(sent)
        assert feed.kind == "site map"
        assert feed.entries == (
            FeedEntry("https://press.example/b", "2026-02-02"),
            FeedEntry("https://press.example/a", "2026-02-02T09:00:00Z"),
            FeedEntry("https://press.example/c"),
        )
        assert feed.unusable == 1


def test_a_site_map_index_lists_site_maps():
    feed = read("<sitemapindex><sitemap><loc>https://press.example/1.xml.gz</loc></sitemap></sitemapindex>")
    assert (feed.kind, addresses(feed)) == ("site map index", ["https://press.example/1.xml.gz"])


def test_a_site_map_may_be_lines_of_text():
    feed = read("\ufeffhttps://press.example/b\r\nhttps://press.example/a\r\nhttps://press.example/b\n")
    assert (feed.kind, addresses(feed)) == ("site map", ["https://press.example/b", "https://press.example/a"])


@pytest.mark.parametrize(
    "body",
    [
        "<!DOCTYPE html><html><body><p>An article<br>of words</body></html>",
        '<html xmlns="http://www.w3.org/1999/xhtml"><body><item>a</item></body></html>',
        "Words and https://press.example/a",
        '{"version": "2", "items": []}',
        '{"items": [{"url": "https://press.example/a"}]}',
        '{"version": "https://jsonfeed.org/version/1", "items": {}}',
        "<catalogue/>",
        "<",
        "",
    ],
)
def test_what_is_no_list_is_none(body):
    assert read(body) is None


def test_a_feed_may_be_empty():
    assert read(rss()).entries == ()


def test_a_page_listed_twice_counts_once_as_it_is_listed_first():
    dates = [f"<pubDate>2026-02-0{day}</pubDate>" for day in (1, 2, 3)]
    links = ["https://press.example/b", "https://press.example/a", "https://PRESS.example/b#top"]
    assert read(rss(*map(item, links, dates))).entries == (
        FeedEntry("https://press.example/b", "2026-02-01"),
        FeedEntry("https://press.example/a", "2026-02-02"),
    )


@pytest.mark.parametrize(
    "link", ["mailto:a@b.example", "javascript:alert(1)", "file:///etc/passwd", "ftp://a.example/", ""]
)
def test_only_web_addresses_are_listed(link):
    feed = read(rss(item(link), item("https://press.example/a")))
    assert (addresses(feed), feed.unusable) == (["https://press.example/a"], 1)


# --- What feeds get wrong ---


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://press.example/?a=1&b=2", "https://press.example/?a=1&b=2"),
        ("https://press.example/?a=1&copy=2", "https://press.example/?a=1&copy=2"),
        ("https://press.example/?a=1&#38;b=2", "https://press.example/?a=1&b=2"),
        ("https://press.example/?a=1&amp;amp;b=2", "https://press.example/?a=1&b=2"),
        ("<![CDATA[https://press.example/?a=1&amp;b=2]]>", "https://press.example/?a=1&b=2"),
        ("https://press.example/\x08a", "https://press.example/a"),
        ("<!-- the page -->https://press.example/a", "https://press.example/a"),
    ],
)
def test_an_address_survives_careless_xml(written, address):
    feed = read(rss(item(written, "<x:y>&nbsp;é</x:y>")))
    assert (addresses(feed), feed.fault) == ([address], None)


def test_an_address_with_an_element_in_it_is_unusable():
    assert read(rss(item("https://press.example/<b>a</b>"))).unusable == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252", "utf-8-sig"])
@pytest.mark.parametrize("said", ["utf-8", "utf-16", "iso-8859-1", "klingon"])
def test_a_wrong_encoding_changes_no_address(encoding, said):
    text = rss(item("https://press.example/été-à-paris"), head=f'<?xml version="1.0" encoding="{said}"?>')
    feed = read(text.encode(encoding), f"application/rss+xml; charset={said}")
    assert addresses(feed) == ["https://press.example/%C3%A9t%C3%A9-%C3%A0-paris"]


def test_a_stated_encoding_is_used():
    text = rss(item("https://press.example/новости"), head='<?xml version="1.0" encoding="windows-1251"?>')
    assert addresses(read(text.encode("cp1251"))) == addresses(read(text))


def test_the_encoding_that_the_server_states_is_used():
    text = rss(item("https://press.example/żółć"))
    assert addresses(read(text.encode("iso-8859-2"), "text/xml; charset=iso-8859-2")) == addresses(read(text))
    assert addresses(read(text.encode("iso-8859-2"))) != addresses(read(text))  # and is needed


def test_a_prefix_that_nothing_declares_is_overlooked():
    feed = read(rss(item("https://press.example/a", "<dc:date>2026-02-02</dc:date>")))
    assert feed.entries == (FeedEntry("https://press.example/a", "2026-02-02"),)


def test_a_list_that_is_cut_short_says_so_and_loses_the_cut_address():
    whole = urlset("https://press.example/a", "https://press.example/b", "https://press.example/c")
    feed = read(whole[: whole.index("example/c") + 8])
    assert addresses(feed) == ["https://press.example/a", "https://press.example/b"]
    assert feed.fault == f"{HERE} is broken in line 1, and pages may be missing; try again later."


# --- What is hostile ---


def test_no_entity_is_expanded(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    laughs = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
    head = (
        f'<!DOCTYPE rss [<!ENTITY a "haha">{laughs}<!ENTITY own SYSTEM "{secret.as_uri()}">'
        f'<!ENTITY % part SYSTEM "http://127.0.0.1:1/part.dtd"> %part;]>'
    )
    feed = read(rss(item("https://press.example/&j;a"), item("https://press.example/&own;a"), head=head))
    assert addresses(feed) == ["https://press.example/&j;a", "https://press.example/&own;a"]
    feed = read(
        f'{head.replace("rss", "feed", 1)}<feed><entry><link href="/&j;a"/></entry><entry><link href="/&own;a"/></entry></feed>'
    )
    assert addresses(feed) == ["https://press.example/&j;a", "https://press.example/&own;a"]


def test_a_bomb_of_parameter_entities_is_never_expanded():
    parts = "".join(f'<!ENTITY % {b} "{f"%{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
    feed = read(rss(item("https://press.example/a"), head=f'<!DOCTYPE rss [<!ENTITY % a "haha">{parts}%j;]>'))
    assert feed is None or feed.fault


def test_a_gzip_bomb_is_unpacked_to_its_limit_only():
    bomb = gzip.compress(bytes(100 * 2**20)) * 50  # 5 GB in 5 MB
    with pytest.raises(UnreadableFeed, match=r"unpacks to more than 50 MB; name a part of it\."):
        read(bomb)


def test_a_broken_gzip_file_is_reported():
    with pytest.raises(UnreadableFeed, match=r"is a broken gzip file; try again later, or name another list\."):
        read(gzip.compress(urlset("https://press.example/a").encode())[:-20])


def test_deep_nesting_ends_the_reading():
    feed = read(rss(item("https://press.example/a"), item("https://press.example/b"), "<a>" * 100_000))
    assert addresses(feed) == ["https://press.example/a"]
    assert "is broken in line 1" in feed.fault
    with pytest.raises(UnreadableFeed, match="is broken JSON; name another feed, or a site map"):
        read('{"items":' * 100_000)


def test_more_tags_than_fit_are_refused(monkeypatch):
    monkeypatch.setattr(feeding, "MAX_MARKUP", 8)
    assert read(urlset("https://press.example/a", head="")).entries
    with pytest.raises(UnreadableFeed, match=r"holds more than 8 tags or braces; name a part of it\."):
        read(urlset("https://press.example/a", "https://press.example/b", head=""))


def test_more_pages_than_a_site_map_may_list_are_refused(monkeypatch):
    monkeypatch.setattr(feeding, "MAX_PAGES", 1)
    lists = [
        urlset,
        lambda *pages: "\n".join(pages),
        lambda *pages: json.dumps(
            {"version": "https://jsonfeed.org/version/1", "items": [{"url": page} for page in pages]}
        ),
    ]
    for written in lists:
        assert addresses(read(written("https://press.example/a"))) == ["https://press.example/a"]
        with pytest.raises(UnreadableFeed, match=r"lists more than 1 pages; name a part of it\."):
            read(written("https://press.example/a", "https://press.example/b"))


def test_what_is_no_text_is_refused():
    with pytest.raises(UnreadableFeed, match=r"is no list of pages, and no text; add it as an article, if it is one\."):
        read(b"%PDF-1.7 \x00\x01")


def test_cdata_that_never_ends_takes_no_time():
    assert read("<rss>" + "<![CDATA[&" * 300_000) is not None


_PARTS = st.sampled_from(
    "<rss> <item> <link> </link> </item> <feed> <entry xml:base='x:['> <link href='[' /> <urlset> <loc> http:// [ ] & &x; "
    '<!DOCTYPE <![CDATA[ ]]> <!-- --> <? ?> <x:y> {*} { "items": é \0 \ud800 > <guid> <html> <body>'.split(" ")
)


@settings(deadline=None)  # the first one imports the parsers
@given(
    st.one_of(
        st.binary(max_size=80),
        st.lists(_PARTS, max_size=12).map(lambda parts: "".join(parts).encode("utf-8", "surrogatepass")),
    )
)
def test_whatever_is_sent_is_read_or_reported(body):
    try:
        feed = read(body)
        linked_feeds(page(body))
    except UnreadableFeed:
        return
    assert feed is None or all(listed.url.startswith(("http://", "https://")) for listed in feed.entries)


# --- Dates ---


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2026-02-02", "2026-02-02"),
        ("2026-02-02T10:00:00.123456789Z", "2026-02-02T10:00:00Z"),
        ("2026-02-02T23:30:00-05:00", "2026-02-03T04:30:00Z"),
        ("Mon, 02 Feb 2026 10:00:00 EST", "2026-02-02T15:00:00Z"),
        ("02 Feb 2026 10:00 +0000", "2026-02-02T10:00:00Z"),
        ("Mon, 02 Feb 2026 10:00:00 -0000", "2026-02-02T10:00:00Z"),
        ("2026-02", None),
        ("2026-02-30", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("Mon, 99 Feb 2026 10:00:00 GMT", None),
        ("x" * 100_000, None),
        ("", None),
    ],
)
def test_a_date_is_a_day_or_a_moment(written, iso):
    assert feeding._iso(written) == iso


# --- What a web page links to ---


def test_a_web_page_names_its_feeds():
    body = (
        '<html><head><link rel="alternate" type="application/rss+xml" href="/rss.xml">'
        '<link rel="alternate" type="application/rss+xml" href="/comments/rss.xml">'
        '<link rel="alternate" type="application/atom+xml; charset=utf-8" href="https://feeds.example/atom">'
        '<link rel="alternate" hreflang="fr" href="/fr/"></head><body><p>Words</p></body></html>'
    )
    assert linked_feeds(page(body)) == ["https://press.example/rss.xml", "https://feeds.example/atom"]
    assert linked_feeds(page("<html><body><p>Words</p></body></html>")) == []
    assert linked_feeds(page("")) == []
