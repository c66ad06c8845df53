"""Lines of a page from its words: what stands on one height without a wide gap."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from corpus.formats.pdf.words import PageWord
from corpus.formats.superscript import Superscript, superscript_kind
from corpus.offset_map import Edit

LOW, HIGH = 0.05, 0.5  # of the size of the letters: where a line is that no other one reaches into
WIDE_GAP = 0.45  # of the size of the letters: what is further apart may stand in two columns
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufefc]")
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_SEEN = 40  # characters
_CLOSING = ".,;:!?)]”’»"


@dataclass(frozen=True, slots=True)
class Line:
    """A line, or the part of one in a column: its text, and the pieces of the source that it is made of.

    `pieces` are as for `MappedText.gathered`. `left`, `right` and `base` are in points on the upright page, and `size`
    is the height of its font. `gaps` are the places in the text where a word ends, with the right edge of that word and
    the left edge of the next one. A line that `is_marked` begins with the raised mark of a note, and one that `is_item`
    stands beside a drawn bullet.
    """

    pieces: tuple[Edit, ...]
    text: str
    left: float
    right: float
    base: float
    size: float
    page: int = 0
    gaps: tuple[tuple[int, float, float], ...] = ()
    is_marked: bool = False
    is_item: bool = False

    @property
    def low(self) -> float:
        """The lower edge of small letters; parts of two lines never lie between it and `high`."""
        return self.base + LOW * self.size

    @property
    def high(self) -> float:
        return self.base + HIGH * self.size


def lines_of(words: Sequence[PageWord], page: int, offset: int) -> list[Line]:
    """The lines of a page whose characters begin at `offset` of the source, in the order of the words."""
    found: list[Line] = []
    current: list[PageWord] = []
    for word in words:
        if current and not _goes_on(current, word):
            found.append(_line(current, page, offset))
            current = []
        current.append(word)
    if current:
        found.append(_line(current, page, offset))
    return found


def _goes_on(current: list[PageWord], word: PageWord) -> bool:
    last = current[-1]
    size = max(last.size, word.size)
    if word.base == last.base and word.size == last.size and 0 <= word.left - last.right < WIDE_GAP * size:
        return True  # as most words do
    if max(last.size, word.size) > 1.7 * min(last.size, word.size) and not word.is_glued:
        return False
    shared = min(last.base + last.size, word.base + word.size) - max(last.base, word.base)
    if shared < 0.5 * min(last.size, word.size):
        return False
    if len(word.text) > 3 * len(current[0].text) and word.size > 1.7 * current[0].size:
        return False
    gap = word.left - last.right
    if word.right < last.left and "\u0590" <= word.text[0] <= "\u08ff":
        gap = last.left - word.right
    is_spaced = len(word.text) == 1 == len(last.text) and word.text.isalnum() and last.text.isalnum()
    widest = 1.6 if is_spaced else WIDE_GAP
    return -0.4 * size < gap < widest * size


def _line(words: list[PageWord], page: int, offset: int) -> Line:
    main = _main_size(words)
    level = next(word for word in words if abs(word.size - main) < 0.1).base
    pieces, text, gaps, is_marked = _text(words, main, level, offset)
    left, right = min(word.left for word in words), max(word.right for word in words)
    return Line(tuple(pieces), text, left, right, level, main, page, tuple(gaps), is_marked)


def _main_size(words: list[PageWord]) -> float:
    """The size of most characters."""
    if all(word.size == words[0].size for word in words):
        return words[0].size
    weights: dict[float, int] = {}
    for word in words:
        weights[round(word.size, 1)] = weights.get(round(word.size, 1), 0) + len(word.text)
    return max(weights, key=lambda size: (weights[size], size))


def _text(
    words: list[PageWord], main: float, level: float, offset: int
) -> tuple[list[Edit], str, list[tuple[int, float, float]], bool]:
    """The pieces of a line without the marks of notes, its text, its gaps, and whether it is marked."""
    letter_gap = _letter_gap(words)
    pieces: list[Edit] = []
    gaps: list[tuple[int, float, float]] = []
    text = ""
    is_after_mark = is_marked = False
    for number, word in enumerate(words):
        gap = word.left - words[number - 1].right if number else 0.0
        separator = "" if not text or word.is_glued or (letter_gap and gap < letter_gap) else " "
        if is_after_mark and text and word.text[0] in _CLOSING:
            separator = ""
        elif is_after_mark and is_marked and number == 1:
            separator = " "
        is_after_mark = False
        if word.text == "\xad" and number + 1 < len(words):
            continue
        if word.size <= 0.85 * main and word.base >= level + 0.12 * main:
            kind = superscript_kind(text[-_SEEN:], word.text.translate(_DIGITS), _after(words, number))
            is_after_mark = True
            if kind is Superscript.NOTE and text:
                continue
            is_marked = is_marked or kind is Superscript.NOTE
            separator = "^" if kind is Superscript.POWER and word.text.isascii() else ""
        if separator == " ":
            gaps.append((len(text), words[number - 1].right, word.left))
        _append(pieces, word, separator, offset)
        text += separator + (word.text if word.text != "\xad" else "-")
    return pieces, text, gaps, is_marked


def _after(words: list[PageWord], number: int) -> str:
    """The text that follows a word, as much as decides what it is."""
    return "".join(f"{'' if word.is_glued else ' '}{word.text}" for word in words[number + 1 : number + 4])[:_SEEN]


def _append(pieces: list[Edit], word: PageWord, separator: str, offset: int) -> None:
    """Adds a word and the separator before it; what follows in the source with one space between is one piece."""
    start, end = word.start + offset, word.end + offset
    follows = bool(pieces) and not pieces[-1].text and start - pieces[-1].end == len(separator)
    if follows and word.is_copied and word.text != "\xad" and (not separator or (separator == " " and word.is_spaced)):
        pieces[-1] = Edit(pieces[-1].start, end)
        return
    if separator:
        pieces.append(Edit(start, start, separator))
    is_copied = word.is_copied and word.text != "\xad"
    pieces.append(Edit(start, end, "" if is_copied else word.text.replace("\xad", "-")))


def _letter_gap(words: Sequence[PageWord]) -> float:
    """The gap below which letters that are set apart are one word; 0 where no letters are."""
    single = sum(len(word.text) == 1 for word in words)
    if (
        len(words) < 4
        or single < 0.8 * len(words)
        or not all(word.text[0].isalnum() or len(word.text) == 1 for word in words)
    ):
        return 0.0
    gaps = sorted(after.left - before.right for before, after in pairwise(words))
    return 1.5 * max(gaps[0], 0.05 * words[0].size)


def joined(parts: Sequence[Line], separator: str = " ") -> Line:
    """One line of several that stand side by side, or one after the other."""
    if len(parts) == 1:
        return parts[0]
    pieces = list(parts[0].pieces)
    for part in parts[1:]:
        if separator:
            pieces.append(Edit(part.pieces[0].start, part.pieces[0].start, separator))
        pieces += part.pieces
    main = max(parts, key=lambda part: len(part.text))
    left, right = min(part.left for part in parts), max(part.right for part in parts)
    text = separator.join(part.text for part in parts)
    return Line(
        tuple(pieces),
        text,
        left,
        right,
        main.base,
        main.size,
        main.page,
        is_marked=parts[0].is_marked,
        is_item=parts[0].is_item,
    )


def split(line: Line, gap: tuple[int, float, float]) -> tuple[Line, Line]:
    """The two parts of a line at one of its gaps."""
    place, right, left = gap
    before: list[Edit] = []
    after: list[Edit] = []
    at = 0
    for piece in line.pieces:
        length = len(piece.text) or piece.end - piece.start
        if at + length <= place:
            before.append(piece)
        elif at > place:
            after.append(piece)
        elif not piece.text:  # the space between the words is in it, or begins the piece after it
            before += [Edit(piece.start, piece.start + place - at)] if place > at else []
            after += [Edit(piece.start + place - at + 1, piece.end)] if place - at + 1 < length else []
        at += length
    rest = tuple((at - place - 1, one, other) for at, one, other in line.gaps if at > place)
    first = replace(line, pieces=tuple(before), text=line.text[:place], right=right)
    first = replace(first, gaps=tuple(one for one in line.gaps if one[0] < place))
    return first, replace(line, pieces=tuple(after), text=line.text[place + 1 :], left=left, gaps=rest, is_marked=False)


def is_right_to_left(lines: Iterable[Line]) -> bool:
    """Whether most letters of the lines are Hebrew, Arabic and the like."""
    text = "".join(line.text for line in lines)
    found = len(_RIGHT_TO_LEFT.findall(text))
    return found > 0 and 2 * found > sum(map(str.isalpha, text))


def usual_size(lines: Iterable[Line]) -> float:
    """The size of most characters; 0 without lines."""
    weights: dict[float, int] = {}
    for line in lines:
        size = round(line.size, 1)
        weights[size] = weights.get(size, 0) + len(line.text)
    return max(weights, key=lambda size: (weights[size], size)) if weights else 0.0


def usual_pitch(lines: Iterable[Line]) -> float:
    """The usual distance from line to line, in points; 0 where no two lines are near."""
    ordered = sorted(lines, key=lambda line: -line.base)
    steps = [
        before.base - after.base
        for before, after in pairwise(ordered)
        if 0.4 * before.size < before.base - after.base < 2.5 * before.size
        and abs(before.size - after.size) < 0.15 * before.size
    ]
    return median(steps) if steps else 0.0
