"""Raised and lowered characters of a web page: the marks of notes are left out, what is text or a power stays.

The page's structure decides first: a link to a place of the page, or a class or role that says so. Else the text around
the mark decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.formats.html.elements import PageElement
from corpus.formats.html.page import Page
from corpus.formats.superscript import Superscript, superscript_kind
from corpus.offset_map import Edit

_AROUND = 200  # characters of the source before and after a mark that are looked at
_LONGEST = 60  # characters of a mark
_LONGEST_SOURCE = 1_500  # with its tags
_TAG = re.compile(r"<[^>]*>")
_RAISED = re.compile(r"vertical-align\s*:\s*super|\bsuper-?script\b", re.IGNORECASE)
_NOTE = re.compile(
    r"\bdoc-noteref\b|\bnoteref\b|\breference\b|\b(?:foot|end|side)[-_]?note(?!s)|\bfn[-_]?ref|citation|\bMsoFootnoteReference\b"
    r"|\bTemplate-Fact\b",
    re.IGNORECASE,
)
_FRAGMENT = re.compile(r"#[^\s#]")
_NOTE_FRAGMENT = re.compile(
    r"#(?:user-content-)?_?(?:fn|ftn|edn|foot|end|note|cite|ref|sdfootnote|sdendnote|bib|[bnr]\d)", re.IGNORECASE
)
_MARK = re.compile(
    r"[\[(]?\s*(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5}|[*†‡§¶#‖]{1,3})(?:\s*[,;–—-]\s*(?:\d{1,3}|[a-z]))*\s*[\])]?"
)
_NUMBERED = re.compile(r"\[\d{1,3}\]")
_BRACKETED = re.compile(r"\[[^\[\]]{1,50}\]")
_MONEY = re.compile(r"[$€£¥]\s?\d{1,3}(?:[,.]?\d{3})*\Z")
_DECIMAL = re.compile(r"\d[.,]\d{1,40}\Z")
_CLOCK = re.compile(r"(?<![\d.,:])\d{1,2}\Z")
_DIVIDED = re.compile(r"\s*[/⁄∕]")
_CLOSING = re.compile(r"[.,;:!?)\]’”»]")


def note_marks(page: Page, taken: Iterator[PageElement]) -> Iterator[Edit]:
    """Changes that leave out the marks of notes outside the elements `taken`, and set apart what is else raised."""
    end = 0
    gone = next(taken, None)
    for element in page.elements:
        while gone and gone.end <= element.start:
            gone = next(taken, None)
        if element.start < end or (gone and gone.start <= element.start):
            continue
        if not _may_be_mark(page, element):
            continue
        for change in _changes(page, element):
            end = max(end, change.end)
            yield change


def _may_be_mark(page: Page, element: PageElement) -> bool:
    if element.end - element.start > _LONGEST_SOURCE or element.name not in ("sup", "sub", "a", "span"):
        return False
    if element.name in ("sup", "sub"):
        return page.length(element) <= _LONGEST
    tag = page.source[element.start : element.opened]
    return (_FRAGMENT if element.name == "a" else _RAISED).search(tag) is not None or _NOTE.search(tag) is not None


def _changes(page: Page, element: PageElement) -> list[Edit]:
    mark = page.text(element.opened, element.closing).strip()
    before = page.text(max(element.start - _AROUND, 0), element.start).rpartition("\n")[2]
    after = page.text(element.end, element.end + _AROUND).partition("\n")[0]
    if not mark or len(mark) > _LONGEST:
        return []
    if not before.strip():  # the number of a note itself: no word is before it
        is_number = _MARK.fullmatch(mark) and superscript_kind("", mark, after) is Superscript.NOTE
        return [Edit(element.end, element.end, " ")] if is_number and after[:1].isalnum() else []
    if _is_note(page, element, mark, before):
        return [_left_out(page, element, before, after)]
    if element.name in ("a", "span") and not _RAISED.search(page.source, element.start, element.opened):
        return []
    if element.name == "sub":
        is_apart = before[-1:].isdigit() and mark[0].isdigit()
        return [Edit(element.start, element.start, " ")] if is_apart else []
    return _raised(page, element, (before, mark, after))


def _is_note(page: Page, element: PageElement, mark: str, before: str) -> bool:
    """Whether the page itself says that an element is the mark of a note."""
    tags = " ".join(_TAG.findall(page.source[element.start : element.end]))
    around = page.elements[element.parent]
    if element.parent >= 0 and around.name == "a" and page.length(around) == page.length(element):
        tags += page.source[around.start : around.opened]
    is_short = _MARK.fullmatch(mark) is not None
    is_named = _NOTE.search(tags) is not None
    if element.name in ("sup", "sub"):
        return _BRACKETED.fullmatch(mark) is not None or is_named or (is_short and _FRAGMENT.search(tags) is not None)
    if element.name == "span":
        return is_short and is_named
    hangs = not before[-1:].isspace() or not mark[0].isalnum()
    is_named = is_named or _NOTE_FRAGMENT.search(tags) is not None or _NUMBERED.fullmatch(mark) is not None
    return is_short and hangs and is_named


def _raised(page: Page, element: PageElement, texts: tuple[str, str, str]) -> list[Edit]:
    before, mark, after = texts
    apart = [Edit(element.start, element.start, " ")] if before[-1:].isalnum() and mark[0].isalnum() else []
    if _DIVIDED.match(after):  # a fraction, which may hang on a number: 2 1/2
        return apart
    is_price = len(mark) == 2 and mark.isdigit() and _MONEY.search(before)
    is_time = mark in ("00", "15", "30", "45") and _CLOCK.search(before)
    if is_price or is_time or mark == "0" or mark.upper() in ("TM", "SM"):
        return apart
    if mark == "o" and before[-1:] in ("n", "N"):  # a number
        return []
    kind = superscript_kind(before, mark, after)
    if kind is Superscript.NOTE or (len(mark) == 1 and mark.isalpha() and _DECIMAL.search(before)):
        return [_left_out(page, element, before, after)]
    return [Edit(element.start, element.start, "^")] if kind is Superscript.POWER else []


def _left_out(page: Page, element: PageElement, before: str, after: str) -> Edit:
    """The change that leaves a mark out, with the space before it at a comma; a space stays between words."""
    start = element.start
    if before[-1:].isspace() and (not after or _CLOSING.match(after)):
        start -= len(blank := page.source[max(start - _AROUND, 0) : start]) - len(blank.rstrip())
    return Edit(start, element.end, "" if before[-1:].isspace() or not after[:1].isalnum() else " ")
