"""PDF files: the text of every page, its wrapped lines joined to paragraphs.

The source that the text maps to is the pages' text as pdfium gives it, joined by form feeds; offsets into it only serve
to find the page.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from statistics import median
from typing import TYPE_CHECKING

from corpus.draft import Draft, FaultySource, SourceFacts
from corpus.formats.facts import people
from corpus.offset_map import Edit, MappedText

if TYPE_CHECKING:
    import pypdfium2

MAX_PAGES = 5_000
_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD
_LINE = re.compile(r"[^\r\n]+")
_MAX_WORD = 100  # letters: without a limit, a page that is one word takes for ever
_BROKEN_WORD = re.compile("([^\\W\\d_]{0,100})([\ufffe\x02])([^\\W\\d_]{0,100})")
_WORD_BREAK = re.compile("([^\\W\\d_]{1,100})[-\u2010]\n([^\\W\\d_]+)")
_END_MARK = re.compile(r"[.!?:…][\"'”’»)\]]*$")
_BULLET = re.compile(r"[•·▪●○◦*–-]\s|\(?\d{1,2}[.)]\s")
_NO_TITLE = re.compile(r"untitled|microsoft word|\.(?:docx?|pdf|indd|qxd|rtf|odt|html?)$|^https?:|^\W*$", re.IGNORECASE)
_EDGE_LINES = 3  # lines at the top and bottom of a page that can be running headers and footers


class UnreadablePdf(FaultySource):
    """No text can be read from this PDF; save one that is whole, without a password and with a text layer."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a page, at `start:end` of the source.

    The rest is in points, and 0 where pdfium gives no boxes: the left edge, top and height of the first letter, the
    right edge and top of the last (a broken word reaches into the next line).
    """

    start: int
    end: int
    text: str
    page: int = 0
    left: float = 0.0
    top: float = 0.0
    height: float = 0.0
    right: float = 0.0
    last_top: float = 0.0


def read_pdf(data: bytes) -> Draft:
    """The text of a PDF's pages without running headers and footers; UnreadablePdf where there is none."""
    with _opened(data) as document:
        if len(document) > MAX_PAGES:
            raise UnreadablePdf(f"it has {len(document):,} pages, more than {MAX_PAGES:,}; split it")
        facts = _facts(document)
        pages, lines = _pages(document)
    if not lines:
        raise UnreadablePdf("it has no text layer, only pictures of pages; run it through text recognition (OCR) first")
    source = "\f".join(pages)
    starts = tuple(accumulate((len(page) + 1 for page in pages[:-1]), initial=0))
    body = [line for line, running in zip(lines, _running(lines, len(pages)), strict=True) if not running] or lines
    text = MappedText.of(source).edited(_edits(source, body))
    return Draft(text, facts, page_starts=starts, is_text=False)


def _opened(data: bytes) -> pypdfium2.PdfDocument:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as fault:
        if fault.err_code == _PASSWORD_ERROR:
            raise UnreadablePdf("it is locked with a password; save a copy without one") from fault
        raise UnreadablePdf("it is no PDF, or a broken one; save or download it again") from fault


def _facts(document: pypdfium2.PdfDocument) -> SourceFacts:
    """Title and authors from the metadata dictionary; its dates are those of the file and not of the article."""
    stated = document.get_metadata_dict(skip_empty=True)
    title = str(stated.get("Title", "")).strip()
    return SourceFacts(title=None if _NO_TITLE.search(title) else title, authors=people(str(stated.get("Author", ""))))


def _pages(document: pypdfium2.PdfDocument) -> tuple[list[str], list[_Line]]:
    """The text of every page, and the lines with their offsets in the joined pages."""
    import pypdfium2

    pages: list[str] = []
    lines: list[_Line] = []
    offset = 0
    for number in range(len(document)):
        try:
            page = document[number]
            layer = page.get_textpage()
            text = layer.get_text_range().replace("\f", " ")
            wide = [index for index, char in enumerate(text) if char > "\uffff"]
            found = [_line(layer, wide, match) for match in _LINE.finditer(text) if match.group().strip()]
            page.close()
        except pypdfium2.PdfiumError:  # a broken page has no text; the others do
            text, found = "", []
        lines += [replace(one, page=number, start=one.start + offset, end=one.end + offset) for one in found]
        pages.append(text)
        offset += len(text) + 1
    return pages, lines


def _line(layer: pypdfium2.PdfTextPage, wide: Sequence[int], match: re.Match[str]) -> _Line:
    words = match.group().strip()
    start = match.start() + match.group().index(words)
    end = start + len(words)
    first = [box for index in range(start, min(start + 3, end)) if (box := _box(layer, wide, index))]
    last = [box for index in range(end - 1, max(end - 4, start - 1), -1) if (box := _box(layer, wide, index))]
    if not first or not last:
        return _Line(start, end, words)
    _, bottom, _, top = max(first, key=_height)  # a ligature's box is lower than that of its neighbours
    return _Line(start, end, words, 0, first[0][0], top, top - bottom, last[0][2], max(last, key=_height)[3])


def _height(box: tuple[float, float, float, float]) -> float:
    return box[3] - box[1]


def _box(layer: pypdfium2.PdfTextPage, wide: Sequence[int], index: int) -> tuple[float, float, float, float] | None:
    """Left, bottom, right and top of a character.

    pdfium counts UTF-16 units, of which the characters at the indices `wide` have two, and leaves some out.
    """
    import pypdfium2

    place = pypdfium2.raw.FPDFText_GetCharIndexFromTextIndex(layer, index + bisect_left(wide, index))
    if place < 0:
        return None
    try:
        left, bottom, right, top = layer.get_charbox(place, loose=True)
    except pypdfium2.PdfiumError:
        return None
    return left, bottom, right, top


def _running(lines: Sequence[_Line], pages: int) -> list[bool]:
    """Which lines are running headers or footers: the same, but for digits, at the edge of most pages."""
    totals = Counter(line.page for line in lines)
    counts: Counter[int] = Counter()
    edge: list[str] = []
    for line in lines:
        rank = counts[line.page]
        counts[line.page] += 1
        at_edge = rank < _EDGE_LINES or rank >= totals[line.page] - _EDGE_LINES
        edge.append(re.sub(r"\d+", "0", line.text) if at_edge and len(line.text) <= 150 else "")
    on_pages = Counter(shape for _, shape in {(line.page, shape) for line, shape in zip(lines, edge, strict=True)})
    in_all = Counter(re.sub(r"\d+", "0", line.text) for line in lines)  # what also stands in mid-page is no header
    return [bool(shape) and on_pages[shape] >= max(2, 0.6 * pages, 0.8 * in_all[shape]) for shape in edge]


def _edits(source: str, lines: Sequence[_Line]) -> Iterator[Edit]:
    words = Counter(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", source.lower().replace("\u2010", "-")))
    pitch = _pitches(lines)
    yield Edit(0, lines[0].start)
    for number, line in enumerate(lines):
        yield from _mended(source, line, words)
        if number + 1 < len(lines):
            after = lines[number + 1]
            column = max(near.right for near in lines[max(0, number - 4) : number + 5] if near.page == line.page)
            broken = _WORD_BREAK.search(f"{line.text[-_MAX_WORD - 1 :]}\n{after.text[:40]}")
            if broken:
                yield Edit(line.end - (not _keeps_hyphen(broken[1], broken[2], words)), after.start)
            else:
                yield Edit(line.end, after.start, _between(line, after, pitch.get(line.page, 0.0), column))
    yield Edit(lines[-1].end, len(source))


def _mended(source: str, line: _Line, words: Counter[str]) -> Iterator[Edit]:
    """Edits of the words that pdfium marks as broken at a line's end: the hyphen stays only where it is spelt so."""
    for match in _BROKEN_WORD.finditer(source, line.start, line.end):
        yield Edit(match.start(2), match.end(2), "-" if _keeps_hyphen(match[1], match[3], words) else "")


def _keeps_hyphen(before: str, after: str, words: Counter[str]) -> bool:
    """Whether a word broken at a hyphen is spelt with it in the rest of the document."""
    with_hyphen, joined = words[f"{before}-{after}".lower()], words[f"{before}{after}".lower()]
    return with_hyphen > joined or (with_hyphen == joined and not (before and after and after.islower()))


def _pitches(lines: Sequence[_Line]) -> dict[int, float]:
    """For each page the usual distance from line to line, in points."""
    steps: dict[int, list[float]] = {}
    for line, after in pairwise(lines):
        if line.page == after.page and 0 < line.last_top - after.top < 4 * after.height:
            steps.setdefault(line.page, []).append(line.last_top - after.top)
    return {page: median(found) for page, found in steps.items()}


def _between(line: _Line, after: _Line, pitch: float, column: float) -> str:
    """The separator of two lines: a blank line, a line break, or a space where the line is only wrapped."""
    ended = _END_MARK.search(line.text) is not None
    fresh = not after.text[0].islower()
    if _BULLET.match(after.text):
        return "\n"
    if not line.height or not after.height:
        return "\n\n" if ended and fresh and len(line.text) < 40 else " "
    height = max(line.height, after.height)
    step = line.last_top - after.top
    resized = abs(line.height - after.height) > 0.12 * height
    if not resized and (line.page != after.page or step <= 0):  # the next page or column
        return "\n\n" if ended and fresh else " "
    far = step > 1.25 * (pitch or height) and (fresh or ended)
    had_room = _had_room(line, after, column)
    if resized or far or (ended and fresh and (had_room or after.left > line.left + 0.6 * height)):
        return "\n\n"
    return "\n" if fresh and had_room else " "


def _had_room(line: _Line, after: _Line, column: float) -> bool:
    """Whether the first word of the next line would have fitted on this one, so that the break is not wrapping."""
    letter = max(line.right - line.left, 0.0) / len(line.text)
    return line.right + letter * (len(after.text.split()[0]) + 2) < column
