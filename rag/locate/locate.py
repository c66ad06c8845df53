"""The places of a quote in the library: every exact one, or else the nearest ones, marked as such."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Literal

from corpus.article import Span
from corpus.errors import PullquoteError
from corpus.folding import folded, folded_with_map
from corpus.library.store import Library
from corpus.offset_map import MappedText, Origin
from index.hit import Hit
from rag.answer import Excerpt
from rag.citation.cite import Citer
from rag.decision.near_duplicates import independent
from rag.locate.nearest import Nearest, Piece, QuoteDifference, differences, nearest, words
from rag.locate.occurrences import count_occurrences, occurrences
from rag.retrieve import Retriever

Match = Literal["exact", "near", "none"]

LONGEST_QUOTE = 5_000  # characters
_LOWEST_THRESHOLD, _SLOPE = 0.55, 0.8  # of the similarity; the slope is over one by the number of words
HIGHEST_THRESHOLD = 0.9
_MOST_NEAR = 3
_QUERY = 2_000  # characters of the quote that are searched for
_HITS = 20  # passages around which a near match is looked for
_ALIGNED = 6  # parts of articles around them that are compared word by word, fewer where they are long
MOST_COMPARED = 60_000_000  # pairs of words, about a second; one part is compared in any case
_MARGIN = 500  # characters beside a passage, with a quarter more than those of the quote
_MARKS = frozenset("\"'`´“”„‟‘’‚‛«»‹›「」『』〝〞＂＇")
_IMPOSSIBLE = re.compile("[\ud800-\udfff\0]")  # no article holds a lone surrogate or a NUL
_LINE_END = re.compile("\r\n?")


class BadQuote(PullquoteError):
    """The quote cannot be looked up; paste one of at most 5,000 characters with a letter or a digit in it."""

    status = 422


@dataclass(frozen=True, slots=True)
class Location(Excerpt):
    """A place of the words, or of words like them, and then what differs; see `rag.locate.nearest`."""

    similarity: float
    differences: tuple[QuoteDifference, ...]


@dataclass(frozen=True, slots=True)
class Located:
    """Where a quote stands. `quote` is what was looked for: the paste in NFC, without quotation marks around it.

    `exact`: its places, by title, id and place; `total` counts those not listed too. Signs that look the same are the
    same there (`corpus.folding`), and `differences` has them.
    `near`: none of these, but the places nearest to it, best first. `none`: no place is near.
    """

    quote: str
    match: Match
    total: int
    locations: tuple[Location, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the quote, or something like it, stands in an article, whose words there are `text`."""

    article_id: str
    text: str
    nearest: Nearest


def locate(library: Library, retriever: Retriever, quote: str, limit: int = 10) -> Located:
    """Every exact place of the quote in the library, `limit` of them listed, or else the nearest places; BadQuote.

    Exact places are complete: all articles are searched, for parts of words too. Near ones are searched for around the
    passages that the retriever finds; docs/measurements/locate.md has the threshold and what it finds.
    """
    checked = checked_quote(quote)
    citer = Citer(library, ())
    with library.reading():
        total, places = _exact(library, citer, checked, limit)
        if not total:
            threshold = similarity_threshold(len(words(checked)))
            near = (one for one in nearest_places(library, retriever, checked) if one.nearest.similarity >= threshold)
            places = list(islice(near, _MOST_NEAR))
        locations = tuple(_cited(citer, place) for place in places)
    return Located(checked, "exact" if total else "near" if places else "none", total, locations)


def checked_quote(quote: str) -> str:
    """The quote as articles have their text (NFC, line feeds), without white space and quotation marks around it.

    BadQuote where it is too long, or nothing is left to look for.
    """
    if len(quote) > LONGEST_QUOTE:
        raise BadQuote(f"The quote has {len(quote):,} characters; paste one of at most {LONGEST_QUOTE:,} characters.")
    if not any(map(str.isalnum, quote)):
        fault = "has no letter or digit" if quote.strip() else "is empty"
        raise BadQuote(f"The quote {fault}; paste some words of an article.")
    text = unicodedata.normalize("NFC", _LINE_END.sub("\n", _IMPOSSIBLE.sub("\ufffd", quote)))
    return text.strip("".join(filter(_is_around, set(text))))


def similarity_threshold(count: int) -> float:
    """The similarity from which a place is near, for a quote of so many words: few words are soon alike by chance."""
    return min(_LOWEST_THRESHOLD + _SLOPE / max(count, 1), HIGHEST_THRESHOLD)


def nearest_places(library: Library, retriever: Retriever, quote: str) -> list[Place]:
    """The place nearest to the quote in each part of an article around the passages found for it, best first."""
    hits = retriever.search(quote[:_QUERY], _HITS)
    texts = {name: library.article(name).text for name in {hit.passage.article_id for hit in hits}}
    quoted = words(quote)
    weights = _weights(quoted)
    parts = [
        (name, part, there)
        for name, window in _windows(hits, texts, len(quote))
        for part, there in _parts(words(window.cut(texts[name]), window.start), window, len(quoted))
    ]
    parts.sort(key=lambda part: (-(weights & _weights(part[2])).total(), part[:2]))
    found = []
    left = MOST_COMPARED
    for name, part, there in parts[:_ALIGNED]:
        if left > 0 and (place := nearest(texts[name], part, quote)):
            found.append(Place(name, place.span.cut(texts[name]), place))
        left -= len(quoted) * len(there)
    found.sort(key=lambda place: (-place.nearest.similarity, place.article_id, place.nearest.span))
    return independent(found, _overlap)


def _is_around(char: str) -> bool:
    """Whether a character at an end of a paste is white space, a quotation mark or invisible."""
    return char.isspace() or char in _MARKS or unicodedata.category(char) == "Cf"


def _exact(library: Library, citer: Citer, quote: str, limit: int) -> tuple[int, list[Place]]:
    """How many exact places there are, and the first of them."""
    plain = folded(quote)
    found = ((title, name, _count(text, quote, plain)) for name, title, text in library.may_hold(plain))
    counts = sorted(one for one in found if one[2])
    places: list[Place] = []
    for _, name, _ in counts:
        if len(places) >= limit:
            break
        text = citer.article(name).text
        spans = islice(_spans(text, quote, plain), limit - len(places))
        places += [Place(name, span.cut(text), Nearest(span, 1.0, differences(text, span, quote))) for span in spans]
    return sum(count for _, _, count in counts), places


def _count(text: str, quote: str, plain: str) -> int:
    """How many times a quote, or what looks like it, stands in the text; `plain` is the quote folded."""
    return count_occurrences(folded(text), plain) or count_occurrences(text, quote)


def _spans(text: str, quote: str, plain: str) -> Iterator[Span]:
    """Where a quote, or what looks like it, stands in the text, in order; `plain` is the quote folded."""
    there = folded_with_map(text)
    if plain not in there.text:  # a sign is folded by those before it, which the quote may lack
        there, plain = MappedText.of(text), quote
    origin = Origin(there.runs)
    for start in occurrences(there.text, plain):
        first, last = origin.source_range(start, start + len(plain)) or (0, 0)
        is_verbatim = text.startswith(quote, first)
        yield Span(first, first + len(quote) if is_verbatim else last)


def _windows(hits: Sequence[Hit], texts: Mapping[str, str], length: int) -> list[tuple[str, Span]]:
    """The parts of articles in which a quote of this length stands if a passage found has some of it; none overlap."""
    reach = length * 5 // 4 + _MARGIN
    found: list[tuple[str, Span]] = []
    for passage in sorted((hit.passage for hit in hits), key=lambda passage: (passage.article_id, passage.span)):
        name = passage.article_id
        window = Span(max(passage.span.start - reach, 0), min(passage.span.end + reach, len(texts[name])))
        if found and found[-1][0] == name and found[-1][1].overlaps(window):
            _, before = found.pop()
            window = Span(before.start, max(before.end, window.end))
        found.append((name, window))
    return found


def _parts(there: list[Piece], window: Span, asked: int) -> Iterator[tuple[Span, list[Piece]]]:
    """A window with its words, in parts where it has too many to be compared with so many of a quote.

    A place as long as the quote and half as long again is whole in one of the parts.
    """
    most = max(MOST_COMPARED // max(asked, 1), 2 * asked)
    if len(there) <= most:
        yield window, there
        return
    for first in range(0, len(there), most - asked * 3 // 2):
        some = there[first : first + most]
        yield Span(some[0].start, some[-1].end), some


def _overlap(one: Place, other: Place) -> bool:
    return one.article_id == other.article_id and one.nearest.span.overlaps(other.nearest.span)


def _weights(pieces: Iterable[Piece]) -> Counter[str]:
    """The words, each as often as it has characters."""
    weights: Counter[str] = Counter()
    for word in pieces:
        weights[word.folded] += word.weight
    return weights


def _cited(citer: Citer, place: Place) -> Location:
    excerpt = citer.excerpt(place.article_id, place.nearest.span, place.text)
    return Location(**asdict(excerpt), similarity=place.nearest.similarity, differences=place.nearest.differences)
