"""Markdown's markup inside a block: emphasis, code, links, images, escapes, entities, HTML tags.

Each rule runs over the block once. The markup it reads is blanked out in a copy of the same length, so that no later
rule reads it again.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from corpus.offset_map import Edit

_BLANK = "\ufffc"
_MAX_LABEL = 200
_ESCAPE = re.compile(r"\\[!-/:-@\[-`{-~]")
_TICKS = re.compile(r"`+")
_AUTOLINK = re.compile(r"<(?:https?://|mailto:)[^\s<>]{1,2000}>", re.IGNORECASE)
_TAG = re.compile(r"<(?:/?[a-zA-Z][\w-]{0,30}(?:\s[^<>]{0,500})?/?|!--[^<>]{0,2000}--)>")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,100}\]")
_BRACKET = re.compile(r"!?\[|\]")
_TARGET = re.compile(
    r"\(\s*(?:<[^<>\n]{0,2000}>|(?:[^\s()]|\([^\s()]{0,500}\)){0,2000})(?:\s+(?:\"[^\"]{0,500}\"|'[^']{0,500}'))?\s*\)"
)
_REFERENCE = re.compile(r"\[[^\[\]]{0,200}\]")
_BARE_URL = re.compile(r"https?://[^\s<>*]+", re.IGNORECASE)
_RUN = re.compile(r"\*+|_+|~~")


def inline_edits(text: str, labels: frozenset[str]) -> list[Edit]:
    """Edits that leave the words of a block; `labels` are the link labels defined in the file, case-folded."""
    edits: list[Edit] = []
    copy = list(text)
    for rule in (_escapes, _code, _tags, partial(_links, labels=labels)):
        for edit, start, end in rule("".join(copy)):
            edits.append(edit)
            copy[start:end] = _BLANK * (end - start)
    for match in _BARE_URL.finditer("".join(copy)):
        copy[match.start() : match.end()] = _BLANK * (match.end() - match.start())
    edits.extend(_emphasis("".join(copy)))
    return list(outermost(edits))


def _escapes(text: str) -> Iterator[tuple[Edit, int, int]]:
    ticked = _code_spans(text)
    starts = [start for start, _ in ticked]
    for match in _ESCAPE.finditer(text):
        before = bisect_right(starts, match.start()) - 1
        if before < 0 or match.start() >= ticked[before][1]:  # a code span holds no escapes
            yield Edit(match.start(), match.start() + 1), *match.span()


def _code(text: str) -> Iterator[tuple[Edit, int, int]]:
    for start, end in _code_spans(text):
        ticks = len(text[start:end]) - len(text[start:end].lstrip("`"))
        yield Edit(start, start + ticks), start, start + ticks
        yield Edit(end - ticks, end), start, end


def _code_spans(text: str) -> list[tuple[int, int]]:
    """The code spans: from a run of back-ticks to the next run of the same length."""
    later: dict[int, list[int]] = {}
    runs = [match.span() for match in _TICKS.finditer(text)]
    for start, end in reversed(runs):
        later.setdefault(end - start, []).append(start)
    found: list[tuple[int, int]] = []
    for start, end in runs:
        size = end - start
        starts = later[size]
        while starts and starts[-1] <= start:
            starts.pop()
        if starts and (not found or start >= found[-1][1]):
            found.append((start, starts[-1] + size))
    return found


def _tags(text: str) -> Iterator[tuple[Edit, int, int]]:
    for match in _AUTOLINK.finditer(text):
        yield Edit(match.start(), match.start() + 1), *match.span()
        yield Edit(match.end() - 1, match.end()), *match.span()
    for match in _TAG.finditer(text):
        is_break = re.match(r"<br\b", match.group(), re.IGNORECASE)
        yield Edit(*match.span(), "\n" if is_break else ""), *match.span()
    for match in _ENTITY.finditer(text):
        if (char := html.unescape(match.group())) != match.group():
            yield Edit(*match.span(), char), *match.span()
    for match in _FOOTNOTE.finditer(text):
        yield Edit(*match.span()), *match.span()


def _links(text: str, labels: frozenset[str]) -> Iterator[tuple[Edit, int, int]]:
    """Of a link its text stays, of an image nothing."""
    opened: list[re.Match[str]] = []
    for match in _BRACKET.finditer(text):
        if match.group() != "]":
            opened.append(match)
            continue
        if not opened:
            continue
        opener = opened.pop()
        end = _link_end(text, opener.end(), match.end(), labels)
        if end is None:
            continue
        if opener.group() == "![":
            yield Edit(opener.start(), end), opener.start(), end
        else:
            yield Edit(*opener.span()), *opener.span()
            yield Edit(match.start(), end), match.start(), end


def _link_end(text: str, start: int, end: int, labels: frozenset[str]) -> int | None:
    """The end of the link with the text `start:end`, whose closing bracket is the last of it; None where it is none."""
    if target := _TARGET.match(text, end):
        return target.end()
    label = text[start : end - 1].casefold() if end - start <= _MAX_LABEL else ""
    reference = _REFERENCE.match(text, end)
    if reference and (reference.group()[1:-1].casefold() or label) in labels:
        return reference.end()
    return end if label in labels else None


@dataclass(slots=True)
class _Open:
    """A run of markers that can open emphasis: the offset after it and how many of its marks are left."""

    end: int
    left: int


def _emphasis(text: str) -> Iterator[Edit]:
    """Edits that delete the markers which come in pairs around words."""
    opened: dict[str, list[_Open]] = {"*": [], "_": [], "~": []}
    for match in _RUN.finditer(text):
        mark = match.group()[0]
        opens, closes = _flanks(text, match)
        left = len(match.group())
        while closes and left and opened[mark]:
            opener = opened[mark][-1]
            size = min(2 if opener.left > 1 and left > 1 else 1, left)
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
    """Whether a run can open and whether it can close; not inside a word for `_`, not between numbers for `*`."""
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    space_before, space_after = not before or before.isspace(), not after or after.isspace()
    word_before, word_after = before.isalnum(), after.isalnum()
    opens = not space_after and (word_after or space_before or not word_before)
    closes = not space_before and (word_before or space_after or not word_after)
    if match.group()[0] == "_" and word_before and word_after:
        return False, False
    if before.isdigit() and after.isdigit():
        return False, False
    return opens, closes


def outermost(edits: Iterable[Edit]) -> Iterator[Edit]:
    """The edits from left to right, without empty ones and those that begin inside another."""
    reached = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
        if edit.start >= reached and edit.start < edit.end:
            yield edit
            reached = edit.end
