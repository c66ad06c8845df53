"""What is one word to a reader although marks stand in it: addresses, telephone numbers, dotted abbreviations. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.article import Span

_PATH = r"[^\s<>\"|“”«»]*(?<![.,;:!?)\]'’…])"
_PATTERNS = (
    r"(?<![\w.+%@-])[\w.+%-]{1,64}@[\w-]+(?:\.[\w-]+)*",
    rf"(?:\bhttps?://|\bwww\.){_PATH}",
    rf"(?<![\w.@/-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{{2,10}}(?![\w@-])(?:/{_PATH})?",
    r"(?<![\w-])\+?\d{1,4}(?:-\d{1,4})*-[A-Z][A-Z-]{2,}(?![\w-])",
    r"(?<![\w-])(?:\+\d{1,3}(?:[ \u00a0-]?\(?\d{1,5}\)?){2,5}|\(?0\d{2,4}\)?(?:[ \u00a0-]\d{3,8}){1,3})(?![\w-])",
    r"(?<![\w.])(?:[^\W\d_]\.){2,}(?!\w)",
)
_ADDRESS = re.compile("|".join(f"(?:{one})" for one in _PATTERNS))


def addresses(text: str, start: int, end: int) -> Iterator[Span]:
    """The e-mail and web addresses, telephone numbers and dotted abbreviations in a stretch of a text, in order."""
    for match in _ADDRESS.finditer(text, start, end):
        yield Span(*match.span())
