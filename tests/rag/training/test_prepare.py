import gzip
import json
from dataclasses import replace

import pytest

from rag.training.examples import load
from rag.training.prepare import HELD_OUT, MAIN_SET, SETS, TRAINING, prepare
from tests.fakes import HashEncoder

TITLES = 40  # articles of the main set, of two passages with two questions each
HELD_OUT_ARTICLES = 24


def passage(text, *asked):
    qas = [
        {"question": question, "answers": [{"answer_start": text.index(answer), "text": answer}]}
        for question, answer in asked
    ]
    return {"context": text, "qas": qas}


def article(number):
    """Two passages about a harbour, each with two questions that the other does not answer."""
    ferry = f"The ferry Saint Brannoc{number} ran aground in {1900 + number} with {500 + number} people."
    works = f"The cannery of Ada King{number} opened in {1700 + number} and made {300 + number} tins."
    return {"title": f"Hollin_Quay_{number}", "paragraphs": [
        passage(ferry, (f"When did Saint Brannoc{number} run aground?", str(1900 + number)), ("How many people were aboard?", str(500 + number))),
        passage(works, (f"Who opened the cannery in {1700 + number}?", f"Ada King{number}"), ("How many tins were made?", str(300 + number))),
    ]}  # fmt: skip


@pytest.fixture
def sets(tmp_path):
    """Small files of the public sets' names."""
    folder = tmp_path / "sets"
    folder.mkdir()
    for name in SETS:
        articles = [article(number) for number in range(TITLES)]
        if name != MAIN_SET:
            articles = [{"title": "17", "paragraphs": [passage(f"It is {name}.", ("What is it?", name))]}]
        with gzip.open(folder / f"{name}.json.gz", "wt", encoding="utf-8") as file:
            json.dump({"data": articles}, file)
    return folder


def prepared(sets, folder, seed=1):
    counts = prepare(sets, folder, HashEncoder(), seed)
    return counts, load(folder / TRAINING), load(folder / HELD_OUT)


def test_whole_articles_of_the_main_set_are_held_out(sets, tmp_path):
    counts, training, held_out = prepared(sets, tmp_path / "made")
    assert (
        counts
        == (len(training), len(held_out))
        == (4 * (TITLES - HELD_OUT_ARTICLES) + len(SETS) - 1, 4 * HELD_OUT_ARTICLES)
    )
    seen, unseen = ({example.passage.title for example in found} for found in (training, held_out))
    assert len(unseen) == HELD_OUT_ARTICLES
    assert not seen & unseen
    assert {example.set for example in held_out} == {MAIN_SET}
    assert not any(example.wrong or example.altered for example in held_out)


def test_nothing_of_a_held_out_article_is_trained_on(sets, tmp_path):
    _, training, held_out = prepared(sets, tmp_path / "made")
    unseen = {example.passage.text for example in held_out}
    assert not unseen & {source.text for example in training for source in (example.passage, *example.wrong)}
    assert not {example.question for example in held_out if "Brannoc" in example.question} & {
        question for example in training for question in (example.question, *example.altered)
    }


def test_a_share_of_the_main_set_has_wrong_passages_and_altered_questions(sets, tmp_path):
    _, training, _ = prepared(sets, tmp_path / "made")
    main = [example for example in training if example.set == MAIN_SET]
    assert sum(bool(example.wrong) for example in main) == round(0.3 * len(main))
    assert 20 <= sum(bool(example.altered) for example in main) <= 56  # 0.6 of 64, by chance
    assert not any(example.wrong or example.altered for example in training if example.set != MAIN_SET)


def test_titles_that_are_numbers_are_left_out(sets, tmp_path):
    _, training, _ = prepared(sets, tmp_path / "made")
    assert {example.set: example.passage.title for example in training if example.set != MAIN_SET} == {
        "qamr": "", "nq-qed-train": "17", "squadshifts-reddit": "", "squadshifts-amazon_reviews": "",
    }  # fmt: skip
    assert all(example.passage.title.startswith("Hollin Quay ") for example in training if example.set == MAIN_SET)


def test_the_same_seed_prepares_the_same_and_another_holds_out_others(sets, tmp_path):
    _, training, held_out = prepared(sets, tmp_path / "one")
    assert prepared(sets, tmp_path / "two") == ((len(training), len(held_out)), training, held_out)
    _, _, others = prepared(sets, tmp_path / "three", seed=2)
    assert {replace(example, wrong=()).passage.title for example in others} != {
        example.passage.title for example in held_out
    }
