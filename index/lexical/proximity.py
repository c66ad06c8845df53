"""Term proximity: which words of a query a passage holds, how near to one another, and in the title.

BM25 counts words wherever they stand in a passage. Here words count in one sentence, and pairs of neighbours in the
query near each other (the unordered windows of Metzler and Croft 2005). Texts are tokenized as the word index is.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from itertools import pairwise
from math import log

from corpus.article import Passage
from index.lexical.lexical import content_words
from index.lexical.terms import tokenized
from index.lexical.word_table import plain_letters

_NEAR = 8  # tokens between two words that stand together
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")  # roughly will do: nothing is quoted by it

Places = dict[str, list[int]]  # of each of the query's terms, the tokens it is in a stretch of text


def proximity_scores(query: str, passages: Mapping[int, Passage], beside: Collection[int]) -> dict[int, float]:
    """For each passage, by row, the share (0..1) of the query that it words; 0 where the query has no words.

    It is the mean of four shares: of the query's words in the passage or its title, in its best sentence, in its title,
    and of pairs of neighbours near each other in one sentence. Words weigh by their IDF in the passages `beside`.
    """
    terms, read = _read(" ".join(content_words(query)), passages)
    if not terms:
        return dict.fromkeys(passages, 0.0)
    held = Counter(term for row in beside for term in set().union(*read[row]))
    weights = {term: log(1 + (len(beside) - held[term] + 0.5) / (held[term] + 0.5)) for term in terms}
    pairs = {pair: weights[pair[0]] + weights[pair[1]] for pair in pairwise(terms)}
    return {row: _proximity_score(stretches, weights, pairs) for row, stretches in read.items()}


def _proximity_score(stretches: list[Places], weights: dict[str, float], pairs: dict[tuple[str, str], float]) -> float:
    title, *sentences = stretches

    def share(terms: Collection[str]) -> float:
        # Summed in the query's order, so that every process gives the same bits.
        return sum(weight for term, weight in weights.items() if term in terms) / sum(weights.values())

    near = [pair for pair in pairs if any(_are_near(*pair, places) for places in sentences)]
    in_pairs = sum(pairs[pair] for pair in near) / sum(pairs.values()) if pairs else 0.0
    return (share(set().union(*stretches)) + max(map(share, sentences), default=0.0) + share(title) + in_pairs) / 4


def _are_near(one: str, other: str, places: Places) -> bool:
    return any(0 < abs(a - b) <= _NEAR for a in places.get(one, ()) for b in places.get(other, ()))


def _read(query: str, passages: Mapping[int, Passage]) -> tuple[list[str], dict[int, list[Places]]]:
    """The query's terms in their order, and where they stand in each passage's title and sentences."""
    texts = [query]
    read: dict[int, list[Places]] = {row: [] for row in passages}
    stretches: list[Places] = [{}]
    for row, passage in passages.items():
        for text in (passage.title, *_SENTENCE_END.split(passage.text)):
            texts.append(plain_letters(text))
            stretches.append(defaultdict(list))
            read[row].append(stretches[-1])
    with tokenized(enumerate(texts)) as connection:
        terms = [term for (term,) in connection.execute("SELECT term FROM place WHERE doc = 0 ORDER BY offset")]
        for term in set(terms):
            query = "SELECT doc, offset FROM place WHERE doc > 0 AND term = ?"
            for number, offset in connection.execute(query, (term,)):
                stretches[number][term].append(offset)
    return terms, read
