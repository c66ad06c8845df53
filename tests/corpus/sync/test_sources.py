import gzip
import json

import pytest

from corpus.article import Article
from corpus.library.store import Library
from corpus.load import load
from corpus.sync.sources import changed_sources


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path / "home" / "library.sqlite")


def lines(path, records):
    text = "".join(json.dumps(record) + "\n" for record in records)
    data = text.encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)


def put(library, *paths):
    for path in paths:
        for article in load(path):
            with library.writing():
                library.put(article, [])


def test_files_that_are_as_they_were_are_not_reported(tmp_path, library):
    (tmp_path / "ferry.txt").write_text("The ferry sank.")
    lines(tmp_path / "all.jsonl", [{"id": "a", "text": "One."}, {"id": "b#c", "text": "Two."}])
    lines(tmp_path / "all.jsonl.gz", [{"id": "d", "text": "Three."}, {"text": "Four."}])
    put(library, *tmp_path.glob("*.*"))
    assert library.counts()[0] == 5
    assert list(changed_sources(library)) == []


def test_what_has_changed_or_gone_is_reported_once_a_file(tmp_path, library):
    ferry, bell, gone = (tmp_path / name for name in ("ferry.txt", "bell.txt", "gone.md"))
    for file in (ferry, bell, gone):
        file.write_text(f"About {file.name}.")
    records = tmp_path / "all.jsonl"
    lines(records, [{"id": name, "text": f"About {name}."} for name in "abcd"])
    lost = tmp_path / "lost.jsonl"
    lines(lost, [{"id": name, "text": f"About another {name}."} for name in "abcd"])
    put(library, ferry, bell, gone, records, lost)
    bell.write_text("The bell rang.")
    gone.unlink()
    lost.unlink()
    lines(
        records,
        [
            {"id": "c", "text": "About c."},
            {"id": "a", "text": "About A."},
            {"id": "e", "text": "About e."},
            {"id": "d", "text": "About d."},
        ],
    )
    assert sorted(changed_sources(library)) == [
        f"{records} has changed in 2 of the 4 lines that were added, or lost them",
        f"{bell} has changed since it was added",
        f"{gone} is no longer there",
        f"{lost} is no longer there",
    ]


def test_of_two_lines_with_one_id_the_first_counts_as_when_they_are_added(tmp_path, library):
    lines(tmp_path / "all.jsonl", [{"id": "a", "text": "One."}, {"id": "a", "text": "Two."}])
    with library.writing():
        library.put(next(iter(load(tmp_path / "all.jsonl"))), [])
    assert list(changed_sources(library)) == []


def test_web_addresses_and_names_are_not_looked_for(library):
    for number, source in enumerate(("https://example.com/a#b", "TIME/17", "notes.txt")):
        with library.writing():
            library.put(Article(f"a{number}", "A", "Text.", source, sha256="ab"), [])
    assert list(changed_sources(library)) == []


def test_a_file_that_cannot_be_read_is_reported(tmp_path, library):
    name = "x" * 300  # longer than a file name can be
    with library.writing():
        library.put(Article("a", "A", "Text.", f"{tmp_path}/{name}.txt", sha256="ab"), [])
    assert list(changed_sources(library)) == [f"{tmp_path}/{name}.txt cannot be read (File name too long)"]
