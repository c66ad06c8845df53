"""Line breaks that are real, in texts whose wrapped lines their reader has joined."""

from __future__ import annotations

import re

from corpus.offset_map import Edit, MappedText
from corpus.sentences import blocks

_LINE_BREAK = re.compile("\n")


def with_real_lines(text: MappedText) -> MappedText:
    """The text with a blank line in the place of each line break that would be taken for that of a wrapped line.

    Items of a list that happen to be as long as the lines of a letter would else be read as one sentence.
    """
    return text.edited(
        Edit(*match.span(), "\n\n")
        for block in blocks(text.text)
        for match in _LINE_BREAK.finditer(text.text, block.start, block.end)
    )
