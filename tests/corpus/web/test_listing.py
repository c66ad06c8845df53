import gzip
import re

import pytest

from corpus.web import listing as listings
from corpus.web.crawl import Crawler
from corpus.web.feed import FeedEntry, UnreadableFeed
from corpus.web.fetch import FetchFailed
from corpus.web.listing import PageListing, pages_listed
from tests.corpus.website import all_public, website

HOME = '<html><head><link rel="alternate" type="application/rss+xml" href="{}"></head><body><p>Words</p></body></html>'


@pytest.fixture
def site():
    with website() as site:
        yield site


def listed(site, path):
    return pages_listed(site.url + path, Crawler(pause=0, seconds=2, wait=lambda seconds: None, public=all_public))


def rss(*links):
    return f"<rss><channel>{''.join(f'<item><link>{link}</link></item>' for link in links)}</channel></rss>"


def urlset(*links):
    return f"<urlset>{''.join(f'<url><loc>{link}</loc></url>' for link in links)}</urlset>"


def index(*links):
    return f"<sitemapindex>{''.join(f'<sitemap><loc>{link}</loc></sitemap>' for link in links)}</sitemapindex>"


def paths(site, listing):
    return [page.url.removeprefix(site.url) for page in listing.pages]


def sources(site, listing):
    return [source.removeprefix(site.url) for source in listing.sources]


def test_a_feed_lists_pages_of_any_site_but_not_itself(site):
    site["/rss.xml"] = rss("/b", "https://other.example/a", "SITE/rss.xml", "mailto:a@b.example")
    listing = listed(site, "/rss.xml")
    pages = (FeedEntry(f"{site.url}/b"), FeedEntry("https://other.example/a"))
    assert listing == PageListing("RSS", (f"{site.url}/rss.xml",), pages, unusable=1)
    assert not listing.complete
    assert site.asked == ["/robots.txt", "/rss.xml"]  # no page is fetched


def test_a_feed_is_known_by_its_final_address(site):
    site["/feed"] = (301, {"Location": "SITE/new/rss.xml"}, b"")
    site["/new/rss.xml"] = rss("a")
    listing = listed(site, "/feed")
    assert (sources(site, listing), paths(site, listing)) == (["/new/rss.xml"], ["/new/a"])


def test_a_site_map_lists_pages_of_its_site(site):
    host = site.url.removeprefix("http://")
    site["/map.xml"] = urlset(
        "SITE/b", "https://other.example/a", f"https://{host}/c", "SITE/map.xml", "/a", "nothing:"
    )
    listing = listed(site, "/map.xml")
    assert listing.kind == "site map"
    assert [page.url for page in listing.pages] == [f"{site.url}/b", f"https://{host}/c", f"{site.url}/a"]
    assert (listing.elsewhere, listing.unusable, listing.faults, listing.complete) == (1, 1, (), True)


def test_an_index_is_followed_in_order_packed_or_not(site):
    site["/index.xml"] = index("SITE/2.xml.gz", "SITE/1.xml", "https://other.example/3.xml", "SITE/more.xml")
    site["/2.xml.gz"] = gzip.compress(urlset(f"{site.url}/b", f"{site.url}/a").encode())
    site["/1.xml"] = urlset("SITE/a", "SITE/c")
    site["/more.xml"] = index("SITE/4.txt")
    site["/4.txt"] = "SITE/d\nSITE/b\n"
    listing = listed(site, "/index.xml")
    assert (listing.kind, listing.elsewhere, listing.complete) == ("site map index", 1, True)
    assert paths(site, listing) == ["/b", "/a", "/c", "/d"]
    assert sources(site, listing) == ["/index.xml", "/2.xml.gz", "/1.xml", "/more.xml", "/4.txt"]


def test_indexes_that_name_each_other_end(site):
    site["/a.xml"] = index("SITE/a.xml", "SITE/b.xml", "SITE/1.xml")
    site["/b.xml"] = index("SITE/a.xml", "SITE/b.xml", "SITE/1.xml")
    site["/1.xml"] = urlset("SITE/a")
    assert paths(site, listed(site, "/a.xml")) == ["/a"]
    assert site.asked == ["/robots.txt", "/a.xml", "/b.xml", "/1.xml"]


def test_a_site_map_that_is_missing_or_broken_is_a_fault(site):
    site["/index.xml"] = index("SITE/gone.xml", "SITE/1.xml", "SITE/cut.xml", "SITE/words.xml", "SITE/bad.xml.gz")
    site["/1.xml"] = urlset("SITE/a")
    site["/cut.xml"] = urlset("SITE/b", "SITE/c")[:-30]
    site["/words.xml"] = "<html><body><p>Not here</p></body></html>"
    site["/bad.xml.gz"] = b"\x1f\x8b\x08 no more"
    listing = listed(site, "/index.xml")
    assert paths(site, listing) == ["/a", "/b"]
    assert listing.faults == (
        f"{site.url}/gone.xml answered 404; check the address in a browser.",
        f"{site.url}/cut.xml is broken in line 1, and pages may be missing; try again later.",
        f"{site.url}/words.xml is no site map; tell those who keep the site.",
        f"{site.url}/bad.xml.gz is a broken gzip file; try again later, or name another list.",
    )
    assert not listing.complete


def test_an_index_of_nothing_but_missing_site_maps_is_reported(site):
    site["/index.xml"] = index("SITE/gone.xml")
    with pytest.raises(UnreadableFeed, match=r"/gone\.xml answered 404; check the address in a browser\."):
        listed(site, "/index.xml")


def test_a_broken_feed_is_not_whole(site):
    site["/rss.xml"] = rss("/a", "/b")[:-25]
    listing = listed(site, "/rss.xml")
    assert paths(site, listing) == ["/a"]
    assert listing.faults == (f"{site.url}/rss.xml is broken in line 1, and pages may be missing; try again later.",)
    site["/rss.xml"] = rss("/a")[:-25]
    with pytest.raises(UnreadableFeed, match=r"is broken in line 1, and pages may be missing; try again later\."):
        listed(site, "/rss.xml")


def test_a_web_page_leads_to_its_feed(site):
    site["/news"] = HOME.format("/rss.xml")
    site["/rss.xml"] = rss("/a")
    listing = listed(site, "/news")
    assert (listing.kind, sources(site, listing), paths(site, listing)) == ("RSS", ["/rss.xml"], ["/a"])


def test_the_first_feed_that_can_be_read_is_taken(site):
    site["/"] = (
        HOME.format("/gone.xml") + HOME.format("/words.xml") + HOME.format("/atom.xml") + HOME.format("/rss.xml")
    )
    site["/words.xml"] = "<html><body>Words</body></html>"
    site["/atom.xml"] = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/a"/></entry></feed>'
    listing = listed(site, "/")
    assert (listing.kind, paths(site, listing)) == ("Atom", ["/a"])
    assert "/rss.xml" not in site.asked


def test_a_home_page_leads_to_the_site_maps_of_its_robots_txt(site):
    with website() as store:
        site["/robots.txt"] = f"Sitemap: {store.url}/index.xml\nSitemap: SITE/2.xml\n"
        site["/"] = "<html><body><p>Words</p></body></html>"
        store["/index.xml"] = index("SITE/1.xml", "https://other.example/3.xml")
        store["/1.xml"] = urlset(f"{site.url}/a", "SITE/elsewhere")
        site["/2.xml"] = urlset("SITE/b")
        listing = listed(site, "")
    assert listing.kind == "site map index"
    assert (paths(site, listing), listing.elsewhere, listing.complete) == (["/a", "/b"], 2, True)


def test_a_page_inside_a_site_does_not_stand_for_the_site(site):
    site["/robots.txt"] = "Sitemap: SITE/map.xml\n"
    site["/map.xml"] = urlset("SITE/b")
    site["/a"] = "<html><body><p>Words</p></body></html>"
    with pytest.raises(UnreadableFeed) as caught:
        listed(site, "/a")
    assert str(caught.value) == (
        f"{site.url}/a is no feed and no site map, and leads to none; name one, or add the page as an article."
    )


def test_a_page_whose_feeds_are_gone_says_so(site):
    site["/a"] = HOME.format("/gone.xml")
    with pytest.raises(UnreadableFeed, match=r"/gone\.xml answered 404; check the address in a browser\."):
        listed(site, "/a")


def test_an_address_that_cannot_be_fetched_is_reported(site):
    with pytest.raises(FetchFailed, match="answered 404"):
        listed(site, "/gone")
    with pytest.raises(FetchFailed, match="is no web address"):
        pages_listed("file:///etc/passwd", Crawler(pause=0))


def test_what_robots_txt_closes_is_listed_and_a_feed_there_is_read(site):
    site["/robots.txt"] = "User-agent: *\nDisallow: /feed\n"
    site["/feed"] = rss("/a")
    assert paths(site, listed(site, "/feed")) == ["/a"]


# --- Limits ---


def test_indexes_nest_to_a_limit(site):
    for depth in range(1, 5):
        site[f"/{depth}.xml"] = index(f"SITE/{depth + 1}.xml")
    site["/3.xml"] = urlset("SITE/a")
    assert paths(site, listed(site, "/1.xml")) == ["/a"]
    site["/3.xml"] = index("SITE/4.xml")
    with pytest.raises(UnreadableFeed, match=r"/4\.xml is named by 3 site maps in turn; name it itself\."):
        listed(site, "/1.xml")


def test_site_maps_are_read_to_a_number(site, monkeypatch):
    monkeypatch.setattr(listings, "MAX_MAPS", 3)
    for number in range(1, 4):
        site[f"/{number}.xml"] = urlset(f"SITE/{number}")
    site["/index.xml"] = index("SITE/1.xml", "SITE/2.xml", "SITE/1.xml")
    assert paths(site, listed(site, "/index.xml")) == ["/1", "/2"]
    site["/index.xml"] = index("SITE/1.xml", "SITE/2.xml", "SITE/3.xml")
    reason = "/3.xml is one of more than 3 site maps; name those you want one by one."
    with pytest.raises(UnreadableFeed, match=re.escape(reason)):
        listed(site, "/index.xml")


def test_pages_are_listed_to_a_number(site, monkeypatch):
    monkeypatch.setattr(listings, "MAX_PAGES", 3)
    site["/1.xml"] = urlset("SITE/a", "SITE/b")
    site["/2.xml"] = urlset("SITE/b", "SITE/c")
    site["/3.xml"] = urlset("SITE/d")
    site["/index.xml"] = index("SITE/1.xml", "SITE/2.xml")
    assert paths(site, listed(site, "/index.xml")) == ["/a", "/b", "/c"]
    site["/index.xml"] = index("SITE/1.xml", "SITE/2.xml", "SITE/3.xml")
    reason = "/3.xml brings the pages to more than 3; name the site maps you want one by one."
    with pytest.raises(UnreadableFeed, match=re.escape(reason)):
        listed(site, "/index.xml")
