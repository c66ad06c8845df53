"""Words of a page from its characters: parted at white space and at gaps, printed twice once, turned ones left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from corpus.formats.pdf.characters import PageCharacters

_GAP = 0.35  # of the size of the letters: what is further apart is another word
_RAISED = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹")
_HYPHENS = frozenset("\x02\ufffe\xad")  # what pdfium makes of a hyphen at the end of a line
_LIGATURES = frozenset("fltis")  # letters that stand twice in the box of one ligature
_MOST_ANGLE = 0.03  # radians by which a line may be turned


class PageWord(NamedTuple):
    """Characters `start:end` of a page, parted from the word before by white space unless `is_glued` to it.

    `left`, `right` and `base`, the height of the line on which it stands, are in points on the upright page, and `size`
    is the height of its font. `text` is that of the source if it `is_copied`; a word that `is_spaced` has one space
    before it in the source.
    """

    start: int
    end: int
    text: str
    left: float
    right: float
    base: float
    size: float
    is_glued: bool
    is_copied: bool
    is_spaced: bool


def words_of(page: PageCharacters) -> list[PageWord]:
    """The words in the order of pdfium's characters; a change of size or height parts a word into glued ones."""
    text, boxes = page.text, page.boxes
    seen: dict[tuple[str, int, int], tuple[float, float]] = {}
    words: list[PageWord] = []
    for start, end, is_near in _stretches(text, boxes):
        if end - start == 1 and abs(page.angle(start)) > _MOST_ANGLE:  # turned letters are never level with each other
            continue
        first = 4 * start
        left = min(boxes[first : 4 * end : 4])
        right = max(boxes[first + 2 : 4 * end : 4])
        size = boxes[first + 3] - boxes[first + 1]
        shown = text[start:end].replace("\x02", "-").replace("\ufffe", "-").replace("\0", "")
        if not shown or size <= 0:
            continue
        base = page.origin(start)[1]
        if text[start] in _RAISED:
            base, size = base + 0.4 * size, 0.6 * size
        if not _is_printed_before(seen, shown, left, base, size):
            is_spaced = start > 0 and text[start - 1] == " "
            is_copied = shown == text[start:end]
            words.append(
                PageWord(start, end, shown, left, right, base, size, is_near and bool(words), is_copied, is_spaced)
            )
    return words


def _stretches(text: str, boxes: list[float]) -> Iterator[tuple[int, int, bool]]:
    """Start and end of what stands together in one size on one line, and whether no white space is before it."""
    start = -1
    is_glued = False
    last: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    for index, char in enumerate(text):
        if (char <= " " and char != "\x02") or char.isspace() or char == "\u200b":
            if start >= 0:
                yield start, index, is_glued
                start = -1
            is_glued = False
            continue
        box = (boxes[4 * index], boxes[4 * index + 1], boxes[4 * index + 2], boxes[4 * index + 3])
        if (
            start >= 0
            and box[1] == last[1]
            and box[3] == last[3]
            and last[2] <= box[0] < last[2] + 1
            and char.isalpha()
        ):
            last = box  # as most letters do
        elif start >= 0:
            follows, near = _follows(char, text[index - 1], box, last)
            if follows:
                if box[2] > box[0]:  # else an accent over the letter before
                    last = box
                continue
            yield start, index, is_glued
            is_double = _is_double(char, text[index - 1], box, last)
            start, last, is_glued = (-1, last, True) if is_double else (index, box, near)
        elif is_glued and _is_double(char, text[index - 1], box, last):
            continue
        else:
            start, last = index, box
    if start >= 0:
        yield start, len(text), is_glued


def _follows(
    char: str, before: str, box: tuple[float, float, float, float], last: tuple[float, float, float, float]
) -> tuple[bool, bool]:
    """Whether a character belongs to the word of the last one, and if not, whether it stands right beside it."""
    size = last[3] - last[1]
    if box == last and (char in _LIGATURES or char != before):
        return True, True
    if box[2] <= box[0] or box[3] <= box[1]:
        return True, True
    gap = box[0] - last[2]
    if gap < 0 and ("\u0590" <= char <= "\u08ff" or "\ufb1d" <= char <= "\ufefc"):  # to the left
        gap = last[0] - box[2]
    near = -0.3 * size < gap <= _GAP * size and box[1] < last[3] and last[1] < box[3]
    is_level = abs(box[1] - last[1]) <= 0.08 * size and abs(box[3] - last[3]) <= 0.12 * size
    is_other = (char in _RAISED) != (before in _RAISED) or char in _HYPHENS or before in _HYPHENS
    return near and is_level and not is_other and not _is_double(char, before, box, last), near


def _is_double(
    char: str, before: str, box: tuple[float, float, float, float], last: tuple[float, float, float, float]
) -> bool:
    """Whether the character before was printed again, a little beside itself, to look bold."""
    is_again = char == before and abs(box[0] - last[0]) < 0.3 * (box[2] - box[0]) and abs(box[1] - last[1]) < 1
    return is_again and not (box == last and char in _LIGATURES)


def _is_printed_before(
    seen: dict[tuple[str, int, int], tuple[float, float]], text: str, left: float, base: float, size: float
) -> bool:
    """Whether the same word stands, by less than a tenth of its size, at the same place; else it is noted."""
    column, row = round(left / 2), round(base / 2)
    if (text, 0, 0) not in seen:
        seen[text, 0, 0] = seen[text, column, row] = (left, base)
        return False
    for x in (column - 1, column, column + 1):
        for y in (row - 1, row, row + 1):
            place = seen.get((text, x, y))
            if place and abs(place[0] - left) < 0.12 * size and abs(place[1] - base) < 0.12 * size:
                return True
    seen[text, column, row] = (left, base)
    return False
