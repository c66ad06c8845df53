"""Wrapped lines, lists and blocks that follow each other."""

import pytest

from corpus.formats.markdown.reader import read_markdown

LONG = "The harbour office has moved to the old customs house on the quay,"
REST = "where it opens on Monday at eight and closes at five."


def words(text: str) -> str:
    return read_markdown(text.encode()).text.text


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_wrapped_lines_are_joined(end):
    assert words(f"{LONG}{end}{REST}") == f"{LONG} {REST}"
    assert words(f"{LONG} {end}  {REST}") == f"{LONG} {REST}"
    assert words(f"> {LONG}{end}> {REST}") == f"{LONG} {REST}"
    assert words(f"- {LONG}{end}  {REST}{end}- Next") == f"{LONG} {REST}{end}Next"
    assert words(f"*{LONG}{end}{REST}* so") == f"{LONG} {REST} so"


@pytest.mark.parametrize("mark", ["  ", "\\"])
def test_a_hard_break_stays(mark):
    assert words(f"{LONG}{mark}\n{REST}").split("\n\n") == [LONG + mark.strip("\\"), REST]


def test_short_lines_stay_lines():
    assert words("Harbour Office\nQuay 4\n   Pell") == "Harbour Office\nQuay 4\nPell"
    assert words("- Harbour Office\n  Quay 4") == "Harbour Office\nQuay 4"
    assert words("- the pump was\n  taken out") == "the pump was taken out"


def test_a_joined_line_is_mapped():
    text = read_markdown(f"{LONG}\n{REST}".encode()).text
    assert [(run.start, run.source_start) for run in text.runs] == [
        (0, 0),
        (len(LONG), len(LONG)),
        (len(LONG) + 1,) * 2,
    ]


def test_lists_are_lines_and_blocks_of_their_own():
    assert words("Rules:\n- No fires\n  - nor lamps\n    1. at night\n- No nets\n\nEnd") == (
        "Rules:\n\nNo fires\nnor lamps\n1. at night\nNo nets\n\nEnd"
    )
    assert words("It was built in\n1986. It sank in\n1. 1990") == "It was built in\n1986. It sank in\n\n1. 1990"


def test_headings_quotes_and_tables_are_blocks_of_their_own():
    text = "# Quay\nWords\n## Fares\n| a | b |\n|--|--|\n| 1 | 2 |\nAfter\n> quoted\n\n---\nEnd"
    assert words(text) == "Quay\n\nWords\n\nFares\n\na | b\n1 | 2\n\nAfter\n\nquoted\n\n\nEnd"


def test_indented_code_stays_as_it_is():
    assert words("Words:\n\n    x = *a* + [[b]]\n    {{ c }}\n\n*End*") == (
        "Words:\n\n    x = *a* + [[b]]\n    {{ c }}\n\nEnd"
    )
    assert words("- item\n\n    *more* of it\n\n*End*") == "item\n\nmore of it\n\nEnd"
    assert words("1. item\n\n    ```\n    *x*\n    ```\n\n*End*") == "1. item\n\n\n    *x*\n\n\nEnd"


def test_code_in_a_quotation_ends_with_it():
    assert words("> ```\n> *x*\n> ```\n> *y*") == "\n*x*\n\ny"
    assert words("> ```\n> *x*\n\n*y*") == "\n*x*\n\ny"


def test_a_comment_may_stand_before_words():
    assert words("<!-- no -->*so* it\n<!-- no\n--> **is**") == "so it\nis"
