"""Figures out of outcomes, the bars they are held to, and the page that shows them."""

from dataclasses import asdict, replace

import pytest

from benchmarks.drawing import CHARTS, drawn
from benchmarks.figures import bars, figures
from benchmarks.outcome import Outcome, Scored, scored
from benchmarks.table import page

QUESTION = Scored(retrieve=0.010, answer=0.050, whole=0.2, rank=1, words=400, em=1.0, f1=1.0)


def outcomes(system, times=1.0):
    """Two rounds: everything takes so many times as long, and as much memory."""
    found = []
    for number, share in enumerate((1.0, 3.0)):
        seconds = times * share
        asked = [
            asdict(replace(QUESTION, answer=0.05 * times, whole=0.2 * times)),
            asdict(replace(QUESTION, rank=0, em=0.0, f1=0.5)),
        ]
        found += [
            Outcome(
                number,
                system,
                "index",
                wall=2 * seconds,
                peak=int(times * 6e8),
                reply={"passages": 100, "seconds": seconds},
            ),
            Outcome(number, system, "equal", reply={"passages": 40, "seconds": seconds}),
            Outcome(number, system, "cold", first=0.9 * seconds, wall=seconds),
            Outcome(number, system, "ask", peak=int(times * 5e8), reply={"size": 2_000_000, "questions": asked}),
        ]
    return found


def test_figures_are_medians_over_rounds_and_percentiles_over_questions():
    found = figures("haystack", outcomes("haystack") + outcomes("pullquote", 9.0), words=12_000)
    assert found.passages == 100
    assert found.passage_words == 120.0
    assert found.rate == pytest.approx((100 + 100 / 3) / 2)
    assert found.words_rate == pytest.approx((12_000 + 4_000) / 2)
    assert found.equal_rate == pytest.approx((40 + 40 / 3) / 2)
    assert (found.adding, found.cold) == (4.0, pytest.approx(1.8))
    assert (found.retrieve, found.answer) == (pytest.approx(0.01), pytest.approx(0.05))
    assert (found.first, found.first_five, found.em, found.f1) == (0.5, 0.5, 0.5, 0.75)
    assert (found.peak_indexing, found.peak_asking, found.size) == (6e8, 5e8, 2e6)


def test_ours_starts_cold_with_the_whole_command():
    assert figures("pullquote", outcomes("pullquote"), 1).cold == 2.0


def test_a_failed_step_counts_for_nothing():
    assert figures("txtai", [Outcome(0, "txtai", "index", fault="it fell over")], 1).rate is None


@pytest.mark.parametrize(("times", "met"), [(3.0, True), (2.9, False)])
def test_bars_are_ratios_to_the_best_neighbour(times, met):
    every = outcomes("pullquote") + outcomes("haystack", times) + outcomes("langchain", 100.0)
    found = {name: figures(name, every, 12_000) for name in ("pullquote", "haystack", "langchain")}
    said = {bar.name: bar for bar in bars(found)}
    assert said["Indexing the same passages"].reached == f"{times:.2f} times"
    assert said["Indexing the same passages"].is_met is met
    assert said["A warm question, median"].is_met is True
    assert said["Peak memory while asking"].is_met is True
    assert said["Peak memory while asking"].reached == f"{1 / times:.2f} of the least"


def test_what_was_not_measured_is_neither_met_nor_missed():
    found = {"pullquote": figures("pullquote", outcomes("pullquote"), 1)}
    assert {bar.is_met for bar in bars(found) if bar.name != "A warm question, median"} == {None}
    assert bars({}) == []


def test_the_page_has_a_column_for_each_system_and_says_what_failed():
    found = {name: figures(name, outcomes(name), 12_000) for name in ("pullquote", "haystack")}
    said = page(list(found.values()), bars(found), {"machine": "two cores"}, ["txtai: no such file"])
    lines = said.split("\n")
    assert "|  | Pullquote | Haystack |" in lines
    assert "| indexing the same passages: passages/s | 26.7 | 26.7 |" in lines
    assert "| EM / F1 of the best answer | .500 / .750 | .500 / .750 |" in lines
    assert "- machine: two cores" in lines
    assert "    txtai: no such file" in lines


def test_each_chart_draws_the_systems_that_have_its_figure():
    both = [figures(name, outcomes(name), 12_000) for name in ("pullquote", "haystack")]
    for chart in CHARTS:
        text = drawn(chart, both)
        assert text is not None
        assert text.startswith("<svg")
        assert "Haystack" in text


def test_a_reply_is_worth_the_rank_of_the_first_passage_that_holds_an_answer():
    class Asked:
        """Takes passages with "nine" of article a, and scores as told."""

        def is_found_in(self, article, text):
            return article == "a" and "nine" in text

        def scores(self, said):
            return (1.0, 1.0) if said == "nine" else (0.0, 0.25)

    found = [{"article_id": "b", "text": "nine"}, {"article_id": "a", "text": "it was nine o'clock"}]
    reply = {"retrieve": 0.1, "answer": 0.2, "whole": 0.3, "said": "eight", "found": found}
    assert scored(reply, Asked()) == Scored(0.1, 0.2, 0.3, 2, 5, 0.0, 0.25)
    assert scored(reply | {"found": found[:1], "said": None}, Asked()) == Scored(0.1, 0.2, 0.3, 0, 1, None, None)
