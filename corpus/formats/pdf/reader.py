"""PDF files: their text in the order of reading, without running heads.

The source that the text maps to has one character for each of pdfium's character indices, page by page, and a form feed
between two pages; `corpus.formats.pdf.quote_boxes` finds the place on the drawn page from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from corpus.draft import Draft, SourceFacts
from corpus.facts.dates import iso_date
from corpus.facts.defaults import property_authors, property_title
from corpus.formats.pdf.blocks import PageBlock, blocks_of
from corpus.formats.pdf.characters import Box, UnreadablePdf, opened, page_characters
from corpus.formats.pdf.headline import LARGER, headline, is_on_page, is_within
from corpus.formats.pdf.lines import Line, usual_size
from corpus.formats.pdf.page_lines import page_lines
from corpus.formats.pdf.paragraphs import paragraphs_of
from corpus.formats.pdf.running import running_lines
from corpus.offset_map import Edit, MappedText


def read_pdf(data: bytes) -> Draft:
    """The text of a PDF's pages without running heads and feet; UnreadablePdf where there is none."""
    texts: list[str] = []
    lines: list[list[Line]] = []
    rules: list[Sequence[Box]] = []
    with opened(data) as document:
        stated = document.get_metadata_dict(skip_empty=True)
        offset = 0
        for number in range(len(document)):
            texts.append("")
            lines.append([])
            rules.append(())
            for page in page_characters(document, number):  # a broken page has no text; the others do
                texts[-1], lines[-1], rules[-1] = page.text, page_lines(page, number, offset), page.rules
            offset += len(texts[-1]) + 1
    if not any(lines):
        raise UnreadablePdf("it has no text layer, only pictures of pages; run it through text recognition (OCR) first")
    running = running_lines(lines)
    kept = [[line for line in page if id(line) not in running] for page in lines]
    kept = kept if any(kept) else lines
    starts = tuple(accumulate((len(text) + 1 for text in texts[:-1]), initial=0))
    body = usual_size(line for page in kept for line in page)
    blocks = [block for page, drawn in zip(kept, rules, strict=True) for block in blocks_of(page, drawn)]
    mapped = MappedText.gathered("\f".join(texts), _parts(blocks, body))
    title, authors = property_title(stated.get("Title")), property_authors(stated.get("Author"))
    return Draft(mapped, _facts(title, authors, kept, body), page_starts=starts, is_text=False)


def _parts(blocks: Sequence[PageBlock], body: float) -> list[Edit]:
    pieces: list[Edit] = []
    for paragraph in paragraphs_of(blocks, body):
        if pieces:
            pieces.append(Edit(paragraph.pieces[0].start, paragraph.pieces[0].start, "\n\n"))
        pieces += paragraph.pieces
    return pieces


def _facts(title: str | None, authors: tuple[str, ...], pages: Sequence[Sequence[Line]], body: float) -> SourceFacts:
    """The headline, or the stated title where it stands on the first page in large letters too; the stated authors.

    The metadata's dates are those of the file and not of the article.
    """
    first = next(page for page in pages if page)
    shown = headline(first, body)
    is_displayed = title and is_on_page(title, [line for line in first if line.size >= LARGER * body])
    if shown and not (is_displayed and not is_within(title or "", shown)):
        title = shown
    return SourceFacts(title=title if shown or not iso_date(title) else None, authors=authors)
