"""The JSON-LD of a page: the record of this page's own article among those of teasers, sites and breadcrumbs."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from corpus.facts.page.identity import Identity, plain_address

_SCRIPT = re.compile(r"<script[^>]{0,300}application/(?:[a-z.+-]{0,20}ld\+)json[^>]{0,300}>", re.IGNORECASE)
_SCRIPT_END = re.compile("</script", re.IGNORECASE)
_COMMENT = re.compile(
    r"^\s*(?:<!--|<!\[CDATA\[|//<!\[CDATA\[|/\*<!\[CDATA\[\*/)|(?:-->|//\]\]>|/\*\]\]>\*/|\]\]>)\s*;?\s*$"
)
_LOOSE_COMMA = re.compile(r",(?=\s{0,200}[}\]])")
_ARTICLE_TYPE = re.compile(r"article|posting|report|review$|recipe|episode", re.IGNORECASE)
_PAGE_TYPE = re.compile(
    r"webpage|itempage|creativework|videoobject|thesis|chapter|book|podcast|question|howto", re.IGNORECASE
)
_MOST_SCRIPTS = 30
_MOST_RECORDS = 500
_INSIDE = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "hasPart")
_ENOUGH = 0.48  # likeness of a headline and a title of one article: six words in ten are the same
_CERTAIN = 0.8  # likeness from which on an address that differs does not matter
_LEAST = 12  # letters of a headline that is a part of a title, or the other way round

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class JsonLd:
    """The records of a page: those of its own article, best first, and all that have an `@id`."""

    own: tuple[Record, ...] = ()
    unknown: tuple[Record, ...] = ()  # articles that neither an address nor a headline ties to any page
    by_id: Mapping[str, Record] = field(default_factory=dict)
    others: tuple[Record, ...] = ()

    def by_type(self, kind: str) -> list[Record]:
        """The records of a type that are no articles, such as that of the site."""
        return [record for record in self.others if kind in _strings(record.get("@type"))]

    def resolved(self, value: object) -> object:
        """A value, or the record that its `@id` refers to."""
        reference = value.get("@id") if isinstance(value, Mapping) and len(value) <= 2 else value
        if isinstance(reference, str) and reference in self.by_id:
            return self.by_id[reference]
        return value


def json_ld(source: str, page: Identity) -> JsonLd:
    """The JSON-LD of a page's source; scripts that cannot be read are passed over."""
    records = [*_of_parsely(page)]
    records += list(
        islice(
            (record for script in islice(_scripts(source), _MOST_SCRIPTS) for record in _records(_loaded(script))),
            _MOST_RECORDS,
        )
    )
    ranked = [(_rank(record, page), record) for record in records]
    own = sorted((one for one in ranked if one[0] > 0), key=lambda one: -one[0])
    by_id: dict[str, Record] = {}
    for record in records:
        if isinstance(record.get("@id"), str) and len(record) > len(by_id.get(record["@id"], ())):
            by_id[record["@id"]] = record
    unknown = tuple(record for rank, record in ranked if rank == 0)
    others = tuple(record for rank, record in ranked if rank < 0)
    return JsonLd(tuple(record for _, record in own), unknown, by_id, others)


def _of_parsely(page: Identity) -> Iterator[Record]:
    """The record that a meta tag of Parse.ly holds, in the words of schema.org."""
    for content in page.meta.get("parsely-page", ())[:1]:
        record = _loaded(content)
        if isinstance(record, Mapping):
            names = record.get("authors") or record.get("author")
            yield {
                "@type": "Article",
                "headline": record.get("title"),
                "url": record.get("link"),
                "author": names,
                "datePublished": record.get("pub_date"),
            }


def _scripts(source: str) -> Iterator[str]:
    for opening in _SCRIPT.finditer(source):
        closing = _SCRIPT_END.search(source, opening.end())
        if closing is None:
            return
        yield source[opening.end() : closing.start()]


def _loaded(script: str) -> object:
    """What a script holds; None where it is no JSON even without comments and loose commas."""
    text = script.strip()
    for _ in range(2):
        text = _COMMENT.sub("", text).strip()
    for form in (text, html.unescape(text), _LOOSE_COMMA.sub("", text), _LOOSE_COMMA.sub("", html.unescape(text))):
        try:
            return json.JSONDecoder(strict=False).raw_decode(form.lstrip("\ufeff").rstrip("; \n"))[0]
        except (ValueError, RecursionError):
            continue
    return None


def _records(loaded: object) -> Iterator[Record]:
    """The records in a value, those of a graph or of a list too."""
    waiting: list[tuple[object, int]] = [(loaded, 0)]
    while waiting:
        value, depth = waiting.pop(0)
        if depth > 6:
            continue
        if isinstance(value, list):
            waiting += [(item, depth + 1) for item in value[:_MOST_RECORDS]]
        elif isinstance(value, Mapping):
            yield value
            waiting += [(value[key], depth + 1) for key in _INSIDE if isinstance(value.get(key), list | Mapping)]


def _rank(record: Record, page: Identity) -> float:
    """How surely a record is the page's own article; 0 where nothing ties it to a page, negative for another's."""
    kinds = " ".join(_strings(record.get("@type")))
    is_article = _ARTICLE_TYPE.search(kinds) is not None
    if not is_article and not _PAGE_TYPE.search(kinds):
        return -1
    stated = list(_addresses(record))
    addresses = {plain_address(one) for one in stated} - {""}
    paths = [one.rstrip("/").lower() for one in stated if one.startswith("/") and len(one) > 2]
    addresses |= {known for known in page.addresses for path in paths if known.endswith(path)}
    headlines = [one for key in ("headline", "name", "alternativeHeadline") for one in _strings(record.get(key))]
    score = 0.0
    if addresses & page.addresses:
        score += 4
    likeness = max((_likeness(one, title) for one in headlines[:4] for title in page.titles[:20]), default=0.0)
    is_elsewhere = bool(addresses and page.addresses) and not score
    if likeness >= (_CERTAIN if is_elsewhere else _ENOUGH):
        score += 2 + likeness
    if not score:
        can_differ = (headlines and page.titles) or (addresses and page.addresses)
        is_untied = is_article and not can_differ
        return 0 if is_untied else -1
    return score - is_elsewhere + 2 * is_article + bool(record.get("author")) + bool(record.get("datePublished"))


def _addresses(record: Record) -> Iterator[str]:
    for key in ("url", "mainEntityOfPage", "@id"):
        value = record.get(key)
        if isinstance(value, Mapping):
            yield from (one for inner in ("@id", "url") for one in _strings(value.get(inner)))
        yield from _strings(value)


def _likeness(headline: str, title: str) -> float:
    """1 for the same words, more than `_CERTAIN` where one holds the other, else the share of words in common, less."""
    one, other = _letters(headline), _letters(title)
    if not one or not other:
        return 0.0
    shorter, longer = sorted((one, other), key=len)
    if shorter == longer or (shorter in longer and len(shorter) >= _LEAST):
        return _CERTAIN + (1 - _CERTAIN) * len(shorter) / len(longer)
    words, known = set(_words(headline)), set(_words(title))
    return _CERTAIN * len(words & known) / len(words) * 0.99 if len(words) > 2 else 0.0


def _letters(text: str) -> str:
    return "".join(char for char in html.unescape(text[:500]).casefold() if char.isalnum())


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", html.unescape(text[:500]).casefold())


def _strings(value: object) -> list[str]:
    return [item for item in (value if isinstance(value, list) else [value])[:20] if isinstance(item, str)]
