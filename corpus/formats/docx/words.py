"""The words of one paragraph of a Word document, as its page shows them.

Words that are hidden, deleted or struck through, codes of fields and marks of notes are left out. What the paragraph
refers to comes apart: text boxes, and the notes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from corpus.formats.docx.diagrams import DATA_ID, RELATION_IDS
from corpus.formats.docx.equations import M, linear
from corpus.formats.docx.package import Element, W
from corpus.formats.docx.pieces import Added, Pieces, on_one_line
from corpus.formats.docx.styles import Styles, is_hidden, is_on, is_raised, is_struck, value_of
from corpus.formats.docx.symbols import symbol, without_codes
from corpus.formats.superscript import Superscript, note_signs, superscript_kind
from corpus.sentences import is_one_block

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MARKS = {
    f"{W}{name}": character
    for name, character in {
        "p": "\n", "tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad",
    }.items()
}  # fmt: skip
_SKIPPED = frozenset(  # deleted words, codes of fields, readings over a word, formatting
    f"{W}{name}" for name in (
        "del", "moveFrom", "delText", "instrText", "delInstrText", "rt", "pPr", "rPr", "sdtPr", "sdtEndPr",
        "smartTagPr", "customXmlPr", "altChunk",
    )
)  # fmt: skip
_RUN, _TEXT, _SYMBOL = f"{W}r", f"{W}t", f"{W}sym"
_NOTES = {f"{W}footnoteReference": "footnote", f"{W}endnoteReference": "endnote"}
_LINE_END_IN_WORDS = re.compile(r"\s*[\r\n]\s*")  # of XML that was indented; the page shows a space
_SEEN = 60  # characters before and after a superscript that decide what it is


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What a paragraph holds: its words, text boxes, notes ("footnote" and its id), and diagrams (ids of relations)."""

    pieces: Pieces
    boxes: list[Element]
    notes: list[tuple[str, str]]
    diagrams: list[str]


@dataclass(frozen=True, slots=True)
class _Run:
    """What holds for the characters inside a run."""

    is_raised: bool = False
    font: str | None = None
    is_marked: bool = False  # its characters are the mark of a note


_PLAIN = _Run()


class _Reader:
    """Reads one paragraph, from left to right."""

    def __init__(self, paragraph: Element, styles: Styles) -> None:
        self._boxes: list[Element] = []
        self._notes: list[tuple[str, str]] = []
        self._diagrams: list[str] = []
        self._paragraph = paragraph
        self._styles = styles
        self._is_hidden = styles.hides and _by_style(styles, _style_of(paragraph), "is_hidden")
        self._pieces: list[tuple[str, bool]] = []  # characters, and whether they are raised
        self._fields: list[bool] = []  # the fields that are open, and of each whether this is its code

    def read(self) -> Paragraph:
        waiting = [(child, _PLAIN) for child in reversed(self._paragraph)]
        while waiting:
            node, run = waiting.pop()
            if node.tag == _RUN:
                inner = self._run(node)
                if inner is not None:
                    waiting.extend((child, inner) for child in reversed(node))
            else:
                waiting.extend((child, run) for child in reversed(self._node(node, run)))
        return Paragraph(_without_marks(self._pieces), self._boxes, self._notes, self._diagrams)

    def _run(self, run: Element) -> _Run | None:
        """What holds inside a run; None where it is hidden."""
        properties = run.find(f"{W}rPr")
        if properties is None and not self._is_hidden:
            return _Run(is_marked=True) if _has_own_mark(run) else _PLAIN
        style = value_of(properties.find(f"{W}rStyle")) if properties is not None else None
        hidden, raised = is_hidden(properties), is_raised(properties)
        if hidden is None:
            hidden = (_by_style(self._styles, style, "is_hidden") if style else False) or self._is_hidden
        if hidden or is_struck(properties):
            for mark in run.iterfind(f"{W}fldChar"):
                self._field(mark)
            return None
        if raised is None and style:
            raised = _by_style(self._styles, style, "is_raised")
        fonts = properties.find(f"{W}rFonts") if properties is not None else None
        return _Run(bool(raised), fonts.get(f"{W}ascii") if fonts is not None else None, _has_own_mark(run))

    def _node(self, node: Element, run: _Run) -> Sequence[Element]:
        """Reads a node; the children that are still to be read."""
        characters = _characters(node, run.font)
        if characters is not None:
            self._add(characters, run)
            return list(node)  # none but of a paragraph, which stands inside another in a text box of an odd kind
        if read := _READERS.get(node.tag):
            read(self, node)
        elif node.tag == f"{_MC}AlternateContent":
            return _shown_branch(node)
        elif node.tag not in _SKIPPED and not (node.tag == f"{W}sdt" and _is_placeholder(node)):
            return list(node)
        return ()

    def _add(self, characters: str, run: _Run) -> None:
        if characters and not run.is_marked and not any(self._fields):
            self._pieces.append((characters, run.is_raised))

    def _field(self, mark: Element) -> None:
        kind = mark.get(f"{W}fldCharType")
        if kind == "begin":
            self._fields.append(True)
        elif kind == "separate" and self._fields:
            self._fields[-1] = False
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _box(self, content: Element) -> None:
        self._boxes.append(content)

    def _diagram(self, relations: Element) -> None:
        self._diagrams.append(relations.get(DATA_ID, ""))

    def _note(self, reference: Element) -> None:
        self._notes.append((_NOTES[reference.tag], reference.get(f"{W}id", "")))

    def _equation(self, element: Element) -> None:
        if any(self._fields):
            return
        before = self._pieces[-1][0] if self._pieces else " "
        if element.getprevious() is not None and element.getprevious().tag == element.tag:
            self._pieces.append((Added(" "), False))
        if element.tag == f"{M}oMathPara" and not before[-1].isspace():  # it stands on a line of its own
            self._pieces.append((Added("\n"), False))
        self._pieces.extend((piece, False) for piece in linear(element) if piece)


_READERS: dict[str, Callable[[_Reader, Element], None]] = {
    f"{W}fldChar": _Reader._field,  # noqa: SLF001
    f"{W}footnoteReference": _Reader._note,  # noqa: SLF001
    f"{W}endnoteReference": _Reader._note,  # noqa: SLF001
    f"{W}txbxContent": _Reader._box,  # noqa: SLF001
    RELATION_IDS: _Reader._diagram,  # noqa: SLF001
    f"{M}oMath": _Reader._equation,  # noqa: SLF001
    f"{M}oMathPara": _Reader._equation,  # noqa: SLF001
}


def read_paragraph(paragraph: Element, styles: Styles) -> Paragraph:
    """The words, text boxes and notes of a paragraph; lines that are wrapped by hand are one line."""
    found = _Reader(paragraph, styles).read()
    has_lines = any("\n" in piece for piece in found.pieces)
    if has_lines and is_one_block("".join(found.pieces).strip()):
        return replace(found, pieces=on_one_line(found.pieces))
    return found


def _characters(node: Element, font: str | None) -> str | None:
    """The characters that a node stands for; None where it is another kind of node."""
    if node.tag == _TEXT:
        return without_codes(_LINE_END_IN_WORDS.sub(" ", node.text or ""), font)
    if node.tag == _SYMBOL:
        return symbol(node.get(f"{W}font"), node.get(f"{W}char"))
    return _MARKS.get(node.tag)


def _style_of(paragraph: Element) -> str | None:
    properties = paragraph.find(f"{W}pPr")
    return value_of(properties.find(f"{W}pStyle")) if properties is not None else None


def _by_style(styles: Styles, style: str | None, name: str) -> bool:
    return next((said for one in styles.chain(style) if (said := getattr(one, name)) is not None), False)


def _has_own_mark(run: Element) -> bool:
    """Whether a run holds the mark of a note that its author chose, after the reference to the note."""
    references = (child for child in run if child.tag in _NOTES)
    return any(is_on(reference.get(f"{W}customMarkFollows", "0")) for reference in references)


def _is_placeholder(control: Element) -> bool:
    """Whether a content control shows what is to be entered there."""
    return control.find(f"{W}sdtPr/{W}showingPlcHdr") is not None


def _shown_branch(alternatives: Element) -> list[Element]:
    """The first branch with words: what is drawn for newer programs, or its copy for older ones."""
    branches = [one for one in alternatives if one.tag in (f"{_MC}Choice", f"{_MC}Fallback")]
    words = (f"{W}t", f"{M}t", f"{W}sym")
    return next(([one] for one in branches if next(one.iter(*words), None) is not None), branches[:1])


def _without_marks(pieces: list[tuple[str, bool]]) -> Pieces:
    """The pieces without superscripts that are marks of notes, and with a caret before those that are powers."""
    if not any(raised or not words.isascii() for words, raised in pieces):
        return [words for words, _ in pieces]
    groups = [(raised, [piece for piece, _ in group]) for raised, group in groupby(pieces, key=lambda piece: piece[1])]
    found: Pieces = []
    before = ""
    for place, (raised, group) in enumerate(groups):
        words = "".join(group)
        after = "".join(groups[place + 1][1])[:_SEEN] if place + 1 < len(groups) else ""
        kind = superscript_kind(before, words, after) if raised and words.strip() else Superscript.TEXT
        if kind is Superscript.NOTE:
            if found and before.endswith(" ") and not after[:1].isalnum():
                found[-1] = found[-1].rstrip(" ")
            continue
        has_signs = not raised and next(note_signs(words), None) is not None
        shown = [_without_signs(words)] if has_signs else group
        found.extend([Added("^"), *shown] if kind is Superscript.POWER else shown)
        before = (before + words[-_SEEN:])[-_SEEN:]
    return found


def _without_signs(words: str) -> str:
    """Words without raised digits of Unicode that are marks of notes."""
    kept, read = "", 0
    for start, end in note_signs(words):
        kept, read = kept + words[read:start], end
    return kept + words[read:]


def children_through(parent: Element, *tags: str) -> Iterator[Element]:
    """The children with these tags, also inside content controls, tracked insertions and the like."""
    waiting = list(reversed(parent))
    while waiting:
        node = waiting.pop()
        if node.tag in tags:
            yield node
        elif node.tag == f"{_MC}AlternateContent":
            waiting.extend(reversed(_shown_branch(node)))
        elif node.tag in _THROUGH and not (node.tag == f"{W}sdt" and _is_placeholder(node)):
            waiting.extend(reversed(node))


_THROUGH = frozenset(
    {f"{W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "dir", "bdo")}
    | {f"{_MC}Choice", f"{_MC}Fallback"}
)
