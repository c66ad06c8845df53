"""Small valid files of every format: what the mutants are made from."""

import gzip
import io
import json
import zipfile

import docx
from docx.oxml import parse_xml

WORDS = (
    "The harbour at Lindholm was closed on Tuesday after a barge struck the eastern pier.",
    "“Nobody was hurt”, the wärden’s office said & the 👩‍👩‍👧 crew swam ashore. e\u0301le\u0300ve \u1112\u1161\u11ab",
    "The pumps were started at dawn... and again at No. 5 p.m., said Dr. A. Berg of The Lindholm Post (Reuters).",
    "Ù…Ø±Ø Ã© â€™ \u202bמילים בעברית\u202c 日本語。「はい」",
)
PLAIN = (
    "A Barge Sinks\r\n\r\nBy Ann Berg and Lars Holm, Staff writer\r\n\r\n12 March 2024\r\n\r\nThe Lindholm Post\r\n\r\n"
    + "\r\n\r\n".join(WORDS)
    + "\r\n\r\nShare on Facebook | Twitter\r\n\r\nSources:\r\n“A paper”, 2021\r\nhttps://x.example/a\r\n\r\n© 2024 All rights reserved\r\n"
)
MATTER = (
    "title: 'A \"Barge\" Sinks'\nauthor: [Ann Berg, {name: Lars Holm}]\ndate: 2024-03-12T10:00:00Z\nbase: &a {x: 1}\n"
    "more: {<<: *a, y: !!float 1.5}\nsummary: >-\n  folded\n  text\ntags:\n  - a\n  - b\n"
)
MARKDOWN = (
    f"---\n{MATTER}---\n# A *Barge* Sinks\n\n**{WORDS[0]}** [pier](http://x.example 'T') ![i](a.png) [ref][1] `code` <b>x</b>\n\n"
    "> quoted _text_\n\n- item ~~one~~\n- [x] item\n\n| a | b |\n|---|:-:|\n| c | d |\n\n```py\nx = 1\n```\n\n"
    f"Under\n=====\n\n{WORDS[1]}[^1]\n\n[^1]: A note.\n[1]: http://y.example 'T'\n\n<!-- gone -->\n\n{WORDS[3]} &amp; &#8217; \\* <https://z.example>\n"
)
VAULT = (
    f"---\nauthor: [[Ann Berg]]\n---\n{WORDS[0]} [[Pier#East|the pier]] ==marked== %%gone%% ^a1b2\n\n> [!note]- Box\n> text^[A note.]\n\n"
    "%%\ngone\n%%\n\n{{< figure src='a.png' >}} {% raw %}{{ x }}{% endraw %} $a_1$ 1931<sup>7</sup>\n\n- [ ] task\n  wrapped\n\n"
    "| a | b |\n|---|---|\n| `c|d` | |\n\n<table><tr><td rowspan=2>a</td><td>b</td></tr><tr><td>c</td></tr></table>\n\n"
    f":::note[T]\n{WORDS[1]}\n:::\n\n!!! tip\n    text\n\n    code\n\n$$\nx^2\n$$\n\nTerm\n: meaning {{: .c}}\n{WORDS[2]}\n"
)
TOML = "+++\ntitle = 'T'\ndate = 2024-03-12\n[author]\nname = 'Ann Berg'\n+++\n\n# H\n\n" + "\n\n".join(WORDS)
_LINKED = {
    "@context": "https://schema.org",
    "@graph": [
        {
            "@type": "NewsArticle",
            "headline": "A Barge Sinks",
            "author": [{"name": "Ann Berg"}],
            "datePublished": "2024-03-12",
        }
    ],
}
PAGE = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>A Barge Sinks | Post</title>'
    '<meta property="og:title" content="A Barge Sinks"><meta name="author" content="Ann Berg"><link rel="canonical" href="https://x.example/a">'
    f'<script type="application/ld+json">{json.dumps(_LINKED)}</script><style>p {{ color: red }}</style></head><body>'
    "<nav><ul><li><a href='/'>Home</a></li></ul></nav><article><h1>A Barge Sinks</h1><time datetime='2024-03-12'>12 March</time>"
    + "".join(f"<p>{text}<br>and <b>more</b> <i>of it</i></p>\n" for text in WORDS)
    + "<table><tr><th>Ship</th><td>Year</td></tr><tr><td>Barge</td><td>1987</td></tr></table><ul><li>one<li>two</ul>"
    "<blockquote><p>A quote &amp; more&nbsp;&#x2019;</p></blockquote><pre>code</pre><figure><img src=a.png alt='x'><figcaption>c</figcaption></figure>"
    "<p>A last paragraph that is long enough to be kept by whoever looks for the article of a page.</p></article>"
    "<div class='comments'><p>First!</p></div><footer><p>© 2024</p></footer></body></html>"
)
LINES = (
    json.dumps(
        {
            "_id": "a",
            "title": "T",
            "text": "\n\n".join(WORDS),
            "metadata": {"author": ["Ann Berg"], "url": "https://x.example"},
        }
    )
    + "\n\n"
    + json.dumps({"id": 7, "body": WORDS[1], "date": "12 March 2024", "x": [1e9, {"y": None}]}, ensure_ascii=False)
    + '\n{"text": "a\\u00e9\\ud83d\\ude00 \\ud83d", "_id": "b"}\n'
)


def pdf() -> bytes:
    """Two pages with nothing packed, so that a mutation meets the structure: fonts, metadata, a tree of pages."""
    shown = "BT /F1 12 Tf 72 720 Td 14 TL (A Barge Sinks) Tj T* (The harbour at Lind-) Tj T* (holm was closed on Tues\\055) Tj [(d) -20 (ay)] TJ ET"
    second = "q 1 0 0 1 0 0 cm BT /F2 10 Tf 1 0 0 1 72 700 Tm <004100420043> Tj ET Q /X1 Do BT /F1 9 Tf 72 30 Td (Page 2) Tj ET"
    to_unicode = "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange <0041> <0043> <0061> endbfrange endcmap end"
    form = "BT /F1 8 Tf 10 10 Td (In a form.) Tj ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R /Outlines 12 0 R >>",
        "<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 /MediaBox [0 0 612 792] >>",
        "<< /Type /Page /Parent 2 0 R /Contents 5 0 R /Resources << /Font << /F1 7 0 R >> >> >>",
        "<< /Type /Page /Parent 2 0 R /Contents [6 0 R] /Resources << /Font << /F1 7 0 R /F2 8 0 R >> /XObject << /X1 11 0 R >> >> /Rotate 90 >>",
        _stream("", shown),
        _stream("", second),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding /FirstChar 32 /LastChar 34 /Widths [278 278 355] >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /Arial /Encoding /Identity-H /DescendantFonts [9 0 R] /ToUnicode 10 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Arial /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 1000 /W [65 [500 600 700]] >>",
        _stream("", to_unicode),
        _stream("/Type /XObject /Subtype /Form /BBox [0 0 100 100] /Resources << /Font << /F1 7 0 R >> >> ", form),
        "<< /Type /Outlines /First 13 0 R /Last 13 0 R /Count 1 >>",
        "<< /Title (One) /Parent 12 0 R /Dest [3 0 R /Fit] >>",
    ]
    return assembled(objects, "/Info << /Title (A Barge Sinks) /Author (Ann Berg) /CreationDate (D:20240312) >>")


def _stream(entries: str, data: str) -> str:
    return f"<< {entries}/Length {len(data)} >>\nstream\n{data}\nendstream"


def assembled(objects: list[str | bytes], trailer: str = "") -> bytes:
    """A PDF of these objects, numbered from 1; the first is its catalogue."""
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        data = body if isinstance(body, bytes) else body.encode("latin-1")
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, data))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(
        f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{table}\n%%EOF\n".encode("latin-1")
    )
    return out.getvalue()


RICH = (
    '<w:p xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><w:pPr><w:numPr><w:ilvl w:val="1"/>'
    '<w:numId w:val="3"/></w:numPr></w:pPr><w:r><w:t>in 1931</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
    '<w:t>7</w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r><m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t>'
    "</m:r></m:den></m:f></m:oMath><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr>"
    '<w:t>hidden</w:t></w:r><w:r><w:sym w:font="Symbol" w:char="F061"/></w:r><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>box</w:t>'
    "</w:r></w:p></w:txbxContent></w:pict></w:r></w:p>"
)


def document() -> bytes:
    """A Word document with headings, a table, and its core properties."""
    made = docx.Document()
    made.core_properties.title, made.core_properties.author = "A Barge Sinks", "Ann Berg"
    made.add_heading("A Barge Sinks", 0)
    for text in WORDS:
        made.add_paragraph(text)
    table = made.add_table(2, 2)
    table.cell(0, 0).text, table.cell(1, 1).text = "Ship", "1987"
    made.element.body.insert(2, parse_xml(RICH))
    made.add_paragraph("item", style="List Number")
    packed = io.BytesIO()
    made.save(packed)
    return packed.getvalue()


def parts_of(packed: bytes) -> dict[str, bytes]:
    """The files in an archive."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: dict[str, bytes]) -> bytes:
    """An archive of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def seeds(suffix: str) -> list[bytes]:
    """Valid files of a format."""
    return {
        ".txt": [
            PLAIN.encode("utf-8-sig"),
            PLAIN.encode("utf-16"),
            PLAIN.encode("cp1252", "replace"),
            TOML.encode(),
            f"---\n{MATTER}---\n{PLAIN}".encode(),
        ],
        ".md": [MARKDOWN.encode(), VAULT.encode(), TOML.encode(), PLAIN.encode()],
        ".html": [
            PAGE.encode(),
            PAGE.encode("cp1252", "xmlcharrefreplace"),
            PAGE.replace("article>", "div>").encode("utf-16"),
        ],
        ".pdf": [pdf()],
        ".docx": [document()],
        ".jsonl": [LINES.encode(), LINES.encode("utf-8-sig")],
        ".jsonl.gz": [gzip.compress(LINES.encode(), mtime=0)],
    }[suffix]
