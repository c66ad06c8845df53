"""Lines under a heading that hold a date and the names of authors, such as "14 March 2024 | A B"."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from corpus.facts.byline_words import AGENCIES, BODIES, OUTLET_ENDS, ROLE_WORDS, ROLES, STOPS
from corpus.facts.dates import dates_in
from corpus.facts.names import byline, name_list
from corpus.facts.page.elements import attributes, lines_of_element

if TYPE_CHECKING:
    from lxml.etree import _Element

_TAGS = frozenset("p div span small em i b strong h3 h4 h5 h6 time li ul section header address td font center".split())
_NO_LINE = re.compile(
    r"categor|section|topic|(?:^|[\s_-])tags?(?:$|[\s_-])|kicker|eyebrow|channel|label|location|place|photo|image|caption"
    r"|credit|event|title|head(?:ing|line)|series|rubri|breadcrumb",
    re.IGNORECASE,
)
_PERSON = re.compile(r"author|autor|auteur|profil|perfil|people|user|staff|/by/|/@|mailto:|^$", re.IGNORECASE)
_BAR = re.compile(r"\s{0,3}(?:\||//|·|•|(?<=\s)[—–-](?=\s))\s{0,3}")
_CLOCK = re.compile(
    r"\d\d?[:.]\d\d(?:[:.]\d\d)?(?:\s?[ap]\.?m\b\.?|\s?uhr\b|\s?(?:gmt|utc|[ecmp][sd]?t|cest?|ist)\b)?|\b[ap]\.?m\b",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?:(?:posted|published|written|created|publié|publicado|veröffentlicht|erstellt|gepostet|last|updated"
    r"|aktualisiert|on|at|le|am|el|um)\b[\s:,]{0,3}){1,4}",
    re.IGNORECASE,
)
_LED = re.compile(r"\b(by|von|par|por|door|di)\s\|\s", re.IGNORECASE)  # by-words and names in lines of their own
_TOPICS = frozenset(
    "change release releases guide guides tips tutorial tutorials reviews interviews interview issue volume chapter "
    "part series episode press stories event events resources insights updates announcements blog the this how why "
    "what general uncategorized download pdf status ort place allgemein aktuelles blick leben".split()
)
_LONGEST = 160  # characters of such a line
_MOST_LINES = 4
_MOST_LINKS = 3_000


def dated_names(element: _Element) -> tuple[str, ...]:
    """The names in an element that holds little but them and a date, or that stands above a date; else empty."""
    if element.tag not in _TAGS or _NO_LINE.search(attributes(element)):
        return ()
    lines = lines_of_element(element, _LONGEST, keep=True)
    if not 0 < len(lines) <= _MOST_LINES:
        return ()
    text = _LED.sub(r"\1 ", " | ".join(lines))
    dates = dates_in(text)
    if not dates and not (len(lines) == 1 and _is_above_date(element)):
        return ()
    for date in reversed(dates):
        text = f"{text[: date.start]} | {text[date.end :]}"
    parts = [_LABEL.sub("", part.strip(" ,;:")).strip(" ,;:") for part in _BAR.split(_CLOCK.sub(" | ", text))]
    parts = [part for part in parts if part]
    for part in parts:
        led = byline(part)
        if led.names and not led.is_prose:
            return led.names
    named = name_list(_without_role(parts[0])) if parts else None
    if named is None or not named.is_whole or not all(_is_sure(name, element) for name in named.names):
        return ()
    return named.names


def _without_role(part: str) -> str:
    """A name without the role, the outlet or the agency that follows it after a comma."""
    name, _, rest = part.partition(", ")
    words = [word.lower().strip(".") for word in rest.split()]
    is_role = bool(words) and all(word in ROLES or word in ROLE_WORDS for word in words)
    is_outlet = bool(words) and (words[-1] in OUTLET_ENDS or words[-1] in AGENCIES)
    return name if is_role or is_outlet else part


def _is_above_date(element: _Element) -> bool:
    after = element.getnext()
    lines = lines_of_element(after, _LONGEST, keep=True) if after is not None and isinstance(after.tag, str) else []
    return bool(lines) and len(lines[0]) < _LONGEST // 2 and bool(dates_in(lines[0]))


def _is_sure(name: str, element: _Element) -> bool:
    """Whether a name without by-words is a person's: none of its words is a topic's, and no link leads to a section."""
    words = [word.lower().strip(".") for word in name.split()]
    if not 2 <= len(words) <= 4 or set(words) & (_TOPICS | ROLE_WORDS | ROLES | STOPS | BODIES | OUTLET_ENDS):
        return False
    links = islice(element.getroottree().getroot().iter("a"), _MOST_LINKS)
    return all(
        _PERSON.search(link.get("href") or "")
        for link in links
        if " ".join(" ".join(islice(link.itertext(), 5)).split()).casefold() == name.casefold()
    )
