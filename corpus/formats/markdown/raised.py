"""Superscripts, subscripts and struck words in Markdown: marks of notes are left out, powers get a caret."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.formats.superscript import Superscript, note_signs, superscript_kind
from corpus.offset_map import Edit

RAISED = "<^~⁰¹²³⁴⁵⁶⁷⁸⁹"  # what its markup has one of
_SUP = re.compile(
    r"(?P<open><sup\b[^<>]{0,200}>)(?P<words>[^<>]{0,80}(?:<[^<>]{0,300}>[^<>]{0,80}){0,4}?)(?P<close></sup>)"
)
_STRUCK = re.compile(r"<(?P<close>/?)(?:del|s|strike)(?:\s[^<>]{0,300})?>", re.IGNORECASE)
_CARETS = re.compile(r"(?<=[\w)])(?P<open>\^)(?P<words>[^\W_][\w,+−-]{0,10})(?P<close>\^)")
_TILDES = re.compile(r"(?<=\w)~(\w{1,6})~(?!~)")
_MARKUP = re.compile(r"<[^<>]{0,300}>|\]\([^()\s]{0,500}\)|[*_`\[\]\ufffc]")
_BEFORE = 80  # characters that decide what is raised


def raised(text: str, original: str) -> Iterator[tuple[Edit, int, int]]:
    """Edits of `<sup>`, of Pandoc's `^2^` and `~2~`, and of raised digits that are marks of notes."""
    for form in (_SUP, _CARETS):
        for match in form.finditer(text):
            yield from _edits(match, original)
    for match in _TILDES.finditer(text):
        yield Edit(match.start(), match.start() + 1), *match.span()
        yield Edit(match.end() - 1, match.end()), *match.span()
    for start, end in note_signs(text):
        yield Edit(start, end), start, end


def struck(text: str) -> Iterator[tuple[Edit, int, int]]:
    """Edits that delete what HTML marks as deleted or struck through."""
    opened: int | None = None
    for match in _STRUCK.finditer(text):
        if match["close"] and opened is not None:
            yield Edit(opened, match.end()), opened, match.end()
            opened = None
        elif not match["close"] and opened is None:
            opened = match.start()


def _edits(match: re.Match[str], original: str) -> Iterator[tuple[Edit, int, int]]:
    start, end = match.span()
    before = _MARKUP.sub("", original[max(0, start - _BEFORE) : start])
    words = _MARKUP.sub("", match["words"])
    if not words.strip():
        return
    kind = superscript_kind(before, words, original[end : end + _BEFORE])
    if kind is Superscript.NOTE:
        yield Edit(start, end), start, end
        return
    yield Edit(*match.span("open"), "^" if kind is Superscript.POWER else ""), *match.span("open")
    yield Edit(*match.span("close")), *match.span("close")
