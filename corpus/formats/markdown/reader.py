"""Markdown files: their words without the markup, each mapped to its place in the file.

Blocks are read here, line by line, and the markup inside them in `inline`.
"""

from __future__ import annotations

from corpus.draft import Draft, SourceFacts
from corpus.formats.encoding import decode
from corpus.formats.facts import stated
from corpus.formats.frontmatter import front_matter
from corpus.formats.markdown.blocks import MarkdownBlocks
from corpus.formats.markdown.inline import outermost
from corpus.formats.markdown.lines import DEFINITION
from corpus.formats.real_lines import with_real_lines
from corpus.offset_map import Edit, MappedText


def read_markdown(data: bytes) -> Draft:
    """The words of a Markdown file; its first top heading is the title unless the front matter names one."""
    source = decode(data).text
    matter = front_matter(source)
    reader = MarkdownBlocks(source, _labels(source))
    reader.read(matter.end)
    edits = [Edit(0, matter.end), *outermost(reader.edits)]
    text = with_real_lines(MappedText.of(source).edited(edits))
    return Draft(text, stated(matter.record).or_else(SourceFacts(title=reader.title)))


def _labels(source: str) -> frozenset[str]:
    lines = (DEFINITION.fullmatch(line.rstrip("\r")) for line in source.split("\n") if line.lstrip().startswith("["))
    return frozenset(match["label"].casefold() for match in lines if match)
