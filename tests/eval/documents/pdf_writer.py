"""PDF files written from nothing: the fonts that every reader has, text in many ways of drawing it, rules and boxes.

The bytes depend on what is drawn alone: nothing is packed, dated or numbered at random.
"""

import codecs
import math
import unicodedata
from dataclasses import dataclass, field

A4, LETTER, A5 = (595, 842), (612, 792), (420, 595)
_COMMON = "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 " + "556 " * 10
# Widths of the characters 32 to 126 in thousandths of the size, as Adobe's font metrics give them.
_WIDTHS = {
    "Helvetica": _COMMON
    + "278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 "
    "944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 "
    "556 500 722 500 500 500 334 260 334 584",
    "Helvetica-Bold": "278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 "
    + "556 " * 10
    + "333 333 584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 667 778 722 667 611 722 667 "
    "944 667 667 611 333 278 333 584 556 333 556 611 556 611 556 333 611 611 278 278 556 278 889 611 611 611 611 389 556 333 "
    "611 556 778 556 556 500 389 280 389 584",
    "Times-Roman": "250 333 408 500 500 833 778 180 333 333 500 564 250 333 250 278 "
    + "500 " * 10
    + "278 278 564 564 564 444 921 722 667 667 722 611 556 722 722 333 389 722 611 889 722 722 556 722 667 556 611 722 722 "
    "944 722 722 611 333 278 333 469 500 333 444 500 444 500 444 333 500 500 278 278 500 278 778 500 500 500 500 333 389 278 "
    "500 500 722 500 500 444 480 200 480 541",
    "Times-Bold": "250 333 555 500 500 1000 833 278 333 333 500 570 250 333 250 278 "
    + "500 " * 10
    + "333 333 570 570 570 500 930 722 667 722 722 667 611 778 778 389 500 778 667 944 722 778 611 778 722 556 667 722 722 "
    "1000 722 722 667 333 278 333 581 500 333 500 556 444 556 444 333 500 556 278 333 556 278 833 556 500 556 556 444 389 333 "
    "556 500 722 500 500 444 394 220 394 520",
    "Times-Italic": "250 333 420 500 500 833 778 214 333 333 500 675 250 333 250 278 "
    + "500 " * 10
    + "333 333 675 675 675 500 920 611 611 667 722 611 611 722 722 333 444 667 556 833 667 722 611 722 611 500 556 722 611 "
    "833 611 556 556 389 278 389 422 500 333 500 500 444 500 444 278 500 500 278 278 444 278 722 500 500 500 500 389 389 278 "
    "500 444 667 444 444 389 400 275 400 541",
    "Courier": "600 " * 95,
}  # fmt: skip
WIDTHS = {font: tuple(map(int, widths.split())) for font, widths in _WIDTHS.items()}
_UNIT = 0.24  # points: that of pages printed by a browser
_LIGATURES = {"\ufb01": b"\x81", "\ufb02": b"\x8d"}  # codes that Windows-1252 leaves free
_SPECIAL = {"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u2013": "n", "\u2014": "W", "\u2022": "*"}


def width(text, font, size):
    """How wide a text is, in points."""
    return sum(_char_width(char, font) for char in text) * size / 1000


def _char_width(char, font):
    plain = _SPECIAL.get(char) or unicodedata.normalize("NFKD", char)
    return sum(WIDTHS[font][ord(one) - 32] for one in plain if " " <= one <= "~")


def encoded(text):
    """The bytes of a text in the fonts' encoding."""
    return b"".join(_LIGATURES.get(char) or char.encode("cp1252") for char in text)


def literal(text):
    """A text as a PDF string."""
    out = []
    for byte in encoded(text):
        char = chr(byte)
        out.append("\\" + char if char in "()\\" else char if 32 <= byte < 127 else f"\\{byte:03o}")
    return f"({''.join(out)})"


def _metadata(text):
    """A text of the metadata dictionary: as it is, or in UTF-16."""
    return literal(text) if text.isascii() else f"<{(codecs.BOM_UTF16_BE + text.encode('utf-16-be')).hex()}>"


@dataclass
class Page:
    """What is drawn on one page: each operation with its place, so that it can be drawn in another order."""

    size: tuple
    operations: list = field(default_factory=list)
    turned: bool = False  # shown turned to the right by a quarter, so that its height is its width

    def text(self, x, y, words, font="Helvetica", size=10, *, how="line", gap=0.0, spacing=0.0, angle=0, gray=0.0):
        """Words with their baseline at a place; `gap` is added to each space, `spacing` to each letter.

        `how` they are drawn: a "line" at once, by "words" or "letters" each at its place, or as "kerned" pieces whose
        spaces are distances; "scaled" in a font of one point, or "flipped" on a page whose origin is its upper left.
        """
        if how == "flipped":
            self._flip(
                x, y, pieces(words, font, size, gap=gap, spacing=0, by_letter=False), f"/{font} {size / _UNIT:.2f} Tf"
            )
            return
        if self.turned:
            x, y, angle = self.size[0] - y, x, 90
        turn = math.radians(angle)
        matrix = " ".join(
            f"{round(part, 4):g}" for part in (math.cos(turn), math.sin(turn), -math.sin(turn), math.cos(turn))
        )
        fill = f"{gray:g} g" if gray else ""
        if how in {"words", "letters"}:
            for offset, piece in pieces(words, font, size, gap=gap, spacing=spacing, by_letter=how == "letters"):
                self._show(x + offset, y, f"/{font} {size:g} Tf 1 0 0 1", f"{literal(piece)} Tj", fill)
            return
        if how == "kerned":
            space = -round((WIDTHS[font][0] * size / 1000 + gap) * 1000 / size)
            shown = f"[{f' {space} '.join(map(literal, words.split(' ')))}] TJ"
        else:
            state = "".join(f"{value:.4g} {name} " for value, name in ((gap, "Tw"), (spacing, "Tc")) if value)
            back = "".join(f" 0 {name}" for value, name in ((gap, "Tw"), (spacing, "Tc")) if value)
            shown = f"{state}{literal(words)} Tj{back}"
        if how == "scaled":
            self._show(
                x,
                y,
                f"/{font} 1 Tf {size:g} 0 0 {size:g}",
                shown.replace(f"{gap:.4g} Tw", f"{gap / size:.4g} Tw"),
                fill,
            )
            return
        self._show(x, y, f"/{font} {size:g} Tf {matrix}", shown, fill)

    def _show(self, x, y, state, shown, fill):
        drawn = f"BT {state} {x:.2f} {y:.2f} Tm {shown} ET"
        self.operations.append((x, y, f"{fill} {drawn} 0 g" if fill else drawn))

    def _flip(self, x, y, parts, font):
        for offset, piece in parts:
            origin = f"q {_UNIT} 0 0 {-_UNIT} 0 {self.size[1]} cm"
            place = f"1 0 0 -1 {(x + offset) / _UNIT:.2f} {(self.size[1] - y) / _UNIT:.2f} Tm"
            self.operations.append((x, y, f"{origin} BT {font} {place} {literal(piece)} Tj ET Q"))

    def rule(self, x, y, right, bottom=None, thick=0.6):
        """A line from a place to another on its right, or below."""
        end = y if bottom is None else bottom
        self.operations.append((x, y, f"{thick:g} w {x:.2f} {y:.2f} m {right:.2f} {end:.2f} l S"))

    def box(self, x, y, wide, high, gray):
        """A filled rectangle, its lower left corner at a place."""
        self.operations.insert(0, (x, y, f"{gray:g} g {x:.2f} {y:.2f} {wide:.2f} {high:.2f} re f 0 g"))

    def by_rows(self):
        """Draws what is at the same height from left to right, from the top to the bottom."""
        self.operations.sort(key=lambda one: (" re f" not in one[2], -round(one[1]), one[0]))


def pieces(words, font, size, *, gap, spacing, by_letter):
    """The words, or letters, of a line with their distances from its start."""
    at = 0.0
    piece, start = "", 0.0
    for char in words:
        step = _char_width(char, font) * size / 1000 + spacing + (gap if char == " " else 0)
        if char == " " or by_letter:
            if piece:
                yield start, piece
            piece, start = ("" if char == " " else char), at
            if char == " ":
                start = at + step
        else:
            piece += char
        at += step
    if piece:
        yield start, piece


@dataclass
class Pdf:
    """A file of pages; `info` is its metadata dictionary."""

    size: tuple = A4
    info: dict = field(default_factory=dict)
    with_widths: bool = False
    pages: list = field(default_factory=list)

    def page(self):
        self.pages.append(Page(self.size))
        return self.pages[-1]

    def written(self):
        """The file's bytes."""
        fonts = {name: 3 + number for number, name in enumerate(WIDTHS)}
        first = 3 + len(fonts)
        resources = " ".join(f"/{name} {number} 0 R" for name, number in fonts.items())
        kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(self.pages)))
        objects = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {len(self.pages)} >>"]
        objects += [self._font(name) for name in fonts]
        for number, page in enumerate(self.pages):
            content = "\n".join(drawn for _, _, drawn in page.operations)
            objects.append(
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {page.size[0]} {page.size[1]}] {'/Rotate 90 ' if page.turned else ''}"
                f"/Resources << /Font << {resources} >> >> /Contents {first + 2 * number + 1} 0 R >>"
            )
            objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
        entries = " ".join(f"/{name} {_metadata(value)}" for name, value in self.info.items())
        objects.append(f"<< {entries} >>")
        return _assembled(objects)

    def _font(self, name):
        encoding = "<< /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [129 /fi 141 /fl] >>"
        widths = (
            f" /FirstChar 32 /LastChar 126 /Widths [{' '.join(map(str, WIDTHS[name]))}]" if self.with_widths else ""
        )
        return f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding {encoding}{widths} >>"


def _assembled(objects):
    out = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    for place in places:
        out += f"{place:010d} 00000 n \n".encode()
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(out)
