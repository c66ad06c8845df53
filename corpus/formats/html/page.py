"""A web page as read: its source, its elements, and its characters between the tags."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.formats.html.elements import PageElement, attributes, read_elements
from corpus.formats.markup import markup_of
from corpus.offset_map import Edit, MappedText


class Places:
    """Where the characters of a text stand after edits, which are in order and do not overlap."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self.starts = [edit.start for edit in edits]
        self.ends = [edit.end for edit in edits]
        self.begun: list[int] = []  # where the text of each edit begins in the edited text
        self.moved: list[int] = []  # where the characters after it begin
        shift = 0
        for edit in edits:
            self.begun.append(edit.start + shift)
            shift += len(edit.text) - (edit.end - edit.start)
            self.moved.append(edit.end + shift)

    def at(self, offset: int) -> int:
        """The place of the character at `offset` or of what stands for it; inside an edit, that after the edit."""
        index = bisect_right(self.starts, offset) - 1
        if index < 0:
            return offset
        if offset == self.starts[index]:
            return self.begun[index]
        return self.moved[index] + max(offset - self.ends[index], 0)


@dataclass(frozen=True, slots=True)
class Page:
    """A page; `edits` make its visible text out of its source."""

    source: str
    edits: list[Edit]
    elements: list[PageElement]
    places: Places

    @classmethod
    def of(cls, source: str) -> Page:
        """The page with this source."""
        markup = list(markup_of(source))
        edits = [Edit(piece.start, piece.end, piece.text) for piece in markup]
        return cls(source, edits, read_elements(markup, len(source)), Places(edits))

    def length(self, element: PageElement) -> int:
        """The number of visible characters in an element."""
        return self.places.at(element.closing) - self.places.at(element.opened)

    def text(self, start: int, end: int) -> str:
        """The visible characters of `source[start:end]`, with line feeds at the edges of blocks only."""
        parts = []
        for index in range(bisect_left(self.places.ends, start + 1), len(self.edits)):
            edit = self.edits[index]
            if edit.start >= end:
                break
            if edit.start >= start:
                parts += [self.source[start : edit.start].replace("\n", " "), edit.text]
            start = edit.end
        return "".join(parts) + self.source[start : max(start, end)].replace("\n", " ")

    def attributes(self, element: PageElement) -> dict[str, str]:
        return attributes(self.source, element)

    def changed(self, changes: Sequence[Edit]) -> tuple[MappedText, Places]:
        """The visible text of the page with `changes`, in place of the edits in them, and its places."""
        edits = list(_merged(self.edits, changes))
        return MappedText.of(self.source).edited(edits), Places(edits)


def _merged(edits: Sequence[Edit], changes: Sequence[Edit]) -> Iterator[Edit]:
    """The edits and the changes in order, without the edits that lie in a change."""
    index = 0
    for change in changes:
        while index < len(edits) and edits[index].start < change.start:
            yield edits[index]
            index += 1
        yield change
        while index < len(edits) and edits[index].start < change.end:
            index += 1
    yield from edits[index:]
