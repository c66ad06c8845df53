"""The words of passages and queries as Milvus is given them: cut and stemmed as the library's own word index does.

Analyzers differ between servers and versions, and Milvus Lite has none that stems. What all of them leave as it is are
words that are already lower case, stemmed, and have letters and digits only.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter

from corpus.article import Passage
from index.lexical.lexical import content_words
from index.lexical.terms import tokenized
from index.lexical.word_table import plain_letters

MOST_BYTES = 65_535  # that Milvus takes in one field: what comes after in a longer passage is not found by its words


def passage_words(passages: Sequence[Passage]) -> list[str]:
    """The words of each passage and its title, with spaces between them."""
    return [_truncated(words) for words in _stemmed([f"{one.title}\n{one.text}" for one in passages])]


def query_words(query: str) -> str:
    """The words of the query that the word index is asked for, with spaces between them; empty where it has none."""
    (words,) = _stemmed([" ".join(content_words(query))])
    return " ".join(words)


def _stemmed(texts: Sequence[str]) -> list[list[str]]:
    """The words of each text in their order, by SQLite's tokenizer."""
    found: list[list[str]] = [[] for _ in texts]
    with tokenized((number, plain_letters(text)) for number, text in enumerate(texts)) as connection:
        words = connection.execute("SELECT doc, term FROM place ORDER BY doc, offset")
        for number, group in groupby(words, key=itemgetter(0)):
            found[number] = [_plain_word(word) for _, word in group]
    return found


def _plain_word(word: str) -> str:
    """The word, or a digest where an analyzer might cut it: marks of other scripts are letters to some only."""
    return word if word.isalnum() else blake2b(word.encode(), digest_size=8).hexdigest()


def _truncated(words: Sequence[str]) -> str:
    text = " ".join(words)
    if len(text.encode()) <= MOST_BYTES:
        return text
    return text.encode()[:MOST_BYTES].decode(errors="ignore").rpartition(" ")[0]
