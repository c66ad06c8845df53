"""What is kept in the library file beside articles and passages."""

from __future__ import annotations

from corpus import seen, seen_pages
from corpus.store import Library
from index import copies, dense, filters, lexical, spelling


def prepare(library: Library) -> None:
    """Makes every table and index that is not there yet."""
    for table in (dense, lexical, spelling, filters, seen, seen_pages, copies):
        table.prepare(library)
