"""Readiness reads the library as a new process would, and no reply comes from a file that is gone."""

import os
import shutil
import sqlite3
from contextlib import closing

import pytest

from corpus.library.backup import backup
from corpus.library.store import Library
from index.ingest import add
from index.maintenance.restore import restore
from tests.fakes import HashEncoder
from tests.rag.conftest import CANNERY, article

GONE = "The library file was deleted, or another was put in its place, since the server began; start the server again."
READS = [
    ("GET", "/health", None), ("GET", "/v1/articles", None), ("GET", "/v1/articles/ferry", None),
    ("GET", "/v1/articles/ferry/view", None), ("POST", "/v1/answer", {"question": "Was anybody hurt?"}),
    ("POST", "/v1/search", {"query": "ferry"}), ("POST", "/v1/quotes/locate", {"quote": "ran aground"}),
    ("DELETE", "/v1/articles/ferry", None),
]  # fmt: skip


@pytest.fixture
def other(tmp_path):
    """A backup of another library."""
    with closing(Library(tmp_path / "other.sqlite")) as library:
        list(add(library, HashEncoder(), [article("ferry", CANNERY)]))
        backup(library, tmp_path / "other.backup", force=False, progress=lambda *_: None)
    return tmp_path / "other.backup"


def test_a_library_that_can_be_asked_is_ready(client):
    reply = client.get("/health/ready")
    assert (reply.status_code, reply.json()) == (200, {"status": "ready"})


@pytest.mark.parametrize("change", ["deleted", "replaced", "garbage"])
def test_no_reply_comes_from_a_file_that_is_gone(client, library, other, change):
    for method, path, body in READS[:-1]:
        assert client.request(method, path, json=body).status_code == 200
    library.path.unlink()
    if change != "deleted":
        shutil.copyfile(other, library.path)
    if change == "garbage":
        library.path.write_bytes(os.urandom(5000))
    for method, path, body in [("GET", "/health/ready", None), *READS]:
        reply = client.request(method, path, json=body)
        assert (path, reply.status_code, reply.json()) == (path, 503, {"detail": GONE})
    assert library.path.exists() == (change != "deleted")


def test_garbage_written_over_the_library_is_not_ready(client, library):
    assert client.get("/health/ready").status_code == 200
    library.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    library.path.write_bytes(os.urandom(library.path.stat().st_size))
    reply = client.get("/health/ready")
    assert reply.status_code == 503
    assert reply.json()["detail"].startswith(("The library cannot be read or written", "The library file was deleted"))


def test_a_word_index_that_is_gone_is_not_ready(client, library):
    with closing(sqlite3.connect(library.path)) as connection:
        connection.execute("DELETE FROM words_data")
        connection.commit()
    assert client.get("/health/ready").status_code == 503


def test_what_is_restored_while_the_server_runs_is_served_whole(client, library, other):
    before = client.get("/v1/articles/ferry").json()["text"]
    assert restore(library.path, other, force=True, progress=lambda *_: None)
    assert client.get("/health/ready").status_code == 200
    assert client.get("/v1/articles/ferry").json()["text"] == CANNERY != before
    assert client.get("/v1/articles").json()["total"] == 1
    answer = client.post("/v1/search", json={"query": "Hollin Quay cannery"}).json()
    assert {one["article_id"] for one in answer["hits"]} == {"ferry"}
    assert all(one["text"] in CANNERY for one in answer["hits"])
