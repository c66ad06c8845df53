"""Errors at the addresses of OpenAI's clients have its shape beside ours; at our own addresses they have ours alone."""

import asyncio
import json

import pytest
from pydantic import SecretStr
from starlette.requests import Request

from corpus.library.faults import LibraryBusy
from rag.api.access.rate_limit import TooMany
from rag.api.event_stream import Event, event_response
from rag.api.refusal import openai_error
from tests.rag.api.conftest import opened

THEIRS = ["/v1/chat/completions", "/v1/models", "/v1/models/pullquote", "/v1/responses", "/v1/embeddings"]
UNKNOWN = [
    "/v1/completions",
    "/v1/nothing",
    "/v1/chat/nothing",
    "/v1/responses/resp_1/input_items",
    "/v1/audio/speech",
    "/v1/models/",
    "/v1/",
]
OWN = [
    "/v1/answer",
    "/v1/answers",
    "/v1/search",
    "/v1/quotes/locate",
    "/v1/drafts/check",
    "/v1/feedback",
    "/v1/articles/gone",
    "/v1/jobs/gone",
]


def checked(response, status, *, code=None, field=None):
    """The sentence of an error of both shapes."""
    body = response.json()
    kind = "server_error" if status >= 500 else "invalid_request_error"
    assert (response.status_code, body.keys()) == (status, {"detail", "error"})
    assert body["error"] == {"message": body["detail"], "type": kind, "param": field, "code": code}
    return body["detail"]


@pytest.mark.parametrize("path", UNKNOWN)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_address_that_is_not_there(client, path, method):
    assert checked(client.request(method, path), 404) == "There is nothing at this address; /docs lists what there is."


@pytest.mark.parametrize(("path", "method", "allowed"), [
    ("/v1/chat/completions", "GET", "POST"), ("/v1/responses", "GET", "POST"), ("/v1/embeddings", "PUT", "POST"),
    ("/v1/models", "POST", "GET"), ("/v1/models/pullquote", "DELETE", "GET"),
])  # fmt: skip
def test_a_method_that_is_not_taken(client, path, method, allowed):
    response = client.request(method, path)
    assert checked(response, 405) == f"This address takes no {method}; /docs lists what it takes."
    assert response.headers["allow"] == allowed


def test_a_model_that_is_not_there(client):
    assert checked(client.get("/v1/models/gpt-4o"), 404, code="model_not_found", field="model").startswith(
        "There is no"
    )


@pytest.mark.parametrize("path", [path for path in THEIRS if "models" not in path])
def test_a_body_that_cannot_be_taken(client, path):
    checked(client.post(path, content=b"{", headers={"content-type": "application/json"}), 422)
    checked(client.post(path, content=b"x" * (2**21 + 1)), 413)
    checked(client.post(path, json={"input": "x", "messages": [{}], "model": 7}), 422, field="model")


@pytest.mark.parametrize("path", [*THEIRS, *UNKNOWN])
def test_who_asks_too_often(pipeline, path):
    client = opened(pipeline, rate=1)
    client.get("/v1/models")
    response = client.get(path)
    checked(response, 429, code="rate_limit_exceeded")
    assert response.headers["retry-after"].isdecimal()


@pytest.mark.parametrize("path", [*THEIRS, *UNKNOWN])
def test_who_has_no_token(pipeline, path):
    checked(opened(pipeline, token=SecretStr("a secret of many letters")).get(path), 401, code="invalid_api_key")


def test_the_description_says_which_addresses_have_both_shapes(client):
    paths = client.get("/openapi.json").json()["paths"]
    shapes = {
        path: {reply["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2] for reply in replies}
        for path, methods in paths.items()
        for replies in [[one["responses"][status] for one in methods.values() for status in ("404", "422", "429")]]
    }
    both = {path for path, found in shapes.items() if found == {"OpenAIProblem"}}
    assert both == {"/v1/chat/completions", "/v1/models", "/v1/models/{model}", "/v1/responses", "/v1/embeddings"}
    assert {name for path in shapes.keys() - both for name in shapes[path]} == {"Problem"}
    assert {path for path in paths if openai_error(path, "", 422)} == both


@pytest.mark.parametrize("path", OWN)
def test_our_own_addresses_have_our_shape_alone(client, path):
    for response in (client.post(path, json={"nothing": 1}), client.put(path), client.get(path + "/nothing/at/all")):
        assert response.status_code in {404, 405, 422}
        assert response.json().keys() == {"detail"}


def sent(path, fault):
    """The events of a stream at a path that fails after the first."""

    async def events():
        yield Event("", {"n": 1})
        raise fault

    async def body():
        response = await event_response(
            Request({"type": "http", "path": path, "headers": []}), events(), b"data: [DONE]\n\n"
        )
        return b"".join([bytes(part) async for part in response.body_iterator]).decode()

    return asyncio.run(body())


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/responses"])
@pytest.mark.parametrize(("fault", "status", "code"), [
    (TooMany(5, 7), 429, "rate_limit_exceeded"), (LibraryBusy("x"), 503, None), (KeyError("x"), 500, None),
])  # fmt: skip
def test_an_error_in_a_stream(path, fault, status, code):
    told = sent(path, fault).split("event: error\ndata: ")[1]
    data = json.loads(told)  # nothing comes after it
    assert data["error"] == openai_error(path, data["detail"], status)
    assert (data["status"], data["type"], data["message"], data["code"]) == (status, "error", data["detail"], code)


def test_an_error_in_a_stream_of_our_own():
    data = json.loads(sent("/v1/answer", TooMany(5, 7)).split("event: error\ndata: ")[1])
    assert data.keys() == {"detail", "status", "retry_after"}
