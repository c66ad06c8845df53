"""The address that opens a web page scrolled to a quote: a text directive of the URL Fragment Text Directives draft.

Measured with Chromium 156: each part of a directive (prefix, start, end, suffix) must be whole words of one block of
the page: a paragraph, an item, a cell of a table. Between prefix and start, and between end and suffix, nothing but
white space and the edges of blocks may stand. A longer quote is named by its start and end, which may be in different
blocks. Of two places the first is opened, so each directive is tried on the text before it is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import quote as percent_encoded

from corpus.article import Span
from corpus.offset_map import OffsetRun, Origin

_WHOLE = 80  # characters of a quote that are named in full; a longer one by its ends
_WORDS = 5  # at either end
_WORDS_AROUND = (3, 8)  # more where three do not tell two places apart
_BLOCKS_BESIDE = 8  # from which on the page is marked where the words around do not tell two places apart
_CHARACTERS_AROUND = 100
_CHARACTERS_BEFORE = 1_000  # in which those blocks are looked for
# What a browser takes as one word with the letter or digit beside it: "Osprey's", "3.5", "240m".
_WORD_BEFORE = re.compile(r"(?:\w['’.,:]?)*\Z")
_WORD_AFTER = re.compile(r"(?:['’.,:]?\w)*")
_LONGEST_DIRECTIVE = 1_000  # characters of the words that name a quote; what has longer words is not named
_MOST_SEARCHED = 500_000  # characters of a text; a longer one is taken to have the words twice
_LONGEST_PART = 40  # characters of a word; a longer run is of a script that does without spaces
# Signs between the blocks of a page: bars between cells, and marks and numbers before items.
_BAR = re.compile(r"\|(?<!\S\|)(?!\S)")
_ITEM = re.compile(r"(?m)^[^\S\n]{0,8}(?:[-*•–]|\(?(?:[0-9]{1,3}|[A-Za-z]|[ivxlc]{2,5})[.)])(?=\s)")


@dataclass(frozen=True, slots=True)
class _Directive:
    """The words of a directive's parts; `at` is where the words of its start begin in the text."""

    start: list[str]
    end: list[str]
    at: int
    prefix: list[str] | None = None
    suffix: list[str] | None = None

    def __str__(self) -> str:
        named = ",".join(_encoded(words) for words in (self.start, self.end) if words)
        prefix = f"{_encoded(self.prefix)}-," if self.prefix else ""
        suffix = f",-{_encoded(self.suffix)}" if self.suffix else ""
        return f"{prefix}{named}{suffix}"

    def opens(self, text: str) -> bool:
        """Whether a browser that has this text opens it at the start, as far as that can be told."""
        parts = [self.prefix, self.start, None if self.end else self.suffix]
        pattern = r"\s*".join(f"({_pattern(words)})" for words in parts if words)
        found = re.search(pattern, text, re.IGNORECASE)
        return found is not None and found.start(2 if self.prefix else 1) == self.at


def fragment_url(url: str | None, text: str, span: Span, origin: Origin | None = None) -> str | None:
    """The web address that opens the page at the span of its text, or None where the article has none.

    Where the words stand in the text more than once, a directive with the words around it comes first, or one that
    begins with the row. One without follows, for a page that has other words around them. Bars, the numbers of items,
    and what has no place in the source (`origin`) are between blocks of the page; bars and numbers that have a place
    may be words of it as well.
    """
    if url is None or not url.lower().startswith(("http://", "https://")):
        return None
    page, whole = url.partition("#")[0], _whole_words(text, span)
    is_known = origin is not None and bool(origin.runs) and len(text) <= _MOST_SEARCHED
    as_written = _without_insertions(text, origin.runs) if origin and is_known else text
    blocks = _in_blocks(as_written)
    named = _named(blocks, whole)
    if named is None or sum(map(len, named.start + named.end)) > _LONGEST_DIRECTIVE:
        return page
    directives = [str(named)]
    if _stands_twice(blocks, named.start):
        may_be_words = is_known and blocks != as_written
        others = _around(as_written, whole, _named(as_written, whole) or named) if may_be_words else ()
        directives = [*_told_apart(blocks, whole, named), *map(str, islice(others, 1)), str(named)]
    return f"{page}#:~:{'&'.join(f'text={one}' for one in dict.fromkeys(directives))}"


def _without_insertions(text: str, runs: Iterable[OffsetRun]) -> str:
    """The text with a line break for each character that has no place in the source: it parts two blocks."""
    pieces, end = [], 0
    for run in runs:
        pieces += ["\n" * (run.start - end), text[run.start : run.end]]
        end = run.end
    return "".join([*pieces, "\n" * (len(text) - end)])


def _in_blocks(text: str) -> str:
    """The text with line breaks for bars and marks of items, as long as it was: a line is a block of the page."""
    return _ITEM.sub(lambda found: "\n" * len(found[0]), _BAR.sub("\n", text))


def _named(blocks: str, whole: Span) -> _Directive | None:
    """The directive of the words at a span alone; None where it has none."""
    words = whole.cut(blocks)
    lines = [line for line in words.splitlines() if line.strip()]
    if not lines:
        return None
    at = whole.end - len(words.lstrip())
    opening = lines[0].split(maxsplit=2 * _WORDS)
    if len(lines) == 1 and (whole.end - whole.start <= _WHOLE or len(opening) <= 2 * _WORDS):
        return _Directive(lines[0].split(), [], at)
    return _Directive(opening[:_WORDS], lines[-1].rsplit(maxsplit=_WORDS)[-_WORDS:], at)


def _told_apart(blocks: str, whole: Span, named: _Directive) -> list[str]:
    """The directive that opens the right one of several places, or the one most likely to; none without words around.

    Where the words around do not tell them apart, a later block of the quote may, or one before it, from which the page
    is marked on.
    """
    around = list(_around(blocks, whole, named))
    if len(blocks) > _MOST_SEARCHED:
        return [str(one) for one in around[:1]]
    ways = [*around, *_from_within(blocks, whole), *_from_before(blocks, whole, named)]
    return [str(one) for one in [*(one for one in ways if one.opens(blocks)), *around][:1]]


def _around(blocks: str, whole: Span, named: _Directive) -> Iterator[_Directive]:
    """The directive with few words before and after it, then with more, each out of one block."""
    before = blocks[max(0, whole.start - _CHARACTERS_AROUND) : named.at].rstrip().rpartition("\n")[2]
    after = blocks[whole.end : whole.end + _CHARACTERS_AROUND].lstrip().partition("\n")[0]
    for count in _WORDS_AROUND:
        yield replace(named, prefix=before.split()[-count:], suffix=after.split()[:count])


def _from_within(blocks: str, whole: Span) -> Iterator[_Directive]:
    """Directives from the beginning of a later block of the quote up to its end, the first block first."""
    for line in islice(re.finditer(r"\n[^\S\n]{0,8}(?=\S)", whole.cut(blocks)), _BLOCKS_BESIDE):
        rest = Span(whole.start + line.end(), whole.end)
        if named := _named(blocks, rest):
            yield from _around(blocks, rest, named)


def _from_before(blocks: str, whole: Span, named: _Directive) -> Iterator[_Directive]:
    """Directives from the beginning of a block before the quote up to its end, the nearest block first."""
    start = max(0, named.at - _CHARACTERS_BEFORE)
    lines = re.finditer(r"[^\n]+", blocks[start : named.at])
    whole_lines = [line for line in lines if line[0].strip() and (line.start() or not start)]
    for line in whole_lines[: -_BLOCKS_BESIDE - 1 : -1]:
        at = start + line.end() - len(line[0].lstrip())
        row = _Directive(line[0].split(maxsplit=_WORDS)[:_WORDS], named.end or named.start, at)
        yield row
        yield from _around(blocks, Span(at, whole.end), row)


def _whole_words(text: str, span: Span) -> Span:
    """The span with the rest of the words in which it begins and ends."""
    start, end = span.start, span.end
    before = _WORD_BEFORE.search(text, max(0, start - _LONGEST_PART), start)
    after = _WORD_AFTER.match(text, end, end + _LONGEST_PART)
    if before and text[start].isalnum() and len(before[0]) < _LONGEST_PART:
        start = before.start()
    if after and text[end - 1].isalnum() and len(after[0]) < _LONGEST_PART:
        end = after.end()
    return Span(start, end)


def _stands_twice(text: str, words: list[str]) -> bool:
    """Whether the words may stand in the text more than once for a browser.

    It ignores case and kinds of white space. The words around them, which a directive then has too, do no harm.
    """
    if len(text) > _MOST_SEARCHED:
        return True
    return len(list(islice(re.finditer(_pattern(words), text, re.IGNORECASE), 2))) == 2


def _pattern(words: list[str]) -> str:
    return r"\s+".join(map(re.escape, words))


def _encoded(words: list[str]) -> str:
    # A hyphen is part of the directive's syntax, and `quote` leaves it alone.
    return percent_encoded(" ".join(words), safe="").replace("-", "%2D")
