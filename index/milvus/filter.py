"""A filter as an expression for Milvus, which passes the rows that `filters.passing_rows` passes."""

from __future__ import annotations

import json
import re

from corpus.library.store import Library
from index.filters import Filter, passing_query

_YEAR = re.compile("[0-9]{4}")
_UNDATED = ("", "~")  # sorts before the first day of any `since`, and after the last of any `until`


def expression(library: Library, article_filter: Filter | None) -> str:
    """The expression, empty where there is nothing to leave out; NoSuchArticle for an unknown article id."""
    if not article_filter:
        return ""
    # The values of the library's own query, in its order: names there are as the library spells them.
    _, values = passing_query(library, article_filter)
    asked = {
        'first >= "{}"': article_filter.since is not None,
        'last <= "{}"': article_filter.until is not None,
        "outlet in {}": bool(article_filter.outlet),
        "ARRAY_CONTAINS_ANY(authors, {})": bool(article_filter.author),
        "language in {}": bool(article_filter.language),
        "article in {}": bool(article_filter.article),
    }
    conditions = [condition for condition, is_asked in asked.items() if is_asked]
    if "[]" in values:
        return "row < 0"  # of no passage
    return " and ".join(one.format(_unescaped(value)) for one, value in zip(conditions, values, strict=True))


def days(published: str | None) -> tuple[str, str]:
    """The first and the last day that a date may mean, as `filters` compares them: every month has 31 days."""
    if published is None or not _YEAR.match(published):
        return _UNDATED
    missing = len(published) - 4  # of "-01-01", what the date says itself
    return (published + "-01-01"[missing:])[:10], (published + "-12-31"[missing:])[:10]


def _unescaped(value: str) -> str:
    """A JSON list with its letters as they are; a date as it is."""
    return json.dumps(json.loads(value), ensure_ascii=False) if value.startswith("[") else value
