"""Many pages of the web, fetched one after the other as their sites ask: pauses, robots.txt, Retry-After."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin
from urllib.robotparser import RobotFileParser

from corpus.address import normalised, site
from corpus.fetch import AGENT, FetchFailed, Page, Validators, fetch

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

    rules: RobotFileParser
    fault: str | None = None


class Crawler:
    """Fetches pages, of one host after a pause each.

    `pause` is in seconds, and a site's Crawl-delay counts if it is longer; `wait` is what sleeps for as long as it is
    told. A Retry-After is respected once. Both up to LONGEST_WAIT: FetchFailed where a site asks for more.
    """

    def __init__(self, pause: float = 1.0, seconds: float = 20.0, wait: Callable[[float], None] = time.sleep) -> None:
        self._pause = pause
        self._seconds = seconds
        self._wait = wait
        self._robots: dict[str, _Robots] = {}
        self._last: dict[str, float] = {}  # when a host was last asked, on the monotonic clock

    def page(self, url: str, validators: Validators | None = None) -> Page:
        """A page that was found in a list; Disallowed where robots.txt says so or cannot be read, else as `fetch`."""
        robots = self._robots_of(url)
        if robots.fault:
            raise RulesUnknown(f"{url} is left alone, as the site's rules cannot be read: {robots.fault}")
        if not robots.rules.can_fetch(AGENT, url):
            raise Disallowed(
                f"{url} is not for programs, says the site's robots.txt; save the page in a browser and add the file."
            )
        return self._fetched(url, validators)

    def source(self, url: str) -> Page:
        """What a person named, or a site map, which is there for programs: robots.txt sets the pace only."""
        return self._fetched(url)

    def site_maps(self, url: str) -> tuple[str, ...]:
        """The addresses of the site maps that the robots.txt of an address's host names."""
        named = self._robots_of(url).rules.site_maps() or []
        found = (normalised(address, url) for address in named)
        return tuple(dict.fromkeys(address for address in found if address))

    def _fetched(self, url: str, validators: Validators | None = None) -> Page:
        delay = max(self._pause, float(self._robots_of(url).rules.crawl_delay(AGENT) or 0))
        if delay > LONGEST_WAIT:
            raise FetchFailed(
                f"{url} is left alone, as its site asks for {delay:.0f} seconds between two pages; "
                "save the page and add the file."
            )
        try:
            return self._asked(url, delay, validators)
        except FetchFailed as refusal:
            if refusal.retry_after is None or refusal.retry_after > LONGEST_WAIT:
                raise
            self._wait(refusal.retry_after)
            return self._asked(url, delay, validators)

    def _asked(self, url: str, delay: float, validators: Validators | None) -> Page:
        host = site(url)
        left = self._last.get(host, -delay) + delay - time.monotonic()
        if left > 0:
            self._wait(left)
        try:
            return fetch(url, self._seconds, validators)
        finally:
            self._last[host] = time.monotonic()

    def _robots_of(self, url: str) -> _Robots:
        if normalised(url) is None:
            raise FetchFailed(
                f"{url[:200]!r} is no web address; it must begin with http:// or https:// and hold no login."
            )
        address = urljoin(url, "/robots.txt")
        if address not in self._robots:
            self._robots[address] = self._read(address)
        return self._robots[address]

    def _read(self, address: str) -> _Robots:
        """As RFC 9309, 2.3.1, has it: a robots.txt that is not there allows all, one that cannot be got nothing."""
        rules = RobotFileParser()
        try:
            text = self._asked(address, self._pause, None).body[:_ROBOTS_BYTES].decode("utf-8-sig", "replace")
        except FetchFailed as failure:
            rules.parse([])
            is_absent = failure.status in range(400, 500) and failure.status != 429
            return _Robots(rules, None if is_absent else str(failure))
        rules.parse(text.splitlines())
        return _Robots(rules)
