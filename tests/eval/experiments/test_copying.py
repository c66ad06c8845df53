import gzip
import json

import pytest

from corpus.article import Article
from eval.experiments.copying import (
    Pair,
    containment,
    detection_rates,
    in_library,
    markdown,
    pairs,
    read_articles,
    resemblance,
    stretches,
)
from eval.experiments.editing import COPIES, drawing, first_part, market, other_figures, weather
from index.near_duplicates.shingles import same_figures, shingles
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.index.near_duplicates.test_sketches import story

WORDS = [f"w{number}x" for number in range(103)]  # a hundred shingles


def text(first, last):
    return shingles(" ".join(WORDS[first:last]))


def test_measures_worked_out_by_hand():
    whole, half, later = text(0, 103), text(0, 53), text(25, 78)  # 100, 50 and 50 shingles, 25 of them in both halves
    assert resemblance(whole, half) == 0.5
    assert containment(whole, half) == containment(half, whole) == stretches(whole, half) == 1.0
    assert resemblance(half, later) == pytest.approx(25 / 75)
    assert containment(half, later) == 0.5
    assert resemblance(text(0, 2), text(0, 2)) == 0.0


@pytest.mark.parametrize("kind", COPIES)
def test_an_edit_changes_the_text_the_same_way_every_time(kind):
    one, other = story("1"), story("2")
    edited = COPIES[kind](one, other, drawing(1))
    assert edited == COPIES[kind](one, other, drawing(1))
    assert edited != one


def test_edits_do_what_they_say():
    one, other = story("1"), story("2")
    assert len(first_part(one, other, drawing(1), 0.33)) == pytest.approx(len(one) / 3, rel=0.1)
    assert sum(a != b for a, b in zip(one.split(), COPIES["20 % of words replaced"](one, other, drawing(1)).split(), strict=True)) == pytest.approx(0.2 * 360, abs=20)  # fmt: skip
    assert sorted(COPIES["paragraphs in another order"](one, other, drawing(1)).split("\n\n")) == sorted(
        one.split("\n\n")
    )
    assert COPIES["merged with another story"](one, other, drawing(1)) in {f"{one}\n\n{other}", f"{other}\n\n{one}"}
    assert same_figures(shingles(one), shingles(other_figures(one, other, drawing(1)))) is False
    for template in (weather, market):
        assert template(drawing(1)) != template(drawing(2))


def articles():
    return [Article(f"a{number}", f"Title {number}", story(str(number)), f"a{number}") for number in range(12)]


def test_the_pairs_of_few_articles_are_told():
    found = {one.measure: one for one in detection_rates(pairs(articles(), HashEncoder(), Settings()))}
    ours = found["stretches and figures"]
    assert ours.called["first third"] == ours.called["20 % of words replaced"] == 1.0
    assert ours.called["template: weather"] == ours.called["nearest articles"] == 0.0
    assert found["stretches"].called["template: weather"] == 1.0
    assert found["containment"].called["30 % of words replaced"] < ours.called["30 % of words replaced"]
    lines = list(markdown(list(found.values())))
    assert lines[0].startswith("| pairs called copies, by measure | resemblance | containment |")
    assert any(line.startswith("| *template: weather* | ") for line in lines)
    assert len({line.count("|") for line in lines}) == 1


def test_thresholds_are_chosen_on_one_half_and_judged_on_the_other():
    same, apart = text(0, 103), text(40, 103)
    made = [Pair(kind, True, held, same, same if held else apart) for held in (True, False) for kind in COPIES]
    made += [Pair("other", False, held, same, shingles("nothing of the kind in it at all")) for held in (True, False)]
    found = {one.measure: one for one in detection_rates(made)}
    assert found["resemblance"].threshold <= 0.6  # 60 of 100 shingles
    assert (found["resemblance"].recall, found["resemblance"].precision) == (1.0, 1.0)


def test_a_library_of_edits_is_put_into_its_stories():
    precision, recall = in_library(articles())
    assert precision > 0.8
    assert recall > 0.8


def test_articles_of_a_fit_length_are_read(tmp_path):
    rows = [
        {"_id": name, "title": name, "text": "word " * words} for name, words in (("a", 79), ("b", 80), ("c", 3001))
    ]
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "wikinews.jsonl.gz").write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    assert [article.id for article in read_articles(tmp_path)] == ["b"]
