"""Misspelt words of a query, replaced by the library's own words.

A word counts as misspelt where the library has it in no form and the encoder has no single token for it. A word that
begins with a capital may be a name that is not in the library, and stays.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

from rapidfuzz.distance import OSA, Levenshtein
from rapidfuzz.process import extract

from corpus.deadline import check_deadline
from corpus.folding import folded
from corpus.language import other_language
from corpus.library.integrity import whole_passages
from corpus.library.store import Library, Stored
from index.derived_table import NewPassages, PassageTable
from index.lexical.lexical import has_word
from index.lexical.word_table import PLAIN

_COUNTED_AT_ONCE = 1000  # passages
_WORD = re.compile(r"(?<![\w\u0300-\u036f])[^\W\d_]+(?![\w\u0300-\u036f])")  # letters alone, none with a mark apart
_PART = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")  # beside a word that is part of a longer one
_SHORTEST, _LONGEST = 4, 30  # letters of a word that may be repaired
_FORGIVING = 8  # letters from which on two slips are allowed, not one
_MOST_WORDS = 64  # of a query
_ALIKE = ("aeiou", "iy", "csz", "ckq", "fv", "dt", "bp", "gj", "mn")  # letters that are put for one another

CountTokens = Callable[[list[str]], list[int]]


class SpellingTable(PassageTable):
    """In how many passages each word stands."""

    part = "spelling"
    name = "spelling"

    def is_there(self, library: Library) -> bool:
        return library.connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'spelling'").fetchone() is not None

    def create(self, library: Library) -> None:
        library.connection.execute(
            f"CREATE TABLE IF NOT EXISTS {self.table} (word TEXT PRIMARY KEY, passages INTEGER NOT NULL) WITHOUT ROWID"
        )

    def keep(self, library: Library, new: NewPassages) -> None:
        self.insert(library, new.stored)

    def insert(self, library: Library, stored: Iterable[Stored]) -> None:
        """Counts the words of passages; inside `library.writing()`."""
        for some in _lists(stored):
            library.connection.executemany(
                f"INSERT INTO {self.table} VALUES (?, ?) "
                "ON CONFLICT (word) DO UPDATE SET passages = passages + excluded.passages",
                _counted(some).items(),
            )

    def forget(self, library: Library, article_id: str, stored: Sequence[Stored]) -> None:  # noqa: ARG002
        for some in _lists(stored):
            counted = _counted(some)
            library.connection.executemany(
                f"UPDATE {self.table} SET passages = passages - ? WHERE word = ?",
                ((count, word) for word, count in counted.items()),
            )
            library.connection.executemany(
                f"DELETE FROM {self.table} WHERE word = ? AND passages <= 0", ((word,) for word in counted)
            )

    def check(self, library: Library) -> Iterator[str]:
        if not self.is_there(library):
            return
        counted = SpellingTable("temp.true_")
        try:
            counted.rebuild(library)
            differing = library.connection.execute(
                f"WITH extra AS (SELECT * FROM spelling EXCEPT SELECT * FROM {counted.table}), "
                f"missing AS (SELECT * FROM {counted.table} EXCEPT SELECT * FROM spelling) "
                "SELECT count(DISTINCT word) FROM (SELECT * FROM extra UNION ALL SELECT * FROM missing)"
            ).fetchone()[0]
        finally:
            counted.drop(library)
        if differing:
            yield f"{differing:,} of the words that slips are repaired by are counted wrong"

    def rebuild(self, library: Library) -> None:
        self.drop(library)
        self.create(library)
        self.insert(library, whole_passages(library))


SPELLING = SpellingTable()


def repaired(library: Library, count_tokens: CountTokens, query: str) -> str:
    """The query with each misspelt word replaced by the library's word nearest to it, if one is near enough.

    Near is one slip, two in long words: a letter left out, doubled, swapped with its neighbour or typed for one like
    it. The first letter has to be right. Of equally near words the one in most passages is taken. A question in a
    language that no article is in stays as it is: its words are no slips of the library's.
    """
    typed = query
    for match in reversed(list(_WORD.finditer(query))[:_MOST_WORDS]):
        check_deadline()
        word = folded(match[0])
        is_part = _PART.search(query[max(match.start() - 1, 0) : match.end() + 1])
        is_repairable = not is_part and _SHORTEST <= len(word) <= _LONGEST and word.islower()
        if is_repairable and count_tokens([word]) != [1] and not has_word(library, word):
            query = query[: match.start()] + (_nearest(library, word) or match[0]) + query[match.end() :]
    return typed if query != typed and _is_foreign(library, typed) else query


def _is_foreign(library: Library, query: str) -> bool:
    code = other_language(query)
    asked = "SELECT 1 FROM article WHERE language = ? LIMIT 1"
    return code is not None and library.connection.execute(asked, (code,)).fetchone() is None


def _nearest(library: Library, word: str) -> str | None:
    typed = plain(word)
    slips = 2 if len(typed) >= _FORGIVING else 1
    rows = library.connection.execute(
        "SELECT word, passages FROM spelling WHERE word >= ? AND word < ? AND length(word) BETWEEN ? AND ?",
        (typed[0], chr(ord(typed[0]) + 1), len(typed) - slips, len(typed) + slips),
    )
    passages: dict[str, int] = dict(rows.fetchall())
    found = extract(typed, passages.keys(), scorer=OSA.distance, processor=None, score_cutoff=slips, limit=None)
    near = [(distance, -passages[known], known) for known, distance, _ in found if _slipped(typed, known)]
    return min(near)[2] if near else None


def _slipped(word: str, known: str) -> bool:
    """Whether the known word becomes the other one by slips that people make, not by any replacement of letters."""
    steps = Levenshtein.editops(known, word)
    if OSA.distance(known, word) < len(steps):  # neighbours swapped
        return True
    for step in steps:
        if step.tag == "replace":
            pair = {known[step.src_pos], word[step.dest_pos]}
            if not any(pair <= set(letters) for letters in _ALIKE):
                return False
        at = step.dest_pos
        if step.tag == "insert" and word[at] not in word[at - 1 : at] + word[at + 1 : at + 2]:
            return False
    return True


def _lists(stored: Iterable[Stored]) -> Iterator[list[Stored]]:
    """The passages in lists, as many together as are counted at once."""
    passages = iter(stored)
    while some := list(islice(passages, _COUNTED_AT_ONCE)):
        yield some


def _counted(stored: Iterable[Stored]) -> Counter[str]:
    """In how many of the passages each word stands; a title counts with each passage of its article."""
    return Counter(
        word
        for one in stored
        for word in {plain(word) for word in _WORD.findall(f"{one.passage.title} {one.passage.text}")}
        if _SHORTEST <= len(word) <= _LONGEST
    )


@lru_cache(maxsize=2**15)  # most words of a text are those of others: counting takes half the time
def plain(word: str) -> str:
    """Lower case without accents, as people in a hurry type."""
    letters = unicodedata.normalize("NFKD", word.translate(PLAIN).lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
