"""The other articles that print a quote's story, as a person reads of them."""

from __future__ import annotations

from rag.answer import Quote, SyndicatedCopy

_MOST = 5  # that are named


def also_in(quote: Quote) -> list[str]:
    """Their outlets with their dates, the earliest first; of many the first few, and how many more there are."""
    names = list(dict.fromkeys(map(_name, quote.copies)))
    more = len(names) - _MOST
    return [*names[:_MOST], f"{more} more"] if more > 1 else names


def _name(copy: SyndicatedCopy) -> str:
    """The outlet, or the title where it is not known, with the date."""
    name = copy.outlet or copy.title
    return f"{name} ({copy.published})" if copy.published else name
