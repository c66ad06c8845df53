"""Tables in a grid of drawn rules: the rules part the cells, however near their words stand to each other."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus.formats.pdf.characters import Box
from corpus.formats.pdf.lines import Line, joined, split
from corpus.formats.pdf.table_rows import row_line

_NEAR = 3.0  # points: what is nearer is one rule, or touches
_MOST_RULES = 3_000  # of a page; what has more is a drawing
_MOST_GROUPS = 200  # of rules that touch each other, as above
_MOST_LINES = 12  # of a cell: what holds more is no table, but a page in frames


@dataclass(frozen=True, slots=True)
class Grid:
    """A table in rules: the places of its columns from left to right and of its rows from top to bottom, in points.

    `upright` are the stretches of the rules on the left of each column, `level` those of the rules over each row.
    """

    columns: tuple[float, ...]
    rows: tuple[float, ...]
    upright: Mapping[int, Sequence[tuple[float, float]]]
    level: Mapping[int, Sequence[tuple[float, float]]]

    def holds(self, line: Line) -> bool:
        height = line.base + 0.3 * line.size
        middle = line.left + min(line.size, (line.right - line.left) / 2)
        return self.columns[0] < middle < self.columns[-1] and self.rows[-1] < height < self.rows[0]


def grids_of(rules: Sequence[Box]) -> list[Grid]:
    """The grids of at least two columns and two rows among the rules of a page: those that touch each other."""
    if not 4 < len(rules) <= _MOST_RULES:
        return []
    grids: list[Grid] = []
    for group in _touching(rules):
        upright = [rule for rule in group if rule.top - rule.bottom > rule.right - rule.left]
        level = [rule for rule in group if rule.top - rule.bottom <= rule.right - rule.left]
        columns = _places([(rule.left + rule.right) / 2 for rule in upright])
        rows = _places([(rule.bottom + rule.top) / 2 for rule in level])
        if len(columns) > 2 and len(rows) > 2:
            sides: dict[int, list[tuple[float, float]]] = {}
            tops: dict[int, list[tuple[float, float]]] = {}
            for rule in upright:
                sides.setdefault(_nearest(columns, (rule.left + rule.right) / 2), []).append((rule.bottom, rule.top))
            for rule in level:
                row = len(rows) - 1 - _nearest(rows, (rule.bottom + rule.top) / 2)
                tops.setdefault(row, []).append((rule.left, rule.right))
            grids.append(Grid(tuple(columns), tuple(reversed(rows)), sides, tops))
    return grids


def _nearest(places: Sequence[float], place: float) -> int:
    """The number of the last place that is not above another by more than what counts as one."""
    return max(bisect_right(places, place + 0.01) - 1, 0)


def _touching(rules: Sequence[Box]) -> list[list[Box]]:
    """The rules in groups that touch each other."""
    groups: list[tuple[Box, list[Box]]] = []
    for rule in sorted(rules, key=lambda one: (-one.top, one.left)):
        around, members = rule, [rule]
        rest: list[tuple[Box, list[Box]]] = []
        for box, others in groups:
            if (
                box.left - _NEAR < around.right and around.left - _NEAR < box.right
                and box.bottom - _NEAR < around.top and around.bottom - _NEAR < box.top
            ):  # fmt: skip
                around = Box(
                    min(box.left, around.left), min(box.bottom, around.bottom),
                    max(box.right, around.right), max(box.top, around.top),
                )  # fmt: skip
                members = others + members
            else:
                rest.append((box, others))
        groups = [*rest, (around, members)]
        if len(groups) > _MOST_GROUPS:
            return []
    return [members for _, members in groups]


def _places(found: Sequence[float]) -> list[float]:
    """The places in order, those near each other as one."""
    places: list[float] = []
    for place in sorted(found):
        if not places or place - places[-1] > _NEAR:
            places.append(place)
    return places


def grid_rows(grid: Grid, lines: Sequence[Line]) -> list[Line] | None:
    """The rows of a grid with the words in its cells, as lines; None where it holds no table."""
    cells: dict[tuple[int, int], list[Line]] = {}
    for line in lines:
        for part in _cut(line, grid):
            height = part.base + 0.3 * part.size
            row = sum(height < place for place in grid.rows) - 1
            column = bisect_right(grid.columns, part.left + min(0.5 * part.size, (part.right - part.left) / 2)) - 1
            inside = min(max(row, 0), len(grid.rows) - 2), min(max(column, 0), len(grid.columns) - 2)
            place = _first_of_merged(grid, *inside)
            cells.setdefault(place, []).append(part)
    numbers = sorted({row for row, _ in cells}), sorted({column for _, column in cells})
    heights = sorted(len({round(line.base) for line in cell}) for cell in cells.values())
    if min(map(len, numbers)) < 2 or heights[-1] > _MOST_LINES or heights[len(heights) // 2] > _MOST_LINES // 2:
        return None
    rows = []
    for row in numbers[0]:
        found = [_cell(cells.get((row, column), [])) for column in numbers[1]]
        rows.append(row_line(found))
    return rows


def _cell(lines: list[Line]) -> Line | None:
    ordered = sorted(lines, key=lambda line: (-round(line.base / (0.5 * line.size or 1)), line.left))
    return joined(ordered) if ordered else None


def _cut(line: Line, grid: Grid) -> list[Line]:
    """The parts of a line between upright rules."""
    parts: list[Line] = []
    for number, place in enumerate(grid.columns[1:-1], start=1):
        gap = next((one for one in line.gaps if one[1] <= place + 1 and place - 1 <= one[2]), None)
        if gap and line.left < place < line.right and _is_ruled(grid, number, line.base + 0.3 * line.size):
            first, line = split(line, gap)
            parts.append(first)
    return [*parts, line]


def _is_ruled(grid: Grid, column: int, y: float) -> bool:
    """Whether an upright rule runs at this height on the left of a column."""
    return any(bottom - 1 <= y <= top + 1 for bottom, top in grid.upright.get(column, ()))


def _first_of_merged(grid: Grid, row: int, column: int) -> tuple[int, int]:
    """The first place of a cell that may reach over several: no rule parts them."""
    y = (grid.rows[row] + grid.rows[row + 1]) / 2
    while column > 0 and not _is_ruled(grid, column, y):
        column -= 1
    x = (grid.columns[column] + grid.columns[column + 1]) / 2
    while row > 0 and not any(left - 1 <= x <= right + 1 for left, right in grid.level.get(row, ())):
        row -= 1
    return row, column
