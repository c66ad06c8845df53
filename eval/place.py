"""The places of golds that a set names by file and words: found again in the articles of a library."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from corpus.article import Article, Span
from corpus.store import Library
from eval.example import Example, Gold


def placed(examples: Iterable[Example], library: Library) -> list[Example]:
    """The examples with their golds at every place where the library has them.

    A gold whose file or words are not in the library stays without a place: whatever is retrieved has missed it.
    """
    shelf = _Shelf(library)
    return [replace(example, golds=tuple(_placed(example.golds, shelf))) for example in examples]


def occurrences(words: str, text: str, inside: Span | None = None) -> list[Span]:
    """Every place where the words stand in a text, any white space being as good as any other."""
    pattern = re.compile(r"\s+".join(map(re.escape, words.split())))
    start, end = (inside.start, inside.end) if inside else (0, len(text))
    return [Span(*match.span()) for match in pattern.finditer(text, start, end) if match.group()]


class _Shelf:
    """The articles of a library by the name of their file, each read once."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._sources = [(header.source.replace("\\", "/"), header.id) for header in library.headers()]
        self._known: dict[str, list[Article]] = {}

    def named(self, name: str) -> list[Article]:
        """The articles whose source is this name, or a path or address that ends in it."""
        if name not in self._known:
            ids = [identity for source, identity in self._sources if source == name or source.endswith(f"/{name}")]
            self._known[name] = [self._library.article(identity) for identity in ids]
        return self._known[name]


def _placed(golds: Iterable[Gold], shelf: _Shelf) -> Iterable[Gold]:
    for gold in golds:
        found = list(_in_articles(gold, shelf.named(gold.article or "")))
        yield from found or [replace(gold, article=None)]


def _in_articles(gold: Gold, articles: list[Article]) -> Iterable[Gold]:
    for article in articles:
        for within in occurrences(gold.context or gold.text, article.text):
            for span in occurrences(gold.text, article.text, within):
                yield Gold(gold.text, article.id, span, within, gold.context)
