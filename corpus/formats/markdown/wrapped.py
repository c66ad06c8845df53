"""The lines of a paragraph of Markdown: joined where they are one line that was wrapped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from corpus.offset_map import Edit
from corpus.sentences import is_one_block

_BREAK = re.compile(r"(?:  |\\|<br\s?/?>\s*)\Z", re.IGNORECASE)


def line_edits(source: str, lines: Sequence[tuple[int, int]], is_item: bool) -> Iterator[Edit]:
    """Edits that join the wrapped lines of a paragraph, or of an item of a list, and indent none of the others.

    A line that ends in two spaces or a backslash stays a line, and so do short lines, which some programs show as such.
    """
    yield _kept(source, lines[0])
    start = 0
    for place in range(1, len(lines) + 1):
        if place == len(lines) or _BREAK.search(source[slice(*lines[place - 1])][-40:]):
            yield from _part_edits(source, lines[start:place], is_item)
            if place < len(lines):
                yield _kept(source, lines[place])
            start = place


def _part_edits(source: str, lines: Sequence[tuple[int, int]], is_item: bool) -> Iterator[Edit]:
    words = [source[slice(*line)].strip() for line in lines]
    is_joined = len(words) > 1 and (is_one_block("\n".join(words)) or (is_item and all(map(_goes_on, words[1:]))))
    for before, line in pairwise(lines):
        if is_joined:
            end = before[0] + len(source[slice(*before)].rstrip())
            yield Edit(end, line[0] + len(source[slice(*line)]) - len(source[slice(*line)].lstrip()), " ")
        else:
            yield _kept(source, line)


def _goes_on(words: str) -> bool:
    return words[:1].islower()


def _kept(source: str, line: tuple[int, int]) -> Edit:
    """The edit that deletes the white space before a line."""
    words = source[slice(*line)]
    return Edit(line[0], line[1] - len(words.lstrip()))
