"""The styles of a Word document: what a paragraph or a run is by its style, and by those that this is based on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from corpus.formats.docx.package import Element, W

_LONGEST_CHAIN = 30  # styles that are based on one another; word processors make chains of about eleven
_OFF = frozenset({"0", "false", "off", "none"})
_TITLES = frozenset(
    "title titel titre título titulo titolo tittel otsikko tytuł název názov naslov cím titlu başlık τίτλος название "
    "заголовок 标题 標題 表題 제목 articletitle papertitle doctitle documenttitle".split()
)
_HEADINGS = tuple(
    "heading überschrift titre título titolo kop overskrift rubrik otsikko nagłówek nadpis naslov címsor titlu başlık "
    "επικεφαλίδα заголовок 标题 見出し 제목".split()
)
_AUTHORS = frozenset("author authors autor autoren auteur auteurs autore autori byline".split())
_DATES = frozenset("date datum fecha data dato".split())
_ROLES = (
    dict.fromkeys(_TITLES, "title")
    | dict.fromkeys(_AUTHORS, "author")
    | dict.fromkeys(_DATES, "date")
    | {"tocheading": "heading"}  # it is based on that of a top heading
)


@dataclass(frozen=True, slots=True)
class Style:
    """A style as it is written; None where it leaves something to the style it is based on."""

    name: str
    parent: str | None
    is_hidden: bool | None
    is_raised: bool | None
    number: str | None  # of the list that its paragraphs are items of; "0" for none
    level: int | None
    outline: int | None  # 0 for a top heading


class Styles:
    """The styles of a document, looked up by their ids."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, Style] = {}
        self._paragraph = ""  # the id of the style of a paragraph that names none
        for element in root.iterfind(f"{W}style") if root is not None else ():
            style_id = element.get(f"{W}styleId", "")
            self._styles.setdefault(style_id, _style(element))
            if element.get(f"{W}type") == "paragraph" and is_on(element.get(f"{W}default", "0")):
                self._paragraph = style_id
        self._chains: dict[str, list[Style]] = {}

    def chain(self, style_id: str | None) -> list[Style]:
        """A style and those it is based on, nearest first; the default's where a paragraph names no style."""
        first = self._paragraph if style_id is None else style_id
        if first not in self._chains:
            found: dict[str, Style] = {}
            name: str | None = first
            while name in self._styles and name not in found and len(found) < _LONGEST_CHAIN:
                found[name] = self._styles[name]
                name = found[name].parent
            self._chains[first] = list(found.values())
        return self._chains[first]

    def role(self, style_id: str | None) -> str:
        """What its style says of a paragraph: "title", "heading1", "heading", "toc", "author", "date" or ""."""
        return next(filter(None, map(_role, self.chain(style_id))), "")

    @cached_property
    def hides(self) -> bool:
        """Whether any style hides its words."""
        return any(style.is_hidden for style in self._styles.values())


def _role(style: Style) -> str:
    """What one style says of its paragraphs."""
    name = "".join(style.name.lower().split())
    if name in _ROLES:
        return _ROLES[name]
    if name.startswith("toc") and name[3:].isdigit():
        return "toc"
    if name.rstrip("0123456789") in _HEADINGS and name[-1].isdigit():
        return "heading1" if name.endswith("1") and not name[-2:-1].isdigit() else "heading"
    if style.outline is not None and style.outline < 9:
        return "heading" if style.outline else "heading1"
    return ""


def _style(element: Element) -> Style:
    run, paragraph = element.find(f"{W}rPr"), element.find(f"{W}pPr")
    numbering = paragraph.find(f"{W}numPr") if paragraph is not None else None
    return Style(
        name=value_of(element.find(f"{W}name")) or element.get(f"{W}styleId", ""),
        parent=value_of(element.find(f"{W}basedOn")),
        is_hidden=is_hidden(run),
        is_raised=is_raised(run),
        number=value_of(numbering.find(f"{W}numId")) if numbering is not None else None,
        level=number_of(numbering.find(f"{W}ilvl")) if numbering is not None else None,
        outline=number_of(paragraph.find(f"{W}outlineLvl")) if paragraph is not None else None,
    )


def value_of(element: Element | None) -> str | None:
    return element.get(f"{W}val") if element is not None else None


def number_of(element: Element | None, least: int = 0) -> int | None:
    """The value of an element as a whole number of at most five digits; None where it is none, or below the least."""
    value = value_of(element) or ""
    digits = value.removeprefix("-")
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= 5
    return int(value) if is_number and int(value) >= least else None


def is_on(value: str | None) -> bool:
    return value is None or value.lower() not in _OFF


def is_hidden(properties: Element | None) -> bool | None:
    """Whether properties of a run hide its words; None where they do not say."""
    said = None
    for name in ("vanish", "specVanish", "webHidden"):
        mark = properties.find(f"{W}{name}") if properties is not None else None
        if mark is not None:
            said = bool(said) or is_on(mark.get(f"{W}val"))
    return said


def is_struck(properties: Element | None) -> bool:
    """Whether properties of a run strike its words through, as what holds no more."""
    marks = [properties.find(f"{W}{name}") for name in ("strike", "dstrike")] if properties is not None else []
    return any(mark is not None and is_on(mark.get(f"{W}val")) for mark in marks)


def is_raised(properties: Element | None) -> bool | None:
    """Whether properties of a run make it a superscript; None where they do not say."""
    if properties is None:
        return None
    alignment = value_of(properties.find(f"{W}vertAlign"))
    if alignment is not None:
        return alignment == "superscript"
    position = number_of(properties.find(f"{W}position"), -1638)  # in half points
    return (position >= 4 and properties.find(f"{W}sz") is not None) if position is not None else None
