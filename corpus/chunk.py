"""Articles are cut into passages of whole sentences, up to a number of tokens, paragraph by paragraph."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from math import ceil

from corpus.article import Article, Passage, Span
from corpus.deadline import check_deadline
from corpus.errors import PullquoteError
from corpus.sentences import each_sentence, trimmed
from corpus.tables import in_table

CountTokens = Callable[[list[str]], list[int]]
MOST_PASSAGES = 100_000  # of an article
LONGEST_PASSAGE = 100_000  # characters, about: 160 tokens of words have 1,000, but a word of any length is one token
_COUNTED_AT_ONCE = 200_000  # characters
_SENTENCES_AT_ONCE = 10_000
_LONGEST_ROW = 4  # times the size: a row of a table that is no longer is a passage of its own, as no other text is
_MAX_CUT_BACK = 40  # characters by which a piece of an over-long sentence may be shorter to end at a space


@dataclass(frozen=True, slots=True)
class Chunking:
    """At most `size` tokens a passage, of which up to `overlap` are repeated from the passage before."""

    size: int
    overlap: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.overlap < self.size:
            raise ValueError(f"the overlap ({self.overlap}) must be at least 0 and below the size ({self.size})")


class UnfitText(PullquoteError):
    """The text cannot be cut into passages that can be searched; the message continues after the article's name."""


@dataclass(slots=True)
class _Sentences:
    """Sentences in order: their starts, ends and tokens, in arrays, as a text may have millions."""

    starts: array[int] = field(default_factory=partial(array, "q"))
    ends: array[int] = field(default_factory=partial(array, "q"))
    tokens: array[int] = field(default_factory=partial(array, "q"))

    def __len__(self) -> int:
        return len(self.starts)

    def add(self, span: Span, tokens: int) -> None:
        self.starts.append(span.start)
        self.ends.append(span.end)
        self.tokens.append(tokens)

    def extend(self, other: _Sentences) -> None:
        self.starts += other.starts
        self.ends += other.ends
        self.tokens += other.tokens

    def part(self, first: int, stop: int) -> _Sentences:
        return _Sentences(self.starts[first:stop], self.ends[first:stop], self.tokens[first:stop])


def chunk(article: Article, chunking: Chunking, count_tokens: CountTokens) -> list[Passage]:
    """The passages of an article in order; every sentence is in at least one.

    A passage holds whole paragraphs where they fit. A paragraph longer than the size is cut at sentence ends into parts
    of about equal length, a sentence longer than the size at spaces, a row of a table only where it is four times as
    long. What is hardly words is cut after LONGEST_PASSAGE characters. UnfitText.
    """
    cut = spans(article.text, chunking, count_tokens)
    return [Passage(article.id, article.title, span, span.cut(article.text)) for span in cut]


def spans(text: str, chunking: Chunking, count_tokens: CountTokens) -> list[Span]:
    """Where the passages of a text stand. UnfitText where they are too many."""
    found: list[Span] = []
    previous = _Sentences()

    def count(texts: list[str]) -> list[int]:
        """A text that is too long for a passage has too many tokens for it, too."""
        least = (len(one) * chunking.size // LONGEST_PASSAGE for one in texts)
        return list(map(max, count_tokens(texts), least))

    blocks = _blocks(_counted(text, chunking.size, count))
    for group in _narrowed(_pack(blocks, chunking.size - chunking.overlap)):
        room = min(chunking.overlap, chunking.size - sum(group.tokens))
        span = Span(_overlap_start(previous, group.starts[0], room), group.ends[-1])
        if len(found) >= MOST_PASSAGES:
            raise UnfitText(f"has more than {MOST_PASSAGES:,} passages; split it")
        found.append(span)
        previous = group
    return found


def _counted(text: str, size: int, count_tokens: CountTokens) -> Iterator[tuple[Span, int, bool]]:
    """The sentences, their tokens, and whether they open a block; over-long ones in pieces that fit."""
    for batch in _batches(each_sentence(text)):
        check_deadline()
        counts = count_tokens([span.cut(text) for span, _ in batch])
        for (span, opens), tokens in zip(batch, counts, strict=True):
            if tokens <= size or (tokens <= _LONGEST_ROW * size and in_table(text, span)):
                yield span, tokens, opens
                continue
            for piece, count in _pieces(text, span, ceil(tokens / size), size, count_tokens):
                yield piece, count, opens and piece.start == span.start


def _batches(found: Iterable[tuple[Span, bool]]) -> Iterator[list[tuple[Span, bool]]]:
    """The sentences in lists of about so many characters, or so many sentences, as are counted at once."""
    batch: list[tuple[Span, bool]] = []
    characters = 0
    for one in found:
        batch.append(one)
        characters += one[0].end - one[0].start
        if characters >= _COUNTED_AT_ONCE or len(batch) >= _SENTENCES_AT_ONCE:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _blocks(counted: Iterable[tuple[Span, int, bool]]) -> Iterator[_Sentences]:
    """The sentences of each block."""
    block = _Sentences()
    for span, tokens, opens in counted:
        if opens and len(block):
            yield block
            block = _Sentences()
        block.add(span, tokens)
    if len(block):
        yield block


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


def _pack(blocks: Iterable[_Sentences], size: int) -> Iterator[_Sentences]:
    """The sentences of each passage, whole paragraphs together where they fit."""
    group = _Sentences()
    filled = 0
    for block in blocks:
        tokens = sum(block.tokens)
        if len(group) and filled + tokens > size:
            yield group
            group, filled = _Sentences(), 0
        if tokens > size:
            yield from _split(block, tokens, size)
            continue
        group.extend(block)
        filled += tokens
    if len(group):
        yield group


def _split(block: _Sentences, total: int, size: int) -> Iterator[_Sentences]:
    """As `_pack`, of one long paragraph: parts of about equal length, rather than full ones and a short rest."""
    target = total / ceil(total / size)
    first, filled = 0, 0
    for number, tokens in enumerate(block.tokens):
        if number > first and (filled + tokens > size or filled + tokens / 2 > target):
            yield block.part(first, number)
            first, filled = number, 0
        filled += tokens
    yield block.part(first, len(block))


def _narrowed(groups: Iterable[_Sentences]) -> Iterator[_Sentences]:
    """The groups, in parts where sentences of no tokens or the space between them make one too long."""
    for group in groups:
        first = 0
        if group.ends[-1] - group.starts[0] > LONGEST_PASSAGE:
            for number in range(1, len(group)):
                if group.ends[number] - group.starts[first] > LONGEST_PASSAGE:
                    yield group.part(first, number)
                    first = number
        yield group.part(first, len(group))


def _overlap_start(previous: _Sentences, start: int, room: int) -> int:
    """Where a passage begins that repeats up to `room` tokens of the `previous` one, and whose own begin at `start`."""
    first = len(previous)
    while room > 0 and first > 0 and previous.tokens[first - 1] <= room:
        first -= 1
        room -= previous.tokens[first]
        start = previous.starts[first]
    return start
