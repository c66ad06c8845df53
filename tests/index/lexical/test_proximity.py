import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Passage, Span
from index.lexical.proximity import proximity_scores


def passage(text, title=""):
    return Passage("a", title, Span(0, len(text)), text)


def shares(query, *texts, beside=None):
    found = proximity_scores(
        query, dict(enumerate(map(passage, texts))), range(len(texts)) if beside is None else beside
    )
    return [found[number] for number in range(len(texts))]


def test_by_hand():
    # One passage that holds all words: each word weighs the same, and there is one pair, which stands together.
    assert shares("ferry aground", "The ferry ran aground.") == [pytest.approx((1 + 1 + 0 + 1) / 4)]
    assert shares("ferry aground", "A ferry. It ran aground.") == [pytest.approx((1 + 0.5 + 0 + 0) / 4)]
    assert proximity_scores("ferry aground", {7: passage("It ran aground.", "The ferry")}, [7]) == {
        7: pytest.approx((1 + 0.5 + 0.5 + 0) / 4)
    }
    assert shares("ferry aground", "Nothing of it.") == [0.0]


WORDED = """
from corpus.article import Passage, Span
from index.lexical.proximity import proximity_scores
texts = ["A grey ferry ran hard aground near Skerrow light.", "The light of the old ferry.", "Hard, near, old and grey."]
passages = {row: Passage("a", "Grey light", Span(0, len(text)), text) for row, text in enumerate(texts)}
print([share.hex() for share in proximity_scores("old grey ferry ran hard aground near Skerrow light", passages, [0, 1, 2]).values()])
"""


def test_every_process_gives_the_same_bits():
    """Sets of strings have another order in each process; seed 4 gave other bits when sums followed it."""
    printed = set()
    for seed in range(6):
        environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
        command = [sys.executable, "-c", WORDED]
        printed.add(subprocess.check_output(command, cwd=Path(__file__).parents[3], env=environment, text=True))
    assert len(printed) == 1


def test_words_that_stand_together_word_a_query_better_than_scattered_ones():
    together, apart, scattered = shares(
        "ferry ran aground",
        "The ferry ran aground on Sunday. Nobody was hurt.",
        f"The ferry, {'and so on ' * 4}ran {'and so on ' * 4} aground. Nobody was hurt.",
        "The ferry sailed. The engine ran. A trawler went aground.",
    )
    assert together > apart > scattered > 0


def test_a_rare_word_weighs_more_than_a_common_one():
    common = ["The ferry sailed."] * 6
    *_, with_rare, with_common = shares("ferry pilot", *common, "The pilot slept.", "The ferry slept.")
    assert with_rare > with_common
    texts = ("The pilot slept.", "The ferry slept.", "A pilot.", "A pilot.")
    assert shares("ferry pilot", *texts)[0] < shares("ferry pilot", *texts)[1]
    assert shares("ferry pilot", *texts, beside=[1])[0] > shares("ferry pilot", *texts, beside=[1])[1]


def test_forms_and_accents_are_told_as_the_word_index_tells_them():
    assert shares("naive ferries", "A naïve ferry.") == shares("naïve ferry", "A naive ferry.") == [0.75]
    assert shares("Lodz", "In Łódź.") == shares("Łódź", "In Lodz.") == [0.5]


def test_stop_words_count_only_where_there_are_no_others():
    assert shares("was it", "It was so.") == [0.75]
    assert shares("who ran", "Who was it?") == [0.0]


def test_a_query_without_words_and_an_empty_list():
    assert shares("?! …", "The ferry.") == [0.0]
    assert shares("", "The ferry.", "A boat.") == [0.0, 0.0]
    assert proximity_scores("ferry", {}, []) == {}
    assert shares('"ferry" AND (OR NEAR', "The ferry.") != [0.0]


@given(st.text(max_size=60), st.lists(st.tuples(st.text(min_size=1, max_size=80), st.text(max_size=20)), max_size=5))
@settings(deadline=None)
def test_a_share_is_a_share_and_what_is_no_word_changes_nothing(query, drawn):
    passages = {number: passage(text, title) for number, (text, title) in enumerate(drawn)}
    found = proximity_scores(query, passages, passages)
    assert found.keys() == passages.keys()
    assert all(0 <= share <= 1 + 1e-9 for share in found.values())
