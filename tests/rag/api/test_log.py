import asyncio
import io
import json
import re
import sqlite3

import pytest
from starlette.requests import ClientDisconnect
from starlette.testclient import TestClient

from rag.api.app import create_app
from rag.api.log import RequestLog, logger
from tests.rag.api.conftest import HERE, opened, settings

QUESTION = "Was anybody on board hurt?"
TOKEN = "a-token-that-nobody-guesses"


@pytest.fixture
def lines():
    """What was logged meanwhile, line by line."""
    log = io.StringIO()
    handler = logger().handlers[0]
    before = handler.setStream(log)
    yield lambda: [json.loads(line) for line in log.getvalue().splitlines()]
    handler.setStream(before)


def failing(pipeline, fault, **given):
    """A client of a server whose library says so when its articles are counted."""

    class Broken(type(pipeline.library)):
        def counts(self):
            raise fault

    pipeline.library.__class__ = Broken
    return opened(pipeline, **given)


def test_a_request_is_a_line(pipeline, lines):
    client = opened(pipeline, log="requests")
    response = client.post("/v1/answer", json={"question": QUESTION})
    (line,) = lines()
    assert line.pop("ms") > 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}", line.pop("time"))
    assert line == {
        "level": "INFO", "message": "request", "request_id": response.headers["x-request-id"], "method": "POST", "route": "/v1/answer", "status": 200,
    }  # fmt: skip


@pytest.mark.parametrize(("method", "path", "logged"), [
    ("GET", "/v1/articles/ferry", ("GET", "/v1/articles/{article_id}", 200)), ("GET", "/v1/articles/a-secret-name", ("GET", "/v1/articles/{article_id}", 404)),
    ("GET", "/v1/articles?author=a-secret-name", ("GET", "/v1/articles", 200)), ("GET", "/v1/articles?secret=1", ("GET", "/v1/articles", 422)), ("GET", "/a-secret-name", ("GET", "other", 404)),
    ("PATCH", "/v1/answer", ("PATCH", "/v1/answer", 405)), ("GET", "/health", ("GET", "/health", 200)), ("GET", "/openapi.json", ("GET", "other", 200)),
    ("POST", "/mcp", ("POST", "/mcp", 503)), ("ASECRETNAME", "/v1/answer", ("other", "/v1/answer", 405)),
])  # fmt: skip
def test_of_an_address_only_its_kind_is_logged(pipeline, lines, method, path, logged):
    opened(pipeline, log="requests").request(method, path)
    (line,) = lines()
    assert (line["method"], line["route"], line["status"]) == logged
    assert "secret" not in json.dumps(line).lower()


@pytest.mark.parametrize(("level", "asked"), [("requests", None), ("questions", [QUESTION])])
def test_what_was_asked_is_logged_only_if_the_settings_say_so(pipeline, lines, level, asked):
    client = opened(pipeline, log=level)
    client.post("/v1/answer", json={"question": f" {QUESTION} "})
    client.post("/v1/answers", json={"questions": [QUESTION, "Who?"]})
    client.post("/v1/search", json={"query": QUESTION})
    client.post("/v1/quotes/locate", json={"quote": QUESTION})
    client.post("/v1/drafts/check", json={"draft": QUESTION})
    client.post("/v1/answer", json={"question": QUESTION, "stream": True})
    client.post("/v1/answer", json={"question": ""})
    seen = [line.get("asked") for line in lines()]
    assert seen == [None] * 7 if asked is None else [asked, [QUESTION, "Who?"], asked, asked, asked, asked, None]
    assert (QUESTION in json.dumps(lines())) is (level == "questions")


def test_good_requests_and_the_askers_mistakes_are_not_errors(pipeline, lines):
    client = opened(pipeline, log="errors")
    for path in ("/health", "/v1/articles", "/v1/articles/gone", "/gone", "/v1/articles?x=1", "/metrics"):
        client.get(path)
    client.post("/v1/answer", json={"question": QUESTION})
    assert lines() == []


@pytest.mark.parametrize("level", ["errors", "requests", "questions"])
def test_an_error_goes_to_the_log_whole_and_to_who_asked_as_a_sentence(pipeline, lines, level):
    response = failing(pipeline, KeyError("a secret of the server"), log=level).get(
        "/health", headers={"x-request-id": "mine"}
    )
    assert response.status_code == 500
    assert response.json() == {"detail": "The server failed at this; its log says how, under the id mine."}
    assert response.headers["x-request-id"] == "mine"
    (line,) = lines()
    assert (line["level"], line["status"], line["request_id"], line["route"]) == ("ERROR", 500, "mine", "/health")
    assert line["exc_info"].startswith("Traceback")
    assert line["exc_info"].endswith("KeyError: 'a secret of the server'")


def test_a_library_that_cannot_be_read_is_logged_with_the_cause(pipeline, lines):
    response = failing(pipeline, sqlite3.OperationalError("disk I/O error at /a/path"), log="errors").get("/health")
    assert (response.status_code, response.headers["retry-after"]) == (503, "1")
    sentence = (
        "The library cannot be read or written at the moment; try again, and see `pullquote status` if it stays so."
    )
    assert response.json() == {"detail": sentence}
    (line,) = lines()
    assert (line["status"], line["level"]) == (503, "ERROR")
    assert line["exc_info"].endswith("sqlite3.OperationalError: disk I/O error at /a/path")


FAILED = '{"detail":"The server failed at this; its log says how.","status":500,"retry_after":null}'
UNREADABLE = (
    '{"detail":"The library cannot be read or written at the moment; try again, and see `pullquote status` if it stays '
    'so.","status":503,"retry_after":1}'
)


@pytest.mark.parametrize(
    ("fault", "told"),
    [(KeyError("a secret of the server"), FAILED), (sqlite3.OperationalError("disk I/O error"), UNREADABLE)],
)
def test_an_error_after_the_reply_has_begun_is_told_in_the_stream_and_logged(pipeline, lines, fault, told):
    class Breaks(type(pipeline.reader)):
        def read_all(self, asked):
            raise fault

    pipeline.reader.__class__ = Breaks
    response = opened(pipeline, log="errors").post("/v1/answer", json={"question": QUESTION, "stream": True})
    assert response.status_code == 200
    assert [line for line in response.text.split("\n") if line.startswith("event: ")] == [
        "event: passages",
        "event: error",
    ]
    assert response.text.endswith(f"data: {told}\n\n")
    assert lines()[0]["exc_info"].endswith(f"{type(fault).__name__}: {fault}")


@pytest.mark.parametrize("brought", ["abc-123_X", "x" * 64])
def test_an_id_that_was_brought_along_is_used(pipeline, lines, brought):
    response = opened(pipeline, log="requests").get("/health", headers={"x-request-id": brought})
    assert response.headers["x-request-id"] == lines()[0]["request_id"] == brought


@pytest.mark.parametrize("brought", ["", "x" * 65, "a b", 'a"}\\n{"b', "é", "../x", "a\tb"])
def test_an_id_that_is_none_is_not(pipeline, lines, brought):
    response = opened(pipeline, log="requests").get("/health", headers={"x-request-id": brought.encode()})
    made = response.headers["x-request-id"]
    assert re.fullmatch("[0-9a-f]{32}", made)
    assert lines()[0]["request_id"] == made


def test_every_refusal_has_an_id_and_a_line(pipeline, lines):
    client = TestClient(create_app(pipeline, settings(log="requests", token=None, rate=1)), base_url=HERE)
    refusals = [
        client.get("/health", headers={"host": "evil.example"}), client.get("/health", headers={"origin": "null"}),
        client.post("/v1/answer", content=b" " * 3_000_000), client.get("/v1/models"),
    ]  # fmt: skip
    assert [one.status_code for one in refusals] == [400, 403, 413, 429]
    assert [line["status"] for line in lines()] == [400, 403, 413, 429]
    assert [line["request_id"] for line in lines()] == [one.headers["x-request-id"] for one in refusals]


def test_no_token_is_logged_wherever_it_stands(pipeline, lines):
    from hashlib import sha256

    client = opened(pipeline, log="questions", token_sha256=sha256(TOKEN.encode()).hexdigest())
    client.get("/v1/articles", headers={"authorization": f"Bearer {TOKEN}"})
    client.get(f"/v1/articles?token={TOKEN}", follow_redirects=False)
    client.get("/v1/articles", headers={"authorization": f"Bearer {TOKEN}-wrong"})
    client.get(f"/v1/articles?token={TOKEN}-wrong")
    assert [line["status"] for line in lines()] == [200, 303, 401, 422]  # the last has the cookie
    assert TOKEN not in json.dumps(lines())
    assert TOKEN[:12] not in json.dumps(lines())


def test_who_breaks_off_an_upload_is_no_failure_of_the_server(lines):
    async def reading(scope, receive, send):
        raise ClientDisconnect

    told = []

    class Counting:
        def answered(self, method, route, status, seconds):
            told.append((method, route, status))

    app = RequestLog(reading, settings(log="errors"), Counting())
    asyncio.run(app({"type": "http", "method": "POST", "path": "/v1/articles", "headers": []}, None, None))
    assert told == [("POST", "other", 499)]
    assert lines() == []
