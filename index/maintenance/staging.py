"""Staged tables: passages and what is derived of them beside those in use, whose place they take in one transaction.

No search reads staged tables. When an article goes, its staged rows go by reference; a trigger keeps its text until its
words have been removed too, as the word index has no copy of the text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict

from corpus.article import Article, Passage, Span
from corpus.errors import PullquoteError
from corpus.library.schema import STAGED_GOES
from corpus.library.store import PASSAGES, Library, Stored
from index.chunked import ChunkedArticle
from index.dense.rows import last_row
from index.dense.vector_table import VECTORS
from index.derived_table import Encoded, NewPassages
from index.encoder.encoder import Embeddings
from index.manifest import Manifest, manifest_in, record, recorded
from index.tables import STAGED

_KEY = "staged"  # of the library's state: how what is staged is made
_READ_AT_ONCE = 500  # ids

_SCHEMA = f"""
{PASSAGES.format(name="staged_passage")};
CREATE TABLE staged_article (id TEXT PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE) WITHOUT ROWID;
CREATE TABLE staged_gone (id TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, places TEXT NOT NULL);
{STAGED_GOES}
"""


class Overtaken(PullquoteError):
    """Another process has finished what was being staged, or stages something else; `pullquote status` tells."""

    def __init__(self, library: Library) -> None:
        super().__init__(
            f"Another process has meanwhile finished reindexing {library.path}, or is reindexing it to something else; "
            "`pullquote status` says how it stands."
        )


def staged(library: Library) -> Manifest | None:
    """The manifest of what is staged, or None where nothing is."""
    with suppress(ValueError):
        return manifest_in(library.state(_KEY) or "")
    return None


def begin(library: Library, manifest: Manifest) -> None:
    """Makes the staged tables; goes on with those of the same manifest, and drops those of another."""
    with library.transaction():
        if staged(library) == manifest and all(table.is_there(library) for table in STAGED):
            return
        _discard(library)
        library.make(_SCHEMA)
        for table in STAGED:
            table.create(library)
        library.set_state(_KEY, json.dumps(asdict(manifest)))


def discard(library: Library) -> None:
    if staged(library):
        with library.transaction():
            _discard(library)


def counts(library: Library, manifest: Manifest) -> tuple[int, int]:
    """How many articles are staged as the manifest says, and how many passages of them."""
    if staged(library) != manifest:
        return 0, 0
    query = "SELECT (SELECT count(*) FROM staged_article), (SELECT count(*) FROM staged_passage)"
    articles, passages = library.connection.execute(query).fetchone()
    return articles, passages


def passages_to_replace(library: Library, manifest: Manifest) -> int:
    """How many passages in use are of articles that are not staged as the manifest says."""
    unstaged = "WHERE article_id NOT IN (SELECT id FROM staged_article)" if staged(library) == manifest else ""
    count: int = library.connection.execute(f"SELECT count(*) FROM passage {unstaged}").fetchone()[0]
    return count


def missing(library: Library, manifest: Manifest) -> Iterator[str]:
    """The ids of the articles that are not staged as the manifest says, ascending; they may be staged meanwhile."""
    unstaged = "AND id NOT IN (SELECT id FROM staged_article)" if staged(library) == manifest else ""
    query = f"SELECT id FROM article WHERE id > ? {unstaged} ORDER BY id LIMIT {_READ_AT_ONCE}"
    last = ""
    while found := library.connection.execute(query, (last,)).fetchall():
        last = found[-1][0]
        yield from (identity for (identity,) in found)


def by_digest(library: Library, manifest: Manifest, digests: Iterable[bytes]) -> dict[bytes, Embeddings]:
    """The embeddings of texts by the manifest's encoder: those that are staged, and those in use if it made them."""
    wanted = set(digests)
    known = VECTORS.staged().by_digest(library, wanted) if staged(library) == manifest else {}
    built = recorded(library)
    if built and built.encoder == manifest.encoder:
        known |= VECTORS.by_digest(library, wanted - known.keys())
    return known


def check(library: Library, manifest: Manifest) -> None:
    """Nothing where what is staged is of this manifest still, else Overtaken; inside a transaction."""
    if staged(library) != manifest:
        raise Overtaken(library)


def forget_gone(library: Library) -> None:
    """Removes the words of articles that went after they had been staged; inside a transaction."""
    query = "SELECT rowid, id, title, text, places FROM staged_gone LIMIT 1"
    while one := library.connection.execute(query).fetchone():
        number, identity, title, text, places = one
        spans = [(row, Span(start, end)) for row, start, end in json.loads(places)]
        stored = [Stored(row, Passage(identity, title, span, span.cut(text))) for row, span in spans]
        for table in STAGED:
            table.forget(library, identity, stored)
        library.connection.execute("DELETE FROM staged_gone WHERE rowid = ?", (number,))


def stage(library: Library, one: ChunkedArticle, encoded: Encoded) -> int:
    """How many passages were staged; none if the article has changed or is staged already. Inside a transaction."""
    article = one.article
    if not _is_missing(library, article):
        return 0
    last = last_row(library)  # no row number is used twice: staged passages share those in use
    _use_up_rows(library, last + len(one.spans))
    stored = [
        Stored(row, Passage(article.id, article.title, span, span.cut(article.text)))
        for row, span in enumerate(one.spans, start=last + 1)
    ]
    library.connection.execute("INSERT INTO staged_article VALUES (?)", (article.id,))
    library.connection.executemany(
        'INSERT INTO staged_passage (row, article_id, start, "end") VALUES (?, ?, ?, ?)',
        ((one.row, article.id, one.passage.span.start, one.passage.span.end) for one in stored),
    )
    for table in STAGED:
        table.keep(library, NewPassages([article.id], stored, encoded))
    return len(stored)


def exchange(library: Library, manifest: Manifest) -> None:
    """Drops the tables in use and renames the staged ones; inside `library.writing()`.

    Nothing is copied, so this takes as long as freeing the old tables.
    """
    connection = library.connection
    forget_gone(library)
    last = last_row(library)
    with _not_overwriting(library):
        for dropped in ("TRIGGER staged_goes", "TABLE staged_gone", "TABLE staged_article"):
            connection.execute(f"DROP {dropped}")
        for table in STAGED:
            connection.execute(f"DROP TABLE {table.name}")
        connection.execute("DROP TABLE passage")
    connection.execute("ALTER TABLE staged_passage RENAME TO passage")
    for table in STAGED:
        table.take_place(library)
    _use_up_rows(library, last)
    connection.execute("DELETE FROM state WHERE key = ?", (_KEY,))
    record(library, manifest)


@contextmanager
def _not_overwriting(library: Library) -> Iterator[None]:
    """Leaves freed pages as they are: some builds of SQLite overwrite them all with zeros."""
    former = library.connection.execute("PRAGMA secure_delete").fetchone()[0]
    library.connection.execute("PRAGMA secure_delete = FAST")
    try:
        yield
    finally:
        library.connection.execute(f"PRAGMA secure_delete = {('OFF', 'ON', 'FAST')[former]}")


def _discard(library: Library) -> None:
    library.connection.execute("DROP TRIGGER IF EXISTS staged_goes")
    with _not_overwriting(library):
        for table in STAGED:
            table.drop(library)
        for name in ("gone", "article", "passage"):
            library.connection.execute(f"DROP TABLE IF EXISTS staged_{name}")
    library.connection.execute("DELETE FROM state WHERE key = ?", (_KEY,))


def _is_missing(library: Library, article: Article) -> bool:
    """Whether the article is not staged, and stands in the library just as it is."""
    query = "SELECT 1 FROM staged_article WHERE id = ?"
    is_staged = library.connection.execute(query, (article.id,)).fetchone() is not None
    return not is_staged and article.id in library and library.article(article.id) == article


def _use_up_rows(library: Library, last: int) -> None:
    """Marks row numbers up to `last` as given, in the table that SQLite keeps for AUTOINCREMENT."""
    library.connection.execute("DELETE FROM sqlite_sequence WHERE name = 'passage'")
    library.connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('passage', ?)", (last,))
