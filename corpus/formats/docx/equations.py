"""The equations of a Word document (Office Math) as a line: a/b, x^2, x_(i+1), √(a+b).

The recursion is as deep as the XML, which lxml bounds.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from corpus.formats.docx.package import Element, W
from corpus.formats.docx.pieces import Added, Pieces

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_ONE_TERM = re.compile(r"[\w.,′'%°∞]*|[([{][^()\[\]{}]*[)\]}]")
_ENDS_TERM = re.compile(r"[\w)\]}!′'%°∞]\s*\Z")
_OPENS_TERM = re.compile(r"\s*[\w(\[{√∞∑∏∫]")
_GONE = frozenset({f"{W}del", f"{W}moveFrom", f"{W}rPr", f"{W}delText", f"{W}instrText"})


def linear(element: Element) -> Pieces:
    """The characters of an equation, with signs added that say what stands over, under and beside what."""
    if element.tag in (f"{M}t", f"{W}t"):
        return [element.text] if element.text else []
    if element.tag in _GONE or (element.tag.startswith(M) and element.tag.endswith("Pr")):
        return []
    write = _FORMS.get(element.tag.removeprefix(M))
    return write(element) if write else _inside(element)


def _inside(element: Element | None) -> Pieces:
    """The children one after another: a fraction beside a term is in brackets, and a function apart from one."""
    children = [] if element is None else [(child.tag, linear(child)) for child in element]
    children = [(tag, pieces) for tag, pieces in children if pieces]
    found: Pieces = []
    for place, (tag, pieces) in enumerate(children):
        is_after = bool(found) and _ENDS_TERM.search(found[-1]) is not None
        is_before = place + 1 < len(children) and _OPENS_TERM.match(children[place + 1][1][0]) is not None
        if tag == f"{M}f" and (is_after or is_before):
            found += [Added("("), *pieces, Added(")")]
        else:
            found += [*([Added(" ")] if tag == f"{M}func" and is_after else []), *pieces]
    return found


def _part(element: Element, name: str) -> Pieces:
    return _inside(element.find(f"{M}{name}"))


def _term(pieces: Pieces) -> Pieces:
    """The pieces in brackets, unless they are one term."""
    return pieces if _ONE_TERM.fullmatch("".join(pieces).strip()) else [Added("("), *pieces, Added(")")]


def _script(sign: str, pieces: Pieces) -> Pieces:
    return [Added(sign), *_term(pieces)] if any(map(str.strip, pieces)) else []


def _fraction(element: Element) -> Pieces:
    kind = element.find(f"{M}fPr/{M}type")
    is_choice = kind is not None and kind.get(f"{M}val") == "noBar"  # a binomial coefficient
    sign = ", " if is_choice else "/"
    over, under = _part(element, "num"), _part(element, "den")
    return [*over, Added(sign), *under] if is_choice else [*_term(over), Added(sign), *_term(under)]


def _scripts(element: Element) -> Pieces:
    base = _part(element, "e")
    before = element.tag == f"{M}sPre"
    scripts = [*_script("_", _part(element, "sub")), *_script("^", _part(element, "sup"))]
    return [*scripts, Added(" "), *base] if before else [*_term(base), *scripts]


def _root(element: Element) -> Pieces:
    degree = _part(element, "deg")
    sign = [Added("√["), *degree, Added("]")] if any(map(str.strip, degree)) else [Added("√")]
    return [*sign, Added("("), *_part(element, "e"), Added(")")]


def _large_operator(element: Element) -> Pieces:
    sign = _stated(element, "naryPr", "chr", "∫")
    scripts = [*_script("_", _part(element, "sub")), *_script("^", _part(element, "sup"))]
    return [sign, *scripts, Added(" "), *_part(element, "e")]


def _delimited(element: Element) -> Pieces:
    opening, closing = _stated(element, "dPr", "begChr", "("), _stated(element, "dPr", "endChr", ")")
    between = _stated(element, "dPr", "sepChr", "|")
    found: Pieces = [opening] if opening else []
    for place, part in enumerate(element.iterfind(f"{M}e")):
        found += [*([between] if place else []), *_inside(part)]
    return [*found, closing] if closing else found


def _function(element: Element) -> Pieces:
    name, argument = _part(element, "fName"), _part(element, "e")
    return [*name, *([] if argument[:1] == ["("] else [Added(" ")]), *argument]


def _limit(element: Element) -> Pieces:
    sign = "_" if element.tag == f"{M}limLow" else "^"
    return [*_part(element, "e"), *_script(sign, _part(element, "lim"))]


def _accent(element: Element) -> Pieces:
    base = _part(element, "e")
    sign = _stated(element, "accPr", "chr", "\u0302") if element.tag == f"{M}acc" else "\u0305"
    return [*base, sign[:1]] if len("".join(base)) == 1 else base  # over more letters there is no such sign


def _rows(element: Element) -> Pieces:
    """The equations of an array, or the rows of a matrix."""
    is_matrix = element.tag == f"{M}m"
    found: Pieces = [Added("[")] if is_matrix else []
    for place, row in enumerate(element.iterfind(f"{M}mr" if is_matrix else f"{M}e")):
        found += [Added("; ")] if place else []
        if not is_matrix:
            found += _inside(row)
            continue
        for column, cell in enumerate(row.iterfind(f"{M}e")):
            found += [*([Added(", ")] if column else []), *_inside(cell)]
    return [*found, Added("]")] if is_matrix else found


def _phantom(element: Element) -> Pieces:
    shown = element.find(f"{M}phantPr/{M}show")
    is_hidden = shown is not None and shown.get(f"{M}val") in ("0", "off", "false")
    return [] if is_hidden else _part(element, "e")


def _stated(element: Element, properties: str, name: str, otherwise: str) -> str:
    """A character that the properties of an element state, which may be none."""
    mark = element.find(f"{M}{properties}/{M}{name}")
    return otherwise if mark is None else mark.get(f"{M}val", "")[:4]


_FORMS: dict[str, Callable[[Element], Pieces]] = {
    "f": _fraction, "sSup": _scripts, "sSub": _scripts, "sSubSup": _scripts, "sPre": _scripts, "rad": _root,
    "nary": _large_operator, "d": _delimited, "func": _function, "limLow": _limit, "limUpp": _limit, "acc": _accent,
    "bar": _accent, "eqArr": _rows, "m": _rows, "phant": _phantom,
}  # fmt: skip
