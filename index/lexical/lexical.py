"""Search by words: BM25 over titles and passages in SQLite's FTS5.

The table holds no copy of the text (contentless), so taking a passage out needs its words once more.
"""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator

from corpus.library.integrity import whole_passages
from corpus.library.store import Library, Stored

TOKENIZER = "porter unicode61 remove_diacritics 2"  # as the library was indexed: see `plain_letters`
_SCHEMA = (
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {{name}} USING fts5 (title, text, content = '', tokenize = '{TOKENIZER}')"
)
_SHADOWS = ("data", "idx", "docsize", "config")  # the tables in which FTS5 keeps the index
# The truth, and beside it the index as it is kept, made to say that it is the index of the truth.
_BESIDE = f"""
CREATE TEMP TABLE true_words (row INTEGER PRIMARY KEY, title TEXT, text TEXT);
CREATE VIRTUAL TABLE temp.kept_words USING fts5 (
    title, text, content = 'true_words', content_rowid = 'row', tokenize = '{TOKENIZER}'
)"""
_WORD = re.compile(r"\w+")
# Letters that Unicode does not take for another with an accent, as people type them who lack them. To change this table
# is to change how libraries are indexed: `forget` needs the words as they were added.
PLAIN = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ß": "ss",
     "ẞ": "SS", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ı": "i", "ħ": "h", "Ħ": "H"}
)  # fmt: skip
_MOST_WORDS = 64  # of a query; what comes after says nothing new about it
# Words that nearly every passage holds: they cost time and decide nothing, unless the query has no others.
_STOP_WORDS = frozenset(
    "a an and are as at be been but by can could d did do does for from had has have he her him his how i if in into "
    "is it its ll m me my of on or our re s she so t than that the their them then there they this to us ve was we "
    "were what when where which who whom whose why will with would you your "
    "au aux ce ces cette dans de des du elle en est et il ils la le les leur lui l qu que quel quelle qui sa se ses "
    "son sont sur un une où pourquoi quand comment".split()
)


def prepare(library: Library, table: str = "words") -> None:
    """Makes the word index where there is none yet."""
    library.connection.execute(_SCHEMA.format(name=table))


def keep(library: Library, stored: Iterable[Stored], table: str = "words") -> None:
    """Adds passages to the word index; inside `library.writing()`."""
    library.connection.executemany(f"INSERT INTO {table} (rowid, title, text) VALUES (?, ?, ?)", map(indexed, stored))


def forget(library: Library, stored: Iterable[Stored], table: str = "words") -> None:
    """Takes passages out of the word index; inside `library.writing()`, with the words they were added with."""
    insert = f"INSERT INTO {table} ({table}, rowid, title, text) VALUES ('delete', ?, ?, ?)"
    library.connection.executemany(insert, map(indexed, stored))


def check(library: Library) -> Iterator[str]:
    """How the word index differs from the words of the passages, and what is damaged in it.

    All in temporary tables, so that nothing is written to the library and nobody has to wait.
    """
    connection = library.connection
    found = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'words'").fetchone()
    if found is None or f"'{TOKENIZER}'" not in found[0]:
        if library.counts()[1]:
            yield "the word index is missing, or made with another tokenizer"
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
        if fault.sqlite_errorcode != sqlite3.SQLITE_CORRUPT_VTAB:
            raise
        yield "the word index does not hold the words of the passages"
    finally:
        for table in ("kept_words", "true_words"):
            connection.execute(f"DROP TABLE IF EXISTS temp.{table}")


def rebuild(library: Library) -> None:
    """Makes the word index anew; inside `library.writing()`."""
    library.connection.execute("DROP TABLE IF EXISTS words")
    prepare(library)
    keep(library, whole_passages(library))


def indexed(stored: Stored) -> tuple[int, str, str]:
    return stored.row, plain_letters(stored.passage.title), plain_letters(stored.passage.text)


def plain_letters(text: str) -> str:
    """The text with letters that the tokenizer does not take for plain ones as people type them who lack them."""
    return text.translate(PLAIN)


def match_query(query: str) -> str:
    """The query as an FTS5 expression: any of its words, quoted; empty where it has none. NFC, as all articles are."""
    return " OR ".join(f'"{word}"' for word in telling_words(query))


def telling_words(query: str) -> list[str]:
    """The query's words in their order, each once, lower case, in plain letters; stop words if it has no others."""
    words = list(dict.fromkeys(_WORD.findall(unicodedata.normalize("NFC", query).lower())))
    telling = [word for word in words if word not in _STOP_WORDS] or words
    return [plain_letters(word) for word in telling[:_MOST_WORDS]]


def totals(library: Library) -> tuple[int, int]:
    """How many passages the word index has, and how many tokens: from the record that FTS5 keeps of it."""
    record = library.connection.execute("SELECT block FROM words_data WHERE id = 1").fetchone()
    numbers, value = [], 0
    for byte in record[0] if record else b"":  # SQLite's varints; none of these numbers needs nine bytes
        value = (value << 7) | (byte & 0x7F)
        if byte < 0x80:
            numbers.append(value)
            value = 0
    return (numbers[0], sum(numbers[1:])) if numbers else (0, 0)


def has_word(library: Library, word: str) -> bool:
    """Whether the word, or another form of it (stones, stone), stands in any passage or title."""
    quoted = f'"{plain_letters(word)}"'
    return (
        library.connection.execute("SELECT 1 FROM words WHERE words MATCH ? LIMIT 1", (quoted,)).fetchone() is not None
    )


def articles_with(library: Library, word: str) -> set[str]:
    """The ids of the articles in whose title or text a word stands that begins so, or another form of it."""
    rows = library.connection.execute(
        "SELECT DISTINCT article_id FROM passage WHERE row IN (SELECT rowid FROM words WHERE words MATCH ?)",
        (f'"{plain_letters(word)}"*',),
    )
    return {article_id for (article_id,) in rows}


def search(
    library: Library, query: str, k: int, title_weight: float, among: Iterable[int] | None = None
) -> dict[int, float]:
    """The `k` rows with the highest BM25 score, with their scores (above 0); a title word counts `title_weight`.

    Only rows `among` these count, where any are named; what a word weighs, the whole library decides.
    """
    expression = match_query(query)
    if not expression:
        return {}
    # The plus keeps SQLite from asking the word index once for each of the rows.
    restricted = "" if among is None else "AND +rowid IN (SELECT value FROM json_each(?))"
    named = () if among is None else (json.dumps(list(among)),)
    # FTS5's bm25() is lower for better; its k1 = 1.2 and b = 0.75 are fixed.
    rows = library.connection.execute(
        f"SELECT rowid, -bm25(words, ?, 1.0) AS score FROM words WHERE words MATCH ? {restricted} "
        "ORDER BY score DESC, rowid LIMIT ?",
        (title_weight, expression, *named, k),
    )
    return dict(rows.fetchall())
