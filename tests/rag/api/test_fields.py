"""Bodies of requests: an optional field that is null is not set, in every one of them and in their parts."""

import inspect
from typing import Literal, get_args, get_origin

import pytest
from pydantic import BaseModel

from rag.api.app import _ROUTERS
from rag.api.fields import Body
from rag.api.routes.add_articles import Addresses
from rag.api.routes.chat_completions import ChatRequest
from rag.api.routes.mcp_server import _TOOLS

QUESTION = {"question": "Was anybody on board hurt, nobody on board was hurt?"}
SAID = [{"role": "user", "content": QUESTION["question"]}]


def models_in(kind):
    """The models that a type has in it, at any depth."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return {kind}.union(*(models_in(field.annotation) for field in kind.model_fields.values()))
    return set().union(*map(models_in, get_args(kind)))


def kinds_of(model):
    """A model and all that are made of it."""
    return {model}.union(*map(kinds_of, model.__subclasses__()))


ASKED = [route.body_field.field_info.annotation for router in _ROUTERS for route in router.routes if route.body_field]
BODIES = set().union(*map(models_in, [*ASKED, Addresses, *(tool.arguments for tool in _TOOLS.values())]))
OPTIONAL = [
    (model, name)
    for model in sorted(kinds_of(Body), key=str)
    if not inspect.isabstract(model)
    for name, field in model.model_fields.items()
    if not field.is_required()
]


def least(kind):
    """A value of a type with no more in it than it must have."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return {name: least(field.annotation) for name, field in kind.model_fields.items() if field.is_required()}
    if get_origin(kind) in {list, tuple}:
        return [least(get_args(kind)[0])]
    return get_args(kind)[0] if get_origin(kind) is Literal else "x"


def test_every_model_of_a_request_is_a_body():
    assert {model.__name__ for model in BODIES} >= {
        "Question",
        "Turn",
        "FilterFields",
        "Part",
        "AskArguments",
        "Feedback",
    }
    assert kinds_of(Body) >= BODIES


@pytest.mark.parametrize(("model", "name"), OPTIONAL, ids=lambda one: getattr(one, "__name__", one))
def test_null_is_not_set(model, name):
    given = least(model)
    assert model.model_validate(given | {name: None}) == model.model_validate(given)


def test_null_is_no_value_of_a_field_that_must_be_there(client):
    response = client.post("/v1/answer", json={"question": None})
    assert (response.status_code, response.json()["detail"]) == (
        422, "The field 'question' cannot be taken: Input should be a valid string; see /docs for what can.",
    )  # fmt: skip


def test_null_is_no_field_that_is_not_there(client):
    response = client.post("/v1/answer", json=QUESTION | {"treshold": None})
    assert response.json()["detail"].startswith("The field 'treshold' cannot be taken: Extra inputs are not permitted;")


@pytest.mark.parametrize(("path", "body"), [
    ("answer", QUESTION | {"stream": None, "newest_first": None, "earlier": None, "citations": None, "filter": {"outlet": None, "since": None}}),
    ("chat/completions", {"messages": SAID, "stream": None, "stream_options": {"include_usage": None}, "model": None}),
    ("chat/completions", {"messages": [{"role": "assistant", "content": [{"type": "refusal", "refusal": "no", "text": None}]}, *SAID]}),
    ("responses", {"input": SAID, "stream": None, "background": None, "previous_response_id": None, "threshold": None}),
])  # fmt: skip
def test_a_question_with_nulls_is_answered(client, path, body):
    response = client.post(f"/v1/{path}", json=body)
    assert response.status_code == 200
    reply = response.json()
    assert reply.get("pullquote", reply)["answers"][0]["text"] == "Nobody on board was hurt."


def test_a_stream_with_nulls_ends_without_its_usage(client):
    body = {"messages": SAID, "stream": True, "stream_options": {"include_usage": None}}
    assert ChatRequest.model_validate(body).stream_options.include_usage is False
    assert '"usage"' not in client.post("/v1/chat/completions", json=body).text
