"""Where a quote stands on the drawn pages of a PDF: its pages, and on each a box for every line of it."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

from corpus.article import Article, Span
from corpus.formats.pdf.characters import Box, PageCharacters, opened, page_characters, upright_to_page


@dataclass(frozen=True, slots=True)
class PageBoxes:
    """The boxes of a quote on one page, counted from 1; in points from the lower left corner, y upwards."""

    page: int
    boxes: tuple[Box, ...]


def quote_boxes(data: bytes, article: Article, span: Span) -> tuple[PageBoxes, ...]:
    """The places of a span of an article's text in the PDF of these bytes, in the order of the text.

    Empty where the bytes do not have the quote at its place: another file, or an article that was added by a version
    that kept pages only. UnreadablePdf as in `read_pdf`. The bytes are untrusted, and pdfium is native code: call this
    in a process that may be lost.
    """
    starts = article.origin.page_starts
    by_page: dict[int, list[tuple[int, int, int]]] = {}
    for rank, (start, end) in enumerate(article.origin.source_ranges(span.start, span.end)):
        number = max(bisect_right(starts, start) - 1, 0)
        by_page.setdefault(number, []).append((rank, start - starts[number], end - starts[number]))
    said: dict[int, str] = {}
    found: list[PageBoxes] = []
    with opened(data) as document:
        for number, ranges in by_page.items():
            for page in page_characters(document, number) if number < len(document) else ():
                said |= {rank: page.text[start:end] for rank, start, end in ranges}
                found.append(PageBoxes(number + 1, tuple(_boxes(page, ranges))))
    is_there = _letters("".join(said[rank] for rank in sorted(said))) == _letters(span.cut(article.text))
    return tuple(found) if is_there else ()


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text)))


def _boxes(page: PageCharacters, ranges: list[tuple[int, int, int]]) -> list[Box]:
    """The boxes of these characters, those of one line in one."""
    found: list[Box] = []
    for _, start, end in ranges:
        for index in range(start, min(end, len(page.text))):
            box = page.box(index)
            if page.text[index].isspace() or box.right <= box.left or box.top <= box.bottom:
                continue
            if found and _is_one_line(found[-1], box):
                last = found[-1]
                found[-1] = Box(
                    min(last.left, box.left),
                    min(last.bottom, box.bottom),
                    max(last.right, box.right),
                    max(last.top, box.top),
                )
            else:
                found.append(box)
    return [upright_to_page(box, page.quarter_turns) for box in found]


def _is_one_line(line: Box, box: Box) -> bool:
    """Whether a character stands on the height of a line, and not further from it than two letters are wide."""
    height = max(line.top - line.bottom, box.top - box.bottom)
    shared = min(line.top, box.top) - max(line.bottom, box.bottom)
    smaller = min(line.top - line.bottom, box.top - box.bottom)
    return shared > 0.5 * smaller and line.left - 2 * height < box.left < line.right + 2 * height
