"""The words of titles and passages in a full-text table of SQLite (FTS5).

The table holds no copy of the text (contentless), so to take a passage out needs the words it was added with.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from corpus.errors import sqlite_code
from corpus.folding import folded
from corpus.library.integrity import whole_passages
from corpus.library.store import Library, Stored
from index.derived_table import NewPassages, PassageTable

TOKENIZER = "porter unicode61 remove_diacritics 2"
# The names of the columns say how the words are written, and change when that changes: so a table that an older version
# wrote is known by its definition, and made again.
_TITLE, _TEXT = "plain_title", "plain_text"
_SHADOWS = ("data", "idx", "docsize", "config")  # the tables in which FTS5 keeps the index
_CONFIG = [("version", 4)]  # what a full-text table is set up with where nobody changes it
# The words of the passages, and a copy of the index that names them as its content.
_BESIDE = f"""
CREATE TEMP TABLE true_words (row INTEGER PRIMARY KEY, {_TITLE} TEXT, {_TEXT} TEXT);
CREATE VIRTUAL TABLE temp.kept_words USING fts5 (
    {_TITLE}, {_TEXT}, content = 'true_words', content_rowid = 'row', tokenize = '{TOKENIZER}'
)"""
# Letters that are no plain letter with an accent in Unicode, as people type them without the key. A change here or in
# `corpus.folding` changes how libraries are indexed, and `forget` needs the words as they were added: see `_TEXT`.
PLAIN = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ß": "ss",
     "ẞ": "SS", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ı": "i", "ħ": "h", "Ħ": "H"}
)  # fmt: skip


class WordTable(PassageTable):
    """Rows are those of the passages; titles and texts are in plain letters."""

    part = "words"
    name = "words"

    def prepare(self, library: Library) -> None:
        """Makes it where it is missing, or again where an older version made it and the library is not read-only."""
        if not self._is_older(library):
            self.create(library)
            return
        try:
            with library.writing():
                if self._is_older(library):  # another process may have been faster
                    self.rebuild(library)
        except sqlite3.OperationalError as fault:
            if sqlite_code(fault) != sqlite3.SQLITE_READONLY:
                raise

    def is_there(self, library: Library) -> bool:
        return f"{_TEXT}," in self._definition(library)

    def _is_older(self, library: Library) -> bool:
        return f"'{TOKENIZER}'" in self._definition(library) and not self.is_there(library)

    def _definition(self, library: Library) -> str:
        found = library.connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (self.table,)).fetchone()
        return str(found[0]) if found else ""

    def create(self, library: Library) -> None:
        library.connection.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {self.table} "
            f"USING fts5 ({_TITLE}, {_TEXT}, content = '', tokenize = '{TOKENIZER}')"
        )

    def keep(self, library: Library, new: NewPassages) -> None:
        self.insert(library, new.stored)

    def insert(self, library: Library, stored: Iterable[Stored]) -> None:
        """Adds passages; inside `library.writing()`."""
        insert = f"INSERT INTO {self.table} (rowid, {_TITLE}, {_TEXT}) VALUES (?, ?, ?)"
        library.connection.executemany(insert, map(indexed, stored))

    def forget(self, library: Library, article_id: str, stored: Sequence[Stored]) -> None:  # noqa: ARG002
        insert = f"INSERT INTO {self.table} ({self.table}, rowid, {_TITLE}, {_TEXT}) VALUES ('delete', ?, ?, ?)"
        library.connection.executemany(insert, map(indexed, stored))

    def check(self, library: Library) -> Iterator[str]:
        """Works in temporary tables: nothing is written to the library."""
        connection = library.connection
        definition = self._definition(library)
        if f"'{TOKENIZER}'" not in definition or _TEXT not in definition:
            if library.counts()[1] and not self._is_older(library):
                yield "the word index is missing, or made with another tokenizer"
            return
        if (kept := connection.execute("SELECT * FROM words_config").fetchall()) != _CONFIG:
            yield f"the word index is set up in another way ({str(kept)[:80]})"
            return
        rows = "SELECT id FROM words_docsize", "SELECT row FROM passage"
        for one, other, what in ((*rows, "it has rows of no passage"), (*rows[::-1], "passages are missing")):
            if count := connection.execute(f"SELECT count(*) FROM ({one} EXCEPT {other})").fetchone()[0]:
                yield f"the word index is not that of the passages ({what}: {count:,})"
                return
        try:
            library.make(_BESIDE)
            connection.executemany("INSERT INTO true_words VALUES (?, ?, ?)", map(indexed, whole_passages(library)))
            for shadow in _SHADOWS:
                connection.execute(f"DELETE FROM temp.kept_words_{shadow}")
                connection.execute(f"INSERT INTO temp.kept_words_{shadow} SELECT * FROM main.words_{shadow}")
            # With rank 1 FTS5 compares its index, word by word, with the table that it is said to be of.
            connection.execute("INSERT INTO kept_words (kept_words, rank) VALUES ('integrity-check', 1)")
        except sqlite3.DatabaseError as fault:
            if sqlite_code(fault) != sqlite3.SQLITE_CORRUPT:
                raise
            yield "the word index does not hold the words of the passages"
        finally:
            for table in ("kept_words", "true_words"):
                connection.execute(f"DROP TABLE IF EXISTS temp.{table}")

    def rebuild(self, library: Library) -> None:
        self.drop(library)
        self.create(library)
        self.insert(library, whole_passages(library))


WORDS = WordTable()


def indexed(stored: Stored) -> tuple[int, str, str]:
    """The passage's row, its title and its text as they are indexed."""
    return stored.row, plain_letters(stored.passage.title), plain_letters(stored.passage.text)


def plain_letters(text: str) -> str:
    """The text folded (`corpus.folding`), with the letters of `PLAIN` replaced."""
    return folded(text).translate(PLAIN)
