"""Pages of the web, fetched one after the other as their sites ask: pauses, robots.txt, Retry-After."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from protego import Protego

from corpus.web.address import normalised, site
from corpus.web.fetch import AGENT, FetchedPage, FetchFailed, NotPublic, Validators, fetch
from corpus.web.named import PrivateSites, as_named

if TYPE_CHECKING:
    import httpx

MAX_WAIT = 60.0  # seconds; where a site asks for more, its page is not fetched
_ROBOTS_BYTES = 500 * 2**10  # RFC 9309, 2.5


class Disallowed(FetchFailed):
    """The site asks programs to leave this page alone; open it in a browser, save it and add the file."""

    is_lasting = True


class RobotsUnavailable(Disallowed):
    """Whether programs may read this page cannot be learnt now, as its site's robots.txt cannot be had; try later."""

    is_lasting = False


@dataclass(frozen=True, slots=True)
class _Robots:
    """The rules of a host's robots.txt; `fault` says why it could not be read."""

    rules: Protego
    fault: str | None = None


class Crawler:
    """Fetches pages, of one host after a pause each.

    Only public addresses are asked, so that no feed of the web leads into the reader's own network. A list that a
    person named may itself be in that network: then pages of the same site are fetched at the address where the list
    was found, and from no other, as a program there may pass on what others write.

    `pause` is in seconds; a longer Crawl-delay of a site counts instead. A Retry-After is obeyed once. FetchFailed
    where a site asks for more than MAX_WAIT. `wait` sleeps. `public` makes the transport from the sites that need not
    be public (site -> addresses): PublicTransport by default.
    """

    def __init__(
        self,
        pause: float = 1.0,
        seconds: float = 20.0,
        wait: Callable[[float], None] = time.sleep,
        public: Callable[[Mapping[str, Sequence[str]]], httpx.BaseTransport] | None = None,
    ) -> None:
        self._pause = pause
        self._timeout = seconds
        self._wait = wait
        self._public = public
        self._private_sites: PrivateSites = {}
        self._robots: dict[str, _Robots] = {}  # by the address of the robots.txt
        self._last_request: dict[str, float] = {}  # host -> time on the monotonic clock

    def page(self, url: str, validators: Validators | None = None) -> FetchedPage:
        """A page that was found in a list; Disallowed where robots.txt says so or cannot be read, else as `fetch`."""
        robots = self._robots_of(url)
        if robots.fault:
            raise RobotsUnavailable(f"{url} is left alone, as the site's rules cannot be read: {robots.fault}")
        if not robots.rules.can_fetch(url, AGENT):
            raise Disallowed(
                f"{url} is not for programs, says the site's robots.txt; save the page in a browser and add the file."
            )
        return self._fetch(url, validators)

    def named(self, url: str) -> FetchedPage:
        """The page that a person named, wherever it is; NotPublic where a public site redirects to a private one."""
        return as_named(self._private_sites, lambda: self.source(url))

    def source(self, url: str) -> FetchedPage:
        """A feed or a site map, which are meant for programs: of robots.txt only the Crawl-delay counts."""
        return self._fetch(url)

    def site_maps(self, url: str) -> tuple[str, ...]:
        """The addresses of the site maps that the robots.txt of an address's host names."""
        found = (normalised(address, url) for address in self._robots_of(url).rules.sitemaps)
        return tuple(dict.fromkeys(address for address in found if address))

    def _fetch(self, url: str, validators: Validators | None = None) -> FetchedPage:
        delay = max(self._pause, self._robots_of(url).rules.crawl_delay(AGENT) or 0.0)
        if delay > MAX_WAIT:
            raise FetchFailed(
                f"{url} is left alone, as its site asks for {delay:.0f} seconds between two pages; "
                "save the page and add the file."
            )
        try:
            return self._request(url, delay, validators)
        except FetchFailed as refusal:
            if refusal.site_pause is None or refusal.site_pause > MAX_WAIT:
                raise
            self._wait(refusal.site_pause)
            return self._request(url, delay, validators)

    def _request(self, url: str, delay: float, validators: Validators | None = None) -> FetchedPage:
        """Fetches a page at least `delay` seconds after the last request to its host."""
        from corpus.web.ssrf_transport import PublicTransport

        host = site(url)
        left = self._last_request.get(host, -delay) + delay - time.monotonic()
        if left > 0:
            self._wait(left)
        was_asked = True
        try:
            return fetch(url, self._timeout, validators, partial(self._public or PublicTransport, self._private_sites))
        except NotPublic as refusal:
            was_asked = refusal.redirected_by is not None
            raise
        finally:
            if was_asked:
                self._last_request[host] = time.monotonic()

    def _robots_of(self, url: str) -> _Robots:
        if normalised(url) is None:
            raise FetchFailed(
                f"{url[:200]!r} is no web address; it must begin with http:// or https:// and hold no login."
            )
        address = urljoin(url, "/robots.txt")
        if address not in self._robots:
            try:
                self._robots[address] = self._read_robots(address)
            except NotPublic as refusal:
                raise NotPublic(url, refusal.host) from refusal
        return self._robots[address]

    def _read_robots(self, address: str) -> _Robots:
        """By RFC 9309, 2.3.1, a missing robots.txt allows everything, and one that cannot be fetched allows nothing.

        NotPublic where its host is not, as then its pages are not either.
        """
        try:
            body = self._request(address, self._pause).body
        except FetchFailed as failure:
            if isinstance(failure, NotPublic) and not failure.redirected_by:
                raise
            is_missing = failure.site_status in range(400, 500) and failure.site_status != 429
            return _Robots(Protego(), None if is_missing else str(failure))
        return _Robots(Protego.parse(body[:_ROBOTS_BYTES].decode("utf-8-sig", "replace")))
