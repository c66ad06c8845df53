"""Files made to take memory or time when they are added: by kind of text, by format, and small ones that expand."""

from __future__ import annotations

import gzip
import io
import json
import random
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 2**20
LARGEST = 64 * MEGABYTE - 1  # bytes of a file that holds one article
LONGEST = 10_000_000  # characters of an article
LARGEST_UPLOAD = 99 * MEGABYTE
_LINE = 15 * MEGABYTE  # bytes of a line of JSON
_WORDS = 50_000  # distinct ones
_PAGE_LINES = 60
_WORD_XML = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@dataclass(frozen=True, slots=True)
class UploadFile:
    """A file to be uploaded: what it holds in words, its name, and what yields its bytes."""

    what: str
    name: str
    parts: Callable[[], Iterator[bytes]]

    def write(self, folder: Path) -> Path:
        path = folder / self.name
        with path.open("wb") as file:
            file.writelines(self.parts())
        return path


def upload_files() -> list[UploadFile]:
    """The files, each smaller than 100 MB."""
    found = [one for what, unit in _UNITS.items() for one in _texts(what, unit)]
    return [*found, *_formats(), *_lines(), *_expanding()]


_UNITS = {
    "one letter": "a ",
    "one word": "harbour ",
    "no spaces": "a",
    "lines of a letter": "a\n",
    "sentences of a letter": "A! ",
    "paragraphs of a letter": "a\n\n",
    "emoji": "🦀",
    "emoji with spaces": "🦀 ",
    "combining marks": "e\u0301\u0323 ",
    "marks alone": "\u0301\n",
    "CJK": "港の船は今日も出る。",
    "CJK without a mark": "港",
    "a ligature that grows": "\ufdfa ",
}


def _texts(what: str, unit: str) -> Iterator[UploadFile]:
    """Text files of one repeated piece: as large as a file may be, and as long as an article may be."""
    bytes_each = len(unit.encode())
    yield _repeated(f"{what}, 64 MB", "text.txt", unit, LARGEST // bytes_each)
    if LONGEST // len(unit) * bytes_each < LARGEST:
        yield _repeated(f"{what}, 10 million characters", "text.txt", unit, LONGEST // len(unit))


def _repeated(what: str, name: str, unit: str, times: int, head: str = "") -> UploadFile:
    def parts() -> Iterator[bytes]:
        at_once = max(MEGABYTE // len(unit.encode()), 1)
        block = unit.encode() * at_once
        yield head.encode()
        for _ in range(times // at_once):
            yield block
        yield unit.encode() * (times % at_once)

    return UploadFile(what, name, parts)


def _prose(length: int, seed: int = 1) -> str:
    """So many characters of invented words, in sentences and paragraphs."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    words = ["".join(draw.choices("abcdefghilmnoprstuvw", k=draw.randint(2, 11))) for _ in range(_WORDS)]
    pieces: list[str] = []
    written = 0
    while written < length:
        sentence = " ".join(draw.choices(words, k=draw.randint(5, 25))).capitalize()
        pieces.append(f"{sentence}.{' ' if draw.random() < 0.8 else chr(10) * 2}")
        written += len(pieces[-1])
    return "".join(pieces)[:length]


def _formats() -> Iterator[UploadFile]:
    def prose(length: int) -> Callable[[], Iterator[bytes]]:
        return lambda: iter([_prose(length).encode()])

    yield UploadFile("words, 59 MB", "words.txt", prose(59 * MEGABYTE))
    yield UploadFile("words, 10 million characters", "words.txt", prose(LONGEST))
    yield UploadFile("words, 4.5 million characters", "words.txt", prose(4_500_000))
    yield UploadFile("Markdown words, 10 million characters", "words.md", prose(LONGEST))
    yield _repeated("Markdown, emphasis", "marks.md", "*a* ", LARGEST // 4)
    yield _repeated("Markdown, links", "links.md", "[a](b) ", LARGEST // 7)
    yield _repeated("Markdown, 1 million links", "links.md", "[a](b) ", 1_000_000)
    page = "<html><body><article>"
    yield _repeated("web page, one paragraph", "page.html", "harbour ", LARGEST // 8 - 9, f"{page}<p>")
    yield _repeated("web page, paragraphs", "page.html", "<p>A ship came in.</p>", LARGEST // 23, page)
    yield _repeated("web page, open tags", "page.html", "<b>a", LARGEST // 4 - 9, page)
    yield _repeated("web page, entities", "page.html", "&eacute; ", LARGEST // 9 - 9, f"{page}<p>")
    yield _repeated("web page, 3 million characters", "page.html", "<p>A ship came in.</p>", 180_000, page)
    yield UploadFile("PDF, 5,000 pages", "pages.pdf", lambda: iter([_pdf(5_000)]))
    yield UploadFile("PDF, 1,000 pages", "pages.pdf", lambda: iter([_pdf(1_000)]))
    yield UploadFile("Word, 60 MB of paragraphs unpacked", "long.docx", lambda: iter([_docx(60)]))
    yield UploadFile("Word, 9 MB of paragraphs unpacked", "long.docx", lambda: iter([_docx(9)]))


def _json_line(name: str, text: str) -> bytes:
    return json.dumps({"_id": name, "text": text}, ensure_ascii=False).encode() + b"\n"


def _lines() -> Iterator[UploadFile]:
    def same(text: str, count: int) -> Callable[[], Iterator[bytes]]:
        return lambda: (_json_line(f"{number}", text) for number in range(count))

    def escaped() -> Iterator[bytes]:
        for number in range(6):
            yield json.dumps({"_id": f"{number}", "text": "港" * (_LINE // 6)}).encode() + b"\n"

    def short() -> Iterator[bytes]:
        for number in range(LARGEST_UPLOAD // 35):
            yield b'{"_id":"%d","text":"Ship %d."}\n' % (number, number)

    yield UploadFile("lines of 15 MB, one letter", "long.jsonl", same("a " * (_LINE // 2), 6))
    yield UploadFile("lines of 9 MB, one letter", "long.jsonl", same("a " * 4_700_000, 10))
    yield UploadFile("lines of 15 MB, no spaces", "long.jsonl", same("a" * _LINE, 6))
    yield UploadFile("lines of 15 MB, emoji", "long.jsonl", same("🦀 " * (_LINE // 5), 6))
    yield UploadFile("lines of 15 MB, CJK", "long.jsonl", same("港の船は今日も出る。" * (_LINE // 30), 6))
    yield UploadFile("lines of 15 MB, escapes", "long.jsonl", escaped)
    yield UploadFile("lines of 15 MB, line ends", "long.jsonl", same("a\r\n" * (_LINE // 6), 6))
    yield UploadFile("words of 90,000 characters", "wide.jsonl", same("a" * 90_000, 1_100))
    yield UploadFile("millions of short lines", "short.jsonl", short)
    yield _repeated("millions of lines without an article", "bad.jsonl", "{}\n", LARGEST_UPLOAD // 3)
    yield _repeated("millions of empty lines", "empty.jsonl", "\n", LARGEST_UPLOAD, '{"text": "Words."}\n')


def _expanding() -> Iterator[UploadFile]:
    def packed(lines: Callable[[], Iterator[bytes]]) -> Callable[[], Iterator[bytes]]:
        def parts() -> Iterator[bytes]:
            squeeze = zlib.compressobj(9, wbits=31)
            for line in lines():
                yield squeeze.compress(line)
            yield squeeze.flush()

        return parts

    one = json.dumps({"_id": "a", "text": "a " * 7_900_000}).encode()
    yield UploadFile("archive of 15.8 MB, one letter", "letter.jsonl.gz", lambda: iter([gzip.compress(one)]))
    yield UploadFile(
        "archive of a line of 20 GB", "line.jsonl.gz", packed(lambda: (b"a" * MEGABYTE for _ in range(20_000)))
    )
    many = packed(lambda: (_json_line(f"{number}", "a " * 4_700_000) for number in range(60)))
    yield UploadFile("archive of 60 articles of 9 MB", "many.jsonl.gz", many)
    yield UploadFile(
        "archive of 20 GB without an article",
        "bad.jsonl.gz",
        packed(lambda: (b" " * MEGABYTE + b"\n" for _ in range(20_000))),
    )
    yield UploadFile("Word, 199 MB unpacked", "bomb.docx", lambda: iter([_docx(199)]))
    yield UploadFile(
        "PDF, a page of 500 MB unpacked",
        "bomb.pdf",
        lambda: iter([_pdf_of([b"BT /F1 9 Tf (a) Tj ET\n" * (500 * MEGABYTE // 22)])]),
    )


def _docx(megabytes: int) -> bytes:
    """A document whose body unpacks to so many megabytes; it does not pack too well to be believed."""
    paragraph = f"<w:p><w:r><w:t>{_prose(200_000)}</w:t></w:r></w:p>"
    body = paragraph * (megabytes * MEGABYTE // len(paragraph))
    kinds = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    link = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    package = "http://schemas.openxmlformats.org/package/2006"
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{kinds}"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{link}" '
            'Target="word/document.xml"/></Relationships>',
        )
        archive.writestr("word/document.xml", f"<w:document {_WORD_XML}><w:body>{body}</w:body></w:document>")
    return written.getvalue()


def _pdf(pages: int) -> bytes:
    """A document of so many pages of words."""
    lines = _prose(_PAGE_LINES * 80 * 50).replace("\n", " ").encode()
    drawn = []
    for number in range(50):
        at = number * _PAGE_LINES * 80
        rows = (lines[at + 80 * row :][:80] for row in range(_PAGE_LINES))
        drawn.append(b"BT /F1 9 Tf 40 780 Td 12 TL " + b" ".join(b"(%b) '" % row for row in rows) + b" ET")
    return _pdf_of(drawn, pages)


def _pdf_of(drawn: list[bytes], pages: int = 1) -> bytes:
    """A document whose pages draw these streams, in turn."""
    contents = [zlib.compress(one, 9) for one in drawn]
    first = 4  # the objects of the streams, then those of the pages
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%b] >>"
        % (pages, b" ".join(b"%d 0 R" % (first + len(contents) + number) for number in range(pages))),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *(b"<< /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream" % (len(one), one) for one in contents),
        *(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (first + number % len(contents))
            for number in range(pages)
        ),
    ]
    written, places = io.BytesIO(b"%PDF-1.5\n"), []
    written.seek(0, io.SEEK_END)
    for number, one in enumerate(objects, start=1):
        places.append(written.tell())
        written.write(b"%d 0 obj\n%b\nendobj\n" % (number, one))
    table = written.tell()
    written.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    written.writelines(b"%010d 00000 n \n" % place for place in places)
    written.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table))
    return written.getvalue()
