"""A large reply leaves memory before it is sent, and comes whole."""

import asyncio
import errno
import gc
import weakref

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from rag.api import large_replies as bounds
from rag.api.large_replies import LARGE_BYTES, LargeReplies

LARGE = "né " * LARGE_BYTES


def full_disk(**_):
    raise OSError(errno.ENOSPC, "No space left on device")


def app_of(text, folder, made=None):
    def reply(_):
        response = PlainTextResponse(text, headers={"x-own": "1"})
        if made is not None:
            made.append(weakref.ref(response))
        return response

    async def pieces(_):
        async def parts():
            for _ in range(3):
                yield text

        return StreamingResponse(parts(), headers={"content-length": str(3 * len(text.encode()))})

    routes = [Route("/", reply), Route("/pieces", pieces)]
    return LargeReplies(Starlette(routes=routes), folder)


@pytest.mark.parametrize("text", ["", "é", "a" * LARGE_BYTES, "a" * (LARGE_BYTES + 1), LARGE])
def test_a_reply_comes_as_it_is(text, tmp_path):
    response = TestClient(app_of(text, tmp_path)).get("/")
    assert (response.status_code, response.text, response.headers["x-own"]) == (200, text, "1")
    assert response.headers["content-length"] == str(len(text.encode()))
    assert list(tmp_path.iterdir()) == []


def test_what_the_app_sends_in_pieces_passes(tmp_path):
    assert TestClient(app_of(LARGE, tmp_path)).get("/pieces").text == 3 * LARGE


def test_a_head_request_has_no_body(tmp_path):
    response = TestClient(app_of(LARGE, tmp_path)).head("/")
    assert response.headers["content-length"] == str(len(LARGE.encode()))


def test_while_a_reply_is_sent_nobody_holds_it(tmp_path):
    made, alive, sizes = [], [], []

    async def send(message):
        gc.collect()
        alive.append(made[0]() is not None)
        sizes.append(len(message.get("body", b"")))

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""}
    asyncio.run(app_of(LARGE, tmp_path, made)(scope, None, send))
    assert not any(alive)
    assert max(sizes) <= 2**16
    assert sum(sizes) == len(LARGE.encode())


def test_where_the_library_s_folder_takes_no_file_another_is_used(tmp_path):
    assert TestClient(app_of(LARGE, tmp_path / "gone")).get("/").text == LARGE


def test_where_there_is_no_room_the_reply_is_a_sentence(tmp_path, monkeypatch):
    with monkeypatch.context() as full:
        full.setattr(bounds, "TemporaryFile", full_disk)
        refused = TestClient(app_of(LARGE, tmp_path)).get("/")
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "10")
    assert refused.json()["detail"].startswith("The server has no room for so large a reply at the moment;")
    monkeypatch.setattr(bounds, "MOST_BYTES", len(LARGE.encode()))
    client = TestClient(app_of(LARGE, tmp_path))
    assert [client.get("/").status_code for _ in range(3)] == [200] * 3  # room is given back
    monkeypatch.setattr(bounds, "MOST_BYTES", len(LARGE.encode()) - 1)
    assert client.get("/").status_code == 503
