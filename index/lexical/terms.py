"""The terms of texts, by the tokenizer of the word index, in a database in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager

from index.lexical.word_table import TOKENIZER, plain_letters

_SCHEMA = (
    f"CREATE VIRTUAL TABLE document USING fts5 (text, content = '', tokenize = '{TOKENIZER}')",
    "CREATE VIRTUAL TABLE term USING fts5vocab (document, row)",
    "CREATE VIRTUAL TABLE place USING fts5vocab (document, instance)",
)


@contextmanager
def tokenized(texts: Iterable[tuple[int, str]]) -> Iterator[sqlite3.Connection]:
    """Tables `term` (term, cnt) and `place` (term, doc, offset) of numbered texts in plain letters, in one order."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for statement in _SCHEMA:
            connection.execute(statement)
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO document (rowid, text) VALUES (?, ?)", texts)
        yield connection


def stems(texts: Sequence[str]) -> list[list[str]]:
    """The words of each text in their order, as the word index has them: in plain letters, stemmed."""
    found: list[list[str]] = [[] for _ in texts]
    with tokenized((number, plain_letters(text)) for number, text in enumerate(texts)) as connection:
        for number, word in connection.execute("SELECT doc, term FROM place ORDER BY doc, offset"):
            found[number].append(word)
    return found
