"""Line breaks that are real, in texts whose wrapped lines their reader has joined."""

from __future__ import annotations

from corpus.offset_map import Edit, MappedText
from corpus.sentences import blocks


def with_real_lines(text: MappedText) -> MappedText:
    """The text with a blank line in the place of each line break that would be taken for that of a wrapped line.

    Items of a list that happen to be as long as the lines of a letter would else be read as one sentence.
    """
    return text.edited(
        Edit(place, place + 1, "\n\n")
        for block in blocks(text.text)
        for place in _line_breaks(text.text, block.start, block.end)
    )


def _line_breaks(text: str, start: int, end: int) -> list[int]:
    found = []
    while (start := text.find("\n", start, end)) >= 0:
        found.append(start)
        start += 1
    return found
