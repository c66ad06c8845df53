import os
import socket

import pytest

from corpus.load import Refusal, load
from corpus.sync.folder import Signature, files_under


@pytest.fixture
def root(tmp_path):
    root = tmp_path / "in"
    for name in ("b.txt", "a/c.MD", "a/d.jsonl.gz", "a/skip.gz", "a/skip.json", ".hidden/e.txt", "a/.f.txt", "README"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")
    return root


def names(root, *excluded):
    return [str(one.path.relative_to(root)) for one in files_under(root, excluded)]


def test_files_that_can_be_loaded_are_found_by_path(root):
    assert names(root) == ["a/c.MD", "a/d.jsonl.gz", "b.txt"]


def test_a_link_is_the_file_it_leads_to_and_leads_nowhere_else(root, tmp_path):
    outside = tmp_path / "outside.txt"
    outside.write_text("x")
    (root / "inside.txt").symlink_to(root / "b.txt")
    (root / "leads-out.txt").symlink_to(outside)
    (root / "up.txt").symlink_to("../outside.txt")
    (root / "dangling.txt").symlink_to(root / "nothing")
    (root / "out").symlink_to(tmp_path, target_is_directory=True)
    (root / "circle").symlink_to(root, target_is_directory=True)
    assert names(root) == ["a/c.MD", "a/d.jsonl.gz", "b.txt"]


def test_devices_pipes_and_sockets_are_no_files(root, monkeypatch):
    os.mkfifo(root / "pipe.txt")
    (root / "device.txt").symlink_to("/dev/zero")
    monkeypatch.chdir(root)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("socket.txt")
        assert names(root) == ["a/c.MD", "a/d.jsonl.gz", "b.txt"]


@pytest.mark.parametrize(
    ("excluded", "left"),
    [
        (["a"], ["b.txt"]),
        (["*.txt"], ["a/c.MD", "a/d.jsonl.gz"]),
        (["a/*.MD"], ["a/d.jsonl.gz", "b.txt"]),
        (["d.*", "b.txt"], ["a/c.MD"]),
        (["*.md"], ["a/c.MD", "a/d.jsonl.gz", "b.txt"]),
        (["*"], []),
    ],
)
def test_what_is_excluded_is_left_out(root, excluded, left):
    assert names(root, *excluded) == left


def test_a_signature_changes_with_the_content_the_time_and_the_rights(root):
    file = root / "b.txt"

    def look():
        return next(one.signature for one in files_under(root) if one.path == file)

    looked = [look()]
    os.utime(file, ns=(0, 0))
    looked.append(look())
    file.chmod(0o600)
    looked.append(look())
    with file.open("a") as more:
        more.write("y")
    os.utime(file, ns=(0, 0))
    looked.append(look())
    assert len(set(looked)) == 4
    assert looked[-1].size == 2
    assert looked[1].modified == looked[3].modified == 0
    assert look() == Signature.of(file.stat())


def test_names_that_are_no_text_are_found_and_refused_when_read(root):
    odd = os.fsdecode(b"caf\xe9.txt")
    (root / odd).write_text("x")
    (root / "two\nlines.txt").write_text("Words.")
    found = {one.source: one.path for one in files_under(root)}
    assert f"{root}/caf\ufffd.txt" in found
    refused = list(load(found[f"{root}/caf\ufffd.txt"]))
    assert [type(one) for one in refused] == [Refusal]
    assert f"{root}/two\nlines.txt" in found


def test_the_source_of_a_file_is_that_of_its_article(root):
    (found,) = files_under(root, ["a"])
    assert [article.source for article in load(found.path)] == [found.source]


def test_a_folder_that_cannot_be_listed_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        files_under(tmp_path / "none")
