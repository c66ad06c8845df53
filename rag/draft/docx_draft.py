"""A checked draft as a Word document: its paragraphs, the quotations shaded by verdict, a footnote for each.

The parts of the package are those of ECMA-376 that Word needs; all text in them is escaped.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping

from rag.citation.markup import escaped
from rag.draft.checked_draft import CheckedDraft, Verdict
from rag.draft.marked_draft import edges, note

_FILLS: Mapping[Verdict, str] = {
    "exact": "D3F2D8", "altered": "FFD9D4", "near": "FFEDC2", "not_found": "FFB4AB", "short": "ECECEC",
}  # fmt: skip
_NOT_IN_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MAIN}.document.main+xml"/>'
    f'<Override PartName="/word/footnotes.xml" ContentType="{_MAIN}.footnotes+xml"/></Types>'
)
_RAISED = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
_SEPARATORS = (
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
)
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same draft gives the same bytes


def as_docx(checked: CheckedDraft) -> bytes:
    """The bytes of the document."""
    body = "".join(_body(checked))
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _relation("officeDocument", "word/document.xml"),
        "word/_rels/document.xml.rels": _relation("footnotes", "footnotes.xml"),
        "word/document.xml": f"<w:document {_W}><w:body><w:p>{body}</w:p></w:body></w:document>",
        "word/footnotes.xml": f"<w:footnotes {_W}>{_SEPARATORS}{''.join(_footnotes(checked))}</w:footnotes>",
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), _HEAD + content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _relation(kind: str, target: str) -> str:
    one = f'<Relationship Id="rId1" Type="{_OFFICE}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{one}</Relationships>'


def _body(checked: CheckedDraft) -> Iterator[str]:
    """The runs of the draft, with a new paragraph at each line end, and a reference behind each quotation."""
    read, around = 0, list[Verdict]()
    for place, number, begins in edges(checked):
        yield _runs(checked.text[read:place], around)
        read = place
        if begins:
            around.append(checked.quotations[number].verdict)
        else:
            around.pop()
            yield f'<w:r>{_RAISED}<w:footnoteReference w:id="{number + 1}"/></w:r>'
    yield _runs(checked.text[read:].rstrip(), around)


def _runs(text: str, around: list[Verdict]) -> str:
    fill = f'<w:rPr><w:shd w:val="clear" w:color="auto" w:fill="{_FILLS[around[-1]]}"/></w:rPr>' if around else ""
    return "</w:p><w:p>".join(f"<w:r>{fill}{_text(line)}</w:r>" if line else "" for line in text.split("\n"))


def _text(line: str) -> str:
    words = escaped(_NOT_IN_XML.sub("\ufffd", line))
    return f'<w:t xml:space="preserve">{words}</w:t>'


def _footnotes(checked: CheckedDraft) -> Iterator[str]:
    for number, one in enumerate(checked.quotations, 1):
        reference = f"<w:r>{_RAISED}<w:footnoteRef/></w:r>"
        yield f'<w:footnote w:id="{number}"><w:p>{reference}<w:r>{_text(f" {note(one)}")}</w:r></w:p></w:footnote>'
