import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.article import Article, Passage, Span
from corpus.library import database
from corpus.library.faults import LibraryBusy, NotALibrary
from corpus.library.store import ArticleHeader, ArticleSource, Library, NoSuchArticle, Stored
from corpus.offset_map import OffsetRun, Origin

ROOT = Path(__file__).parents[3]
SPANS = [Span(0, 9), Span(10, 15)]
FERRY = Article(
    id="ferry-1", title="The ferry — né 🦀", text="Née 🦀 sank. Again", source="/a/ferry.html", url="https://example.com/f?a=1#b",
    authors=("Ann Ox", "Bo, Lee"), outlet="The Bell", published="2026-02-02", language="en", sha256="ab" * 32,
    origin=Origin((OffsetRun(0, 3, 5, 8), OffsetRun(3, 5, 8, 14, copied=False), OffsetRun(5, 17, 14, 26)), (0, 12), is_text=True),
)  # fmt: skip
BARE = Article("bare", "Bare", "A bare text.", "bare.txt")


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path / "library.sqlite")


def put(library, article=FERRY, spans=SPANS):
    with library.writing():
        return library.put(article, spans)


def test_an_article_comes_back_as_it_was_put(library):
    put(library)
    put(library, BARE, [Span(0, 12)])
    assert library.article("ferry-1") == FERRY
    assert library.article("bare") == BARE
    assert Library(library.path).article("ferry-1") == FERRY


def test_passages_come_back_by_row_and_by_article(library):
    stored = put(library)
    expected = [
        Stored(1, Passage("ferry-1", FERRY.title, Span(0, 9), "Née 🦀 san")),
        Stored(2, Passage("ferry-1", FERRY.title, Span(10, 15), ". Aga")),
    ]
    assert stored == expected
    assert library.passages_of("ferry-1") == expected
    assert library.passages([2, 1, 99]) == {one.row: one.passage for one in expected}
    assert library.passages([]) == {}
    assert library.counts() == (1, 2)


def test_passages_are_of_one_generation(library):
    """Another process deletes the article after the places were read and before the texts are."""
    stored = put(library)

    def delete(statement):
        if statement.startswith("SELECT id, title, text FROM article"):
            other = Library(library.path)
            with other.writing():
                other.remove("ferry-1")
            other.close()

    library.connection.set_trace_callback(delete)
    assert library.passages([1, 2]) == {one.row: one.passage for one in stored}
    library.connection.set_trace_callback(None)
    assert library.passages([1, 2]) == {}


def test_headers_are_by_title_and_count_code_points(library):
    put(library)
    put(library, BARE, [])
    assert [header.id for header in library.headers()] == ["bare", "ferry-1"]
    assert library.headers()[1] == ArticleHeader(
        "ferry-1", FERRY.title, "/a/ferry.html", "https://example.com/f?a=1#b", ("Ann Ox", "Bo, Lee"), "The Bell",
        "2026-02-02", "en", "ab" * 32, 17,
    )  # fmt: skip
    assert library.header_by("source", "bare.txt").id == "bare"
    assert library.header_by("sha256", "ab" * 32).id == "ferry-1"
    assert library.header_by("source", "/a/ferry") is None


def test_each_change_raises_the_generation_by_one(library):
    assert library.generation == 0
    put(library)
    assert library.generation == 1
    with library.writing():
        library.remove("ferry-1")
        library.put(FERRY, SPANS)
    assert library.generation == 2
    assert Library(library.path).generation == 2


class Stop(Exception):
    pass


@pytest.mark.parametrize("error", [Stop, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_a_change_that_fails_leaves_nothing(library, error):
    put(library, BARE, [Span(0, 5)])

    def fail():
        with library.writing():
            library.remove("bare")
            library.put(FERRY, SPANS)
            library.set_state("key", "value")
            raise error

    with pytest.raises(error):
        fail()
    assert library.generation == 1
    assert library.state("key") is None
    assert [header.id for header in library.headers()] == ["bare"]
    assert library.counts() == (1, 1)
    put(library)  # the connection can write again
    assert library.generation == 2


def test_a_commit_that_fails_leaves_the_connection_fit_to_write(library):
    connection = library.connection
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("CREATE TABLE child (x REFERENCES article (id) DEFERRABLE INITIALLY DEFERRED)")
    with pytest.raises(sqlite3.IntegrityError), library.writing():
        connection.execute("INSERT INTO child VALUES ('nobody')")  # found out at the commit
    assert not connection.in_transaction
    put(library)
    assert library.generation == 1


def test_row_numbers_are_never_used_twice(library):
    assert [one.row for one in put(library)] == [1, 2]
    with library.writing():
        assert [one.row for one in library.passages_of("ferry-1")] == [1, 2]
        library.remove("ferry-1")
    assert library.counts() == (0, 0)
    library.close()
    assert [one.row for one in put(Library(library.path))] == [3, 4]


def test_what_refers_to_a_passage_goes_with_its_article(library):
    library.connection.execute("CREATE TABLE note (row INTEGER REFERENCES passage (row) ON DELETE CASCADE)")
    put(library)
    put(library, BARE, [Span(0, 4)])
    with library.writing():
        library.connection.executemany("INSERT INTO note VALUES (?)", [(1,), (2,), (3,)])
    with library.writing():
        library.remove("ferry-1")
    assert library.connection.execute("SELECT row FROM note").fetchall() == [(3,)]
    assert library.passages([1, 2, 3]).keys() == {3}


def test_an_unknown_article_is_named_in_the_mistake(library):
    sentence = r"^There is no article 'gone' in the library; `pullquote list` shows those there are\.$"
    for ask in (library.article, library.passages_of):
        with pytest.raises(NoSuchArticle, match=sentence):
            ask("gone")
    with pytest.raises(NoSuchArticle, match=sentence), library.writing():
        library.remove("gone")
    assert library.generation == 0
    with pytest.raises(NoSuchArticle) as error:
        library.article("x" * 10_000)
    assert len(str(error.value)) < 200
    for ask in (library.article, library.passages_of):
        with pytest.raises(NoSuchArticle, match=r"no article '\\udcff'"):  # as a shell gives bytes that are no text
            ask("\udcff")


def test_an_article_whose_id_or_source_is_taken_is_not_put(library):
    put(library)
    for article in (FERRY, Article("other", "Other", "Text.", FERRY.source)):
        with pytest.raises(sqlite3.IntegrityError), library.writing():
            library.put(article, [])
    assert library.counts() == (1, 2)


def test_the_passages_of_a_long_article_are_put_without_reading_it_for_each(library):
    text = "word " * 2_000_000
    started = time.process_time()
    with library.writing():
        library.put(Article("long", "Long", text, "long.txt"), [Span(at, at + 4) for at in range(0, 100_000, 5)])
    assert time.process_time() - started < 5  # else more than 20 s
    assert library.counts() == (1, 20_000)


def test_a_span_past_the_end_is_not_put(library):
    with pytest.raises(ValueError, match="runs past the end"):
        put(library, BARE, [Span(0, 13)])
    assert library.counts() == (0, 0)


def test_reading_sees_one_generation_while_another_thread_writes(library):
    put(library, BARE, [Span(0, 4)])
    with library.reading() as generation, ThreadPoolExecutor(1) as other:
        assert generation == 1
        other.submit(put, library).result()
        assert other.submit(lambda: library.generation).result() == 2
        assert library.generation == 1
        assert library.counts() == (1, 1)
        assert library.passages([2]) == {}
        with library.reading() as inner:
            assert inner == 1
        assert library.connection.in_transaction
    assert library.generation == 2
    assert library.counts() == (2, 3)


def test_a_view_that_fails_can_be_opened_again(library):
    with pytest.raises(Stop), library.reading():
        raise Stop
    with library.reading() as generation:
        assert generation == 0


def test_writers_wait_for_each_other(library):
    def one_by_one(worker):
        for number in range(5):
            article = Article(f"{worker}-{number}", "T", "Some text.", f"{worker}-{number}.txt")
            with library.writing():
                assert library.put(article, [Span(0, 4)])

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(one_by_one, range(4)))
    assert library.generation == 20
    assert library.counts() == (20, 20)


@contextmanager
def somebody_writing(path):
    """Another process in the middle of a change."""
    code = (
        "import sys; from pathlib import Path; from corpus.library.store import Library\n"
        "with Library(Path(sys.argv[1])).writing(): print('writing', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "writing\n"
        yield other
        other.stdin.close()


def test_a_waiting_writer_gives_notice_once(library, monkeypatch):
    monkeypatch.setattr(database, "_SILENT_SECONDS", 0.1)
    told = []

    def tell(sentence):
        told.append(sentence)
        other.stdin.close()  # it is done

    with somebody_writing(library.path) as other:
        put(Library(library.path, tell))
    assert told == [f"Another process is writing to {library.path}; waiting up to 60 seconds …"]
    assert library.generation == 2


def test_a_writer_gives_up_after_a_while_and_has_changed_nothing(library, monkeypatch):
    monkeypatch.setattr(database, "_SILENT_SECONDS", 0.1)
    monkeypatch.setattr(database, "PATIENCE", 0.5)
    with somebody_writing(library.path):
        with pytest.raises(LibraryBusy, match="nothing was changed; try again when it is done"):
            put(library)
        assert library.counts() == (0, 0)  # readers need not wait
    put(library)
    assert library.counts() == (1, 2)


def test_a_writer_that_need_not_wait_tells_nobody(library):
    told = []
    put(Library(library.path, told.append))
    assert told == []


def test_each_thread_has_its_own_connection(library):
    mine = library.connection
    assert library.connection is mine
    with ThreadPoolExecutor(1) as other:
        assert other.submit(lambda: library.connection).result() is not mine
    library.close()
    library.close()
    assert library.generation == 0  # opened again


def test_a_text_file_is_not_a_library_and_stays_as_it_was(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("Some notes, long enough to be no database. " * 40)
    before = path.read_bytes()
    with pytest.raises(
        NotALibrary,
        match=r"notes\.txt is not a library .*\(file is not a database\); name another folder in PULLQUOTE_HOME",
    ):
        Library(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_another_database_is_not_a_library_and_stays_as_it_was(tmp_path):
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE address (name)")
    other.commit()
    other.close()
    before = path.read_bytes()
    with pytest.raises(NotALibrary, match="it holds other tables"):
        Library(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_is_not_a_library(tmp_path):
    with pytest.raises(NotALibrary):
        Library(tmp_path)


def test_a_library_of_a_newer_format_is_not_opened(library):
    with library.writing():
        library.set_state("format", "3")
    with pytest.raises(NotALibrary, match="its format is 3, this version reads 2"):
        Library(library.path)


def test_a_missing_folder_becomes_a_library_and_an_empty_file_does_not(tmp_path):
    empty = tmp_path / "empty.sqlite"
    empty.touch()
    with pytest.raises(NotALibrary, match="it is an empty file"):
        Library(empty)
    assert empty.stat().st_size == 0
    assert Library(tmp_path / "a" / "b" / "library.sqlite").counts() == (0, 0)


def test_every_library_has_a_name_of_its_own_that_stays(tmp_path):
    one, other = Library(tmp_path / "one"), Library(tmp_path / "other")
    assert one.identity != other.identity
    assert len(one.identity) == 32
    assert Library(tmp_path / "one").identity == one.identity


def test_threads_that_make_the_same_library_at_once_open_one(tmp_path):
    for turn in range(5):
        barrier = threading.Barrier(6)

        def make(path=tmp_path / str(turn), barrier=barrier):
            barrier.wait()
            return Library(path).identity

        with ThreadPoolExecutor(6) as workers:
            assert len({made.result() for made in [workers.submit(make) for _ in range(6)]}) == 1


def test_processes_that_make_the_same_library_at_once_open_one(tmp_path):
    make = (
        "import sys, time; from pathlib import Path; from corpus.library.store import Library\n"
        "time.sleep(max(0, float(sys.argv[1]) - time.time()))\n"
        "for turn in range(10): print(Library(Path(sys.argv[2], str(turn))).identity)"
    )
    start = str(time.time() + 1.0)
    running = [
        subprocess.Popen(
            [sys.executable, "-c", make, start, str(tmp_path)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    finished = [(*process.communicate(), process.returncode) for process in running]
    assert [(err, code) for _, err, code in finished] == [("", 0)] * 4
    assert len({out for out, _, _ in finished}) == 1


def test_a_killed_writer_leaves_the_generation_before(library):
    put(library, BARE, [Span(0, 4)])
    half_done = (
        "import os, sys; from pathlib import Path; from corpus.library.store import Library\n"
        "library = Library(Path(sys.argv[1]))\n"
        "with library.writing(): library.remove('bare'); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", half_done, str(library.path)], cwd=ROOT, check=False).returncode == 9
    assert library.generation == 1
    assert library.article("bare") == BARE
    assert put(Library(library.path))[0].row == 2


def test_sources_that_begin_alike_are_found(library):
    for name in ("a/b.txt", "a/b.jsonl#1", "a/c", "ab", "a", "b/a"):
        put(library, Article(name, "T", "Some text.", name), [])
    assert library.sources("a/") == [ArticleSource(name, name) for name in ("a/b.jsonl#1", "a/b.txt", "a/c")]


def test_an_article_that_moves_keeps_all_but_its_source(library):
    put(library)
    with library.writing():
        library.move("ferry-1", "/b/ferry.html")
    assert library.article("ferry-1") == replace(FERRY, source="/b/ferry.html")
    assert "ferry-1" in library
    assert "ferry" not in library
    assert library.header("ferry-1").source == "/b/ferry.html"


def test_a_page_that_moves_takes_its_address_along(library):
    page = Article("page", "A page", "Words.", "https://a.example/1", url="https://a.example/1")
    told = Article("told", "Another", "Words.", "/b/told.html", url="https://a.example/2")
    with library.writing():
        for one in (page, told):
            library.put(one, [])
        library.move("page", "https://a.example/3")
        library.move("told", "/c/told.html")
    assert [(one.source, one.url) for one in map(library.header, ("page", "told"))] == [
        ("https://a.example/3", "https://a.example/3"),
        ("/c/told.html", "https://a.example/2"),
    ]
