"""Word documents (.docx): the text of their pages, and the facts that styles and properties state.

The source that the text maps to is the document's own words, one after another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus.draft import Draft, SourceFacts
from corpus.facts.dates import iso_date
from corpus.facts.defaults import property_authors, property_title
from corpus.facts.names import byline_names, people
from corpus.formats.docx.blocks import DocumentReader
from corpus.formats.docx.package import Package, UnreadableDocx
from corpus.formats.docx.pieces import Added, Block, Pieces, mapped
from corpus.formats.real_lines import with_real_lines

_TERMS = "{http://purl.org/dc/elements/1.1/}"
_HEAD = 20  # blocks in which a title is looked for


def read_docx(data: bytes) -> Draft:
    """The text of a document, with its notes; UnreadableDocx where there is none."""
    package = Package.opened(data)
    reader = DocumentReader(package)
    blocks = reader.blocks(package.body)
    text = with_real_lines(mapped(_laid_out(blocks + reader.endnotes())))
    if not text.text:
        raise UnreadableDocx("the document holds no words; save one that does")
    return Draft(text, _facts(package, reader, blocks), is_text=False)


def _laid_out(blocks: Sequence[Block]) -> Pieces:
    """The blocks with blank lines between; the items of a list, or the lines of a table of contents, are one block."""
    found: Pieces = []
    last = ""
    for block in blocks:
        if found:
            found.append(Added("\n" if block.role == last == "item" else "\n\n"))
        found += block.pieces
        last = block.role
    return found


def _facts(package: Package, reader: DocumentReader, blocks: Sequence[Block]) -> SourceFacts:
    """Title, authors and date of paragraphs in the styles for these, else the title and authors of the properties.

    The dates of the properties are those of the file.
    """
    properties = package.core_properties()
    stated = (
        properties.findtext(f"{_TERMS}{name}") if properties is not None else None for name in ("title", "creator")
    )
    title, authors = next(stated), next(stated)
    bylines = (byline_names(block.own) or people(block.own) for block in blocks[:_HEAD] if block.role == "author")
    styled = tuple(dict.fromkeys(name for names in bylines for name in names))
    return SourceFacts(
        title=_title(package, reader, blocks, property_title(title)),
        authors=styled or property_authors(authors),
        published=next((iso_date(block.own) for block in blocks[:_HEAD] if block.role == "date"), None),
    )


def _title(package: Package, reader: DocumentReader, blocks: Sequence[Block], stated: str | None) -> str | None:
    """The title by its style, else the only top heading; then that of the properties, then what opens the document.

    A title that only the head of the pages shows counts too.
    """
    by_style = next(_of_role(blocks[:_HEAD], "title"), None)
    if by_style:
        return by_style
    tops = list(_of_role(blocks, "heading1"))
    if tops and (len(tops) == 1 or not stated) and any(block.own == tops[0] for block in blocks[: _HEAD // 2]):
        return tops[0]
    heads = (block for head in package.parts("header") for block in reader.blocks(head))
    return stated or next((block.own for block in heads if block.role == "title"), None)


def _of_role(blocks: Sequence[Block], role: str) -> Iterator[str]:
    return (block.own for block in blocks if block.role == role)
