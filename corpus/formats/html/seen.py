"""A web page as a reader sees it: without what is hidden, struck out or a note's mark."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

from corpus.formats.html.elements import HEADINGS, PageElement
from corpus.formats.html.layout import PageLayout
from corpus.formats.html.marks import note_marks
from corpus.formats.html.page import Page
from corpus.formats.html.tables import PageTable, data_tables, spans
from corpus.formats.html.unseen import unseen
from corpus.formats.markup import INLINE
from corpus.offset_map import Edit, MappedText

_RUNNING = frozenset("p li dd blockquote h1 h2 h3 h4 h5 h6".split())
_LONG_ENOUGH = 40  # characters around a time that make it a part of a sentence
_MOST_MERGED = 50  # cells


@dataclass(frozen=True, slots=True)
class SeenPage:
    """The HTML that is left, its visible text mapped to the source, the layout of that, tables of data and headings."""

    html: str
    text: MappedText
    layout: PageLayout
    tables: list[PageTable]
    headings: list[PageElement]


def as_seen(page: Page) -> SeenPage:
    """The page as it is seen."""
    hidden = unseen(page)
    cuts = [Edit(one.start, one.end, "" if one.name in INLINE else " ") for one in hidden]
    changes = sorted([*cuts, *note_marks(page, iter(hidden))], key=lambda edit: (edit.start, edit.end))
    gone = _gone(page.elements, changes)
    text, places = page.changed(changes)
    html = _edited(
        page.source,
        sorted([*changes, *_unwrapped(page, gone), *_unmerged(page, gone)], key=lambda edit: (edit.start, edit.end)),
    )
    return SeenPage(
        html, text, PageLayout.of(page, text.text, places, gone), data_tables(page, gone), _headings(page, gone)
    )


def _headings(page: Page, gone: Sequence[bool]) -> list[PageElement]:
    """The headings that are no links to other pages."""
    linked: set[int] = set()
    for index, element in enumerate(page.elements):
        if (
            element.name == "a"
            and element.parent >= 0
            and "href" in page.source[element.start : element.opened].lower()
        ):
            heading = page.elements[element.parent]
            is_whole = heading.name in HEADINGS and page.length(heading) == page.length(element)
            if is_whole and not page.attributes(element).get("href", "#").startswith("#"):
                linked.add(element.parent)
        elif element.name in HEADINGS and element.parent >= 0 and page.elements[element.parent].name == "a":
            linked.add(index)
    return [
        element
        for index, element in enumerate(page.elements)
        if element.name in HEADINGS and not gone[index] and index not in linked
    ]


def _gone(elements: Sequence[PageElement], changes: Sequence[Edit]) -> list[bool]:
    """Of each element, whether it lies in a change."""
    starts = [change.start for change in changes]
    found = []
    for element in elements:
        index = bisect_right(starts, element.start) - 1
        found.append(index >= 0 and element.start < changes[index].end)
    return found


def _unwrapped(page: Page, gone: Sequence[bool]) -> Iterator[Edit]:
    """Tags that trafilatura leaves out with their words: of times and of words for the eye in sentences, of sources."""
    blocks: list[int] = []
    for index, element in enumerate(page.elements):
        parent = element.parent
        blocks.append(index if element.name not in INLINE else blocks[parent] if parent >= 0 else -1)
        if element.name in ("footer", "cite") and parent >= 0 and page.elements[parent].name == "blockquote":
            yield from _without_tags(element)
        block = page.elements[blocks[index]]
        if element.name not in INLINE or gone[index] or blocks[index] < 0 or block.name not in _RUNNING:
            continue
        if element.name != "time" and not page.source.find("aria-hidden", element.start, element.opened) > 0:
            continue
        if page.length(block) - page.length(element) >= _LONG_ENOUGH:
            yield from _without_tags(element)


def _without_tags(element: PageElement) -> Iterator[Edit]:
    yield Edit(element.start, element.opened)
    if element.end > element.closing:
        yield Edit(element.closing, element.end)


def _unmerged(page: Page, gone: Sequence[bool]) -> Iterator[Edit]:
    """Plain tags in place of those of cells that are merged over so many others that trafilatura takes minutes."""
    for index, element in enumerate(page.elements):
        if element.name in ("td", "th") and not gone[index] and prod(spans(page, element)) > _MOST_MERGED:
            yield Edit(element.start, element.opened, f"<{element.name}>")


def _edited(source: str, edits: Sequence[Edit]) -> str:
    parts = []
    cursor = 0
    for edit in edits:
        parts += [source[cursor : edit.start], edit.text]
        cursor = edit.end
    return "".join(parts) + source[cursor:]
