"""What `status` says of the index."""

import json
from pathlib import Path

import numpy as np

from corpus.library.store import Library
from eval.experiments.synthetic import put
from index.dense import approximate, dense
from index.dense.dense import DenseIndex
from index.dense.vector_table import VECTORS


def test_a_small_library_is_searched_exactly(pullquote):
    state = json.loads(pullquote("status", "--json").out)
    assert state["index"] == {"kind": "flat", "vectors": 0, "bytes": 0, "recall@10": 1.0, "queries": 0}
    assert pullquote("status").out.splitlines()[-1] == "exact search by meaning"


def test_of_a_large_library_the_measured_recall_is_told(pullquote, monkeypatch):
    monkeypatch.setattr(approximate, "FLAT_UP_TO", 200)
    monkeypatch.setattr(dense, "_SNAPSHOT_AFTER", 0)
    library = Library(Path(json.loads(pullquote("status", "--json").out)["library"]))
    VECTORS.prepare(library)
    vectors = np.random.default_rng(1).standard_normal((300, 32)).astype(np.float32)
    put(library, "a", vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
    state = json.loads(pullquote("status", "--json").out)
    assert state["index"] == {"kind": "rabitq", "vectors": 300, "bytes": 0, "recall@10": None, "queries": 0}
    assert "to be built and measured by the next search" in pullquote("status").out
    DenseIndex(library, 32).search(vectors[0], 10)
    index = json.loads(pullquote("status", "--json").out)["index"]
    assert index == {"kind": "rabitq", "vectors": 300, "bytes": index["bytes"], "recall@10": 1.0, "queries": 100}
    assert 0 < index["bytes"] < 300 * 2 * 32
    assert "recall@10 1.000 against exact search, measured on 100 of its own passages" in pullquote("status").out
