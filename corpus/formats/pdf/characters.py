"""The characters of a PDF's pages with their boxes, and the rules that are drawn on them, as pdfium gives them."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from corpus.draft import FaultySource

MAX_PAGES = 5_000
MOST_OBJECTS = 20_000  # drawn objects of a page that are looked through for rules and boxes
_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD
_SAMPLE = 24  # characters that tell how a page is turned
_DOT = 8.0  # points: what is smaller may be a bullet
_RECTANGLE = 6  # segments of a path that is a rectangle
_THIN = 3.0  # points: what is thinner is a rule


class UnreadablePdf(FaultySource):
    """No text can be read from this PDF; save one that is whole, without a password and with a text layer."""


class Box(NamedTuple):
    """A rectangle in points, with y upwards."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class PageCharacters:
    """The characters of a page: `text` has one for each of pdfium's indices.

    `box`, `origin` and `angle` are those of the character at an index: its box, as high as its font and as wide as its
    advance; the point on the line where it begins; its angle to the line, in radians from -pi to pi. What `is_pale` is
    light grey or nearly transparent. All places are in points on the upright page: its text is turned `quarter_turns`
    times by 90 degrees. `rules` are the thin lines on it, and `dots` what may be bullets.
    """

    text: str
    quarter_turns: int
    rules: tuple[Box, ...]
    dots: tuple[Box, ...]
    box: Callable[[int], Box]
    origin: Callable[[int], tuple[float, float]]
    angle: Callable[[int], float]
    is_pale: Callable[[int], bool]


@contextmanager
def opened(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """The PDF; UnreadablePdf where it is none, is locked, or has more than MAX_PAGES pages."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as fault:
        if fault.err_code == _PASSWORD_ERROR:
            raise UnreadablePdf("it is locked with a password; save a copy without one") from fault
        raise UnreadablePdf("it is no PDF, or a broken one; save or download it again") from fault
    with document:
        if len(document) > MAX_PAGES:
            raise UnreadablePdf(f"it has {len(document):,} pages, more than {MAX_PAGES:,}; split it")
        yield document


def page_characters(document: pypdfium2.PdfDocument, number: int) -> Iterator[PageCharacters]:
    """The page of this number, counted from 0, as long as it is open; nothing where it is broken."""
    try:
        page = document[number]
        layer = page.get_textpage()
    except pypdfium2.PdfiumError:
        return
    try:
        yield _characters(page, layer)
    finally:
        layer.close()
        page.close()


def _characters(page: pypdfium2.PdfPage, layer: pypdfium2.PdfTextPage) -> PageCharacters:
    handle = ctypes.cast(layer.raw, ctypes.c_void_p).value
    call = _functions()
    text = _text(layer, call, handle)
    turns = _quarter_turns(call, handle, text)
    corners, place = (ctypes.c_float * 4)(), (ctypes.c_double * 2)()  # FS_RECTF: left, top, right, bottom
    at, x, y = ctypes.addressof(corners), ctypes.addressof(place), ctypes.addressof(place) + 8

    def box(index: int) -> Box:
        call.loose_box(handle, index, at)
        left, top, right, bottom = corners
        return _turned_box((left, bottom, right, top), turns) if turns else Box(left, bottom, right, top)

    def origin(index: int) -> tuple[float, float]:
        call.origin(handle, index, x, y)
        return _turned(place[0], place[1], turns)

    def angle(index: int) -> float:
        return math.remainder(_slope(call, handle, index) - turns * math.pi / 2, 2 * math.pi)

    def is_pale(index: int) -> bool:
        return _is_pale(layer, index)

    return PageCharacters(text, turns, *_drawn(page, turns), box, origin, angle, is_pale)


def _text(layer: pypdfium2.PdfTextPage, call: _Functions, handle: int | None) -> str:
    """One character for each of pdfium's indices; in one call where none of them lacks a character."""
    count = max(layer.count_chars(), 0)
    text = str(layer.get_text_range(0, count)) if count else ""
    if len(text) != count or (text and max(text) > "\uffff"):
        codes = map(call.unicode, [handle] * count, range(count))
        text = "".join(chr(code) if 0 < code < 0x110000 else "\0" for code in codes)
    return text.replace("\f", " ")


@dataclass(frozen=True, slots=True)
class _Functions:
    """pdfium's functions by character, called with addresses: four times as fast as with ctypes' own structures."""

    unicode: Any
    loose_box: Any
    matrix: Any
    origin: Any


@cache
def _functions() -> _Functions:
    def function(raw: object, arguments: int) -> Any:  # noqa: ANN401  # what ctypes makes
        kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, *[ctypes.c_void_p] * arguments)
        return kind(ctypes.cast(raw, ctypes.c_void_p).value)  # type: ignore[arg-type]

    return _Functions(
        function(pdfium.FPDFText_GetUnicode, 0),
        function(pdfium.FPDFText_GetLooseCharBox, 1),
        function(pdfium.FPDFText_GetMatrix, 1),
        function(pdfium.FPDFText_GetCharOrigin, 2),
    )


def _slope(call: _Functions, handle: int | None, index: int) -> float:
    matrix = (ctypes.c_float * 6)()
    call.matrix(handle, index, ctypes.addressof(matrix))
    return math.atan2(matrix[1], matrix[0])


def _is_pale(layer: pypdfium2.PdfTextPage, index: int) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFText_GetFillColor(layer.raw, index, *map(ctypes.byref, (red, green, blue, alpha))):
        return False
    shades = (red.value, green.value, blue.value)
    is_grey = max(shades) - min(shades) < 40 and 165 < min(shades) < 250  # white may stand on a dark ground
    return is_grey or alpha.value < 110


def _quarter_turns(call: _Functions, handle: int | None, text: str) -> int:
    """How often the text of most of a page is turned by 90 degrees, counter-clockwise."""
    seen = [index for index in range(0, len(text), max(1, len(text) // _SAMPLE)) if text[index] > " "]
    turns = [round(_slope(call, handle, index) / (math.pi / 2)) % 4 for index in seen]
    return max(set(turns), key=turns.count) if turns else 0


def _turned(x: float, y: float, turns: int) -> tuple[float, float]:
    return ((x, y), (y, -x), (-x, -y), (-y, x))[turns]


def _turned_box(box: tuple[float, float, float, float], turns: int) -> Box:
    """The box, after the page is turned so that text which was turned so often is upright."""
    (x0, y0), (x1, y1) = _turned(box[0], box[1], turns), _turned(box[2], box[3], turns)
    return Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def upright_to_page(box: tuple[float, float, float, float], turns: int) -> Box:
    """The box on the page of a box on the upright page."""
    return _turned_box(box, -turns % 4)


def _drawn(page: pypdfium2.PdfPage, turns: int) -> tuple[tuple[Box, ...], tuple[Box, ...]]:
    """The thin lines and the sides of rectangles among the page's drawn objects, and the dots, which may be bullets."""
    rules: list[Box] = []
    dots: list[Box] = []
    edges = [ctypes.c_float() for _ in range(4)]
    for number in range(min(pdfium.FPDFPage_CountObjects(page.raw), MOST_OBJECTS)):
        drawn = pdfium.FPDFPage_GetObject(page.raw, number)
        if pdfium.FPDFPageObj_GetType(drawn) != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        if not pdfium.FPDFPageObj_GetBounds(drawn, *map(ctypes.byref, edges)):
            continue
        box = _turned_box((edges[0].value, edges[1].value, edges[2].value, edges[3].value), turns)
        width, height = box.right - box.left, box.top - box.bottom
        if min(width, height) <= _THIN and max(width, height) >= 3 * _THIN:
            rules.append(box)
        elif max(width, height) < _DOT and abs(width - height) < 0.2 * _DOT:
            dots.append(box)
        elif min(width, height) > 3 * _THIN and pdfium.FPDFPath_CountSegments(drawn) <= _RECTANGLE:
            rules += _edges(box)
    return tuple(rules), tuple(dots)


def _edges(box: Box) -> tuple[Box, Box, Box, Box]:
    """The four sides of a rectangle."""
    left, bottom, right, top = box
    return (
        Box(left, top, right, top), Box(left, bottom, right, bottom),
        Box(left, bottom, left, top), Box(right, bottom, right, top),
    )  # fmt: skip
