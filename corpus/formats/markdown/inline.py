"""Markdown's markup inside a block: emphasis, code, links, images, escapes, entities, HTML tags, notes.

Each rule runs over the block once. The markup it reads is blanked out in a copy of the same length, so that no later
rule reads it again.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import partial

from corpus.formats.markdown.emphasis import emphasis
from corpus.formats.markdown.links import links, wiki_links
from corpus.formats.markdown.raised import RAISED, raised, struck
from corpus.formats.markdown.templates import changes, templates
from corpus.offset_map import Edit

_BLANK = "\ufffc"
_ESCAPE = re.compile(r"\\[!-/:-@\[-`{-~]|\\(?=[ \t]*\r?$)", re.MULTILINE)  # at the end of a line it breaks it
_TICKS = re.compile(r"`+")
_MATH = re.compile(r"\$\$[^$]{1,2000}\$\$|(?<![\w$\\])\$(?=[^\s$])[^$\n]{0,300}(?<=[^\s\\])\$(?![\d$])")
_COMMENT = re.compile(r"(?<!\d)%%[^%]{0,5000}(?:%[^%]{1,5000}){0,20}%%")  # of Obsidian; "50%%" is none
_BLOCK_ID = re.compile(r"(?<![ \t])[ \t]+\^(?=[\w-]*[A-Za-z])[A-Za-z0-9-]{2,60}[ \t]*\r?$", re.MULTILINE)
_AUTOLINK = re.compile(r"<(?:https?://|mailto:)[^\s<>]{1,2000}>", re.IGNORECASE)
_TAG = re.compile(  # with values of attributes that hold brackets, as in JSX
    r"<(?:/?[a-zA-Z][\w.:-]{0,60}(?:\s(?:\"[^\"\n]{0,300}\"|'[^'\n]{0,300}'|\{[^{}]{0,300}\}|[^<>]){0,500}+)?/?"
    r"|!--[^<>]{0,2000}--|/?)>"
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,100}\]")
_ATTRIBUTES = re.compile(
    r"\{:[^{}\n]{0,500}\}|(?<=[\])`*_\"\ufffc])\{[.#][^{}\n]{0,300}\}"
    r"|(?<![ \t])[ \t]*\{[.#][\w-][^{}\n]{0,300}\}[ \t]*$",
    re.MULTILINE,
)
_BARE_URL = re.compile(r"https?://[^\s<>*\ufffc]+", re.IGNORECASE)

# What a rule finds: an edit, and the stretch that no later rule reads.
Found = Iterator[tuple[Edit, int, int]]


def inline_edits(text: str, labels: frozenset[str], *, on_one_line: bool = False) -> list[Edit]:
    """Edits that leave the words of a block; `labels` are the link labels defined in the file, case-folded."""
    edits: list[Edit] = []
    copy = text
    kept, gone = partial(_all_of, is_kept=True), partial(_all_of, is_kept=False)
    rules = (  # each with characters of which its markup has one
        ("\\", _escapes), ("`", _code), ("$", partial(kept, forms=(_MATH,))), ("{", templates), ("{", changes),
        ("%^", partial(gone, forms=(_COMMENT, _BLOCK_ID))), ("<", struck),
        (RAISED, partial(raised, original=text)),
        ("<&^", partial(_tags, on_one_line=on_one_line)), ("[", partial(wiki_links, original=text)),
        ("[", partial(links, labels=labels)), ("{", partial(gone, forms=(_ATTRIBUTES,))),
        (":", partial(kept, forms=(_BARE_URL,))),
    )  # fmt: skip
    for signs, rule in rules:
        if not any(sign in text for sign in signs):
            continue
        found = list(rule(copy))
        edits += (edit for edit, _, _ in found)
        copy = _blanked(copy, [(start, end) for _, start, end in found])
    if any(sign in text for sign in "*_~="):
        edits.extend(emphasis(copy))
    return list(outermost(edits))


def _blanked(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with blanks at these spans."""
    if not spans:
        return text
    letters = list(text)
    for start, end in spans:
        letters[start:end] = _BLANK * (end - start)
    return "".join(letters)


def _all_of(text: str, forms: tuple[re.Pattern[str], ...], is_kept: bool) -> Found:
    """What has one of the forms is deleted, or kept as it is."""
    for form in forms:
        for match in form.finditer(text):
            yield Edit(match.start(), match.start() if is_kept else match.end()), *match.span()


def _escapes(text: str) -> Found:
    verbatim = _merged([*code_spans(text), *(match.span() for match in _MATH.finditer(text))])
    starts = [start for start, _ in verbatim]
    for match in _ESCAPE.finditer(text):
        before = bisect_right(starts, match.start()) - 1
        if before < 0 or match.start() >= verbatim[before][1]:  # code spans and formulas hold no escapes
            yield Edit(match.start(), match.start() + 1), *match.span()


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that may overlap as spans that do not."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start < found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def _code(text: str) -> Found:
    for start, end in code_spans(text):
        ticks = len(text[start:end]) - len(text[start:end].lstrip("`"))
        yield Edit(start, start + ticks), start, start + ticks
        yield Edit(end - ticks, end), start, end


def code_spans(text: str) -> list[tuple[int, int]]:
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


def _tags(text: str, on_one_line: bool) -> Found:
    for match in _AUTOLINK.finditer(text):
        yield Edit(match.start(), match.start() + 1), *match.span()
        yield Edit(match.end() - 1, match.end()), *match.span()
    for match in _TAG.finditer(text):
        is_break = re.match(r"<br\b", match.group(), re.IGNORECASE)
        yield Edit(*match.span(), (" " if on_one_line else "\n") if is_break else ""), *match.span()
    for match in _ENTITY.finditer(text):
        if (char := html.unescape(match.group())) != match.group():
            yield Edit(*match.span(), char), *match.span()
    for match in _FOOTNOTE.finditer(text):
        yield Edit(*match.span()), *match.span()


def outermost(edits: Iterable[Edit]) -> Iterator[Edit]:
    """The edits from left to right, without empty ones and those that begin inside another."""
    reached = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
        if edit.start >= reached and edit.start < edit.end:
            yield edit
            reached = edit.end
