from hypothesis import given, settings
from hypothesis import strategies as st

from tests.corpus.formats.docx.made import cell, control, p, r, row, text_of

HEADS = row("Berth", "Ship", "Tons")


def table(*rows: str) -> str:
    return text_of(f"<w:tbl>{''.join(rows)}</w:tbl>")


def test_empty_cells_keep_their_place():
    rows = (
        row("North", "", "310"),
        row("South", "Alma", ""),
        row("", "Bris", "95"),
        row("", "", ""),
        row("West", "", ""),
    )
    assert table(HEADS, *rows) == "Berth | Ship | Tons\nNorth | | 310\nSouth | Alma |\n| Bris | 95\nWest | |"


def test_cells_and_rows_in_content_controls_are_read():
    rows = (row("North", control(cell("Alma")), "310"), control(row("South", "Bris", "95") + row("West", "Cato", "40")))
    assert table(HEADS, *rows) == "Berth | Ship | Tons\nNorth | Alma | 310\nSouth | Bris | 95\nWest | Cato | 40"
    inside = row("East", cell(control(p(r("Dora")))), cell(p(control(r("12")))))
    assert table(HEADS, inside) == "Berth | Ship | Tons\nEast | Dora | 12"


def test_rows_that_came_with_a_tracked_change_are_read_and_those_that_went_are_not():
    came, went = row("North", "Alma", "310", properties="<w:ins/>"), row("South", "Bris", "95", properties="<w:del/>")
    assert table(HEADS, came, went) == "Berth | Ship | Tons\nNorth | Alma | 310"
    column = row("West", cell("Cato", "<w:cellDel/>"), "40")
    assert table(row("Berth", "Tons"), column) == "Berth | Tons\nWest | 40"


def test_hidden_rows_are_left_out():
    assert table(HEADS, row("North", "Alma", "310", properties="<w:hidden/>"), row("W", "C", "4")) == (
        "Berth | Ship | Tons\nW | C | 4"
    )


def test_a_cell_over_several_columns_has_its_words_in_the_first():
    wide = row(cell("Both ships", '<w:gridSpan w:val="2"/>'), "405")
    assert table(HEADS, wide) == "Berth | Ship | Tons\nBoth ships | | 405"
    assert (
        table(HEADS, row("North", cell("no ship", '<w:gridSpan w:val="2"/>')))
        == "Berth | Ship | Tons\nNorth | no ship |"
    )


def test_a_cell_over_several_rows_has_its_words_in_the_first():
    first = row(cell("North", '<w:vMerge w:val="restart"/>'), "Alma", "310")
    second = row(cell("", "<w:vMerge/>"), "Bris", "95")
    third = row(cell("", '<w:vMerge w:val="continue"/>'), "Cato", "40")
    assert table(HEADS, first, second, third) == "Berth | Ship | Tons\nNorth | Alma | 310\n| Bris | 95\n| Cato | 40"
    both = row(cell("South", '<w:gridSpan w:val="2"/><w:vMerge w:val="restart"/>'), "5")
    below = row(cell("", '<w:gridSpan w:val="2"/><w:vMerge/>'), "6")
    assert table(HEADS, both, below) == "Berth | Ship | Tons\nSouth | | 5\n| | 6"


def test_columns_left_free_beside_a_row_are_empty_cells():
    before = row("Alma", "310", properties='<w:gridBefore w:val="1"/>')
    after = row("South", properties='<w:gridAfter w:val="2"/>')
    assert table(HEADS, before, after) == "Berth | Ship | Tons\n| Alma | 310\nSouth | |"


def test_a_span_without_bounds_is_bounded():
    wide = row(cell("North", '<w:gridSpan w:val="99999"/>'), "310")
    assert table(HEADS, wide).splitlines()[1].count("|") == 63


def test_paragraphs_line_breaks_and_lists_in_a_cell_are_on_one_line():
    several = cell(p(r("Alma") + "<w:r><w:br/></w:r>" + r("of Pell")) + p(r("built 1931")))
    assert table(HEADS, row("North", several, "310")) == "Berth | Ship | Tons\nNorth | Alma of Pell built 1931 | 310"
    item = '<w:pStyle w:val="ListBullet"/>'
    listed = cell(p(r("Goods:")) + p(r("coal"), item) + p(r("tar"), item) + p(r("Sails on Monday.")))
    assert table(HEADS, row("North", listed, "310")) == (
        "Berth | Ship | Tons\nNorth | Goods: coal; tar Sails on Monday. | 310"
    )


def test_a_table_in_a_cell_comes_after_the_table():
    inner = f"<w:tbl>{row('Hold', 'Tons')}{row('fore', '120')}</w:tbl>"
    outer = row("North", cell(p(r("Alma")) + inner + p("")), "310")
    assert table(HEADS, outer) == "Berth | Ship | Tons\nNorth | Alma | 310\n\nHold | Tons\nfore | 120"
    words = f"<w:tbl>{row('fore')}{row('aft')}</w:tbl>"
    assert table(HEADS, row("North", cell(words + p("")), "310")) == "Berth | Ship | Tons\nNorth | fore aft | 310"


def test_a_table_that_only_places_text_is_text():
    assert table(row("A box with a rule around."), row("A second one.")) == "A box with a rule around.\n\nA second one."
    heading = p(r("The quay"), '<w:pStyle w:val="Heading2"/>')
    assert table(row(cell(heading + p(r("It was built in 1931."))), "Open daily")) == (
        "The quay\n\nIt was built in 1931.\n\nOpen daily"
    )
    column = "The harbour was dug by hand. " * 8
    assert table(row(column, column)) == f"{column.strip()}\n\n{column.strip()}"
    address = cell(p(r("Harbour Office")) + p(r("Pell")))
    assert table(row(address, "3 May 2024")) == "Harbour Office\n\nPell\n\n3 May 2024"
    assert table(row("Name", "Ada Quill")) == "Name | Ada Quill"
    inner = f"<w:tbl>{row('Hold', 'Tons')}{row('fore', '120')}</w:tbl>"
    assert table(row("Cargo", cell(inner + p("")))) == "Cargo\n\nHold | Tons\nfore | 120"


def test_a_table_of_long_remarks_stays_a_table():
    remark = p(r("The pump was taken out and sent to the yard at Pell, where it waits for a new shaft. " * 3)) + p(
        r("Ada.")
    )
    assert table(HEADS, row("North", "Alma", cell(remark))).splitlines()[1].startswith("North | Alma | The pump was")
    whole = row("Item", "Talk", properties="<w:tblHeader/>") + row(cell(remark), cell(remark))
    assert table(whole).startswith("Item | Talk\nThe pump")


def test_two_tables_are_two_blocks():
    two = f"<w:tbl>{HEADS}</w:tbl><w:tbl>{row('a', 'b')}</w:tbl>"
    assert text_of(two) == "Berth | Ship | Tons\n\na | b"


_WORDS = st.sampled_from(["", "Alma", "of Pell", "310"])
_CELLS = st.lists(st.tuples(_WORDS, st.integers(1, 3), st.booleans()), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), _CELLS), min_size=1, max_size=4))
def test_every_cell_stands_in_its_column(rows):
    made, expected = [HEADS], ["Berth | Ship | Tons"]
    for before, cells in rows:
        columns = [""] * before
        inside = []
        for words, span, goes_on in cells:
            merged = "<w:vMerge/>" if goes_on else ""
            inside.append(cell(words, f'<w:gridSpan w:val="{span}"/>{merged}'))
            columns += ["" if goes_on else words, *[""] * (span - 1)]
        made.append(row(*inside, properties=f'<w:gridBefore w:val="{before}"/>'))
        if any(columns):
            expected.append(" | ".join(columns))
    assert table(*made).splitlines() == [" ".join(line.split()) for line in expected]
