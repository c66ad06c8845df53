"""Filters, and the articles and passages that pass them."""

from __future__ import annotations

import calendar
import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from corpus.errors import PullquoteError
from corpus.folding import folded
from corpus.library.store import Library, NoSuchArticle
from index.dense.vector_index import Rows
from index.derived_table import DerivedTable
from index.lexical.spelling import plain

MOST_NAMED = 10_000  # outlets, authors, languages and articles, together
LONGEST_NAME = 1_000  # characters of one of them
_FACTS = "CREATE INDEX IF NOT EXISTS article_facts ON article (published, language, outlet, authors)"
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_DATED = "published GLOB '[0-9][0-9][0-9][0-9]*'"
_FIRST_DAY = "substr(published || substr('-01-01', length(published) - 3), 1, 10)"
_LAST_DAY = "substr(published || substr('-12-31', length(published) - 3), 1, 10)"  # every month has 31 days here
_LISTED = "(SELECT value FROM json_each(?))"


class BadFilter(PullquoteError):
    """A value of the filter says nothing; write dates as 2025-03-31, languages as en, and leave out what is empty."""

    status = 422


@dataclass(frozen=True, slots=True)
class Filter:
    """What an article must match; of several outlets, authors, languages or articles (ids), any one.

    `since` and `until` are days; a year or a month stands for its first or last day. An article passes if all days that
    its own date may mean are between them, and not without a date. Outlets and authors are compared whole, without case
    and accents; languages are ISO 639-1 codes.
    """

    since: str | None = None
    until: str | None = None
    outlet: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    article: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        named = (*self.outlet, *self.author, *self.language, *self.article)
        if len(named) > MOST_NAMED:
            raise BadFilter(f"The filter has {len(named):,} names; ask with at most {MOST_NAMED:,} at once.")
        for name in named:
            if len(name) > LONGEST_NAME:
                raise BadFilter(f"The name {name[:80]!r}… is longer than {LONGEST_NAME:,} characters; leave it out.")
        for date in (self.since, self.until):
            if date is not None:
                _days(date)
        for name in (*self.outlet, *self.author):
            if not _folded(name):
                raise BadFilter(f"The name {name[:80]!r} is empty; name an outlet or an author, or leave it out.")
        for code in self.language:
            if not re.fullmatch(r"[A-Za-z]{2}", code):
                raise BadFilter(f"The language {code[:80]!r} is no ISO 639-1 code; write two letters such as en or fr.")

    def __bool__(self) -> bool:
        dated = self.since is not None or self.until is not None
        return dated or any((self.outlet, self.author, self.language, self.article))


class FactIndex(DerivedTable):
    """An index over all columns that filters read: an article's row is as long as its text."""

    part = "filters"

    def prepare(self, library: Library) -> None:
        library.connection.execute(_FACTS)

    def check(self, library: Library) -> Iterator[str]:
        found = library.connection.execute("SELECT sql FROM sqlite_master WHERE name = 'article_facts'").fetchone()
        if found and found[0].partition(" ON ")[2] != _FACTS.partition(" ON ")[2]:
            yield "the index over articles' facts is of other facts than filters ask"

    def rebuild(self, library: Library) -> None:
        library.connection.execute("DROP INDEX IF EXISTS article_facts")
        self.prepare(library)


FACT_INDEX = FactIndex()


def passing_rows(library: Library, article_filter: Filter) -> Rows:
    """The rows of the passages whose articles pass, ascending; NoSuchArticle for an unknown article id."""
    articles, values = passing_query(library, article_filter)
    rows = library.connection.execute(f"SELECT row FROM passage WHERE article_id IN ({articles}) ORDER BY row", values)
    return np.fromiter((row for (row,) in rows), dtype=np.int64)


def passing_articles(library: Library, article_filter: Filter) -> list[str]:
    """The ids of the articles that pass, in the order of their titles; NoSuchArticle for an unknown article id."""
    articles, values = passing_query(library, article_filter)
    found = library.connection.execute(f"SELECT id FROM article WHERE id IN ({articles}) ORDER BY title, id", values)
    return [identity for (identity,) in found]


def passes(library: Library, article_filter: Filter, article_id: str) -> bool:
    """Whether the article of this id passes; NoSuchArticle where the filter names an unknown one."""
    articles, values = passing_query(library, article_filter)
    (is_passing,) = library.connection.execute(f"SELECT ? IN ({articles})", (article_id, *values)).fetchone()
    return bool(is_passing)


def passing_query(library: Library, article_filter: Filter) -> tuple[str, list[str]]:
    """The query for the ids of the articles that pass, and its values; NoSuchArticle."""
    if article_filter.article:
        _check_known(library, article_filter.article)
    asked: dict[str, str] = {}  # condition -> value
    if article_filter.since is not None:
        asked[f"{_DATED} AND {_FIRST_DAY} >= ?"] = _days(article_filter.since)[0].isoformat()
    if article_filter.until is not None:
        asked[f"{_DATED} AND {_LAST_DAY} <= ?"] = _month_of_31(_days(article_filter.until)[1])
    if article_filter.outlet:
        outlets = "SELECT DISTINCT outlet FROM article WHERE outlet IS NOT NULL"
        asked[f"outlet IN {_LISTED}"] = _spellings(library, outlets, article_filter.outlet)
    if article_filter.author:
        authors = "SELECT DISTINCT value FROM article, json_each(authors)"
        condition = f"EXISTS (SELECT 1 FROM json_each(authors) WHERE value IN {_LISTED})"
        asked[condition] = _spellings(library, authors, article_filter.author)
    if article_filter.language:
        asked[f"language IN {_LISTED}"] = json.dumps([code.lower() for code in article_filter.language])
    if article_filter.article:
        asked[f"id IN {_LISTED}"] = json.dumps(article_filter.article)
    return f"SELECT id FROM article WHERE {' AND '.join(asked) or 'TRUE'}", list(asked.values())


def _check_known(library: Library, ids: tuple[str, ...]) -> None:
    rows = library.connection.execute(f"SELECT id FROM article WHERE id IN {_LISTED}", (json.dumps(ids),))
    known = {identity for (identity,) in rows}
    for identity in ids:
        if identity not in known:
            raise NoSuchArticle(identity)


def _spellings(library: Library, known: str, wanted: Iterable[str]) -> str:
    """The names of the query `known` that equal a wanted one, as the library spells them; a JSON list."""
    folded = {_folded(name) for name in wanted}
    return json.dumps([name for (name,) in library.connection.execute(known) if _folded(name) in folded])


def _folded(name: str) -> str:
    """A name without case, accents, extra white space and signs that only look like others."""
    return " ".join(plain(folded(name)).casefold().split())


def _days(date: str) -> tuple[dt.date, dt.date]:
    """The first and the last day that a year, a month or a day covers; BadFilter."""
    written = _DATE.fullmatch(date)
    year, month, day = written.groups() if written else ("0", None, None)
    try:
        first = dt.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise BadFilter(
            f"The date {date[:80]!r} is no day of the calendar; write it as 2025-03-31, or as 2025-03 or 2025."
        ) from None
    if day:
        return first, first
    last = first if month else first.replace(month=12)
    return first, last.replace(day=calendar.monthrange(last.year, last.month)[1])


def _month_of_31(day: dt.date) -> str:
    """The day as `_LAST_DAY` writes it, with the last of a month as the 31st."""
    is_last = day.day == calendar.monthrange(day.year, day.month)[1]
    return day.isoformat()[:8] + "31" if is_last else day.isoformat()
