import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.formats.markdown.reader import read_markdown

HEAD = "| Berth | Ship | Tons |\n|:--|:-:|--:|\n"


def words(text: str) -> str:
    return read_markdown(text.encode()).text.text.strip()


def table(rows: str) -> str:
    return words(HEAD + rows).removeprefix("Berth | Ship | Tons\n")


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ("| North | Alma | 310 |", "North | Alma | 310"),
        ("|North|Alma|310|", "North | Alma | 310"),
        ("| North |  | 310 |", "North | | 310"),
        ("| North || 310 |", "North | | 310"),
        ("| North | Alma | |", "North | Alma |"),
        ("| | Alma | 310 |", "| Alma | 310"),
        ("| North |", "North | |"),
        ("| North | &nbsp; | <br> |", "North | |"),
        (r"| North \| East | `a|b` | [[Alma|the Alma]] |", "North | East | a|b | the Alma"),
        (r"| North | [[Alma\|the Alma]] | `c \| d` |", "North | the Alma | c | d"),
        ("| *North* | one<br>two | [310](u) |", "North | one two | 310"),
        ("   North | Alma | 310   ", "North | Alma | 310"),
        ("| | | |\n| South | Bris | 95 |", "South | Bris | 95"),
    ],
)
def test_a_row_keeps_its_cells(row, line):
    assert table(row) == line


def test_tables_without_outer_bars_after_lists_and_in_quotations():
    assert words("Berth | Ship\n--- | ---\nNorth | \n| | Alma") == "Berth | Ship\nNorth |\n| Alma"
    assert (
        words("- coal\n- tar\n| Berth | Ship |\n|---|---|\n| North | Alma |")
        == "coal\ntar\n\nBerth | Ship\nNorth | Alma"
    )
    assert words("> | Berth | Ship |\n> |---|---|\n> | | Alma |") == "Berth | Ship\n| Alma"
    assert words("Words\nBerth | Ship\n--|--\nNorth | Alma\n\nx | y in words") == (
        "Words\n\nBerth | Ship\nNorth | Alma\n\nx | y in words"
    )


def test_lines_may_end_as_on_windows():
    assert words("Words\r\n| a | b |\r\n|--|--|\r\n| | |\r\n| 1 | |\r\nEnd") == "Words\r\n\na | b\r\n1 |\r\n\nEnd"


def test_grids_of_pandoc_are_tables():
    grid = "+------+-----+\n| Ship | Tons|\n+======+=====+\n| Alma |     |\n+------+-----+\n: Ships\n\nEnd"
    assert words(grid) == "Ship | Tons\nAlma |\n\nShips\n\nEnd"


def test_a_table_written_as_html_has_rows():
    html = (
        "<table class='x'>\n<caption>Ships</caption><thead><tr><th>Berth</th>\n<th colspan=2>Ship</th></tr></thead>\n"
        "<tr><td rowspan='2'>North</td><td>*Alma*</td><td>1931<sup>4</sup></td></tr>\n\n<tr><td>Bris\n &amp; Cato</td>"
        "<td></td></tr>\n<tr><td><ul><li>coal</li><li>tar</li></ul></td><td><p>one</p><p>two</p></td><td>5</td></tr></table>"
    )
    assert words(f"Before\n{html}\n*After*") == (
        "Before\n\nShips\n\nBerth | Ship |\nNorth | Alma | 1931\n| Bris & Cato |\ncoal; tar | one two | 5\n\nAfter"
    )


def test_a_table_in_a_cell_of_html_is_words_of_that_cell():
    inner = "<table><tr><td>fore</td><td>aft</td></tr></table>"
    assert words(f"<table><tr><td>Alma</td><td>{inner}</td></tr><tr><td>Bris</td><td>2</td></tr></table>") == (
        "Alma | fore aft\nBris | 2"
    )
    assert words("<table><tr><td>never closed\n\n*words*") == "never closed\n\nwords"


@given(st.lists(st.lists(st.sampled_from(["", "a", "b c", "12", "d"]), min_size=3, max_size=3), min_size=1, max_size=5))
def test_every_cell_stands_in_its_column(rows):
    written = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    lines = words(HEAD + written).splitlines()[1:]
    kept = [row for row in rows if any(row)]
    assert [[cell.strip() for cell in _split(line)] for line in lines] == kept


def _split(line: str) -> list[str]:
    """The cells of a row of three, with its borders as the contract says."""
    parts = line.split("|")
    return parts if len(parts) == 3 else ["?"]
