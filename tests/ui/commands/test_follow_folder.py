"""Following a folder in which things happen that the system cannot tell."""

import errno
import os
import threading

import pytest

from corpus.library.store import Library
from ui.commands.follow_folder import FollowedFolder


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "clippings"
    folder.mkdir()
    return folder


def happening(done):
    """Does something as soon as somebody watches."""
    threading.Timer(0.5, done).start()


def test_watching_goes_on_after_a_name_that_is_no_text(folder, tmp_path):
    (folder / "l.txt").symlink_to("l.txt")
    (folder / "circle").symlink_to(".", target_is_directory=True)
    slept = []
    events = FollowedFolder(Library(tmp_path / "library.sqlite"), folder, []).wait(slept.append)
    happening((folder / os.fsdecode(b"caf\xe9.txt")).touch)
    assert (next(events), slept) == (None, [10])
    happening(lambda: (folder / "good.txt").write_text("The good text."))
    assert {path for _, path in next(events)} == {f"{folder}/good.txt"}
    assert slept == [10]


def test_where_nothing_can_be_watched_the_folder_is_looked_at_after_each_pause(folder, tmp_path, monkeypatch):
    def no_room(*_, **__):
        raise OSError(errno.ENOSPC, "no watch is left")

    monkeypatch.setattr("watchfiles.watch", no_room)
    slept = []
    events = FollowedFolder(Library(tmp_path / "library.sqlite"), folder, []).wait(slept.append)
    assert [next(events), next(events)] == [None, None]
    assert slept == [10, 10]


def test_a_folder_in_which_nothing_is_told_is_looked_at_all_the_same(folder, tmp_path, monkeypatch):
    monkeypatch.setattr("ui.commands.follow_folder._IDLE", 200)
    assert next(FollowedFolder(Library(tmp_path / "library.sqlite"), folder, []).wait()) == set()


def test_what_could_not_be_looked_at_is_planned_and_told(folder, tmp_path):
    (folder / "l.txt").symlink_to("l.txt")
    found = FollowedFolder(Library(tmp_path / "library.sqlite"), folder, []).look()
    (entry,) = found.settle()
    assert (entry.source, entry.outcome) == (f"{folder}/l.txt", "refused")
    assert found.plan()["refused"] == [{"source": entry.source, "reason": entry.reason}]
