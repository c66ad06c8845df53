import asyncio
import socket
import time
from contextlib import ExitStack, contextmanager

import httpx
import pytest
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, StreamingResponse

from corpus.deadline import check_deadline
from rag.api.access.disconnect import CancelOnDisconnect
from rag.api.app import create_app
from tests.rag.api.conftest import settings
from tests.rag.api.serving import serving


def scope(path="/v1/answer"):
    return {"type": "http", "method": "POST", "path": path, "headers": [], "query_string": b"", "asgi": {}}


class Client:
    """Sends these messages, then waits until it goes; keeps what it is sent."""

    def __init__(self, *messages):
        self.messages, self.gone, self.got = list(messages), asyncio.Event(), []

    async def receive(self):
        if self.messages:
            return self.messages.pop(0)
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        self.got.append(message["type"])


def part(body, more):
    return {"type": "http.request", "body": body, "more_body": more}


def test_a_request_ends_as_soon_as_its_client_has_gone():
    ended = []

    async def app(scope, receive, send):
        try:
            await Request(scope, receive).body()
            await asyncio.sleep(60)
        finally:
            ended.append("cancelled")

    async def ask():
        client = Client(part(b"{}", more=False))
        asyncio.get_running_loop().call_later(0.05, client.gone.set)
        with pytest.raises(ClientDisconnect):
            await CancelOnDisconnect(app)(scope(), client.receive, client.send)
        assert asyncio.current_task().cancelling() == 0

    asyncio.run(asyncio.wait_for(ask(), 10))
    assert ended == ["cancelled"]


def test_a_reply_is_sent_whole_and_its_body_is_received_whole():
    async def app(scope, receive, send):
        body = await Request(scope, receive).body()
        await PlainTextResponse(body)(scope, receive, send)
        await asyncio.sleep(0.05)  # the server tells of a disconnect after each reply

    async def ask():
        client = Client(part(b"a", more=True), part(b"b", more=True), part(b"c", more=False))
        send = client.send

        async def send_and_go(message):
            await send(message)
            if message["type"] == "http.response.body":
                assert message["body"] == b"abc"
                client.gone.set()

        await CancelOnDisconnect(app)(scope(), client.receive, send_and_go)
        return client.got

    assert asyncio.run(ask()) == ["http.response.start", "http.response.body"]


def test_a_body_is_received_only_as_it_is_read():
    client = Client(*(part(b"x", more=True) for _ in range(100)))

    async def app(scope, receive, send):
        await receive()
        await asyncio.sleep(0.05)

    async def ask():
        await CancelOnDisconnect(app)(scope(), client.receive, client.send)

    asyncio.run(ask())
    assert len(client.messages) >= 97


def test_a_stream_that_has_begun_ends_quietly():
    async def endless():
        while True:
            yield b"x"
            await asyncio.sleep(0.01)

    async def ask():
        client = Client()
        asyncio.get_running_loop().call_later(0.1, client.gone.set)
        await CancelOnDisconnect(StreamingResponse(endless()))(scope(), client.receive, client.send)
        return client.got

    assert asyncio.run(asyncio.wait_for(ask(), 10))[0] == "http.response.start"


@pytest.mark.parametrize("path", ["/gradio_api/queue/join", "/health"])
def test_what_is_not_of_the_api_is_left_alone(path):
    async def app(scope, receive, send):
        await asyncio.sleep(0.05)
        await PlainTextResponse("done")(scope, receive, send)

    async def ask():
        client = Client()
        client.gone.set()
        await CancelOnDisconnect(app)(scope(path), client.receive, client.send)
        return client.got

    assert asyncio.run(ask()) == ["http.response.start", "http.response.body"]


def test_a_cancellation_by_the_server_is_no_disconnect():
    async def app(scope, receive, send):
        await asyncio.sleep(60)

    async def ask():
        client = Client()
        asked = asyncio.ensure_future(CancelOnDisconnect(app)(scope(), client.receive, client.send))
        await asyncio.sleep(0.01)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked

    asyncio.run(ask())


@contextmanager
def asking(address, path, body):
    """A connection on which a request was sent, and which is closed without waiting for the reply."""
    host, port = address.removeprefix("http://").split(":")
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n"
    kinds = "Content-Type: application/json\r\nAccept: application/json, text/event-stream\r\n\r\n"
    with socket.create_connection((host, int(port)), 10) as connection:
        connection.sendall((head + kinds).encode() + body)
        yield


class Stalled:
    """A retriever that is busy until its deadline is over, and notes when a search begins and ends."""

    def __init__(self, retriever):
        self.begun, self.ended = [], []
        self.repaired = retriever.repaired
        self._search = retriever.search

    def search(self, query, *arguments, **options):
        if "busy" not in query:
            return self._search(query, *arguments, **options)
        self.begun.append(query)
        try:
            for _ in range(3_000):
                check_deadline()
                time.sleep(0.01)
        finally:
            self.ended.append(query)
        raise AssertionError("nothing ended the search")


def until(is_so):
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize(("path", "body"), [
    ("/v1/answer", b'{"question": "busy"}'), ("/v1/answer", b'{"question": "busy", "stream": true}'),
    ("/v1/answers", b'{"questions": ["busy", "busy?"]}'), ("/v1/search", b'{"query": "busy"}'),
    ("/v1/quotes/locate", b'{"quote": "busy"}'),
    ("/v1/chat/completions", b'{"messages": [{"role": "user", "content": "busy"}]}'),
    ("/mcp", b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "ask", "arguments": {"question": "busy"}}}'),
])  # fmt: skip
def test_the_work_of_a_client_that_has_gone_ends_and_its_place_is_free(pipeline, path, body):
    pipeline.retriever = stalled = Stalled(pipeline.retriever)
    app = create_app(pipeline, settings())
    with serving(app) as address:
        with ExitStack() as clients:
            for _ in range(6):
                clients.enter_context(asking(address, path, body))
            until(lambda: len(stalled.begun) == 4)  # as many as there are threads; two wait
        until(lambda: len(stalled.ended) == len(stalled.begun) and app.state.shared.inference._under_way == 0)
        reply = httpx.post(f"{address}/v1/answer", json={"question": "Was anybody hurt?"}, timeout=10)
        assert reply.status_code == 200


def test_work_whose_time_is_over_ends_and_is_told_of(pipeline):
    pipeline.retriever = stalled = Stalled(pipeline.retriever)
    app = create_app(pipeline, settings(seconds=0.3))
    with serving(app) as address:
        reply = httpx.post(f"{address}/v1/quotes/locate", json={"quote": "busy"}, timeout=10)
        assert reply.status_code == 503
        assert reply.json()["detail"].startswith("More is asked of this server than it can answer in time; try again")
        until(lambda: stalled.ended == ["busy"] and app.state.shared.inference._under_way == 0)
