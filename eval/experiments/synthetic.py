"""Large synthetic libraries: vectors scattered about real ones, and texts with words as rare as in real ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.article import Article, Span
from corpus.library.store import Library
from eval.datasets.read_set import read_set
from index.dense.vector_table import VECTORS
from index.encoder.encoder import Embeddings
from index.lexical.spelling import SPELLING
from index.lexical.word_table import WORDS
from index.manifest import Manifest, record
from index.tables import prepare

_AT_ONCE = 10_000  # vectors made and written together, as one article
_VOCABULARY = 40_000
_SENTENCE = 14  # words
_SENTENCE_END = re.compile(r"(?<=[.!?]) +")
_NEAR, _FAR = 0.95, 0.6  # the cosines of made-up vectors to the real ones they are scattered about


def drawn(file: Path, paragraphs: int, questions: int) -> tuple[list[str], list[str]]:
    """So many paragraphs and questions of a SQuAD file, drawn by chance, the same every time."""
    examples = read_set(file)
    chance = np.random.default_rng(0)
    texts = [part for article in examples.articles for part in article.text.split("\n\n")]
    chosen = [texts[place] for place in chance.permutation(len(texts))[:paragraphs]]
    return chosen, [
        examples.examples[place].question for place in chance.permutation(len(examples.examples))[:questions]
    ]


def scattered(real: Embeddings, count: int) -> Iterator[Embeddings]:
    """The real vectors, then made-up ones, `count` in all, unit rows in blocks.

    A made-up vector is a real one turned in a random direction, to a cosine drawn evenly between near and far;
    directions have the covariance of the real vectors, so they leave their subspace no more than real ones do.
    """
    chance = np.random.default_rng(1)
    spread = np.linalg.cholesky(np.cov(real.T) + 1e-6 * np.eye(real.shape[1])).astype(np.float32)
    for start in range(0, count, _AT_ONCE):
        size = min(_AT_ONCE, count - start)
        own = real[start : start + size]
        centres = real[chance.integers(0, len(real), size - len(own))]
        away = _unit(chance.standard_normal(centres.shape, dtype=np.float32) @ spread.T)
        cosines = chance.uniform(_FAR, _NEAR, (len(centres), 1)).astype(np.float32)
        yield np.vstack([own, _unit(cosines * centres + np.sqrt(1 - cosines**2) * away)])


def vector_library(path: Path, real: Embeddings, count: int) -> Library:
    """The library of `count` such vectors at this path, made where there is none; its passages are one letter long."""
    library = Library(path)
    VECTORS.prepare(library)
    if not library.counts()[1]:
        for number, vectors in enumerate(scattered(real, count)):
            put(library, f"article-{number}", vectors)
    return library


def put(library: Library, name: str, vectors: Embeddings) -> None:
    """Writes an article with one passage a vector."""
    spans = [Span(place, place + 1) for place in range(len(vectors))]
    with library.writing():
        stored = library.put(Article(name, name, "x" * len(vectors), name, sha256=name), spans)
        VECTORS.insert(library, [one.row for one in stored], vectors)


def texts(count: int, words: int = 100) -> Iterator[str]:
    """So many texts of about so many words, in sentences; how often a word comes follows Zipf's law (1949)."""
    chance = np.random.default_rng(2)
    syllables = [first + second for first in "bcdfghjklmnprstvwz" for second in ("a", "e", "i", "o", "u", "an", "er")]
    lengths = chance.integers(1, 5, _VOCABULARY)
    known = np.array(["".join(chance.choice(syllables, length)) for length in lengths])
    weights = 1 / np.arange(1, _VOCABULARY + 1)
    often = np.cumsum(weights / weights.sum())
    for _ in range(count):
        drawn = known[np.searchsorted(often, chance.random(words)).clip(max=_VOCABULARY - 1)]
        ends = range(0, words, _SENTENCE)
        yield " ".join(" ".join(drawn[start : start + _SENTENCE]).capitalize() + "." for start in ends)


def mixed(real: Sequence[str]) -> Iterator[str]:
    """The real texts, then made-up ones without end: as many sentences as a real text has, drawn from all of them.

    So words are as common as in the real ones, and common words stand in a library of any size in the same share of its
    passages; only a real library's rare words are rarer than these.
    """
    chance = np.random.default_rng(3)
    as_sentences = [_SENTENCE_END.split(text) for text in real]
    sentences = [sentence for sentence in chain.from_iterable(as_sentences) if sentence.strip()]
    yield from real
    while True:
        for like in as_sentences:
            yield " ".join(sentences[place] for place in chance.integers(0, len(sentences), len(like)))


def text_library(
    path: Path,
    vectors: Iterable[Embeddings],
    manifest: Manifest,
    written: Iterator[str] | None = None,
) -> Library:
    """A library of articles of ten texts, a passage each, made where there is none; vectors come in blocks.

    The texts are those `written`, else made-up words.
    """
    library = Library(path)
    if library.counts()[1]:
        return library
    prepare(library)
    paragraphs = 10
    for number, block in enumerate(vectors):
        block_texts = list(islice(written, len(block)) if written else texts(len(block)))
        with library.writing():
            record(library, manifest)
            for start in range(0, len(block), paragraphs):
                name = f"{number}-{start}"
                own = block_texts[start : start + paragraphs]
                stored = library.put(_article(name, own), _paragraphs(own))
                VECTORS.insert(library, [one.row for one in stored], block[start : start + paragraphs])
                WORDS.insert(library, stored)
                SPELLING.insert(library, stored)
    return library


def _article(name: str, paragraphs: list[str]) -> Article:
    return Article(name, paragraphs[0][:60], "\n\n".join(paragraphs), f"/made-up/{name}.txt", sha256=name)


def _paragraphs(texts_of_article: list[str]) -> list[Span]:
    ends = list(accumulate((len(one) + 2 for one in texts_of_article), initial=0))
    return [Span(start, start + len(one)) for start, one in zip(ends, texts_of_article, strict=False)]


def _unit(vectors: NDArray[np.floating]) -> Embeddings:
    unit: Embeddings = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return unit
