"""`pullquote sync`: what it prints, its exit status, and following until Ctrl-C."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from corpus.library.store import Library

pytestmark = pytest.mark.model

ROOT = Path(__file__).parents[3]


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "clippings"
    folder.mkdir()
    (folder / "ferry.txt").write_text("The ferry ran aground. Nobody was hurt.")
    (folder / "bell.md").write_text("# The bell\n\nThe bell came home.")
    return folder


def synced(pullquote, folder, *options):
    ran = pullquote("sync", str(folder), "--json", *options)
    return ran.status, json.loads(ran.out)


def test_a_plan_is_told_and_nothing_done(pullquote, folder, home):
    status, told = synced(pullquote, folder, "--dry-run")
    assert (status, told["folder"], told["unchanged"]) == (0, str(folder), 0)
    assert told["plan"] == {
        "add": [f"{folder}/bell.md", f"{folder}/ferry.txt"], "read again": [], "move": [], "remove": [], "copies": [],
        "quarantine": [], "left_out": [], "refused": [],
    }  # fmt: skip
    assert Library(home / "library.sqlite").counts() == (0, 0)
    assert pullquote("sync", str(folder), "--dry-run").out == (
        f"would add: {folder}/bell.md\nwould add: {folder}/ferry.txt\n0 files are as they were; nothing was changed\n"
    )


def test_what_became_of_every_file_is_told(pullquote, folder):
    status, told = synced(pullquote, folder)
    assert status == 0
    assert [(entry["outcome"], entry["source"]) for entry in told.pop("entries")] == [
        ("added", f"{folder}/bell.md"), ("added", f"{folder}/ferry.txt"),
    ]  # fmt: skip
    told.pop("seconds")
    assert told == {
        "folder": str(folder), "added": 2, "updated": 0, "moved": 0, "removed": 0, "skipped": 0, "refused": 0,
        "passages": 2, "unchanged": 0, "quarantine": 0, "left_out": 0,
    }  # fmt: skip
    (folder / "bell.md").rename(folder / "came-home.md")
    (folder / "copy.txt").write_text("The ferry ran aground. Nobody was hurt.")
    (folder / "broken.pdf").write_text("no PDF")
    ran = pullquote("sync", str(folder))
    assert ran.status == 2
    assert ran.out.startswith("1 moved, 1 refused (")
    assert ran.err.splitlines() == [
        f"skipped: {folder}/copy.txt: The same bytes are in the library as {folder}/ferry.txt.",
        "refused: broken.pdf: it is no PDF, or a broken one; save or download it again.",
        "1 as they were",
    ]
    ran = pullquote("sync", str(folder))
    assert ran.status == 0
    assert ran.out.startswith("nothing has changed (")
    assert ran.err == "3 as they were, 1 refused before and not changed since (--retry reads them again)\n"
    assert synced(pullquote, folder, "--retry")[1]["refused"] == 1


def test_a_plan_tells_of_every_kind_of_change(pullquote, folder):
    (folder / "drafts").mkdir()
    (folder / "drafts" / "note.txt").write_text("A draft of a note.")
    (folder / "broken.pdf").write_text("no PDF")
    synced(pullquote, folder)
    (entry,) = [one for one in json.loads(pullquote("list", "--json").out) if one["title"] == "The bell"]
    pullquote("remove", entry["id"])
    (folder / "ferry.txt").rename(folder / "aground.txt")
    (folder / "copy.txt").write_text("The ferry ran aground. Nobody was hurt.")
    lines = pullquote("sync", str(folder), "--dry-run", "--exclude", "drafts").out.splitlines()
    assert lines == [
        f"would move: {folder}/ferry.txt → {folder}/aground.txt",
        f"would remove: {folder}/drafts/note.txt (A draft of a note.)",
        f"would leave out as a copy: {folder}/copy.txt (of {folder}/aground.txt)",
        "would leave in quarantine: broken.pdf: it is no PDF, or a broken one; save or download it again.",
        f"would leave out as you did: {folder}/bell.md",
        "0 files are as they were; nothing was changed",
    ]


def test_names_and_titles_cannot_drive_the_terminal(pullquote, folder):
    (folder / "two\nlines \x1b[2J.txt").write_text("The ferry ran aground. Nobody was hurt.")
    (folder / "bell.md").write_text("---\ntitle: 'The \\e[31mbell'\n---\nThe bell \x9b31m came home.")
    plan = pullquote("sync", str(folder), "--dry-run").out.splitlines()
    assert f"would add: {folder}/two\\nlines \\x1b[2J.txt" in plan
    ran = pullquote("sync", str(folder))
    shown = ran.out + ran.err + pullquote("list").out + pullquote("search", "bell").out
    assert not {char for char in shown if ord(char) < 32 or 127 <= ord(char) < 160} - {"\n"}


@pytest.mark.parametrize("name", ["nowhere", "ferry.txt"])
def test_what_is_no_folder_changes_nothing(pullquote, folder, name):
    ran = pullquote("sync", str(folder / name))
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == f"There is no folder {folder / name}, and nothing was changed; check the path.\n"


def test_a_link_to_itself_is_told_and_the_rest_is_added(pullquote, folder):
    (folder / "l.txt").symlink_to("l.txt")
    why = f"l.txt cannot be read ({os.strerror(errno.ELOOP)}); check that it is there and yours to read."
    assert f"would refuse: {why}" in pullquote("sync", str(folder), "--dry-run").out.splitlines()
    for command in ("add", "sync"):
        ran = pullquote(command, str(folder), "--json")
        entries = {entry["source"]: (entry["outcome"], entry["reason"]) for entry in json.loads(ran.out)["entries"]}
        assert (ran.status, entries[f"{folder}/l.txt"]) == (2, ("refused", why))
    assert len(json.loads(pullquote("list", "--json").out)) == 2


def test_an_emptied_folder_is_asked_about(pullquote, folder):
    synced(pullquote, folder)
    for file in folder.iterdir():
        file.unlink()
    ran = pullquote("sync", str(folder))
    assert (ran.status, ran.out) == (2, "")
    assert "or say with --allow-empty that its 2 articles are to leave the library" in ran.err
    assert synced(pullquote, folder, "--allow-empty")[1]["removed"] == 2


def test_a_folder_is_followed_until_ctrl_c(folder, home):
    command = [sys.executable, "-c", "from ui.cli import main; main()", "sync", str(folder), "--watch", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, text=True, **pipes) as following:
        try:
            assert following.stderr.readline() == f"Following {folder} (Ctrl-C stops it).\n"
            time.sleep(0.5)
            (folder / "bell.md").unlink()
            (folder / "new.txt").write_text("A new text.")
            wait_for(lambda: sources(home) == {f"{folder}/ferry.txt", f"{folder}/new.txt"})
            (folder / "new.txt").rename(folder / "renamed.txt")
            wait_for(lambda: sources(home) == {f"{folder}/ferry.txt", f"{folder}/renamed.txt"})
            following.send_signal(signal.SIGINT)
            out, err = following.communicate(timeout=60)
        finally:
            following.kill()
    assert (following.returncode, err) == (0, "")
    assert [outcome for outcome in ("added", "removed", "moved") if f'"{outcome}": 1' in out] == [
        "added", "removed", "moved",
    ]  # fmt: skip


def sources(home):
    library = Library(home / "library.sqlite")
    try:
        return {header.source for header in library.headers()}
    finally:
        library.close()


def wait_for(condition):
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)
