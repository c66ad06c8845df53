"""The archive of a Word document: its parts as XML, found by their relations.

A document of the strict form (ISO/IEC 29500) gets the names of the usual one. lxml refuses XML that is nested more than
256 deep.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import unquote

from lxml import etree

from corpus.draft import FaultySource

MAX_UNPACKED = 200 * 2**20  # bytes, all parts together
_MAX_RATIO = 200  # unpacked to packed size, in parts of more than 1 MB
_BROKEN = "it is no Word document, or a broken one; open it in a word processor and save it again as .docx"
_NO_ARCHIVE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_STRICT = b"http://purl.oclc.org/ooxml/"
_USUAL = {
    b"wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"officeDocument/math": b"http://schemas.openxmlformats.org/officeDocument/2006/math",
    b"officeDocument/relationships": b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    b"drawingml/diagram": b"http://schemas.openxmlformats.org/drawingml/2006/diagram",
    b"drawingml/main": b"http://schemas.openxmlformats.org/drawingml/2006/main",
}
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml has no other name for the type


class UnreadableDocx(FaultySource):
    """No text can be read from this Word document; save it again as .docx, without a password."""


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of a document; `body` is that of its main part."""

    archive: zipfile.ZipFile
    body: Element
    related: dict[str, list[str]] = field(default_factory=dict)  # of the main part: kind or id to the names of parts
    properties: str = ""  # the name of the part with the core properties

    @classmethod
    def opened(cls, data: bytes) -> Package:
        """The document in these bytes; UnreadableDocx where there is none, or it is made to do harm."""
        archive = _archive(data)
        kinds = _relations(archive, "")
        main = next(iter(kinds.get("officeDocument", ())), "")
        root = _root(archive, main)
        body = root.find(f"{W}body") if root is not None and root.tag == f"{W}document" else None
        if body is None:
            raise UnreadableDocx(_BROKEN)
        return cls(archive, body, _relations(archive, main), next(iter(kinds.get("core-properties", ())), ""))

    def part(self, kind: str) -> Element | None:
        """The root of the part that the document relates to as this kind; None where there is none that can be read."""
        return next(self.parts(kind), None)

    def parts(self, kind: str) -> Iterator[Element]:
        for name in self.related.get(kind, ()):
            root = _root(self.archive, name)
            if root is not None:
                yield root

    def part_by_id(self, relation: str) -> Element | None:
        """The root of the part that the document relates to by this id."""
        return next(self.parts(f"#{relation}"), None)

    def core_properties(self) -> Element | None:
        return _root(self.archive, self.properties)


def _archive(data: bytes) -> zipfile.ZipFile:
    """The archive; UnreadableDocx where it is none, would unpack to too much, or declares entities."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableDocx(
            "it is locked with a password or in the old .doc format; save it as .docx without a password"
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
        big = any(part.file_size > 2**20 and part.file_size > _MAX_RATIO * part.compress_size for part in parts)
        if big or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise UnreadableDocx("it unpacks to far more than a document holds; save it again as .docx")
        if any(_has_doctype(archive.read(part)) for part in parts):
            raise UnreadableDocx("its XML declares entities, as no word processor does; save it again as .docx")
    except _NO_ARCHIVE as fault:
        raise UnreadableDocx(_BROKEN) from fault
    return archive


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

    Whatever its name and its encoding: it is parsed as `_root` would, up to its first element.
    """
    prolog = _Prolog()
    with suppress(StopIteration, etree.LxmlError):  # an error: the part is no XML
        etree.fromstring(part, etree.XMLParser(target=prolog, resolve_entities=False))
    return prolog.has_doctype


def _root(archive: zipfile.ZipFile, name: str) -> Element | None:
    """The first element of a part; None where the archive has none of this name, or the part is no XML."""
    try:
        data = archive.read(name)
    except (KeyError, *_NO_ARCHIVE):
        return None
    if _STRICT in data:
        for strict, usual in _USUAL.items():
            data = data.replace(_STRICT + strict, usual)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    with suppress(etree.LxmlError, ValueError):
        root: Element = etree.fromstring(data, parser)
        return root
    return None


def _relations(archive: zipfile.ZipFile, name: str) -> dict[str, list[str]]:
    """The parts that a part relates to, by the last word of the relation's kind and by "#" and its id.

    Those of the archive for no name.
    """
    folder, base = posixpath.split(name)
    root = _root(archive, posixpath.join(folder, "_rels", f"{base}.rels"))
    found: dict[str, list[str]] = {}
    for relation in root.iterfind(_RELATION) if root is not None else ():
        if relation.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, unquote(relation.get("Target", ""))))
            kind = relation.get("Type", "").rpartition("/")[2]
            found.setdefault(kind, []).append(target.lstrip("/"))
            found.setdefault(f"#{relation.get('Id', '')}", []).append(target.lstrip("/"))
    return found
