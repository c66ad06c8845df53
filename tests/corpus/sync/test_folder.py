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


@pytest.mark.parametrize(
    ("page", "folder"),
    [
        ("story.html", "story_files"), ("story.htm", "story-Dateien"), ("story.htm", "story.fld"), ("story.HTML", "story_fichiers"),
        ("a.b (2).html", "a.b (2)_bestanden"), ("день.htm", "день.files"), ("story.html", "story_Files"), ("st[o]ry.html", "st[o]ry-filer"),
        (f"{'x' * 245}.html", f"{'x' * 245}_files"),
    ],
)  # fmt: skip
def test_what_was_saved_with_a_page_is_passed_over_while_the_page_is_there(root, page, folder):
    for name in (page, f"{folder}/ad.html", f"{folder}/deeper/ad.html"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")
    assert set(names(root)) == {"a/c.MD", "a/d.jsonl.gz", "b.txt", page}
    (root / page).unlink()
    (root / page).mkdir()
    assert f"{folder}/ad.html" in names(root)
    (root / page).rmdir()
    (root / "story.txt").write_text("x")
    assert set(names(root)) == {
        "a/c.MD",
        "a/d.jsonl.gz",
        "b.txt",
        "story.txt",
        f"{folder}/ad.html",
        f"{folder}/deeper/ad.html",
    }


@pytest.mark.parametrize("folder", ["storyfiles", "files_story", "story_files2", "other_files", "_files", "story"])
def test_a_folder_of_another_name_is_an_ordinary_one(root, folder):
    (root / "story.html").write_text("x")
    (root / folder).mkdir()
    (root / folder / "note.txt").write_text("x")
    assert f"{folder}/note.txt" in names(root)


def test_a_folder_that_is_named_itself_is_read_whatever_lies_beside_it(root):
    (root / "story.html").write_text("x")
    (root / "story_files").mkdir()
    (root / "story_files" / "ad.html").write_text("x")
    assert names(root / "story_files") == ["ad.html"]


def left_out(root, *excluded):
    """Why files were passed over, and in which folder as a whole, by their path below the folder."""
    listing = files_under(root, excluded, names_left_out=True)
    assert [one.path for one in listing.files] == [one.path for one in files_under(root, excluded).files]
    below = {one.source: one for one in listing.left_out}
    assert len(below) == len(listing.left_out)
    return {
        source.removeprefix(f"{root}/"): (one.reason, one.within.removeprefix(f"{root}/"))
        for source, one in below.items()
    }


def test_every_file_that_is_passed_over_is_named_with_its_reason_where_that_is_asked_for(root, tmp_path):
    (tmp_path / "outside.txt").write_text("x")
    (root / "out.txt").symlink_to(tmp_path / "outside.txt")
    (root / "dangling.txt").symlink_to(root / "nothing.txt")
    (root / "circle").symlink_to(root, target_is_directory=True)
    (root / "itself.png").symlink_to("itself.png")
    os.mkfifo(root / "pipe.txt")
    for name in ("~$b.txt", "page.html", "page_files/ad.html", "page_files/deeper/style.css", "__MACOSX/._b.txt"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")
    no_format = "of no format that is read"
    told = {
        "README": (no_format, "README"), "a/skip.gz": (no_format, "a/skip.gz"), "a/skip.json": (no_format, "a/skip.json"),
        ".hidden/e.txt": ("hidden", ".hidden"), "a/.f.txt": ("hidden", "a/.f.txt"), "~$b.txt": ("left by a program", "~$b.txt"),
        "__MACOSX/._b.txt": ("left by a program", "__MACOSX"), "page_files/ad.html": ("saved with a web page", "page_files"),
        "page_files/deeper/style.css": ("saved with a web page", "page_files"), "pipe.txt": ("not a regular file", "pipe.txt"),
        "out.txt": ("behind a link out of the folder", "out.txt"), "dangling.txt": ("behind a broken link", "dangling.txt"),
        "circle": ("behind a link to a folder", "circle"), "itself.png": (no_format, "itself.png"),
    }  # fmt: skip
    assert left_out(root) == told
    assert files_under(root).left_out == []
    assert left_out(root, "a", "page_files", "*.png", ".hidden") == {
        name: why for name, why in told.items() if not name.startswith(("a/", "page_files", ".hidden", "itself"))
    }


def test_so_many_files_are_named_at_most(root, monkeypatch):
    monkeypatch.setattr(listing, "MOST_FILES", 3)
    found = files_under(root, names_left_out=True)
    assert (len(found.files), len(found.left_out)) == (3, 3)


def test_a_folder_that_is_passed_over_and_cannot_be_listed_is_no_fault(root, monkeypatch):
    monkeypatch.setattr(os, "scandir", FailingDisk(".hidden", "open"))
    assert ".hidden/e.txt" not in left_out(root)
    assert refusals(root) == {}


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
