"""What is kept in the library file beside articles and passages."""

from __future__ import annotations

from corpus.library.store import Library
from corpus.sync import file_state, page_state
from index import filters
from index.dense import dense
from index.lexical import lexical, spelling
from index.near_duplicates import sketches


def prepare(library: Library) -> None:
    """Makes every table and index that is not there yet."""
    for table in (dense, lexical, spelling, filters, file_state, page_state, sketches):
        table.prepare(library)
