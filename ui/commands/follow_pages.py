"""The pages of a feed, a site map, or a web page that leads to one, which the library follows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from corpus.library.store import Library
from corpus.sync.empty_source import Emptied
from corpus.sync.page_changes import PageChanges, page_changes
from corpus.web.address import normalised
from corpus.web.crawl import Crawler
from corpus.web.feed import UnreadableFeed
from corpus.web.fetch import FetchFailed
from corpus.web.listing import PageListing, pages_listed
from index.sync.page_sync import read, settle
from ui.commands.follow import SyncRound, removals


class FollowedPages:
    """The pages that an address lists, but for those excluded, asked for again every so many minutes."""

    reading = "Asking for pages"
    things = "pages"
    to_reread = "ask whether it has changed"
    faults: tuple[type[Exception], ...] = (Emptied, FetchFailed, UnreadableFeed)

    def __init__(self, library: Library, address: str, excluded: Sequence[str], minutes: float) -> None:
        self._library = library
        self._address = normalised(address) or address  # what is none, fetching says
        self._excluded = excluded
        self._minutes = minutes
        often = "minute" if minutes == 1 else f"{minutes:g} minutes"
        self.invitation = f"Following {self._address}, asked again every {often} (Ctrl-C stops it)."

    def look(self, *, retry: bool = False, allow_empty: bool = False) -> SyncRound:
        """What the list names, and which pages may have changed; with `retry`, refused pages count.

        robots.txt is read anew each time.
        """
        crawler = Crawler()
        listing = pages_listed(self._address, crawler).without(self._excluded)
        found = page_changes(self._library, self._address, listing, retry=retry, allow_empty=allow_empty)
        return SyncRound(
            facts={"source": self._address, "list": _listing_facts(listing)},
            changes=found,
            plan=partial(_plan, self._library, found),
            settle=partial(settle, self._library, found),
            to_read=len(found.added) + len(found.asked),
            read=lambda encoder, done: read(self._library, encoder, found, crawler, done),
            warnings=_warnings(listing),
        )

    def wait(self, sleep: Callable[[float], None] = time.sleep) -> Iterator[object]:
        while True:
            sleep(60 * self._minutes)
            yield None


def _listing_facts(listing: PageListing) -> dict[str, object]:
    return {
        "kind": listing.kind,
        "sources": listing.sources,
        "pages": len(listing.pages),
        "complete": listing.complete,
        "excluded": len(listing.excluded),
        "elsewhere": listing.elsewhere,
        "unusable": listing.unusable,
        "faults": listing.faults,
    }


def _warnings(listing: PageListing) -> list[str]:
    """The faults of a list, and a count of what was left out of it."""
    left = {
        "on other sites, which a site map cannot speak for": listing.elsewhere,
        "without a usable address": listing.unusable,
    }
    counted = [f"{count:,} {words}" for words, count in left.items() if count]
    return [*listing.faults, *([f"Left out of the list: {', '.join(counted)}."] if counted else [])]


def _plan(library: Library, found: PageChanges) -> dict[str, Sequence[object]]:
    return {
        "add": [one.listed.url for one in found.added],
        "read again": [one.listed.url for one in found.asked],
        "move": [],
        "remove": removals(library, found.removed),
        "copies": [],
        "quarantine": [{"source": one.address, "reason": one.reason} for one in found.quarantine],
        "left_out": [one.address for one in found.left_out],
    }
