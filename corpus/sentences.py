"""The sentences of a text, as spans."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from corpus.article import Span
from corpus.deadline import check_deadline
from corpus.tables import in_table, is_row

MOST_AROUND = 2_000  # characters of a sentence on either side of words in it: what has no full stops has no end
_SEEN = MOST_AROUND + 200  # with what decides whether a full stop ends a sentence
_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*\n\s*")
_CLOSERS = "\"'”’»)\\]"
_OPENERS = "\"'“‘«(\\[¿¡—–\\-"
_FULL_WIDTH = "。！？"
# A whole run of end marks (or a spaced ellipsis) with closing quotes and note numbers, then white space; or full-width
# end marks, which need no space after them. That repeats are possessive, and that no match begins within a run, keeps
# long runs from costing quadratic time.
_END = re.compile(
    r"(?<![.!?…])(?<!\.[ \xa0])(?:\.(?:[ \xa0]\.)++|[.!?…]++)"
    rf"(?:[{_CLOSERS}]|[ \xa0\u202f]»|\[\d{{1,3}}\])*+(?=\s|\Z)|[{_FULL_WIDTH}]++[”’」』）]*+"
)
_ELLIPSIS = re.compile(r"\.[ \xa0]?\.")
_NEXT_WORD = re.compile(rf"[{_OPENERS}\s]*+(\w+)")
_LAST_WORD = re.compile(rf"(?:^|[\s{_OPENERS}])((?:\w[\w'’]*\.)*\w[\w'’]*)$")
_DOTTED = re.compile(r"(?:\w\.)+\w")
_RAGGED = 6  # characters by which a hard-wrapped line may be shorter than it could be
_LOOKED_AT = 200  # lines
_ITEM = re.compile(r"(?:[-*•‣◦▪·–—]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)])[^\S\n]")  # at the beginning of a line
_BEFORE_ITEM = ".!?:;,…"
_MAX_INDENT = 80  # characters
_WRAPPED_LINE = range(50, 110)  # characters in a line of hard-wrapped text

_ABBREVIATIONS = frozenset(
    "mr mrs ms mx dr prof rev hon fr sr jr st gen col maj capt cpt lt sgt cpl pvt adm cmdr brig sen rep gov pres "
    "supt insp det atty dist messrs mme mlle inc ltd co corp bros plc llc ed eds "
    "dept univ est approx vs etc al cf ca eg ie viz jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues "
    "wed thu thur thurs fri sat sun ave blvd rd mt ft hwy ph m mm nr av env tél".split()
)
# Abbreviations that may well end a sentence: a following capital decides unless the word after is a usual name part.
_MAY_END = frozenset("inc ltd co corp bros plc llc etc al jr sr dec sat sun mar ed m mm st dept".split())
_BEFORE_NUMBER = frozenset("no nos vol pp fig eq op art sec ch".split())
_STARTERS = frozenset(
    "the a an it he she they we i in on at but and this that these those there as after before when while if for to "
    "its his her their our my one two some many most no not however meanwhile le la les un une il elle ils elles on "
    "nous mais et dans en ce cette ces".split()
)


def sentences(text: str) -> list[Span]:
    """The sentences of a text in order; every character but the white space between them is in one.

    A blank line always ends a sentence. A single line break does too, unless its paragraph is hard-wrapped. A row of a
    table is one.
    """
    return [sentence for sentence, _ in each_sentence(text)]


def each_sentence(text: str) -> Iterator[tuple[Span, bool]]:
    """As `sentences`, one at a time, and of each whether it opens a block."""
    for block in _blocks(text):
        for sentence in _in_block(text, block):
            yield sentence, sentence.start == block.start


def blocks(text: str) -> list[Span]:
    """The parts of a text that no sentence crosses: lines, or paragraphs where these are hard-wrapped."""
    return list(_blocks(text))


def _blocks(text: str) -> Iterator[Span]:
    for paragraph in paragraphs(text):
        yield from _lines(text, paragraph)


def paragraphs(text: str, start: int = 0, last: int | None = None) -> Iterator[Span]:
    """The parts of a text, or of a stretch of it, between blank lines, without the white space around them."""
    last = len(text) if last is None else last
    for match in _PARAGRAPH_BREAK.finditer(text, start, last):
        check_deadline()
        if span := trimmed(text, start, match.start()):
            yield span
        start = match.end()
    if span := trimmed(text, start, last):
        yield span


def _in_block(text: str, block: Span) -> Iterator[Span]:
    if in_table(text, block):
        yield block
        return
    start = block.start
    mark = _ITEM.match(text, block.start, block.end)
    for match in _END.finditer(text, mark.end() if mark else start, block.end):
        check_deadline()
        if _ends_sentence(text, match, block.end) and (span := trimmed(text, start, match.end())):
            yield span
            start = match.end()
    if rest := trimmed(text, start, block.end):
        yield rest


def _lines(text: str, paragraph: Span) -> Iterator[Span]:
    """A paragraph's lines, or the whole paragraph, or its items, where these are hard-wrapped."""
    for part in _parts(text, paragraph, paragraph):
        if is_one_block(part.cut(text)):
            yield part
        else:
            yield from _split(text, part.start, part.end)


def _parts(text: str, paragraph: Span, stretch: Span) -> Iterator[Span]:
    """A stretch of a paragraph, or the items and the rows of tables in it."""
    is_list = _ITEM.match(text, paragraph.start, paragraph.end) is not None
    part: Span | None = None
    was_row = False
    for line in _split(text, stretch.start, stretch.end):
        row = is_row(line.cut(text))
        item = _is_item(text, line, is_list)
        is_list |= item
        if part and (row or was_row or item):
            yield part
            part = None
        part = Span(part.start if part else line.start, line.end)
        was_row = row
    if part:
        yield part


def _is_item(text: str, line: Span, in_list: bool) -> bool:
    """Whether a line begins an item: one came before in its paragraph, or the line before has an end mark."""
    if not _ITEM.match(text, line.start, line.end):
        return False
    before = text[max(line.start - _MAX_INDENT, 0) : line.start].rstrip(" \t")
    return before.endswith("\n") and (in_list or before.rstrip()[-1:] in _BEFORE_ITEM)


def is_item(text: str, sentence: Span) -> bool:
    """Whether a sentence begins with the mark or the number of an item."""
    return _ITEM.match(text, sentence.start, sentence.end) is not None


def without_mark(text: str, sentence: Span) -> Span:
    """The sentence without the mark or the number of an item before its words."""
    mark = _ITEM.match(text, sentence.start, sentence.end)
    return Span(mark.end(), sentence.end) if mark and mark.end() < sentence.end else sentence


def is_one_block(words: str) -> bool:
    """Whether a paragraph of these words, or an item of a list, is one line, or hard-wrapped.

    Lines of the usual width are no hard-wrapped ones where each begins as a sentence does, and one had room for more.
    """
    start, width = 0, 0
    while (end := words.find("\n", start)) >= 0:
        if end - start not in _WRAPPED_LINE:
            return False
        start, width = end + 1, max(width, end - start)
    if start and len(words) - start >= _WRAPPED_LINE.stop:
        return False
    lines = [line.strip() for line in words.split("\n", _LOOKED_AT)[:_LOOKED_AT]]
    if len(lines) < 3 or any(line[:1].islower() for line in lines[1:]):
        return True
    # The first word of a line would have fitted on the line before.
    return not any(
        len(line) + len(after.split(maxsplit=1)[0]) < width - _RAGGED for line, after in pairwise(lines) if after
    )


def _split(text: str, start: int, last: int) -> Iterator[Span]:
    """The lines of a stretch of the text."""
    while start <= last:
        end = text.find("\n", start, last)
        end = last if end < 0 else end
        if span := trimmed(text, start, end):
            yield span
        start = end + 1


def _ends_sentence(text: str, match: re.Match[str], limit: int) -> bool:
    mark = match.group()
    following = _NEXT_WORD.match(text, match.end(), limit)
    if following is None or mark[0] in _FULL_WIDTH:
        return True
    if following[1][0].islower():
        return False
    return mark[0] != "." or bool(_ELLIPSIS.match(mark)) or not _is_abbreviation(text, match.start(), following[1])


def _is_abbreviation(text: str, stop: int, next_word: str) -> bool:
    """Whether the full stop at `stop` belongs to an abbreviation and does not end the sentence."""
    before = _LAST_WORD.search(text, max(0, stop - 40), stop)
    if before is None:
        return False
    word = before[1].lower()
    if word in _BEFORE_NUMBER:
        return next_word[0].isdigit()
    if word in _MAY_END or _DOTTED.fullmatch(word) or (len(word) == 1 and word.isalpha()):
        return next_word.lower() not in _STARTERS
    return word in _ABBREVIATIONS


def trimmed(text: str, start: int, end: int) -> Span | None:
    """The span without white space at its ends, or None where nothing else is left."""
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    end -= len(words) - len(words.rstrip())
    return Span(start, end) if start < end else None


def sentences_around(text: str, span: Span) -> Span:
    """The span of the sentences that the span overlaps; of each at most `MOST_AROUND` characters beyond the span.

    Only the paragraphs around the span are looked at, and the sentences within reach.
    """
    after = _PARAGRAPH_BREAK.search(text, span.end)
    near = paragraphs(text, _paragraph_start(text, span.start), after.start() if after else len(text))
    touched = [
        sentence
        for paragraph in near
        if paragraph.overlaps(span)
        for part in _within_reach(text, paragraph, span)
        for sentence in _in_block(text, part)
        if sentence.overlaps(span)
    ]
    if not touched:
        return span
    start, end = max(touched[0].start, span.start - MOST_AROUND), min(touched[-1].end, span.end + MOST_AROUND)
    return Span(min(span.start, start), max(span.end, end))


def _paragraph_start(text: str, at: int) -> int:
    """Where the last paragraph begins that begins before a place, or white space before it."""
    line_end = text.rfind("\n", 0, at)
    while line_end >= 0:
        before = text.rfind("\n", 0, line_end)
        if before >= 0 and not text[before:line_end].strip():
            return line_end + 1
        line_end = before
    return 0


def _within_reach(text: str, paragraph: Span, span: Span) -> list[Span]:
    """The parts that no sentence crosses of so much of a paragraph as lies within reach of the span."""
    start, end = max(paragraph.start, span.start - _SEEN), min(paragraph.end, span.end + _SEEN)
    found: list[Span] = []
    for part in _parts(text, paragraph, Span(start, end)):
        is_whole = part.start not in {start} - {paragraph.start} and part.end not in {end} - {paragraph.end}
        one_block = is_one_block((part if is_whole else paragraph).cut(text))
        found += [part] if one_block else _split(text, part.start, part.end)
    return found
