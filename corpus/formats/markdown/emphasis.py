"""Markdown's emphasis: markers that come in pairs around words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.offset_map import Edit

_RUN = re.compile(r"\*+|_+|~~|(?<!=)==(?!=)")
_NOT_IN_WORDS = "_="


@dataclass(slots=True)
class _Open:
    """A run of markers that can open emphasis: the offset after it and how many of its marks are left."""

    end: int
    left: int


def emphasis(text: str) -> Iterator[Edit]:
    """Edits that delete the markers of emphasis and highlights, and words that are struck through."""
    opened: dict[str, list[_Open]] = {"*": [], "_": [], "~": [], "=": []}
    for match in _RUN.finditer(text):
        mark = match.group()[0]
        opens, closes = _flanks(text, match)
        left = len(match.group())
        while closes and left and opened[mark]:
            opener = opened[mark][-1]
            size = min(2 if opener.left > 1 and left > 1 else 1, left)
            if mark == "~":  # the words between are deleted
                yield Edit(opener.end - size, match.end() - left + size)
            yield Edit(opener.end - size, opener.end)
            yield Edit(match.end() - left, match.end() - left + size)
            opener.end -= size
            opener.left -= size
            left -= size
            if not opener.left:
                opened[mark].pop()
        if opens and left:
            opened[mark].append(_Open(match.end(), left))


def _flanks(text: str, match: re.Match[str]) -> tuple[bool, bool]:
    """Whether a run can open and whether it can close; not in a word for `_` and `=`, not between numbers for `*`."""
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    space_before, space_after = not before or before.isspace(), not after or after.isspace()
    word_before, word_after = before.isalnum(), after.isalnum()
    opens = not space_after and (word_after or space_before or not word_before)
    closes = not space_before and (word_before or space_after or not word_after)
    if match.group()[0] in _NOT_IN_WORDS and word_before and word_after:
        return False, False
    if before.isdigit() and after.isdigit():
        return False, False
    return opens, closes
