"""The day on which a page says that its article was published."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from corpus.facts.dates import Kind, StatedDate, dates_in, day_first_in, day_in_address, is_bare, possible_days
from corpus.facts.names import byline
from corpus.facts.page.elements import attributes, lines_of_element, walk
from corpus.facts.page.identity import Identity
from corpus.facts.page.json_ld import JsonLd

if TYPE_CHECKING:
    from lxml.etree import _Element

_META = """
article:published_time article:published og:article:published_time og:published_time datepublished
article.published article:publicationdate rnews:datepublished originalpublicationdate parsely-pub-date
sailthru.date pubdate pub_date publishdate publish-date publish_date published-date publisheddate
publication_date publication-date published published_at published_time date_published bt:pubdate dc.date.issued
dcterms.issued dcterms.created dc.date.created dcterms.available citation_publication_date citation_online_date
cxenseparse:recs:publishtime cxenseparse:publishtime article_date_original shareaholic:article_published_time
iso-8601-publish-date ptime firstpublished displaydate article:post_date rbpubdate gentime artikel:published
datecreated article:created created date.created
""".split()
_META_UNCLEAR = """
date dc.date dc:date dcterms.date citation_date dat sailthru.pubdate timestamp release_date eprints.date
prism.publicationdate
""".split()
_PUBLISHED_MARK = re.compile(
    r"publi|posted|created|issued|entry-?date|datepublished|erstell|veroeff|pubdate|first-?pub|original", re.IGNORECASE
)
_OTHER_MARK = re.compile(
    r"updat|modif|edit(?:ed)|revis|last|aktualis|geaend|expire|event|start|end-?date|deadline|copyright|current|today"
    r"|now|clock",
    re.IGNORECASE,
)
_DATE_MARK = re.compile(
    r"date|time(?!line)|datum|fecha|by-?line|(?:^|[\s_-])meta|dateline|posted|publish|pubdate|entry-?(?:info|meta)"
    r"|article-?info|stamp",
    re.IGNORECASE,
)
_MOST_ELEMENTS = 60_000
_MOST_READ = 1_000  # elements in which dates are read
_MOST_CANDIDATES = 200
_LONGEST = 300  # characters of an element that shows a date
_NEAR = 1_500  # characters of text after the heading in which an unmarked date is the article's
_LONGEST_BYLINE = 120
_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d")
_CLOCK = re.compile(r"\d\d?[:.]\d\d(?:\s?[ap]m|\s?uhr)?|\bam\b|\bon\b", re.IGNORECASE)
_PLACE = re.compile(
    r"(?:(?![a-zß-öø-ÿ])[^\W\d_])[\w.'’-]{2,20}(?: (?:(?![a-zß-öø-ÿ])[^\W\d_])[\w.'’-]{2,20})?(?:\W{1,8}[A-Z]{2,4})?"
)
_NUMBERS = re.compile(r"(?<![\d/])(\d\d?)/(\d\d?)/(?:19|20)\d\d(?!\d)")


def page_published(tree: _Element, page: Identity, records: JsonLd, addresses: list[str]) -> str | None:
    """The ISO date of publication; None where the page names none, or only one of an update.

    `addresses` are those of the page, whose path may hold the day.
    """
    known = {day for address in addresses if (day := day_in_address(address))}
    shown = list(islice(_shown(tree), _MOST_CANDIDATES))
    others = {day for one in shown if one.kind == "other" for day in one.days}
    named = [
        possible_days(one.get(key)) for one in records.own[:5] for key in ("datePublished", "dateCreated", "uploadDate")
    ]
    named += [possible_days(value) for name in _META for value in page.meta.get(name, ())[:3]]
    named += _only(_of_microdata(tree))
    named += [one.days for one in shown if one.kind == "published"]
    unclear = [possible_days(value) for name in _META_UNCLEAR for value in page.meta.get(name, ())[:3]]
    named += [days for days in unclear if not set(days) & others]
    named += [(day,) for day in sorted(known)[:1]]
    plain = [one.days for one in shown if not one.kind]
    named += plain[:1] if not set(plain[0] if plain else ()) & others else []
    named += [possible_days(one.get("datePublished")) for one in records.unknown[:1]]
    certain = known | {days[0] for days in (*named, *plain) if len(days) == 1}
    day_first = day_first_in(page.language)
    if day_first is None:
        day_first = _order(tree)
    return next(filter(None, (_settled(days, certain, day_first) for days in named)), None)


def _of_microdata(tree: _Element) -> Iterator[tuple[str, ...]]:
    """The days that properties called `datePublished` give, wherever on the page they stand."""
    for element in islice(tree.iter(), _MOST_ELEMENTS):
        name = element.get("itemprop") or element.get("property") or ""
        if name and "datepublished" in name.lower():
            value = (
                element.get("datetime")
                or element.get("content")
                or " ".join(lines_of_element(element, _LONGEST, keep=True))
            )
            yield possible_days(value)


def _only(days: Iterator[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """These days where all are the same, else none: a page that lists others has several."""
    distinct = set(filter(None, days))
    return list(distinct) if len(distinct) == 1 else []


def _settled(days: tuple[str, ...], certain: set[str], day_first: bool | None) -> str | None:
    """The day of a date that may be two, where another date of the page or its language tells which."""
    if len(days) < 2:
        return days[0] if days else None
    agreeing = [day for day in days if day in certain]
    if len(agreeing) == 1:
        return agreeing[0]
    return None if day_first is None else days[0] if day_first else days[1]


def _order(tree: _Element) -> bool | None:
    """Whether the page writes its numbers with the day first, by those that can be only one day."""
    text = " ".join(islice((piece for piece in tree.itertext() if "/" in piece and len(piece) < 2_000), 500))
    orders = {int(one) > 12 for one, two in _NUMBERS.findall(text) if (int(one) > 12) != (int(two) > 12)}
    return orders.pop() if len(orders) == 1 else None


def _shown(tree: _Element) -> Iterator[StatedDate]:
    """The dates that the article's own elements show, marked or near the heading, with what these call them."""
    heading = next((element for element in tree.iter("h1", "h2") if isinstance(element.tag, str)), None)
    distance = 0  # characters of text after the heading
    before: list[StatedDate] = []  # what stands shortly before the heading
    is_past = False
    read = 0
    for element in walk(tree):
        is_past = is_past or element is heading
        if read < _MOST_READ and (found := list(_of_element(element))):
            read += 1
        else:
            found = []
        for one, is_marked in found:
            if one.kind or is_marked or (is_past and distance < _NEAR):
                yield one
            elif not is_past:
                before = [*before[-2:], one]
        if is_past:
            distance += len((element.text or "").strip()) + len((element.tail or "").strip())
    yield from before[-1:]


def _of_element(element: _Element) -> Iterator[tuple[StatedDate, bool]]:
    """The dates in an element's own words or attributes, and whether its marks call it a date."""
    marks = attributes(element)
    is_time = element.tag in ("time", "relative-time", "time-ago") or (
        element.tag == "abbr" and bool(element.get("title"))
    )
    value = (
        element.get("datetime")
        or element.get("content")
        or element.get("data-datetime")
        or (element.get("title") if is_time else "")
        or ""
    )
    is_marked = is_time or _DATE_MARK.search(marks) is not None
    days = possible_days(value) if is_marked and element.tag != "meta" else ()
    own = [element.text or "", *(child.tail or "" for child in element)]
    if not days and not any(_YEAR.search(text) for text in own if len(text) < _LONGEST):
        return
    lines = [line for line in lines_of_element(element, _LONGEST, keep=element.tag == "time") if _YEAR.search(line)]
    label = _text_before(element)
    read = [
        (one, is_bare(line, dates) or _is_byline(line, one))
        for line in lines[:4]
        for dates in [dates_in(line)]
        for one in dates
    ]
    if days:
        kinds = {one.kind for one, _ in read} | {one.kind for one in dates_in(f"{label} 1 January 2000")}
        yield (
            StatedDate(
                days,
                _kind(kinds, f"{marks} {attributes(parent)}" if (parent := element.getparent()) is not None else marks),
                0,
                0,
            ),
            True,
        )
        return
    for one, is_alone in read:
        kind = one.kind or next((two.kind for two in dates_in(f"{label} 1 January 2000")), "")
        if is_alone or kind:
            yield (
                StatedDate(one.days, _kind({kind}, marks) if is_alone else "other" if kind == "other" else "", 0, 0),
                is_marked and is_alone,
            )


def _kind(labels: set[Kind], marks: str) -> Kind:
    """What labels, or else the marks of the element, call a date."""
    if "other" in labels or "published" in labels:
        return "other" if "other" in labels else "published"
    if _PUBLISHED_MARK.search(marks):
        return "published"
    return "other" if _OTHER_MARK.search(marks) else ""


def _is_byline(line: str, date: StatedDate) -> bool:
    """Whether what stands beside a date in a line is a byline or the name of a place, and nothing else."""
    rest = f"{line[: date.start]} | {line[date.end :]}"
    words = " ".join(_CLOCK.sub(" ", rest).split()).strip(" |,;·•-–—")
    return len(line) <= _LONGEST_BYLINE and (byline(words).is_whole or _PLACE.fullmatch(words) is not None)


def _text_before(element: _Element) -> str:
    """The words before an element in its parent: its label, where it has one."""
    before = element.getprevious()
    parent = element.getparent()
    text = (before.tail if before is not None else parent.text if parent is not None else "") or ""
    if before is not None and not text.strip() and isinstance(before.tag, str):
        text = " ".join(islice(before.itertext(), 5))
    return " ".join(text.split())[-40:]
