"""Files made by hand to crash, to hang or to fill the memory: small or large, each with one idea."""

import gzip
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable

from tests.corpus.fuzz.seeds import assembled, document, parts_of, zipped

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
_MERGES = "a: &a {x: 1}\n" + "".join(
    f"{name}: &{name} {{<<: [{', '.join([f'*{before}'] * 9)}]}}\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def _matter(record: str, fence: str = "---") -> bytes:
    return f"{fence}\n{record}{fence}\nThe harbour was closed on Tuesday.\n".encode()


def _page(body: str, head: str = "") -> bytes:
    return f"<html><head>{head}</head><body>{body}</body></html>".encode()


def _line(**record: object) -> bytes:
    return json.dumps({"text": "Words.", **record}).encode() + b"\n"


def _docx(body: str = "<w:p><w:r><w:t>Words.</w:t></w:r></w:p>", before: str = "", **parts: str) -> bytes:
    made = parts_of(document())
    made["word/document.xml"] = f"{before}<w:document {_W}><w:body>{body}</w:body></w:document>".encode()
    return zipped(made | {name: data.encode() for name, data in parts.items()})


def _long_docx(megabytes: int) -> bytes:
    """Paragraphs that do not pack too well to be believed."""
    words = " ".join(f"{number * 2654435761 % 2**32:08x}" for number in range(2_000))
    return _docx(f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>" * (megabytes * 2**20 // len(words)))


def _zip_with_parts(count: int) -> bytes:
    return zipped({f"a{number}.xml": b"<a/>" for number in range(count)})


def _lying_zip() -> bytes:
    """A part that unpacks to 20 MB and says it were 100 bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * (20 * 2**20))
    size = struct.pack("<I", 20 * 2**20)
    return out.getvalue().replace(size, struct.pack("<I", 100))


def _pdf(*objects: str | bytes, trailer: str = "") -> bytes:
    return assembled(list(objects), trailer)


def _packed(data: bytes, entries: str = "") -> bytes:
    return _stream(zlib.compress(data, 9), f"{entries} /Filter /FlateDecode")


def _stream(data: bytes, entries: str = "") -> bytes:
    return b"<< %b /Length %d >>\nstream\n%b\nendstream" % (entries.encode(), len(data), data)


def _drawn(*contents: bytes, resources: str = "", more: tuple[str | bytes, ...] = ()) -> bytes:
    """A PDF of one page that draws these streams, objects 5 and on; objects `more` come after them."""
    places = " ".join(f"{5 + number} 0 R" for number in range(len(contents)))
    return _pdf(
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 612 792] >>",
        f"<< /Type /Page /Parent 2 0 R /Contents [{places}] /Resources << /Font << /F1 4 0 R >> {resources} >> >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *contents,
        *more,
    )


def _pages(kids: str, count: object = 1, *more: str) -> bytes:
    return _pdf("<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {count} >>", *more)


def _forms_of_forms(fan: int, depth: int) -> bytes:
    """A form that draws a form ten times, which draws another ten times: 10^depth in all."""
    draw = b"/X Do " * fan
    forms = [
        _stream(
            draw, f"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X {7 + level} 0 R >> >>"
        )
        for level in range(depth)
    ]
    last = _stream(b"BT /F1 8 Tf (x) Tj ET", "/Type /XObject /Subtype /Form /BBox [0 0 9 9]")
    return _drawn(
        b"<< /Length 5 >>\nstream\n/X Do\nendstream", resources="/XObject << /X 6 0 R >>", more=(*forms, last)
    )


def _gzip(chunk: bytes, times: int) -> bytes:
    """So many archives in a row, which are one: quickly made, however large what it unpacks to."""
    return gzip.compress(chunk, mtime=0) * times


_FORM = "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >>"
_PAGE_OF_A = "<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>"

BOMBS: dict[str, Callable[[], bytes]] = {
    # What is text
    "one-line-10-mb.txt": lambda: b"word " * 2_000_000,
    "one-word-10-mb.txt": lambda: b"a" * 10_000_000,
    "stops.txt": lambda: b"." * 3_000_000,
    "spaces.txt": lambda: b"a" + b" " * 5_000_000 + b"b",
    "line-ends.txt": lambda: b"a" + b"\r\n" * 3_000_000 + b"b",
    "short-lines.txt": lambda: b"a\n" * 5_000_000,
    "short-lines-64-mb.txt": lambda: b"a\n" * (32 * 2**20),
    "source-headings.txt": lambda: b"Sources:\n\n" * 30_000,
    "by-by-by.txt": lambda: b"By " * 1_000_000,
    "at-signs.txt": lambda: b"By " + b"a" * 300 + b"@" * 1000,
    "dates.txt": lambda: b"12 March 2024\n" * 30_000,
    "marks.txt": lambda: b"e" + "\u0301\u0323".encode() * 500_000,
    "mojibake.txt": lambda: "Ã©â€™".encode() * 500_000,
    "quotes.txt": lambda: "“".encode() * 1_000_000,
    "surrogates-in-utf-16.txt": lambda: b"\xff\xfe" + b"\x00\xd8" * 100_000,
    "utf-16-that-is-none.txt": lambda: b"\xff\xfe" + b"abc" * 100_001,
    "utf-32-that-is-none.txt": lambda: b"\xff\xfe\0\0" + b"\xff" * 100_000,
    "utf-8-that-is-none.txt": lambda: b"\xef\xbb\xbf" + b"caf\xe9 " * 100_000,
    "bytes-of-every-kind.txt": lambda: bytes(range(1, 256)) * 4000,
    "yaml-laughs-author.md": lambda: _matter(f"title: T\n{_LAUGHS}author: *i\n"),
    "yaml-laughs-language.md": lambda: _matter(f"title: T\n{_LAUGHS}language: *i\n"),
    "yaml-merges.md": lambda: _matter(f"title: T\n{_MERGES}"),
    "yaml-endless.md": lambda: _matter("title: T\nauthor: &a [*a]\n"),
    "yaml-nested.md": lambda: _matter(f"title: {'[' * 9_000}\n"),
    "yaml-nested-well.md": lambda: _matter(f"author: {'[' * 150}x{']' * 150}\n"),
    "yaml-hex.md": lambda: _matter(f"title: T\ndate: 0x{'f' * 15_000}\n"),
    "yaml-base-60.md": lambda: _matter(f"title: T\nid: 1{':59' * 6_000}\n"),
    "yaml-python.md": lambda: _matter("title: !!python/object/apply:os.system ['true']\n"),
    "toml-nested.md": lambda: _matter(f"title = {'[' * 9_000}\n", "+++"),
    "spaces-in-heading.md": lambda: b"# a" + b" " * 500_000 + b"b\n",
    "spaces-before-words.md": lambda: b" " * 500_000 + b"b\n",
    "backticks.md": lambda: b"`" * 500_000 + b" a `\n",
    "backtick-runs.md": lambda: b" a ".join(b"`" * size for size in range(1, 2_000)),
    "brackets.md": lambda: b"[" * 100_000 + b"]" * 100_000,
    "parentheses.md": lambda: b"[a](" * 100_000 + b"(" * 100_000,
    "stars.md": lambda: b"*a _b " * 300_000,
    "angles.md": lambda: b"<a " * 500_000,
    "comments.md": lambda: b"<!--\n" * 300_000,
    "quoted.md": lambda: b"> " * 500_000 + b"a\n",
    "bars.md": lambda: b"|" * 1_000_000 + b"\n",
    "dashes.md": lambda: b"- " * 500_000 + b"a\n",
    "escapes.md": lambda: b"\\*" * 500_000,
    # Web pages
    "nested.html": lambda: _page("<div>" * 100_000 + "Words."),
    "nested-inline.html": lambda: _page("<p>Words." + "<b>" * 100_000 + "more"),
    "nested-lists.html": lambda: _page("<ul><li>Words." * 50_000),
    "nested-tables.html": lambda: _page("<table><tr><td>Words." * 20_000),
    "attribute-10-mb.html": lambda: _page(f"<p title='{'a' * 10_000_000}'>Words that are shown here.</p>"),
    "attributes.html": lambda: _page(f"<p {' '.join(f'a{n}=1' for n in range(300_000))}>Words that are shown here.</p>"),
    "entities.html": lambda: _page(f"<p>{'&amp;' * 1_000_000}</p>"),
    "entities-declared.html": lambda: b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + _page("<p>&b;&b;</p>"),
    "angles.html": lambda: b"<" * 5_000_000,
    "unclosed-tags.html": lambda: b"<a " * 1_000_000,
    "unclosed-comments.html": lambda: _page("<!--" * 500_000),
    "unclosed-scripts.html": lambda: _page("Words.", '<script type="application/ld+json">' * 100_000),
    "unclosed-titles.html": lambda: _page("Words.", "<title>" * 200_000),
    "unclosed-quotes.html": lambda: _page("<p title='a" * 100_000),
    "linked-data-nested.html": lambda: _page("<p>Words.</p>", f'<script type="application/ld+json">{"[" * 100_000}</script>'),
    "linked-data-graphs.html": lambda: _page("<p>Words.</p>", '<script type="application/ld+json">' + '{"@graph":' * 900 + "[]" + "}" * 900 + "</script>"),
    "linked-data-authors.html": lambda: _page("<p>Words.</p>", '<script type="application/ld+json">{"@type":"Article","author":' + "[" * 400 + "]" * 400 + "}</script>"),
    "paragraphs.html": lambda: _page("<p>The same words again and again.</p>" * 100_000),
    "one-letter-paragraphs.html": lambda: _page("<p>a</p>" * 20_000 + f"<p>{'a' * 100_000}</p>" + "<p>a</p>" * 20_000),
    "almost-equal-paragraphs.html": lambda: _page("".join(f"<p>{'a' * 100_000}{n}</p>" for n in range(60))),
    "line-breaks.html": lambda: _page("<p>Words." + "<br>" * 500_000),
    "table-of-a-million.html": lambda: _page(f"<table>{'<tr>' + '<td>a' * 1000}" * 300),
    "one-word-10-mb.html": lambda: _page(f"<p>{'a' * 10_000_000}</p>"),
    "links.html": lambda: _page("<a href='http://x.example/a'>more</a>" * 100_000),
    "charset-that-lies.html": lambda: b"<meta charset=utf-16><p>caf\xe9 " * 10_000,
    "nul.html": lambda: _page("<p>Words\0that\0are\0shown.</p>" * 10_000),
    # Word documents
    "zeros.docx": lambda: zipped({"word/document.xml": b"\0" * 60 * 2**20}),
    "zip-in-zip.docx": lambda: zipped({"word/document.xml": zipped({"a": zipped({"a": b"\0" * 10_000_000})})}),
    "lying-zip.docx": _lying_zip,
    "many-parts.docx": lambda: _zip_with_parts(10_000),
    "laughs.docx": lambda: _docx("<w:p><w:r><w:t>&b;</w:t></w:r></w:p>", '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'),
    "laughs-after-a-comment.docx": lambda: _docx("<w:p><w:r><w:t>&b;</w:t></w:r></w:p>", f"<!--{'x' * 100_000}--><!DOCTYPE x [<!ENTITY a \"{'a' * 1000}\"><!ENTITY b \"{'&a;' * 1000}\">]>"),
    "nested.docx": lambda: _docx("<w:sdt><w:sdtContent>" * 50_000 + "</w:sdtContent></w:sdt>" * 50_000),
    "nested-200.docx": lambda: _docx("<w:ins>" * 240 + "<w:p/>" + "</w:ins>" * 240),
    "nested-text-boxes.docx": lambda: _docx("<w:tbl><w:tr><w:tc>" + "<w:p><w:r><w:t>a</w:t>" * 110 + "</w:r></w:p>" * 110 + "</w:tc></w:tr></w:tbl>"),

    "table-of-200000.docx": lambda: _docx("<w:tbl>" + "".join("<w:tr>" + "".join(f"<w:tc><w:p><w:r><w:t>{row * 7919 % 99991}{n * 104729 % 99991}</w:t></w:r></w:p></w:tc>" for n in range(200)) + "</w:tr>" for row in range(1000)) + "</w:tbl>"),
    "runs.docx": lambda: _docx("<w:p>" + "".join(f"<w:r><w:t>{n * 7919 % 99991}</w:t></w:r>" for n in range(300_000)) + "</w:p>"),
    "empty-paragraphs.docx": lambda: _docx("".join(f'<w:p w:a="{n * 2654435761 % 2**32:x}"/>' for n in range(300_000))),
    "long-60-mb.docx": lambda: _long_docx(60),
    "styles-in-a-circle.docx": lambda: _docx("<w:p><w:pPr><w:pStyle w:val='A'/></w:pPr><w:r><w:t>Words.</w:t></w:r></w:p>", **{"word/styles.xml": f"<w:styles {_W}><w:style w:type='paragraph' w:styleId='A'><w:name w:val='A'/><w:basedOn w:val='B'/></w:style><w:style w:type='paragraph' w:styleId='B'><w:name w:val='B'/><w:basedOn w:val='A'/></w:style></w:styles>"}),
    "parts-in-a-circle.docx": lambda: _docx(**{"word/_rels/document.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="document.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/header" Target="../word/document.xml"/></Relationships>'}),
    "parts-elsewhere.docx": lambda: _docx(**{"word/_rels/document.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="../../../../etc/passwd"/><Relationship Id="r2" Type="x" Target="file:///etc/passwd" TargetMode="External"/></Relationships>'}),
    "author-1-mb.docx": lambda: _docx(**{"docProps/core.xml": f'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>T</dc:title><dc:creator>{"a" * 1_000_000}</dc:creator></cp:coreProperties>'}),
    # PDFs
    "pages-in-a-circle.pdf": lambda: _pages("2 0 R"),
    "pages-in-a-large-circle.pdf": lambda: _pages("3 0 R", 9, "<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 3 0 R] /Count 9 >>"),
    "pages-two-billion.pdf": lambda: _pages("3 0 R", 2_147_483_647, "<< /Type /Page /Parent 2 0 R >>"),
    "pages-4999.pdf": lambda: _pages("3 0 R", 4_999, "<< /Type /Page /Parent 2 0 R >>"),
    "pages-5000-of-one.pdf": lambda: _pages("3 0 R " * 5_000, 5_000, _PAGE_OF_A, "<< /Length 30 >>\nstream\nBT /F1 9 Tf (Words.) Tj ET\nendstream"),
    "parents-in-a-circle.pdf": lambda: _pages("3 0 R", 1, "<< /Type /Page /Parent 4 0 R >>", "<< /Type /Pages /Parent 5 0 R >>", "<< /Type /Pages /Parent 4 0 R >>"),
    "references-in-a-circle.pdf": lambda: _pages("3 0 R", 1, "4 0 R", "5 0 R", "3 0 R"),
    "length-in-a-circle.pdf": lambda: _drawn(b"<< /Length 5 0 R >>\nstream\nBT (a) Tj ET\nendstream"),
    "tables-in-a-circle.pdf": lambda: _pages("3 0 R", 1, "<< /Type /Page >>").replace(b"/Root", b"/Prev 9 /Root"),
    "nested-arrays.pdf": lambda: _pages("3 0 R", 1, "[" * 100_000),
    "nested-dictionaries.pdf": lambda: _pages("3 0 R", 1, "<< /A " * 100_000),
    "zeros-100-mb.pdf": lambda: _drawn(_packed(zlib.compress(b"\0" * 100 * 2**20, 9), "/Filter [/FlateDecode /FlateDecode]")),
    "spaces-250-mb.pdf": lambda: _drawn(_packed(b" " * 250 * 2**20)),
    "letters-at-one-place.pdf": lambda: _drawn(_packed(b"BT /F1 9 Tf 1 0 0 1 9 9 Tm " + b"(a) Tj 1 0 0 1 9 9 Tm " * 300_000 + b"ET")),
    "letters-2-million.pdf": lambda: _drawn(_packed(b"BT /F1 9 Tf 9 9 Td " + b"(aaaaaaaaaa) Tj " * 200_000 + b"ET")),
    "lines-300000.pdf": lambda: _drawn(_packed(b"BT /F1 1 Tf 1 TL 9 700 Td " + b"(a b) Tj T* " * 300_000 + b"ET")),
    "unwound-states.pdf": lambda: _drawn(_packed(b"q " * 2_000_000)),
    "form-in-itself.pdf": lambda: _drawn(b"<< /Length 5 >>\nstream\n/X Do\nendstream", resources="/XObject << /X 6 0 R >>", more=(_stream(b"/X Do /X Do", _FORM),)),
    "forms-of-forms.pdf": lambda: _forms_of_forms(10, 9),
    "many-filters.pdf": lambda: _drawn(_stream(b"a", f"/Filter [{'/ASCIIHexDecode ' * 50_000}]")),
    "predictor.pdf": lambda: _drawn(_packed(b"a" * 1000, "/DecodeParms << /Predictor 12 /Columns 2147483647 /Colors 32 /BitsPerComponent 16 >>")),
    "one-word.pdf": lambda: _drawn(_stream(b"BT /F1 1 Tf 9 700 Td 1 TL " + b"(aaaaaaaaaaaaaaaaaaaa) Tj " * 1_000 + b"ET")),
    "strings-20-mb.pdf": lambda: _drawn(_packed(b"BT /F1 9 Tf (" + b"a" * 20_000_000 + b") Tj ET")),
    "media-box.pdf": lambda: _pages("3 0 R", 1, "<< /Type /Page /Parent 2 0 R /MediaBox [-1e38 -1e38 1e38 1e38] /UserUnit 1e30 >>"),
    "author-1-mb.pdf": lambda: _pdf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>", trailer=f"/Info << /Author ({'a' * 1_000_000}) /Title (x) >>"),
    # JSON lines
    "nested.jsonl": lambda: _line() + b'{"text": "a", "x": ' + b"[" * 100_000 + b"\n",
    "nested-well.jsonl": lambda: b'{"text": "Words.", "author": ' + b"[" * 500 + b"]" * 500 + b"}\n",
    "nested-language.jsonl": lambda: b'{"text": "Words.", "lang": ' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"}\n",
    "number-10-mb.jsonl": lambda: b'{"text": "Words.", "date": ' + b"1" * 10_000_000 + b"}\n",
    "fraction-10-mb.jsonl": lambda: b'{"text": "Words.", "date": 1.' + b"1" * 10_000_000 + b"}\n",
    "line-17-mb.jsonl": lambda: _line(text="a" * 17_000_000) + _line(),
    "fields.jsonl": lambda: b'{"text": "Words."' + b"".join(b',"%x":1' % n for n in range(1_200_000)) + b"}\n",
    "backslashes.jsonl": lambda: b'{"text": "' + b"\\n" * 7_000_000 + b'a"}\n',
    "spaces.jsonl": lambda: b'{"text"' + b" " * 15_000_000 + b': "Words."}\n',
    "bad-lines.jsonl": lambda: b"x\n" * 2_000_000,
    "ids.jsonl": lambda: _line(_id="\ud800\0\n\x1b[2J" * 3) + _line(_id="a" * 1_000_000),
    "title.jsonl": lambda: _line(title="\ud800\n\x1b[2J\0" * 99, author="\ud800 B", url="http://\ud800", outlet="\0"),
    "zeros-2-gb.jsonl.gz": lambda: _gzip(b"\0" * 2**20, 2048),
    "blank-lines-2-gb.jsonl.gz": lambda: _gzip(b"\n" * 2**20, 2048),
    "bad-lines-100-mb.jsonl.gz": lambda: _gzip(b"x\n" * 2**19, 100),
    "cut.jsonl.gz": lambda: gzip.compress(_line() * 2_000)[:-20],
    "no-archive.jsonl.gz": lambda: b"junk",
    "archives.jsonl.gz": lambda: gzip.compress(b"") * 100_000,
}  # fmt: skip
