"""Markdown's links and images, Obsidian's links to notes, and notes inside a line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.offset_map import Edit

_MAX_LABEL = 200
_BRACKET = re.compile(r"[!^]?\[|\]")
_TARGET = re.compile(
    r"\(\s*(?:<[^<>\n]{0,2000}>|(?:[^\s()]|\([^\s()]{0,500}\)){0,2000})(?:\s+(?:\"[^\"]{0,500}\"|'[^']{0,500}'))?\s*\)"
)
_REFERENCE = re.compile(r"\[[^\[\]]{0,200}\]")
_CLASSES = re.compile(r"\{[.#][^{}\n]{0,300}\}")
_WIKI = re.compile(r"(!?)\[\[([^\[\]\n]{1,500})\]\]")
_PLACE = re.compile(r"#\^[\w-]+\Z|#+")


def wiki_links(text: str, original: str) -> Iterator[tuple[Edit, int, int]]:
    """Of `[[target|shown]]` what is shown stays, else the target; of `![[target]]`, which shows a file, nothing."""
    for match in _WIKI.finditer(text):
        start, end = match.span()
        if match[1]:
            yield Edit(start, end), start, end
            continue
        inside = original[match.start(2) : match.end(2)]
        target, bar, shown = inside.partition("|")
        if bar and shown.strip():
            opening = match.start(2) + len(target) + 1
            yield Edit(start, opening), start, opening
        else:
            yield Edit(start, match.start(2)), start, match.end(2)
            for edit in _place_edits(target, match.start(2)):
                yield edit, edit.start, edit.end
            if bar:
                yield Edit(match.start(2) + len(target), end), start, end
        yield Edit(end - 2, end), end - 2, end


def _place_edits(target: str, start: int) -> Iterator[Edit]:
    """The heading of a target stands after " > ", as Obsidian shows it; the id of a block is not shown."""
    for place in _PLACE.finditer(target):
        is_id, is_first = len(place.group()) > 1 and "^" in place.group(), place.start() == 0
        yield Edit(start + place.start(), start + place.end(), "" if is_id or is_first else " > ")


def links(text: str, labels: frozenset[str]) -> Iterator[tuple[Edit, int, int]]:
    """Of a link its text stays, of an image nothing; a note inside a line is set apart."""
    opened: list[re.Match[str]] = []
    last = len(text.rstrip())
    for match in _BRACKET.finditer(text):
        if match.group() != "]":
            opened.append(match)
            continue
        if not opened:
            continue
        opener = opened.pop()
        if opener.group() == "^[":
            for edit in _note_edits(text, opener, match, is_last=match.end() >= last):
                yield edit, edit.start, edit.end
            continue
        end = _link_end(text, opener.end(), match.end(), labels)
        if end is None:
            continue
        if opener.group() == "![":
            yield Edit(opener.start(), end), opener.start(), end
        else:
            yield Edit(*opener.span()), *opener.span()
            yield Edit(match.start(), end), match.start(), end


def _note_edits(text: str, opener: re.Match[str], closer: re.Match[str], *, is_last: bool) -> Iterator[Edit]:
    """A note at the end of a block is a block of its own; one before further words stands in brackets, apart."""
    if not is_last:
        space = "" if text[opener.start() - 1 : opener.start()].isspace() else " "
        yield Edit(*opener.span(), f"{space}(")
        yield Edit(*closer.span(), ")")
    else:
        yield Edit(*opener.span(), "\n\n")
        yield Edit(*closer.span())


def _link_end(text: str, start: int, end: int, labels: frozenset[str]) -> int | None:
    """The end of the link with the text `start:end`, whose closing bracket is the last of it; None where it is none."""
    if target := _TARGET.match(text, end):
        return target.end()
    label = text[start : end - 1].casefold() if end - start <= _MAX_LABEL else ""
    reference = _REFERENCE.match(text, end)
    if reference and (reference.group()[1:-1].casefold() or label) in labels:
        return reference.end()
    if classes := _CLASSES.match(text, end):
        return classes.end()
    return end if label in labels else None
