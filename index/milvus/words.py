"""The words of passages and queries as Milvus gets them: cut and stemmed by the tokenizer of the library's word index.

Analyzers differ between servers and versions, and Milvus Lite has none that stems. All of them leave words as they are
that are lower case, stemmed, and of letters and digits only.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

from corpus.article import Passage
from index.lexical.lexical import content_words
from index.lexical.terms import stems

MOST_BYTES = 65_535  # that Milvus takes in one field; the words after that in a longer passage are not found


def passage_words(passages: Sequence[Passage]) -> list[str]:
    """The words of each passage and its title, with spaces between them."""
    return [_truncated(words) for words in _stemmed([f"{one.title}\n{one.text}" for one in passages])]


def query_words(query: str) -> str:
    """The words of the query that the word index is asked for, with spaces between them; empty where it has none."""
    (words,) = _stemmed([" ".join(content_words(query))])
    return " ".join(words)


def _stemmed(texts: Sequence[str]) -> list[list[str]]:
    """The stems of each text; those that some analyzers would cut, as at marks of other scripts, as a digest."""
    return [
        [word if word.isalnum() else blake2b(word.encode(), digest_size=8).hexdigest() for word in words]
        for words in stems(texts)
    ]


def _truncated(words: Sequence[str]) -> str:
    text = " ".join(words)
    if len(text.encode()) <= MOST_BYTES:
        return text
    return text.encode()[:MOST_BYTES].decode(errors="ignore").rpartition(" ")[0]
