"""Word documents (.docx): paragraphs and tables in the order of the document.

The source that the text maps to is the extracted text itself.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from corpus.draft import Draft, FaultySource, SourceFacts
from corpus.formats.facts import people
from corpus.offset_map import MappedText

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement as Element
    from docx.text.paragraph import Paragraph

MAX_UNPACKED = 200 * 2**20  # bytes, all parts together
_MAX_RATIO = 200  # unpacked to packed size, in parts of more than 1 MB
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_CHARACTERS = {f"{_W}{name}": character for name, character in _MARKS.items()}
_SKIPPED = frozenset(  # deleted words, the second copy of a text box, field codes, formatting
    {f"{_W}{name}" for name in ("del", "moveFrom", "instrText", "pPr", "rPr")}
    | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
)
_ODD_PARTS = (AttributeError, KeyError, TypeError, ValueError, RecursionError)  # parts of another kind, or in a circle
_BROKEN = "it is no Word document, or a broken one; open it in a word processor and save it again as .docx"


class UnreadableDocx(FaultySource):
    """No text can be read from this Word document; save it again as .docx, without a password."""


def read_docx(data: bytes) -> Draft:
    """The text of a document, with tracked insertions and links; UnreadableDocx where there is none."""
    _guard(data)
    document = _opened(data)
    text = "\n\n".join(block for block in _blocks(document.element.body) if block.strip())
    if not text:
        raise UnreadableDocx("the document holds no words; save one that does")
    return Draft(MappedText.of(text), _facts(document), is_text=False)


def _guard(data: bytes) -> None:
    """Refuses what is no archive, would unpack to too much, or declares entities."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableDocx(
            "it is locked with a password or in the old .doc format; save it as .docx without a password"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            big = any(part.file_size > 2**20 and part.file_size > _MAX_RATIO * part.compress_size for part in parts)
            if big or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise UnreadableDocx("it unpacks to far more than a document holds; save it again as .docx")
            if any(_has_doctype(archive.read(part)) for part in parts):
                raise UnreadableDocx("its XML declares entities, as no word processor does; save it again as .docx")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as fault:
        raise UnreadableDocx(_BROKEN) from fault


class _Prolog:
    """What a parser calls before the first element (`lxml.etree.XMLParser(target=...)`), and there it ends."""

    has_doctype = False

    def doctype(self, *_: object) -> None:
        self.has_doctype = True
        raise StopIteration

    def start(self, *_: object) -> None:
        raise StopIteration

    def close(self) -> None: ...


def _has_doctype(part: bytes) -> bool:
    """Whether a part is XML with a document type declaration, in which alone entities are declared.

    Whatever its name and its encoding: it is parsed as python-docx would, up to its first element.
    """
    from lxml import etree

    prolog = _Prolog()
    with suppress(StopIteration, etree.LxmlError):  # an error: the part is no XML
        etree.fromstring(part, etree.XMLParser(target=prolog, resolve_entities=False))
    return prolog.has_doctype


def _opened(data: bytes) -> Document:
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        document = docx.Document(io.BytesIO(data))
    except (OpcError, LxmlError, zipfile.BadZipFile, zlib.error, *_ODD_PARTS) as fault:
        raise UnreadableDocx(_BROKEN) from fault
    if getattr(document.element, "body", None) is None:  # the main part may be any XML
        raise UnreadableDocx(_BROKEN)
    return document


def _blocks(body: Element) -> Iterator[str]:
    """The paragraphs and tables of an element; a table is one block, a row a line, with bars between the cells."""
    for child in body:
        if child.tag == f"{_W}p":
            yield _words(child)
        elif child.tag == f"{_W}tbl":
            yield "\n".join(filter(None, map(_row, child.iterfind(f"{_W}tr"))))
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml", f"{_W}smartTag"):
            yield from _blocks(child)


def _row(row: Element) -> str:
    cells = (" ".join(" ".join(map(_words, cell.iter(f"{_W}p"))).split()) for cell in row.iterfind(f"{_W}tc"))
    return " | ".join(cell for cell in cells if cell)


def _words(element: Element) -> str:
    pieces: list[str] = []
    waiting = [element]
    while waiting:
        node = waiting.pop()
        if node.tag == f"{_W}t":
            pieces.append(node.text or "")
        elif node.tag in _CHARACTERS:
            pieces.append(_CHARACTERS[node.tag])
        elif node.tag not in _SKIPPED:
            if node.tag == f"{_W}p" and node is not element:  # in a text box
                pieces.append("\n")
            waiting.extend(reversed(node))
    return "".join(pieces)


def _facts(document: Document) -> SourceFacts:
    """Title and authors from the core properties, whose dates are those of the file; none where these are broken."""
    from docx.oxml.exceptions import XmlchemyError

    try:
        stated = document.core_properties
        title = stated.title.strip()
        styled = (paragraph.text.strip() for paragraph in document.paragraphs[:10] if _is_title(paragraph))
        author = stated.author if stated.author != "python-docx" else ""
        return SourceFacts(title=next(filter(None, styled), None) or title or None, authors=people(author))
    except (XmlchemyError, *_ODD_PARTS):
        return SourceFacts()


def _is_title(paragraph: Paragraph) -> bool:
    style = paragraph.style
    return style is not None and style.name in ("Title", "Heading 1")
