"""Everything that is derived from articles and passages, in one list."""

from __future__ import annotations

from corpus.library.store import Library
from corpus.sync.file_state import FILES
from corpus.sync.page_state import PAGES
from index.dense.snapshot import SNAPSHOT
from index.dense.vector_table import VECTORS
from index.derived_table import DerivedTable, PassageTable
from index.filters import FACT_INDEX
from index.lexical.bm25 import POSTINGS
from index.lexical.spelling import SPELLING
from index.lexical.word_table import WORDS
from index.near_duplicates.sketches import SKETCHES
from index.passage_digest import PASSAGE_DIGESTS

TABLES: tuple[DerivedTable, ...] = (VECTORS, PASSAGE_DIGESTS, WORDS, SPELLING, FACT_INDEX, SKETCHES, SNAPSHOT, POSTINGS)
STAGED = tuple(table.staged() for table in TABLES if isinstance(table, PassageTable))  # what a reindex fills
SOURCE_STATES = (FILES, PAGES)  # how files and pages were when they were last read


def prepare(library: Library) -> None:
    """Makes every table and index that is not there yet."""
    for table in TABLES:
        table.prepare(library)
    for state in SOURCE_STATES:
        state.prepare(library)
