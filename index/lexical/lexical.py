"""Search by words: BM25 over titles and passages in SQLite's FTS5."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from corpus.folding import folded
from corpus.library.store import Library
from index.lexical.word_table import plain_letters

_WORD = re.compile(r"\w+")
_MOST_WORDS = 64  # of a query
# Nearly every passage holds these words: they cost time and do not change the ranking.
_STOP_WORDS = frozenset(
    "a an and are as at be been but by can could d did do does for from had has have he her him his how i if in into "
    "is it its ll m me my of on or our re s she so t than that the their them then there they this to us ve was we "
    "were what when where which who whom whose why will with would you your "
    "au aux ce ces cette dans de des du elle en est et il ils la le les leur lui l qu que quel quelle qui sa se ses "
    "son sont sur un une où pourquoi quand comment".split()
)


def match_query(query: str) -> str:
    """The query as an FTS5 expression: any of its words, quoted; empty where it has none."""
    return " OR ".join(f'"{word}"' for word in content_words(query))


def content_words(query: str) -> list[str]:
    """The query's words in order, each once, lower case, in plain letters; stop words only if it has no others."""
    words = list(dict.fromkeys(_WORD.findall(folded(query).lower())))
    telling = [word for word in words if word not in _STOP_WORDS] or words
    return [plain_letters(word) for word in telling[:_MOST_WORDS]]


def totals(library: Library) -> tuple[int, int]:
    """How many passages and tokens the word index has, from the totals that FTS5 keeps."""
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
    query = "SELECT 1 FROM words WHERE words MATCH ? LIMIT 1"
    return library.connection.execute(query, (f'"{plain_letters(word)}"',)).fetchone() is not None


def articles_with(library: Library, word: str) -> set[str]:
    """The ids of the articles in whose title or text a word stands that begins so, or another form of it."""
    rows = library.connection.execute(
        "SELECT DISTINCT article_id FROM passage WHERE row IN (SELECT rowid FROM words WHERE words MATCH ?)",
        (f'"{plain_letters(word)}"*',),
    )
    return {article_id for (article_id,) in rows}


def search(library: Library, query: str, k: int, among: Iterable[int] | None = None) -> dict[int, float]:
    """The `k` rows with the highest BM25 score, with their scores (above 0).

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
        f"SELECT rowid, -bm25(words) AS score FROM words WHERE words MATCH ? {restricted} "
        "ORDER BY score DESC, rowid LIMIT ?",
        (expression, *named, k),
    )
    return dict(rows.fetchall())
