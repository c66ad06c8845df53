"""The approximate road beside the exact one, on libraries that are large because the threshold is small."""

import numpy as np
import pytest

from corpus.library.store import Library
from index.dense import approximate, dense
from index.dense.approximate import build, recalled, suits
from index.dense.dense import DenseIndex
from index.dense.exact import NearestOthers
from index.dense.snapshot import Snapshot
from index.dense.vector_index import IndexCard, Structure
from index.dense.vector_table import VECTORS
from index.local import LocalBackend
from tests.index.dense.test_dense import by_numpy, put, remove, same

DIMENSION = 64


def scattered(rng, n):
    """Unit rows about forty centres, as passages lie about their subjects."""
    centres = np.random.default_rng(3).standard_normal((40, DIMENSION))
    rows = centres[rng.integers(0, 40, n)] + rng.standard_normal((n, DIMENSION))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def rng():
    return np.random.default_rng(7)


@pytest.fixture
def library(tmp_path, monkeypatch):
    """An empty library that is large from 1,001 vectors on, and keeps a snapshot from the first change."""
    monkeypatch.setattr(approximate, "FLAT_UP_TO", 1000)
    monkeypatch.setattr(approximate, "_CANDIDATES", (20, 100, 400))
    monkeypatch.setattr(dense, "_SNAPSHOT_AFTER", 0)
    library = Library(tmp_path / "library.sqlite")
    VECTORS.prepare(library)
    return library


def recall(index, library, queries, among=None, k=10):
    """Recall@k of what the index finds, against numpy; every cosine that comes back must be right."""
    found = []
    for query in queries:
        everything = by_numpy(library, query, 10**6)
        wanted = [row for row in everything if among is None or row in among][:k]
        cosines = index.search(query, k, among)
        assert list(cosines) == sorted(cosines, key=lambda row: (-cosines[row], row))
        assert list(cosines.values()) == pytest.approx([everything[row] for row in cosines], abs=1e-6)
        found.append(len(set(cosines) & set(wanted)) / len(wanted))
    return np.mean(found)


def test_a_large_library_is_searched_by_codes_that_find_nearly_what_numpy_finds(library, rng):
    put(library, "a", scattered(rng, 3000))
    index = DenseIndex(library, DIMENSION)
    assert recall(index, library, scattered(rng, 50)) >= 0.97
    facts = facts_of(library)
    assert (facts["kind"], facts["vectors"], facts["queries"]) == ("rabitq", 3000, 100)
    assert facts["recall@10"] == pytest.approx(1.0, abs=0.02)
    assert facts["bytes"] < 3000 * 2 * DIMENSION


def test_the_recall_that_is_reported_is_that_of_queries_the_depth_was_not_chosen_on(rng):
    vectors, rows = scattered(rng, 3000), np.arange(1, 3001)

    def read(wanted):
        yield wanted, vectors[wanted - 1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(approximate, "FLAT_UP_TO", 1000)
        patch.setattr(approximate, "_CANDIDATES", (10,))
        structure = build(DIMENSION, rows, read)
    chance = np.random.default_rng(0)
    chance.choice(rows, 3000, replace=False)
    queries = np.sort(chance.choice(rows, 200, replace=False))[1::2]
    cosines = vectors[queries - 1] @ vectors.T
    cosines[np.arange(100), queries - 1] = -1
    nearest = np.argsort(-cosines, axis=1)[:, :10] + 1
    found = [list(structure.nearest(vectors[row - 1], 10)) for row in queries]
    plain = np.mean([len(set(one) & set(wanted)) / 10 for one, wanted in zip(found, nearest.tolist(), strict=True)])
    assert structure.card == IndexCard("rabitq", 3000, 10, pytest.approx(plain), 100)
    assert 0.2 < plain < 0.95
    assert recalled(structure, vectors[queries - 1], nearest, 3000) == 1.0


def test_the_nearest_others_are_those_of_a_plain_sort_however_the_vectors_come(rng):
    vectors = scattered(rng, 500)
    own = np.array([3, 77, 499])
    exact = NearestOthers(own, vectors[own], 10)
    for start in range(0, 500, 7):
        exact.add(np.arange(start, min(start + 7, 500)), vectors[start : start + 7])
    for row, nearest in zip(own, exact.rows, strict=True):
        cosines = vectors @ vectors[row]
        plain = [one for one in np.argsort(-cosines) if one != row][:10]
        assert sorted(nearest) == sorted(plain)


def test_a_large_library_is_followed_through_additions_and_removals(library, rng):
    put(library, "a", scattered(rng, 1500))
    put(library, "b", scattered(rng, 800))
    index = DenseIndex(library, DIMENSION)
    query = scattered(rng, 1)[0]
    index.search(query, 10)
    newest = scattered(rng, 30)
    rows = put(library, "c", newest)
    assert next(iter(index.search(newest[4], 3))) == rows[4]
    remove(library, "b")
    assert recall(index, library, scattered(rng, 30)) >= 0.97
    assert not set(index.search(query, 2000)) & set(range(1501, 2301))
    assert recall(DenseIndex(library, DIMENSION), library, scattered(rng, 30)) >= 0.97
    remove(library, "c")
    assert rows[4] not in index.search(newest[4], 3)


def test_among_few_rows_a_large_library_finds_exactly_what_numpy_finds(library, rng):
    put(library, "a", scattered(rng, 3000))
    index = DenseIndex(library, DIMENSION)
    index.search(scattered(rng, 1)[0], 1)
    for query in scattered(rng, 10):
        among = np.append(np.sort(rng.choice(np.arange(1, 3001), 20, replace=False)), 9999)
        plain = {row: one for row, one in by_numpy(library, query, 3000).items() if row in among}
        assert same(index.search(query, 50, among), plain)
        assert same(index.search(query, 7, among), dict(list(plain.items())[:7]))
    assert index.search(query, 5, np.array([], dtype=np.int64)) == {}


def test_among_many_rows_those_that_do_not_count_take_no_places(library, rng):
    put(library, "a", scattered(rng, 3000))
    index = DenseIndex(library, DIMENSION)
    queries = scattered(rng, 30)
    farthest = np.sort(list(by_numpy(library, queries[0], 3000))[1500:])  # without the subject of the first query
    assert len(index.search(queries[0], 1000, farthest)) == 1000
    assert recall(index, library, queries, farthest) >= 0.9


def test_the_snapshot_of_a_large_library_is_read_and_not_made_again(library, rng, monkeypatch):
    put(library, "a", scattered(rng, 3000))
    query = scattered(rng, 1)[0]
    library.path.chmod(0o640)
    before = DenseIndex(library, DIMENSION).search(query, 10)
    assert Snapshot(library).path.stat().st_mode & 0o777 == 0o640  # the rights of the library

    def build(*arguments):
        raise AssertionError("a second build")

    monkeypatch.setattr(approximate, "build", build)
    assert DenseIndex(library, DIMENSION).search(query, 10) == before
    put(library, "b", scattered(rng, 30))
    assert len(DenseIndex(library, DIMENSION).search(query, 10)) == 10


@pytest.mark.parametrize("place", [5, 40, 200, -50])
def test_a_spoilt_snapshot_of_a_large_library_is_made_again(library, rng, place):
    put(library, "a", scattered(rng, 1500))
    query = scattered(rng, 1)[0]
    before = DenseIndex(library, DIMENSION).search(query, 10)
    path = Snapshot(library).path
    whole = path.read_bytes()
    data = bytearray(whole)
    data[place] ^= 0xFF
    path.write_bytes(data)
    assert DenseIndex(library, DIMENSION).search(query, 10) == before
    assert path.read_bytes() == whole


def test_a_snapshot_as_former_versions_wrote_it_is_made_again(library, rng):
    import faiss

    from index.dense.snapshot import _digest

    put(library, "a", scattered(rng, 50))
    body = faiss.serialize_index(faiss.IndexIDMap2(faiss.IndexFlatIP(DIMENSION)))
    Snapshot(library).path.write_bytes(_digest(body) + body.tobytes())
    query = scattered(rng, 1)[0]
    assert same(DenseIndex(library, DIMENSION).search(query, 10), by_numpy(library, query, 10))


def test_codes_are_not_believed_once_a_backup_is_put_back(library, rng):
    put(library, "a", scattered(rng, 1500))
    library.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    backup = library.path.read_bytes()
    put(library, "b", scattered(rng, 20))
    DenseIndex(library, DIMENSION).search(scattered(rng, 1)[0], 5)
    library.close()
    for path in library.path.parent.glob("library.sqlite*"):
        path.unlink()
    library.path.write_bytes(backup)
    back = Library(library.path)
    others = scattered(np.random.default_rng(99), 15)
    rows = put(back, "c", others)
    index = DenseIndex(back, DIMENSION)
    assert [next(iter(index.search(one, 1))) for one in others] == rows


def test_a_structure_knows_which_vector_a_row_was_added_with(rng):
    vectors = scattered(rng, 300).astype(np.float16).astype(np.float32)
    for structure in (Structure.flat(DIMENSION), Structure.rabitq(vectors, 300)):
        structure.add(np.arange(300), vectors)
        assert all(structure.holds(row, vectors[row]) for row in range(300))
        assert not any(structure.holds(row, vectors[row - 1]) for row in range(300))
        assert not structure.holds(300, vectors[0])


def test_the_choice_goes_by_size_and_does_not_waver_about_the_threshold(monkeypatch):
    monkeypatch.setattr(approximate, "FLAT_UP_TO", 1000)
    flat, codes = IndexCard("flat"), IndexCard("rabitq", 1500)
    assert [suits(flat, count) for count in (0, 1000, 1001)] == [True, True, False]
    assert [suits(codes, count) for count in (500, 501, 1000, 3000, 3001)] == [False, True, True, True, False]


def test_a_library_that_grows_and_shrinks_changes_its_structure(library, rng):
    index = DenseIndex(library, DIMENSION)
    query = scattered(rng, 1)[0]
    seen = []
    for change in (400, 700, 1200, -700, -1200):
        if change > 0:
            put(library, f"a{change}", scattered(rng, change))
        else:
            remove(library, f"a{-change}")
        found = index.search(query, 10)
        assert next(iter(found)) == next(iter(by_numpy(library, query, 1)))
        seen.append((Snapshot(library).card().kind, Snapshot(library).card().built_for))
    assert seen == [("flat", 0), ("rabitq", 1100), ("rabitq", 2300), ("rabitq", 2300), ("flat", 0)]


def facts_of(library):
    return LocalBackend().describe(library).facts


def test_what_is_not_built_yet_has_no_recall_yet(library, rng):
    assert facts_of(library) == {"kind": "flat", "vectors": 0, "bytes": 0, "recall@10": 1.0, "queries": 0}
    put(library, "a", scattered(rng, 1100))
    assert facts_of(library) == {"kind": "rabitq", "vectors": 1100, "bytes": 0, "recall@10": None, "queries": 0}
    DenseIndex(library, DIMENSION).search(scattered(rng, 1)[0], 1)
    card = Snapshot(library).card()
    size = Snapshot(library).path.stat().st_size
    measured = {"recall@10": card.recall, "queries": 100}
    assert facts_of(library) == {"kind": "rabitq", "vectors": 1100, "bytes": size} | measured
