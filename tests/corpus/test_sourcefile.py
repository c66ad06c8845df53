"""Paths that are no plain path to a plain file."""

import errno
import os
import socket
import threading
from pathlib import Path

import pytest

from corpus.load import Refusal, load
from corpus.refusal import Refused, shown
from corpus.sourcefile import SourceFile

_READ = "check that it is there and yours to read."


def only(path: Path):
    [answer] = load(path)
    return answer


def test_dots_are_followed_and_the_article_is_that_of_the_file(tmp_path, monkeypatch):
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "story.txt").write_text("Words.")
    plain = only(tmp_path / "story.txt")
    monkeypatch.chdir(tmp_path / "in")
    for way in (tmp_path / "in" / ".." / "story.txt", Path("..", "story.txt"), Path("deep", "..", "..", "story.txt")):
        assert only(way) == plain
    assert plain.source == str(tmp_path / "story.txt")


def test_a_link_that_was_given_is_followed_and_named_as_given(tmp_path):
    (tmp_path / "stored").write_text("Words.")
    (tmp_path / "story.md").symlink_to(tmp_path / "stored")
    (tmp_path / "again.md").symlink_to(tmp_path / "story.md")
    article = only(tmp_path / "again.md")
    assert (article.text, article.source, article.id[:6]) == ("Words.", str(tmp_path / "stored"), "again-")


def test_links_that_lead_nowhere_are_refused(tmp_path):
    (tmp_path / "a.txt").symlink_to(tmp_path / "b.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    (tmp_path / "c.txt").symlink_to(tmp_path / "nothing.txt")
    assert only(tmp_path / "a.txt").reason == f"a.txt cannot be read ({os.strerror(errno.ELOOP)}); {_READ}"
    assert only(tmp_path / "c.txt").reason == f"c.txt cannot be read ({os.strerror(errno.ENOENT)}); {_READ}"


def test_what_is_no_file_is_refused_at_once(tmp_path):
    (tmp_path / "folder.txt").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "to-pipe.txt").symlink_to(tmp_path / "pipe.txt")
    (tmp_path / "terminal.pdf").symlink_to("/dev/tty")
    (tmp_path / "nothing.html").symlink_to("/dev/null")
    (tmp_path / "random.jsonl").symlink_to("/dev/urandom")
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(tmp_path / "socket.txt"))
        for name in ("pipe.txt", "to-pipe.txt", "terminal.pdf", "nothing.html", "random.jsonl", "socket.txt"):
            if (tmp_path / name).exists():  # a machine may have no terminal
                assert only(tmp_path / name).reason == f"{name} is a device and no file; name a file."
    assert only(tmp_path / "folder.txt").reason == "folder.txt is no file; name a file, or sync the folder."


def test_a_file_that_becomes_a_pipe_after_its_check_is_not_waited_for(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text("Words.")
    file = SourceFile.at(path)
    looked = path.stat()
    path.unlink()
    os.mkfifo(path)
    monkeypatch.setattr(os, "stat", lambda *_: looked)
    with pytest.raises(Refused, match="is a device"):
        file.open()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("two\nlines.txt", "two\\nlines.txt"),
        ("\x1b[2J\a.txt", "\\x1b[2J\\x07.txt"),
        ("right\u202etxt.txt", "right\\u202etxt.txt"),
        ("line\u2028end.txt", "line\\u2028end.txt"),
        ("日本 é 👩.txt", "日本 é 👩.txt"),
        ("a" * 240 + ".txt", "a" * 200 + "…"),
    ],
)
def test_a_name_breaks_no_sentence(tmp_path, name, told):
    path = tmp_path / name
    path.write_bytes(b"")
    refused = only(path)
    assert refused == Refusal(str(path), f"{told} is empty; put the article in it.")
    path.write_text("Words.")
    assert (only(path).text, only(path).source) == ("Words.", str(path))


def test_a_name_in_a_line_is_shown_too(tmp_path):
    path = tmp_path / "a\nb.jsonl"
    path.write_text('{"_id": "x\\ny", "text": "\\u200b"}\nnonsense\n')
    void, bad = load(path)
    assert void.reason == "a\\nb.jsonl, x\ufffdy has no text; put the article in it."
    assert bad.reason == "a\\nb.jsonl: line 2 is not JSON; write one object a line."


def test_paths_that_no_file_can_have_are_refused(tmp_path):
    too_long = f"{'a' * 5_000}.txt"
    assert (
        only(tmp_path / too_long).reason == f"{'a' * 200}… cannot be read ({os.strerror(errno.ENAMETOOLONG)}); {_READ}"
    )
    deep = tmp_path.joinpath(*["a" * 200] * 25, "b.txt")
    assert only(deep).reason == f"b.txt cannot be read ({os.strerror(errno.ENAMETOOLONG)}); {_READ}"
    assert (
        only(Path(f"{tmp_path}/a\0b.txt")).reason
        == f"a\\x00b.txt cannot be read ({os.strerror(errno.ENOENT)}); {_READ}"
    )
    assert only(Path()).reason == f"{Path.cwd().name} is no file; name a file, or sync the folder."
    below = tmp_path / "a.txt"
    below.write_text("x")
    assert only(below / "b.txt").reason == f"b.txt cannot be read ({os.strerror(errno.ENOTDIR)}); {_READ}"


def test_a_file_replaced_while_it_is_read_is_read_as_it_was(tmp_path):
    """Whatever comes is one of the two texts as a whole, under its own digest."""
    path = tmp_path / "a.txt"
    texts = ["Old. " * 200_000, "New. " * 200_000]
    path.write_text(texts[0])
    stop = threading.Event()

    def replace():
        number = 0
        while not stop.is_set():
            number += 1
            (tmp_path / "next").write_text(texts[number % 2])
            (tmp_path / "next").replace(path)

    writer = threading.Thread(target=replace)
    writer.start()
    try:
        found = {(article.text + " ", article.sha256) for article in (only(path) for _ in range(8))}
    finally:
        stop.set()
        writer.join()
    assert {text for text, _ in found} <= set(texts)
    assert len({digest for _, digest in found}) == len(found)


def test_a_name_is_shown_as_one_line_of_signs_that_stay_where_they_are():
    assert shown("caf\udce9") == "caf\ufffd"
    assert shown("".join(map(chr, range(0x20)))).isprintable()


def test_an_uploaded_file_may_be_shown_under_a_name_with_a_replacement_character(tmp_path):
    (tmp_path / "0").write_text("Words.")
    with SourceFile(str(tmp_path / "0"), "\ufffdtwo.md", "upload:\ufffdtwo.md").open() as handle:
        assert handle.read() == b"Words."


def test_a_file_of_a_terabyte_is_refused_unread(tmp_path):
    for name, size in (("a.txt", "64 MB"), ("a.jsonl", "64 GB")):
        with (tmp_path / name).open("wb") as sparse:
            sparse.truncate(2**40)
        assert only(tmp_path / name).reason == f"{name} is larger than {size}; split it."
