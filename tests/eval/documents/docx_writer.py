"""Word files written from nothing: their parts as XML, packed without compression and without a time."""

import io
import zipfile
from dataclasses import dataclass
from xml.sax.saxutils import escape

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SPACES = " ".join(
    f'xmlns:{name}="{address}"'
    for name, address in {
        "w": _W,
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "v": "urn:schemas-microsoft-com:vml",
        "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    }.items()
)
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    + "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/><w:basedOn w:val="Normal"/></w:style>'
        for key, name in (
            ("Title", "Title"),
            ("Heading1", "heading 1"),
            ("Caption", "caption"),
            ("ListParagraph", "List Paragraph"),
        )
    )
    + '<w:style w:type="character" w:styleId="Secret"><w:name w:val="Secret"/><w:rPr><w:vanish/></w:rPr></w:style>'
    + '<w:style w:type="paragraph" w:styleId="Legal"><w:name w:val="Legal"/><w:basedOn w:val="Normal"/>'
    '<w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>'
)
_LEVELS = {
    1: (("decimal", "%1."), ("lowerLetter", "%2)"), ("lowerRoman", "(%3)")),
    2: (("bullet", "\uf0b7"), ("bullet", "o")),
    3: (("decimal", "§ %1"), ("decimal", "%1.%2")),
}


def run(text, properties="", *, tag="w:t"):
    """A run of text; `properties` are the elements of its w:rPr."""
    shown = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{shown}<{tag} xml:space="preserve">{escape(text)}</{tag}></w:r>'


def paragraph(content, style=None, *, number=None, level=0, more=""):
    """A paragraph of a text or of XML; `number` is the list that it is an item of."""
    listed = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>' if number else ""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    properties = f"<w:pPr>{named}{listed}{more}</w:pPr>" if named or listed or more else ""
    return f"<w:p>{properties}{content if content.startswith('<') else run(content) if content else ''}</w:p>"


def cell(content, *, span=1, merged=None):
    """A cell of paragraphs; `merged` is "restart" or "continue" where it is merged with the one above or below."""
    spans = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    down = {"restart": '<w:vMerge w:val="restart"/>', "continue": "<w:vMerge/>", None: ""}[merged]
    inside = content if content.startswith(("<w:p", "<w:sdt", "<w:tbl")) else paragraph(content)
    return f"<w:tc><w:tcPr>{spans}{down}</w:tcPr>{inside}</w:tc>"


def row(*cells):
    return f"<w:tr>{''.join(one if one.startswith('<') else cell(one) for one in cells)}</w:tr>"


def table(*rows):
    columns = max(one.count("<w:tc>") for one in rows)
    grid = "".join('<w:gridCol w:w="2000"/>' for _ in range(columns))
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'
    )


def control(content):
    """A content control around runs, paragraphs, cells or rows."""
    return f'<w:sdt><w:sdtPr><w:alias w:val="field"/></w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>'


@dataclass
class Docx:
    """A Word file; `notes` and `ends` are the texts of foot- and endnotes, `head` stands on each page."""

    body: str
    notes: tuple = ()
    ends: tuple = ()
    head: str = ""
    properties: tuple = ()

    def written(self):
        """The file's bytes."""
        parts = {"word/document.xml": ("document.main", self._document()), "word/styles.xml": ("styles", _root("styles", _STYLES)),
                 "word/numbering.xml": ("numbering", _root("numbering", _numbering()))}  # fmt: skip
        for kind, plural, texts in (("footnote", "footnotes", self.notes), ("endnote", "endnotes", self.ends)):
            if texts:
                parts[f"word/{plural}.xml"] = plural, _root(plural, _notes(kind, texts))
        if self.head:
            parts["word/header1.xml"] = "header", _root("hdr", paragraph(self.head))
        core = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in self.properties)
        files = {
            "[Content_Types].xml": _content_types(parts),
            "_rels/.rels": _relations(
                [(f"{_TYPES}/officeDocument", "word/document.xml"),
                 ("http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties", "docProps/core.xml")]
            ),
            "docProps/core.xml": f'{_XML}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
            f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{core}</cp:coreProperties>',
            "word/_rels/document.xml.rels": _relations(
                [(f"{_TYPES}/{'header' if 'header' in name else name[5:-4]}", name[5:]) for name in list(parts)[1:]]
            ),
            **{name: content for name, (_, content) in parts.items()},
        }  # fmt: skip
        return _packed(files)

    def _document(self):
        headed = (
            f'<w:headerReference w:type="default" r:id="rId{3 + bool(self.notes) + bool(self.ends)}"/>'
            if self.head
            else ""
        )
        section = f'<w:sectPr>{headed}<w:pgSz w:w="11906" w:h="16838"/></w:sectPr>'
        return _root("document", f"<w:body>{self.body}{section}</w:body>")


def note_mark(number, kind="footnote"):
    """The raised number of a note in a text."""
    return f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:{kind}Reference w:id="{number}"/></w:r>'


def _root(name, content):
    return f"{_XML}<w:{name} {_SPACES}>{content}</w:{name}>"


def _notes(kind, texts):
    apart = "".join(
        f'<w:{kind} w:type="{what}" w:id="{number}"><w:p><w:r><w:{what}/></w:r></w:p></w:{kind}>'
        for number, what in ((-1, "separator"), (0, "continuationSeparator"))
    )
    mark = f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:{kind}Ref/></w:r>'
    return apart + "".join(
        f'<w:{kind} w:id="{number}"><w:p>{mark}{run(" " + text)}</w:p></w:{kind}>'
        for number, text in enumerate(texts, start=1)
    )


def _numbering():
    shapes = "".join(
        f'<w:abstractNum w:abstractNumId="{number}">'
        + "".join(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
            for level, (form, text) in enumerate(levels)
        )
        + "</w:abstractNum>"
        for number, levels in _LEVELS.items()
    )
    numbers = "".join(f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>' for number in _LEVELS)
    again = '<w:num w:numId="4"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    return shapes + numbers + again


def _content_types(parts):
    listed = "".join(
        f'<Override PartName="/{name}" ContentType="{_OFFICE}.{kind}+xml"/>' for name, (kind, _) in parts.items()
    )
    return (
        f'{_XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{listed}<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
    )


def _relations(targets):
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'{_XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{listed}</Relationships>'


def _packed(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content.encode())
    return out.getvalue()
