"""Checks of the SQLite file, the article rows and the offsets of the passages.

The rows may be damaged in any way, so no value is taken to be of the type that the schema gives.
"""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.article import Article, Passage, Span
from corpus.library.article_digest import has_digests, is_changed, unpaired
from corpus.library.store import Library, NoSuchArticle, Stored, is_span

_TEXT_COLUMNS = ("id", "title", "source", "url", "outlet", "published", "language", "sha256")
_REQUIRED = frozenset({"id", "title", "source"})


@dataclass(frozen=True, slots=True)
class Flaw:
    """Damage to an article, in words that follow its id."""

    article_id: str
    what: str

    def __str__(self) -> str:
        return f"{self.article_id} {self.what}"


def check_file(library: Library) -> Iterator[str]:
    """The damage that SQLite finds in the file, its tables and its indexes."""
    for (line,) in library.connection.execute("PRAGMA integrity_check"):
        if line != "ok":
            yield f"SQLite says: {' '.join(line.split())}"


def check_references(library: Library) -> Iterator[str]:
    """A sentence for each table that has rows without their article or passage."""
    for table, count in Counter(table for table, _ in orphaned(library)).items():
        yield f"{count:,} of the rows in {table} belong to nothing that is there"


def check_row_numbers(library: Library) -> Iterator[str]:
    """Whether the next passage gets a row number that none has had."""
    query = "SELECT (SELECT max(row) FROM passage), (SELECT seq FROM sqlite_sequence WHERE name = 'passage')"
    last, given = library.connection.execute(query).fetchone()
    if last is not None and not (isinstance(given, int) and given >= last):
        yield f"the next passage would get a row number up to {last:,} that another has"


def orphaned(library: Library) -> Iterator[tuple[str, int]]:
    """The table and number of each row whose article or passage does not exist."""
    for table, row, _, _ in library.connection.execute("PRAGMA foreign_key_check"):
        if row is not None:
            yield table, row


def check_articles(library: Library) -> Iterator[Flaw]:
    """The damage to the articles; one text is in memory at a time."""
    is_sealing = has_digests(library.connection)
    alone = dict(unpaired(library.connection)) if is_sealing else {}
    yield from (Flaw(*one) for one in alone.items())
    fields = ", ".join(f"CAST({name} AS BLOB)" for name in (*_TEXT_COLUMNS, "text", "authors", "origin"))
    for row in library.connection.execute(f"SELECT {fields} FROM article ORDER BY id"):
        identity = _decoded(row[0]) or repr(row[0])
        flaws = list(_row_flaws(row))
        if is_sealing and not flaws and identity not in alone and is_changed(library.connection, identity):
            flaws = ["is not as it was written"]
        yield from (Flaw(identity, what) for what in flaws)


def _row_flaws(row: Sequence[bytes | None]) -> Iterator[str]:
    """What is wrong with the fields of an article, without a look at its digest."""
    *facts, text, authors, origin = row
    for name, fact in zip(_TEXT_COLUMNS, facts, strict=True):
        if not fact and name in _REQUIRED:
            yield f"has no {name}"
        elif fact and (_decoded(fact) is None or b"\0" in fact):
            yield f"has a {name} that is not UTF-8 text"
    words = _decoded(text)
    yield from _text_flaws(words)
    if not _are_names(_decoded(authors)):
        yield "has authors that are not a list of names"
    if fault := _origin_fault(_decoded(origin), len(words or "")):
        yield f"has a way back to its source that {fault}"


def check_passages(library: Library) -> Iterator[Flaw]:
    """The articles without passages, and those whose passages are outside their text."""
    for (identity,) in library.connection.execute("SELECT id FROM article ORDER BY id"):
        query = "SELECT count(*) FROM passage WHERE article_id = ?"
        count = library.connection.execute(query, (identity,)).fetchone()[0]
        if wrong := len(misplaced(library, identity)):
            yield Flaw(identity, f"has {wrong:,} of its {count:,} passages where it has no text")
        elif not count:
            yield Flaw(identity, "has no passage")


def misplaced(library: Library, article_id: str) -> list[int]:
    """The rows of the article's passages that are outside its text."""
    query = "SELECT CAST(text AS BLOB) FROM article WHERE id = ?"
    found = library.connection.execute(query, (article_id,)).fetchone()
    length = len(_decoded(found[0]) or "") if found else 0
    spans = library.connection.execute('SELECT row, start, "end" FROM passage WHERE article_id = ?', (article_id,))
    return [row for row, start, end in spans if not is_span(start, end, length)]


def whole_passages(library: Library) -> Iterator[Stored]:
    """The passages that are inside their article's text, by row; one text is in memory at a time."""
    current, title, text = None, "", ""
    rows = library.connection.execute('SELECT row, article_id, start, "end" FROM passage ORDER BY row')
    for row, article_id, start, end in rows:
        if article_id != current:
            query = "SELECT CAST(title AS BLOB), CAST(text AS BLOB) FROM article WHERE id = ?"
            found = library.connection.execute(query, (article_id,)).fetchone() or (None, None)
            current, (title, text) = article_id, (_decoded(part) or "" for part in found)
        if is_span(start, end, len(text)):
            span = Span(start, end)
            yield Stored(row, Passage(article_id, title, span, span.cut(text)))


def readable(library: Library, article_id: str) -> Article | None:
    """The article, or None where there is none or its row is damaged."""
    try:
        return library.article_as_it_is(article_id)
    except (NoSuchArticle, ValueError, TypeError, KeyError, sqlite3.OperationalError):
        return None


def _decoded(data: bytes | None) -> str | None:
    """The text of these bytes, or None where they are not UTF-8."""
    try:
        return None if data is None else data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _text_flaws(text: str | None) -> Iterator[str]:
    if text is None:
        yield "has a text that is not UTF-8"
        return
    if not text.strip():
        yield "has no text"
    if "\0" in text:
        yield "has a NUL character in its text"
    if "\r" in text:
        yield "has line ends in its text that are not line feeds"
    if not unicodedata.is_normalized("NFC", text):
        yield "has a text that is not in the normal form NFC"


def _are_names(packed: str | None) -> bool:
    try:
        names = json.loads(packed or "")
    except ValueError:
        return False
    return isinstance(names, list) and all(isinstance(name, str) for name in names)


def _origin_fault(packed: str | None, length: int) -> str:
    """What is wrong with an article's origin, or an empty string; `length` is that of the text.

    A source that is no text, as a PDF's words, may be read in another order than it has.
    """
    try:
        fields = json.loads(packed or "")
        runs, pages, is_text = fields["runs"], fields["page_starts"], fields["is_text"]
        read = source_read = 0
        for start, end, source_start, source_end, copied in runs:
            if not read <= start < end <= length or not source_read <= source_start <= source_end:
                return "leads out of the text, or back and forth"
            if copied and end - start != source_end - source_start:
                return "copies more characters than there are"
            read, source_read = end, source_start if is_text else 0
        if list(pages) == sorted(pages) and all(type(page) is int for page in pages) and is_text in {True, False}:
            return ""
    except (ValueError, TypeError, KeyError):
        pass
    return "does not parse"
