"""`pullquote add FOLDER`: every file that is passed over is named with its reason, and counted."""

import json

import pytest

from tests.fakes import HashEncoder
from ui.commands import library


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with one article and files that are none; no model is opened."""
    monkeypatch.setattr(library, "open_encoder", lambda *_: HashEncoder())
    folder = tmp_path / "clippings"
    for name in ("photo.png", "sheet.xlsx", ".draft.txt", "story_files/ad.html", "story_files/style.css"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")
    (folder / "story.html").write_text("<html><body><p>The ferry ran aground. Nobody was hurt.</p></body></html>")
    return folder


def test_each_is_named_and_all_are_counted(pullquote, folder):
    ran = pullquote("add", str(folder))
    assert ran.status == 0
    assert ran.err.splitlines() == [
        f"left out: {folder}/.draft.txt: it is hidden.",
        f"left out: {folder}/photo.png: it is of no format that is read.",
        f"left out: {folder}/sheet.xlsx: it is of no format that is read.",
        f"left out: {folder}/story_files (2 files in it): it is saved with a web page.",
    ]
    summary, count = ran.out.splitlines()
    assert summary.startswith("1 added (1 passage in ")
    assert count.startswith("5 files left out: ")
    assert set(count.removeprefix("5 files left out: ").split(", ")) == {
        "2 of no format that is read", "2 saved with a web page", "1 hidden",
    }  # fmt: skip


def test_json_has_each_of_them_beside_what_it_had(pullquote, folder):
    told = json.loads(pullquote("add", str(folder), "--json").out)
    assert told.keys() == {"added", "updated", "skipped", "refused", "passages", "seconds", "entries", "left_out"}
    assert told["left_out"] == [
        {"source": f"{folder}/{name}", "reason": reason, "within": f"{folder}/{within}"}
        for name, reason, within in [
            (".draft.txt", "hidden", ".draft.txt"),
            ("photo.png", "of no format that is read", "photo.png"),
            ("sheet.xlsx", "of no format that is read", "sheet.xlsx"),
            ("story_files/ad.html", "saved with a web page", "story_files"),
            ("story_files/style.css", "saved with a web page", "story_files"),
        ]
    ]
    told = json.loads(pullquote("add", str(folder / "story.html"), "--json").out)
    assert (told["skipped"], told["left_out"]) == (1, [])


def test_a_folder_that_is_named_twice_has_its_files_once(pullquote, folder):
    told = json.loads(pullquote("add", str(folder), str(folder), str(folder / "story_files"), "--json").out)
    assert len(told["left_out"]) == 6  # style.css is left out on its own account as well
    assert [one["reason"] for one in told["left_out"]][-1] == "of no format that is read"


def test_where_nothing_is_passed_over_nothing_is_counted(pullquote, folder):
    ran = pullquote("add", str(folder / "story.html"))
    assert (ran.err, ran.out.count("\n")) == ("", 1)


def test_a_folder_of_nothing_else_names_them_before_it_is_a_mistake(pullquote, folder):
    (folder / "story.html").rename(folder / "story_files" / "story.html")
    (folder / "story_files").rename(folder.parent / "elsewhere")
    (folder / "two\nlines\x1b[2J.png").write_text("x")
    ran = pullquote("add", str(folder))
    assert (ran.status, ran.out) == (2, "")
    *named, mistake = ran.err.splitlines()
    assert named == [
        f"left out: {folder}/.draft.txt: it is hidden.",
        f"left out: {folder}/photo.png: it is of no format that is read.",
        f"left out: {folder}/sheet.xlsx: it is of no format that is read.",
        f"left out: {folder}/two\\nlines\\x1b[2J.png: it is of no format that is read.",
    ]
    assert mistake.startswith(f"The folder {folder} holds no article; Pullquote reads .docx")
