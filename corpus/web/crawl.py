"""Many pages of the web, fetched one after the other as their sites ask: pauses, robots.txt, Retry-After."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from protego import Protego

from corpus.web.address import normalised, site
from corpus.web.fetch import AGENT, MAX_REDIRECTS, FetchedPage, FetchFailed, NotPublic, Through, Validators, fetch

if TYPE_CHECKING:
    import httpx

LONGEST_WAIT = 60.0  # seconds; a site that asks for more is told of
_ROBOTS_BYTES = 500 * 2**10  # RFC 9309, 2.5


class Disallowed(FetchFailed):
    """The site asks programs to leave this page alone; open it in a browser, save it and add the file."""

    @property
    def is_lasting(self) -> bool:
        """The rules of a site seldom change."""
        return True


class RulesUnknown(Disallowed):
    """Whether programs may read this page cannot be learnt now, as its site's robots.txt cannot be had; try later."""

    @property
    def is_lasting(self) -> bool:
        """The rules may be had again at any time."""
        return False


@dataclass(frozen=True, slots=True)
class _Robots:
    """What a host's robots.txt says; `fault` says why it could not be read."""

    rules: Protego
    fault: str | None = None


class Crawler:
    """Fetches pages, of one host after a pause each.

    Only public addresses are asked, so that no list leads into the network of who reads it: a feed of the web has no
    business at http://127.0.0.1/. Who names a list that lies in there himself can have pages of the same site, at the
    address where the list was found, and no other: a program there may pass on what others write.

    `pause` is in seconds, and a site's Crawl-delay counts if it is longer; `wait` is what sleeps for as long as it is
    told. A Retry-After is respected once. Both up to LONGEST_WAIT: FetchFailed where a site asks for more. `public`
    makes what connects, given the sites that need not be public: PublicTransport where it is left out.
    """

    def __init__(
        self,
        pause: float = 1.0,
        seconds: float = 20.0,
        wait: Callable[[float], None] = time.sleep,
        public: Callable[[Mapping[str, Sequence[str]]], httpx.BaseTransport] | None = None,
    ) -> None:
        self._pause = pause
        self._seconds = seconds
        self._wait = wait
        self._public = public
        self._own: dict[str, Sequence[str]] = {}  # a site that need not be public -> its addresses
        self._robots: dict[str, _Robots] = {}
        self._last: dict[str, float] = {}  # when a host was last asked, on the monotonic clock

    def page(self, url: str, validators: Validators | None = None) -> FetchedPage:
        """A page that was found in a list; Disallowed where robots.txt says so or cannot be read, else as `fetch`."""
        robots = self._robots_of(url)
        if robots.fault:
            raise RulesUnknown(f"{url} is left alone, as the site's rules cannot be read: {robots.fault}")
        if not robots.rules.can_fetch(url, AGENT):
            raise Disallowed(
                f"{url} is not for programs, says the site's robots.txt; save the page in a browser and add the file."
            )
        return self._fetched(url, validators)

    def named(self, url: str) -> FetchedPage:
        """What a person named, wherever it is; but NotPublic where it is public and leads to what is not."""
        for _ in range(MAX_REDIRECTS):
            try:
                return self.source(url)
            except NotPublic as refusal:
                if refusal.led_by and refusal.led_by not in self._own:
                    raise
                self._own[refusal.found.site] = refusal.found.addresses
        return self.source(url)

    def source(self, url: str) -> FetchedPage:
        """A feed or a site map, which is there for programs: robots.txt sets the pace only."""
        return self._fetched(url)

    def site_maps(self, url: str) -> tuple[str, ...]:
        """The addresses of the site maps that the robots.txt of an address's host names."""
        found = (normalised(address, url) for address in self._robots_of(url).rules.sitemaps)
        return tuple(dict.fromkeys(address for address in found if address))

    def _fetched(self, url: str, validators: Validators | None = None) -> FetchedPage:
        delay = max(self._pause, self._robots_of(url).rules.crawl_delay(AGENT) or 0.0)
        if delay > LONGEST_WAIT:
            raise FetchFailed(
                f"{url} is left alone, as its site asks for {delay:.0f} seconds between two pages; "
                "save the page and add the file."
            )
        try:
            return self._asked(url, delay, validators)
        except FetchFailed as refusal:
            if refusal.site_pause is None or refusal.site_pause > LONGEST_WAIT:
                raise
            self._wait(refusal.site_pause)
            return self._asked(url, delay, validators)

    def _asked(self, url: str, delay: float, validators: Validators | None) -> FetchedPage:
        host = site(url)
        left = self._last.get(host, -delay) + delay - time.monotonic()
        if left > 0:
            self._wait(left)
        was_asked = True
        try:
            return fetch(url, self._seconds, validators, self._through())
        except NotPublic as refusal:
            was_asked = refusal.led_by is not None
            raise
        finally:
            if was_asked:
                self._last[host] = time.monotonic()

    def _through(self) -> Through:
        from corpus.web.ssrf_transport import PublicTransport

        return partial(self._public or PublicTransport, self._own)

    def _robots_of(self, url: str) -> _Robots:
        if normalised(url) is None:
            raise FetchFailed(
                f"{url[:200]!r} is no web address; it must begin with http:// or https:// and hold no login."
            )
        address = urljoin(url, "/robots.txt")
        if address not in self._robots:
            try:
                self._robots[address] = self._read(address)
            except NotPublic as refusal:
                raise NotPublic(url, refusal.found) from refusal
        return self._robots[address]

    def _read(self, address: str) -> _Robots:
        """As RFC 9309, 2.3.1, has it: a robots.txt that is not there allows all, one that cannot be got nothing.

        NotPublic where its host is not, as its pages are no more so.
        """
        try:
            text = self._asked(address, self._pause, None).body[:_ROBOTS_BYTES].decode("utf-8-sig", "replace")
        except FetchFailed as failure:
            if isinstance(failure, NotPublic) and not failure.led_by:
                raise
            is_absent = failure.site_status in range(400, 500) and failure.site_status != 429
            return _Robots(Protego(), None if is_absent else str(failure))
        return _Robots(Protego.parse(text))
