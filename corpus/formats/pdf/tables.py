"""Tables told from columns of prose, and from blocks that stand side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from corpus.formats.pdf.characters import Box
from corpus.formats.pdf.columns import Zone, in_columns
from corpus.formats.pdf.lines import Line, usual_pitch

_OPEN = re.compile(r"(?:,|\b(?:of|and|the|a|an|in|to|or|for|with|by|at|from|on|is|was|that|which|as))$")
_ENDED = re.compile(r"[.!?:;…。！？][\"'”’»)\]]*$")


def is_table(zone: Zone, rules: Sequence[Box]) -> bool:
    """Whether the columns of a zone are those of a table, and not of prose, or of blocks that stand side by side."""
    columns = in_columns(zone)
    filled = [column for column in columns if column]
    if len(filled) < 2:
        return False
    prose = sum(is_prose(column) for column in filled)
    if _has_open_rows(filled) or _is_ruled(zone, rules):
        return True
    if prose > 1 and all(is_prose(column) or 4 * len(column) < max(map(len, filled)) for column in filled):
        return False
    if prose == len(filled) or (prose and len(filled) == 2 and _is_beside(*sorted(filled, key=is_prose))):
        return False
    return _is_aligned(filled) and not _are_addresses(filled)


def _are_addresses(columns: Sequence[Sequence[Line]]) -> bool:
    """Whether two short columns are blocks of their own: in each, some lines have numbers and some have none."""
    if len(columns) != 2 or max(map(len, columns)) > 8:
        return False
    kinds = [{any(map(str.isdigit, line.text)) for line in column[1:]} for column in columns]
    return all(len(kind) == 2 for kind in kinds)


def _is_beside(short: Sequence[Line], prose: Sequence[Line]) -> bool:
    """Whether the lines of a short column stand as close as those of the prose beside them, not at its paragraphs."""
    steps = [above.base - below.base for above, below in pairwise(short)]
    return len(steps) > 1 and max(steps) < 1.4 * (usual_pitch(prose) or short[0].size)


def is_prose(column: Sequence[Line]) -> bool:
    """Whether most of a column's text stands in lines that go on in the next one."""
    total = sum(len(line.text) for line in column)
    if len(column) < 2 or total < 12 * len(column):
        return False
    left, right = min(line.left for line in column), max(line.right for line in column)
    edge = left + 0.8 * (right - left)
    running = sum(len(line.text) for line, after in pairwise(column) if _goes_on(line, after, edge))
    words = sum(line.text.count(" ") + 1 for line in column) / len(column)
    letters = sum(map(str.isalpha, "".join(line.text for line in column)))
    is_wordy = words >= 2.5 or not column[0].text.isascii()
    return is_wordy and letters > 0.6 * total and running >= 0.4 * (total - len(column[-1].text))


def is_ended(line: Line) -> bool:
    """Whether a line ends as a sentence does."""
    return _ENDED.search(line.text) is not None


def is_open(line: Line) -> bool:
    """Whether a line ends in a word after which no sentence ends."""
    return _OPEN.search(line.text) is not None


def _goes_on(line: Line, after: Line, edge: float) -> bool:
    if is_ended(line):
        return False
    if is_open(line):
        return True
    return after.text[:1].islower() or (line.right >= edge and line.text.count(" ") > 2)


def _is_aligned(columns: Sequence[Sequence[Line]]) -> bool:
    """Whether most lines of all columns but the fullest have another beside them on the same height."""
    fullest = max(columns, key=len)
    bases = sorted(line.base for line in fullest)
    others = [line for column in columns if column is not fullest for line in column]
    level = sum(any(abs(line.base - base) < 0.3 * line.size for base in _near(bases, line)) for line in others)
    return len(others) >= 2 and level >= 0.6 * len(others)


def _near(bases: Sequence[float], line: Line) -> Sequence[float]:
    from bisect import bisect_left

    place = bisect_left(bases, line.base)
    return bases[max(0, place - 1) : place + 1]


def _has_open_rows(columns: Sequence[Sequence[Line]]) -> bool:
    """Whether wider gaps part all columns at the same heights, twice at least, and no column anywhere else."""
    gaps = [_wide_gaps(column) for column in columns]
    first = gaps[0]
    if len(first) < 2 or any(len(one) != len(first) for one in gaps):
        return False
    return all(
        abs(one[0] - other[0]) < 1.0 and max(one[1], other[1]) < min(one[0], other[0])
        for many in gaps[1:]
        for one, other in zip(first, many, strict=True)
    ) and any(len(column) > len(first) + 1 for column in columns)


def _wide_gaps(column: Sequence[Line]) -> list[tuple[float, float]]:
    """Below which base and down to which top a column has gaps that are clearly wider than the narrowest one."""
    steps = [(line.base - after.base, line.base, after.high) for line, after in pairwise(column)]
    if not steps:
        return []
    least = 1.3 * min(step for step, _, _ in steps)
    return [(after_base, high) for step, base, high in steps if step > least for after_base in (base,)]


def _is_ruled(zone: Zone, rules: Sequence[Box]) -> bool:
    """Whether rules lie between bands of a zone across its width, at two heights at least, with text between them."""
    left, right = min(band.left for band in zone.bands), max(band.right for band in zone.bands)
    return len(crossing_rules(rules, left, right, zone.bands[0].bottom, zone.bands[-1].top)) >= 2


def crossing_rules(rules: Sequence[Box], left: float, right: float, top: float, bottom: float) -> list[float]:
    """The heights at which rules, or short ones beside each other, cross most of a width, from top to bottom."""
    reach: dict[int, float] = {}
    for rule in rules:
        if rule.top - rule.bottom <= 3 and bottom < rule.top and rule.bottom < top:
            shared = min(rule.right, right) - max(rule.left, left)
            if shared > 0:
                reach[round(rule.bottom / 2)] = reach.get(round(rule.bottom / 2), 0.0) + shared
    heights = sorted((2.0 * place for place, width in reach.items() if width > 0.5 * (right - left)), reverse=True)
    return [height for number, height in enumerate(heights) if not number or heights[number - 1] - height > 4]
