"""The headline of a PDF: the largest text at the top of its first page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.formats.pdf.columns import Band, bands_of, side_by_side
from corpus.formats.pdf.lines import Line, joined

_LONGEST = 250  # characters
LARGER = 1.15  # than most text
_MOST_ABOVE = 600  # characters of small text above a headline


def headline(lines: Sequence[Line], body: float) -> str | None:
    """The largest text of a page, with little text above it; None where none is larger than most."""
    ordered = [line for band in bands_of(lines) for line in _whole_lines(band)]
    wordy = [line for line in ordered if line.size >= LARGER * body and _is_wordy(line.text)]
    if not wordy:
        return None
    largest = max(line.size for line in wordy)
    first = next(line for line in wordy if line.size > 0.95 * largest)
    above = sum(len(line.text) for line in ordered if line.base > first.base and line.size < LARGER * body)
    found = [first]
    for line in ordered:
        step = found[-1].base - line.base
        is_below = 0.5 * line.size < step < 1.8 * line.size and line.left < first.right and first.left < line.right
        if is_below and abs(line.size - first.size) < 0.05 * first.size:
            found.append(line)
    text = " ".join(line.text for line in found)
    return text if above <= _MOST_ABOVE and len(found) <= 4 and len(text) <= _LONGEST else None


def _whole_lines(band: Band) -> list[Line]:
    """The lines of a band; letters that are set far apart are one line."""
    sizes = {round(line.size, 1) for line in band.lines}
    is_one = len(sizes) == 1 and len({round(line.base) for line in band.lines}) == 1
    return [joined(band.lines)] if is_one else [joined(group) for group in side_by_side(band)]


def _is_wordy(text: str) -> bool:
    """Whether a text has words, and begins as a title does."""
    return len(re.findall(r"[^\W\d_]", text)) >= 3 and not text[0].islower() and text[0] not in "•·▪●–-"


def is_on_page(title: str, lines: Sequence[Line]) -> bool:
    """Whether the words of a title stand on the page."""
    return is_within(title, " ".join(line.text for line in lines))


def is_within(title: str, text: str) -> bool:
    """Whether a text has the words of a title, one after the other."""
    return f" {_words(title)} " in f" {_words(text)} "


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
