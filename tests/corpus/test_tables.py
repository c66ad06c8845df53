import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Span
from corpus.tables import cells_of, head_above, head_of, in_table, is_head, is_row, tables

FARES = "Summer fares\n\nRoute | Adult | Child\nMerrin to Pell | 14 | 6\nMerrin to Hollin | | 4\n\nChildren pay less."


def cells(text):
    return [[row.words(text) for row in table.rows] for table in tables(text)]


@pytest.mark.parametrize(("text", "expected"), [
    (FARES, [[["Route", "Adult", "Child"], ["Merrin to Pell", "14", "6"], ["Merrin to Hollin", "", "4"]]]),
    ("a | b |\n| b | c", [[["a", "b", ""], ["", "b", "c"]]]),
    ("a\tb\nc\td\n\ne | f\ng | h", [[["a", "b"], ["c", "d"]], [["e", "f"], ["g", "h"]]]),
    ("Gazette | 14 March 2025", []), ("a|b\nc|d", []), ("One.\nTwo.", []), ("", []), ("|\n|", [[["", ""], ["", ""]]]),
])  # fmt: skip
def test_rows_on_consecutive_lines_are_a_table(text, expected):
    assert cells(text) == expected


def test_the_rest_of_a_table_may_be_one_row():
    assert [len(table.rows) for table in tables("Merrin to Pell | 14 | 6\n\nProse.", least=1)] == [1]


@pytest.mark.parametrize(("start", "expected"), [
    ("Merrin to Pell", "Route | Adult | Child"), ("Route", ""), ("Children pay", ""), ("Summer", ""), ("14 | 6", "Route | Adult | Child"),
    ("Merrin to Hollin", "Route | Adult | Child\nMerrin to Pell | 14 | 6"),
])  # fmt: skip
def test_the_head_of_a_table_stands_above_its_rows(start, expected):
    assert head_above(FARES, FARES.index(start)) == expected


@pytest.mark.parametrize(("first", "others", "expected"), [
    (["Route", "Adult"], [["Merrin", "14"]], True), (["2019", "2020"], [["1,200", "1,400"]], True),
    (["Merrin", "14"], [["Pell", "16"]], False), (["", "12 June"], [["Sands", "48"]], True),
    (["Odo Finch", "mate"], [["Eva Lund", "cook"]], True), (["Monday", "08:00"], [["Tuesday", "closed"], ["Friday", "09:30"]], False),
    ([], [], True),
])  # fmt: skip
def test_a_first_row_is_a_head_unless_it_has_numbers_as_the_rows_below(first, others, expected):
    assert is_head(first, others) is expected


@pytest.mark.parametrize(("rows", "expected"), [
    ([["Route", "Adult"], ["Merrin", "14"]], (["Route", "Adult"], 1)), ([["Merrin", "14"], ["Pell", "16"]], ([], 0)),
    ([["", "2023", "", "2024", ""], ["Route", "Adult", "Child", "Adult", "Child"], ["Merrin", "14", "6", "15", "7"]],
     (["Route", "2023 Adult", "2023 Child", "2024 Adult", "2024 Child"], 2)),
    ([["Fares", "In pounds", ""], ["", "Adult", "Child"], ["Merrin", "14", "6"]], (["Fares", "In pounds Adult", "In pounds Child"], 2)),
    ([["Route", "Adult", ""], ["Merrin", "14", "6"], ["Pell", "16", "7"]], (["Route", "Adult", ""], 1)),
    ([["Route", "Adult"]], ([], 0)),
])  # fmt: skip
def test_the_words_over_the_columns_stand_in_one_row_or_two(rows, expected):
    assert head_of(rows) == expected


def test_a_row_beside_another_is_in_a_table():
    text = "One | two\nthree | four\n\nGazette | 14 March\nBy Ada Quill"
    lines = {line: Span(text.index(line), text.index(line) + len(line)) for line in text.split("\n") if line}
    assert [line for line, span in lines.items() if in_table(text, span)] == ["One | two", "three | four"]
    assert [line for line in lines if is_row(line)] == ["One | two", "three | four", "Gazette | 14 March"]


@given(st.text("ab |\t\n"))
def test_cells_are_parts_of_their_rows_in_order(text):
    for table in tables(text):
        for row in table.rows:
            assert [cell.cut(text) if cell else "" for cell in row.cells] == cells_of(row.span.cut(text))
            places = [cell for cell in row.cells if cell]
            assert places == sorted(places)
            assert all(row.span.covers(cell) and cell.cut(text) == cell.cut(text).strip() for cell in places)
            assert "\n" not in row.span.cut(text)
