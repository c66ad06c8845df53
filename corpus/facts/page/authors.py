"""The authors of a page: of its structured data, its meta tags and the elements that show a byline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from corpus.facts.byline_words import ACCOUNTS, AGENCIES, BODIES, ROLES, STOPS
from corpus.facts.names import people
from corpus.facts.page.byline_elements import shown_bylines
from corpus.facts.page.identity import Identity
from corpus.facts.page.json_ld import JsonLd, Record

if TYPE_CHECKING:
    from lxml.etree import _Element

_META = """
author article:author og:author og:article:author authors byl byline parsely-author sailthru.author dc.creator
dc:creator dcterms.creator dc.contributor.author citation_author citation_authors creator rbauthors
article.author article_author author_name shareaholic:article_author_name cxenseparse:author atc-metaauthor
dcsext.author lp.article:author mediator_author vr:author hdl_author
""".split()


_WRITTEN = re.compile(
    "written|verfasst|geschrieben|écrit|rédigé|escrito|scritto|author|autor|auteur|geschreven|napis", re.IGNORECASE
)


def page_authors(tree: _Element, page: Identity, records: JsonLd, outlet: Iterable[str]) -> tuple[str, ...]:
    """The authors that a page states, without its outlet's name.

    What it shows as a byline counts more than its data where these name others.
    """
    outlets = {_letters(name) for name in outlet}
    data = next(filter(None, (_of_record(record, records) for record in records.own[:5])), ())
    meta = _without(_of_meta(page), outlets)
    shown = [one for byline in shown_bylines(tree) if (one := _without(byline.names, outlets))]
    if not data and not meta and not shown:
        return next(filter(None, (_of_record(record, records) for record in records.unknown[:1])), ())
    return _chosen(data, meta, shown)


def _without(names: Iterable[str], outlets: set[str]) -> tuple[str, ...]:
    return tuple(name for name in names if _letters(name) not in outlets)


def _chosen(data: tuple[str, ...], meta: tuple[str, ...], shown: list[tuple[str, ...]]) -> tuple[str, ...]:
    """The fullest list that agrees with what is shown, else what is shown, else what the data say."""
    stated = max((data, meta), key=len) if _agree(data, meta) else data or meta
    if not shown or not stated:
        return stated or (shown[0] if shown else ())
    agreeing = next((names for names in shown if _agree(names, stated)), None)
    if agreeing is None:
        return shown[0]
    if len(agreeing) <= len(stated):
        return tuple(_fuller(name, agreeing) for name in stated)
    return tuple(_fuller(name, stated) for name in agreeing)


def _agree(names: Iterable[str], others: Iterable[str]) -> bool:
    return any(_is_same(one, other) for one in names for other in others)


def _fuller(name: str, others: Iterable[str]) -> str:
    """A name as the longest of the others that has all its words."""
    return max((name, *(other for other in others if _is_same(name, other))), key=lambda one: len(one.split()))


def _is_same(one: str, other: str) -> bool:
    """Whether two names may be one person's: equal, or all words of the one in the other."""
    words, others = set(one.casefold().split()), set(other.casefold().split())
    return words <= others or others <= words


def _of_record(record: Record, records: JsonLd) -> tuple[str, ...]:
    """The persons that a record names as authors; bodies are none."""
    names: list[str] = []
    value = record.get("author") or record.get("creator")
    publisher = records.resolved(record.get("publisher"))
    is_body = isinstance(publisher, Mapping) and "person" not in str(publisher.get("@type")).lower()
    outlet = _letters(str(publisher.get("name"))) if isinstance(publisher, Mapping) and is_body else ""
    for item in (value if isinstance(value, list) else [value])[:50]:
        person = records.resolved(item)
        if isinstance(person, Mapping):
            kinds = str(person.get("@type") or "Person").lower()
            if "person" not in kinds and "profilepage" not in kinds:
                continue
            given = person.get("name") or " ".join(
                str(person[key]) for key in ("givenName", "additionalName", "familyName") if person.get(key)
            )
            for name in (given if isinstance(given, list) else [given])[:10]:
                names += _person(name)
        else:
            names += _person(person)
    return tuple(name for name in dict.fromkeys(names) if _letters(name) != outlet)


def _person(name: object) -> tuple[str, ...]:
    if not isinstance(name, str) or re.match(r"\s*(?:https?:)?//", name):
        return ()
    return people(name, pen_names=True) or _as_stated(name)


def _as_stated(name: str) -> tuple[str, ...]:
    """A person's name that is not written as names are, such as "Ada quill"."""
    words = name.split()
    known = {word.lower().strip(".,") for word in words} & (STOPS | ROLES | BODIES | AGENCIES | ACCOUNTS)
    is_name = len(words) in (2, 3) and all(map(str.isalpha, words)) and words[0][0].isupper() and not known
    return (" ".join(words),) if is_name else ()


def _of_meta(page: Identity) -> tuple[str, ...]:
    labels = zip(page.meta.get("twitter:label1", ()), page.meta.get("twitter:data1", ()), strict=False)
    written = [people(value) for label, value in labels if _WRITTEN.match(label)]
    for name in _META:
        values = [one for one in page.meta.get(name, ())[:50] if not re.match(r"(?:https?:)?//|www\.|/", one)]
        found = tuple(dict.fromkeys(found for value in values for found in people(value)))
        if found:
            return found
    return next(filter(None, written), ())


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
