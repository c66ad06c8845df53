"""Numbers of lines in the margin, as in transcripts and statements: told from the numbers of a table's rows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from corpus.formats.pdf.columns import bands_of, side_by_side
from corpus.formats.pdf.lines import Line, joined
from corpus.formats.pdf.tables import is_prose

_STEPS = {1: 8, 2: 5, 5: 2, 10: 2}  # how many numbers there have to be, by how much they rise


def without_line_numbers(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines of a page without the numbers left of them, if they rise evenly and stand beside prose."""
    numbers = sorted(
        (line for line in lines if line.text.isascii() and line.text.isdigit()), key=lambda line: -line.base
    )
    gone = set(map(id, numbers))
    rest = [line for line in lines if id(line) not in gone]
    edge = min((line.left for line in rest), default=0.0)
    numbers = [line for line in numbers if line.right < edge and len(line.text) < 5]
    steps = {int(after.text) - int(before.text) for before, after in pairwise(numbers)}
    step = steps.pop() if len(steps) == 1 else 0
    if step not in _STEPS or len(numbers) < _STEPS[step]:
        return lines
    if not is_prose([joined(group) for band in bands_of(rest) for group in side_by_side(band)]):
        return lines
    gone = set(map(id, numbers))
    return [line for line in lines if id(line) not in gone]
