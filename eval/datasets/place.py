"""The places of gold answers, which a set names by file and words, found in the articles of a library."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache

from corpus.article import Article, Span
from corpus.library.store import Library
from eval.datasets.example import Example, Gold


def placed(examples: Iterable[Example], library: Library) -> list[Example]:
    """The examples with their golds and wrong answers at every place where the library has them.

    One that gives its place is there alone, if its words and those around still are. A gold whose file or words are not
    in the library stays without a place: whatever is retrieved has missed it.
    """
    sources = [(_slashed(header.source), header.id) for header in library.headers()]

    @cache
    def named(name: str) -> list[Article]:
        """The articles whose source is this name, or a path or address that ends in it."""
        ids = [identity for source, identity in sources if source == name or source.endswith(f"/{name}")]
        return [library.article(identity) for identity in ids]

    return [
        replace(one, golds=tuple(_placed(one.golds, named)), wrong=tuple(_placed(one.wrong, named))) for one in examples
    ]


def source_names(library: Library) -> dict[str, str]:
    """By article id what a set calls the article: the shortest end of its path that no other's has, or its address."""
    sources = {header.id: _slashed(header.source) for header in library.headers()}
    often = Counter(end for source in sources.values() for end in _ends(source))
    return {
        identity: next((end for end in _ends(source) if often[end] == 1), source)
        for identity, source in sources.items()
    }


def occurrences(words: str, text: str, inside: Span | None = None) -> list[Span]:
    """Every place where the words stand in a text, any white space being as good as any other."""
    pattern = re.compile(r"\s+".join(map(re.escape, words.split())))
    start, end = (inside.start, inside.end) if inside else (0, len(text))
    return [Span(*match.span()) for match in pattern.finditer(text, start, end) if match.group()]


def _placed(golds: Iterable[Gold], named: Callable[[str], list[Article]]) -> Iterable[Gold]:
    for gold in golds:
        articles = named(gold.article or "")
        found = list(_where_stated(gold, articles)) or list(_in_articles(gold, articles))
        yield from found or [replace(gold, article=None, span=None)]


def _where_stated(gold: Gold, articles: list[Article]) -> Iterable[Gold]:
    """The gold at the place that it gives itself, where its words and those around stand there."""
    for article in articles:
        if gold.span and article.text.startswith(gold.text, gold.span.start):
            span = Span(gold.span.start, gold.span.start + len(gold.text))
            around = occurrences(gold.context, article.text) if gold.context else [span]
            yield from (
                Gold(gold.text, article.id, span, within, gold.context) for within in around if within.covers(span)
            )


def _in_articles(gold: Gold, articles: list[Article]) -> Iterable[Gold]:
    for article in articles:
        for within in occurrences(gold.context or gold.text, article.text):
            for span in occurrences(gold.text, article.text, within):
                yield Gold(gold.text, article.id, span, within, gold.context)


def _slashed(source: str) -> str:
    return source.replace("\\", "/")


def _ends(source: str) -> list[str]:
    """The names that a source goes by, shortest first: a file with its last folder, its last two, ...; an address."""
    parts = source.split("/")
    return [source] if "://" in source else ["/".join(parts[-number:]) for number in range(1, len(parts) + 1)]
