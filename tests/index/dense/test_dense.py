from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from corpus.article import Article, Span
from corpus.library.store import Library
from index.dense import dense
from index.dense.dense import DenseIndex
from index.dense.snapshot import SNAPSHOT
from index.dense.vector_table import VECTORS

DIMENSION = 16


def unit(rng, n):
    rows = rng.standard_normal((n, DIMENSION)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def put(library, name, embeddings):
    """An article with one passage an embedding; its rows."""
    text = "x" * (2 * len(embeddings))
    with library.writing():
        stored = library.put(Article(name, name, text, name), [Span(2 * n, 2 * n + 1) for n in range(len(embeddings))])
        rows = [one.row for one in stored]
        VECTORS.insert(library, rows, embeddings)
    return rows


def remove(library, name):
    with library.writing():
        library.remove(name)


def by_numpy(library, query, k):
    """Rows and cosines of the kept (float16) vectors, best first: the plain road."""
    kept = library.connection.execute("SELECT row, embedding FROM vector").fetchall()
    cosines = {row: float(np.frombuffer(blob, np.float16).astype(np.float32) @ query) for row, blob in kept}
    return dict(sorted(cosines.items(), key=lambda pair: -pair[1])[:k])


def same(found, expected):
    return list(found) == list(expected) and list(found.values()) == pytest.approx(list(expected.values()), abs=1e-6)


@pytest.fixture
def rng():
    return np.random.default_rng(7)


@pytest.fixture
def library(tmp_path):
    library = Library(tmp_path / "library.sqlite")
    VECTORS.prepare(library)
    return library


@pytest.fixture
def snapshots(monkeypatch):
    """Snapshots after every change."""
    monkeypatch.setattr(dense, "_SNAPSHOT_AFTER", 0)


def test_faiss_finds_what_numpy_finds(library, rng):
    for number in range(5):
        put(library, f"a{number}", unit(rng, 60))
    index = DenseIndex(library, DIMENSION)
    for query in unit(rng, 20):
        assert same(index.search(query, 10), by_numpy(library, query, 10))
        assert same(index.search(query, 1000), by_numpy(library, query, 1000))


def test_vectors_are_kept_as_float16_within_a_thousandth_of_a_cosine(library, rng):
    vectors = unit(rng, 50)
    rows = put(library, "a", vectors)
    query = unit(rng, 1)[0]
    found = DenseIndex(library, DIMENSION).search(query, 50)
    assert [found[row] for row in rows] == pytest.approx((vectors @ query).tolist(), abs=1e-3)


def test_the_cosine_of_a_vector_to_itself_is_1_and_comes_first(library, rng):
    vectors = unit(rng, 30)
    rows = put(library, "a", vectors)
    best = next(iter(DenseIndex(library, DIMENSION).search(vectors[11], 5).items()))
    assert best == (rows[11], pytest.approx(1.0, abs=1e-3))


def test_an_empty_library_finds_nothing(library, rng):
    index = DenseIndex(library, DIMENSION)
    assert index.search(unit(rng, 1)[0], 5) == {}
    assert index.cosines(unit(rng, 1)[0], [1, 2]) == {}


def test_an_open_index_follows_additions_removals_and_replacements(library, rng):
    index = DenseIndex(library, DIMENSION)
    query = unit(rng, 1)[0]
    put(library, "a", unit(rng, 20))
    assert same(index.search(query, 99), by_numpy(library, query, 99))
    put(library, "b", unit(rng, 20))
    put(library, "c", unit(rng, 20))
    assert same(index.search(query, 99), by_numpy(library, query, 99))
    remove(library, "b")
    found = index.search(query, 99)
    assert len(found) == 40
    assert same(found, by_numpy(library, query, 99))
    remove(library, "a")
    put(library, "a", unit(rng, 7))
    found = index.search(query, 99)
    assert sorted(found) == [*range(41, 61), *range(61, 68)]
    assert same(found, by_numpy(library, query, 99))
    remove(library, "a")
    remove(library, "c")
    assert index.search(query, 99) == {}


def test_cosines_are_those_of_the_search_and_leave_out_what_is_gone(library, rng):
    put(library, "a", unit(rng, 10))
    put(library, "b", unit(rng, 10))
    remove(library, "a")
    query = unit(rng, 1)[0]
    index = DenseIndex(library, DIMENSION)
    found = index.search(query, 99)
    assert index.cosines(query, [3, 11, 15, 999]) == pytest.approx({11: found[11], 15: found[15]}, abs=1e-6)


def test_one_embedding_a_row(library, rng):
    rows = put(library, "a", unit(rng, 2))
    with library.writing():
        library.connection.execute("DELETE FROM vector")
    with pytest.raises(ValueError, match=r"zip\(\)"), library.writing():
        VECTORS.insert(library, rows, unit(rng, 3))
    assert library.connection.execute("SELECT count(*) FROM vector").fetchone() == (0,)


def test_a_reader_of_an_older_generation_gets_that_generations_rows(library, rng):
    put(library, "a", unit(rng, 10))
    index = DenseIndex(library, DIMENSION)
    query = unit(rng, 1)[0]
    with library.reading(), ThreadPoolExecutor(1) as other:
        old = by_numpy(library, query, 99)
        other.submit(put, library, "b", unit(rng, 10)).result()
        other.submit(remove, library, "a").result()
        assert sorted(other.submit(index.search, query, 99).result()) == list(range(11, 21))
        assert same(index.search(query, 99), old)
        assert sorted(other.submit(index.search, query, 99).result()) == list(range(11, 21))


def test_threads_that_search_while_articles_come_and_go_see_whole_articles(library, rng):
    put(library, "first", unit(rng, 5))
    index = DenseIndex(library, DIMENSION)
    query = unit(rng, 1)[0]

    def searched(_):
        with library.reading() as generation:
            return generation, len(index.search(query, 999))

    def write(number):
        put(library, f"a{number}", unit(np.random.default_rng(number), 5))

    with ThreadPoolExecutor(1) as writer, ThreadPoolExecutor(4) as readers:
        writing = [writer.submit(write, number) for number in range(20)]
        seen = list(readers.map(searched, range(100)))
        for one in writing:
            one.result()
    assert all(found == 5 * generation for generation, found in seen)
    assert searched(0) == (21, 105)


def snapshot(library):
    found = list(library.path.parent.glob("*.faiss"))
    assert len(found) == 1
    return found[0]


def test_no_snapshot_is_written_for_a_few_rows(library, rng):
    put(library, "a", unit(rng, 10))
    DenseIndex(library, DIMENSION).search(unit(rng, 1)[0], 5)
    assert list(library.path.parent.glob("*.faiss")) == []


def test_a_snapshot_saves_reading_the_vectors_again(library, rng, snapshots):
    put(library, "a", unit(rng, 10))
    query = unit(rng, 1)[0]
    before = DenseIndex(library, DIMENSION).search(query, 99)
    assert snapshot(library).name == f"library-{library.identity[:12]}.faiss"
    with library.writing():  # only the newest row is compared with the file
        library.connection.execute("UPDATE vector SET embedding = ? WHERE row < 10", (bytes(2 * DIMENSION),))
    assert DenseIndex(library, DIMENSION).search(query, 99) == before


def test_a_snapshot_is_brought_up_to_date(library, rng, snapshots):
    put(library, "a", unit(rng, 10))
    put(library, "b", unit(rng, 10))
    query = unit(rng, 1)[0]
    DenseIndex(library, DIMENSION).search(query, 5)
    remove(library, "a")
    put(library, "c", unit(rng, 10))
    assert same(DenseIndex(library, DIMENSION).search(query, 99), by_numpy(library, query, 99))


def spoil_cut_short(path):
    path.write_bytes(path.read_bytes()[:-100])


def spoil_flip_one_byte(path):
    data = bytearray(path.read_bytes())
    data[-200] ^= 0xFF
    path.write_bytes(data)


def spoil_head(path):
    path.write_bytes(b"\xff" * 64 + path.read_bytes()[64:])


def spoil_empty(path):
    path.write_bytes(b"")


def spoil_text(path):
    path.write_text("not a snapshot " * 100)


def spoil_delete(path):
    path.unlink()


def spoil_folder(path):
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("spoil", [
    spoil_cut_short, spoil_flip_one_byte, spoil_head, spoil_empty, spoil_text, spoil_delete, spoil_folder,
])  # fmt: skip
def test_a_spoilt_snapshot_changes_no_result(library, rng, snapshots, spoil):
    put(library, "a", unit(rng, 40))
    query = unit(rng, 1)[0]
    DenseIndex(library, DIMENSION).search(query, 5)
    spoil(snapshot(library))
    assert same(DenseIndex(library, DIMENSION).search(query, 99), by_numpy(library, query, 99))


def test_a_byte_of_the_snapshot_that_was_changed_changes_no_result(library, rng, snapshots):
    put(library, "a", unit(rng, 20))
    query = unit(rng, 1)[0]
    right = DenseIndex(library, DIMENSION).search(query, 5)
    path = snapshot(library)
    whole = path.read_bytes()
    for place in rng.integers(len(whole), size=50).tolist():
        changed = bytearray(whole)
        changed[place] ^= int(rng.integers(1, 256))
        path.write_bytes(changed)
        assert list(SNAPSHOT.check(library)) == [f"the snapshot {path.name} is spoilt"]
        assert same(DenseIndex(library, DIMENSION).search(query, 5), right)
        assert path.read_bytes()[:1000] == whole[:1000]  # made again


def test_the_snapshot_of_another_library_is_not_looked_at(tmp_path, rng, snapshots):
    query = unit(rng, 1)[0]
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        library = Library(tmp_path / name / "library.sqlite")
        VECTORS.prepare(library)
        put(library, "a", unit(rng, 10))
        DenseIndex(library, DIMENSION).search(query, 5)
    one = snapshot(Library(tmp_path / "one" / "library.sqlite"))
    one.rename(tmp_path / "other" / one.name)
    assert same(DenseIndex(library, DIMENSION).search(query, 99), by_numpy(library, query, 99))


def test_a_snapshot_newer_than_a_backup_that_was_put_back_is_not_believed(library, rng, snapshots):
    put(library, "a", unit(rng, 10))
    library.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    backup = library.path.read_bytes()
    put(library, "b", unit(rng, 10))
    query = unit(rng, 1)[0]
    DenseIndex(library, DIMENSION).search(query, 5)  # the snapshot holds rows 11 to 20 of "b"
    library.close()
    for path in library.path.parent.glob("library.sqlite*"):
        path.unlink()
    library.path.write_bytes(backup)
    back = Library(library.path)
    put(back, "c", unit(rng, 5))  # other vectors at rows 11 to 15
    assert same(DenseIndex(back, DIMENSION).search(query, 99), by_numpy(back, query, 99))


def test_a_snapshot_of_another_dimension_is_not_used(library, rng, snapshots):
    put(library, "a", unit(rng, 10))
    DenseIndex(library, DIMENSION).search(unit(rng, 1)[0], 5)
    with library.writing():
        library.remove("a")
    assert DenseIndex(library, 8).search(np.ones(8, np.float32), 5) == {}


def test_a_folder_that_cannot_be_written_costs_the_snapshot_only(library, rng, snapshots):
    put(library, "a", unit(rng, 10))
    path = library.path.with_name(f"library-{library.identity[:12]}.faiss")
    (path / "in the way").mkdir(parents=True)
    query = unit(rng, 1)[0]
    assert same(DenseIndex(library, DIMENSION).search(query, 99), by_numpy(library, query, 99))
    assert [one.name for one in library.path.parent.glob("*.making")] == []


def test_among_some_rows_faiss_finds_what_numpy_finds(library, rng, snapshots):
    for number in range(4):
        put(library, f"a{number}", unit(rng, 60))
    index = DenseIndex(library, DIMENSION)
    index.search(unit(rng, 1)[0], 1)
    remove(library, "a1")
    newest = put(library, "later", unit(rng, 5))
    kept = [row for (row,) in library.connection.execute("SELECT row FROM vector ORDER BY row")]
    for query in unit(rng, 10):
        among = np.array([*rng.choice(kept[:-5], 20, replace=False), *newest[:2]], dtype=np.int64)
        everything = by_numpy(library, query, 1000)
        plain = {row: cosine for row, cosine in everything.items() if row in among.tolist()}
        assert same(index.search(query, 1000, among), plain)
        assert same(index.search(query, 7, among), dict(list(plain.items())[:7]))


def test_among_rows_that_are_gone_or_never_were_nothing_is_found(library, rng):
    rows = put(library, "a", unit(rng, 3))
    put(library, "b", unit(rng, 3))
    index = DenseIndex(library, DIMENSION)
    query = unit(rng, 1)[0]
    remove(library, "a")
    assert index.search(query, 5, np.array([*rows, 999], dtype=np.int64)) == {}
    assert index.search(query, 5, np.array([], dtype=np.int64)) == {}
    assert len(index.search(query, 5)) == 3
