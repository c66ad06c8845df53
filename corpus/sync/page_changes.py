"""The changes of a list of web pages since a library was last synced with it; nothing is fetched or changed here.

A page whose date in the list is the same counts as unchanged. Whether any other has changed, only its server knows.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from corpus.library.store import ArticleSource, Library
from corpus.sync.empty_source import Emptied
from corpus.sync.page_state import PAGES, PageState, is_named_elsewhere, leading_to, named_by, states_of
from corpus.web.feed import FeedEntry
from corpus.web.listing import PageListing


@dataclass(frozen=True, slots=True)
class PageToFetch:
    """A page to fetch: its entry in the list, and its state at the last sync.

    With `is_forced`, the page is read whether it has changed or not.
    """

    listed: FeedEntry
    known: PageState | None = None
    is_forced: bool = True


@dataclass(frozen=True, slots=True)
class PageChanges:
    """What to do so that the library holds the pages that the list at an address names.

    `added` pages are new; `asked` ones may have changed, and their servers are to be asked. `removed` articles are of
    pages that the list names no longer. `quarantine` holds refused pages, `left_out` those whose article was removed by
    hand, `unchanged` those that are as they were: fetching may add to these three. `named` pages are new in the list,
    `unnamed` ones are no longer in it, and `forgotten` ones need no state any more.
    """

    address: str
    listing: PageListing
    added: list[PageToFetch] = field(default_factory=list)
    asked: list[PageToFetch] = field(default_factory=list)
    removed: list[ArticleSource] = field(default_factory=list)
    quarantine: list[PageState] = field(default_factory=list)
    left_out: list[PageState] = field(default_factory=list)
    unchanged: list[PageState] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)

    def leave(self, page: PageState) -> None:
        """Adds a page that is as it was to the list of its fate."""
        {"read": self.unchanged, "refused": self.quarantine, "removed": self.left_out}[page.fate].append(page)


def page_changes(
    library: Library, address: str, listing: PageListing, *, retry: bool = False, allow_empty: bool = False
) -> PageChanges:
    """The changes of the list at an address; with `retry`, refused pages are fetched.

    The article of a page that the list no longer names is removed only where the list is complete or a person excluded
    the page, and no other list names it. Emptied where all would be removed, unless `allow_empty`.
    """
    PAGES.prepare(library)
    changes = PageChanges(address, listing)
    with library.reading():
        before, now = named_by(library, address), {page.url for page in listing.pages}
        known = states_of(library, before | now)
        for page in listing.pages:
            _place(library, changes, PageToFetch(page, known.get(page.url)), retry)
        changes.named.extend(sorted(now - before))
        gone = {one for one in before - now if listing.complete or one in listing.excluded}
        changes.unnamed.extend(sorted(gone if listing.faults else before - now))
        forgotten = (one for one in gone & known.keys() if not is_named_elsewhere(library, one, address))
        changes.forgotten.extend(sorted(forgotten))
        changes.removed.extend(_articles(library, [known[one] for one in changes.forgotten]))
        if changes.removed and not now and not allow_empty:
            raise Emptied("address", f"at {address}", len(changes.removed))
    return changes


def _place(library: Library, changes: PageChanges, page: PageToFetch, retry: bool) -> None:
    """Adds a page to the list of `changes` that it belongs to."""
    listed, known = page.listed, page.known
    if known is None:
        changes.added.append(page)
    elif (known.fate == "refused" and retry) or (known.fate == "read" and not _has_article(library, known)):
        changes.asked.append(page)
    elif listed.changed and listed.changed == known.dated:
        changes.leave(known)
    else:
        changes.asked.append(PageToFetch(listed, known, is_forced=False))


def _has_article(library: Library, page: PageState) -> bool:
    """Whether the library has the page's article, from this source or from the same bytes."""
    if library.header_by("source", page.source):
        return True
    return bool(page.sha256 and library.header_by("sha256", page.sha256))


def _articles(library: Library, forgotten: list[PageState]) -> list[ArticleSource]:
    """The articles of these pages, without those to which other pages lead."""
    addresses = {page.address for page in forgotten}
    articles = {}
    for page in forgotten:
        article = library.header_by("source", page.source) if page.content else None
        if article and all(one.address in addresses for one in leading_to(library, page.source)):
            articles[article.id] = ArticleSource(article.id, article.source)
    return list(articles.values())
