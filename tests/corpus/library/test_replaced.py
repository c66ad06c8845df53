"""A library that is deleted or replaced while it is open is told of, and never mixed with another."""

import os
import shutil
import sqlite3
from contextlib import closing
from threading import Thread

import pytest

from corpus.article import Article, Span
from corpus.library.backup import backup, put_in_place
from corpus.library.faults import DamagedState, LibraryReplaced, NotALibrary
from corpus.library.store import Library

SENTENCE = "was deleted, or another file was put in its place, meanwhile; start again."


def made(path, name):
    library = Library(path)
    with library.writing():
        library.put(Article(name, name, f"The {name}.", f"{name}.txt"), [Span(0, 4)])
    return library


@pytest.fixture
def library(tmp_path):
    with closing(made(tmp_path / "library.sqlite", "old")) as library:
        yield library


def replaced(library, tmp_path):
    with closing(made(tmp_path / "other.sqlite", "new")) as other:
        backup(other, tmp_path / "file", force=False, progress=lambda *_: None)
    (tmp_path / "file").rename(library.path)


def deleted(library, _):
    library.path.unlink()


def garbage(library, tmp_path):
    (tmp_path / "garbage").write_bytes(os.urandom(9000))
    (tmp_path / "garbage").rename(library.path)


def a_folder(library, _):
    library.path.unlink()
    library.path.mkdir()


@pytest.mark.parametrize("change", [replaced, deleted, garbage, a_folder])
def test_a_file_that_is_gone_is_neither_read_nor_written_nor_made(library, tmp_path, change):
    change(library, tmp_path)
    told = []

    def elsewhere():
        try:
            library.counts()
        except LibraryReplaced as fault:
            told.append(str(fault))

    thread = Thread(target=elsewhere)
    thread.start()
    thread.join()
    for use in (library.counts, lambda: library.article("old"), library.check_in_use, lambda: library.generation):
        with pytest.raises(LibraryReplaced, match=SENTENCE):
            use()
    with pytest.raises(LibraryReplaced, match=SENTENCE), library.writing():
        raise AssertionError
    with pytest.raises(LibraryReplaced, match=SENTENCE), library.reading():
        raise AssertionError
    assert told == [f"{library.path} {SENTENCE}"]
    assert library.path.exists() == (change is not deleted)


def test_what_has_begun_is_finished_with_the_file_it_began_with(library, tmp_path):
    with library.reading():
        replaced(library, tmp_path)
        assert library.article("old").text == "The old."
        assert "new" not in library
    with pytest.raises(LibraryReplaced):
        library.counts()


def test_a_file_that_comes_back_is_read_again(library, tmp_path):
    library.path.rename(tmp_path / "away")
    with pytest.raises(LibraryReplaced):
        library.counts()
    (tmp_path / "away").rename(library.path)
    assert library.counts() == (1, 1)
    library.check_in_use()


def test_a_restored_library_is_followed(library, tmp_path):
    with closing(made(tmp_path / "other.sqlite", "new")) as other:
        backup(other, tmp_path / "file", force=False, progress=lambda *_: None)
    put_in_place(library.path, tmp_path / "file", lambda _: None, force=True, progress=lambda *_: None)
    library.check_in_use()
    assert library.article("new").text == "The new."
    assert "old" not in library
    library.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert "old" not in library


def test_a_library_that_was_restored_many_times_meanwhile_is_followed(library, tmp_path):
    for name in ("second", "third"):
        with closing(made(tmp_path / f"{name}.sqlite", name)) as other:
            backup(other, tmp_path / name, force=False, progress=lambda *_: None)
        put_in_place(library.path, tmp_path / name, lambda _: None, force=True, progress=lambda *_: None)
    with closing(sqlite3.connect(library.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert library.article("third").text == "The third."
    library.check_in_use()


def test_a_file_that_is_written_over_is_found_by_who_looks(library):
    library.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    library.path.write_bytes(os.urandom(library.path.stat().st_size))
    with pytest.raises((NotALibrary, sqlite3.DatabaseError)):
        library.check_in_use()


@pytest.mark.parametrize("is_logged", [False, True])
def test_another_library_copied_over_it_is_told_of_by_every_use(library, tmp_path, is_logged):
    with closing(made(tmp_path / "other.sqlite", "new")) as other:
        backup(other, tmp_path / "file", force=False, progress=lambda *_: None)
    if not is_logged:
        library.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert library.article("old").text == "The old."
    shutil.copyfile(tmp_path / "file", library.path)
    for use in (library.counts, lambda: library.article("old"), library.check_in_use, lambda: library.identity):
        with pytest.raises(LibraryReplaced, match=SENTENCE):
            use()
    with pytest.raises(LibraryReplaced, match=SENTENCE), library.writing():
        raise AssertionError


def test_the_library_itself_copied_over_it_is_no_other(library, tmp_path):
    library.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(library.path, tmp_path / "copy")
    shutil.copyfile(tmp_path / "copy", library.path)
    assert library.article("old").text == "The old."
    library.check_in_use()


def test_a_change_counter_that_is_no_number_is_told(library):
    library.connection.execute("UPDATE state SET value = 'many' WHERE key = 'generation'")
    with pytest.raises(DamagedState, match="is damaged in its change counter; put a backup in its place"):
        library.counts_of_generation = library.generation


@pytest.mark.parametrize("kind", ["folder", "fifo", "loop", "device", "empty", "log", "words"])
def test_what_is_no_file_is_no_library(tmp_path, kind):
    path = tmp_path / "library.sqlite"
    if kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "loop":
        path.symlink_to(path)
    elif kind == "empty":
        path.touch()
    elif kind == "log":
        path.with_name("library.sqlite-wal").write_bytes(b"left of a library that was deleted")
    elif kind == "words":
        path.write_text("Dear diary")
    else:
        path.symlink_to("/dev/null")
    before = sorted(tmp_path.iterdir())
    with pytest.raises((NotALibrary, sqlite3.OperationalError)) as refused:
        Library(path)
    assert "\n" not in str(refused.value)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("ending", ["-journal", "-wal", "-shm"])
@pytest.mark.parametrize("is_there", [True, False])
def test_a_fifo_where_sqlite_keeps_its_files_is_told(tmp_path, ending, is_there):
    path = tmp_path / "library.sqlite"
    if is_there:
        made(path, "old").close()
    os.mkfifo(f"{path}{ending}")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(NotALibrary, match=f"library.sqlite{ending} is no regular file"):
        Library(path)
    assert sorted(tmp_path.iterdir()) == before


def test_a_link_to_a_place_without_a_file_makes_the_library_there(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "library.sqlite").symlink_to(tmp_path / "elsewhere" / "own.sqlite")
    with closing(made(tmp_path / "library.sqlite", "old")) as library:
        assert library.counts() == (1, 1)
    assert [one.name for one in (tmp_path / "elsewhere").iterdir()] == ["own.sqlite"]


def test_a_log_of_no_bytes_is_no_fault(tmp_path):
    (tmp_path / "library.sqlite-wal").touch()
    with closing(made(tmp_path / "library.sqlite", "old")) as library:
        assert library.counts() == (1, 1)


def test_many_that_make_a_library_at_once_make_one(tmp_path):
    identities = []

    def make():
        with closing(Library(tmp_path / "library.sqlite")) as library:
            identities.append(library.identity)

    threads = [Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(identities) == 8
    assert len({*identities}) == 1
    assert not [one for one in tmp_path.iterdir() if "making" in one.name]
