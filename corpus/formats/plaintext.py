"""Plain text files."""

from __future__ import annotations

from corpus.draft import Draft
from corpus.formats.encoding import decode
from corpus.formats.facts import stated
from corpus.formats.frontmatter import front_matter
from corpus.offset_map import Edit, MappedText


def read_plain_text(data: bytes) -> Draft:
    """The text of a file without its front matter; UndecodableText where it is no text."""
    source = decode(data).text
    matter = front_matter(source)
    return Draft(MappedText.of(source).edited([Edit(0, matter.end)]), stated(matter.record))
