"""Two readers, one behind the other."""

from dataclasses import replace

import pytest

from rag.answer import FirstReading, Reading
from rag.calibration import Calibration, ReaderCard
from rag.reader.careful import REREAD, CarefulReader
from tests.rag.conftest import hit

FAST = ReaderCard("fast", 0.5, Calibration(1.0, 0.0))
CAREFUL = ReaderCard("careful", 0.4, Calibration(2.0, 0.0))


class Reads:
    """Reads given words in each passage that has them, with their margins; remembers the passages."""

    def __init__(self, card, **margins):
        self.card = card
        self.margins = margins
        self.asked = []

    def read_all(self, asked):
        self.asked.append([(question, [one.passage.article_id for one in hits]) for question, hits in asked])
        return [[reading for one in hits for reading in self.read(one)] for _, hits in asked]

    def read(self, one):
        for words, margin in self.margins.items():
            start = one.passage.text.find(words)
            if start >= 0:
                span = replace(one.passage.span, start=start, end=start + len(words))
                yield Reading(one.passage, span, margin, 0.0)


HITS = [hit(f"a{number}", f"Loaf{number} was made by Baker{number}.") for number in range(8)]


def test_the_passages_of_the_best_fast_readings_are_read_again_best_first():
    fast = Reads(FAST, **{f"Baker{number}": float(number % 7) for number in range(7)})
    careful = Reads(CAREFUL, **{f"Baker{number}": 1.0 for number in range(8)})
    reader = CarefulReader(fast, careful)
    (readings,) = reader.read_all([("Who?", HITS)])
    assert careful.asked == [[("Who?", [f"a{6 - number}" for number in range(REREAD)])]]
    assert [one.text for one in readings] == [f"Baker{6 - number}" for number in range(REREAD)]
    assert reader.card == CAREFUL


def test_a_reading_has_beside_it_what_the_fast_reader_read_there():
    fast = Reads(FAST, Loaf1=4.0, Baker1=2.0, Loaf2=-1.0)
    careful = Reads(CAREFUL, Baker1=3.0, Baker2=1.0)
    (readings,) = CarefulReader(fast, careful).read_all([("Who?", HITS)])
    assert {one.text: (one.margin, one.first) for one in readings} == {
        "Baker1": (3.0, FirstReading(2.0, shares_words=True)),
        "Baker2": (1.0, FirstReading(-1.0, shares_words=False)),
    }


def test_several_questions_are_read_together_and_one_without_passages_has_no_reading():
    fast, careful = Reads(FAST, Baker1=1.0, Baker2=1.0), Reads(CAREFUL, Baker1=1.0, Baker2=1.0)
    found = CarefulReader(fast, careful).read_all([("Who?", [HITS[1]]), ("When?", []), ("Where?", [HITS[2]])])
    assert [[one.text for one in readings] for readings in found] == [["Baker1"], [], ["Baker2"]]
    assert careful.asked == [[("Who?", ["a1"]), ("When?", []), ("Where?", ["a2"])]]


@pytest.mark.parametrize("reach", [None, 3.0])
def test_the_fast_reader_stops_early_by_its_own_card(reach):
    fast = Reads(replace(FAST, reach=reach), **{f"Baker{number}": 9.0 - number for number in range(8)})
    careful = Reads(CAREFUL, Baker0=1.0)
    CarefulReader(fast, careful).read_all([("Who?", HITS)])
    assert sum(len(passages) for asked in fast.asked for _, passages in asked) == (8 if reach is None else 4)
