"""How many passages are read: as many as could still change the answer."""

from dataclasses import replace

import pytest

from rag.answer import Reading, Trace
from rag.calibration import Calibration, ReaderCard
from rag.reader.early_stopping import is_settled, read_enough, rounds
from tests.rag.conftest import hit, reading

CARD = ReaderCard("set", 0.5, Calibration(0.5, 0.0, retrieval=3.0), reach=4.0)
WHOLE = replace(CARD, reach=None)


def hits(*scores):
    return tuple(hit(f"a{number}", f"Ada made {number} loaves", score=score) for number, score in enumerate(scores))


def trace(margin, *scores):
    found = hits(*scores)
    text = found[0].passage.text
    return Trace("How many?", found, (reading(text, "0 loaves", margin, "a0"),))


class Counting:
    """Reads the number of loaves in each passage, with the margins it was given; remembers what it was asked."""

    def __init__(self, *margins):
        self.margins = margins
        self.asked = []

    def __call__(self, asked):
        self.asked.append([(question, [one.passage.id for one in found]) for question, found in asked])
        return [[self.read(one) for one in found] for _, found in asked]

    def read(self, one):
        number = int(one.passage.article_id[1:])
        start = one.passage.text.index(f"{number} loaves")
        span = replace(one.passage.span, start=start, end=start + len(f"{number} loaves"))
        return Reading(one.passage, span, self.margins[number], 0.0)


def ids(*numbers):
    return [f"a{number}:0-{len(f'Ada made {number} loaves')}" for number in numbers]


def test_rounds_double_and_end_with_what_there_is():
    assert list(rounds(20, CARD)) == [slice(0, 4), slice(4, 8), slice(8, 16), slice(16, 20)]
    assert list(rounds(3, CARD)) == [slice(0, 3)]
    assert list(rounds(0, CARD)) == []


def test_without_a_reach_all_are_read_at_once():
    assert list(rounds(20, WHOLE)) == [slice(0, 20)]
    assert not is_settled(trace(100.0, 1.0, 0.0), 1, WHOLE)


@pytest.mark.parametrize(
    ("margin", "unread", "settled"),
    [
        # The best is 0.5 x margin + 3 x 0.9 strong; what is unread needs a margin of (that - 3 x its score) / 0.5.
        (1.0, 0.4, True),  # (0.5 + 2.7 - 1.2) / 0.5 = 4
        (0.98, 0.4, False),
        (1.0, 0.41, False),
        (-1.0, 0.05, True),  # (-0.5 + 2.7 - 0.15) / 0.5 = 4.1
        (-9.0, 0.05, False),
    ],
)
def test_passages_out_of_reach_are_left_unread(margin, unread, settled):
    assert is_settled(trace(margin, 0.9, unread - 0.2, unread), 1, CARD) is settled


def test_nothing_is_settled_by_passages_in_which_nothing_was_read():
    assert not is_settled(Trace("How many?", hits(0.9, 0.0), ()), 1, CARD)


def test_all_that_there_is_settles_it():
    assert is_settled(trace(-9.0, 0.9), 1, CARD)


def test_each_question_stops_by_itself_and_those_left_are_read_together():
    found = hits(0.9, 0.8, 0.7, 0.6, 0.5, 0.4)
    reader = Counting(9.0, 1.0, 1.0, 1.0, 1.0, 1.0)
    doubtful = Trace("second", found[1:], ())
    sure = Trace("first", found, ())
    assert [len(read.readings) for read in read_enough([sure, doubtful, sure], reader, CARD)] == [4, 5, 4]
    assert reader.asked == [
        [("first", ids(0, 1, 2, 3)), ("second", ids(1, 2, 3, 4)), ("first", ids(0, 1, 2, 3))],
        [("second", ids(5))],
    ]


def test_a_better_answer_in_a_later_round_is_found_where_the_first_ones_are_weak():
    reader = Counting(-2.0, -2.0, -2.0, -2.0, -2.0, 8.0)
    (read,) = read_enough([Trace("How many?", hits(*[0.5] * 6), ())], reader, CARD)
    assert max(read.readings, key=lambda one: one.margin).text == "5 loaves"


def test_nothing_found_is_nothing_read():
    reader = Counting()
    unread = Trace("How many?", (), ())
    assert read_enough([unread], reader, CARD) == [unread]
    assert reader.asked == []
