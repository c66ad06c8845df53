"""Pullquote's own worker on a few articles, the reader as the neighbours get it, and where the time goes."""

import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.limit import Work, macs, shares, watched
from benchmarks.material import SAMPLE, read_material
from benchmarks.measurement import Measurement, Setting, prepare_folder
from benchmarks.peak import peak_macs
from benchmarks.requirements import requirements
from index.encoder.compiled import BatchLimits
from rag.reader.read import SHIPPED, SpanReader

ROOT = Path(__file__).parents[2]


def test_the_sample_set_is_asked_of_the_sample_articles():
    material = read_material(SAMPLE, 99, 1000)
    assert len(material.articles) == 19
    assert len(material.asked) == 167
    asked = next(one for one in material.asked if one.question == "What time did the Saint Brannoc hit the reef?")
    assert asked.golds == ("6.32pm",)
    (name,) = asked.articles
    assert asked.is_found_in(name, "It struck Cow Ledge at 6.32pm.")
    assert not asked.is_found_in("elsewhere", "It struck Cow Ledge at 6.32pm.")


def test_a_part_is_whole_articles_until_there_are_words_enough():
    material = read_material(SAMPLE, 5, 3)
    first, *_ = material.articles.values()
    assert list(material.part(1).articles.values()) == [first]
    assert material.part(10**6).articles == material.articles


@pytest.mark.model
def test_pullquote_indexes_and_answers_in_processes_of_its_own(tmp_path):
    material = read_material(SAMPLE, 3, 2)
    prepare_folder(tmp_path, {}, resume=False)
    material.write_articles(tmp_path / "articles.jsonl")
    material.part(1).write_articles(tmp_path / "part.jsonl")
    material.write_questions(tmp_path / "questions.jsonl")
    setting = Setting(Path(sys.executable), rounds=1, cores=2, k=20, systems=("pullquote",))
    outcomes = {one.step: one for one in Measurement(material, setting, tmp_path).outcomes(lambda _: None)}
    assert [one.fault for one in outcomes.values()] == [""] * 5
    assert outcomes["equal"].reply["passages"] < outcomes["index"].reply["passages"]
    questions = outcomes["ask"].reply["questions"]
    assert [one["rank"] > 0 for one in questions] == [True, True]
    assert all(0 < one["retrieve"] < one["answer"] for one in questions)
    assert all(one["f1"] is not None for one in questions)
    again = list(Measurement(material, setting, tmp_path).outcomes(pytest.fail))  # all are kept
    assert {one.step: one for one in again} == outcomes


@pytest.mark.model
def test_the_checkpoint_reads_as_the_reader_but_for_rounding(tmp_path):
    import torch
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    from benchmarks.checkpoint import write_checkpoint

    folder = write_checkpoint(SHIPPED, tmp_path / "checkpoint")
    network = AutoModelForQuestionAnswering.from_pretrained(folder).eval()
    encoded = AutoTokenizer.from_pretrained(folder)(
        "Who skippered the crabber?", "The crabber Girl Rhoda was skippered by Ann Petrie until it sank."
    )
    assert encoded.tokens()[7:10] == ["?", "[SEP]", "[SEP]"]
    row = {name: encoded[name] for name in ("input_ids", "token_type_ids")}
    with torch.no_grad():
        told = network(**{name: torch.tensor([encoded[name]]) for name in encoded})
    theirs = np.stack([told.start_logits[0].numpy(), told.end_logits[0].numpy()], axis=-1)
    (ours,) = SpanReader(SHIPPED, tmp_path)._network.run([row], BatchLimits(1, 512))
    assert np.abs(ours[: len(theirs)] - theirs).max() < 0.5
    assert (ours[: len(theirs)].argmax(axis=0) == theirs.argmax(axis=0)).all()


@pytest.mark.model
def test_what_the_networks_do_is_watched_from_outside(tmp_path):
    reader = SpanReader(SHIPPED, tmp_path)
    rows = [{"input_ids": [101, 7, 102], "token_type_ids": [0, 0, 1]}] * 2
    with watched() as works:
        reader._network.run(rows, BatchLimits(8, 1024))
    assert (works["reader"].tokens, works["reader"].padded) == (6, 32)  # two rows, padded to 16
    assert works["encoder"] == Work()
    reader._network.run(rows, BatchLimits(8, 1024))
    assert works["reader"].tokens == 6  # no longer watched


def test_multiply_adds_of_a_batch():
    one_token = 6 * (4 * 384 * 384 + 2 * 384 * 1536)
    assert macs(1, 1) == one_token + 6 * 2 * 384
    assert macs(2, 16) == 32 * one_token + 6 * 2 * 2 * 16 * 16 * 384


def test_shares_of_time_and_of_the_peak():
    works = {"encoder": Work(0.1, 0.0, 10, 16, 10**9), "reader": Work(0.6, 0.1, 100, 128, 10**11)}
    encoder, reader = shares([0.5, 0.5], works, 4e11)
    assert (reader.ms, reader.share, reader.gops, reader.of_peak) == (250, 0.5, 400, 0.5)
    assert (encoder.share, encoder.of_peak) == (0.1, 0.025)


def test_the_peak_of_a_product_is_measured():
    assert peak_macs("int8", 1, size=256) > 1e8


def test_the_neighbours_get_torch_in_our_version():
    wanted = requirements(ROOT / "pyproject.toml")
    assert wanted[0] == "torch==2.13.0"
    assert any(one.startswith("haystack-ai") for one in wanted)
