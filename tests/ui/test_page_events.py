"""What browsers may send to the page: whatever is sent, the server says what is wrong with it, and stays up and small."""

import asyncio
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.exceptions import HTTPException
from starlette.testclient import TestClient

from rag.pipeline import Pipeline
from rag.settings import Settings
from tests.ui.conftest import FERRY_QUESTION
from ui import gradio_adapter, page_events
from ui.gradio_adapter import CANCEL, EVENT_ROUTES, JOIN, RESET, STREAM
from ui.page_events import MAX_EVENT_BYTES, PageEvents
from ui.server import create_server

HERE = "http://127.0.0.1"
PREDICT = EVENT_ROUTES[1]
FIELDS = (
    "asked turn plainly place verdict address start end text id earlier wanted number words outlet format since until "
    "order page descending begin set mode limit run unknown"
).split()
FILE = {"path": "/etc/passwd", "orig_name": "passwd", "meta": {"_type": "gradio.FileData"}}
OF_OLD = [{"path": path} for path in ("/etc/passwd", "\x00", "x" * 5_000, "")]  # as Gradio knew files before
ELSEWHERE = {"path": "http://127.0.0.1:1/x", "url": "http://127.0.0.1:1/x", "meta": {"_type": "gradio.FileData"}}


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = {"a": [value]}
    return value


PLAIN = [
    None, True, 0, -1, 1, 10**6, 1.5, "", "1", "x" * 10_000, "\ud800", "\x00", "a\udc00b", "../../etc/passwd", [], [[]],
    [None] * 500, {}, {"a": {"b": 1}}, {"": ""}, {"id": "\ud800"}, {"id": {"x": 1}}, {"id": 5}, {"outlet": "\ud800"},
    {"__type__": "update", "value": "x"}, {"__type__": "blobs"}, {"__type__": "stateful"}, {"__class__": "x"},
    {"since": "1999-99"}, {"outlet": ["\ud800"] * 50}, {"article": ["none"]},
]  # fmt: skip
HOSTILE = [
    2**63, 10**400, float("nan"), float("-inf"), nested(30), nested(400), FILE, ELSEWHERE, {"value": FILE}, [FILE],
    *OF_OLD,
]  # fmt: skip
BROKEN = [
    "",
    "[]",
    "nul",
    "{",
    "[" * 100_000,
    '{"a":' * 5_000,
    "5",
    '"x"',
    "1" * 5_000,
    "\xff",
    "x" * MAX_EVENT_BYTES * 2,
]


@pytest.fixture
def served(pipeline: Pipeline, settings: Settings) -> Iterator[TestClient]:
    app = create_server(pipeline, settings.model_copy(update={"rate": 0}))
    with TestClient(app, base_url=HERE, raise_server_exceptions=False) as made:
        yield made


def dependencies(client: TestClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/config").json()["dependencies"]
    return found


def event(dependency: dict[str, Any], session: str = "page1", **changed: Any) -> dict[str, Any]:
    sent = {"data": [None] * len(dependency["inputs"]), "event_data": None, "trigger_id": None}
    return {**sent, "fn_index": dependency["id"], "session_hash": session, **changed}


def named(client: TestClient, component: str, event_name: str) -> dict[str, Any]:
    """The event of this name of the component with this id."""
    names = {one["id"]: one["props"].get("elem_id") for one in client.get("/config").json()["components"]}
    every = [(one, names.get(at), name) for one in dependencies(client) for at, name in one["targets"]]
    return next(one for one, at, name in every if (at, name) == (component, event_name))


def crafted(choose: random.Random, dependency: dict[str, Any], targets: list[int]) -> dict[str, Any]:
    """An event with values that no script sends; every second one is hostile in its structure too."""
    sent = event(
        dependency, f"page{choose.randrange(9)}", trigger_id=choose.choice([None, *targets]), event_id="x",
        data=[choose.choice([None, choose.choice(PLAIN)]) for _ in dependency["inputs"]],
        event_data=choose.choice([choose.choice(PLAIN), {name: choose.choice(PLAIN) for name in choose.sample(FIELDS, 5)}]),
    )  # fmt: skip
    if choose.random() < 0.5:
        key = choose.choice([*sent, "batched", "simple_format", "oauth_token", "unknown"])
        sent[key] = choose.choice(PLAIN + HOSTILE)
        if choose.random() < 0.2:
            del sent[key]
    return sent


@pytest.mark.parametrize("seed", [1, 2])
def test_no_crafted_event_is_a_fault_of_the_server(
    served: TestClient, capsys: pytest.CaptureFixture[str], seed: int
) -> None:
    choose = random.Random(seed)
    every = dependencies(served)
    targets = [target for one in every for target, _ in one["targets"]] + [1, 10**6, -1]
    statuses = set()
    for number in range(400):
        sent = crafted(choose, every[number % len(every)], targets)
        route = choose.choice([PREDICT, PREDICT, PREDICT, JOIN, CANCEL, RESET])
        body = choose.choice(BROKEN) if number % 20 == 0 else json.dumps(sent)
        kind = "text/plain" if number % 30 == 0 else "application/json"
        reply = served.post(route, content=body.encode("utf-8", "surrogatepass"), headers={"content-type": kind})
        statuses.add(reply.status_code)
        assert reply.status_code in {200, 413, 422}, (sent, reply.text)
        if reply.status_code != 200:
            assert reply.json()["error"] == reply.json()["detail"]
    assert statuses >= {200, 422}
    assert served.get("/health").json()["status"] == "ok"
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "")


def test_what_is_too_large_for_an_event_is_told(served: TestClient) -> None:
    reply = served.post(PREDICT, json={"data": ["x" * MAX_EVENT_BYTES]})
    assert (reply.status_code, reply.json()["detail"]) == (
        413, "The page may send 256 KB at once; ask something shorter.",
    )  # fmt: skip


@pytest.mark.parametrize("value", [FILE, ELSEWHERE, {"a": [FILE]}, *OF_OLD, {"a": [OF_OLD[0]]}])
def test_no_file_that_an_event_names_is_looked_for(served: TestClient, value: object) -> None:
    ask = named(served, "question", "submit")
    for data in ([value, {}, "Who?"], [None, value, "Who?"]):
        reply = served.post(JOIN, json=event(ask, data=data))
        assert (reply.status_code, "no event of the page" in reply.json()["detail"]) == (422, True)
    welcome = named(served, "conversation-store", "welcome")
    assert served.post(PREDICT, json=event(welcome, event_data=value)).status_code == 422


def test_each_event_goes_where_the_page_sends_it(served: TestClient) -> None:
    ask, welcome = named(served, "question", "submit"), named(served, "conversation-store", "welcome")
    assert served.post(PREDICT, json=event(ask, data=[{}, {}, "Who?"])).status_code == 422
    assert served.post(JOIN, json=event(welcome)).status_code == 422
    assert served.post(PREDICT, json=event(welcome)).status_code == 200


def test_every_post_of_the_page_counts(pipeline: Pipeline, settings: Settings) -> None:
    app = create_server(pipeline, settings.model_copy(update={"rate": 5}))
    with TestClient(app, base_url=HERE) as client:
        welcome = named(client, "conversation-store", "welcome")
        replies = [client.post(PREDICT, json=event(welcome, f"page{number}")) for number in range(8)]
        assert [reply.status_code for reply in replies] == [200] * 5 + [429] * 3
        assert replies[-1].json()["error"].startswith("You asked more than 5 times in a minute;")
        assert client.post(CANCEL, json={}).status_code == client.post(RESET, json={}).status_code == 429
        assert client.get("/").status_code == 200


def test_so_many_sessions_are_held_and_no_more(served: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    welcome = named(served, "conversation-store", "welcome")
    for number in range(gradio_adapter.MOST_SESSIONS + 20):
        assert served.post(PREDICT, json=event(welcome, f"page{number}")).status_code == 200
    held = served.app.routes[-1]._base_app.state_holder.session_data  # type: ignore[attr-defined]
    assert len(held) == gradio_adapter.MOST_SESSIONS
    assert all(session.state_data == {} for session in held.values())  # none holds a conversation


def test_replies_that_nobody_reads_are_dropped(served: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_events, "MOST_UNREAD", 3)
    ask = named(served, "question", "submit")
    for number in range(12):
        sent = event(ask, f"page{number // 2}", data=[{}, {}, FERRY_QUESTION])
        assert served.post(JOIN, json=sent).status_code == 200
    queue = served.app.routes[-1]._base_app.get_blocks()._queue  # type: ignore[attr-defined]
    assert list(queue.pending_messages_per_session) == ["page3", "page4", "page5"]
    assert list(queue.pending_event_ids_session) == ["page3", "page4", "page5"]
    for number in range(6):
        assert served.post(JOIN, json=event(ask, "page5", data=[{}, {}, FERRY_QUESTION])).status_code == 200, number
    assert len(queue.pending_event_ids_session["page5"]) <= page_events.MAX_EVENTS
    gone = served.get(STREAM, params={"session_hash": "page0"})
    assert (gone.status_code, gone.json()["detail"]) == (
        404, "The server keeps no reply for this page; load the page anew, and ask again.",
    )  # fmt: skip


class Queue:
    """Every page has as many events as allowed; nothing is checked."""

    def __init__(self) -> None:
        self.dropped: list[str] = []

    def check(self, *_: object, **__: object) -> None:
        pass

    def events_of(self, _: str) -> int:
        return page_events.MAX_EVENTS

    async def drop(self, session: str) -> None:
        self.dropped.append(session)


def test_a_page_that_reads_waits_for_what_it_asked_and_has_one_stream() -> None:
    queue, reading = Queue(), asyncio.Event()

    async def streams(scope: Any, *_: Any) -> None:
        if scope["path"] == STREAM:
            reading.set()
            await asyncio.Event().wait()

    events = PageEvents(streams, queue)  # type: ignore[arg-type]

    async def posted() -> None:
        body = json.dumps({"session_hash": "a", "fn_index": 1, "data": []}).encode()
        scope = {"type": "http", "method": "POST", "path": JOIN, "headers": [(b"content-type", b"application/json")]}

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": body}

        await events(scope, receive, None)  # type: ignore[arg-type]

    async def read() -> None:
        scope = {"type": "http", "method": "GET", "path": STREAM, "query_string": b"session_hash=a"}
        await events(scope, None, None)  # type: ignore[arg-type]

    async def run() -> list[int]:
        await posted()
        reader = asyncio.create_task(read())
        await reading.wait()
        refused = []
        for attempt in (read, posted):
            with pytest.raises(HTTPException) as refusal:
                await attempt()
            refused.append(refusal.value.status_code)
        reader.cancel()
        await asyncio.wait([reader])
        await posted()
        return refused

    assert asyncio.run(run()) == [409, 429]
    assert queue.dropped == ["a", "a"]  # before the reader came, and after it had gone
