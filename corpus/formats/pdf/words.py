"""Words of a page from its characters: parted at white space and at gaps, printed twice once, turned ones left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from corpus.formats.pdf.characters import Box, PageCharacters

_GAP = 0.35  # of the size of the letters: what is further apart is another word
_TOKEN = re.compile("[^\\s\\x00\\x01\\x03-\\x1f\u200b]+")
_SHOWN = {0: None, 2: "-", 0xFFFE: "-"}
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
    text, box = page.text, page.box
    bases: dict[tuple[float, float], float] = {}
    printed = _Printed()
    words: list[PageWord] = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        is_spaced = text[start - 1 : start] == " "
        for begin, stop, first, last, is_near in _whole(match.group(), start, end, box) or _by_character(
            page, start, end
        ):
            size, edge = first.top - first.bottom, (first.bottom, first.top)
            shown = text[begin:stop].translate(_SHOWN)
            if not shown or size <= 0 or (stop - begin == 1 and abs(page.angle(begin)) > _MOST_ANGLE):
                continue  # turned letters are never level with each other
            if edge not in bases:
                bases[edge] = page.origin(begin)[1]
            base = bases[edge]
            if shown[0] in _RAISED:
                base, size = base + 0.4 * size, 0.6 * size
            left, right = min(first.left, last.left), max(first.right, last.right)
            is_glued = is_near and begin > start and bool(words)
            word = PageWord(begin, stop, shown, left, right, base, size, is_glued, shown == text[begin:stop], is_spaced)
            before = printed.place(word, len(words))
            if before is None:
                words.append(word)
            else:  # what is printed later is on top
                words[before] = word._replace(is_glued=words[before].is_glued)
            is_spaced = False
    return words


_Part = tuple[int, int, Box, Box, bool]  # start, end, the boxes at both ends, and whether the part before is near


def _whole(token: str, start: int, end: int, box: Callable[[int], Box]) -> tuple[_Part] | None:
    """The token as one part where it has letters only, is level, and is about as wide as so many letters are."""
    if end - start < 2 or not token.isalpha() or (token[::2] == token[1::2] and end - start > 2):
        return None
    first, last = box(start), box(end - 1)
    size = first.top - first.bottom
    is_level = last.bottom == first.bottom and last.top == first.top
    is_wide = 0.2 * size * (end - start) < last.right - first.left < (end - start) * size
    return ((start, end, first, last, True),) if is_level and is_wide else None


def _by_character(page: PageCharacters, start: int, end: int) -> Iterator[_Part]:
    """The parts of a token in one size on one line."""
    text = page.text
    begun, is_near = start, False
    first = last = page.box(start)
    for index in range(start + 1, end):
        box = page.box(index)
        follows, near = _follows(text[index], text[index - 1], box, last)
        if follows:
            last = box if box.right > box.left else last  # else an accent over the letter before
        elif _is_double(text[index], text[index - 1], box, last):
            if begun < index:
                yield begun, index, first, last, is_near
            begun, is_near = index + 1, True
        else:
            if begun < index:
                yield begun, index, first, last, is_near
            begun, first, is_near = index, box, near if begun <= index else True
            last = box
    if begun < end:
        yield begun, end, first, last, is_near


def _follows(char: str, before: str, box: Box, last: Box) -> tuple[bool, bool]:
    """Whether a character belongs to the word of the last one, and if not, whether it stands right beside it."""
    size = last.top - last.bottom
    if box == last and (char in _LIGATURES or char != before):
        return True, True
    if box.right <= box.left or box.top <= box.bottom:
        return True, True
    gap = box.left - last.right
    if gap < 0 and ("\u0590" <= char <= "\u08ff" or "\ufb1d" <= char <= "\ufefc"):  # to the left
        gap = last.left - box.right
    near = -0.3 * size < gap <= _GAP * size and box.bottom < last.top and last.bottom < box.top
    is_level = abs(box.bottom - last.bottom) <= 0.08 * size and abs(box.top - last.top) <= 0.12 * size
    is_other = (char in _RAISED) != (before in _RAISED) or char in _HYPHENS or before in _HYPHENS
    return near and is_level and not is_other and not _is_double(char, before, box, last), near


def _is_double(char: str, before: str, box: Box, last: Box) -> bool:
    """Whether the character before was printed again, a little beside itself, to look bold."""
    is_again = char == before and abs(box.left - last.left) < 0.3 * (box.right - box.left)
    return is_again and abs(box.bottom - last.bottom) < 1 and not (box == last and char in _LIGATURES)


class _Printed:
    """The places of the words of a page, to find those that are printed again to look bold."""

    def __init__(self) -> None:
        self._ends: dict[int, float] = {}  # by height, the right edge of what stands there
        self._places: dict[tuple[str, int, int], tuple[float, float, int]] = {}

    def place(self, word: PageWord, number: int) -> int | None:
        """The number of the same word at the same place, by less than an eighth of its size; else it gets this one."""
        column, row = round(word.left / 2), round(word.base / 2)
        rows = (row, row - 1, row + 1)
        most = 0.12 * word.size
        if any(word.left < self._ends.get(one, -1e9) for one in rows):
            for x in (column, column - 1, column + 1):
                for y in rows:
                    found = self._places.get((word.text, x, y))
                    if found and abs(found[0] - word.left) < most and abs(found[1] - word.base) < most:
                        return found[2]
        self._ends[row] = max(word.right, self._ends.get(row, word.right))
        self._places[word.text, column, row] = (word.left, word.base, number)
        return None
