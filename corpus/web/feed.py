"""One feed or site map: the pages it lists, and the dates it states of their last changes.

It may be RSS (0.9x, 1.0, 2.0), Atom, JSON Feed, a site map or an index of site maps, as XML or plain text, with gzip or
without. trafilatura finds the feeds that a web page links to. It does not read them: its lists are sorted and undated,
and pages that differ only in a parameter like `cid` become one. feedparser knows no site maps and no JSON Feed, takes
identifiers for addresses, and makes a day a moment.
"""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import re
import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import TYPE_CHECKING, Literal, TypeVar

from corpus.errors import PullquoteError
from corpus.formats.encoding import UndecodableText, decode
from corpus.formats.facts import is_address
from corpus.web.address import normalised
from corpus.web.fetch import FetchedPage

if TYPE_CHECKING:
    from lxml.etree import _Element

_Entry = TypeVar("_Entry")
Kind = Literal["RSS", "Atom", "JSON Feed", "site map", "site map index"]

MAX_UNPACKED = 50 * 2**20  # bytes; what sitemaps.org allows a site map
MAX_MARKUP = 1_000_000  # tags, closing ones too, or braces of JSON: about 280 MB once parsed
MAX_PAGES = 50_000  # what sitemaps.org allows a site map
_KINDS: dict[str, tuple[Kind, str]] = {  # root element: what it is, and the element that lists one page
    "rss": ("RSS", "item"),
    "RDF": ("RSS", "item"),
    "feed": ("Atom", "entry"),
    "urlset": ("site map", "url"),
    "sitemapindex": ("site map index", "sitemap"),
}
_ADDRESSES = ("origLink", "link", "loc", "guid")  # best first; origLink is the page itself behind a counting redirect
_CHANGED = ("lastmod", "updated", "modified", "pubDate", "date", "published", "issued")  # best first
_XML_ENCODING = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{2,30})")
_TO_ESCAPE = re.compile(
    r"(?P<cdata><!\[CDATA\[.*?(?:\]\]>|\Z))|&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-fA-F]{1,6});)", re.DOTALL
)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class UnreadableFeed(PullquoteError):
    """No list of pages can be read from this address; name a feed, a site map, or a page that links to its feed."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A page in a list: its normalised address, and the ISO 8601 day or time (UTC) of its last change, if stated."""

    url: str
    changed: str | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """The pages that one document lists, in its order; `unusable` counts the entries without an http address.

    `fault` says where a document is broken. Entries after that place may be missing, and the one before it is left out,
    as its address may be cut short.
    """

    kind: Kind
    entries: tuple[FeedEntry, ...]
    unusable: int = 0
    fault: str | None = None


def read_feed(page: FetchedPage) -> Feed | None:
    """The feed or site map of a fetched page, None where it is neither; UnreadableFeed where it cannot be read."""
    text = _text(page).strip()
    if sum(map(text.count, "<{[")) > MAX_MARKUP:
        raise UnreadableFeed(f"{page.url} holds more than {MAX_MARKUP:,} tags or braces; name a part of it.")
    if text.startswith("{"):
        return _json_feed(text, page.url)
    if text.startswith("<"):
        return _xml_feed(text, page.url)
    lines = text.split()
    if lines and all(map(is_address, lines)):
        return _feed("site map", [(normalised(line), None) for line in _limited(lines, page.url)])
    return None


def is_feed(page: FetchedPage) -> bool:
    try:
        return read_feed(page) is not None
    except UnreadableFeed:
        return False


def linked_feeds(page: FetchedPage) -> list[str]:
    """The addresses of the feeds that a web page links to, in the page's order; comment feeds are left out."""
    from trafilatura.feeds import FeedParameters, determine_feed

    text = _text(page)
    return list(determine_feed(text, FeedParameters(page.url, "", page.url))) if "<" in text else []


def _text(page: FetchedPage) -> str:
    data = _unpacked(page)
    stated = _XML_ENCODING.search(data[:200])
    try:
        return decode(data, page.charset or (stated[1].decode("ascii") if stated else None)).text
    except UndecodableText as fault:
        raise UnreadableFeed(
            f"{page.url} is no list of pages, and no text; add it as an article, if it is one."
        ) from fault


def _unpacked(page: FetchedPage) -> bytes:
    if not page.body.startswith(b"\x1f\x8b"):
        return page.body
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(page.body)) as packed:
            data = packed.read(MAX_UNPACKED + 1)
    except (OSError, EOFError, zlib.error) as fault:
        raise UnreadableFeed(f"{page.url} is a broken gzip file; try again later, or name another list.") from fault
    if len(data) > MAX_UNPACKED:
        raise UnreadableFeed(f"{page.url} unpacks to more than {MAX_UNPACKED // 2**20} MB; name a part of it.")
    return data


def _xml_feed(text: str, url: str) -> Feed | None:
    """The feed, parsed so that no entity is expanded and nothing is fetched; a bare & stands for itself."""
    from lxml import etree

    escaped = _TO_ESCAPE.sub(lambda match: match["cdata"] or "&amp;", _NOT_XML.sub("", text))
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, recover=True, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(escaped.encode("utf-8"), parser, base_url=url)
    name = None if root is None else _local_name(root)
    if name not in _KINDS:
        return None
    kind, entry = _KINDS[name]
    stated = [_entry(element) for element in _limited(root.iter(f"{{*}}{entry}"), url)]
    breaks = [error.line for error in parser.error_log if error.level == etree.ErrorLevels.FATAL]
    if not breaks:
        return _feed(kind, stated)
    return replace(
        _feed(kind, stated[:-1]),
        fault=f"{url} is broken in line {breaks[0]}, and pages may be missing; try again later.",
    )


def _entry(entry: _Element) -> tuple[str | None, str | None]:
    """The address of an entry, resolved against its xml:base, and the date of its last change as written."""
    addresses: dict[str, str | None] = {}
    dates: dict[str, str] = {}
    for child in entry.iterchildren("{*}*"):
        name = _local_name(child)
        words = "" if len(child) else (child.text or "").strip()
        if name in _CHANGED and words:
            dates.setdefault(name, words)
        elif name in _ADDRESSES and _leads_to_page(child, words):
            addresses.setdefault(name, normalised(child.get("href") or words, child.base))
    address = next((addresses[name] for name in _ADDRESSES if addresses.get(name)), None)
    return address, next((dates[name] for name in _CHANGED if name in dates), None)


def _local_name(element: _Element) -> str:
    """The name without its namespace, or without a prefix that nothing declares."""
    return str(re.split("[}:]", element.tag)[-1])


def _leads_to_page(link: _Element, words: str) -> bool:
    """Whether a link is to the page itself, not to its comments or sound file, and no mere identifier."""
    if "isPermaLink" in link.attrib or link.tag == "guid":
        return is_address(words) and str(link.get("isPermaLink", "true")).lower() != "false"
    return link.get("rel", "alternate") == "alternate" and "html" in (link.get("type") or "html")


def _json_feed(text: str, url: str) -> Feed | None:
    try:
        loaded = json.loads(text, strict=False)
    except (ValueError, RecursionError) as fault:
        raise UnreadableFeed(f"{url} is broken JSON; name another feed, or a site map.") from fault
    items = loaded.get("items")
    if "jsonfeed.org/version/" not in str(loaded.get("version")) or not isinstance(items, list):
        return None
    return _feed("JSON Feed", [_item(item, url) for item in _limited(items, url) if isinstance(item, dict)])


def _item(item: dict[str, object], url: str) -> tuple[str | None, str | None]:
    """The address of an item of a JSON Feed and the date of its last change as written."""
    texts = {key: value for key, value in item.items() if isinstance(value, str) and value}
    identity = texts.get("id", "")
    address = texts.get("url") or (identity if is_address(identity) else "")
    return normalised(address, url), texts.get("date_modified") or texts.get("date_published")


def _limited(entries: Iterable[_Entry], url: str) -> list[_Entry]:
    """The entries; UnreadableFeed where there are too many."""
    found = list(islice(entries, MAX_PAGES + 1))
    if len(found) > MAX_PAGES:
        raise UnreadableFeed(f"{url} lists more than {MAX_PAGES:,} pages; name a part of it.")
    return found


def _feed(kind: Kind, stated: Sequence[tuple[str | None, str | None]]) -> Feed:
    """A feed of addresses and dates; a page that is listed twice counts once, as it stands first."""
    entries: dict[str, FeedEntry] = {}
    for address, changed in stated:
        if address:
            entries.setdefault(address, FeedEntry(address, _iso(changed or "")))
    return Feed(kind, tuple(entries.values()), sum(not address for address, _ in stated))


def _iso(stated: str) -> str | None:
    """An ISO 8601 or RFC 822 date as a day or, where a time is stated, a time in UTC; None where it is neither.

    A time without a zone is taken to be in UTC.
    """
    text = stated.strip()[:80]
    with suppress(ValueError):
        return dt.date.fromisoformat(text).isoformat()
    for read in (dt.datetime.fromisoformat, parsedate_to_datetime):
        with suppress(ValueError, TypeError, IndexError, OverflowError):
            moment = read(text)
            utc = moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
            return utc.isoformat(timespec="seconds").replace("+00:00", "Z")
    return None
