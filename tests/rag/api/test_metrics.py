import asyncio

import pytest
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST as OPEN_METRICS
from prometheus_client.parser import text_string_to_metric_families

from index.ingest import add, remove
from rag.answer import LibraryState, Reply
from rag.api.log import RequestLog
from rag.api.metrics import Metrics
from tests.fakes import HashEncoder
from tests.rag.api.conftest import opened, settings
from tests.rag.conftest import article

QUESTION = "Was anybody on board hurt?"
ABSTENTION = "pullquote_abstentions_total"


def samples(client):
    """Every sample by its name and labels, as Prometheus reads them."""
    response = client.get("/metrics")
    assert response.headers["content-type"] == "text/plain; version=1.0.0; charset=utf-8" != OPEN_METRICS
    families = list(text_string_to_metric_families(response.text))
    assert len({family.name for family in families}) == len(families)
    assert all(family.documentation for family in families)
    return {(one.name, *sorted(one.labels.items())): one.value for family in families for one in family.samples}


def counted(client, name):
    return {key[1:]: value for key, value in samples(client).items() if key[0] == name}


def test_questions_and_abstentions_are_counted_by_reason(client):
    before = samples(client)
    assert before["pullquote_questions_total",] == 0
    assert counted(client, ABSTENTION) == {}
    client.post("/v1/answer", json={"question": QUESTION, "threshold": 0})
    client.post("/v1/answer", json={"question": QUESTION, "threshold": 1})
    client.post("/v1/answer", json={"question": QUESTION, "filter": {"since": "2027"}, "stream": True})
    client.post("/v1/answers", json={"questions": [QUESTION, "?!", QUESTION], "threshold": 1})
    client.post("/v1/answer", json={"question": ""})  # was not replied to
    client.post("/v1/search", json={"query": QUESTION})  # is no question
    assert samples(client)["pullquote_questions_total",] == 6
    assert counted(client, ABSTENTION) == {
        (("reason", "weak_evidence"),): 3, (("reason", "nothing_passes"),): 1, (("reason", "no_words"),): 1,
    }  # fmt: skip


def test_chat_and_streams_count_too(client):
    asked = {"messages": [{"role": "user", "content": QUESTION}], "threshold": 1}
    client.post("/v1/chat/completions", json=asked)
    client.post("/v1/chat/completions", json=asked | {"stream": True})
    client.post("/v1/answer", json={"question": QUESTION, "threshold": 1, "stream": True})
    assert samples(client)["pullquote_questions_total",] == 3
    assert counted(client, ABSTENTION) == {(("reason", "weak_evidence"),): 3}


def test_seconds_are_counted_by_stage(client):
    for _ in range(3):
        client.post("/v1/answer", json={"question": QUESTION})
    counts = counted(client, "pullquote_stage_seconds_count")
    assert {key[0][1]: value for key, value in counts.items() if key[0][1] != "wait"} == {
        "retrieve": 3,
        "read": 3,
        "decide": 3,
        "cite": 3,
    }
    assert counts[(("stage", "wait"),)] == 4  # with one for these figures


def test_a_replys_milliseconds_are_seconds(library):
    metrics = Metrics(library)
    state = LibraryState(1, "encoder", "reader")
    metrics.replied(Reply("Q", True, "nothing_near", (), (), {"read": 250.0}, state))
    metrics.replied(Reply("Q", True, "nothing_near", (), (), {"read": 50.0}, state))
    metrics.waited(2.0)
    read = metrics._registry.get_sample_value
    assert read("pullquote_stage_seconds_sum", {"stage": "read"}) == pytest.approx(0.3)
    assert [
        read("pullquote_stage_seconds_bucket", {"stage": "read", "le": le})
        for le in ("0.025", "0.05", "0.1", "0.25", "+Inf")
    ] == [0, 1, 1, 2, 2]
    assert read("pullquote_stage_seconds_sum", {"stage": "wait"}) == 2
    assert read("pullquote_abstentions_total", {"reason": "nothing_near"}) == 2


def test_requests_are_counted_by_route_and_status_and_by_no_name_that_somebody_invents(client):
    for path in ("/v1/articles/ferry", "/v1/articles/cannery", "/v1/articles/gone", "/gone/1", "/gone/2"):
        client.get(path)
    for method in ("INVENTED", "MADEUP", "PUT"):
        client.request(method, "/v1/articles/ferry")
    requests = {
        tuple(value for _, value in key): count for key, count in counted(client, "pullquote_requests_total").items()
    }
    assert requests == {
        ("GET", "/v1/articles/{article_id}", "200"): 2, ("GET", "/v1/articles/{article_id}", "404"): 1, ("GET", "other", "404"): 2,
        ("other", "/v1/articles/{article_id}", "405"): 2, ("PUT", "/v1/articles/{article_id}", "405"): 1,
    }  # fmt: skip
    assert counted(client, "pullquote_request_seconds_count")[(("route", "/v1/articles/{article_id}"),)] == 6


def test_the_library_is_as_it_is_when_it_is_asked_for(client, library):
    def size():
        found = samples(client)
        return [found[f"pullquote_library_{name}",] for name in ("articles", "passages", "generation")]

    assert size() == [2, 2, 1]
    list(add(library, HashEncoder(), [article("bell", "The bell of Merrin came home.")]))
    assert size() == [3, 3, 2]
    remove(library, ["bell", "ferry"])
    assert size() == [1, 1, 3]
    assert samples(client)["pullquote_library_bytes",] == library.size > 0


def test_each_server_counts_for_itself(pipeline):
    first, second = opened(pipeline), opened(pipeline)
    first.post("/v1/answer", json={"question": QUESTION})
    assert samples(first)["pullquote_questions_total",] == 1
    assert samples(second)["pullquote_questions_total",] == 0


def test_who_cannot_be_answered_before_the_server_stops_is_told_so_and_counted(library):
    metrics, sent = Metrics(library), []

    async def slow(scope, receive, send):
        await asyncio.sleep(10)

    async def send(message):
        sent.append(message)

    async def ask():
        app = RequestLog(slow, settings(), metrics)
        asked = asyncio.ensure_future(app({"type": "http", "method": "GET", "path": "/x", "headers": []}, None, send))
        await asyncio.sleep(0)
        asked.cancel()
        await asked

    asyncio.run(ask())
    assert [message.get("status") for message in sent] == [503, None]
    assert b"The server stops, and could not finish this in time; try again when it is back." in sent[1]["body"]
    labels = {"method": "GET", "route": "other"}
    assert metrics._registry.get_sample_value("pullquote_requests_total", labels | {"status": "503"}) == 1
