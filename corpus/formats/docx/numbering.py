"""The numbers of a Word document's lists, counted as its pages show them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.formats.docx.number_forms import formatted
from corpus.formats.docx.package import Element, W
from corpus.formats.docx.styles import Styles, is_on, number_of, value_of

LONGEST_LABEL = 100  # characters of what stands before the items of a list, before its numbers are put in
_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    form: str  # as ST_NumberFormat names it
    text: str  # "%1.%2" and what stands around the numbers
    restart: int | None  # the level from which on it begins again, 0 for never; None for any above it
    is_legal: bool  # all numbers of its text in digits
    suffix: str
    style: str | None  # the id of the style whose paragraphs are its items


class Numbering:
    """Counts the items of all lists of a document, in its order."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstract: dict[str, Element] = {}
        self._lists: dict[str, Element] = {}
        for element in root if root is not None else ():
            if element.tag == f"{W}abstractNum":
                self._abstract.setdefault(element.get(f"{W}abstractNumId", ""), element)
            elif element.tag == f"{W}num":
                self._lists.setdefault(element.get(f"{W}numId", ""), element)
        self._levels: dict[str, tuple[str, list[_Level | None], dict[int, int]]] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._restarted: set[tuple[str, int]] = set()

    def list_of(self, properties: Element | None) -> tuple[str, int] | None:
        """The list that a paragraph of these properties is an item of, by itself or its style, and its level."""
        style_id = value_of(properties.find(f"{W}pStyle")) if properties is not None else None
        said = properties.find(f"{W}numPr") if properties is not None else None
        number = value_of(said.find(f"{W}numId")) if said is not None else None
        level = number_of(said.find(f"{W}ilvl")) if said is not None else None
        if number is None:
            chain = self._styles.chain(style_id)
            number = next((style.number for style in chain if style.number is not None), None)
            levels = (level, *(style.level for style in chain))
            level = next((one for one in levels if one is not None), None)
            level = self._level_of_style(number, style_id) if level is None else level
        return (number, min(level or 0, _LEVELS - 1)) if number in self._lists else None

    def _level_of_style(self, number: str | None, style_id: str | None) -> int:
        levels = self._of_list(number)[1] if number in self._lists and number is not None else []
        return next((place for place, level in enumerate(levels) if level and level.style == style_id), 0)

    def label(self, number: str, level: int) -> str:
        """What stands before the next item of a list, with the white space after it; "" before one with a bullet."""
        abstract, levels, starts = self._of_list(number)
        counts = self._counts.setdefault(abstract, [None] * _LEVELS)
        here = levels[level]
        if here is None:
            return ""
        if level in starts and (number, level) not in self._restarted:
            counts[level] = starts[level]
        else:
            before = counts[level]
            counts[level] = here.start if before is None else before + 1
        self._restarted.add((number, level))
        for deeper in range(level + 1, _LEVELS):
            other = levels[deeper]
            if other is None or other.restart is None or level < other.restart:
                counts[deeper] = None
        return _label(levels, counts, here)

    def _of_list(self, number: str) -> tuple[str, list[_Level | None], dict[int, int]]:
        """Of a list: the id of its abstract one, its levels, and the numbers at which it begins again."""
        if number not in self._levels:
            element = self._lists[number]
            abstract = self._abstract_of(element)
            definition = self._abstract.get(abstract)
            levels = _levels(definition)
            starts: dict[int, int] = {}
            for override in element.iterfind(f"{W}lvlOverride"):
                place = _place(override)
                start = number_of(override.find(f"{W}startOverride"))
                if place is not None and (own := override.find(f"{W}lvl")) is not None:
                    levels[place] = _level(own)
                if place is not None and start is not None:
                    starts[place] = start
            self._levels[number] = abstract, levels, starts
        return self._levels[number]

    def _abstract_of(self, element: Element) -> str:
        """The id of the abstract list of a list, through one style of lists at most."""
        abstract = value_of(element.find(f"{W}abstractNumId")) or ""
        definition = self._abstract.get(abstract)
        link = value_of(definition.find(f"{W}numStyleLink")) if definition is not None else None
        if link is None:
            return abstract
        linked = next((style.number for style in self._styles.chain(link) if style.number), None)
        other = self._lists.get(linked or "")
        return (value_of(other.find(f"{W}abstractNumId")) if other is not None else None) or abstract


def _levels(definition: Element | None) -> list[_Level | None]:
    levels: list[_Level | None] = [None] * _LEVELS
    for element in definition.iterfind(f"{W}lvl") if definition is not None else ():
        place = _place(element)
        if place is not None:
            levels[place] = _level(element)
    return levels


def _place(element: Element) -> int | None:
    said = element.get(f"{W}ilvl", "")
    return int(said) if said in map(str, range(_LEVELS)) else None


def _level(element: Element) -> _Level:
    forms = [value_of(form) for form in element.iter(f"{W}numFmt")]  # one for each application that knows it
    form = next((form for form in forms if form and form != "custom"), "decimal")
    start = number_of(element.find(f"{W}start"))
    legal = element.find(f"{W}isLgl")
    return _Level(
        start=0 if start is None else start,
        form=form,
        text=(value_of(element.find(f"{W}lvlText")) or "")[:LONGEST_LABEL],
        restart=number_of(element.find(f"{W}lvlRestart")),
        is_legal=legal is not None and is_on(legal.get(f"{W}val")),
        suffix="" if value_of(element.find(f"{W}suff")) == "nothing" else " ",
        style=value_of(element.find(f"{W}pStyle")),
    )


def _label(levels: list[_Level | None], counts: list[int | None], here: _Level) -> str:
    if here.form == "bullet":
        return ""

    def number(match: re.Match[str]) -> str:
        level, count = levels[int(match[1]) - 1], counts[int(match[1]) - 1]
        if level is None or level.form in ("none", "bullet"):
            return ""
        form = "decimal" if here.is_legal and level.form != "decimalZero" else level.form
        return formatted(level.start if count is None else count, form)

    label = _PLACE.sub(number, here.text).strip()
    return label + here.suffix if label else ""
