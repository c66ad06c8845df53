"""The lines of a page as a reader sees them: watermarks left out, and drop caps joined to the word they begin."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.formats.pdf.characters import Box, PageCharacters
from corpus.formats.pdf.lines import Line, joined, lines_of, usual_size
from corpus.formats.pdf.words import words_of

_BULLET = re.compile(r"[•·▪●○◦▶►➢✓✔■□\uf0b7\uf0a7]")
_LABEL = re.compile(r"[–—*-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]|[(\[]\d{1,3}[)\]]")
_MOST_DOTS = 200  # of a page that are looked at
_LONGEST_MARK = 60  # characters of a watermark
_MOST_LARGE = 100  # large lines of a page that may be watermarks, or drop caps: each is compared with all lines
_MOST_LEVEL = 200  # lines on one height that are looked at for the item of a bullet
_WORDS_OF_ONE_LETTER = frozenset("AIOUYЯИВСКАОУАÀÓÉ")


def page_lines(page: PageCharacters, number: int, offset: int) -> list[Line]:
    """The lines of a page of this number, whose characters begin at `offset` of the source."""
    lines = _with_dots(_with_labels(lines_of(words_of(page), number, offset)), page.dots[:_MOST_DOTS])
    usual = usual_size(lines)
    large = [line for line in lines if line.size > 1.6 * usual]
    if not large:
        return lines
    small = [line for line in lines if line.size <= 1.6 * usual]
    # A smaller pale line may be the shade of a headline.
    huge = [line for line in large if line.size > 3 * usual and len(line.text) < _LONGEST_MARK]
    marks = {id(line) for line in huge if page.is_pale(line.pieces[0].start - offset)}
    marks |= {id(line) for line in large[:_MOST_LARGE] if _is_behind(line, small)}
    kept = small + [line for line in large if id(line) not in marks]
    return _with_drop_caps(kept)


def _with_dots(lines: list[Line], dots: Sequence[Box]) -> list[Line]:
    """The lines, those that have a drawn bullet before them as items."""
    items: set[int] = set()
    for dot in dots:
        height = (dot.bottom + dot.top) / 2
        beside = [
            line
            for line in lines
            if 0 <= line.left - dot.right < 3 * line.size and line.base < height < line.base + 0.7 * line.size
        ]
        if beside:
            items.add(id(min(beside, key=lambda line: line.left)))
    return [replace(line, is_item=True) if id(line) in items else line for line in lines] if items else lines


def _with_labels(lines: list[Line]) -> list[Line]:
    """The lines, each bullet or number of a list in one with the item beside it."""
    labels = [
        line for line in lines if len(line.text) < 7 and (_BULLET.fullmatch(line.text) or _LABEL.fullmatch(line.text))
    ]
    if not labels:
        return lines
    heights: dict[int, list[Line]] = {}
    for line in lines:
        heights.setdefault(round(line.base / 4), []).append(line)
    merged: dict[int, Line | None] = {}
    for label in labels:
        place = round(label.base / 4)
        level = [
            line
            for near in (place - 1, place, place + 1)
            for line in heights.get(near, ())[:_MOST_LEVEL]
            if line is not label and abs(line.base - label.base) < 0.3 * max(line.size, label.size)
        ]
        after = min((line for line in level if line.left > label.left), key=lambda line: line.left, default=None)
        is_first = not any(line.left < label.left for line in level) or _BULLET.fullmatch(label.text)
        if after and is_first and id(after) not in merged and after.left - label.right < 4 * after.size:
            merged[id(label)], merged[id(after)] = None, joined([label, after])
    shown = (merged.get(id(line), line) for line in lines)
    return [line for line in shown if line]


def _is_behind(line: Line, others: Sequence[Line]) -> bool:
    """Whether a large line is printed over or under others: a watermark."""
    if len(line.text) <= 2:  # a drop cap
        return False
    over = sum(
        min(line.right, other.right) - max(line.left, other.left) > 0.5 * other.size
        and line.base + 0.05 * line.size < other.high
        and other.low < line.base + 0.6 * line.size
        for other in others
    )
    return over >= 2 or (over == 1 and len(others) < 4)


def _with_drop_caps(lines: list[Line]) -> list[Line]:
    """The lines, each drop cap as the first letter of the line beside its top."""
    for cap in [line for line in lines if _is_cap(line)][:_MOST_LARGE]:
        beside = [line for line in lines if line is not cap and _is_beside(cap, line)]
        if not beside:
            continue
        first = max(beside, key=lambda line: line.base)
        is_word = cap.text in _WORDS_OF_ONE_LETTER and _is_word_alone(first, lines)
        whole = replace(joined([cap, first], " " if is_word else ""), base=first.base, size=first.size)
        moved = {id(first): whole} | {id(line): replace(line, left=cap.left) for line in beside if line is not first}
        lines = [moved.get(id(line), line) for line in lines if line is not cap]
    return lines


def _is_cap(line: Line) -> bool:
    letters = line.text.strip("“”\"'«»‘„¿¡ ")
    return len(letters) == 1 and letters.isalpha() and len(line.text) <= 3 and not letters.islower()


def _is_beside(cap: Line, line: Line) -> bool:
    """Whether a line of small letters begins right of a drop cap and within its height."""
    is_small = 1.6 * line.size < cap.size
    is_right = -0.2 * line.size <= line.left - cap.right <= 1.5 * line.size
    return is_small and is_right and cap.base - 0.4 * line.size <= line.base <= cap.base + cap.size


def _is_word_alone(first: Line, lines: Sequence[Line]) -> bool:
    """Whether the first word beside a drop cap is one elsewhere on the page too, so that it lacks no letter."""
    word = first.text.split()[0].lower()
    return any(word in line.text.lower().split() for line in lines if line is not first)
