"""The pages behind one web address: of a feed, a site map, or a web page that leads to one of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from corpus.exclude import is_excluded_address
from corpus.web.address import site
from corpus.web.crawl import Crawler
from corpus.web.feed import MAX_PAGES, Feed, FeedEntry, Kind, UnreadableFeed, linked_feeds, read_feed
from corpus.web.fetch import FetchedPage, FetchFailed

MAX_DEPTH = 3  # site maps in an index, in an index
MAX_MAPS = 200  # site maps read for one address
_MAX_FEEDS = 5  # links of a page that are tried


@dataclass(frozen=True, slots=True)
class PageListing:
    """The pages that an address leads to, each once, in the order of the lists that name them.

    `sources` are the addresses of the feed or the site maps that were read. `elsewhere` counts the pages of site maps
    that are on another site and so left out, `unusable` the entries without an http address. `faults` are sentences
    about lists that are broken or could not be fetched: pages may be missing. `excluded` are the addresses of pages
    that a person excluded.
    """

    kind: Kind
    sources: tuple[str, ...]
    pages: tuple[FeedEntry, ...]
    elsewhere: int = 0
    unusable: int = 0
    faults: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether the list names all pages of the site; a feed names the latest only, a broken list not all."""
        return self.kind in ("site map", "site map index") and not self.faults

    def without(self, patterns: Iterable[str]) -> PageListing:
        """The same without the pages whose addresses match a pattern (`corpus.exclude`)."""
        given = tuple(patterns)
        excluded = dict.fromkeys(page.url for page in self.pages if is_excluded_address(page.url, given))
        pages = tuple(page for page in self.pages if page.url not in excluded)
        return replace(self, pages=pages, excluded=tuple(excluded))


def pages_listed(url: str, crawler: Crawler) -> PageListing:
    """The pages of a feed or a site map, of the first feed that a web page links to, or of a home page's site maps.

    The pages themselves are not fetched. FetchFailed where the address cannot be fetched, UnreadableFeed where it leads
    to no list or to one that is too long.
    """
    page = crawler.named(url)
    feed = read_feed(page)
    return _linked(page, url, crawler) if feed is None else _listing(page, feed, url, crawler)


def _listing(page: FetchedPage, feed: Feed, url: str, crawler: Crawler) -> PageListing:
    if feed.kind in ("site map", "site map index"):
        maps = _SiteMaps(crawler, {site(url), site(page.url)})
        maps.add(page.url, feed, 1)
        return maps.listing()
    pages = tuple(listed for listed in feed.entries if listed.url != page.url)
    if feed.fault and not pages:
        raise UnreadableFeed(feed.fault)
    return PageListing(
        feed.kind, (page.url,), pages, unusable=feed.unusable, faults=(feed.fault,) if feed.fault else ()
    )


def _linked(page: FetchedPage, url: str, crawler: Crawler) -> PageListing:
    """The pages of the first feed that a web page links to or, for a home page without one, of its site maps."""
    reasons = []
    for address in linked_feeds(page)[:_MAX_FEEDS]:
        try:
            linked = crawler.source(address)
            feed = read_feed(linked)
        except (FetchFailed, UnreadableFeed) as fault:
            reasons.append(str(fault))
            continue
        if feed and feed.kind in ("RSS", "Atom", "JSON Feed"):
            return _listing(linked, feed, address, crawler)
    named = crawler.site_maps(page.url) if urlsplit(page.url).path in ("", "/") else ()
    if named:
        maps = _SiteMaps(crawler, {site(url), site(page.url)})
        for address in named:
            maps.read(address, 1)
        return maps.listing()
    if reasons:
        raise UnreadableFeed(reasons[0])
    raise UnreadableFeed(
        f"{page.url} is no feed and no site map, and leads to none; name one, or add the page as an article."
    )


class _SiteMaps:
    """Reads site maps and those that they name in turn, each once."""

    def __init__(self, crawler: Crawler, sites: set[str]) -> None:
        self._crawler = crawler
        self._sites = sites
        self._sources: dict[str, None] = {}  # in the order they were read
        self._pages: dict[str, FeedEntry] = {}
        self._elsewhere = self._unusable = 0
        self._faults: list[str] = []

    def read(self, address: str, depth: int) -> None:
        """Reads a site map and those that it names; one that cannot be fetched or read is a fault."""
        if address in self._sources:
            return
        if len(self._sources) >= MAX_MAPS:
            raise UnreadableFeed(f"{address} is one of more than {MAX_MAPS} site maps; name those you want one by one.")
        if depth > MAX_DEPTH:
            raise UnreadableFeed(f"{address} is named by {MAX_DEPTH} site maps in turn; name it itself.")
        self._sources[address] = None
        try:
            page = self._crawler.source(address)
            feed = read_feed(page)
        except (FetchFailed, UnreadableFeed) as fault:
            self._faults.append(str(fault))
            return
        if feed is None:
            self._faults.append(f"{address} is no site map; tell those who keep the site.")
        else:
            self.add(address, feed, depth)

    def add(self, address: str, feed: Feed, depth: int) -> None:
        """Adds the pages that a site map lists, or reads the site maps that it names."""
        self._sources[address] = None
        self._unusable += feed.unusable
        self._faults += [feed.fault] if feed.fault else []
        for listed in feed.entries:
            is_map = feed.kind == "site map index"
            if site(listed.url) not in (self._sites | {site(address)} if is_map else self._sites):
                self._elsewhere += 1
            elif is_map:
                self.read(listed.url, depth + 1)
            elif listed.url != address:
                self._pages.setdefault(listed.url, listed)
        if len(self._pages) > MAX_PAGES:
            raise UnreadableFeed(
                f"{address} brings the pages to more than {MAX_PAGES:,}; name the site maps you want one by one."
            )

    def listing(self) -> PageListing:
        """The pages of all site maps that were read; UnreadableFeed where none could be."""
        if self._faults and not self._pages:
            raise UnreadableFeed(self._faults[0])
        kind: Kind = "site map index" if len(self._sources) > 1 else "site map"
        pages = tuple(self._pages.values())
        return PageListing(kind, tuple(self._sources), pages, self._elsewhere, self._unusable, tuple(self._faults))
