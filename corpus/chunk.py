"""Articles are cut into passages of whole sentences, up to a number of tokens, paragraph by paragraph."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from corpus.article import Article, Passage, Span
from corpus.sentences import blocks, sentences, trimmed

CountTokens = Callable[[list[str]], list[int]]
_MAX_CUT_BACK = 40  # characters by which a piece of an over-long sentence may be shorter to end at a space


@dataclass(frozen=True, slots=True)
class Chunking:
    """At most `size` tokens a passage, of which up to `overlap` are repeated from the passage before."""

    size: int
    overlap: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.overlap < self.size:
            raise ValueError(f"the overlap ({self.overlap}) must be at least 0 and below the size ({self.size})")


@dataclass(frozen=True, slots=True)
class _Sentence:
    span: Span
    tokens: int
    opens_paragraph: bool


def chunk(article: Article, chunking: Chunking, count_tokens: CountTokens) -> list[Passage]:
    """The passages of an article in order; every sentence is in at least one, and none is longer than the size.

    A passage holds whole paragraphs where they fit. A paragraph longer than the size is cut at sentence ends into parts
    of about equal length, a sentence longer than the size at spaces.
    """
    counted = _count(article.text, chunking.size, count_tokens)
    passages = []
    previous = 0
    for first, last in _pack(counted, chunking.size - chunking.overlap):
        room = min(chunking.overlap, chunking.size - sum(sentence.tokens for sentence in counted[first : last + 1]))
        opening = _overlap_start(counted, previous, first, room)
        previous = first
        span = Span(counted[opening].span.start, counted[last].span.end)
        passages.append(Passage(article.id, article.title, span, span.cut(article.text)))
    return passages


def _count(text: str, size: int, count_tokens: CountTokens) -> list[_Sentence]:
    spans = sentences(text)
    counts = count_tokens([span.cut(text) for span in spans])
    openings = {block.start for block in blocks(text)}
    found: list[_Sentence] = []
    for span, tokens in zip(spans, counts, strict=True):
        opens = span.start in openings
        if tokens <= size:
            found.append(_Sentence(span, tokens, opens))
            continue
        pieces = _pieces(text, span, ceil(tokens / size), size, count_tokens)
        found.extend(_Sentence(piece, n, opens and piece.start == span.start) for piece, n in pieces)
    return found


def _pieces(text: str, span: Span, parts: int, size: int, count_tokens: CountTokens) -> list[tuple[Span, int]]:
    """An over-long sentence in pieces of at most `size` tokens with their counts, cut at spaces where there are any."""
    width = max((span.end - span.start) // parts, 1)
    pieces = []
    start = span.start
    while start < span.end:
        stop = min(start + width, span.end)
        if stop < span.end:
            space = max(text.rfind(" ", start, stop), text.rfind("\n", start, stop))
            stop = space if space > max(start, stop - _MAX_CUT_BACK) else stop
        if piece := trimmed(text, start, stop):
            pieces.append(piece)
        start = stop
    counts = count_tokens([piece.cut(text) for piece in pieces])
    if max(counts) > size and width > 1:
        return _pieces(text, span, parts * 2, size, count_tokens)
    return list(zip(pieces, counts, strict=True))


def _pack(counted: list[_Sentence], size: int) -> list[tuple[int, int]]:
    """The first and last sentence of each passage, whole paragraphs together where they fit."""
    groups: list[tuple[int, int]] = []
    first = 0
    filled = 0
    for start, stop in _paragraph_ranges(counted):
        tokens = sum(sentence.tokens for sentence in counted[start:stop])
        if start > first and filled + tokens > size:
            groups.append((first, start - 1))
            first, filled = start, 0
        if tokens > size:
            groups.extend(_split(counted, start, stop, size))
            first, filled = stop, 0
        else:
            filled += tokens
    if first < len(counted):
        groups.append((first, len(counted) - 1))
    return groups


def _paragraph_ranges(counted: list[_Sentence]) -> list[tuple[int, int]]:
    starts = [number for number, sentence in enumerate(counted) if sentence.opens_paragraph]
    return list(zip(starts, [*starts[1:], len(counted)], strict=True))


def _split(counted: list[_Sentence], start: int, stop: int, size: int) -> list[tuple[int, int]]:
    """As `_pack`, of one long paragraph: parts of about equal length, rather than full ones and a short rest."""
    total = sum(sentence.tokens for sentence in counted[start:stop])
    target = total / ceil(total / size)
    groups = []
    first, filled = start, 0
    for number in range(start, stop):
        tokens = counted[number].tokens
        if number > first and (filled + tokens > size or filled + tokens / 2 > target):
            groups.append((first, number - 1))
            first, filled = number, 0
        filled += tokens
    groups.append((first, stop - 1))
    return groups


def _overlap_start(counted: list[_Sentence], previous: int, first: int, room: int) -> int:
    """The sentence to begin with to repeat up to `room` tokens of the passage that begins at `previous`."""
    while room > 0 and first > previous and counted[first - 1].tokens <= room:
        first -= 1
        room -= counted[first].tokens
    return first
