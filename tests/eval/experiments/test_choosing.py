import pytest

from eval.experiments.choosing import WAYS, ChoosingFigures, markdown, measure
from rag.answer import Reading
from rag.calibration import Calibration
from tests.eval.example_runs import gold, reading, record, run

PLAIN = Calibration(margin=1.0, intercept=0.0)


def scored(words, span, null, paragraph):
    one = reading(words, 0.0, paragraph)
    return Reading(one.passage, one.span, span, null)


def chosen(way, *readings, hits=(0, 1, 2)):
    found = WAYS[way](record((), *readings, hits=hits).trace, PLAIN)
    return found.text if found else None


NORTH = scored("north", 9.0, 10.0, 0)  # the highest score of a span, and a higher one for no answer
FERRY = scored("ferry", 5.0, 4.0, 1)
HURT = scored("hurt", 6.0, 2.0, 2)


@pytest.mark.parametrize(("way", "expected"), [
    ("first passage", "north"), ("first passage that answers", "ferry"), ("span score (Haystack)", "north"),
    ("best margin", "hurt"), ("confidence (Pullquote)", "hurt"),
])  # fmt: skip
def test_each_way_chooses_its_own(way, expected):
    assert chosen(way, HURT, NORTH, FERRY) == expected
    assert chosen(way) is None


def test_where_no_passage_answers_the_first_one_is_taken():
    assert chosen("first passage that answers", NORTH, hits=(1, 0, 2)) == "north"


def test_only_answerable_questions_count_and_a_missed_one_counts_as_nothing():
    made = run(
        record((gold("1912"),), reading("The ferry sank in 1912", 3.0), hits=(1, 0)),
        record((gold("1912"),), hits=()),
        record((), NORTH),
    )
    rows = {row.way: row for row in measure(made)}
    assert rows.keys() == WAYS.keys()
    assert rows["best margin"] == ChoosingFigures("best margin", 0.0, pytest.approx((2 / 5) / 2), 0.5)
    assert list(markdown(iter([rows["best margin"]])))[-1] == "| best margin | 0.0 | 20.0 | 50.0 |"
    assert next(measure(run())).em == 0.0
