"""A backup is one whole state of the library or is not there; what is not one is never put in a library's place."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from corpus.article import Article, Span
from corpus.library.backup import BackupNotWritten, Content, NotABackup, NotEmpty, backup, put_in_place
from corpus.library.faults import LibraryBusy
from corpus.library.feedback import Judgement, feedback, keep
from corpus.library.store import Library

ROOT = Path(__file__).parents[3]
WORDS = "The tide came in and the gulls went out. " * 200


def nobody(_what, _done, _total):
    pass


def ready(_library):
    pass


def fill(library, name, articles):
    for number in range(articles):
        identity = f"{name}-{number}"
        with library.writing():
            library.put(
                Article(identity, identity, f"{identity} {WORDS}", f"/{identity}.txt"), [Span(0, 20), Span(20, 50)]
            )


def ids(library):
    return [header.id for header in library.headers()]


@pytest.fixture
def library(tmp_path):
    library = Library(tmp_path / "home" / "library.sqlite")
    fill(library, "old", 20)
    return library


@pytest.fixture
def kept(tmp_path, library):
    """A backup of the library with one article of another name in it."""
    other = Library(tmp_path / "other" / "library.sqlite")
    fill(other, "new", 3)
    file = tmp_path / "new.backup"
    backup(other, file, force=False, progress=nobody)
    return file


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def run(script, *arguments, **options):
    head = "import os, sys, time, resource\nfrom pathlib import Path\nfrom corpus.library.backup import *\nfrom corpus.library.store import Library\n"
    command = [sys.executable, "-c", head + script, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


def test_a_backup_is_one_file_that_holds_all_of_the_library(tmp_path, library):
    keep(library, Judgement("What came in?", "right", "old-0", 6, 14, library.article("old-0").text[6:14]))
    target = tmp_path / "out" / "library.backup"
    target.parent.mkdir()
    assert backup(library, target, force=False, progress=nobody) == Content(20, 20, 40)
    assert names(target.parent) == ["library.backup"]
    read = sqlite3.connect(f"{target.as_uri()}?mode=ro&immutable=1", uri=True)
    for table in ("article", "passage", "state", "feedback", "sqlite_sequence"):
        rows = f"SELECT * FROM {table} ORDER BY 1"
        assert read.execute(rows).fetchall() == library.connection.execute(rows).fetchall()
    assert read.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    read.close()


def test_a_backup_is_of_one_generation_though_others_write(tmp_path, library):
    written = []

    def progress(what, done, total):
        if done < total and len(written) < 50:
            written.append(done)
            other = Library(library.path)  # with a connection of its own, as another process has
            fill(other, f"while-{len(written)}", 1)

    target = tmp_path / "library.backup"
    assert backup(library, target, force=False, progress=progress) == Content(20, 20, 40)
    assert len(written) > 5
    assert written == sorted(written)  # it never has to begin again
    assert library.counts()[0] == 20 + len(written)


def test_progress_goes_to_the_end(tmp_path, library):
    seen = []
    backup(library, tmp_path / "library.backup", force=False, progress=lambda *told: seen.append(told))
    assert [done for _, done, _ in seen] == sorted(done for _, done, _ in seen)
    assert seen[-1][1] == seen[-1][2] == library.connection.execute("PRAGMA page_count").fetchone()[0]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("there.backup", "is there already; name another file, or say --force"),
        (".", "is a folder; name a file in it"),
        ("nowhere/a.backup", "There is no folder"),
        ("home/library.sqlite", "is the library itself; name another file"),
        ("home/library.sqlite-wal", "is the library itself; name another file"),
        ("link.sqlite", "is the library itself; name another file"),
    ],
)
def test_where_a_backup_cannot_be_written_it_is_refused(tmp_path, library, name, why):
    (tmp_path / "there.backup").write_text("something else")
    (tmp_path / "link.sqlite").symlink_to(library.path)
    before = names(tmp_path)
    with pytest.raises(BackupNotWritten, match=why):
        backup(library, tmp_path / name, force=name != "there.backup", progress=nobody)
    assert names(tmp_path) == before
    assert (tmp_path / "there.backup").read_text() == "something else"
    assert len(ids(library)) == 20


def test_a_file_is_written_over_where_that_is_asked_for(tmp_path, library):
    target = tmp_path / "library.backup"
    target.write_text("something else")
    backup(library, target, force=True, progress=nobody)
    assert len(ids(Library(target))) == 20


def test_a_damaged_library_gives_no_backup_and_leaves_the_former_one(tmp_path, library):
    target = tmp_path / "library.backup"
    target.write_text("the last good one")
    library.connection.execute("UPDATE article SET authors = '['  WHERE id = 'old-3'")
    with pytest.raises(BackupNotWritten, match="is damaged, and no backup was written; `pullquote verify` says where"):
        backup(library, target, force=True, progress=nobody)
    assert target.read_text() == "the last good one"
    assert names(tmp_path) == ["home", "library.backup"]


def test_a_full_disk_leaves_no_backup(tmp_path, library):
    script = (
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "try: backup(Library(Path(sys.argv[1])), Path(sys.argv[2]), force=False, progress=lambda *_: None)\n"
        "except BackupNotWritten as why: print(why)\n"
    )
    folder = tmp_path / "out"
    folder.mkdir()
    told = run(script, library.path, folder / "library.backup").communicate()[0]
    assert "could not be written" in told
    assert told.endswith("and there is none; make room, or name another place.\n")
    assert names(folder) == []


def stopped_in_the_middle(script, *arguments):
    """Kills the process where it says that it is in the middle."""
    process = run(script, *arguments)
    assert process.stdout.readline() == "middle\n", process.stderr.read()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL


MIDDLE = (
    "def progress(what, done, total):\n"
    "    if what == sys.argv[1] and done > total // 2: print('middle', flush=True); time.sleep(60)\n"
)


def test_a_backup_that_is_killed_is_not_there_and_can_be_made_again(tmp_path, library):
    target = tmp_path / "library.backup"
    target.write_text("the last good one")
    script = MIDDLE + "backup(Library(Path(sys.argv[2])), Path(sys.argv[3]), force=True, progress=progress)"
    stopped_in_the_middle(script, "Copying the library", library.path, target)
    assert target.read_text() == "the last good one"
    assert backup(library, target, force=True, progress=nobody) == Content(20, 20, 40)


@pytest.mark.parametrize("stage", ["Reading the backup", "Copying the library", "Putting it in place"])
def test_a_restore_that_is_killed_has_changed_nothing_and_can_be_done_again(tmp_path, library, kept, stage):
    script = (
        MIDDLE + "put_in_place(Path(sys.argv[2]), Path(sys.argv[3]), lambda _: None, force=True, progress=progress)"
    )
    before = library.generation, library.identity, ids(library)
    stopped_in_the_middle(script, stage, library.path, kept)
    assert (library.generation, library.identity, ids(library)) == before
    again = Library(library.path)
    assert (again.generation, again.identity, ids(again)) == before
    assert again.connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    fill(library, "later", 1)
    put_in_place(library.path, kept, ready, force=True, progress=nobody)
    assert ids(library) == ["new-0", "new-1", "new-2"]


def test_a_restored_library_is_a_later_one_with_an_identity_of_its_own(library, kept):
    before = library.generation, library.identity
    former = put_in_place(library.path, kept, ready, force=True, progress=nobody)
    assert ids(library) == ["new-0", "new-1", "new-2"]  # over a connection that was open all the time
    assert library.generation == before[0] + 1
    assert library.identity not in {before[1], Library(kept).identity}
    fill(library, "more", 1)
    assert library.generation == before[0] + 2
    assert library.connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert library.connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert names(library.path.parent)[0] == former.name
    assert len(ids(Library(former))) == 20


def test_the_generation_goes_on_from_the_later_of_the_two(tmp_path, library, kept):
    target = tmp_path / "later.backup"
    fill(library, "more", 5)
    backup(library, target, force=False, progress=nobody)
    small = Library(tmp_path / "small" / "library.sqlite")
    put_in_place(small.path, target, ready, force=False, progress=nobody)
    assert small.generation == 26


def test_a_reader_sees_one_library_to_the_end(library, kept):
    reader = Library(library.path)
    with reader.reading() as generation:
        put_in_place(library.path, kept, ready, force=True, progress=nobody)
        assert (len(ids(reader)), reader.generation) == (20, generation)
    assert len(ids(reader)) == 3


def test_what_is_written_while_a_backup_is_put_in_place_is_in_the_one_that_is_kept(library, kept):
    """The last change before the switch; after it nobody can write until all is done."""

    def progress(what, done, total):
        if what == "Reading the backup" and done == total:
            fill(library, "last", 1)
        elif what == "Copying the library" and done == total:
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                sqlite3.connect(library.path, timeout=0).execute(
                    "UPDATE state SET value = '0' WHERE key = 'generation'"
                )

    former = put_in_place(library.path, kept, ready, force=True, progress=progress)
    assert "last-0" in ids(Library(former))
    assert library.generation == 22


def test_a_restore_waits_for_a_writer_and_gives_up_in_time(library, kept, monkeypatch):
    monkeypatch.setattr("corpus.library.backup.PATIENCE", 0.2)
    before = ids(library)
    with library.writing(), pytest.raises(LibraryBusy):
        put_in_place(library.path, kept, ready, force=True, progress=nobody)
    assert ids(library) == before


def test_a_library_with_articles_or_feedback_is_not_written_over_unasked(tmp_path, library, kept):
    with pytest.raises(
        NotEmpty, match=r"holds 20 articles; --force puts the backup in its place, and keeps what is there"
    ):
        put_in_place(library.path, kept, ready, force=False, progress=nobody)
    assert (library.generation, len(ids(library))) == (20, 20)
    judged = Library(tmp_path / "judged" / "library.sqlite")
    keep(judged, Judgement("Why?", "nothing"))
    with pytest.raises(NotEmpty):
        put_in_place(judged.path, kept, ready, force=False, progress=nobody)
    assert len(feedback(judged)) == 1


@pytest.mark.parametrize("is_there", [True, False])
def test_an_empty_library_or_none_is_filled(tmp_path, kept, is_there):
    path = tmp_path / "fresh" / "library.sqlite"
    if is_there:
        Library(path)
    assert put_in_place(path, kept, ready, force=False, progress=nobody) is None
    assert ids(Library(path)) == ["new-0", "new-1", "new-2"]
    assert [name for name in names(path.parent) if not name.startswith("library.sqlite")] == []


def test_a_library_that_cannot_be_read_is_put_beside(library, kept):
    library.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    library.close()
    library.path.write_bytes(b"nonsense")
    with pytest.raises(NotEmpty, match="is no library that can be read; --force"):
        put_in_place(library.path, kept, ready, force=False, progress=nobody)
    assert library.path.read_bytes() == b"nonsense"
    former = put_in_place(library.path, kept, ready, force=True, progress=nobody)
    assert former.read_bytes() == b"nonsense"
    assert len(ids(Library(library.path))) == 3


def truncated(file):
    file.write_bytes(file.read_bytes()[:-5000])


def of_a_newer_format(file):
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE state SET value = '3' WHERE key = 'format'")
    connection.close()


def other_tables(file):
    file.unlink()
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE letters (a)")
    connection.close()


def garbled(file):
    data = bytearray(file.read_bytes())
    data[4096:] = os.urandom(len(data) - 4096)
    file.write_bytes(data)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (truncated, "malformed"),
        (of_a_newer_format, "its format is 3, this version reads 2"),
        (other_tables, "it holds other tables"),
        (garbled, "malformed"),
        (lambda file: file.write_text("Dear diary"), "it is no SQLite file"),
        (lambda file: file.write_bytes(b""), "it is no SQLite file"),
        (Path.unlink, "No such file"),
        (lambda file: (file.unlink(), file.mkdir()), "Is a directory"),
        (lambda file: (file.unlink(), os.mkfifo(file)), "it is no regular file"),
        (lambda file: os.mkfifo(f"{file}-journal"), "-journal is no regular file"),
    ],
)
def test_what_is_no_whole_backup_is_refused(library, kept, spoil, why):
    spoil(kept)
    before = names(library.path.parent), library.generation, library.identity
    with pytest.raises(NotABackup, match=why) as refused:
        put_in_place(library.path, kept, ready, force=True, progress=nobody)
    assert str(refused.value).endswith("and nothing was changed; name another.")
    assert (names(library.path.parent), library.generation, library.identity) == before
    assert len(ids(library)) == 20


@pytest.mark.parametrize("room", [-20_000, 100])
def test_a_full_disk_leaves_the_library_as_it_was(library, kept, room):
    """At first there is no room for the copy of the backup, then for it but not for the change."""
    limit = kept.stat().st_size + room
    with library.writing():  # a small one, that it can be kept
        for identity in ids(library)[1:]:
            library.remove(identity)
    with closing(sqlite3.connect(library.path)) as other:
        other.execute("VACUUM")
    library.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = names(library.path.parent)
    script = (
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]),) * 2)\n"
        "import sqlite3\n"
        "progress = lambda what, *_: print(what)\n"
        "try: put_in_place(Path(sys.argv[1]), Path(sys.argv[2]), lambda _: None, force=True, progress=progress)\n"
        "except sqlite3.OperationalError as why: print('stopped:', why)\n"
    )
    said = run(script, library.path, kept, limit).communicate()[0]
    assert "stopped: " in said
    assert ("Putting it in place" in said) == (room > 0)
    assert ids(library) == ["old-0"]
    assert Library(library.path).connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert {name for name in names(library.path.parent) if not name.startswith("before-restore")} == {*before}
    put_in_place(library.path, kept, ready, force=True, progress=nobody)
    assert len(ids(library)) == 3


def test_what_is_made_ready_is_what_is_put_in_place_or_nothing(library, kept):
    def refuse(_staged):
        raise NotABackup(kept, "it is not liked")

    with pytest.raises(NotABackup, match="it is not liked"):
        put_in_place(library.path, kept, refuse, force=True, progress=nobody)
    assert len(ids(library)) == 20

    def add(staged):
        fill(staged, "ready", 1)

    put_in_place(library.path, kept, add, force=True, progress=nobody)
    assert ids(library) == ["new-0", "new-1", "new-2", "ready-0"]
