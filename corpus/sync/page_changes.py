"""What has become of the pages that a list names since a library last followed it; nothing is fetched or changed here.

A page that the list dates as it did last time counts as unchanged. Of all others only their servers know.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from corpus.library.store import ArticleSource, Library
from corpus.sync.empty_source import Emptied
from corpus.sync.page_state import SeenPage, is_named_elsewhere, leading_to, named_by, prepare, seen_pages
from corpus.web.feed import FeedEntry
from corpus.web.listing import PageListing


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page to be asked for, as the list names it and as it was last time.

    Where it is wanted `anew`, it is to be read whether it has changed or not.
    """

    listed: FeedEntry
    known: SeenPage | None = None
    anew: bool = True


@dataclass(frozen=True, slots=True)
class PageChanges:
    """What is to be done so that the library holds what the list at an address names.

    `added` pages are new, and `asked` ones are to be asked whether they have changed. `removed` articles have a page
    that was named and is no longer. Pages in `quarantine` were refused, of those `left_out` the article was taken out
    by hand, and `unchanged` ones are as they were: asking finds more of all three. Pages are newly `named` by the list,
    or `unnamed`; `forgotten` ones need no longer be known.
    """

    address: str
    listing: PageListing
    added: list[Wanted] = field(default_factory=list)
    asked: list[Wanted] = field(default_factory=list)
    removed: list[ArticleSource] = field(default_factory=list)
    quarantine: list[SeenPage] = field(default_factory=list)
    left_out: list[SeenPage] = field(default_factory=list)
    unchanged: list[SeenPage] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)

    def leave(self, page: SeenPage) -> None:
        """Counts a page that is as it was."""
        {"read": self.unchanged, "refused": self.quarantine, "removed": self.left_out}[page.fate].append(page)


def page_changes(
    library: Library, address: str, listing: PageListing, *, retry: bool = False, allow_empty: bool = False
) -> PageChanges:
    """What has become of the pages that the list at an address names; with `retry`, those refused count.

    The articles of pages that it no longer names stay, unless the list is complete or a person excluded them, and no
    other list names them. Emptied where all would go, unless that is allowed.
    """
    prepare(library)
    found = PageChanges(address, listing)
    with library.reading():
        before, now = named_by(library, address), {page.url for page in listing.pages}
        known = seen_pages(library, before | now)
        for page in listing.pages:
            _place(library, found, Wanted(page, known.get(page.url)), retry)
        found.named.extend(sorted(now - before))
        gone = {one for one in before - now if listing.complete or one in listing.excluded}
        found.unnamed.extend(sorted(gone if listing.faults else before - now))
        forgotten = (one for one in gone & known.keys() if not is_named_elsewhere(library, one, address))
        found.forgotten.extend(sorted(forgotten))
        found.removed.extend(_articles(library, [known[one] for one in found.forgotten]))
        if found.removed and not now and not allow_empty:
            raise Emptied("address", f"at {address}", len(found.removed))
    return found


def _place(library: Library, found: PageChanges, page: Wanted, retry: bool) -> None:
    """Tells whether a page has to be asked for, and how."""
    listed, known = page.listed, page.known
    if known is None:
        found.added.append(page)
    elif (known.fate == "refused" and retry) or (known.fate == "read" and not _has_article(library, known)):
        found.asked.append(page)
    elif listed.changed and listed.changed == known.dated:
        found.leave(known)
    else:
        found.asked.append(Wanted(listed, known, anew=False))


def _has_article(library: Library, page: SeenPage) -> bool:
    """Whether the library has what the page showed, from there or out of the same bytes."""
    if library.header_by("source", page.source):
        return True
    return bool(page.sha256 and library.header_by("sha256", page.sha256))


def _articles(library: Library, forgotten: Iterable[SeenPage]) -> list[ArticleSource]:
    """The articles of pages to be forgotten to which no other page leads."""
    pages = list(forgotten)
    addresses = {page.address for page in pages}
    articles = {}
    for page in pages:
        article = library.header_by("source", page.source) if page.content else None
        if article and all(one.address in addresses for one in leading_to(library, page.source)):
            articles[article.id] = ArticleSource(article.id, article.source)
    return list(articles.values())
