"""Figures of a growing library: made-up texts like real ones, and what is measured of them."""

from itertools import islice

import numpy as np
import pytest

from eval.experiments.growth import measure
from eval.experiments.synthetic import mixed, scattered, text_library
from index.dense import dense
from index.lexical import bm25
from index.manifest import fitted
from tests.fakes import HashEncoder

REAL = ["Gulls nest here. They shout.", "The ferry sails at noon.", "", "Nobody came. Nobody sang. All slept."]


def test_made_up_texts_are_sentences_of_the_real_ones_as_many_as_these_have():
    written = list(islice(mixed(REAL), 12))
    assert written[:4] == REAL
    sentences = {
        "Gulls nest here.",
        "They shout.",
        "The ferry sails at noon.",
        "Nobody came.",
        "Nobody sang.",
        "All slept.",
    }
    for number, text in enumerate(written[4:]):
        parts = text.replace(". ", ".|").split("|")
        assert set(parts) <= sentences
        assert len(parts) == [2, 1, 1, 3][number % 4]
    assert list(islice(mixed(REAL), 12)) == written


@pytest.fixture
def library(tmp_path, monkeypatch):
    monkeypatch.setattr(dense, "_SNAPSHOT_AFTER", 0)
    monkeypatch.setattr(bm25, "FROM", 100)
    encoder = HashEncoder()
    real = encoder.encode_passages([text for text in REAL if text])
    return text_library(tmp_path / "library.sqlite", scattered(real, 300), fitted(encoder.card), mixed(REAL[:2]))


def test_a_size_is_measured_twice_with_and_without_making(library):
    first = measure(library, HashEncoder(), ["Where do gulls nest?"] * 8)
    again = measure(library, HashEncoder(), ["Where do gulls nest?"] * 8)
    assert (first.passages, first.recall) == (again.passages, again.recall) == (300, 1.0)
    assert first.made is not None
    assert again.made is None
    assert first.words_beside == pytest.approx(bm25.path_of(library).stat().st_size / 1e6, abs=0.05)
    assert set(first.search) == {"fused", "dense", "lexical"}
    assert all(0 < p50 <= p95 for p50, p95 in first.search.values())
    assert np.isfinite(first.memory)
