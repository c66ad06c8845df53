"""The quotations of a text: between marks of any kind, nested, across paragraphs, and as block quotes. Pure.

A mark that no other closes in its paragraph opens nothing, unless the next paragraph begins with the same mark.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.article import Span
from corpus.deadline import check_deadline
from corpus.sentences import trimmed

_CLOSERS = {
    "“": "”", "„": "“”", "‟": "”", "”": "”", "«": "»", "»": "«", "‹": "›", "›": "‹", "‘": "’", "‚": "‘’", '"': '"',
    "'": "'", "「": "」", "『": "』",
}  # fmt: skip
_EITHER = frozenset("\"'”»›")  # open only before a word, where nothing ends with them
_WEAK = frozenset("'’‘")  # apostrophes, too
_BREAK = r"\n(?:[ \t>]*\n)+[ \t>]*"
_MARK = re.compile(rf"(?P<mark>[{''.join(_CLOSERS)}’」』])|{_BREAK}|\Z")
_AGAIN = re.compile(r"\s*")
_NO_WORDS = re.compile(  # code, tags and addresses of links: what stands between their marks is no quotation
    r"^(?P<fence>```|~~~).*?(?:^(?P=fence)|\Z)|`[^`\n]+`|<[A-Za-z/!][^<>]{0,2000}>|(?<=\])\([^()\n]{0,1000}\)",
    re.MULTILINE | re.DOTALL,
)
_BLOCK = re.compile(r"(?:^ {0,3}>[^\n]*(?:\n|\Z))+", re.MULTILINE)
_BLOCK_MARKER = re.compile(r"(?:[ \t]{0,3}>)+[ \t]?", re.MULTILINE)
_CREDIT = re.compile(r"(?:\A|\n)[ \t>]*(?:—|―|–|--|-)[ \t]*[^\n]{1,200}\s*\Z")  # the last line of a block: who said it
_DEEPEST = 50  # marks that are open at once
_COVERED = 0.8  # of a block: marks around so much of it are those of the block


@dataclass(frozen=True, slots=True, order=True)
class Quotation:
    """Words that a text quotes, without the marks around them; `whole` is the span with them.

    `depth` is 0 unless the quotation stands within another. `mark` is what opens it, `>` for a block quote.
    """

    span: Span
    whole: Span
    mark: str
    depth: int = 0


def quotations(text: str, blocks: Sequence[Span] = ()) -> list[Quotation]:
    """The quotations in order, an outer one before those within it.

    `blocks` are the block quotes of a text that shows them by no sign; lines that begin with `>` are found.
    """
    seen = _NO_WORDS.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    found = [
        Quotation(span, Span(opening, closing + 1), text[opening])
        for opening, closing in _marked(seen)
        if (span := trimmed(text, opening + 1, closing))
    ]
    marked = sorted(found, key=lambda one: one.whole.start)
    for block in (*_block_quotes(seen), *blocks):
        credit = _CREDIT.search(seen, block.start, block.end)
        marker = _BLOCK_MARKER.match(seen, block.start, block.end)
        end = len(seen[block.start : credit.start() if credit else block.end].rstrip("> \t\r\n")) + block.start
        span = trimmed(seen, marker.end() if marker else block.start, end)
        at = bisect_left(marked, block.start, key=lambda one: one.whole.start)
        if span and not (at < len(marked) and _covers(marked[at].whole, span)):
            found.append(Quotation(span, block, ">"))
    found.sort(key=lambda one: (one.span.start, -one.span.end))
    return list(_nested(found))


def _marked(text: str) -> Iterator[tuple[int, int]]:
    """The places of the marks around each quotation."""
    opened: list[int] = []  # where the marks stand that are not closed yet, the outermost first
    again = 0  # up to here marks are repeated at the beginning of a paragraph
    for match in _MARK.finditer(text):
        check_deadline()
        at = match.start()
        if match["mark"] is None:
            again = _repeated_until(text, match.end(), opened)
            opened = opened if again else []
        elif at >= again:
            closed = _closed(text, at, opened)
            if closed is not None:
                opening = opened[closed]
                del opened[closed:]
                yield opening, at
            elif _opens(text, at, opened):
                opened.append(at)
                del opened[:-_DEEPEST]


def _repeated_until(text: str, at: int, opened: Sequence[int]) -> int:
    """Where the marks end that a paragraph repeats as what is open goes on; 0 where it does not."""
    for opening in opened:
        if at >= len(text) or text[at] != text[opening]:
            return 0
        at = _AGAIN.match(text, at + 1).end()  # type: ignore[union-attr]  # it matches anything
    return at if opened else 0


def _closed(text: str, at: int, opened: list[int]) -> int | None:
    """Which of the open marks the one at a place closes."""
    mark = text[at]
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if (mark in _WEAK and after.isalnum()) or (mark in "\"'" and not before.strip() and after.isalnum()):
        return None
    if mark == "’" and before == "s" and _is_closed_later(text, at):
        return None
    for index in range(len(opened) - 1, -1, -1):
        if mark in _CLOSERS[text[opened[index]]] and opened[index] < at - 1:
            return index
        if mark in _WEAK:
            break
    return None


def _is_closed_later(text: str, at: int) -> bool:
    """Whether another ’ closes what is open, so that the one behind an s is that of a plural."""
    line = text[at + 1 : at + 400].partition("\n\n")[0].partition("‘")[0]
    return re.search(r"[\w.,!?…]’(?!\w)", line) is not None


def _opens(text: str, at: int, opened: list[int]) -> bool:
    mark = text[at]
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if mark not in _CLOSERS or (mark in _WEAK and (before.isalnum() or not after.strip())):
        return False
    if mark in _EITHER:
        is_open = any(text[one] == mark for one in opened)
        starts = bool(after.strip()) and (after.isalnum() or after in _CLOSERS or after in "[(…*_.£$€¿¡")
        if is_open and starts and not before.strip():  # the one before was never closed
            del opened[next(index for index, one in enumerate(opened) if text[one] == mark) :]
            return True
        return starts and not before.isalnum() and not is_open
    return True


def _block_quotes(text: str) -> Iterator[Span]:
    """The runs of lines that begin with `>`."""
    for match in _BLOCK.finditer(text):
        check_deadline()
        if span := trimmed(text, match.start(), match.end()):
            yield span


def _covers(whole: Span, block: Span) -> bool:
    """Whether a quotation between marks is nearly all of a block."""
    inside = min(whole.end, block.end) - max(whole.start, block.start)
    return inside >= _COVERED * (block.end - block.start)


def _nested(found: Sequence[Quotation]) -> Iterator[Quotation]:
    """The quotations with their depths."""
    around: list[Quotation] = []
    for one in found:
        while around and around[-1].whole.end < one.whole.end:
            around.pop()
        yield Quotation(one.span, one.whole, one.mark, len(around))
        around.append(one)
