"""The footnotes and endnotes of a Word document, each read where it is first referred to."""

from __future__ import annotations

from corpus.formats.docx.package import Element, Package, W

_NO_NOTES = frozenset({"separator", "continuationSeparator", "continuationNotice"})


class Notes:
    """The notes by their kind ("footnote", "endnote") and id."""

    def __init__(self, package: Package) -> None:
        self._notes: dict[tuple[str, str], Element] = {}
        for kind in ("footnote", "endnote"):
            root = package.part(f"{kind}s")
            for note in root.iterfind(f"{W}{kind}") if root is not None else ():
                if note.get(f"{W}type") not in _NO_NOTES:
                    self._notes.setdefault((kind, note.get(f"{W}id", "")), note)

    def taken(self, kind: str, note_id: str) -> Element | None:
        """A note at the first reference to it, else None."""
        return self._notes.pop((kind, note_id), None)
