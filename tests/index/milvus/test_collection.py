"""The index in a collection of Milvus beside the one in the library's own folder; in files of Milvus Lite."""

import json
import math
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest

from corpus.article import Span
from corpus.library.store import Library, NoSuchArticle
from corpus.load import load
from corpus.sample import SAMPLE
from eval.temporary_library import temporary_library
from index.backends import backend_at
from index.filters import Filter, passing_rows
from index.ingest import add, remove
from index.local import LocalBackend
from index.milvus import mirror
from index.milvus.address import BadIndex, CollectionAddress
from index.milvus.candidates import MilvusCandidates
from index.milvus.collection import Collection
from index.milvus.entity import CollectionCard, Entity
from index.milvus.errors import ForeignCollection, MilvusFailed, MilvusMissing
from index.milvus.filter import days, expression
from index.milvus.mirror import Mirrored, mirrored
from index.milvus.words import MOST_BYTES, passage_words, query_words
from index.search import MODES, HybridIndex
from rag.assemble import assemble
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.index.conftest import article
from tests.rag.conftest import SetReader

ROOT = Path(__file__).parents[3]
ENCODER = HashEncoder()
DAYS = ("2024", "2024-05", "2024-05-31", "2025-03-10", "2025-03-10T23:59:00Z", None, "yesterday")
UNREACHABLE = "milvus://127.0.0.1:1/x"

pytest.importorskip("milvus_lite")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with one file of Milvus Lite, open as long as this module's tests run."""
    folder = tmp_path_factory.mktemp("milvus")
    yield folder
    release(folder / "all.db")


@pytest.fixture
def address(folder, request):
    """A collection of its own for each test."""
    name = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in request.node.name)
    return CollectionAddress.parse(f"milvus://{folder}/all.db/t_{name[:150]}")


def release(file):
    """Closes a file of Milvus Lite, which stays open in a process until it ends."""
    from milvus_lite.server_manager import server_manager_instance

    server_manager_instance.release_server(str(file))


def opened(library, address, encoder=ENCODER):
    return HybridIndex(library, encoder, MilvusCandidates(library, encoder.card, address))


def entity(row):
    facts = dict.fromkeys(("article", "first", "last", "language", "outlet"), "x")
    return Entity(row=row, authors=[], words="ferry", embedding=np.array([1, 0, 0, 0], dtype=np.float32), **facts)


def rows_in(address):
    """The rows in the collection, by asking it."""
    collection = Collection(address)
    collection._client.load_collection(address.collection)
    return collection.rows().tolist()


def rows_of(library):
    return [row for (row,) in library.connection.execute("SELECT row FROM passage ORDER BY row")]


def ids(hits):
    return [hit.passage.id for hit in hits]


def sentence(error):
    """What the mistake says: one sentence that ends in a way out."""
    said = str(error)
    assert said.endswith(".")
    assert "\n" not in said
    return said


@pytest.fixture
def sample(library):
    """The sample articles in a library."""
    list(add(library, ENCODER, [one for file in sorted(SAMPLE.iterdir()) for one in load(file)]))
    return library


@pytest.fixture(scope="module")
def questions():
    lines = (ROOT / "eval/sets/sample.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines][:40]


def test_both_indexes_find_the_same(sample, address, questions):
    local, milvus = HybridIndex(sample, ENCODER), opened(sample, address)
    passages = {one.id: one for one in sample.passages(rows_of(sample)).values()}
    first, common = dict.fromkeys(MODES, 0), dict.fromkeys(MODES, 0.0)
    for question in questions:
        for mode in MODES:
            ours, theirs = local.search(question, 10, mode), milvus.search(question, 10, mode)
            if mode == "dense":
                assert ids(ours) == ids(theirs)
                assert [hit.score for hit in theirs] == pytest.approx([hit.score for hit in ours], abs=1e-5)
            assert {hit.passage.id: hit.passage for hit in theirs}.items() <= passages.items()
            first[mode] += ids(ours)[:1] == ids(theirs)[:1]
            common[mode] += len({*ids(ours)} & {*ids(theirs)}) / len(ours)
    # Words that stand in many of the 130 passages weigh more in Milvus than in FTS5; rare ones weigh the same.
    assert first["fused"] >= 0.95 * len(questions)
    assert first["lexical"] >= 0.85 * len(questions)
    assert common["fused"] >= 0.95 * len(questions)
    assert common["lexical"] >= 0.9 * len(questions)


def test_the_scores_of_words_are_bm25_of_the_library_s_own_words(sample, address, questions):
    candidates = MilvusCandidates(sample, ENCODER.card, address)
    passages = sample.passages(rows_of(sample))
    said = {row: words.split() for row, words in zip(passages, passage_words([*passages.values()]), strict=True)}
    average = sum(map(len, said.values())) / len(said)
    for question in questions[:10]:
        scores = dict.fromkeys(said, 0.0)
        for word in query_words(question).split():
            holding = sum(word in words for words in said.values())
            weight = math.log(1 + (len(said) - holding + 0.5) / (holding + 0.5))
            for row, words in said.items():
                times, length = words.count(word), 1.2 * (0.25 + 0.75 * len(words) / average)
                scores[row] += weight * times * 2.2 / (times + length)
        expected = {row: pytest.approx(score, rel=1e-4) for row, score in scores.items() if score}
        assert candidates.by_words(question, 200, None) == expected
        cosines, bm25 = candidates.by_both(question, partial(ENCODER.encode_query, question), 200, None)
        assert bm25 == expected
        assert cosines.keys() == said.keys()


def test_a_hybrid_query_finds_what_two_searches_find(sample, address, questions):
    candidates = MilvusCandidates(sample, ENCODER.card, address)
    for question in questions[:20]:
        embedding = ENCODER.encode_query(question)
        near, worded = candidates.by_both(question, partial(ENCODER.encode_query, question), 7, None)
        assert near == candidates.by_meaning(embedding, 7, None)
        assert sorted(worded.values()) == pytest.approx(sorted(candidates.by_words(question, 7, None).values()))
        assert len(near) == 7


def test_words_of_other_scripts_and_none_at_all(library, address):
    list(
        add(
            library,
            ENCODER,
            [
                article("hindi", "हिन्दी भाषा यहाँ है।"),
                article("polish", "Łódź leży w Polsce."),
                article("other", "Nothing."),
            ],
        )
    )
    index = opened(library, address)
    assert [hit.passage.article_id for hit in index.search("हिन्दी", 5, "lexical")] == ["hindi"]
    assert [hit.passage.article_id for hit in index.search("LODZ", 5, "lexical")] == ["polish"]
    assert index.search("zeppelin", 5, "lexical") == index.search("?!", 5, "lexical") == []
    assert len(index.search("?!", 5)) == 3


@pytest.mark.parametrize("mode", MODES)
def test_an_empty_library_gives_nothing(library, address, mode):
    index = opened(library, address)
    assert index.search("anything", 5, mode) == []
    list(add(library, ENCODER, [article("ferry", "The ferry ran aground.")]))
    assert [hit.passage.article_id for hit in index.search("ferry", 5, mode)] == ["ferry"]


@pytest.fixture
def described(library):
    """Articles of all dates, and of outlets, authors and languages that repeat."""
    outlets, names = ("Le Cap", 'The "Bell" \\ Co', "Nordlys Sørbø", None), ("Ann Berg", "Éva O'Neil", "李 明")
    made = [
        replace(
            article(f"a{number:02}", f"The ferry number{number} is late."),
            published=DAYS[number % len(DAYS)], outlet=outlets[number % 4], language=("en", "fr", None)[number % 3],
            authors=names[: number % 4],
        )
        for number in range(42)
    ]  # fmt: skip
    list(add(library, ENCODER, made))
    return library


def test_what_passes_a_filter_there_passes_it_here(described, address):
    candidates = MilvusCandidates(described, ENCODER.card, address)
    bounds = [None, "2024", "2024-05", "2024-05-31", "2025-03-10", "2025-03-09"]
    filters = [Filter(since=since, until=until) for since in bounds for until in bounds]
    filters += [Filter(outlet=(one,)) for one in ("le cap", 'the "bell" \\ co', "nordlys sorbo", "unknown")]
    filters += [Filter(author=one) for one in (("ann berg",), ("eva o'neil", "李 明"), ("nobody",))]
    filters += [Filter(language=("FR", "en")), Filter(language=("de",)), Filter(article=("a01", "a05"))]
    filters += [Filter(since="2024-05", outlet=("le cap", "nordlys sorbo"), author=("ann berg",), language=("en",))]
    embedding = ENCODER.encode_query("ferry")
    for only in filters:
        expected = set(passing_rows(described, only).tolist())
        assert candidates.by_meaning(embedding, 100, only).keys() == expected, only
        assert candidates.by_words("ferry", 100, only).keys() == expected, only
        near, worded = candidates.by_both("ferry", lambda: embedding, 100, only)
        assert near.keys() == worded.keys() == expected, only
    with pytest.raises(NoSuchArticle):
        expression(described, Filter(article=("a01", "gone")))


@pytest.mark.parametrize("mode", MODES)
def test_filtered_hits_are_those_of_the_local_index(described, address, mode):
    local, milvus = HybridIndex(described, ENCODER), opened(described, address)
    only = Filter(since="2024-05", language=("en", "fr"))
    assert (
        ids(milvus.search("number10 ferry", 3, mode, only))[:1]
        == ids(local.search("number10 ferry", 3, mode, only))[:1]
    )
    assert milvus.search("ferry", 5, mode, Filter(outlet=("unknown",))) == []
    newest = milvus.search("ferry", 42, mode, Filter(since="2024", until="2024"), newest_first=True)
    assert {hit.passage.article_id for hit in newest} == {f"a{number:02}" for number in range(42) if number % 7 < 3}


def test_the_collection_follows_the_library(sample, address):
    index = opened(sample, address)
    assert rows_in(address) == rows_of(sample)
    list(add(sample, ENCODER, [article("tower", "The zeppelin tower fell on Monday.")]))
    assert index.search("zeppelin tower", 1)[0].passage.article_id == "tower"
    assert rows_in(address) == rows_of(sample)
    list(add(sample, ENCODER, [article("tower", "The zeppelin mast fell on Sunday.")]))
    assert index.search("zeppelin tower", 1)[0].passage.text == "The zeppelin mast fell on Sunday."
    assert rows_in(address) == rows_of(sample)
    remove(sample, ["tower", sample.headers()[0].id])
    assert index.search("zeppelin", 5, "lexical") == []
    assert rows_in(address) == rows_of(sample)
    assert mirrored(sample, address).rows.tolist() == rows_of(sample)
    assert mirrored(sample, address).generation == sample.generation
    list(add(sample, ENCODER, [article("later", "A dirigible came while nobody looked.")]))
    assert opened(sample, address).search("dirigible", 1)[0].passage.article_id == "later"


def test_a_small_change_is_not_a_reading_of_everything(sample, address, monkeypatch):
    index = opened(sample, address)
    put, all_rows = [], []
    monkeypatch.setattr(Collection, "put", _noting(put, Collection.put))
    monkeypatch.setattr(Collection, "rows", _noting(all_rows, Collection.rows))
    list(add(sample, ENCODER, [article("tower", "The zeppelin tower fell on Monday.")]))
    index.search("zeppelin", 1)
    index.search("zeppelin", 1)
    opened(sample, address).search("zeppelin", 1)
    assert [[one["row"] for one in entities] for (entities,) in put] == [[rows_of(sample)[-1]]]
    assert all_rows == []


def _noting(calls, real):
    def noted(self, *given):
        calls.append(given)
        return real(self, *given)

    return noted


def test_a_collection_that_others_have_changed_is_mended_on_opening(sample, address):
    opened(sample, address)
    rows = rows_of(sample)
    Collection(address).remove(rows[3:9])
    opened(sample, address)
    assert rows_in(address) == rows
    Collection(address).drop()
    opened(sample, address)
    assert rows_in(address) == rows


def test_a_process_behind_takes_out_nothing_that_a_later_one_has_put(sample, address):
    mirror = MilvusCandidates(sample, ENCODER.card, address)._mirror
    before = rows_of(sample)
    with sample.reading():
        other = Library(sample.path)
        _in_thread(lambda: list(add(other, ENCODER, [article("tower", "The zeppelin tower fell.")])))
        _in_thread(lambda: opened(other, address))
        assert rows_of(sample) == before
        later = before[-1] + 1
        assert rows_in(address) == [*before, later]
        mirror._compare_all()
        assert rows_in(address) == [*before, later]
        assert mirrored(sample, address).generation == 2
    assert rows_of(sample) == [*before, later]


def _in_thread(work):
    with ThreadPoolExecutor(1) as thread:
        thread.submit(work).result()


def test_two_that_fill_a_collection_at_once_fill_it_once(sample, address):
    with ThreadPoolExecutor(2) as threads:
        made = [threads.submit(lambda: opened(Library(sample.path), address)) for _ in range(2)]
        found = [one.result().search("ferry", 5) for one in made]
    assert found[0] == found[1]
    assert rows_in(address) == rows_of(sample)


@pytest.mark.parametrize("nth", range(3))
def test_writes_at_once_are_all_in_the_log(address, nth):
    collection = Collection(address)
    collection.open(CollectionCard("library", "hash@1", 4))
    at_once = Barrier(4)

    def put(row):
        at_once.wait()
        collection.put([entity(row)])

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(put, range(4)))
    release(Path(address.uri))  # as a process that ends: what it opens next is read from the log
    assert rows_in(address) == [0, 1, 2, 3]


KILLED = """
import os, sys
from pathlib import Path
from corpus.library.store import Library
from index.milvus import mirror
from index.milvus.collection import Collection
from index.milvus.address import CollectionAddress
from index.milvus.candidates import MilvusCandidates
from tests.fakes import HashEncoder

mirror._PUT_AT_ONCE, mirror._NOTED_AFTER = 10, int(sys.argv[2])
put, left = Collection.put, [5]

def until_killed(self, entities):
    left[0] -= 1
    if not left[0]:
        os._exit(9)
    put(self, entities)

Collection.put = until_killed
library = Library(Path(sys.argv[1]) / "library.sqlite")
MilvusCandidates(library, HashEncoder().card, CollectionAddress.parse(f"milvus://{sys.argv[1]}/killed.db"))
"""


@pytest.mark.parametrize("noted_after", [2, 100])
def test_a_process_killed_midway_has_lost_nothing(sample, tmp_path, noted_after):
    script = [sys.executable, "-c", KILLED, str(tmp_path), str(noted_after)]
    ran = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 9, ran.stderr
    address = CollectionAddress.parse(f"milvus://{tmp_path}/killed.db")
    assert rows_in(address) == rows_of(sample)[:40]
    gone = sample.passages([1])[1].article_id  # of what was put
    remove(sample, [gone])
    opened(sample, address)
    assert rows_in(address) == rows_of(sample)
    assert mirrored(sample, address).rows.tolist() == rows_of(sample)
    release(tmp_path / "killed.db")


def test_the_collection_of_another_library_is_refused(sample, address, tmp_path):
    opened(sample, address)
    other = Library(tmp_path / "other.sqlite")
    with pytest.raises(ForeignCollection) as refused:
        opened(other, address)
    assert "holds another library" in sentence(refused.value)
    assert "name another collection in PULLQUOTE_INDEX" in sentence(refused.value)
    with pytest.raises(ForeignCollection, match="holds vectors of 256 dimensions, and the library's have 32"):
        opened(sample, address, HashEncoder("small", 32))
    assert rows_in(address) == rows_of(sample)


def test_a_collection_that_pullquote_did_not_make_is_refused(library, address):
    Collection(address)._client.create_collection(address.collection, dimension=256)
    with pytest.raises(ForeignCollection, match="holds nothing that Pullquote has put there"):
        opened(library, address)


def test_a_collection_that_was_made_halfway_is_finished(sample, address):
    collection = Collection(address)
    collection._make(collection._client, CollectionCard(sample.identity, "hash@1", 256, "born"))
    assert collection._client.list_indexes(address.collection) == []
    assert opened(sample, address).search("ferry", 1)
    assert rows_in(address) == rows_of(sample)


def test_a_server_that_scales_the_scores_of_a_hybrid_query_is_refused(sample, address):
    candidates = MilvusCandidates(sample, ENCODER.card, address)
    (best,) = candidates.by_words("skerrow", 1, None).values()
    assert best > 1
    scaled = {1: 2 * math.atan(best) / math.pi, 2: 0.0}
    with pytest.raises(MilvusFailed, match="scales the scores"):
        candidates._collection._check_unscaled("skerrow", scaled, "")
    candidates._collection._check_unscaled("skerrow", {1: best}, "")
    candidates._collection._check_unscaled("skerrow", scaled, "")  # from now on it is known that they are not


def test_another_encoder_of_the_same_dimension_is_noted(sample, address):
    opened(sample, address)
    made = Collection(address).open(CollectionCard(sample.identity, "other@1", 256))
    assert (made.library, made.encoder) == (sample.identity, "other@1")
    assert Collection(address).open(made) == made


def test_a_backup_put_back_meanwhile_is_another_library(sample, address):
    candidates = MilvusCandidates(sample, ENCODER.card, address)
    with sample.writing():
        sample.set_state("library", "f" * 32)
    with pytest.raises(ForeignCollection, match="before this backup"):
        candidates.by_words("ferry", 5, None)


def test_a_server_out_of_reach_is_told_in_a_sentence_with_status_2(pullquote, monkeypatch):
    with pytest.raises(MilvusFailed) as failed:
        Collection(CollectionAddress.parse(UNREACHABLE), "a secret token")
    assert sentence(failed.value).startswith("Milvus at http://127.0.0.1:1 failed (")
    assert sentence(failed.value).endswith("or set PULLQUOTE_INDEX=local.")
    assert "a secret" not in str(failed.value)
    monkeypatch.setenv("PULLQUOTE_INDEX", "milvs://127.0.0.1")
    ran = pullquote("status")
    assert (ran.status, ran.out) == (2, "")
    assert "mend PULLQUOTE_INDEX" in ran.err


@pytest.mark.model
def test_the_command_line_does_not_fall_back_to_the_local_index(pullquote, monkeypatch):
    monkeypatch.setenv("PULLQUOTE_INDEX", UNREACHABLE)
    ran = pullquote("search", "ferry")
    assert (ran.status, ran.out) == (2, "")
    assert " ".join(ran.err.split()).startswith("Milvus at http://127.0.0.1:1 failed (")


def test_a_missing_client_is_told_of(library, monkeypatch):
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(MilvusMissing) as missing:
        opened(library, CollectionAddress.parse(UNREACHABLE))
    assert "`pip install 'pullquote[milvus]'`" in sentence(missing.value)


def test_a_file_that_another_process_has_open_is_told_of(library, tmp_path):
    script = (
        "import sys\nfrom index.milvus.collection import Collection\nfrom index.milvus.address import CollectionAddress\n"
        "Collection(CollectionAddress.parse(sys.argv[1]))\nprint('open', flush=True)\nsys.stdin.read()"
    )
    name = f"milvus://{tmp_path}/held.db"
    held = subprocess.Popen(
        [sys.executable, "-c", script, name], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with held:
        assert held.stdout.readline() == "open\n"
        with pytest.raises(MilvusFailed, match="see that no other process has the file open, or set"):
            opened(library, CollectionAddress.parse(name))
        held.communicate()


@pytest.mark.parametrize(("setting", "uri", "collection", "is_file"), [
    ("milvus://db.example:19531/news", "http://db.example:19531", "news", False),
    ("milvus://db.example", "http://db.example:19530", "pullquote", False),
    ("milvus+tls://[::1]:443/news", "https://[::1]:443", "news", False),
    ("milvus:///data/some%20folder/x.db", "/data/some folder/x.db", "pullquote", True),
    ("milvus:///data/x.db/news", "/data/x.db", "news", True),
    ("milvus:///C:/data/x.db", "C:/data/x.db", "pullquote", True),
])  # fmt: skip
def test_an_address_names_a_place_and_a_collection(setting, uri, collection, is_file):
    assert CollectionAddress.parse(setting) == CollectionAddress(uri, collection, is_file)


@pytest.mark.parametrize("setting", [
    "", "faiss", "http://db.example/x", "milvus:", "milvus://", "milvus:///data/x", "milvus://db.example:port/x", "milvus://db.example/a-b",
    "milvus://db.example/a/b", "milvus://me:secret@db.example/x", "milvus://db.example/x?token=secret", "milvus+tls:///x.db", "Local",
])  # fmt: skip
def test_a_bad_address_is_told_of(setting):
    with pytest.raises(BadIndex) as bad:
        CollectionAddress.parse(setting)
    assert str(bad.value).endswith("write milvus://HOST:PORT/COLLECTION, milvus:///FOLDER/FILE.db, or local")
    assert "secret" not in str(bad.value)


def test_local_is_no_address():
    assert isinstance(backend_at("local"), LocalBackend)
    assert Settings().index == "local"


def test_dates_are_as_filters_compare_them():
    assert [days(one) for one in DAYS] == [
        ("2024-01-01", "2024-12-31"), ("2024-05-01", "2024-05-31"), ("2024-05-31", "2024-05-31"), ("2025-03-10", "2025-03-10"),
        ("2025-03-10", "2025-03-10"), ("", "~"), ("", "~"),
    ]  # fmt: skip


def test_a_passage_with_more_words_than_a_field_takes_keeps_the_first(library):
    passage = article("long", "first " + "é1 " * MOST_BYTES)
    with library.writing():
        [stored] = library.put(passage, [Span(0, len(passage.text) - 1)])
    (words,) = passage_words([stored.passage])
    assert len(words.encode()) <= MOST_BYTES
    assert words.startswith("a titl first e1 e1 ")
    assert set(words.split()[3:]) == {"e1"}


@pytest.mark.parametrize("rows", [[], [1], [1, 2, 3], [1, 3, 4, 9], [2, 5, 6, 7, 8, 20, 21]])
def test_rows_are_remembered_as_ranges(rows):
    ranges = mirror._ranges(np.array(rows, dtype=np.int64))
    left = Mirrored("", 1, ranges)
    assert left.rows.tolist() == rows
    assert left.count == len(rows)


def test_a_library_for_a_measurement_has_a_collection_that_goes_with_it(folder, monkeypatch, tmp_path):
    monkeypatch.setenv("PULLQUOTE_HOME", str(tmp_path / "home"))
    settings = Settings(index=f"milvus://{folder}/all.db/measured")
    client = Collection(CollectionAddress.parse(settings.index))._client
    with temporary_library([article("ferry", "The ferry ran aground.")], ENCODER, settings=settings) as library:
        pipeline = assemble(library, ENCODER, SetReader([]), settings)
        assert pipeline.retriever.search("ferry", 1)[0].passage.article_id == "ferry"
        own = f"measured_{library.identity[:12]}"
        assert client.has_collection(own)
    assert not client.has_collection(own)
    assert not client.has_collection("measured")


def test_status_says_where_the_index_is(pullquote, home, folder, monkeypatch):
    setting = f"milvus://{folder}/all.db/told"
    monkeypatch.setenv("PULLQUOTE_INDEX", setting)
    assert "the collection told of" in " ".join(pullquote("status").out.split())
    library = Library(home / "library.sqlite")
    list(add(library, ENCODER, [article("ferry", "The ferry ran aground.")]))
    opened(library, CollectionAddress.parse(setting))
    told = json.loads(pullquote("status", "--json").out)
    assert told["milvus"] == {"uri": f"{folder}/all.db", "collection": "told", "passages": 1, "generation": 1}
    monkeypatch.delenv("PULLQUOTE_INDEX")
    assert json.loads(pullquote("status", "--json").out)["milvus"] is None
