"""The words of a diagram (SmartArt), which stand in a part of their own."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.formats.docx.package import Package

_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
RELATION_IDS = f"{_DIAGRAM}relIds"
DATA_ID = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}dm"  # of RELATION_IDS: the part's relation
)


def diagram_words(package: Package, relation: str) -> Iterator[str]:
    """The words of each shape of a diagram, in the order in which they were written."""
    root = package.part_by_id(relation)
    for point in root.iter(f"{_DIAGRAM}pt") if root is not None else ():
        words = " ".join("".join(piece.text or "" for piece in point.iter(f"{_DRAWING}t")).split())
        if words:
            yield words
