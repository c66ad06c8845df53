"""The title of a page, without the name of its outlet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from corpus.facts.page.identity import Identity, shown_text

if TYPE_CHECKING:
    from lxml.etree import _Element

_BAR = re.compile(r"\s(?:[|–—·•:»«›‹>⁄~*-]|::|//|<)\s|\s?[|｜_»]\s?|(?<=\S):\s|\s-\s?")
_MOST_HEADINGS = 50
_MOST_BARS = 8


def page_title(tree: _Element, page: Identity, outlets: Sequence[str], host: str) -> str | None:
    """The heading that the page's title tells too, else its shared title, else its title without the outlet's name."""
    shared = page.first(
        "og:title",
        "twitter:title",
        "headline",
        "dc.title",
        "citation_title",
        "parsely-title",
        "sailthru.title",
        "title",
    )
    own = next((shown_text(one) for one in tree.iter("title")), "")
    headings = [one for tag in ("h1", "h2") for one in _headings(tree, tag) if not names_outlet(one, outlets, host)]
    for title in (shared, own):
        told = [one for one in headings if title and _tells(title, one)]
        if told:
            return told[0]
    title = shared or own
    if not title:
        return headings[0] if headings else None
    return _without_outlet(title, outlets, host)


def _headings(tree: _Element, tag: str) -> list[str]:
    return [text for one, _ in zip(tree.iter(tag), range(_MOST_HEADINGS), strict=False) if (text := shown_text(one))]


def _tells(title: str, heading: str) -> bool:
    """Whether a title holds a heading, and not only as the name that ends it."""
    letters, whole = _letters(heading), _letters(title)
    bar = next(reversed(list(_BAR.finditer(title))), None)
    is_end = bar is not None and _letters(title[bar.end() :]) == letters
    return len(letters) > 3 and letters in whole and not is_end


def _without_outlet(title: str, outlets: Sequence[str], host: str) -> str:
    """A title without what follows, or leads, its last bar where that is the outlet's name."""
    for bar in reversed(list(_BAR.finditer(title))[-_MOST_BARS:]):
        before, after = title[: bar.start()].strip(), title[bar.end() :].strip()
        if before and names_outlet(after, outlets, host):
            return before
    first = _BAR.search(title)
    if first and names_outlet(title[: first.start()], outlets, host):
        return title[first.end() :].strip() or title
    return title


def names_outlet(text: str, outlets: Iterable[str], host: str) -> bool:
    """Whether words name the outlet, as it is known from elsewhere or by its host; a section may stand before it."""
    letters = _letters(text)
    plain = _letters(re.sub(r"^www\.|\.(?:co|com|org|ac|gov)\.\w{2}$|\.\w+$", "", host))
    names = [_letters(name) for name in outlets]
    if len(letters) < 2:
        return False
    last = _letters(_BAR.split(text)[-1])
    return any(
        last == name or (len(name) > 3 and (letters == name or last == name.removeprefix("the")))
        for name in names
        if name
    ) or (len(plain) > 3 and (letters == plain or letters == _letters(host) or letters.removeprefix("the") == plain))


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
