"""Every way a source can hold no article, and the sentence that says so."""

import os
from pathlib import Path

import pytest

from corpus.article import Article
from corpus.file_format import SUFFIXES
from corpus.load import Refusal, limit_articles, load, longest_article
from corpus.sandbox import reading
from corpus.sourcefile import MAX_BYTES, SourceFile

DATA = Path(__file__).parent / "data"


def refusal(path: Path) -> str:
    [refused] = load(path)
    assert isinstance(refused, Refusal)
    assert refused.source == str(path.resolve())
    return refused.reason


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "a.txt is empty; put the article in it."),
        ("a.pdf", b"", "a.pdf is empty; put the article in it."),
        ("a.jsonl", b"", "a.jsonl is empty; put the article in it."),
        ("a.jsonl", b"\n\n", "a.jsonl is empty; put the articles in it, one a line."),
        ("a.txt", b" \r\n\t\xef\xbb\xbf", "a.txt has no text; put the article in it."),
        ("a.md", b"---\ntitle: T\n---\n", "a.md has no text; put the article in it."),
        (
            "a.html",
            b"<html><body></body></html>",
            "a.html: the page shows no text; save the article itself as text or HTML.",
        ),
        (
            "a.txt",
            bytes(range(256)),
            "a.txt: its bytes are not text in any known encoding; open it in an editor and save it as UTF-8.",
        ),
        ("a.txt", b"%PDF-1.7", "a.txt: it holds binary data, not text; give it the suffix of its format."),
        ("a.pdf", b"junk", "a.pdf: it is no PDF, or a broken one; save or download it again."),
        (
            "a.docx",
            b"junk",
            "a.docx: it is no Word document, or a broken one; open it in a word processor and save it again as .docx.",
        ),
        ("a.rtf", b"x", f"a.rtf is of no format that can be read; use one of {' '.join(SUFFIXES)}."),
        ("README", b"x", f"README is of no format that can be read; use one of {' '.join(SUFFIXES)}."),
    ],
)
def test_refusals_of_files(tmp_path, name, data, reason):
    path = tmp_path / name
    path.write_bytes(data)
    assert refusal(path) == reason


def test_a_name_that_is_not_utf8_is_refused(tmp_path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    path.write_text("The mill closed.", encoding="utf-8")
    assert list(load(path)) == [
        Refusal(f"{tmp_path}/caf\ufffd.txt", "caf\ufffd.txt lies under a name that is not UTF-8; rename it.")
    ]


def test_a_locked_pdf_is_refused():
    assert refusal(DATA / "locked.pdf") == "locked.pdf: it is locked with a password; save a copy without one."


def test_folders_devices_and_what_is_not_there_are_refused(tmp_path):
    (tmp_path / "d.txt").mkdir()
    assert refusal(tmp_path / "d.txt") == "d.txt is no file; name a file, or sync the folder."
    os.mkfifo(tmp_path / "f.txt")
    assert refusal(tmp_path / "f.txt") == "f.txt is a device and no file; name a file."
    (tmp_path / "n.txt").symlink_to("/dev/zero")
    assert [type(item) for item in load(tmp_path / "n.txt")] == [Refusal]
    missing = "cannot be read (No such file or directory); check that it is there and yours to read."
    assert refusal(tmp_path / "no.txt") == f"no.txt {missing}"


def test_an_unreadable_file_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text("Words.")

    def refuse(*args, **kwargs):
        """Opening fails as it does for a file of another user; root may open everything, so modes do not tell."""
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    assert refusal(path) == "a.txt cannot be read (Permission denied); check that it is there and yours to read."


def test_a_file_that_is_too_large_is_refused_unread(tmp_path):
    path = tmp_path / "a.txt"
    with path.open("wb") as handle:
        handle.truncate(MAX_BYTES + 1)
    assert refusal(path) == "a.txt is larger than 64 MB; split it."


@pytest.fixture
def short_articles():
    usual = longest_article()
    limit_articles(2_000)
    yield
    limit_articles(usual)


@pytest.mark.usefixtures("short_articles")
def test_an_article_with_too_many_characters_is_refused(tmp_path):
    for name, data in (("a.txt", "word " * 401), ("a.md", "word " * 401), ("a.html", f"<p>{'word ' * 401}word</p>")):
        path = tmp_path / name
        path.write_text(data)
        assert refusal(path).startswith(f"{name} has 2,0")
        assert refusal(path).endswith(" characters, more than 2,000; split it.")
    path.write_text("<p>The ferry ran aground on Tuesday, and nobody was hurt.</p>")
    [article] = load(path)
    assert article.text == "The ferry ran aground on Tuesday, and nobody was hurt."


@pytest.mark.usefixtures("short_articles")
def test_a_line_with_too_many_characters_is_refused_and_the_others_are_read(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(f'{{"_id": "a", "text": "{"x" * 2_001}"}}\n{{"_id": "b", "text": "Words."}}\n')
    refused, article = load(path)
    assert refused == Refusal(f"{path}#a", "a.jsonl, a has 2,001 characters, more than 2,000; split it.")
    assert isinstance(article, Article)
    assert article.text == "Words."


def test_a_text_that_differs_from_its_source_everywhere_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "MOST_RUNS", 100)
    path = tmp_path / "a.jsonl"
    path.write_text('{"_id": "a", "text": "' + "\\u6e2f" * 101 + '"}\n{"_id": "b", "text": "' + "\\u6e2f" * 99 + '"}\n')
    refused, article = reading.read_file(SourceFile.at(path))
    reason = "a.jsonl, a has marks or escapes in more than 100 places; save its words alone as .txt."
    assert refused == Refusal(f"{path}#a", reason)
    assert article.text == "港" * 99
