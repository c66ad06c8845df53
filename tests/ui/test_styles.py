"""Style sheets: one brace too many, and a browser drops every rule that comes after it."""

import re
from pathlib import Path

import pytest

_SHEETS = sorted(Path(__file__).parents[2].glob("ui/**/*.css"))


def depths(sheet: str) -> list[int]:
    """How deep the rules are nested after each brace; comments and strings are no rules."""
    bare = re.sub(r"/\*.*?\*/|\"[^\"]*\"|'[^']*'", "", sheet, flags=re.DOTALL)
    depth, found = 0, []
    for brace in re.findall(r"[{}]", bare):
        depth += 1 if brace == "{" else -1
        found.append(depth)
    return found


@pytest.mark.parametrize("file", _SHEETS, ids=lambda file: file.name)
def test_every_brace_of_a_style_sheet_has_its_other_half(file: Path) -> None:
    found = depths(file.read_text(encoding="utf-8"))
    assert min(found) == 0
    assert found[-1] == 0


def test_the_depth_of_rules_is_counted_without_comments_and_strings() -> None:
    assert depths("a { /* } */ content: '{'; &:hover { } } }") == [1, 2, 1, 0, -1]
