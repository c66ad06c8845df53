"""What a browser does not show of a web page, and what it strikes out."""

from __future__ import annotations

import re

from corpus.formats.html.elements import PageElement
from corpus.formats.html.page import Page

_STRUCK = frozenset("del s strike".split())
_NEVER = frozenset("template rp rt datalist".split())
_NO_TEXT = frozenset("script style title textarea iframe".split())
_CONTAINERS = frozenset("article center div form main section span table".split())
_ATTRIBUTES = re.compile(r"hidden|style|backlink|editsection|href\s*=\s*[\"']?[^\s>\"'#]*#", re.IGNORECASE)
_STYLE = re.compile(
    r"(?:\A|[;\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)"
    r"|text-decoration(?:-line)?\s*:[^;]{0,40}line-through)",
    re.IGNORECASE,
)
_ICON = re.compile(r"\b(?:icons?|glyphicons?|fa[srlb]?|material-\w+)\b|(?:^|[\s_-])icons?(?:$|[\s_-])", re.IGNORECASE)
_EDIT = re.compile(r"editsection", re.IGNORECASE)
_SIGN = re.compile(r"[\W_]{1,8}")  # of a link to a place of the page: "#", "¶", "^", "↩"
_LONGEST_NOTICE = 400  # characters
_LONGEST_WORD = 40  # characters of an icon's name, and of a link that edits a section


def unseen(page: Page) -> list[PageElement]:
    """The outermost elements with text that are hidden or struck out, in order.

    Containers that hold most of the page's text together are none of them: a script shows them, or the page forgot to
    close an element.
    """
    found: list[PageElement] = []
    end = held = 0
    for element in page.elements:
        has_text = element.name == "template" or page.length(element)
        if element.start >= end and has_text and _is_unseen(page, element):
            found.append(element)
            end = element.end
            held += page.length(element) if _may_hold_all(element) else 0
    if 2 * held > page.places.at(len(page.source)):
        return [element for element in found if not _may_hold_all(element)]
    return found


def _may_hold_all(element: PageElement) -> bool:
    return element.name in _CONTAINERS or (element.name in _STRUCK and element.closing == element.end)


def _is_unseen(page: Page, element: PageElement) -> bool:
    name = element.name
    if name == "noscript":  # a long one repeats what a script writes
        return page.length(element) <= _LONGEST_NOTICE
    if name == "dialog":
        return "open" not in page.attributes(element)
    if name in _NO_TEXT or name in _STRUCK or name in _NEVER:
        return name not in _NO_TEXT
    if not _ATTRIBUTES.search(page.source, element.start, element.opened):
        return False
    given = page.attributes(element)
    if given.get("hidden", "until-found").lower() != "until-found" or _STYLE.search(given.get("style", "")):
        return True
    return page.length(element) <= _LONGEST_WORD and _is_for_machines(page, element, given)


def _is_for_machines(page: Page, element: PageElement, given: dict[str, str]) -> bool:
    """Whether an element is a word that a font shows as a picture, a link that edits a section, or a sign."""
    kind = given.get("class", "")
    if (given.get("aria-hidden") == "true" and _ICON.search(kind)) or _EDIT.search(kind):
        return True
    return element.name in ("a", "span") and _is_sign(page, element, given)


def _is_sign(page: Page, element: PageElement, given: dict[str, str]) -> bool:
    """Whether an element is a sign that leads back to a note's mark, or to the heading that it stands at."""
    is_link = "#" in given.get("href", "") or "backlink" in given.get("class", "").lower()
    return is_link and _SIGN.fullmatch(page.text(element.opened, element.closing).strip()) is not None
