"""Words as pieces: the characters of the document, and those that the reader adds between them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.offset_map import Edit, MappedText

_SPACE = re.compile(r"\s+")


class Added(str):
    """Characters that stand in no part of the document: list numbers, bars between cells, brackets of an equation."""

    __slots__ = ()


Pieces = list[str]


def joined(parts: Iterable[Sequence[str]], separator: str) -> Pieces:
    """The parts that hold words, with the separator between them."""
    found: Pieces = []
    for part in parts:
        if any(map(str.strip, part)):
            if found:
                found.append(Added(separator))
            found.extend(part)
    return found


def stripped(pieces: Sequence[str]) -> Pieces:
    """The pieces without white space at either end."""
    first, last = 0, len(pieces)
    while first < last and not pieces[first].strip():
        first += 1
    while last > first and not pieces[last - 1].strip():
        last -= 1
    kept = list(pieces[first:last])
    if kept:
        kept[0] = _like(kept[0], kept[0].lstrip())
        kept[-1] = _like(kept[-1], kept[-1].rstrip())
    return kept


def on_one_line(pieces: Sequence[str]) -> Pieces:
    """The pieces with each stretch of white space as one space, and none at either end."""
    found: Pieces = []
    space_before = True
    for piece in pieces:
        words = _SPACE.sub(" ", piece)
        if space_before and words.startswith(" "):
            words = words[1:]
        if words:
            space_before = words.endswith(" ")
            found.append(_like(piece, words))
    return stripped(found)


def _like(piece: str, words: str) -> str:
    return Added(words) if isinstance(piece, Added) else words


def mapped(pieces: Sequence[str]) -> MappedText:
    """The text of the pieces, mapped to the document's own characters one after another; the added map to nothing."""
    source = "".join(piece for piece in pieces if not isinstance(piece, Added))
    edits: list[Edit] = []
    read = 0
    for piece in pieces:
        if isinstance(piece, Added):
            edits.append(Edit(read, read, piece))
        else:
            read += len(piece)
    return MappedText.of(source).edited(edits)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, an item of a list or a table; `role` is "item", "table", or what its style says of a paragraph.

    `own` are its words without the number that its list gives it.
    """

    pieces: Pieces
    role: str = ""
    own: str = ""
