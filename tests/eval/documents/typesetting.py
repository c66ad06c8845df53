"""Paragraphs set in lines and columns of pages."""

from dataclasses import dataclass

from tests.eval.documents.pdf_writer import width

SOFT = "\u00ad"  # where a word may be broken


@dataclass(frozen=True)
class Style:
    """How a paragraph is set; `before` and `after` are points of space, `indent` that of its first line."""

    font: str = "Helvetica"
    size: float = 10
    leading: float = 14
    how: str = "line"
    justified: bool = False
    before: float = 0
    after: float = 6
    indent: float = 0
    centred: bool = False


@dataclass
class Frame:
    """A column of a page that is filled from its top."""

    page: object
    left: float
    top: float
    wide: float
    bottom: float


def lines_of(text, style, wide):
    """The lines of a paragraph, each as long as it can be: broken at spaces, after hyphens and at soft hyphens."""
    pieces = _pieces(text)
    lines, at = [], 0
    while at < len(pieces):
        room = wide - (0 if lines else style.indent)
        best, words = None, ""
        for number in range(at, len(pieces)):
            piece, end = pieces[number]
            words += piece
            shown = words + ("-" if end == SOFT else "")
            if best is None or width(shown, style.font, style.size) <= room:
                best = number, shown
            if width(words, style.font, style.size) > room:
                break
            words += " " if end == " " else ""
        at = best[0] + 1
        lines.append(best[1])
    return lines


def _pieces(text):
    """What cannot be broken, each with what stands behind it: a space, a soft hyphen, or nothing after a hyphen."""
    found = []
    for word in text.split(" "):
        parts = word.replace("-", "-\0").replace(SOFT, SOFT + "\0").split("\0")
        found += [(part.rstrip(SOFT), SOFT if part.endswith(SOFT) else "") for part in filter(None, parts[:-1])]
        found.append((parts[-1], " "))
    return found


def set_paragraphs(paragraphs, frames):
    """Fills the frames, one after the other, with (text, style) pairs; the height at which the last line stands."""
    waiting = iter(frames)
    frame = next(waiting)
    at = frame.top
    for text, style in paragraphs:
        at -= style.before if at < frame.top else 0
        lines = lines_of(text, style, frame.wide)
        for number, line in enumerate(lines):
            if at - style.size < frame.bottom:
                frame = next(waiting)
                at = frame.top
            draw_line(frame, at - style.size, line, style, first=number == 0, last=number == len(lines) - 1)
            at -= style.leading
        at -= style.after
    return at


def draw_line(frame, at, line, style, *, first, last):
    left = frame.left + (style.indent if first else 0)
    room = frame.wide - (style.indent if first else 0)
    missing = room - width(line, style.font, style.size)
    gap = missing / line.count(" ") if style.justified and not last and " " in line else 0
    if style.centred:
        left += missing / 2
    frame.page.text(left, at, line, style.font, style.size, how=style.how, gap=gap)


def plain(text):
    """The paragraph as a person reads it."""
    return text.replace(SOFT, "")
