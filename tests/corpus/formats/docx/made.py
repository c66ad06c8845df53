"""Word documents made of XML that a test writes."""

import io
import zipfile

import docx

from corpus.formats.docx.reader import read_docx

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
NAMES = " ".join(
    f'xmlns:{prefix}="{name}"'
    for prefix, name in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "m": f"{OFFICE}/math",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "v": "urn:schemas-microsoft-com:vml",
    }.items()
)
RELATIONS = "word/_rels/document.xml.rels"


def document(body: str = "", title: str = "Stated", author: str = "Ann Berg", **parts: str) -> bytes:
    """A document whose body is this XML, made from python-docx's own template.

    A part is named by its file's name in `word`, without `.xml`: its XML replaces that of the template, or is related to
    by that name.
    """
    made = docx.Document()
    made.core_properties.author = author
    made.core_properties.title = title
    packed = io.BytesIO()
    made.save(packed)
    with zipfile.ZipFile(packed) as old:
        files = {name: old.read(name) for name in old.namelist()}
    files["word/document.xml"] = f"<w:document {NAMES}><w:body>{body}</w:body></w:document>".encode()
    for place, (name, xml) in enumerate(parts.items()):
        if f"word/{name}.xml" not in files:
            kind = name.rstrip("0123456789")
            relation = f'<Relationship Id="made{place}" Type="{OFFICE}/relationships/{kind}" Target="{name}.xml"/>'
            files[RELATIONS] = files[RELATIONS].replace(b"</Relationships>", f"{relation}</Relationships>".encode())
        files[f"word/{name}.xml"] = xml.encode()
    return zipped(files)


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def p(inside: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inside}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def raised(text: str) -> str:
    return r(text, '<w:vertAlign w:val="superscript"/>')


def cell(inside: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside if inside.startswith('<') else p(r(inside))}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    made = "".join(one if one.startswith(("<w:tc", "<w:sdt")) else cell(one) for one in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{made}</w:tr>"


def control(inside: str, properties: str = "") -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"


def text_of(body: str, **parts: str) -> str:
    return read_docx(document(body, **parts)).text.text
