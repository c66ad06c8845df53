"""Figures, bars, table and charts from outcomes that are written down here."""

import pytest

from benchmarks.charts import CHARTS, chart_svg
from benchmarks.figures import bars, figures
from benchmarks.material import Asked
from benchmarks.outcome import Outcome, scored
from benchmarks.table import bar_table, page, table


def question(answer=None, whole=None, rank=1, em=None):
    return {"retrieve": 0.01, "answer": answer, "whole": whole, "rank": rank, "words": 500, "em": em, "f1": em}


def outcomes(system, rate, cold, answer):
    """Two rounds of a system that indexes 100 passages at a rate, and of which one question in two is found."""
    for number in range(2):
        yield Outcome(
            number, system, "index", 9, 10 + number, 10**9, {"passages": 100, "seconds": 100 / rate, "size": 1}
        )
        yield Outcome(number, system, "equal", 9, 10, 10**9, {"passages": 50, "seconds": 50 / rate, "size": 1})
        yield Outcome(number, system, "cold", cold, cold + 0.5, 10**8, {})
        told = [question(answer, answer, 1, 1.0), question(answer, answer, 0, 0.0)]
        yield Outcome(number, system, "ask", 9, 10, 10**8, {"size": 2_000_000, "questions": told})


def both():
    known = [*outcomes("pullquote", 90, 1, 0.1), *outcomes("haystack", 30, 6, 0.5)]
    return {name: figures(name, known, 10_000) for name in ("pullquote", "haystack")}


def test_figures_are_medians_over_the_rounds():
    found = both()["haystack"]
    assert (found.passages, found.passage_words) == (100, 100)
    assert (found.rate, found.equal_rate, found.words_rate) == pytest.approx((30, 30, 3000))
    assert found.adding == 10.5
    assert (found.first, found.first_five, found.em) == (0.5, 0.5, 0.5)
    assert found.size == 2_000_000


def test_a_neighbour_starts_cold_until_it_replies_and_pullquote_until_its_process_ends():
    found = both()
    assert (found["pullquote"].cold, found["haystack"].cold) == (1.5, 6)


def test_ratios_say_how_many_times_as_fast_pullquote_is():
    held = {bar.name: bar for bar in bars(both())}
    assert held["Indexing the same passages"].reached == "3.00 times"
    assert held["Indexing the same passages"].is_met
    assert held["A warm question"].reached == "5.00 times"
    assert held["Cold start"].reached == "4.00 times"
    assert held["A warm question, median"].reached == "100 ms"
    assert held["Peak memory while asking"].is_met is False  # as much as the other's


def test_what_failed_is_left_out_and_told():
    known = [
        *outcomes("pullquote", 90, 1, 0.1),
        Outcome(0, "haystack", "index", fault="it broke"),
        Outcome(0, "haystack", "ask", fault="it broke"),
    ]
    found = [figures(name, known, 10_000) for name in ("pullquote", "haystack")]
    assert found[1].rate is None
    held = bars({one.system: one for one in found})
    assert next(bar for bar in held if bar.name == "A warm question").is_met is None
    assert "    it broke" in page(found, held, {"set": "none"}, ["it broke"])


def test_the_table_has_a_column_for_each_system():
    lines = table(list(both().values())).splitlines()
    assert lines[0] == "|  | Pullquote | Haystack |"
    assert "| indexing the same passages: passages/s | 90.0 | 30.0 |" in lines
    assert "| warm, retrieve and read: median / p95, ms | 100 / 100 | 500 / 500 |" in lines
    assert "| EM / F1 of the best answer | .500 / .500 | .500 / .500 |" in lines


def test_nothing_is_held_to_bars_without_pullquote():
    assert bars({"haystack": both()["haystack"]}) == []
    assert bar_table([]).count("\n") == 1


def test_bars_of_a_chart_are_as_long_as_their_figures():
    chart = next(chart for chart in CHARTS if chart.name == "indexing")
    svg = chart_svg(chart, list(both().values()))
    assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg" ')
    assert '<rect x="100" y="40" width="342" height="20" class="ours"/>' in svg  # 90 of 100, which are 380 wide
    assert '<rect x="100" y="70" width="114" height="20" class="theirs"/>' in svg


def test_no_chart_of_a_figure_that_nobody_has():
    assert chart_svg(CHARTS[0], [figures("txtai", [], 10)]) is None


def test_a_passage_counts_if_it_is_of_an_article_that_answers_and_holds_the_answer():
    asked = Asked("Who?", ("Ann Petrie",), frozenset({"a1"}))
    reply = {
        "retrieve": 0.1, "answer": 0.2, "whole": 0.2, "said": "ann petrie!",
        "found": [
            {"article_id": "a0", "text": "Ann Petrie, elsewhere."},
            {"article_id": "a1", "text": "Nothing of her."},
            {"article_id": "a1", "text": "It was Ann Petrie."},
        ],
    }  # fmt: skip
    worth = scored(reply, asked)
    assert (worth.rank, worth.em, worth.f1, worth.words) == (3, 1.0, 1.0, 10)
    assert scored(reply | {"said": None, "found": []}, asked).em is None
