"""The blocks of a Word document in its order: paragraphs, list items, tables, text boxes, diagrams, notes.

Footnotes come after the paragraph, list or table that refers to them: the page shows them at its foot, and a passage
that holds one often holds the other. Endnotes come at the end, where the page shows them. Text boxes and
diagrams come after the paragraph that they are anchored to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus.formats.docx.diagrams import diagram_words
from corpus.formats.docx.notes import Notes
from corpus.formats.docx.numbering import Numbering
from corpus.formats.docx.package import Element, Package, W
from corpus.formats.docx.pieces import Added, Block, Pieces, on_one_line, stripped
from corpus.formats.docx.styles import Styles, is_hidden, value_of
from corpus.formats.docx.tables import has_heading_row, is_layout, rows_of, table_pieces
from corpus.formats.docx.words import Paragraph, children_through, read_paragraph

# A block, and the blocks that come after it, or after the whole list where it is an item: text boxes, footnotes.
_Flow = Iterator[tuple[Block, list[Block]]]


@dataclass(slots=True)
class _Open:
    """Paragraphs whose ends are deleted or hidden: what the next paragraph goes on from."""

    pieces: Pieces = field(default_factory=list)
    attached: list[Block] = field(default_factory=list)

    def add(self, paragraph: Paragraph, attached: list[Block], *, space: bool) -> None:
        """Adds a paragraph; with `space`, and where neither has one, a space before the next."""
        self.pieces += paragraph.pieces
        self.attached += attached
        if space and self.pieces and not self.pieces[-1][-1:].isspace():
            self.pieces.append(Added(" "))


class DocumentReader:
    """Reads the blocks of a document; its lists are counted on from call to call."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._styles = Styles(package.part("styles"))
        self._numbering = Numbering(package.part("numbering"), self._styles)
        self._notes = Notes(package)
        self._endnotes: list[Element] = []

    def blocks(self, parent: Element, *, in_note: bool = False) -> list[Block]:
        """The blocks inside an element that hold words; a note in a note is not read."""
        found: list[Block] = []
        waiting: list[Block] = []
        for block, attached in self._flow(parent, in_note):
            if block.pieces:
                if waiting and not block.role == found[-1].role == "item":
                    found += waiting
                    waiting = []
                found.append(block)
            waiting += attached
            if not found:
                found, waiting = waiting, []
        return found + waiting

    def endnotes(self) -> list[Block]:
        """The blocks of the endnotes that were referred to, in the order of the references."""
        return [block for note in self._endnotes for block in self.blocks(note, in_note=True)]

    def _flow(self, parent: Element, in_note: bool, in_cell: bool = False) -> _Flow:
        before = _Open()
        for child in children_through(parent, f"{W}p", f"{W}tbl"):
            if child.tag == f"{W}tbl":
                if before.pieces or before.attached:
                    yield Block(stripped(before.pieces)), before.attached
                    before = _Open()
                yield from self._table(child, in_note)
                continue
            paragraph = read_paragraph(child, self._styles)
            attached = self._attached(paragraph, in_note)
            properties = child.find(f"{W}pPr")
            if (space := _goes_on(properties)) is not None:
                before.add(paragraph, attached, space=space)
                continue
            block = self._block(properties, before.pieces + paragraph.pieces, in_cell)
            yield block, before.attached + attached
            before = _Open()
        if before.pieces or before.attached:
            yield Block(stripped(before.pieces)), before.attached

    def _block(self, properties: Element | None, pieces: Pieces, in_cell: bool) -> Block:
        role = self._styles.role(value_of(properties.find(f"{W}pStyle")) if properties is not None else None)
        place = self._numbering.list_of(properties)
        label = self._numbering.label(*place) if place else ""  # the item counts, even if it is empty
        pieces = on_one_line(pieces) if role else stripped(pieces)
        if role == "toc" or (place and not role):
            role = "item"
        own = "".join(pieces)
        if label and not own and in_cell:  # a column of numbers
            return Block([Added(label.rstrip())], role)
        return Block([Added(label), *pieces] if label and own else pieces, role, own)

    def _attached(self, paragraph: Paragraph, in_note: bool) -> list[Block]:
        """The blocks of a paragraph's text boxes and footnotes; its endnotes are kept for the end."""
        found = [block for box in paragraph.boxes for block in self.blocks(box, in_note=in_note)]
        for name in paragraph.diagrams:
            found += (Block([words], "item", words) for words in diagram_words(self._package, name))
        for kind, note_id in () if in_note else paragraph.notes:
            note = self._notes.taken(kind, note_id)
            if note is not None and kind == "endnote":
                self._endnotes.append(note)
            elif note is not None:
                found += self.blocks(note, in_note=True)
        return found

    def _table(self, table: Element, in_note: bool) -> _Flow:
        """A table as one block, with the tables inside its cells after it; as text where it only places paragraphs."""
        attached: list[Block] = []
        flows: list[tuple[Block, list[Block]]] = []
        rows = []
        for cells in rows_of(table):
            row = []
            for cell in cells:
                content = list(self._flow(cell.element, in_note, in_cell=True)) if cell.element is not None else []
                flows += content
                attached += [block for _, blocks in content for block in blocks]
                row.append((cell, [block for block, _ in content if block.pieces]))
            rows.append(row)
        if not has_heading_row(table) and is_layout(rows):
            yield from (one for one in flows if one[0].own or one[1])
            return
        inner = [block for row in rows for _, blocks in row for block in blocks if block.role == "table"]
        pieces = table_pieces(rows)
        yield Block(pieces, "table", "".join(pieces)), inner + attached


def _goes_on(properties: Element | None) -> bool | None:
    """None where a paragraph ends; else whether there is a space before the next, with which it is one.

    The mark of its end is deleted or hidden, or the paragraph is a large first letter.
    """
    if properties is None:
        return None
    frame = properties.find(f"{W}framePr")
    if frame is not None and frame.get(f"{W}dropCap", "none") != "none":
        return False
    mark = properties.find(f"{W}rPr")
    if mark is None:
        return None
    if mark.find(f"{W}del") is not None or mark.find(f"{W}moveFrom") is not None:
        return False
    return True if is_hidden(mark) else None
