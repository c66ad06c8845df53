import numpy as np
import pytest

from eval.experiments.scale import ScaleFigures, Upkeep, measure_faiss, measure_ours
from eval.experiments.synthetic import scattered, vector_library
from index.dense import dense
from index.dense.dense import DenseIndex

DIMENSION = 32


@pytest.fixture
def real():
    rows = np.random.default_rng(5).standard_normal((60, DIMENSION)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def nearest(library, questions):
    """The rows of the ten nearest stored vectors, by numpy."""
    stored = library.connection.execute("SELECT row, embedding FROM vector ORDER BY row").fetchall()
    vectors = np.array([np.frombuffer(blob, np.float16) for _, blob in stored], dtype=np.float32)
    return np.array([row for row, _ in stored])[np.argsort(-(questions @ vectors.T), axis=1)[:, :10]]


def test_made_up_vectors_lie_as_far_from_real_ones_as_is_said(real):
    vectors = np.vstack(list(scattered(real, 500)))
    assert vectors.shape == (500, DIMENSION)
    assert (vectors[:60] == real).all()
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(500), abs=1e-5)
    closest = (vectors[60:] @ real.T).max(axis=1)
    assert closest.min() > 0.4
    assert closest.mean() == pytest.approx(0.78, abs=0.05)
    assert (np.vstack(list(scattered(real, 500))) == vectors).all()


def test_a_library_is_made_once(real, tmp_path):
    made = vector_library(tmp_path / "500.sqlite", real, 500)
    assert made.counts() == (1, 500)
    assert vector_library(tmp_path / "500.sqlite", real, 500).generation == made.generation == 1


def test_ours_is_measured_as_the_library_uses_it(real, tmp_path, monkeypatch):
    monkeypatch.setattr(dense, "_SNAPSHOT_AFTER", 0)
    library = vector_library(tmp_path / "500.sqlite", real, 500)
    row, upkeep = measure_ours(library, real, nearest(library, real))
    assert isinstance(row, ScaleFigures)
    assert isinstance(upkeep, Upkeep)
    assert (row.kind, row.vectors, row.recall) == ("flat, 0 candidates, 1.000 reported", 500, 1.0)
    assert library.counts() == (1, 500)


def test_others_get_their_candidates_scored_again(real, tmp_path):
    library = vector_library(tmp_path / "500.sqlite", real, 500)
    rows = list(measure_faiss("SQ4", library, real, nearest(library, real)))
    assert [row.kind for row in rows] == ["SQ4 100 candidates", "SQ4 300 candidates", "SQ4 1000 candidates"]
    assert rows[-1].recall == pytest.approx(1.0)
    probed = list(measure_faiss("IVF8,SQ8", library, real, nearest(library, real)))
    assert [round(row.recall, 6) for row in probed if "16 probes" in row.kind] == [1.0, 1.0, 1.0]
    wrong = np.roll(nearest(library, real), 1, axis=0)
    assert next(iter(measure_faiss("SQ8", library, real, wrong))).recall < 0.5
    assert len(DenseIndex(library, DIMENSION).search(real[0], 10)) == 10
