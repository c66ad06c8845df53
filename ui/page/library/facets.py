"""The choices of the filter panel: the outlets, authors, languages and articles that the library holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import Any, Literal, get_args

from corpus.library.store import ArticleHeader, Library
from index.filters import BadFilter, Filter
from index.lexical.spelling import plain
from ui.page.examples import newest_first
from ui.phrases import one_or_many

Facet = Literal["outlet", "author", "language", "article"]
FACETS: tuple[Facet, ...] = get_args(Facet)
MOST_CHOICES = 50  # of a facet that are offered at once; the others are found by their words


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a filter's field, its name, what tells it from others of that name, and the words it is found by."""

    value: str
    label: str
    detail: str
    found_by: str


@dataclass(frozen=True, slots=True)
class FacetMatches:
    """The first choices that have all the words looked for, and how many choices have them."""

    choices: tuple[FacetValue, ...]
    total: int


class Facets:
    """The choices of one library, collected anew when it has changed; safe to share between threads."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = Lock()
        self._collected: tuple[int, Mapping[Facet, tuple[FacetValue, ...]]] | None = None

    def find(self, facet: Facet, words: str = "") -> FacetMatches:
        """The choices in whose name every word occurs, whatever its case and accents; all of them for no words."""
        wanted = plain(words).split()
        found = [one for one in self._choices()[facet] if all(word in one.found_by for word in wanted)]
        return FacetMatches(tuple(found[:MOST_CHOICES]), len(found))

    def _choices(self) -> Mapping[Facet, tuple[FacetValue, ...]]:
        with self._lock, self._library.reading() as generation:
            if self._collected is None or self._collected[0] != generation:
                self._collected = (generation, _collect(self._library.headers()))
            return self._collected[1]


def _collect(headers: Iterable[ArticleHeader]) -> dict[Facet, tuple[FacetValue, ...]]:
    newest = newest_first(headers)
    return {
        "outlet": _most_frequent("outlet", (header.outlet for header in newest if header.outlet)),
        "author": _most_frequent("author", (name for header in newest for name in dict.fromkeys(header.authors))),
        "language": _most_frequent("language", (header.language for header in newest if header.language)),
        "article": tuple(map(_article, newest)),
    }


def _most_frequent(facet: Facet, values: Iterable[str]) -> tuple[FacetValue, ...]:
    """A choice for each value, those of most articles first.

    Spellings that pass the same filter are one choice, under the most frequent. A name that no filter takes is left
    out: what an article says of itself may be no name at all.
    """
    spellings: dict[str, Counter[str]] = {}
    for value, count in Counter(values).items():
        spellings.setdefault(" ".join(plain(value).split()), Counter())[value] += count
    ranked = []
    for found_by, counted in spellings.items():
        value, count = counted.most_common(1)[0][0], counted.total()
        field: dict[str, Any] = {facet: (value,)}
        with suppress(BadFilter):
            Filter(**field)
            ranked.append((-count, found_by, FacetValue(value, value, one_or_many(count, "article"), found_by)))
    return tuple(choice for *_, choice in sorted(ranked, key=lambda one: one[:2]))


def _article(header: ArticleHeader) -> FacetValue:
    detail = " · ".join(part for part in (header.outlet, header.published) if part)
    return FacetValue(header.id, header.title, detail, plain(f"{header.title} {detail}"))
