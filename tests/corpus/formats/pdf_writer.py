"""Small PDFs as a test draws them: words at places, in sizes and fonts, turned, and rules."""

import math
from dataclasses import dataclass, field

from tests.corpus.fuzz.seeds import assembled

FONTS = {"F": "Helvetica", "B": "Helvetica-Bold", "S": "Symbol"}


@dataclass
class Page:
    """A page of A4; what is drawn first is behind."""

    drawn: list[str] = field(default_factory=list)
    turn: int = 0

    def text(self, x, y, words, size=11, font="F", *, angle=0, grey=0.0):
        """Words in Windows-1252 from (x, y) on; `angle` is in degrees, `grey` 1 is white."""
        cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        shown = words.encode("cp1252").hex()
        place = f"{cos:.4f} {sin:.4f} {-sin:.4f} {cos:.4f} {x} {y} Tm"
        self.drawn.append(f"{grey} g BT /{font} {size} Tf {place} <{shown}> Tj ET")
        return self

    def runs(self, x, y, *runs, size=11):
        """Words one after the other; a pair is words and how many points they are raised, smaller by a third."""
        shown = ""
        for run in runs:
            words, rise = (run, 0) if isinstance(run, str) else run
            shown += f" /F {0.64 * size if rise else size} Tf {rise} Ts <{words.encode('cp1252').hex()}> Tj"
        self.drawn.append(f"0 g BT {x} {y} Td{shown} 0 Ts ET")
        return self

    def lines(self, x, y, lines, size=11, step=14):
        """Lines below each other; None leaves one out."""
        for number, line in enumerate(lines):
            if line is not None:
                self.text(x, y - step * number, line, size)
        return self

    def row(self, y, *cells, size=11):
        """Pairs of a place and the words there."""
        for x, words in cells:
            self.text(x, y, words, size)
        return self

    def rule(self, left, right, y, thickness=0.5):
        self.drawn.append(f"0 g {left} {y} {right - left} {thickness} re f")
        return self

    def upright(self, x, bottom, top):
        self.drawn.append(f"0 g {x} {bottom} 0.5 {top - bottom} re f")
        return self


def pdf(*pages: Page, info: str = "") -> bytes:
    """A PDF of these pages; `info` are entries of the metadata dictionary."""
    fonts = " ".join(
        f"/{name} << /Type /Font /Subtype /Type1 /BaseFont /{font}"
        f"{'' if name == 'S' else ' /Encoding /WinAnsiEncoding'} >>"
        for name, font in FONTS.items()
    )
    kids = " ".join(f"{3 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} /MediaBox [0 0 595 842] /Resources << /Font << {fonts} >> >> >>",
    ]
    for number, page in enumerate(pages):
        drawn = "\n".join(page.drawn)
        turned = f"/Rotate {page.turn} " if page.turn else ""
        objects.append(f"<< /Type /Page /Parent 2 0 R {turned}/Contents {4 + 2 * number} 0 R >>")
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
    objects.append(f"<< {info} >>")
    return assembled(objects, f"/Info {len(objects)} 0 R")
