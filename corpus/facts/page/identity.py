"""What a page is: its addresses, titles and language, by which a record in it is known to be its own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST = 20_000  # elements that are looked at in one search
_LONGEST = 500  # characters of a title


@dataclass(frozen=True, slots=True)
class Identity:
    """The addresses (without scheme, query and slash), the folded titles and the language tag of a page."""

    addresses: frozenset[str]
    titles: tuple[str, ...]
    language: str | None
    meta: dict[str, list[str]]  # the contents of meta tags by their lower-case name, property or itemprop

    def first(self, *names: str) -> str | None:
        """The first content of the meta tags with these names, in the order of the names."""
        return next((value for name in names for value in self.meta.get(name, ())), None)


def identity(tree: _Element, url: str | None) -> Identity:
    """What a parsed page says that it is; `url` is the address that it was fetched from."""
    meta = _meta(tree)
    links = [
        link.get("href", "") for link in _some(tree.iter("link")) if "canonical" in link.get("rel", "").lower().split()
    ]
    addresses = [url, *links, *meta.get("og:url", ()), *meta.get("twitter:url", ()), *meta.get("parsely-link", ())]
    titles = [*meta.get("og:title", ()), *meta.get("twitter:title", ()), *meta.get("headline", ())]
    titles += [shown_text(one) for one in (*_some(tree.iter("h1")), *_some(tree.iter("title")))]
    root = tree.getroottree().getroot()
    language = (
        root.get("lang")
        or root.get("{http://www.w3.org/XML/1998/namespace}lang")
        or next(iter(meta.get("content-language", meta.get("og:locale", ()))), None)
    )
    return Identity(
        frozenset(filter(None, (plain_address(one) for one in addresses if one))),
        tuple(dict.fromkeys(" ".join(title.split())[:_LONGEST] for title in titles if title.strip())),
        language,
        meta,
    )


def plain_address(url: str) -> str:
    """An address without its scheme, "www.", query, fragment and last slash; empty for that of a whole site."""
    plain = re.sub(r"^(?:https?:)?//(?:www\.|m\.|amp\.)?", "", url[:2_000].strip().split("#")[0].split("?")[0]).rstrip(
        "/"
    )
    query = url.partition("?")[2].partition("#")[0][:200]
    if "/" not in plain:
        return ""
    return f"{plain.lower()}?{query}" if re.match(r"(?:p|id|article|story|page_id|nid)=\d+$", query) else plain.lower()


def shown_text(element: _Element) -> str:
    """The words of an element, as far as a title may be long."""
    words: list[str] = []
    length = 0
    for text in element.itertext():
        words.append(text[: 4 * _LONGEST])
        length += len(text)
        if length > 4 * _LONGEST:
            break
    return " ".join(" ".join(words).split())[: 4 * _LONGEST]


def _meta(tree: _Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for tag in _some(tree.iter("meta")):
        content = " ".join(tag.get("content", "")[: 4 * _LONGEST].split())
        for name in (tag.get("property"), tag.get("name"), tag.get("itemprop"), tag.get("http-equiv")):
            if content and name:
                found.setdefault(name.lower(), []).append(content)
    return found


def _some(elements: Iterable[_Element]) -> list[_Element]:
    return [element for element, _ in zip(elements, range(_MOST), strict=False)]
