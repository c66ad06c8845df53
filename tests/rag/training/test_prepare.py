import gzip
import json

import pytest

from rag.training.examples import load, read_squad
from rag.training.hard_negatives import with_altered_questions
from rag.training.prepare import HELD_OUT, HELD_OUT_SHARES, SETS, TRAINING, prepare
from tests.fakes import HashEncoder

TITLES = 40  # articles of each set, of two passages with two questions each
PASSAGES = 2 * TITLES
UNTITLED = {"qamr", "squadshifts-reddit", "squadshifts-amazon_reviews", "policyqa-dev"}
HELD_OUT_OF = {  # questions: four of an article, two of a passage that is an article of its own
    name: 2 * round(share * PASSAGES) if name.startswith("squadshifts") else 4 * round(share * TITLES)
    for name, share in HELD_OUT_SHARES.items()
}


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
        with gzip.open(folder / f"{name}.json.gz", "wt", encoding="utf-8") as file:
            json.dump({"data": [article(number) for number in range(TITLES)]}, file)
    return folder


def prepared(sets, folder, seed=1):
    counts = prepare(sets, folder, HashEncoder(), seed)
    return counts, load(folder / TRAINING), load(folder / HELD_OUT)


def of(name, examples):
    return [example for example in examples if example.set == name]


@pytest.mark.parametrize("name", SETS)
def test_whole_articles_of_each_set_are_held_out(sets, tmp_path, name):
    counts, training, held_out = prepared(sets, tmp_path / "made")
    assert counts == (len(training), len(held_out))
    assert len(of(name, held_out)) == HELD_OUT_OF[name]
    assert len(of(name, training)) == 4 * TITLES - HELD_OUT_OF[name]
    seen, unseen = ({example.passage.text for example in of(name, found)} for found in (training, held_out))
    assert not seen & unseen
    if name not in UNTITLED:
        seen, unseen = ({example.passage.title for example in of(name, found)} for found in (training, held_out))
        assert not seen & unseen
    assert not any(example.wrong or example.altered for example in held_out)


@pytest.mark.parametrize("name", SETS)
def test_nothing_of_a_held_out_article_is_trained_on(sets, tmp_path, name):
    _, training, held_out = prepared(sets, tmp_path / "made")
    learned = of(name, training)
    unseen = {example.passage.text for example in of(name, held_out)}
    assert not unseen & {source.text for example in learned for source in (example.passage, *example.wrong)}
    assert not {example.question for example in of(name, held_out) if "Brannoc" in example.question} & {
        question for example in learned for question in (example.question, *example.altered)
    }


@pytest.mark.parametrize("name", SETS)
def test_a_share_of_each_set_has_wrong_passages_and_altered_questions(sets, tmp_path, name):
    _, training, _ = prepared(sets, tmp_path / "made")
    learned = of(name, training)
    assert sum(bool(example.wrong) for example in learned) == round(0.5 * len(learned))
    assert 0.45 <= sum(bool(example.altered) for example in learned) / len(learned) <= 0.75  # 0.6, by chance


@pytest.mark.parametrize("name", SETS)
def test_titles_that_name_nothing_are_left_out(sets, tmp_path, name):
    _, training, held_out = prepared(sets, tmp_path / "made")
    passages = [source for one in of(name, training) for source in (one.passage, *one.wrong)]
    for source in [*passages, *(one.passage for one in of(name, held_out))]:
        assert source.title.startswith("Hollin Quay ") is (name not in UNTITLED)


def test_what_people_found_unanswerable_is_asked_beside_the_answerable(tmp_path):
    given = passage("It sank in May.", ("When did it sank?", "May"))
    given["qas"].append({"question": "Who raised it?", "answers": []})
    with gzip.open(tmp_path / "made.json.gz", "wt", encoding="utf-8") as file:
        json.dump({"data": [{"title": "Ferry", "paragraphs": [given]}]}, file)
    (example,) = read_squad(tmp_path / "made.json.gz")
    assert (example.question, example.altered) == ("When did it sank?", ("Who raised it?",))
    (altered,) = with_altered_questions([example], 1.0, 1)
    assert altered.altered[0] == "Who raised it?"


def test_the_same_seed_prepares_the_same_and_another_holds_out_others(sets, tmp_path):
    _, training, held_out = prepared(sets, tmp_path / "one")
    assert prepared(sets, tmp_path / "two") == ((len(training), len(held_out)), training, held_out)
    _, _, others = prepared(sets, tmp_path / "three", seed=2)
    assert {example.passage.text for example in others} != {example.passage.text for example in held_out}
