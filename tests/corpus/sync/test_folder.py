import errno
import os
import socket

import pytest

from corpus.load import Refusal, load
from corpus.sync import folder as listing
from corpus.sync.folder import Signature, TooManyFiles, files_under
from tests.corpus.failing_disk import FailingDisk


@pytest.fixture
def root(tmp_path):
    root = tmp_path / "in"
    for name in ("b.txt", "a/c.MD", "a/d.jsonl.gz", "a/skip.gz", "a/skip.json", ".hidden/e.txt", "a/.f.txt", "README"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")
    return root


def names(root, *excluded):
    return [str(one.path.relative_to(root)) for one in files_under(root, excluded).files]


def test_files_that_can_be_loaded_are_found_by_path(root):
    assert names(root) == ["a/c.MD", "a/d.jsonl.gz", "b.txt"]


def test_what_programs_leave_beside_their_files_is_passed_over(root):
    for name in (
        "~$report.docx", "~$b.txt", "a/~$c.md", ".~lock.report.docx#", "Thumbs.db", ".DS_Store", "._b.txt", "~WRD0001.docx", "b.txt.crdownload",
        "b.txt.part", "b.md.tmp", "b.txt~", "#b.txt#", "b.txt.download/b.txt", "__MACOSX/a/b.txt", "$RECYCLE.BIN/S-1-5/$R1.docx", "@eaDir/b.md",
    ):  # fmt: skip
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")
    (root / "~notes.txt").write_text("x")
    (root / "part.txt").write_text("x")
    assert names(root) == ["a/c.MD", "a/d.jsonl.gz", "b.txt", "part.txt", "~notes.txt"]


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
        return next(one.signature for one in files_under(root).files if one.path == file)

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
    found = {one.source: one.path for one in files_under(root).files}
    assert f"{root}/caf\ufffd.txt" in found
    refused = list(load(found[f"{root}/caf\ufffd.txt"]))
    assert [type(one) for one in refused] == [Refusal]
    assert f"{root}/two\nlines.txt" in found


def test_the_source_of_a_file_is_that_of_its_article(root):
    (found,) = files_under(root, ["a"]).files
    assert [article.source for article in load(found.path)] == [found.source]


def test_a_folder_that_cannot_be_listed_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        files_under(tmp_path / "none")


_READ = "check that it is there and yours to read."


def refusals(root, *excluded):
    """Why entries could not be looked at, by their path below the folder."""
    return {one.source.removeprefix(f"{root}/"): one.reason for one in files_under(root, excluded).refusals}


def told(name, number):
    return f"{name} cannot be read ({os.strerror(number)}); {_READ}"


def test_links_in_a_circle_are_refused_and_the_rest_is_found(root):
    (root / "l.txt").symlink_to("l.txt")
    (root / "a" / "one.md").symlink_to("two.md")
    (root / "a" / "two.md").symlink_to("one.md")
    (root / "picture.png").symlink_to("picture.png")
    (root / "a" / "up").symlink_to("..", target_is_directory=True)
    (root / "through.txt").symlink_to("b.txt/c.txt")
    assert names(root) == ["a/c.MD", "a/d.jsonl.gz", "b.txt"]
    assert refusals(root) == {name: told(name, errno.ELOOP) for name in ("a/one.md", "a/two.md", "l.txt")}
    assert refusals(root, "l.txt", "a") == {}


@pytest.mark.parametrize(
    ("name", "at", "left"),
    [
        ("a", "open", ["b.txt"]),
        ("a", "read", ["a/c.MD", "b.txt"]),
        ("a", "type", ["b.txt"]),
        ("b.txt", "stat", ["a/c.MD", "a/d.jsonl.gz"]),
        ("b.txt", "type", ["a/c.MD", "a/d.jsonl.gz"]),
    ],
)
def test_what_cannot_be_looked_at_is_refused_and_may_still_be_there(root, monkeypatch, name, at, left):
    monkeypatch.setattr(os, "scandir", FailingDisk(name, at))
    assert names(root) == left
    assert refusals(root) == {name: told(name, errno.EIO)}
    below = f"{root}/{name}" if name == "b.txt" else f"{root}/{name}/e/f.txt"
    assert files_under(root).unseen([below, f"{root}/other.txt", f"{root}/ab/c.txt"]) == {below}


def test_folders_as_deep_as_a_disk_takes_them_are_looked_at_as_far_as_paths_reach(root, monkeypatch):
    place = os.open(root, os.O_RDONLY)
    for number in range(1_200):  # deeper than Python's calls
        os.mkdir("deep", dir_fd=place)
        inner = os.open("deep", os.O_RDONLY, dir_fd=place)
        os.close(place)
        place = inner
        if number == 500:
            os.close(os.open("there.txt", os.O_CREAT | os.O_WRONLY, dir_fd=place))
    os.close(place)
    try:
        assert "b.txt" in names(root)
        assert sum(name.endswith("there.txt") for name in names(root)) == 1
        (reason,) = refusals(root).values()
        assert reason.endswith(f"… cannot be read ({os.strerror(errno.ENAMETOOLONG)}); {_READ}")
    finally:
        _remove_deep(root)


def _remove_deep(root):
    """`shutil.rmtree` calls itself for each folder."""
    while (root / "deep" / "deep").exists():
        (root / "deep" / "there.txt").unlink(missing_ok=True)
        (root / "deep" / "deep").rename(root / "next")
        (root / "deep").rmdir()
        (root / "next").rename(root / "deep")


def test_a_folder_of_too_many_files_is_refused_in_a_sentence(root, monkeypatch):
    monkeypatch.setattr(listing, "MOST_FILES", 2)
    with pytest.raises(TooManyFiles) as caught:
        files_under(root)
    assert str(caught.value) == f"{root} holds more than 2 files; name its sub-folders one by one."


def test_a_digest_is_of_files_that_can_be_articles_and_of_nothing_endless(root, monkeypatch):
    (file,) = [one for one in files_under(root).files if one.path.name == "b.txt"]
    assert len(file.digest()) == 64
    with file.path.open("r+b") as sparse:
        sparse.truncate(2**40)
    assert file.digest() == ""
    file.path.unlink()
    os.mkfifo(file.path)
    assert file.digest() == ""
    file.path.unlink()
    file.path.mkdir()
    assert file.digest() == ""
    file.path.rmdir()
    assert file.digest() == ""


def test_a_file_that_states_no_size_is_read_only_so_far(root, monkeypatch):
    (file,) = [one for one in files_under(root).files if one.path.name == "b.txt"]
    file.path.write_bytes(b"x" * 3_000_000)
    known = file.path.stat()
    empty = os.stat_result((*known[:6], 0, *known[7:10]))  # as of a file in /proc
    monkeypatch.setattr(os, "fstat", lambda _: empty)
    monkeypatch.setattr("corpus.sourcefile.MAX_BYTES", 2**20)
    assert file.digest() == ""
    monkeypatch.setattr("corpus.sourcefile.MAX_BYTES", 3_000_000)
    assert len(file.digest()) == 64
