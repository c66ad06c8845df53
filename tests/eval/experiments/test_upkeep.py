"""What keeping a library costs: which work is measured, and what its figures say."""

import json
import sys

import pytest

from corpus.library.store import Library
from eval.experiments import upkeep
from eval.experiments.synthetic import scattered, text_library, texts
from index.manifest import fitted
from tests.fakes import HashEncoder


@pytest.fixture
def library(tmp_path):
    encoder = HashEncoder()
    real = encoder.encode_passages(list(texts(20)))
    return text_library(tmp_path / "library.sqlite", scattered(real, 40), fitted(encoder.card))


def test_a_spread_is_the_median_and_the_most():
    assert upkeep.spread([0.4, 0.1, 0.3]) == {"seconds": 0.3, "most_seconds": 0.4}
    assert upkeep.spread([0.2, 0.1], [30, 10, 90]) == {
        "seconds": 0.15, "most_seconds": 0.2, "bytes": 30, "most_bytes": 90,
    }  # fmt: skip


def test_each_article_that_is_added_is_removed_again(library):
    before = library.counts()
    added, removed = upkeep.measure_changes(library, HashEncoder())
    assert library.counts() == before == (4, 40)
    assert library.generation > 2 * upkeep._TIMES
    assert [one["what"] for one in (added, removed)] == [
        "one article added and searched", "one article removed and searched",
    ]  # fmt: skip
    for one in (added, removed):
        assert one["passages"] == 40
        assert 0 < one["seconds"] <= one["most_seconds"] < 10
        assert 0 <= one["bytes"] <= one["most_bytes"]


def test_a_folder_is_followed_four_times_and_read_once(library, tmp_path, monkeypatch):
    monkeypatch.setattr(upkeep, "_SETTLED", 0)
    figures = list(upkeep.measure_sync(tmp_path, library, HashEncoder(), 3))
    assert [one["what"].partition(": ") for one in figures] == [
        ("sync of 3 files", ": ", what)
        for what in ("first", "again, files still in doubt", "again, nothing changed", "again, nothing changed")
    ]
    assert library.counts()[0] == 4 + 3
    assert {header.source.rpartition("/")[2] for header in library.headers()} >= {"0.txt", "1.txt", "2.txt"}


def test_articles_are_added_to_a_new_library_each_time(tmp_path):
    file = tmp_path / "two.jsonl"
    file.write_text("".join(json.dumps({"id": name, "text": f"The {name} sailed."}) + "\n" for name in ("a", "b")))
    for _ in range(2):
        figures = upkeep.adding(tmp_path, file, HashEncoder)
        assert figures["what"] == "2 articles added"
        assert figures["peak_mb"] > 10
    assert Library(tmp_path / "two-memory.sqlite").counts() == (2, 2)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says how much was written")
def test_bytes_that_are_written_are_counted(tmp_path):
    before = upkeep.bytes_written()
    (tmp_path / "file").write_bytes(b"x" * 100_000)
    assert upkeep.bytes_written() - before == pytest.approx(100_000, abs=5_000)
