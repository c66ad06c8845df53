"""Paragraphs from the blocks of all pages: wrapped lines joined, broken words mended, sentences whole over the page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from corpus.formats.pdf.blocks import PageBlock
from corpus.formats.pdf.lines import Line, usual_pitch, usual_size
from corpus.offset_map import Edit

_MAX_WORD = 100  # letters: without a limit, a page that is one word takes for ever
_WORD_BREAK = re.compile("([^\\W\\d_]{1,100})[-\u2010]\n([^\\W\\d_]+)")
_UNSPACED = re.compile("\\w[-\u2010\u2011\u2013]\n\\d|\\d\u2013\n\\w|://\\S{0,40}[/.?&=-]\n\\w")  # numbers, addresses
_COMPOUND = re.compile(r"self-\w{5}|well-\w{4}|half-\w{4}|vice-\w{5}|mid-\w{7}", re.IGNORECASE)  # spelt with a hyphen
_END_MARK = re.compile(r"[.!?:…。！？][\"'”’»)\]]*$")
_BULLET = re.compile(r"[•·▪●○◦▶►➢✓■–*-]\s|\(?\d{1,2}[.)]\s|\(?[a-z][.)]\s")
_NOTE = re.compile(r"(?:\d{1,3}(?!\d)|[*†‡§¶]{1,4}|[([]\d{1,3}[)\]])[.:)]?\s*[^\s\d]|[a-z][.:)]\s*\S")
_SHORT = 45  # characters of a line of an address
_LEADER = re.compile(r"\.{5}|(?:\. ){5}|…\s?…")  # from a title to the number of its page
_FARTHEST = 8  # paragraphs that may stand between two parts of a sentence


@dataclass(frozen=True, slots=True)
class TextParagraph:
    """The pieces of a paragraph, its text, and its first and last line.

    `opens` says whether nothing of its column is before it. A `note` stands at the foot of a page, a `table` has rows.
    """

    pieces: tuple[Edit, ...]
    text: str
    first: Line
    last: Line
    opens: bool = False
    is_note: bool = False
    is_table: bool = False


def paragraphs_of(blocks: Sequence[PageBlock], body: float) -> list[TextParagraph]:
    """The paragraphs of the blocks in the order of reading; `body` is the size of most text."""
    words = _word_counts(line.text for block in blocks for line in block.lines)
    found: list[TextParagraph] = []
    for block in blocks:
        if block.is_table and found and found[-1].is_table and _is_same_table(found[-1], block):
            found[-1] = _table(block, found[-1])
        elif block.is_table:
            found.append(_table(block))
        else:
            found += _text(block.lines, words, body)
    return _whole(found, words)


def _word_counts(texts: Iterable[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text.lower().replace("\u2010", "-")))
    return counts


def _is_same_table(table: TextParagraph, block: PageBlock) -> bool:
    """Whether a table goes on in a block on the next page: it has as many columns."""
    row = block.lines[0]
    return row.page == table.last.page + 1 and row.text.count("|") == table.first.text.count("|")


def _table(block: PageBlock, before: TextParagraph | None = None) -> TextParagraph:
    """The rows of a table; those of the one `before` that it goes on from come first, and its heading is told once."""
    rows = list(block.lines)
    if before and rows[0].text == before.first.text:
        del rows[0]
    pieces = list(before.pieces) if before else []
    for row in rows:
        if pieces:
            pieces.append(Edit(row.pieces[0].start, row.pieces[0].start, "\n"))
        pieces += row.pieces
    text = "\n".join([*([before.text] if before else []), *(row.text for row in rows)])
    first = before.first if before else rows[0]
    return TextParagraph(tuple(pieces), text, first, block.lines[-1], opens=True, is_table=True)


def _text(lines: Sequence[Line], words: Counter[str], body: float) -> list[TextParagraph]:
    """The paragraphs of one column."""
    pitch, size = usual_pitch(lines), usual_size(lines)
    edges = _right_edges(lines, pitch)
    listed = _listed(lines, pitch, body)
    found: list[TextParagraph] = []
    for number, line in enumerate(lines):
        own = TextParagraph(line.pieces, line.text, line, line, opens=number == 0, is_note=_is_note(line, body))
        if not number:
            found.append(own)
            continue
        before = lines[number - 1]
        separator = _between(before, line, pitch * max(1.0, before.size / size), edges[number - 1])
        if separator == " " and id(line) in listed:
            separator = "\n"
        if separator == "\n\n" or (own.is_note and (line.is_marked or separator == "\n")):
            found.append(own)
        else:
            found[-1] = _joined(found[-1], own, words, separator)
    last = max(
        (number for number, one in enumerate(found) if not one.is_note and one.first.size > 0.93 * body), default=-1
    )
    return [replace(one, is_note=one.is_note and number > last) for number, one in enumerate(found)]


def _listed(lines: Sequence[Line], pitch: float, body: float) -> set[int]:
    """The `id` of each line of a group of short ones that all begin afresh and end openly, as in an address."""
    found: set[int] = set()
    group: list[Line] = []
    for number, line in enumerate(lines):
        group.append(line)
        after = lines[number + 1] if number + 1 < len(lines) else None
        if after is None or not 0 < line.base - after.base < 1.5 * (pitch or line.size):
            is_short = all(len(one.text) <= _SHORT and one.size <= 1.15 * body for one in group)
            is_open = not any(_END_MARK.search(one.text) or one.text[0].islower() for one in group)
            if is_short and (is_open or _is_verse(group, lines)):
                found |= {id(one) for one in group}
            group = []
    return found


def _is_verse(group: Sequence[Line], lines: Sequence[Line]) -> bool:
    """Whether a group of lines is set in, and far narrower than others of its column."""
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    is_set_in = all(line.left > left + 1.5 * line.size for line in group)
    return len(group) > 2 and is_set_in and max(line.right for line in group) < left + 0.7 * (right - left)


def _right_edges(lines: Sequence[Line], pitch: float) -> list[float]:
    """For each line the right edge of the lines near it, in points: as far as five away, and not beyond a wide gap."""
    edges: list[float] = []
    start = 0
    for number in range(1, len(lines) + 1):
        if number == len(lines) or not 0 < lines[number - 1].base - lines[number].base < 1.8 * (
            pitch or lines[number].size
        ):
            rights = [line.right for line in lines[start:number]]
            edges += [max(rights[max(0, place - 4) : place + 6]) for place in range(len(rights))]
            start = number
    return edges


def _is_note(line: Line, body: float) -> bool:
    return line.size <= 0.93 * body and (line.is_marked or _NOTE.match(line.text) is not None)


def _joined(one: TextParagraph, other: TextParagraph, words: Counter[str], separator: str = " ") -> TextParagraph:
    """Two parts of a paragraph as one; a word that is broken at a hyphen is mended."""
    pieces = list(one.pieces)
    text = one.text
    broken = _WORD_BREAK.search(f"{text[-_MAX_WORD - 1 :]}\n{other.text[:40]}")
    if broken and separator != "\n":
        separator = ""
        if not _keeps_hyphen(broken[1], broken[2], words):
            pieces[-1:] = _without_last(pieces[-1])
            text = text[:-1]
    elif separator == " " and _UNSPACED.search(f"{text[-40:]}\n{other.text[:2]}"):
        separator = ""
    if separator:
        pieces.append(Edit(other.pieces[0].start, other.pieces[0].start, separator))
    pieces += other.pieces
    return replace(one, pieces=tuple(pieces), text=text + separator + other.text, last=other.last)


def _without_last(piece: Edit) -> list[Edit]:
    """A piece without its last character."""
    if not piece.text:
        return [Edit(piece.start, piece.end - 1)] if piece.end - piece.start > 1 else []
    return [replace(piece, text=piece.text[:-1])] if len(piece.text) > 1 else []


def _keeps_hyphen(before: str, after: str, words: Counter[str]) -> bool:
    """Whether a word broken at a hyphen is spelt with it in the rest of the document, or mostly."""
    with_hyphen, joined = words[f"{before}-{after}".lower()], words[f"{before}{after}".lower()]
    if with_hyphen == joined and _COMPOUND.match(f"{before}-{after}"):
        return True
    return with_hyphen > joined or (with_hyphen == joined and not (before and after and after.islower()))


def _between(line: Line, after: Line, pitch: float, column: float) -> str:
    """The separator of two lines of a column: a blank line, a line break, or a space where the line is only wrapped."""
    ended = _END_MARK.search(line.text) is not None
    fresh = not after.text[0].islower()
    size = max(line.size, after.size)
    step = line.base - after.base
    resized = abs(line.size - after.size) > 0.08 * size
    far = step > 1.25 * (pitch or size) and (fresh or ended or step > 2.5 * size)
    if _LEADER.search(line.text) and not resized and not far:
        return "\n"
    if is_item(after) and not resized:
        return "\n\n" if far and not is_item(line) else "\n"
    had_room = _had_room(line, after, column)
    if resized or far or (ended and fresh and (had_room or after.left > line.left + 0.6 * size)):
        return "\n\n"
    return "\n" if fresh and had_room else " "


def is_item(line: Line) -> bool:
    """Whether an item of a list begins with a line."""
    return line.is_item or _BULLET.match(line.text) is not None


def _had_room(line: Line, after: Line, column: float) -> bool:
    """Whether the first word of the next line would have fitted on this one, so that the break is not wrapping."""
    letter = max(line.right - line.left, 0.0) / len(line.text)
    return line.right + letter * (len(after.text.split()[0]) + 2) < column


def _whole(paragraphs: Sequence[TextParagraph], words: Counter[str]) -> list[TextParagraph]:
    """The paragraphs, each whole that goes on in the next column or on the next page; what is between comes after."""
    waiting = list(reversed(paragraphs))
    found: list[TextParagraph] = []
    while waiting:
        one = waiting.pop()
        between: list[TextParagraph] = []
        while not (one.is_table or one.is_note) and (place := _continuation(one, waiting)) is not None:
            between += reversed(waiting[len(waiting) - place :])
            del waiting[len(waiting) - place :]
            one = _joined(one, waiting.pop(), words)
        found.append(one)
        found += between
    return found


def _continuation(one: TextParagraph, waiting: Sequence[TextParagraph]) -> int | None:
    """How many paragraphs stand between one and that in which its last sentence goes on; None where none does."""
    if _END_MARK.search(one.text):
        return None
    are_small = are_notes = True
    for place in range(min(_FARTHEST, len(waiting))):
        other = waiting[-1 - place]
        is_text = not (other.is_note or other.is_table)
        if is_text and abs(other.first.size - one.last.size) <= 0.08 * one.last.size:
            starts = _starts_column(waiting, place)
            goes_on = other.text[0].islower() and (starts or (place > 0 and are_small))
            is_long = len(one.text.rpartition("\n")[2]) >= 40 or one.text[-1] in "-\u2010"
            if not is_item(other.first) and (goes_on or (starts and are_notes and is_long)):
                return place
        if is_text and other.first.size >= 0.93 * one.last.size:
            are_small = False
            is_open = not _END_MARK.search(other.text) and len(other.text.rpartition("\n")[2]) >= 40
            if is_open or other.text[0].islower():
                return None
        are_notes = are_notes and other.is_note
    return None


def _starts_column(waiting: Sequence[TextParagraph], place: int) -> bool:
    """Whether only notes are before a paragraph in its column."""
    while not waiting[-1 - place].opens and place and waiting[-place].is_note:
        place -= 1
    return waiting[-1 - place].opens
