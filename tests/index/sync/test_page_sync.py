"""A library that follows a list of web pages, by a server that is really there."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.library.store import Library
from corpus.load import load_page
from corpus.sync.empty_source import Emptied
from corpus.sync.page_changes import page_changes
from corpus.sync.page_state import named_by, states_of
from corpus.web.crawl import Crawler
from corpus.web.fetch import fetch
from corpus.web.listing import pages_listed
from corpus.web.ssrf_transport import PublicTransport
from index.ingest import add, remove
from index.manifest import StaleIndex
from index.sync.page_sync import read, settle
from tests.corpus.website import Loopback, Names, all_public, website
from tests.fakes import HashEncoder

LISTS = ("/robots.txt", "/map.xml", "/feed.xml", "/other.xml")


def story(name, words, advert=""):
    return (
        f"<html><head><title>Story {name}</title></head><body><!-- {advert} --><article><h1>Story {name}</h1>"
        f"<p>{words}</p><p>There is a second paragraph too, as there is in most stories of any length.</p></article>"
        "</body></html>"
    )


def urlset(*pages):
    """Pages as paths, or as pairs of a path and a date."""
    given = ((page, None) if isinstance(page, str) else page for page in pages)
    dates = ((path, f"<lastmod>{date}</lastmod>" if date else "") for path, date in given)
    return f"<urlset>{''.join(f'<url><loc>SITE{path}</loc>{date}</url>' for path, date in dates)}</urlset>"


def rss(*paths):
    return f"<rss><channel>{''.join(f'<item><link>SITE{path}</link></item>' for path in paths)}</channel></rss>"


class Desk:
    """A library that follows lists of one site."""

    public = None  # what connects: as it is outside tests

    def __init__(self, site, path):
        self.site = site
        self.library = Library(path / "library.sqlite")
        self.encoder = HashEncoder()

    def changes(self, path="/map.xml", excluded=(), **options):
        self.crawler = Crawler(pause=0, seconds=2, wait=lambda seconds: None, public=self.public)
        self.site.asked.clear()
        address = self.site.url + path
        listing = pages_listed(address, self.crawler).without(excluded)
        return page_changes(self.library, address, listing, **options)

    def sync(self, path="/map.xml", **options):
        self.found = self.changes(path, **options)
        entries = settle(self.library, self.found)
        entries += read(self.library, self.encoder, self.found, self.crawler)
        return [entry for entry in entries if not entry.is_unchanged]

    def told(self, path="/map.xml", **options):
        """What became of what, by path."""
        entries = self.sync(path, **options)
        return sorted((entry.outcome, entry.source.removeprefix(self.site.url)) for entry in entries)

    @property
    def asked(self):
        """The pages that the last sync asked for."""
        return [path for path in self.site.asked if path not in LISTS]

    def left(self):
        """How many pages the last sync left as they were: unchanged, in quarantine, left out."""
        return len(self.found.unchanged), len(self.found.quarantine), len(self.found.left_out)

    def held(self):
        """The first paragraph of every article by path."""
        return {
            one.source.removeprefix(self.site.url): self.library.article(one.id).text.split("\n\n")[0]
            for one in self.library.headers()
        }

    def ids(self):
        return {one.source.removeprefix(self.site.url): one.id for one in self.library.headers()}


@pytest.fixture
def site():
    with website() as site:
        yield site


@pytest.fixture
def desk(site, tmp_path):
    return Desk(site, tmp_path)


def test_pages_that_come_change_and_go_are_followed(desk, site):
    site["/map.xml"] = urlset("/a", "/b")
    site["/a"], site["/b"] = story("a", "The first words."), story("b", "Other words.")
    assert desk.told() == [("added", "/a"), ("added", "/b")]
    before = desk.ids()
    site["/map.xml"] = urlset("/a", "/c")
    site["/a"], site["/c"] = story("a", "The first words, corrected."), story("c", "New words.")
    assert desk.told() == [("added", "/c"), ("removed", "/b"), ("updated", "/a")]
    assert desk.held() == {"/a": "The first words, corrected.", "/c": "New words."}
    assert desk.ids()["/a"] == before["/a"]
    assert named_by(desk.library, f"{site.url}/map.xml") == {f"{site.url}/a", f"{site.url}/c"}
    assert states_of(desk.library, [f"{site.url}/b"]) == {}


def test_a_page_is_not_asked_for_while_its_date_stands(desk, site):
    site["/map.xml"] = urlset(("/a", "2026-01-01"), ("/b", "2026-01-01T10:00:00Z"), "/c")
    for name in "abc":
        site[f"/{name}"] = story(name, f"Words of {name}.")
    desk.sync()
    generation = desk.library.generation
    assert (desk.told(), desk.asked, desk.left()) == ([], ["/c"], (3, 0, 0))
    assert desk.library.generation == generation
    site["/map.xml"] = urlset(("/a", "2026-01-02"), ("/b", "2026-01-01T10:00:00Z"), "/c")
    site["/a"] = story("a", "Words, corrected.")
    assert (desk.told(), desk.asked) == ([("updated", "/a")], ["/a", "/c"])
    assert (desk.told(), desk.asked) == ([], ["/c"])


@pytest.mark.parametrize("ago", [dt.timedelta(minutes=5), dt.timedelta(days=-400)])
def test_a_date_that_has_hardly_passed_tells_nothing(desk, site, ago):
    moment = dt.datetime.now(dt.UTC) - ago
    site["/map.xml"] = urlset(("/a", moment.isoformat()), ("/b", moment.date().isoformat()))
    for name in "ab":
        site[f"/{name}"] = story(name, f"Words of {name}.")
    desk.sync()
    assert (desk.told(), desk.asked) == ([], ["/a", "/b"])


def test_a_page_is_asked_for_with_its_validators(desk, site):
    site["/map.xml"] = urlset("/a")
    site["/a"] = [(200, {"ETag": '"1"'}, story("a", "Words.")), (304, {}, b"")]
    desk.sync()
    assert (desk.told(), desk.left()) == ([], (1, 0, 0))
    assert site.headers[-1]["If-None-Match"] == '"1"'
    site["/map.xml"] = urlset(("/a", "2026-01-01"))  # the date is kept, though nothing was sent
    assert (desk.told(), desk.asked) == ([], ["/a"])
    assert (desk.told(), desk.asked) == ([], [])


def test_an_advertisement_changes_nothing_but_the_bytes(desk, site):
    site["/map.xml"] = urlset("/a")
    site["/a"] = story("a", "Words.", "advert 1")
    desk.sync()
    identity = desk.ids()["/a"]
    rows = desk.library.passages_of(identity)
    site["/a"] = story("a", "Words.", "a longer advert 2")
    assert desk.told() == []
    assert desk.library.passages_of(identity) == rows
    page = fetch(f"{site.url}/a")
    (read_anew,) = load_page(page.body, page.url, page.charset)
    assert desk.library.article(identity) == read_anew  # its digest and the places in its source too


def test_what_a_feed_no_longer_lists_stays(desk, site):
    site["/feed.xml"] = rss("/a", "/b")
    site["/a"], site["/b"] = story("a", "Words of a."), story("b", "Words of b.")
    desk.sync("/feed.xml")
    site["/feed.xml"] = rss("/b")
    site["/a"] = (404, {}, b"")
    assert (desk.told("/feed.xml"), desk.asked) == ([], ["/b"])
    assert desk.held().keys() == {"/a", "/b"}
    assert named_by(desk.library, f"{site.url}/feed.xml") == {f"{site.url}/b"}


def test_what_another_list_names_stays(desk, site):
    site["/map.xml"], site["/feed.xml"] = urlset("/a", "/b"), rss("/a")
    site["/a"], site["/b"] = story("a", "Words of a."), story("b", "Words of b.")
    desk.sync()
    desk.sync("/feed.xml")
    site["/map.xml"] = urlset("/b")
    assert desk.told() == []
    assert desk.held().keys() == {"/a", "/b"}
    site["/other.xml"] = urlset("/a")
    desk.sync("/other.xml")
    site["/feed.xml"] = rss("/b")
    desk.sync("/feed.xml")
    site["/other.xml"] = urlset("/b")
    assert desk.told("/other.xml") == [("removed", "/a")]


def test_a_list_with_a_fault_lets_nothing_go(desk, site):
    site["/map.xml"] = urlset("/a", "/b", "/c")
    for name in "abc":
        site[f"/{name}"] = story(name, f"Words of {name}.")
    desk.sync()
    whole = urlset("/a", "/b", "/c")
    site["/map.xml"] = whole[: whole.index("/b") + 2]
    assert desk.told() == []
    assert desk.found.listing.faults
    assert desk.held().keys() == {"/a", "/b", "/c"}
    site["/map.xml"] = urlset("/a", "/b")
    assert desk.told() == [("removed", "/c")]


def test_a_list_that_names_nothing_any_more_is_asked_about(desk, site):
    site["/map.xml"] = urlset("/a")
    site["/a"] = story("a", "Words of a.")
    desk.sync()
    site["/map.xml"] = urlset()
    with pytest.raises(Emptied) as caught:
        desk.sync()
    assert str(caught.value) == (
        f"There is nothing to read at {site.url}/map.xml any more; check that the address is the right one, or say with "
        "--allow-empty that its one article is to leave the library."
    )
    assert desk.told(allow_empty=True) == [("removed", "/a")]
    assert desk.told() == []


def test_what_is_excluded_leaves_and_comes_back(desk, site):
    site["/feed.xml"] = rss("/a", "/sport/b")
    site["/a"], site["/sport/b"] = story("a", "Words of a."), story("b", "Words of b.")
    desk.sync("/feed.xml")
    assert desk.told("/feed.xml", excluded=["sport"]) == [("removed", "/sport/b")]
    assert desk.told("/feed.xml") == [("added", "/sport/b")]


# --- Pages that cannot be had, or hold no article ---


def test_a_page_that_is_gone_is_told_once_and_its_article_stays(desk, site):
    site["/map.xml"] = urlset(("/a", "2026-01-01"), "/b")
    site["/b"] = story("b", "Words of b.")
    assert desk.told() == [("added", "/b"), ("refused", "/a")]
    site["/b"] = (410, {}, b"")
    (entry,) = desk.sync()
    assert entry.reason == (
        f"{site.url}/b answered 410; check the address in a browser. "
        "The version that was read before stays in the library."
    )
    assert (desk.told(), desk.asked, desk.left()) == ([], ["/a", "/b"], (0, 2, 0))
    assert desk.held() == {"/b": "Words of b."}
    site["/a"], site["/b"] = story("a", "Words of a."), story("b", "Words of b.")
    assert (desk.told(), desk.left()) == ([("added", "/a")], (0, 0, 0))
    site["/a"] = (404, {}, b"")
    desk.sync()
    site["/map.xml"] = urlset("/b")
    assert desk.told() == [("removed", "/a")]


@pytest.mark.parametrize("status", [500, 503, 429, 408])
def test_a_failure_that_may_pass_is_told_and_tried_again(desk, site, status):
    site["/map.xml"] = urlset(("/a", "2026-01-01"), ("/b", "2026-01-01"))
    site["/a"], site["/b"] = (status, {}, b""), story("b", "Words of b.")
    assert desk.told() == [("added", "/b"), ("refused", "/a")]
    assert (desk.told(), desk.asked, desk.left()) == ([("refused", "/a")], ["/a"], (1, 0, 0))
    site["/a"] = story("a", "Words of a.")
    assert desk.told() == [("added", "/a")]
    site["/map.xml"] = urlset(("/a", "2026-01-02"))
    site["/a"] = (status, {}, b"")
    assert desk.told() == [("refused", "/a"), ("removed", "/b")]
    site["/a"] = story("a", "Words of a, corrected.")
    assert desk.told() == [("updated", "/a")]


def test_a_site_that_keeps_failing_is_left_alone(desk, site):
    desk.public = all_public
    with website() as other:
        site["/feed.xml"] = rss(*(f"/{number}" for number in range(6))).replace(
            "</channel>", f"<item><link>{other.url}/a</link></item></channel>"
        )
        for number in range(6):
            site[f"/{number}"] = (503, {}, b"")
        other["/a"] = story("a", "Words of a.")
        entries = desk.sync("/feed.xml")
        assert desk.asked == ["/0", "/1", "/2"]
        assert other.asked == ["/robots.txt", "/a"]
    host = site.url.removeprefix("http://")
    assert {entry.source: entry.reason for entry in entries}[host] == (
        f"{host} failed 3 times in a row; 3 other pages are left for the next time."
    )


def test_a_feed_of_the_web_leads_to_nothing_on_this_machine(desk, site):
    desk.public = lambda own: PublicTransport(own, Names(**{"127_0_0_1": ["127.0.0.1"]}), Loopback())
    inside, site.url = site.url, site.url.replace("127.0.0.1", "news.example")
    secrets = "".join(f"<item><link>{inside}/secret/{number}</link></item>" for number in range(5))
    site["/feed.xml"] = rss("/a", "/b").replace("<item>", f"{secrets}<item>", 1)
    site["/a"], site["/b"] = story("a", "Words of a."), (302, {"Location": f"{inside}/secret/b"}, b"")
    entries = {entry.source: entry for entry in desk.sync("/feed.xml")}
    assert entries.pop(f"{site.url}/a").outcome == "added"
    assert {entry.outcome for entry in entries.values()} == {"refused"}
    assert entries[f"{inside}/secret/4"].reason == (
        f"{inside}/secret/4 is at no public address; fetch it with `pullquote add` on the command line, "
        "or save the page and add the file."
    )
    assert entries[f"{site.url}/b"].reason.startswith(
        f"{site.url}/b leads to 127.0.0.1, which is at no public address;"
    )
    assert len(entries) == 6
    assert desk.asked == ["/a", "/b"]
    assert desk.told("/feed.xml") == []


def test_what_robots_txt_closes_is_told_once(desk, site):
    site["/robots.txt"] = "User-agent: *\nDisallow: /a\n"
    site["/map.xml"] = urlset("/a")
    site["/a"] = story("a", "Words of a.")
    assert desk.told() == [("refused", "/a")]
    assert (desk.told(), desk.asked, desk.left()) == ([], [], (0, 1, 0))
    site["/robots.txt"] = (503, {}, b"")
    assert desk.told() == [("refused", "/a")]
    site["/robots.txt"] = ""
    assert desk.told() == [("added", "/a")]


def test_a_page_without_an_article_waits_until_it_changes(desk, site):
    site["/map.xml"] = urlset(("/a", "2026-01-01"), "/b")
    site["/a"] = site["/b"] = "<html><body></body></html>"
    assert desk.told() == [("refused", "/a"), ("refused", "/b")]
    assert (desk.told(), desk.asked, desk.left()) == ([], ["/b"], (0, 2, 0))
    site["/b"] = "<html><body><!-- another advert --></body></html>"
    assert desk.told() == []
    assert desk.told(retry=True) == [("refused", "/a"), ("refused", "/b")]
    site["/map.xml"] = urlset(("/a", "2026-01-02"), "/b")
    site["/a"], site["/b"] = story("a", "Words of a."), story("b", "Words of b.")
    assert desk.told() == [("added", "/a"), ("added", "/b")]


# --- Pages taken out by hand ---


def test_an_article_taken_out_by_hand_stays_out_until_it_changes(desk, site):
    site["/map.xml"] = urlset("/a", ("/b", "2026-01-01"))
    site["/a"], site["/b"] = story("a", "Words of a."), story("b", "Words of b.")
    desk.sync()
    remove(desk.library, list(desk.ids().values()))
    assert (desk.told(), desk.asked, desk.left()) == ([], ["/a"], (0, 0, 2))
    site["/a"] = story("a", "Words of a.", "another advert")
    assert (desk.told(), desk.left()) == ([], (0, 0, 2))
    site["/a"] = (404, {}, b"")
    assert (desk.told(), desk.left()) == ([], (0, 0, 2))
    site["/a"] = story("a", "Words of a, corrected.")
    assert desk.told() == [("added", "/a")]


# --- Redirects ---


def test_a_page_that_leads_to_another_is_told_once(desk, site):
    site["/map.xml"] = urlset("/old", "/a")
    site["/old"] = (301, {"Location": "SITE/a?utm_source=rss"}, b"")
    site["/a"] = site["/a?utm_source=rss"] = story("a", "Words of a.")
    entries = desk.sync()
    assert {(entry.outcome, entry.source): entry.reason for entry in entries} == {
        (
            "skipped",
            f"{site.url}/old",
        ): f"It leads to {site.url}/a, which comes by itself or is in the library already.",
        ("added", f"{site.url}/a"): "",
    }
    assert (desk.told(), desk.left()) == ([], (2, 0, 0))
    site["/a"] = site["/a?utm_source=rss"] = story("a", "Words of a, corrected.")
    assert desk.told() == [("updated", "/a")]
    site["/map.xml"] = urlset("/old")  # still leads there
    assert desk.told() == []
    assert desk.held() == {"/a": "Words of a, corrected."}


def test_a_page_that_leads_to_an_article_added_by_hand_is_skipped(desk, site):
    site["/a"] = story("a", "Words of a.")
    page = fetch(f"{site.url}/a")
    list(add(desk.library, desk.encoder, load_page(page.body, page.url)))
    site["/map.xml"], site["/old"] = urlset("/old"), (302, {"Location": "SITE/a"}, b"")
    assert desk.told() == [("skipped", "/old")]
    assert desk.told() == []
    site["/map.xml"] = urlset("/new")
    site["/new"] = story("new", "New words.")
    assert desk.told() == [("added", "/new")]
    assert desk.held().keys() == {"/a", "/new"}  # it was never the list's


def test_two_pages_that_lead_to_one_are_one_article(desk, site):
    site["/map.xml"] = urlset("/1", "/2")
    site["/1"] = site["/2"] = (302, {"Location": "SITE/a"}, b"")
    site["/a"] = story("a", "Words of a.")
    assert desk.told() == [("added", "/a"), ("skipped", "/2")]
    site["/a"] = story("a", "Words of a, corrected.")
    assert desk.told() == [("updated", "/a")]
    remove(desk.library, [desk.ids()["/a"]])
    assert (desk.told(), desk.left()) == ([], (0, 0, 2))
    site["/map.xml"] = urlset("/2")
    site["/a"] = story("a", "Words of a, corrected.", "advert")
    assert (desk.told(), desk.left()) == ([], (0, 0, 1))


def test_an_article_goes_with_the_last_page_that_leads_there(desk, site):
    site["/map.xml"] = urlset("/1", "/2")
    site["/1"] = site["/2"] = (302, {"Location": "SITE/a"}, b"")
    site["/a"], site["/b"] = story("a", "Words of a."), story("b", "Words of b.")
    desk.sync()
    site["/map.xml"] = urlset("/2", "/b")
    assert desk.told() == [("added", "/b")]
    site["/map.xml"] = urlset("/b")
    assert desk.told() == [("removed", "/a")]


@pytest.mark.parametrize("words", ["Words of a.", "Words of a, corrected."])
def test_a_page_that_moves_keeps_its_article(desk, site, words):
    site["/map.xml"] = urlset("/a")
    site["/a"] = story("a", "Words of a.")
    desk.sync()
    identity = desk.ids()["/a"]
    site["/a"] = (301, {"Location": "SITE/2026/a"}, b"")
    site["/2026/a"] = story("a", words)
    assert desk.told()[0] == ("moved", "/2026/a")
    assert desk.ids() == {"/2026/a": identity}
    assert desk.held() == {"/2026/a": words}
    assert desk.library.article(identity).url == f"{site.url}/2026/a"
    assert desk.told() == []


def test_a_page_that_moves_and_is_not_read_is_read_the_next_time(desk, site):
    site["/map.xml"] = urlset(("/a", "2026-01-01"))
    site["/a"] = (200, {"ETag": '"1"'}, story("a", "Words of a."))
    desk.sync()
    site["/map.xml"] = urlset(("/a", "2026-01-02"))
    site["/a"] = (301, {"Location": "SITE/2026/a"}, b"")
    site["/2026/a"] = (200, {"ETag": '"2"'}, story("a", "Words of a, corrected."))
    found = desk.changes()
    entries = read(desk.library, desk.encoder, found, desk.crawler)
    desk.encoder.encode_passages = lambda texts: 1 / 0  # the power goes
    with pytest.raises(ZeroDivisionError):
        list(entries)
    assert desk.held() == {"/2026/a": "Words of a."}
    del desk.encoder.encode_passages
    assert desk.told() == [("updated", "/2026/a")]


def test_a_page_that_moves_to_an_article_that_is_there_is_one_article(desk, site):
    site["/map.xml"] = urlset("/a")
    site["/a"] = story("a", "Words of a.")
    desk.sync()
    site["/2026/a"] = story("a", "Words of a, corrected.")
    page = fetch(f"{site.url}/2026/a")
    list(add(desk.library, desk.encoder, load_page(page.body, page.url)))
    site["/a"] = (301, {"Location": "SITE/2026/a"}, b"")
    assert desk.told() == [("removed", "/a")]
    assert desk.held() == {"/2026/a": "Words of a, corrected."}


def test_a_page_that_leads_to_another_text_keeps_its_own(desk, site):
    site["/map.xml"] = urlset("/a", "/b")
    site["/a"], site["/b"] = story("a", "Words of a."), story("b", "Words of b.")
    desk.sync()
    site["/a"] = (302, {"Location": "SITE/login"}, b"")
    site["/login"] = story("login", "Please log in to read this story.")
    (entry,) = desk.sync()
    assert entry.reason == (
        f"{site.url}/a leads to {site.url}/login now, where another text stands; add that one if you want it. "
        "The version that was read before stays in the library."
    )
    site["/a"] = (302, {"Location": "SITE/b"}, b"")
    assert desk.told() == [("refused", "/a")]
    assert (desk.told(), desk.left()) == ([], (1, 1, 0))
    assert desk.held() == {"/a": "Words of a.", "/b": "Words of b."}
    site["/a"] = story("a", "Words of a, corrected.")
    assert desk.told() == [("updated", "/a")]


# --- Whatever happens ---


def test_a_page_added_before_is_known(desk, site):
    site["/a"] = story("a", "Words of a.")
    page = fetch(f"{site.url}/a")
    list(add(desk.library, desk.encoder, load_page(page.body, page.url)))
    site["/map.xml"] = urlset("/a")
    assert desk.told() == []
    site["/a"] = story("a", "Words of a, corrected.")
    assert desk.told() == [("updated", "/a")]


def test_stopped_between_batches_it_goes_on_where_it_was(desk, site):
    names = "abcdef"
    site["/map.xml"] = urlset(*((f"/{name}", "2026-01-01") for name in names))
    for name in names:
        site[f"/{name}"] = story(name, f"Word of {name}. " * 15_000)  # each more than a batch
    found = desk.changes()
    settle(desk.library, found)
    entries = read(desk.library, desk.encoder, found, desk.crawler)
    assert next(entries).outcome == "added"
    entries.close()
    held = desk.held().keys()
    assert 0 < len(held) < len(names)
    assert {one.source for one in states_of(desk.library, [f"{site.url}/{name}" for name in names]).values()} == {
        site.url + path for path in held
    }
    assert {path for _, path in desk.told()} == {f"/{name}" for name in names} - held
    assert set(desk.asked).isdisjoint(held)


def test_a_library_of_another_encoder_is_not_touched(desk, site):
    site["/map.xml"] = urlset("/a")
    site["/a"] = story("a", "Words of a.")
    desk.sync()
    desk.encoder = HashEncoder("other")
    site["/a"] = story("a", "Words of a, corrected.")
    with pytest.raises(StaleIndex):
        desk.sync()
    assert desk.held() == {"/a": "Words of a."}


_NAMES = ["a", "b", "c", "d"]
_STATES = ["there", "there", "tagged", "moved", "gone", "busy", "empty"]
_STEPS = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(_NAMES), st.integers(1, 28)),
    st.tuples(st.just("advert"), st.sampled_from(_NAMES), st.integers(1, 99)),
    st.tuples(st.just("become"), st.sampled_from(_NAMES), st.sampled_from(_STATES)),
    st.tuples(st.just("list"), st.lists(st.sampled_from(_NAMES), unique=True), st.booleans()),
    st.just(("sync", "", "")),
)


class Paper:
    """Stories of a site in whatever state, and the site map that lists some of them, with their dates or without."""

    def __init__(self, site):
        self.site = site
        self.versions = dict.fromkeys(_NAMES, 1)
        self.adverts = dict.fromkeys(_NAMES, 0)
        self.states = dict.fromkeys(_NAMES, "there")
        self.listed, self.dated = _NAMES, True

    def take(self, step, name, more):
        if step == "write":
            self.versions[name] = more
        elif step == "advert":
            self.adverts[name] = more
        elif step == "become":
            self.states[name] = more
        elif step == "list":
            self.listed, self.dated = name, more

    def publish(self):
        for name in _NAMES:
            version = self.versions[name]
            body = story(name, f"Words of {name}, version {version}.", self.adverts[name])
            tag = {"ETag": f'"{version}"'}
            self.site[f"/{name}"] = {
                "there": body, "tagged": (200, tag, body), "moved": (301, {"Location": f"SITE/moved/{name}"}, b""),
                "gone": (404, {}, b""), "busy": (503, {}, b""), "empty": "<html><body></body></html>",
            }[self.states[name]]  # fmt: skip
            self.site[f"/moved/{name}"] = body
        dates = {name: f"2026-01-{self.versions[name]:02}" if self.dated else None for name in _NAMES}
        self.site["/map.xml"] = urlset(*((f"/{name}", dates[name]) for name in self.listed))


@settings(deadline=None, max_examples=20)
@given(steps=st.lists(_STEPS, max_size=14))
def test_whatever_happens_to_the_site_the_library_holds_what_it_lists(steps, tmp_path_factory):
    with website() as site:
        desk, paper = Desk(site, tmp_path_factory.mktemp("desk")), Paper(site)
        for step in steps:
            paper.take(*step)
            if step[0] == "sync":
                paper.publish()
                before = desk.ids()
                desk.sync(allow_empty=True)
                gone = set(before.values()) - set(desk.ids().values())
                assert {next(path for path in before if before[path] == one)[-1] for one in gone}.isdisjoint(
                    paper.listed
                )
        paper.states = dict.fromkeys(_NAMES, "there")
        paper.versions = {name: version % 28 + 1 for name, version in paper.versions.items()}
        paper.publish()
        desk.sync(allow_empty=True)
        assert desk.held() == {f"/{name}": f"Words of {name}, version {paper.versions[name]}." for name in paper.listed}
        assert desk.told() == []
        assert len(set(desk.ids().values())) == len(paper.listed)
