"""Articles and their passages, in the one SQLite file from which everything else can be built again.

Row numbers of passages are never used twice, so an index knows a passage by its row number alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from corpus.article import Article, Passage, Span
from corpus.deadline import check_deadline
from corpus.errors import PullquoteError
from corpus.library import article_digest
from corpus.library.database import Database, beginning_with
from corpus.library.schema import APPLICATION_ID, FORMAT, STAGED_GOES
from corpus.offset_map import Origin
from corpus.tables import head_above

_BEGINNING = 64  # characters of words that are looked for in all texts
_HEADER = "id, title, source, url, authors, outlet, published, language, sha256, length(text)"
# Under another name the table takes new passages of the same articles beside those in use.
PASSAGES = """
CREATE TABLE {name} (
    row INTEGER PRIMARY KEY AUTOINCREMENT, article_id TEXT NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, UNIQUE (article_id, start, "end")
)""".strip()
_SCHEMA = f"""
CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE article (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, text TEXT NOT NULL, source TEXT NOT NULL UNIQUE, url TEXT,
    authors TEXT NOT NULL, outlet TEXT, published TEXT, language TEXT, sha256 TEXT NOT NULL, origin TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX article_sha256 ON article (sha256);
{article_digest.SCHEMA.strip()}
{PASSAGES.format(name="passage")};
"""


class NoSuchArticle(PullquoteError):
    """There is no article with this id; `pullquote list` shows those there are."""

    status = 404

    def __init__(self, article_id: str) -> None:
        name = article_id[:80]
        super().__init__(f"There is no article {name!r} in the library; `pullquote list` shows those there are.")


class DamagedArticle(PullquoteError):
    """An article is not as it was written, and nothing of it is quoted; `pullquote verify` says what is wrong."""

    def __init__(self, article_id: str) -> None:
        super().__init__(
            f"The article {article_id[:80]!r} is damaged in the library, and nothing of it is quoted; `pullquote "
            "verify` says what to do."
        )

    @property
    def public(self) -> str:
        return str(self)


@dataclass(frozen=True, slots=True)
class ArticleHeader:
    """The fields of an article other than its text and origin; `length` is that of the text, in code points."""

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
class ArticleSource:
    id: str
    source: str


@dataclass(frozen=True, slots=True)
class Stored:
    """A passage and the row number by which indexes know it."""

    row: int
    passage: Passage


class Library(Database):
    """Articles and passages in one file; safe to share between threads, each of which gets its own connection."""

    schema = _SCHEMA
    _is_known_to_have_digests = False

    def put(self, article: Article, spans: Iterable[Span]) -> list[Stored]:
        """Inserts a new article and its passages at the given spans; inside `writing()`, the id must be free."""
        # The passages come first: to look their article up, SQLite would read the whole of it for each of them.
        self.connection.execute("PRAGMA defer_foreign_keys = ON")
        stored = []
        for span in spans:
            passage = Passage(article.id, article.title, span, span.cut(article.text))
            insert = 'INSERT INTO passage (article_id, start, "end") VALUES (?, ?, ?)'
            row = self.connection.execute(insert, (article.id, span.start, span.end)).lastrowid
            stored.append(Stored(row or 0, passage))
        self.connection.execute(
            "INSERT INTO article VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                article.id, article.title, article.text, article.source, article.url, json.dumps(article.authors),
                article.outlet, article.published, article.language, article.sha256, article.origin.packed(),
            ),
        )  # fmt: skip
        article_digest.seal(self.connection, article.id)
        return stored

    def bring_up_to_date(self) -> None:
        """Gives the articles of a library of format 1 their digests; inside a transaction."""
        if self.state("format") != str(FORMAT):
            article_digest.seal_all(self.connection)
            if self.connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'staged_goes'").fetchone():
                self.connection.execute("DROP TRIGGER staged_goes")
                self.connection.execute(STAGED_GOES)
            self.set_state("format", str(FORMAT))
            self.connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")

    def remove(self, article_id: str) -> None:
        """Deletes an article with its passages; inside `writing()`. NoSuchArticle for an unknown id."""
        if not self.connection.execute("DELETE FROM article WHERE id = ?", (article_id,)).rowcount:
            raise NoSuchArticle(article_id)

    def move(self, article_id: str, source: str) -> None:
        """Sets the article's source, and its address where that was the source; inside `writing()`.

        No other article may have that source.
        """
        query = "UPDATE article SET source = ?1, url = iif(url = source, ?1, url) WHERE id = ?2"
        self.connection.execute(query, (source, article_id))
        article_digest.seal(self.connection, article_id)

    def retrace(self, article_id: str, sha256: str, origin: Origin) -> None:
        """Sets the digest and the origin of an article whose text is the same in other bytes; inside `writing()`."""
        query = "UPDATE article SET sha256 = ?, origin = ? WHERE id = ?"
        self.connection.execute(query, (sha256, origin.packed(), article_id))
        article_digest.seal(self.connection, article_id)

    def article(self, article_id: str) -> Article:
        """The article with this id, as it was written; NoSuchArticle, DamagedArticle."""
        with self.reading():
            try:
                article = self.article_as_it_is(article_id)
            except (ValueError, TypeError, KeyError) as fault:
                raise DamagedArticle(article_id) from fault
            if self._has_digests and article_digest.is_changed(self.connection, article_id):
                raise DamagedArticle(article_id)
            return article

    @property
    def _has_digests(self) -> bool:
        """Whether the library keeps digests, which no library stops doing."""
        if not self._is_known_to_have_digests:
            self._is_known_to_have_digests = article_digest.has_digests(self.connection)
        return self._is_known_to_have_digests

    def article_as_it_is(self, article_id: str) -> Article:
        """The article with this id, even where it is not as it was written; NoSuchArticle."""
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
            sha256=header.sha256, origin=Origin.unpacked(row[11]),
        )  # fmt: skip

    def headers(self, ids: Iterable[str] | None = None) -> list[ArticleHeader]:
        """The headers of all articles, or of those with these ids, ordered by title."""
        condition = "" if ids is None else "WHERE id IN (SELECT value FROM json_each(?))"
        values = () if ids is None else (json.dumps(list(ids)),)
        headers = []
        for row in self.connection.execute(f"SELECT {_HEADER} FROM article {condition} ORDER BY title, id", values):
            check_deadline()  # the length of each is that of a text that has to be read
            headers.append(_header(row))
        return headers

    def may_hold(self, words: str) -> Iterator[tuple[str, str, str]]:
        """The id, title and text of every article whose text begins to hold the words, or is not of ASCII signs alone.

        Reads all texts.
        """
        # `instr` compares all the words at each place that begins like them, so it looks for their beginning only.
        may_hold = "length(CAST(text AS BLOB)) > length(text) OR instr(text, ?)"
        query = f"SELECT id, title, iif({may_hold}, text, NULL) FROM article"
        for article_id, title, text in self.connection.execute(query, (words[:_BEGINNING],)):
            check_deadline()
            if text is not None:
                yield article_id, title, text

    def texts(self) -> Iterator[tuple[str, str]]:
        """The id and the text of every article, by id; damaged texts are left out."""
        for article_id, text in self.connection.execute("SELECT id, text FROM article ORDER BY id"):
            check_deadline()
            if isinstance(text, str):
                yield article_id, text

    def header_by(self, column: Literal["id", "source", "sha256"], value: str) -> ArticleHeader | None:
        """The header of an article whose `column` is `value`, or None."""
        row = self.connection.execute(f"SELECT {_HEADER} FROM article WHERE {column} = ? LIMIT 1", (value,)).fetchone()
        return _header(row) if row else None

    def __contains__(self, article_id: str) -> bool:
        query = "SELECT 1 FROM article WHERE id = ?"
        return self.connection.execute(query, (article_id,)).fetchone() is not None

    def header(self, article_id: str) -> ArticleHeader:
        """The header of an article; NoSuchArticle where there is none."""
        with suppress(UnicodeEncodeError):  # half a surrogate pair: no id has that
            if header := self.header_by("id", article_id):
                return header
        raise NoSuchArticle(article_id)

    def sources(self, start: str) -> list[ArticleSource]:
        """The articles whose source begins with `start`, ordered by source."""
        query = "SELECT id, source FROM article WHERE source >= ? AND source < ? ORDER BY source"  # a covering index
        return [ArticleSource(*row) for row in self.connection.execute(query, beginning_with(start))]

    def passages(self, rows: Iterable[int]) -> dict[int, Passage]:
        """The passages at these rows, all of one generation; rows that are gone are left out. DamagedArticle."""
        with self.reading():
            places = self.connection.execute(
                'SELECT row, article_id, start, "end" FROM passage WHERE row IN (SELECT value FROM json_each(?))',
                (json.dumps(list(rows)),),
            ).fetchall()
            # A join would read an article's text again for each of its passages.
            query = "SELECT id, title, text FROM article WHERE id IN (SELECT value FROM json_each(?))"
            ids = json.dumps(list({article_id for _, article_id, _, _ in places}), default=repr)  # damaged ones, too
            texts = {one: (title, text) for one, title, text in self.connection.execute(query, (ids,))}
        found = {}
        for row, article_id, start, end in places:
            title, text = texts.get(article_id, ("", ""))
            if not (isinstance(text, str) and is_span(start, end, len(text))):
                raise DamagedArticle(str(article_id))
            span = Span(start, end)
            found[row] = Passage(article_id, title, span, span.cut(text), head_above(text, start))
        return found

    def passages_of(self, article_id: str) -> list[Stored]:
        """An article's passages that are inside its text, in order; NoSuchArticle for an unknown id."""
        title = self.header(article_id).title
        (text,) = self.connection.execute("SELECT text FROM article WHERE id = ?", (article_id,)).fetchone()
        length = len(text) if isinstance(text, str) else 0
        places = self.places_of(article_id)
        spans = [(row, Span(start, end)) for row, start, end in places if is_span(start, end, length)]
        return [Stored(row, Passage(article_id, title, span, span.cut(text))) for row, span in spans]

    def places_of(self, article_id: str) -> Iterator[tuple[int, int, int]]:
        """The row, start and end of each passage of an article in order; none for an unknown id."""
        query = 'SELECT row, start, "end" FROM passage WHERE article_id = ? ORDER BY start, "end"'
        return self.connection.execute(query, (article_id,))

    def counts(self) -> tuple[int, int]:
        """How many articles, how many passages."""
        articles, passages = self.connection.execute(
            "SELECT (SELECT count(*) FROM article), (SELECT count(*) FROM passage)"
        ).fetchone()
        return articles, passages


def is_span(start: object, end: object, length: int) -> bool:
    """Whether these are the ends of a span that is inside a text of this length."""
    return isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= length


def _header(row: tuple[str, ...]) -> ArticleHeader:
    identity, title, source, url, authors, outlet, published, language, sha256, length = row
    names = tuple(json.loads(authors))
    return ArticleHeader(identity, title, source, url, names, outlet, published, language, sha256, int(length))
