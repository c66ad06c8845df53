"""Deletions undone over HTTP."""

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from index.ingest import add
from rag.api.app import create_app
from rag.api.removals import MOST_KEPT, NothingToPutBack, Removals
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.ui.conftest import FERRY, filled


@pytest.fixture
def client(tmp_path):
    pipeline = filled(tmp_path, HashEncoder())
    settings = Settings(home=tmp_path, token=None)
    with TestClient(create_app(pipeline, settings), base_url="http://127.0.0.1") as made:
        made.library = pipeline.library
        yield made
    pipeline.library.close()


def test_what_was_deleted_comes_back_once(client) -> None:
    header = client.delete("/v1/articles/ferry").json()
    assert client.get("/v1/articles/ferry").status_code == 404
    back = client.post("/v1/articles/ferry/restore")
    assert (back.status_code, back.json()) == (200, header)
    assert client.get("/v1/articles/ferry").json()["text"] == FERRY.text
    again = client.post("/v1/articles/ferry/restore")
    assert again.status_code == 404
    assert again.json()["detail"] == "No article 'ferry' was taken out lately; add its source again."


def test_what_came_in_again_is_a_conflict(client) -> None:
    client.delete("/v1/articles/ferry")
    list(add(client.library, HashEncoder(), [replace(FERRY, id="other")]))
    refused = client.post("/v1/articles/ferry/restore")
    assert refused.status_code == 409
    assert "is in the library again" in refused.json()["detail"]


@pytest.mark.parametrize("name", ["never", "..", "%2E%2E", "🥐", "x" * 3000])
def test_what_was_never_there_is_not_found(client, name: str) -> None:
    assert client.post(f"/v1/articles/{name}/restore").status_code == 404


def test_only_the_latest_are_remembered() -> None:
    removals = Removals()
    for number in range(MOST_KEPT + 1):
        removals.keep(replace(FERRY, id=str(number)))
    assert removals.get(str(MOST_KEPT)).id == str(MOST_KEPT)
    with pytest.raises(NothingToPutBack):
        removals.get("0")
    removals.keep(replace(FERRY, id="large", text="x" * 60_000_000))
    with pytest.raises(NothingToPutBack):
        removals.get("large")
