"""Quoted words found again in their article as it is now, as a W3C TextQuoteSelector is: by what stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from itertools import takewhile
from typing import Literal, TypeVar

from corpus.article import Article, Span
from corpus.sentences import sentences_around
from corpus.store import Library
from rag.answer import Context, Excerpt, Quote
from rag.cite import Citer

Standing = Literal["there", "moved", "changed", "gone"]
E = TypeVar("E", bound=Excerpt)

_ENOUGH = 0.6  # of the characters around the words, which must agree with those around them now
_AROUND = 200  # characters on either side that are compared
_MOST_PLACES = 10_000  # at which the words are compared; more often than that nothing tells which is meant
_LONG_WORDS = 24  # characters of a whole sentence that hardly stands anywhere else: it needs nothing around it


@dataclass(frozen=True, slots=True)
class Found:
    """What became of an excerpt: `there` at its place, `moved` to the span, or the article has `changed` or is `gone`.

    `span` is where the words stand now, None where nothing tells.
    """

    standing: Standing
    span: Span | None = None


def again(excerpt: Excerpt, article: Article | None) -> Found:
    """Where the excerpt's words stand in the article as it is now; None is an article that is gone.

    Words that stand elsewhere are found by what stood around them in their sentence: most of it must still stand around
    them, and around no others as much. What has nothing around it, and is long, is found where it stands only once.
    """
    if article is None:
        return Found("gone")
    own = Span(excerpt.start, excerpt.end)
    stands = own.end <= len(article.text) and own.cut(article.text) == excerpt.text
    if stands and article.sha256 == excerpt.sha256:
        return Found("there", own)
    place = _meant(excerpt, article.text)
    if place is None:
        return Found("changed")
    return Found("there" if place == own else "moved", place)


def _meant(excerpt: Excerpt, text: str) -> Span | None:
    """The place of the excerpt's words that is meant, or None where nothing tells."""
    before, after = _around(excerpt)
    places = list(_places(excerpt.text, text))
    if not places or len(places) > _MOST_PLACES:
        return None
    if not before and not after:
        return places[0] if len(excerpt.text) >= _LONG_WORDS and len(places) == 1 else None
    (most, place), *others = sorted(((_agreement(text, place, before, after), place) for place in places), reverse=True)
    is_clear = not others or others[0][0] < most
    return place if is_clear and most >= _ENOUGH * (len(before) + len(after)) else None


def moved(library: Library, excerpt: E, span: Span) -> E:
    """The excerpt at a place of its article as it is now; BrokenQuote where the words do not stand there."""
    place = asdict(Citer(library, ()).excerpt(excerpt.article_id, span, excerpt.text))
    there = replace(excerpt, **{**place, "authors": tuple(place["authors"])})
    if not isinstance(there, Quote):
        return there
    text = library.article(excerpt.article_id).text
    around = sentences_around(text, span)
    return replace(there, context=Context(around.start, around.end, around.cut(text)))


def _around(excerpt: Excerpt) -> tuple[str, str]:
    """What stood before and after the words in their sentence."""
    if not isinstance(excerpt, Quote):
        return "", ""
    context = excerpt.context
    before = context.text[: excerpt.start - context.start]
    return before[-_AROUND:], context.text[excerpt.end - context.start :][:_AROUND]


def _places(words: str, text: str) -> Iterator[Span]:
    """Where the words stand, as whole words and whole numbers."""
    edge = r"(?<!\w)(?<![0-9][.,])" if words[:1].isalnum() else ""
    end = r"(?!\w)(?![.,][0-9])" if words[-1:].isalnum() else ""
    for number, match in enumerate(re.finditer(f"{edge}{re.escape(words)}{end}", text)):
        yield Span(*match.span())
        if number >= _MOST_PLACES:
            return


def _agreement(text: str, place: Span, before: str, after: str) -> int:
    """How many characters agree before and after a place, going outwards from the words."""
    left = text[max(0, place.start - len(before)) : place.start][::-1]
    right = text[place.end : place.end + len(after)]
    return _alike(left, before[::-1]) + _alike(right, after)


def _alike(one: str, other: str) -> int:
    """How many characters two texts begin alike with."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
