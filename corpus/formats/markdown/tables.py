"""The rows of Markdown's tables: bars between the cells, each cell under the heading of its column."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from corpus.formats.markdown.inline import code_spans
from corpus.offset_map import Edit

MOST_COLUMNS = 100  # that a short row is filled up to
_RULE = re.compile(r"[|:\- \t]+")
_GRID = re.compile(r"[ \t]*\+(?:[-=:]+\+)+[ \t]*")  # between the rows of Pandoc's tables
_BAR = re.compile(r"\\.|\|")
_WIKI = re.compile(r"\[\[[^\[\]\n]{1,500}\]\]")
_NOTHING = re.compile(r"(?:&nbsp;|<br\s?/?>|\s)*")


def is_rule(line: str) -> bool:
    """Whether a line is the one below the headings of a table, which shows the sides that its columns keep to."""
    is_bars = "|" in line and "-" in line and _RULE.fullmatch(line) is not None
    return is_bars or _GRID.fullmatch(line) is not None


def columns_of(line: str) -> int:
    """How many columns the table below a rule has."""
    return line.count("+") - 1 if _GRID.fullmatch(line) else len(cells(line))


def cells(line: str) -> list[tuple[int, int]]:
    """The cells of a row, without white space; `start == end` where one is empty.

    An escaped bar and one inside a code span or a link to a note is in a cell and no border.
    """
    inside = sorted([*code_spans(line), *(match.span() for match in _WIKI.finditer(line))])
    starts = [start for start, _ in inside]
    borders = []
    for match in _BAR.finditer(line):
        before = bisect_right(starts, match.start()) - 1
        if match.group() == "|" and (before < 0 or match.start() >= inside[before][1]):
            borders.append(match.start())
    places = list(zip([0, *(border + 1 for border in borders)], [*borders, len(line)], strict=True))
    if borders and not line[: borders[0]].strip():
        places = places[1:]
    if borders and places and not line[borders[-1] + 1 :].strip():
        places = places[:-1]
    return [_trimmed(line, *place) for place in places]


def _trimmed(line: str, start: int, end: int) -> tuple[int, int]:
    words = line[start:end]
    if _NOTHING.fullmatch(words):
        return start, start
    return end - len(words.lstrip()), start + len(words.rstrip())


def row_edits(line: str, columns: int) -> Iterator[Edit]:
    """Edits that leave the cells of a row with " | " between them; nothing of a row without words."""
    found = cells(line)
    read = empty = 0  # the end of the last words, and the empty cells since
    is_first = True
    for start, end in found:
        if start == end:
            empty += 1
            continue
        bars = "| " * empty if is_first else " |" * (empty + 1) + " "
        if line[read:start] != bars:
            yield Edit(read, start, bars)
        read, empty, is_first = end, 0, False
    missing = max(min(columns, MOST_COLUMNS) - len(found), 0)
    bars = "" if is_first else " |" * (empty + missing)
    if line[read:] != bars:
        yield Edit(read, len(line), bars)
    for match in _BAR.finditer(line):
        if match.group() == "\\|":
            yield Edit(match.start(), match.start() + 1)
