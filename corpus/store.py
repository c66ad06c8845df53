"""The library file: one SQLite database that is the truth about articles and passages.

Every change happens in one `writing()` transaction that ends by raising the generation; readers inside `reading()` see
one generation from beginning to end. Row numbers of passages are never used twice, so a search structure knows a
passage by its row alone.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from corpus.article import Article, Passage, Span
from corpus.origin import Origin, Run

FORMAT = 1
_BUSY_SECONDS = 30.0
_HEADER = "id, title, source, url, authors, outlet, published, language, sha256, length(text)"
_SCHEMA = """
CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE article (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, text TEXT NOT NULL, source TEXT NOT NULL UNIQUE, url TEXT,
    authors TEXT NOT NULL, outlet TEXT, published TEXT, language TEXT, sha256 TEXT NOT NULL, origin TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX article_sha256 ON article (sha256);
CREATE TABLE passage (
    row INTEGER PRIMARY KEY AUTOINCREMENT, article_id TEXT NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, UNIQUE (article_id, start, "end")
);
"""


class NoSuchArticle(LookupError):
    """There is no article with this id; `pullquote list` shows those there are."""

    def __init__(self, article_id: str) -> None:
        name = article_id[:80]
        super().__init__(f"There is no article {name!r} in the library; `pullquote list` shows those there are.")


class NotALibrary(ValueError):
    """The file is not a Pullquote library, or of a newer format; name another folder in PULLQUOTE_HOME."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"{path} is not a library this version can open ({why}); name another folder in PULLQUOTE_HOME."
        )


@dataclass(frozen=True, slots=True)
class Header:
    """All that is kept about an article but its text; `length` counts the text's code points."""

    id: str
    title: str
    source: str
    url: str | None
    authors: tuple[str, ...]
    outlet: str | None
    published: str | None
    language: str | None
    sha256: str
    length: int


@dataclass(frozen=True, slots=True)
class Stored:
    """A passage and the row number by which search structures know it."""

    row: int
    passage: Passage


class Library:
    """Articles and passages in one file; safe to share between threads, each of which gets its own connection."""

    def __init__(self, path: Path) -> None:
        """Opens the library at `path`, making an empty one where there is none; NotALibrary for any other file."""
        self.path = path
        self._local = threading.local()
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._prepare()
        except sqlite3.DatabaseError as error:
            self.close()
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
                raise
            raise NotALibrary(path, str(error)) from error
        except NotALibrary:
            self.close()
            raise

    def _prepare(self) -> None:
        """Looks before it writes: a file that is not a library stays as it was."""
        if not self._has_schema():
            self._create()
        if self.state("format") != str(FORMAT):
            raise NotALibrary(self.path, f"format {self.state('format')}, this version reads {FORMAT}")
        self._keep_a_log()

    def _create(self) -> None:
        self.connection.execute("BEGIN IMMEDIATE")
        if not self._has_schema():
            for statement in _SCHEMA.split(";\n"):
                self.connection.execute(statement)
            born = {"format": str(FORMAT), "generation": "0", "library": uuid.uuid4().hex}
            self.connection.executemany("INSERT INTO state VALUES (?, ?)", born.items())
        self.connection.execute("COMMIT")

    def _keep_a_log(self) -> None:
        """Puts the file in WAL mode, so that readers and a writer do not wait for each other."""
        deadline = time.monotonic() + _BUSY_SECONDS
        while True:
            try:
                self.connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError:  # the switch does not wait its turn as other statements do
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
            else:
                return

    def _has_schema(self) -> bool:
        tables = {name for (name,) in self.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if tables and not {"state", "article", "passage"} <= tables:
            raise NotALibrary(self.path, "it holds other tables")
        return bool(tables)

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection, in autocommit mode; change anything only inside `writing()`."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self.path, timeout=_BUSY_SECONDS, isolation_level=None)
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA cache_size = -16384")  # KiB; the default of 2 MB holds no search's pages
            self._local.connection = connection
        return connection

    def close(self) -> None:
        """Closes this thread's connection."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction: all of it stands, one generation later, or nothing changed."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.set_state("generation", str(self.generation + 1))
            self.connection.execute("COMMIT")
        except BaseException:
            if self.connection.in_transaction:  # after a full disk SQLite has rolled back by itself
                self.connection.execute("ROLLBACK")
            raise

    @contextmanager
    def reading(self) -> Iterator[int]:
        """A view of one generation, whose number it yields, whatever is written meanwhile."""
        if self.connection.in_transaction:
            yield self.generation
            return
        self.connection.execute("BEGIN")
        try:
            yield self.generation
        finally:
            self.connection.execute("COMMIT")

    @property
    def generation(self) -> int:
        """How many changes the library has seen."""
        return int(self.state("generation") or 0)

    @property
    def identity(self) -> str:
        """A random name given at birth, by which derived files know their library."""
        return self.state("library") or ""

    def state(self, key: str) -> str | None:
        """What is kept under `key`, or None."""
        found = self.connection.execute("SELECT value FROM state WHERE key = ?", (key,)).fetchone()
        return found[0] if found else None

    def set_state(self, key: str, value: str) -> None:
        """Keeps `value` under `key`; inside `writing()`."""
        self.connection.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (key, value))

    def put(self, article: Article, spans: Iterable[Span]) -> list[Stored]:
        """The passages of a new article at the given spans, kept; inside `writing()`, the id must be free."""
        self.connection.execute(
            "INSERT INTO article VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                article.id, article.title, article.text, article.source, article.url, json.dumps(article.authors),
                article.outlet, article.published, article.language, article.sha256, _packed(article.origin),
            ),
        )  # fmt: skip
        stored = []
        for span in spans:
            passage = Passage(article.id, article.title, span, span.cut(article.text))
            insert = 'INSERT INTO passage (article_id, start, "end") VALUES (?, ?, ?)'
            row = self.connection.execute(insert, (article.id, span.start, span.end)).lastrowid
            stored.append(Stored(row or 0, passage))
        return stored

    def remove(self, article_id: str) -> list[Stored]:
        """The passages that went with the article; inside `writing()`. NoSuchArticle for an unknown id."""
        gone = self.passages_of(article_id)
        self.connection.execute("DELETE FROM article WHERE id = ?", (article_id,))
        return gone

    def article(self, article_id: str) -> Article:
        """The article with this id; NoSuchArticle where there is none."""
        query = f"SELECT {_HEADER}, text, origin FROM article WHERE id = ?"
        row = None
        with suppress(UnicodeEncodeError):  # half a surrogate pair: no id has that
            row = self.connection.execute(query, (article_id,)).fetchone()
        if row is None:
            raise NoSuchArticle(article_id)
        header = _header(row[:10])
        return Article(
            id=header.id, title=header.title, text=row[10], source=header.source, url=header.url,
            authors=header.authors, outlet=header.outlet, published=header.published, language=header.language,
            sha256=header.sha256, origin=_unpacked(row[11]),
        )  # fmt: skip

    def headers(self) -> list[Header]:
        """What is kept about every article but its text, by title."""
        rows = self.connection.execute(f"SELECT {_HEADER} FROM article ORDER BY title, id")
        return [_header(row) for row in rows]

    def header_by(self, column: str, value: str) -> Header | None:
        """The article whose `source` or `sha256` is `value`, or None."""
        if column not in {"source", "sha256"}:
            raise ValueError(f"articles are found by source or sha256, not by {column}")
        row = self.connection.execute(f"SELECT {_HEADER} FROM article WHERE {column} = ? LIMIT 1", (value,)).fetchone()
        return _header(row) if row else None

    def passages(self, rows: Iterable[int]) -> dict[int, Passage]:
        """The passages at these rows, those that are gone left out."""
        places = self.connection.execute(
            'SELECT row, article_id, start, "end" FROM passage WHERE row IN (SELECT value FROM json_each(?))',
            (json.dumps(list(rows)),),
        ).fetchall()
        # Each text is read once: to cut in SQL reads it for every passage anew.
        query = "SELECT id, title, text FROM article WHERE id IN (SELECT value FROM json_each(?))"
        named = json.dumps(list({article_id for _, article_id, _, _ in places}))
        texts = {one: (title, text) for one, title, text in self.connection.execute(query, (named,))}
        found = {}
        for row, article_id, start, end in places:
            title, text = texts[article_id]
            span = Span(start, end)
            found[row] = Passage(article_id, title, span, span.cut(text))
        return found

    def passages_of(self, article_id: str) -> list[Stored]:
        """An article's passages in order; NoSuchArticle for an unknown id."""
        article = self.article(article_id)
        query = 'SELECT row, start, "end" FROM passage WHERE article_id = ? ORDER BY start, "end"'
        spans = [(row, Span(start, end)) for row, start, end in self.connection.execute(query, (article_id,))]
        return [Stored(row, Passage(article.id, article.title, span, span.cut(article.text))) for row, span in spans]

    def counts(self) -> tuple[int, int]:
        """How many articles, how many passages."""
        articles, passages = self.connection.execute(
            "SELECT (SELECT count(*) FROM article), (SELECT count(*) FROM passage)"
        ).fetchone()
        return articles, passages


def _header(row: tuple[str, ...]) -> Header:
    identity, title, source, url, authors, outlet, published, language, sha256, length = row
    names = tuple(json.loads(authors))
    return Header(identity, title, source, url, names, outlet, published, language, sha256, int(length))


def _packed(origin: Origin) -> str:
    runs = [[run.start, run.end, run.source_start, run.source_end, int(run.copied)] for run in origin.runs]
    packed = {"runs": runs, "page_starts": origin.page_starts, "is_text": origin.is_text}
    return json.dumps(packed, separators=(",", ":"))


def _unpacked(packed: str) -> Origin:
    fields = json.loads(packed)
    runs = tuple(Run(start, end, low, high, bool(copied)) for start, end, low, high, copied in fields["runs"])
    return Origin(runs, tuple(fields["page_starts"]), fields["is_text"])
