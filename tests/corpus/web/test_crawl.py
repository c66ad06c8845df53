import time

import pytest

from corpus.web.crawl import Crawler, Disallowed, RobotsUnavailable
from corpus.web.fetch import FetchFailed, NotPublic, Validators
from corpus.web.ssrf_transport import PublicTransport
from tests.corpus.website import PUBLIC, Loopback, Names, all_public, website


@pytest.fixture
def site():
    with website() as site:
        yield site


@pytest.fixture
def waits():
    return []


@pytest.fixture
def crawler(waits):
    return Crawler(pause=0, seconds=2, wait=waits.append, public=all_public)


def test_a_page_is_fetched_as_its_site_allows(site, crawler, waits):
    site["/robots.txt"] = "User-agent: *\nDisallow: /desk/\n\nUser-agent: other\nDisallow: /\n"
    site["/a"] = (200, {"ETag": '"1"'}, b"one")
    site["/desk/a"] = b"two"
    assert crawler.page(f"{site.url}/a", Validators('"0"')).body == b"one"
    assert site.headers[-1]["If-None-Match"] == '"0"'
    with pytest.raises(Disallowed) as caught:
        crawler.page(f"{site.url}/desk/a")
    assert str(caught.value) == (
        f"{site.url}/desk/a is not for programs, says the site's robots.txt; save the page in a browser and add the file."
    )
    assert site.asked == ["/robots.txt", "/a"]
    assert crawler.source(f"{site.url}/desk/a").body == b"two"  # what a person named
    assert waits == []


def test_a_robots_txt_may_name_us(site, crawler):
    site["/robots.txt"] = b"\xef\xbb\xbfUser-agent: Pullquote\nDisallow: /\n\nUser-agent: *\nDisallow:\n"
    with pytest.raises(Disallowed):
        crawler.page(f"{site.url}/a")


def test_the_longest_rule_counts_and_a_star_stands_for_anything(site, crawler):
    """RFC 9309, 2.2.2 and 2.2.3."""
    site["/robots.txt"] = "User-agent: *\nDisallow: /desk/\nAllow: /desk/open/\nDisallow: /*.print$\n"
    site["/desk/open/a"] = site["/a.print.html"] = b"one"
    assert crawler.page(f"{site.url}/desk/open/a").body == b"one"
    assert crawler.page(f"{site.url}/a.print.html").body == b"one"
    for path in ("/desk/a", "/news/a.print"):
        with pytest.raises(Disallowed):
            crawler.page(f"{site.url}{path}")


@pytest.mark.parametrize("status", [404, 401, 403, 410])
def test_a_site_without_a_robots_txt_allows_all(site, crawler, status):
    site["/robots.txt"] = (status, {}, b"")
    site["/a"] = b"one"
    assert crawler.page(f"{site.url}/a").body == b"one"


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_robots_txt_that_cannot_be_fetched_allows_nothing(site, crawler, status):
    site["/robots.txt"] = (status, {}, b"")
    site["/a"] = b"one"
    with pytest.raises(Disallowed, match=rf"/a is left alone, as the site's rules cannot be read: .* {status}; .*\."):
        crawler.page(f"{site.url}/a")
    assert crawler.source(f"{site.url}/a").body == b"one"


def test_a_long_robots_txt_is_read_to_its_limit(site, crawler):
    site["/robots.txt"] = b"User-agent: *\nDisallow: /a\n" + b"#" * 600_000 + b"\nDisallow: /b\n"
    site["/b"] = b"two"
    assert crawler.page(f"{site.url}/b").body == b"two"
    with pytest.raises(Disallowed):
        crawler.page(f"{site.url}/a")


def test_site_maps_are_named_by_robots_txt(site, crawler):
    site["/robots.txt"] = (
        "Sitemap: SITE/one.xml\nUser-agent: *\nSitemap: /two.xml\nsitemap: SITE/one.xml\nSitemap: file:///etc/passwd\n"
    )
    assert crawler.site_maps(f"{site.url}/a") == (f"{site.url}/one.xml", f"{site.url}/two.xml")
    assert crawler.site_maps(f"{site.url}/b") == (f"{site.url}/one.xml", f"{site.url}/two.xml")
    assert site.asked == ["/robots.txt"]


def test_pages_of_one_host_are_a_pause_apart(site, waits):
    site["/a"] = b"one"
    crawler = Crawler(pause=5, wait=waits.append, public=all_public)
    with website() as other:
        other["/a"] = b"two"
        crawler.page(f"{site.url}/a")
        crawler.page(f"{other.url}/a")
    assert waits == [pytest.approx(5, abs=1), pytest.approx(5, abs=1)]  # after each robots.txt, not between the hosts


def test_a_pause_is_measured_by_the_clock(site):
    site["/a"] = b"one"
    crawler = Crawler(pause=0.2, public=all_public)
    crawler.page(f"{site.url}/a")
    began = time.monotonic()
    crawler.page(f"{site.url}/a")
    assert time.monotonic() - began >= 0.19


def test_a_longer_crawl_delay_counts(site, crawler, waits):
    site["/robots.txt"] = "User-agent: *\nCrawl-delay: 7\n"
    site["/a"] = b"one"
    crawler.page(f"{site.url}/a")
    crawler.source(f"{site.url}/a")
    assert waits == [pytest.approx(7, abs=1), pytest.approx(7, abs=1)]


def test_a_crawl_delay_of_hours_is_reported(site, crawler, waits):
    site["/robots.txt"] = "User-agent: *\nCrawl-delay: 3600\n"
    with pytest.raises(FetchFailed, match=r"asks for 3600 seconds between two pages; save the page and add the file\."):
        crawler.page(f"{site.url}/a")
    assert waits == []


def test_a_busy_site_is_asked_again_after_its_retry_after(site, crawler, waits):
    site["/a"] = [(503, {"Retry-After": "30"}, b""), b"one"]
    assert crawler.page(f"{site.url}/a").body == b"one"
    assert waits == [30]
    site["/b"] = [(429, {"Retry-After": "30"}, b""), (429, {"Retry-After": "20"}, b""), b"two"]
    with pytest.raises(FetchFailed, match=r"answered 429 and asks to be left alone for 20 seconds; try again later\."):
        crawler.page(f"{site.url}/b")
    assert waits == [30, 30]


@pytest.mark.parametrize("headers", [{}, {"Retry-After": "61"}, {"Retry-After": "Wed, 01 Jan 3000 00:00:00 GMT"}])
def test_a_busy_site_that_asks_for_more_is_left_alone(site, crawler, waits, headers):
    site["/a"] = [(503, headers, b""), b"one"]
    with pytest.raises(FetchFailed, match=r"answered 503.*; try again later\."):
        crawler.page(f"{site.url}/a")
    assert waits == []
    assert site.asked == ["/robots.txt", "/a"]


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "http://[::1/", "https://reader:secret@press.example/", "planet", ""]
)
def test_only_web_addresses_are_crawled(crawler, url):
    for fetched in (crawler.page, crawler.source, crawler.site_maps):
        with pytest.raises(
            FetchFailed, match=r"is no web address; it must begin with http:// or https:// and hold no login\."
        ):
            fetched(url)


# --- No list leads into the network of who reads it ---


@pytest.fixture
def network():
    return Loopback()


def reader(network, **names):
    """A crawler of a network with these names; all others are public."""
    names = Names(**names)
    return Crawler(pause=0, seconds=2, public=lambda own: PublicTransport(own, names, network))


def port(site):
    return site.url.rpartition(":")[2]


def test_a_page_that_is_not_public_is_never_asked_for(site, network):
    crawler = reader(network, desk_example=["10.0.0.7"])
    for ask in (crawler.page, crawler.source, crawler.site_maps):
        with pytest.raises(
            NotPublic, match=r"^http://desk\.example/a is at no public address; fetch it with"
        ) as caught:
            ask("http://desk.example/a")
        assert caught.value.is_lasting
    assert network.reached == []


def test_a_page_that_redirects_into_the_network_is_refused(site, network):
    site["/a"] = (302, {"Location": f"http://127.0.0.1:{port(site)}/secret"}, b"")
    crawler = reader(network, **{"127_0_0_1": ["127.0.0.1"]})
    with pytest.raises(NotPublic, match=r"/a leads to 127\.0\.0\.1, which is at no public address; "):
        crawler.page(f"http://news.example:{port(site)}/a")
    assert site.asked == ["/robots.txt", "/a"]
    assert network.reached == [PUBLIC, PUBLIC]


def test_a_robots_txt_that_redirects_into_the_network_cannot_be_fetched(site, network):
    site["/robots.txt"] = (302, {"Location": f"http://127.0.0.1:{port(site)}/secret"}, b"")
    crawler = reader(network, **{"127_0_0_1": ["127.0.0.1"]})
    with pytest.raises(
        RobotsUnavailable, match=r"rules cannot be read: .*/robots\.txt leads to 127\.0\.0\.1, which is at no"
    ):
        crawler.page(f"http://news.example:{port(site)}/a")
    assert site.asked == ["/robots.txt"]


def test_what_a_person_names_may_be_in_his_network_and_so_may_its_pages(site, network):
    site["/feed"], site["/a"] = b"feed", b"one"
    crawler = reader(network, desk_example=["10.0.0.7"], other_example=["10.0.0.8"])
    here = f"http://desk.example:{port(site)}"
    assert crawler.named(f"{here}/feed").body == b"feed"
    assert crawler.page(f"{here}/a").body == b"one"
    for elsewhere in ("http://other.example/a", "http://desk.example:9200/a"):
        with pytest.raises(NotPublic):
            crawler.page(elsewhere)
    assert set(network.reached) == {"10.0.0.7"}


def test_a_site_in_the_network_stays_where_it_was_found(site, network):
    site["/feed"], site["/a"] = b"feed", b"one"
    crawler = reader(network, desk_example=[["10.0.0.7"], [PUBLIC], ["127.0.0.1"]])
    crawler.named(f"http://desk.example:{port(site)}/feed")
    crawler.page(f"http://desk.example:{port(site)}/a")
    assert set(network.reached) == {"10.0.0.7"}


def test_what_a_person_names_in_his_network_may_lead_on_in_it(site, network):
    site["/feed"] = (302, {"Location": f"http://long.example:{port(site)}/new"}, b"")
    site["/new"], site["/a"] = b"feed", b"one"
    crawler = reader(network, desk_example=["10.0.0.7"], long_example=["10.0.0.8"])
    assert crawler.named(f"http://desk.example:{port(site)}/feed").url == f"http://long.example:{port(site)}/new"
    assert crawler.page(f"http://long.example:{port(site)}/a").body == b"one"


@pytest.mark.parametrize("named", ["news.example", "desk.example"])
def test_a_public_site_leads_nobody_into_his_network(site, network, named):
    site["/feed"] = (302, {"Location": f"http://news.example:{port(site)}/on"}, b"")
    site["/on"] = (302, {"Location": f"http://127.0.0.1:{port(site)}/secret"}, b"")
    crawler = reader(network, desk_example=["10.0.0.7"], **{"127_0_0_1": ["127.0.0.1"]})
    with pytest.raises(NotPublic, match=r"/feed leads to 127\.0\.0\.1, which is at no public address"):
        crawler.named(f"http://{named}:{port(site)}/feed")
    assert "/secret" not in site.asked
    with pytest.raises(NotPublic):
        crawler.page(f"http://127.0.0.1:{port(site)}/secret")


def test_nobody_is_asked_so_nobody_is_waited_for(site, waits):
    site["/feed"] = b"feed"
    crawler = Crawler(pause=5, wait=waits.append)
    assert crawler.named(f"{site.url}/feed").body == b"feed"
    assert waits == [pytest.approx(5, abs=1)]  # after robots.txt
