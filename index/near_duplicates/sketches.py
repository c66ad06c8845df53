"""Near copies: which articles of the library are one story, printed by several outlets.

The sample of an article's shingles finds the articles that may be copies of it, and their texts decide.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.deadline import check_deadline
from corpus.library.integrity import readable
from corpus.library.store import Library, Stored
from index.derived_table import DerivedTable, NewPassages
from index.near_duplicates.clusters import COPIED, stories
from index.near_duplicates.shingles import Shingles, same_figures, share_found, shingles

# `sampled` has an article's number for each shingle of its sample, `copy` each two copies both ways.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS sketch (
    number INTEGER PRIMARY KEY, article_id TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, story TEXT
);
CREATE INDEX IF NOT EXISTS sketch_story ON sketch (story) WHERE story IS NOT NULL;
CREATE TABLE IF NOT EXISTS sampled (
    shingle INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (shingle, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS copy (
    number INTEGER NOT NULL, other INTEGER NOT NULL, share REAL NOT NULL, PRIMARY KEY (number, other)
) WITHOUT ROWID
"""
_TABLES = ("sketch", "sampled", "copy")
_FEWEST_SHARED = 2  # shingles of the samples that candidates share
_LEAST_SHARED = 0.1  # of the smaller sample
_MOST_CANDIDATES = 500  # whose texts are compared: more share a page's chrome, not a story
_LISTED = "(SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Member:
    article_id: str
    title: str
    source: str
    url: str | None
    outlet: str | None
    published: str | None

    @property
    def age(self) -> tuple[bool, str, str]:
        """The key that sorts the earliest first, those without a date last, ties by id."""
        return self.published is None, self.published or "", self.article_id


class SketchTables(DerivedTable):
    """A sample of each article's shingles, the pairs of articles that are copies, and the story each belongs to."""

    part = "copies"

    def is_there(self, library: Library) -> bool:
        """Whether all the tables are: a process may have been killed between two of them."""
        query = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN (?, ?, ?)"
        (there,) = library.connection.execute(query, _TABLES).fetchone()
        return bool(there == len(_TABLES))

    def create(self, library: Library) -> None:
        library.make(_SCHEMA)

    def keep(self, library: Library, new: NewPassages) -> None:
        numbers = []
        for article_id in new.article_ids:
            self.forget(library, article_id)  # a version that knew no copies may have replaced the article
            (text,) = library.connection.execute("SELECT text FROM article WHERE id = ?", (article_id,)).fetchone()
            numbers.append(_sketch(library, article_id, text))
            _pair(library, numbers[-1], text)
        _regroup(library, numbers)

    def forget(self, library: Library, article_id: str, stored: Sequence[Stored] = ()) -> None:  # noqa: ARG002
        execute, executemany = library.connection.execute, library.connection.executemany
        query = "SELECT number, size, text FROM sketch LEFT JOIN article ON id = article_id WHERE article_id = ?"
        found = execute(query, (article_id,)).fetchone()
        if found is None:
            return
        number, size, text = found
        others = [other for (other,) in execute("SELECT other FROM copy WHERE number = ?", (number,))]
        executemany("DELETE FROM copy WHERE number = ? AND other = ?", [(one, number) for one in others])
        sample = [(one, number) for one in _sample(shingles(text or ""))]
        removed = executemany("DELETE FROM sampled WHERE shingle = ? AND number = ?", sample)
        if removed.rowcount != size:  # the sample was of another text: by number, which takes longer
            execute("DELETE FROM sampled WHERE number = ?", (number,))
        execute("DELETE FROM copy WHERE number = ?", (number,))
        execute("DELETE FROM sketch WHERE number = ?", (number,))
        _regroup(library, others)

    def rebuild(self, library: Library) -> None:
        for table in _TABLES:
            library.connection.execute(f"DROP TABLE IF EXISTS {table}")
        self.create(library)
        numbers = [_sketch(library, article_id, text) for article_id, text in _texts(library) if text]
        for number in numbers:
            _pair(library, number, _text(library, number))
        _regroup(library, numbers)

    def check(self, library: Library) -> Iterator[str]:
        if not self.is_there(library):
            return
        rows = library.connection.execute("SELECT article_id, number, size FROM sketch")
        unchecked = {article_id: (number, size) for article_id, number, size in rows}
        for article_id, text in _texts(library):
            if text is None:  # another check's matter
                unchecked.pop(article_id, None)
                continue
            if article_id not in unchecked:
                yield f"Article {article_id} was not compared with the others for copies."
                continue
            number, size = unchecked.pop(article_id)
            sample = _sample(shingles(text))
            query = f"SELECT count(*) FROM sampled WHERE number = ? AND shingle IN {_LISTED}"
            (count,) = library.connection.execute(query, (number, json.dumps(sample))).fetchone()
            if not size == len(sample) == count:
                yield f"The sample of article {article_id}, by which copies are found, is not that of its text."
        for article_id in unchecked:
            yield f"The table of copies knows an article {article_id} that is not in the library."
        sizes, shingles_kept = library.connection.execute(
            "SELECT (SELECT total(size) FROM sketch), (SELECT count(*) FROM sampled)"
        ).fetchone()
        if sizes != shingles_kept:
            yield f"The samples hold {shingles_kept:,} shingles, where their articles have {int(sizes):,}."
        yield from _check_pairs(library)


SKETCHES = SketchTables()


def stories_of(library: Library, article_ids: Iterable[str]) -> dict[str, str]:
    """The story of each of these articles that has copies, by id; a story goes by the lowest id of its articles."""
    if not SKETCHES.is_there(library):
        return {}
    query = f"SELECT article_id, story FROM sketch WHERE article_id IN {_LISTED} AND story IS NOT NULL"
    return dict(library.connection.execute(query, (json.dumps(list(article_ids)),)).fetchall())


def members(library: Library, story: str) -> list[Member]:
    """The articles of a story, the earliest first, those without a date last."""
    query = (
        "SELECT id, title, source, url, outlet, published FROM sketch JOIN article ON id = article_id WHERE story = ?"
    )
    return sorted((Member(*row) for row in library.connection.execute(query, (story,))), key=lambda one: one.age)


def _check_pairs(library: Library) -> Iterator[str]:
    """What is wrong with the pairs, each article's compared anew, and with the stories that are made of them."""
    rows = library.connection.execute("SELECT number, size, article_id, story FROM sketch").fetchall()
    names = {number: article_id for number, _, article_id, _ in rows}
    copies = library.connection.execute("SELECT number, other, share FROM copy")
    pairs = {(number, other): share for number, other, share in copies}
    found: dict[tuple[int, int], float] = {}
    for number in names:
        if text := _text(library, number):
            found |= dict(_copies(library, number, text))
    for number, other in sorted(pairs.keys() | found.keys()):
        if number < other and not all(pairs.get(one) == found.get(one) for one in ((number, other), (other, number))):
            one, two = (names.get(each, f"number {each}") for each in (number, other))
            yield f"That articles {one} and {two} are copies, or are not, is not what their texts say."
    named = {(names[one], names[other]): share for (one, other), share in pairs.items() if {one, other} <= names.keys()}
    right = {article: min(story) for story in stories(named) for article in story}
    for _, _, article_id, story in rows:
        if story != right.get(article_id):
            yield f"Article {article_id} is in the story {story}, where its copies make it {right.get(article_id)}."


def _texts(library: Library) -> Iterator[tuple[str, str | None]]:
    """Every article's id and text, None for a text that is damaged."""
    ids = [article_id for (article_id,) in library.connection.execute("SELECT id FROM article ORDER BY id")]
    for article_id in ids:
        article = readable(library, article_id)
        yield article_id, article.text if article else None


def _text(library: Library, number: int) -> str:
    """The text of the article with this number; empty where it is gone."""
    query = "SELECT CAST(text AS BLOB) FROM sketch JOIN article ON id = article_id WHERE number = ?"
    found = library.connection.execute(query, (number,)).fetchone()
    return found[0].decode("utf-8", "replace") if found else ""  # damage is another check's matter


def _sample(of: Shingles) -> list[int]:
    """A sample as SQLite keeps it: 64 bits with a sign."""
    signed: list[int] = of.sample().view(np.int64).tolist()
    return signed


def _sketch(library: Library, article_id: str, text: str) -> int:
    """Keeps an article's sample; its number."""
    sample = _sample(shingles(text))
    insert = "INSERT INTO sketch (article_id, size) VALUES (?, ?)"
    number = library.connection.execute(insert, (article_id, len(sample))).lastrowid or 0
    library.connection.executemany("INSERT INTO sampled VALUES (?, ?)", [(one, number) for one in sample])
    return number


def _pair(library: Library, number: int, text: str) -> None:
    """Keeps which other articles are copies of this one."""
    rows = [(*pair, share) for pair, share in _copies(library, number, text)]
    library.connection.executemany("INSERT OR REPLACE INTO copy VALUES (?, ?, ?)", rows)


def _copies(library: Library, number: int, text: str) -> Iterator[tuple[tuple[int, int], float]]:
    """The copies of an article, both ways: (one, other) with the share of one that stands in the other."""
    own = shingles(text)
    for other in _candidates(library, number, _sample(own)):
        check_deadline()
        theirs = shingles(_text(library, other))
        there, back = share_found(own, theirs), share_found(theirs, own)
        of_shorter = there if len(own) <= len(theirs) else back
        if of_shorter >= COPIED and same_figures(own, theirs):
            yield (number, other), there
            yield (other, number), back


def _candidates(library: Library, number: int, sample: list[int]) -> list[int]:
    """The articles that share enough of their samples with this one, those that share the most first."""
    rows = library.connection.execute(
        f"SELECT number, shared FROM (SELECT number, count(*) AS shared FROM sampled WHERE shingle IN {_LISTED} "
        "GROUP BY number HAVING shared >= ?) JOIN sketch USING (number) "
        "WHERE number <> ? AND shared >= ? * min(size, ?) ORDER BY shared DESC, number LIMIT ?",
        (json.dumps(sample), _FEWEST_SHARED, number, _LEAST_SHARED, len(sample), _MOST_CANDIDATES),
    )
    return [other for other, _ in rows]


def _regroup(library: Library, numbers: Iterable[int]) -> None:
    """Makes the stories anew of these articles and of all that are linked to them by copies."""
    linked = library.connection.execute(
        "WITH RECURSIVE linked (number) AS (SELECT value FROM json_each(?) UNION "
        "SELECT other FROM copy JOIN linked USING (number)) "
        "SELECT one.article_id, two.article_id, share FROM linked JOIN sketch AS one USING (number) "
        "LEFT JOIN copy USING (number) LEFT JOIN sketch AS two ON two.number = other",
        (json.dumps(list(numbers)),),
    ).fetchall()
    story_of: dict[str, str | None] = {article_id: None for article_id, _, _ in linked}
    for story in stories({(one, other): share for one, other, share in linked if other is not None}):
        story_of |= dict.fromkeys(story, min(story))
    update = "UPDATE sketch SET story = ? WHERE article_id = ? AND story IS NOT ?"
    library.connection.executemany(update, [(story, article_id, story) for article_id, story in story_of.items()])
