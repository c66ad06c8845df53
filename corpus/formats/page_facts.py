"""The facts of a web page: from its structured data and, where these are missing, from its meta tags and headings."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from corpus.draft import SourceFacts
from corpus.formats.facts import iso_date, people, stated

if TYPE_CHECKING:
    from trafilatura.settings import Document

_T = TypeVar("_T")
_JSON_LD = re.compile(r"<script[^>]{0,200}application/ld\+json[^>]{0,200}>", re.IGNORECASE)
_SCRIPT_END = re.compile("</script", re.IGNORECASE)
_JSON_LD_KEYS = ("headline", "author", "datePublished", "publisher", "url")
_ARTICLE_TYPE = re.compile(r"article|posting|report", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]{0,200}>(.{1,500}?)</title", re.IGNORECASE | re.DOTALL)
_OG_TITLE = re.compile(r"[\"']og:title[\"']", re.IGNORECASE)
_SUFFIX = re.compile(r"\s+[|–—·:»-]\s+(?P<outlet>[^|–—·»]{2,60})$")


def page_facts(document: Document, source: str, url: str | None) -> SourceFacts:
    """The facts in the page's structured data and, where these are missing, in its meta tags and headings."""
    outlet = document.sitename
    title = _title(document.title, source, outlet)
    names = [name for part in (document.author or "").split(";") for name in people(part) or (part.strip(),) if name]
    tags = SourceFacts(
        authors=tuple(dict.fromkeys(names)),
        outlet=None if outlet == document.hostname else outlet,
        published=iso_date(document.date),
        url=document.url,
    )
    return SourceFacts(title=title, url=url).or_else(_json_ld(source)).or_else(tags)


def _title(heading: str | None, source: str, outlet: str | None) -> str | None:
    """The heading that trafilatura chose, unless the page's title lacks it; without the outlet's name."""
    match = _TITLE.search(source)
    own = " ".join(html.unescape(match[1]).split()) if match else ""
    if heading and (not own or _OG_TITLE.search(source) or heading.casefold() in own.casefold()):
        suffix = _SUFFIX.search(heading)
        is_outlet = suffix and outlet and suffix["outlet"].casefold() in outlet.casefold()
        return heading[: suffix.start()] if suffix and is_outlet else heading
    return _SUFFIX.sub("", own) or heading


def _json_ld(source: str) -> SourceFacts:
    """The facts of the first article described in the page's JSON-LD."""
    for script in islice(_scripts(source), 20):
        try:
            loaded = json.loads(html.unescape(script) if "&quot;" in script else script, strict=False)
        except (ValueError, RecursionError):
            continue
        for record in _records(loaded):
            if _ARTICLE_TYPE.search(" ".join(_listed(record.get("@type"), str))):
                named = {key: value for key, value in record.items() if key in _JSON_LD_KEYS}
                return replace(stated(named), language=None)
    return SourceFacts()


def _scripts(source: str) -> Iterator[str]:
    for opening in _JSON_LD.finditer(source):
        closing = _SCRIPT_END.search(source, opening.end())
        if closing is None:
            return
        yield source[opening.end() : closing.start()]


def _records(loaded: object) -> Iterator[dict[str, object]]:
    for item in _listed(loaded, dict):
        yield item
        yield from _listed(item.get("@graph"), dict)


def _listed(value: object, kind: type[_T]) -> list[_T]:
    """The values of a type: the value itself, or those in it where it is a list."""
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, kind)]
