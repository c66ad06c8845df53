"""Files that take their place when they are all there."""

import os
import subprocess
import sys

import pytest

from corpus.library.atomic_write import replacing


@pytest.mark.parametrize("is_synced", [False, True])
def test_the_former_file_stays_until_the_new_one_is_there(tmp_path, is_synced):
    target = tmp_path / "a [1].bin"
    target.write_text("former")
    with replacing(target, is_synced) as making:
        making.write_text("new")
        assert target.read_text() == "former"
    assert target.read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]


def test_after_an_error_all_is_as_it_was(tmp_path):
    target = tmp_path / "a.bin"
    target.write_text("former")

    def write():
        with replacing(target) as making:
            making.write_text("new")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write()
    assert target.read_text() == "former"
    assert list(tmp_path.iterdir()) == [target]


def test_what_killed_processes_left_goes_and_what_others_write_stays(tmp_path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    target = tmp_path / "a.bin"
    left = tmp_path / f".a.bin.{ended.pid}.making"
    left.write_text("half")
    (tmp_path / f"{left.name}-parts").mkdir()
    (tmp_path / f"{left.name}-parts" / "0").write_text("half")
    stay = [f".a.bin.{os.getppid()}.making", f".b.bin.{ended.pid}.making", ".a.bin.x.making", ".a.bin.1.making"]
    for name in stay:
        (tmp_path / name).write_text("")
    with replacing(target) as making:
        making.write_text("new")
    assert {path.name for path in tmp_path.iterdir()} == {*stay, "a.bin"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no pipes with names")
def test_what_is_no_regular_file_is_not_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="It is no regular file"), replacing(tmp_path / "pipe"):
        pytest.fail("nothing is written")
    assert (tmp_path / "pipe").is_fifo()
