"""Phrases that the page and the command line share."""

from __future__ import annotations

from rag.answer import Quote

_MOST_NAMED = 5  # copies


def also_in(quote: Quote) -> list[str]:
    """The articles that print the same story as a quote's: the first few by outlet or title, then how many more."""
    known = [(copy.outlet or copy.title, copy.published) for copy in quote.copies]
    names = list(dict.fromkeys(f"{name} ({published})" if published else name for name, published in known))
    more = len(names) - _MOST_NAMED
    return [*names[:_MOST_NAMED], f"{more} more"] if more > 1 else names


def one_or_many(count: int, noun: str, plural: str = "") -> str:
    """`one article`, `2,917 articles`."""
    return f"one {noun}" if count == 1 else f"{count:,} {plural or f'{noun}s'}"
