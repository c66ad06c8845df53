from dataclasses import replace

import pytest

from eval.experiments.reading.listing import markdown, measure
from tests.eval.example_runs import gold, reading, record, run


def test_an_answer_counts_as_one_span_and_as_its_items():
    listed = reading("The ferry sank in 1912", 3.0)
    items = (reading("ferry", 0.0).span, reading("1912", 0.0).span)
    asked = record((gold("ferry"), gold("1912")), replace(listed, parts=items))
    plural = replace(asked, example=replace(asked.example, question="Which things were they?"))
    made = run(
        plural, record((gold("1912"),), reading("1912", 2.0)), record((gold("1912"),), hits=()), record((), listed)
    )
    rows = list(measure(made))
    assert [(row.questions, row.way) for row in rows] == [
        ("all (3)", "one span"), ("all (3)", "items"),
        ("asked for in the plural (1)", "one span"), ("asked for in the plural (1)", "items"),
    ]  # fmt: skip
    assert (rows[0].exact.precision, rows[0].exact.recall) == (pytest.approx(1 / 3), pytest.approx(1 / 4))
    assert (rows[1].exact.precision, rows[1].exact.recall) == (pytest.approx(3 / 4), pytest.approx(3 / 4))
    assert rows[2].exact.f1 == 0.0
    assert rows[3].exact.f1 == rows[3].partial.f1 == 1.0
    assert list(markdown(iter(rows)))[-1] == (
        "| asked for in the plural (1) | items | 1.000 | 1.000 | 1.000 | 1.000 | 1.000 | 1.000 |"
    )
