"""What is written for the user of this machine, he alone may read; what he has opened to others stays open."""

import os
import stat
from contextlib import closing

import pytest

from corpus.article import Article, Span
from corpus.library.atomic_write import replacing
from corpus.library.backup import backup, put_in_place
from corpus.library.private_files import make_file, make_folder
from corpus.library.store import Library


@pytest.fixture(autouse=True)
def usual():
    """The usual rights of new files, which let everybody read them."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def modes(folder):
    return {path.name: mode(path) for path in folder.iterdir()}


def put(library):
    with library.writing():
        library.put(Article("a", "The pier", "The pier is long.", "/a.txt"), [Span(0, 17)])


def test_a_new_library_is_its_owners_alone_with_all_that_sqlite_keeps_beside_it(tmp_path):
    home = tmp_path / "new" / "home"
    with closing(Library(home / "library.sqlite")) as library:
        put(library)
        assert modes(home) == {"library.sqlite": 0o600, "library.sqlite-wal": 0o600, "library.sqlite-shm": 0o600}
    assert (mode(home), mode(tmp_path / "new")) == (0o700, 0o755)


def test_a_library_that_was_opened_to_others_stays_open(tmp_path):
    path = tmp_path / "library.sqlite"
    Library(path).close()
    path.chmod(0o640)
    tmp_path.chmod(0o750)
    with closing(Library(path)) as library:
        put(library)
        assert modes(tmp_path) == {
            "library.sqlite": 0o640, "library.sqlite-wal": 0o640, "library.sqlite-shm": 0o640,
        }  # fmt: skip
    assert mode(tmp_path) == 0o750


def test_a_backup_and_a_restored_library_are_their_owners_alone(tmp_path):
    seen = set()

    def look(*_):
        seen.update(mode(path) for path in tmp_path.rglob("*") if path.is_file())

    with closing(Library(tmp_path / "home" / "library.sqlite")) as library:
        put(library)
        backup(library, tmp_path / "kept.sqlite", force=False, progress=look)
    put_in_place(
        tmp_path / "other" / "library.sqlite", tmp_path / "kept.sqlite", lambda _: None, force=False, progress=look
    )
    look()
    assert seen == {0o600}


def test_a_file_that_is_replaced_keeps_its_rights_and_a_new_one_has_those_it_is_to_have(tmp_path):
    kept, new, shared, beside = (tmp_path / name for name in ("kept", "new", "shared", "beside"))
    kept.write_text("former")
    kept.chmod(0o664)
    shared.touch()
    shared.chmod(0o660)
    with replacing(kept) as making, replacing(new) as other, replacing(beside, like=shared) as third:
        for path in (making, other, third):
            path.write_text("new")
    assert modes(tmp_path) == {"kept": 0o664, "new": 0o600, "shared": 0o660, "beside": 0o660}


def test_what_is_there_stays_as_it_is(tmp_path):
    (tmp_path / "a").write_text("words")
    (tmp_path / "a").chmod(0o644)
    make_file(tmp_path / "a")
    make_folder(tmp_path)
    assert ((tmp_path / "a").read_text(), mode(tmp_path / "a")) == ("words", 0o644)
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    make_file(tmp_path / "link")
    assert not (tmp_path / "elsewhere").exists()
    make_file(tmp_path / "b", like=tmp_path / "none")
    assert mode(tmp_path / "b") == 0o600
