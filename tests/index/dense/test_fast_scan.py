"""The second form of codes: what it finds, when it is made, and that it goes when the codes change."""

import threading

import numpy as np
import pytest

from index.dense import fast_scan
from index.dense.fast_scan import FastScan
from index.dense.vector_index import Structure

DIMENSION = 64
COUNT = 3000


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(fast_scan, "_AFTER", 1)


@pytest.fixture
def vectors():
    rows = np.random.default_rng(7).standard_normal((COUNT, DIMENSION)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def structure(vectors):
    """Codes whose row is twice their place, and one."""
    made = Structure.rabitq(vectors, COUNT)
    made.add(np.arange(COUNT) * 2 + 1, vectors)
    return made


@pytest.fixture
def uses(monkeypatch):
    """How many searches went through the second form."""
    counted = []
    plain = FastScan.nearest

    def nearest(self, codes, query, k):
        found = plain(self, codes, query, k)
        counted.append(found is not None)
        return found

    monkeypatch.setattr(FastScan, "nearest", nearest)
    return counted


def wait():
    for thread in threading.enumerate():
        if thread.name == "fast-scan":
            thread.join()


def test_it_finds_what_the_codes_find_but_for_rounding(structure, vectors, uses, monkeypatch):
    queries = vectors[:30]
    structure.nearest(queries[0], 200)
    wait()
    other = Structure.rabitq(vectors, COUNT)
    other.add(np.arange(COUNT) * 2 + 1, vectors)
    monkeypatch.setattr(fast_scan, "_AFTER", 10**9)
    plainly = [other.nearest(query, 200) for query in queries]
    fast = [structure.nearest(query, 200) for query in queries]
    assert uses == [False] * 31 + [True] * 30
    shared = [len(one.keys() & two.keys()) / 200 for one, two in zip(plainly, fast, strict=True)]
    assert min(shared) > 0.85
    assert np.mean(shared) > 0.95
    assert all(next(iter(found)) == 2 * place + 1 for place, found in enumerate(fast))


def test_a_filter_goes_through_the_codes(structure, vectors, uses):
    structure.nearest(vectors[0], 5)
    wait()
    assert structure.nearest(vectors[0], 5, np.array([3, 5, 7])).keys() == {3, 5, 7}
    assert uses == [False]


def test_what_comes_and_goes_is_seen_at_once(structure, vectors, uses):
    structure.nearest(vectors[0], 5)
    wait()
    assert next(iter(structure.nearest(vectors[9], 5))) == 19
    structure.remove(np.array([19]))
    assert 19 not in structure.nearest(vectors[9], COUNT)
    wait()
    assert 19 not in structure.nearest(vectors[9], COUNT)
    structure.add(np.array([99_999]), vectors[9:10])
    assert next(iter(structure.nearest(vectors[9], 5))) == 99_999
    wait()
    assert next(iter(structure.nearest(vectors[9], 5))) == 99_999
    assert uses == [False, True, False, True, False, True]


def test_one_that_was_made_of_codes_as_they_were_is_not_used(structure, vectors, monkeypatch):
    begun, go_on = threading.Event(), threading.Event()
    make = FastScan._make

    def slowly(self, codes, changes):
        begun.set()
        go_on.wait(10)
        make(self, codes, changes)

    monkeypatch.setattr(FastScan, "_make", slowly)
    structure.nearest(vectors[9], 5)
    begun.wait(10)
    structure.remove(np.array([19]))
    go_on.set()
    wait()
    assert 19 not in structure.nearest(vectors[9], COUNT)


def test_more_than_there_are_is_all_there_are(structure, vectors):
    structure.nearest(vectors[0], 5)
    wait()
    assert len(structure.nearest(vectors[0], 10 * COUNT)) == COUNT


def test_who_asks_a_few_times_has_none_made(structure, vectors, uses, monkeypatch):
    monkeypatch.setattr(fast_scan, "_AFTER", 10)
    for query in vectors[:9]:
        structure.nearest(query, 5)
    wait()
    structure.nearest(vectors[0], 5)
    wait()
    structure.nearest(vectors[0], 5)
    assert uses == [False] * 10 + [True]
