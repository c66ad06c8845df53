"""A library synchronised with a list of web pages: removals at once, then page by page what has changed.

After an interruption, `corpus.sync.page_changes` finds what is left to do.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

from corpus.article import Article
from corpus.library.store import ArticleHeader, Library
from corpus.load import Refusal, load_page
from corpus.sync import page_state
from corpus.sync.page_changes import PageChanges, PageToFetch
from corpus.sync.page_state import PAGES, PageState, leading_to
from corpus.web.address import normalised, site
from corpus.web.crawl import Crawler
from corpus.web.fetch import FetchedPage, FetchFailed
from index.encoder.encoder import Encoder
from index.ingest import Entry, Finished, Loaded, add, remove_if_there
from index.sync.folder_sync import STAYS
from index.tables import prepare

_SETTLED = dt.timedelta(hours=1)  # after its date a page may change again under it, or a cache still give the old one
_LONGEST_DAY = dt.timedelta(hours=36)  # from midnight in UTC until a day has ended everywhere
_PATIENCE = 3  # failures of a site in a row, after which its other pages are left for the next time


def settle(library: Library, found: PageChanges) -> list[Entry]:
    """Does in one transaction all that fetches no page: removals, and which pages the list names."""
    if not (found.named or found.unnamed or found.forgotten):
        return []
    prepare(library)
    with library.writing():
        entries = [entry for article in found.removed for entry in remove_if_there(library, article.id)]
        page_state.name(library, found.address, found.named)
        page_state.unname(library, found.address, found.unnamed)
        PAGES.forget(library, found.forgotten)
    return entries


def read(
    library: Library,
    encoder: Encoder,
    found: PageChanges,
    crawler: Crawler,
    done: Callable[[], None] = lambda: None,
) -> Iterator[Entry]:
    """Asks for the pages that are new or may have changed, yielding what becomes of their articles.

    `done` comes after each page; those that are as they were are counted in `found`. StaleIndex before anything is
    written where the library was built with another encoder.
    """
    return add(library, encoder, _PageReader(library, found, crawler).loaded(done))


class _PageReader:
    """The pages of a list, asked for one after the other."""

    def __init__(self, library: Library, found: PageChanges, crawler: Crawler) -> None:
        self.library = library
        self.found = found
        self.crawler = crawler
        self.listed = {page.url for page in found.listing.pages}
        self.content_at: dict[str, str] = {}  # where pages that were asked for led to -> the content there
        self.failures: Counter[str] = Counter()  # of each site, in a row
        self.skipped: Counter[str] = Counter()  # pages of each site that were not asked for

    def loaded(self, done: Callable[[], None]) -> Iterator[Loaded]:
        """What `index.ingest.add` takes, page by page."""
        for wanted in [*self.found.asked, *self.found.added]:  # the articles of changed ones are no longer true
            yield from self.page(wanted)
            done()
        for host, count in self.skipped.items():
            others = "1 other page is" if count == 1 else f"{count:,} other pages are"
            yield Refusal(host, f"{host} failed {_PATIENCE} times in a row; {others} left for the next time.")

    def page(self, wanted: PageToFetch) -> Iterator[Loaded]:
        host = site(wanted.listed.url)
        if self.failures[host] >= _PATIENCE:
            self.skipped[host] += 1
            return
        known = wanted.known
        try:
            page = self.crawler.page(wanted.listed.url, None if wanted.is_forced or known is None else known.validators)
        except FetchFailed as failure:
            self.failures[host] = 0 if failure.is_lasting else self.failures[host] + 1
            yield from self.failed(wanted, failure)
            return
        self.failures[host] = 0
        if known is not None and not page.modified:
            dated = _sure(wanted.listed.changed)
            yield from self.unchanged(known, replace(known, validators=page.validators, dated=dated))
        else:
            yield from self.received(wanted, page)

    def received(self, wanted: PageToFetch, page: FetchedPage) -> Iterator[Loaded]:
        known = wanted.known
        source = normalised(page.url) or page.url
        digest = hashlib.sha256(page.body).hexdigest()
        now = PageState(wanted.listed.url, source, page.validators, _sure(wanted.listed.changed), digest)
        if known and (known.source, known.sha256) == (source, digest) and not wanted.is_forced:
            yield from self.unchanged(known, _with_former_content(known, now))
        elif self.belongs_elsewhere(known, now):
            yield from self.redirected(wanted, now)
        else:
            self.content_at[source] = ""
            for item in load_page(page.body, source, page.charset):
                if isinstance(item, Refusal):
                    yield from self.refused(wanted, replace(now, reason=item.reason))
                else:
                    yield from self.read(wanted, now, item)

    def belongs_elsewhere(self, known: PageState | None, now: PageState) -> bool:
        """Whether a page was redirected to where another one is, or to an article that the library has already."""
        if now.source == now.address:
            return False
        is_new = known is None and self.library.header_by("source", now.source) is not None
        return is_new or now.source in self.content_at or now.source in self.listed

    def unchanged(self, known: PageState, now: PageState) -> Iterator[Loaded]:
        """Counts a page that has not changed, and keeps its new state."""
        self.found.leave(known)
        self.content_at.setdefault(known.source, known.content)
        if now != known:
            yield Finished(now.keep)

    def redirected(self, wanted: PageToFetch, now: PageState) -> Iterator[Loaded]:
        """Skips a page that was redirected to another one, with one entry; an article of its own stays."""
        known = wanted.known
        if known and known.source == now.source:
            content = self.content_at.get(now.source) or known.content
            yield from self.unchanged(known, replace(_with_former_content(known, now), content=content))
        elif known and self.former(known, now.source):
            why = f"{now.address} leads to {now.source} now, which comes by itself; follow that one if you want it."
            yield from self.refused(wanted, replace(now, source=known.source, reason=why))
        else:
            owners = (page.content for page in leading_to(self.library, now.source) if page.address != now.address)
            content = self.content_at.get(now.source) or next(owners, "")
            why = f"It leads to {now.source}, which comes by itself or is in the library already."
            yield Finished(replace(now, content=content).keep, entries=(Entry(now.address, "skipped", why),))

    def read(self, wanted: PageToFetch, now: PageState, article: Article) -> Iterator[Loaded]:
        """The article of a page, unless the user removed it and its content is the same, or its title changed."""
        known = wanted.known
        now = replace(now, content=article.content_digest())
        self.content_at[now.source] = now.content
        former = self.former(known, now.source) if known else None
        if known and known.fate == "removed" and known.content == now.content:
            yield from self.unchanged(known, replace(now, fate="removed"))
        elif known and former and former.title != article.title:
            why = f"{now.address} leads to {now.source} now, where another text stands; add that one if you want it."
            yield from self.refused(wanted, replace(now, source=known.source, reason=why))
        else:
            if former:
                yield self.moved(former, now)
            yield article
            yield Finished(now.keep)

    def former(self, known: PageState, source: str) -> ArticleHeader | None:
        """The article of a page that was found elsewhere last time, unless other pages lead there."""
        is_moved = known.source != source
        if is_moved and all(page.address == known.address for page in leading_to(self.library, known.source)):
            return self.library.header_by("source", known.source)
        return None

    def moved(self, former: ArticleHeader, now: PageState) -> Finished:
        """Moves a page's article to where the page is now, or removes it where there is one already."""
        looked = PageState(now.address, now.source, content=now.content)  # stopped here, it is asked for anew
        if self.library.header_by("source", now.source):
            return Finished(looked.keep, removed=(former.id,))
        with self.library.writing():
            self.library.move(former.id, now.source)
            looked.keep(self.library)
        why = f"It was {former.source}."
        return Finished(looked.keep, entries=(Entry(now.source, "moved", why, former.id, former.title),))

    def failed(self, wanted: PageToFetch, failure: FetchFailed) -> Iterator[Loaded]:
        """Refuses a page that could not be fetched; a failure that may pass is not remembered."""
        url, known = wanted.listed.url, wanted.known
        if failure.is_lasting:  # undated, so that it is asked for again
            now = PageState(url, known.source if known else url, reason=str(failure))
            yield from self.refused(wanted, now)
        else:
            yield Refusal(url, str(failure))

    def refused(self, wanted: PageToFetch, now: PageState) -> Iterator[Loaded]:
        """Refuses a page that gives no article, once; nothing for a page whose article the user removed."""
        known = wanted.known
        if known and known.fate == "removed":
            self.found.leave(known)
            return
        now = replace(now, fate="refused", content=known.content if known else "")
        if known and (known.fate, known.reason) == ("refused", now.reason) and not wanted.is_forced:
            self.found.leave(now)
        else:
            stays = STAYS if self.library.header_by("source", now.source) else ""
            yield Refusal(now.address, now.reason + stays)
        if now != known:
            yield Finished(now.keep)


def _with_former_content(known: PageState, now: PageState) -> PageState:
    return replace(now, content=known.content, fate=known.fate, reason=known.reason)


def _sure(changed: str | None) -> str | None:
    """The date to remember; none where the page may still change under the same date."""
    if changed is None:
        return None
    moment = dt.datetime.fromisoformat(changed).replace(tzinfo=dt.UTC)
    is_day = "T" not in changed
    return changed if moment < dt.datetime.now(dt.UTC) - _SETTLED - is_day * _LONGEST_DAY else None
