import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Passage, Span
from index.hit import Hit
from rag.reader.read import SHIPPED, SpanReader
from rag.reader.table_rows import readable_texts, whole_cell

FARES = """The Skerrow Line has put out its fares.

Route | Adult fare | Child fare | Bicycle
Skerrow to Marl Quay | 14 pounds | 6 pounds | 2 pounds
Skerrow to Dunmore | 9 pounds | 4 pounds |
Dunmore to Ballan | 22 pounds | 11 pounds | free"""
TRAINS = "401 | 06:12 | 2\n403 | 07:45 | 1"


def passage(text, head=""):
    return Passage("a", "Title", Span(0, len(text)), text, head)


def texts(question, *passages):
    return [text.text for _, text in readable_texts(question, passages)]


def test_a_row_is_read_with_its_first_cell_and_the_words_over_its_columns():
    assert texts("What is the child fare from Skerrow to Dunmore?", passage(FARES)) == [
        "The Skerrow Line has put out its fares.\n\n",
        "Skerrow to Dunmore\nSkerrow to Dunmore, Adult fare: 9 pounds\nSkerrow to Dunmore, Child fare: 4 pounds",
    ]


def test_rows_that_have_as_many_of_the_words_are_all_read():
    assert len(texts("Which boat?", passage(FARES))) == 4
    assert len(texts("What leaves Dunmore?", passage(FARES))) == 3
    assert (
        len(texts("What was there in Merrin in 2020?", passage("Town | Year | Boats\nMerrin | 2019 | 40\n| 2020 | 38")))
        == 1
    )


def test_words_over_the_columns_may_stand_before_the_passage():
    found = texts("When does train 403 leave?", passage(TRAINS, "Train | Leaves | Platform"))
    assert found == ["403\n403, Leaves: 07:45\n403, Platform: 1"]


def test_rows_of_one_table_are_chosen_over_all_its_passages():
    head = "Train | Leaves | Platform"
    found = readable_texts(
        "When does train 407 leave?", [passage(TRAINS, head), passage("405 | 09:10 | 2\n407 | 11:30 | 3", head)]
    )
    assert [(number, text.text.split("\n")[0]) for number, text in found] == [(1, "407")]


def test_the_words_over_a_column_may_stand_in_two_rows():
    table = "| 2023 | | 2024 |\nRoute | Adult | Child | Adult | Child\nMerrin | 14 | 6 | 15 | 7\nPell | 16 | 8 | 17 | 9"
    (found,) = texts("What was the child fare from Pell in 2024?", passage(table))
    assert found.split("\n")[-1] == "Pell, 2024 Child: 9"
    (found,) = texts(
        "What was the child fare from Pell in 2024?",
        passage(table[table.index("Pell") :], table[: table.index("\nMerrin")]),
    )
    assert found.split("\n")[-1] == "Pell, 2024 Child: 9"


def test_a_first_row_that_is_like_the_others_is_read_as_they_are():
    assert texts("When does train 401 leave?", passage(TRAINS)) == ["401\n401: 06:12\n401: 2"]


def test_a_cell_that_is_empty_because_it_goes_on_is_read_with_the_one_above():
    text = "Town | Year | Boats\nMerrin | 2019 | 40\n| 2020 | 38"
    assert texts("How many boats were there in 2020?", passage(text)) == ["Merrin, Year: 2020\nMerrin, Boats: 38"]


@pytest.mark.parametrize(("words", "expected"), [
    ("Skerrow to", "Skerrow to Marl Quay"), ("14", "14 pounds"), ("free", "free"), ("Skerrow Line", "Skerrow Line"),
    ("14 pounds | 6", "14 pounds | 6"),
])  # fmt: skip
def test_an_answer_out_of_a_short_cell_is_the_cell(words, expected):
    start = FARES.index(words)
    assert whole_cell(FARES, Span(start, start + len(words))).cut(FARES) == expected


def test_a_long_cell_is_no_answer_as_a_whole():
    text = f"Boat | Remarks\nProvider | built in 2003, {'and mended often, ' * 5}"
    start = text.index("2003")
    assert whole_cell(text, Span(start, start + 4)).cut(text) == "2003"


def test_text_without_tables_is_read_as_it_stands():
    assert texts("Who?", passage("One.\n\nTwo | three.")) == ["One.\n\nTwo | three."]


@given(
    st.text("ab1 |\n.", min_size=1, max_size=80),
    st.sampled_from(["", "x | y", "x | 1 | z"]),
    st.sampled_from(["a", "b 1", "?"]),
)
def test_what_is_copied_is_at_its_place(text, head, question):
    for number, read in readable_texts(question, [passage(text, head)]):
        assert number == 0
        for run in read.runs:
            if run.copied:
                assert read.text[run.start : run.end] == text[run.source_start : run.source_end]


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    return SpanReader(SHIPPED, tmp_path_factory.mktemp("cache"))


def answer(reader, question, *passages):
    (readings,) = reader.read_all([(question, [Hit(one, 1.0) for one in passages])])
    best = max(readings, key=lambda reading: reading.margin)
    return best.passage.text[: best.span.start].count("\n"), best.span.cut(best.passage.text)


@pytest.mark.parametrize(("question", "line", "words"), [
    ("What is the adult fare from Dunmore to Ballan?", 5, "22 pounds"),
    ("What is the child fare from Skerrow to Dunmore?", 4, "4 pounds"),
    ("How much does an adult pay from Skerrow to Marl Quay?", 3, "14 pounds"),
    ("What does a bicycle cost from Dunmore to Ballan?", 5, "free"),
])  # fmt: skip
def test_the_cell_of_the_row_and_the_column_is_the_answer(reader, question, line, words):
    assert answer(reader, question, passage(FARES)) == (line, words)


@pytest.mark.parametrize(("question", "lines"), [
    ("What is the fare from Ballan to Marl Quay?", []), ("what is the fare from ballan to marl quay?", []),
    ("What is the fare from Ballan to Dunmore?", ["Dunmore to Ballan"]),
    ("What is the fare from Ballan to Rome?", ["Dunmore to Ballan"]),
])  # fmt: skip
def test_no_row_is_read_that_lacks_a_name_of_another_row(question, lines):
    assert [text.split("\n")[0] for text in texts(question, passage(FARES))[1:]] == lines


def test_a_row_in_a_later_passage_is_found_by_the_words_over_its_column(reader):
    text = "Alder Grove | $1.10 | $2.85\nBirchwood | $0.95 | $2.60"
    assert answer(reader, "What does lunch cost at Birchwood?", passage(text, "School | Breakfast | Lunch")) == (
        1,
        "$2.60",
    )


HOURS = "Hours of the office:\nMonday 08:00 to 16:00\nTuesday closed\nThursday 10:00 to 20:00\nFriday 08:00 to 12:00"
CREW = "- Odo Finch, mate\n- Petra Finch, engineer\n- Sam Okoro, cook\n- Lena Ash, deckhand"


@pytest.mark.parametrize(("text", "question", "expected"), [
    (HOURS, "When is it open on Thursday?", ["Thursday 10:00 to 20:00"]), (HOURS, "When is it open on Sunday?", [HOURS]),
    (CREW, "Who is the cook?", ["- Sam Okoro, cook"]),
    (CREW, "What did Finch say?", ["- Odo Finch, mate", "- Petra Finch, engineer"]),
])  # fmt: skip
def test_a_line_that_the_question_singles_out_is_read_by_itself(text, question, expected):
    assert texts(question, passage(text)) == expected


@pytest.mark.parametrize("text", [
    "a clock from the museum\na vase\na painting of the museum\na chair", "The museum, in May.\nA clock.",
    f"The museum: {'a' * 90}\nA clock: one\nA vase: two\nA chair: three",
])  # fmt: skip
def test_lines_that_are_no_records_are_read_together(text):
    assert texts("What was in the museum?", passage(text))[0].startswith(text[:10])


def test_the_line_of_the_day_is_the_answer(reader):
    assert answer(reader, "What are the opening hours on Thursday?", passage(HOURS)) == (3, "10:00 to 20:00")
    assert answer(reader, "Who is the engineer?", passage(CREW)) == (1, "Petra Finch")
