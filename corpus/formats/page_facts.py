"""The facts of a web page: title, authors, outlet, day and address, of this page and no other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING

from corpus.draft import SourceFacts
from corpus.facts.byline_words import OUTLET_ENDS
from corpus.facts.page.authors import page_authors
from corpus.facts.page.identity import Identity, identity, shown_text
from corpus.facts.page.json_ld import JsonLd, json_ld
from corpus.facts.page.published import page_published
from corpus.facts.page.title import page_title

if TYPE_CHECKING:
    from lxml.etree import _Element

_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)\s{0,3}(?:©|\(c\)|copyright)?\s{0,3}(?:(?:19"
    r"|20)\d\d\s?[-–]?\s?){0,3},?(?:by )?(?P<name>[^\W\d_][^|.,©<>–—]{1,60})",
    re.IGNORECASE,
)
_SITE_NAMES = (
    "og:site_name",
    "application-name",
    "apple-mobile-web-app-title",
    "publisher",
    "dc.publisher",
    "article:publisher",
    "citation_journal_title",
    "sailthru.publisher",
    "rbpubname",
    "al:android:app_name",
    "al:ios:app_name",
)
_COPYRIGHT_SIGN = re.compile(r"©|\(c\)|copyright", re.IGNORECASE)
_HOME = re.compile(r"/|\./|index\.\w{3,5}", re.IGNORECASE)
_LOGO = re.compile(
    r"logo|site-?_?(?:title|name)|(?:^|[\s_-])(?:brand|masthead)(?:$|[\s_-])|navbar-brand", re.IGNORECASE
)
_LONGEST_SHOWN = 60  # characters of a logo
_MOST_ELEMENTS = 60_000
_LONGEST_NAME = 200  # characters of an outlet's name
_NO_OUTLET = re.compile(r"^@|https?:|^www\.|facebook|^\W*$")


def page_facts(source: str, url: str | None) -> SourceFacts:
    """The facts that a page's source states; `url` is the address that it was fetched from."""
    tree = _parsed(source)
    if tree is None:
        return SourceFacts(url=url)
    page = identity(tree, url)
    records = json_ld(source, page)
    address = url or _address(tree, page)
    host = re.sub(r"^(?:https?:)?//", "", address or "").partition("/")[0].removeprefix("www.")
    stated = _outlet(page, records)
    shown = list(dict.fromkeys(_shown_names(tree, host)))
    outlet = stated or next((name for name in shown if _is_outlet(name, page)), None)
    names = [name for name in (outlet, *_other_names(tree, page), *shown) if name]
    return SourceFacts(
        title=page_title(tree, page, names, host),
        authors=page_authors(tree, page, records, [name for name in (outlet, page.first("og:site_name")) if name]),
        outlet=outlet,
        published=page_published(tree, page, records, [one for one in (address, *sorted(page.addresses)) if one]),
        url=address,
    )


def _parsed(source: str) -> _Element | None:
    """The tree of a page; None where it is too broken to be parsed."""
    from lxml import html
    from lxml.etree import LxmlError

    try:
        parser = html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=False)
        return html.document_fromstring(re.sub(r"^\s*<\?xml[^>]{0,200}\?>", "", source), parser=parser)
    except (LxmlError, ValueError, AssertionError):
        return None


def _outlet(page: Identity, records: JsonLd) -> str | None:
    """The name of the outlet: the publisher in the article's record, else the site's name in meta tags or records."""
    publishers = (records.resolved(one.get("publisher")) for one in records.own[:5])
    sites = (one for one in records.by_type("WebSite"))
    names = [*map(_name, publishers), *(page.first(name) for name in _SITE_NAMES[:1]), *map(_name, sites)]
    names += [page.first(name) for name in _SITE_NAMES[1:]]
    hosts = {address.partition("/")[0] for address in page.addresses}
    found = (" ".join(name.split())[:_LONGEST_NAME] for name in names if name and not _NO_OUTLET.search(name))
    return next((name for name in found if name.lower().removeprefix("www.") not in hosts), None)


def _shown_names(tree: _Element, host: str) -> Iterator[str]:
    """What stands on the page as the site's name: in its logo, or as the link to its first page."""
    for element in islice(tree.iter("a", "div", "p", "span", "h1", "h2", "header", "img"), _MOST_ELEMENTS):
        marks = f"{element.get('class') or ''} {element.get('id') or ''}"
        target = (element.get("href") or "")[:200] if element.tag == "a" else ""
        own = target.removeprefix("https:").removeprefix("http:").removeprefix("//").removeprefix("www.").rstrip("/")
        is_home = _HOME.fullmatch(target) is not None or (bool(host) and own.lower() == host)
        if is_home or (marks.strip() and _LOGO.search(marks[:300])):
            text = element.get("alt", "") if element.tag == "img" else shown_text(element)
            if 3 < len(text) <= _LONGEST_SHOWN:
                yield text


def _is_outlet(name: str, page: Identity) -> bool:
    """Whether a name on the page is its outlet's: it reads as one, or ends the page's title."""
    words = name.split()
    is_named = len(words) > 1 and words[0][0].isupper() and words[-1].lower().strip(".") in OUTLET_ENDS
    return is_named or any(
        re.search(rf"\s\W{{1,2}}\s{re.escape(name)}$", title, re.IGNORECASE) for title in page.titles
    )


def _name(value: object) -> str | None:
    name = value.get("name") if isinstance(value, Mapping) else value
    name = name[0] if isinstance(name, list) and name else name
    return name if isinstance(name, str) else None


def _other_names(tree: _Element, page: Identity) -> Iterator[str]:
    """What else calls the site by its name: its meta tags, its handle, and the owner of its copyright."""
    yield from (value for name in _SITE_NAMES for value in page.meta.get(name, ())[:3])
    yield from page.meta.get("author", ())[:3]
    yield from (value.lstrip("@") for value in page.meta.get("twitter:site", ())[:1])
    pieces = (piece for piece in tree.itertext() if len(piece) < 1_000 and _COPYRIGHT_SIGN.search(piece))
    for piece in islice(pieces, 5):
        owner = _COPYRIGHT.search(piece)
        if owner:
            yield re.sub(r"(?i)[\s.,]*(?:all rights reserved.*|inc|ltd|llc|gmbh)?[\s.,]*$", "", owner["name"].strip())


def _address(tree: _Element, page: Identity) -> str | None:
    """The address that a page gives as its own."""
    links = (link for link, _ in zip(tree.iter("link"), range(2_000), strict=False))
    canonical = [link.get("href", "") for link in links if "canonical" in link.get("rel", "").lower().split()]
    stated = (*canonical, *page.meta.get("og:url", ()), *page.meta.get("twitter:url", ()))
    return next((one.strip() for one in stated if re.match(r"https?://[^\s/]+\S*$", one.strip(), re.IGNORECASE)), None)
