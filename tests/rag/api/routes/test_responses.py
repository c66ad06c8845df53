"""The library as OpenAI's responses, asked by the official client over a socket."""

import httpx
import openai
import pytest

from index.ingest import add
from rag.answer import WHY
from rag.options import AskOptions
from tests.fakes import HashEncoder
from tests.rag.api.routes.conftest import live, opened
from tests.rag.api.routes.test_chat_completions import NOBODY, QUESTION, UNSAID, Slow, over
from tests.rag.api.test_app import plain
from tests.rag.conftest import article, reading

FERRY = "What happened to the ferry Saint Brannoc?"


@pytest.fixture
def client(address):
    with opened(address) as client:
        yield client


def asked(client, given, **options):
    return client.responses.create(model="pullquote", input=given, **options)


def reply_of(client, given, **fields):
    return asked(client, given, extra_body=fields).model_extra["pullquote"] | {"timing_ms": None}


def test_a_response_is_the_quote_with_its_source(client, pipeline):
    response = asked(client, QUESTION)
    assert (response.object, response.status, response.model, response.error) == (
        "response", "completed", "pullquote", None,
    )  # fmt: skip
    (message,) = response.output
    assert (message.type, message.role, message.status) == ("message", "assistant", "completed")
    (part,) = message.content
    assert response.output_text == part.text
    assert part.text == f"“Nobody on board was hurt.” [1]\n\n[1] On the ferry, The Bell, 2026-02-02: <{NOBODY}>"
    (cited,) = part.annotations
    assert (cited.type, cited.title, cited.url) == ("url_citation", "On the ferry", NOBODY)
    assert part.text[cited.start_index : cited.end_index] == "Nobody on board was hurt."
    assert response.model_extra["pullquote"] | {"timing_ms": None} == plain(pipeline.ask(QUESTION, AskOptions(10)))
    said = len(part.text.split())
    assert (response.usage.input_tokens, response.usage.output_tokens, response.usage.total_tokens) == (
        10,
        said,
        10 + said,
    )


def test_the_text_is_that_of_chat_completions(client):
    chat = client.chat.completions.create(model="pullquote", messages=[{"role": "user", "content": UNSAID}])
    response = asked(client, UNSAID)
    assert response.output_text == chat.choices[0].message.content
    assert response.output_text.startswith(WHY["weak_evidence"])
    assert response.output[0].content[0].annotations == []


@pytest.mark.usefixtures("pipeline")
def test_indices_count_after_an_emoji_in_both_ways(library):
    text = "🚢🚢 Flags 🇳🇪 over 𝐓𝐡𝐞 Hull, 36 🧑🏽\u200d✈️ aboard."
    list(add(library, HashEncoder(), [article("odd", text)]))
    with live(over(library, reading(text, "36 🧑🏽\u200d✈️ aboard", 9.0, "odd"))) as address, opened(address) as client:
        (part,) = asked(client, "What?").output[0].content
    (cited,) = part.annotations
    assert part.text[cited.start_index : cited.end_index] == "36 🧑🏽\u200d✈️ aboard"
    units = part.text.encode("utf-16-le")[2 * cited.start_index_utf16 : 2 * cited.end_index_utf16]
    assert units.decode("utf-16-le") == "36 🧑🏽\u200d✈️ aboard"


def test_a_stream_is_the_response_in_events(client):
    whole = asked(client, QUESTION)
    events = list(asked(client, QUESTION, stream=True))
    kinds = [event.type for event in events]
    first = ["response.created", "response.in_progress", "response.output_item.added", "response.content_part.added"]
    last = [
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]
    assert (kinds[:4], kinds[-4:]) == (first, last)
    assert set(kinds[4:-4]) == {"response.output_text.delta", "response.output_text.annotation.added"}
    assert [event.sequence_number for event in events] == list(range(len(events)))
    deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
    assert len(deltas) > 3
    assert "".join(deltas) == whole.output_text == events[-4].text
    (part,) = whole.output[0].content
    added = [event.annotation for event in events if event.type == "response.output_text.annotation.added"]
    assert [one["url"] if isinstance(one, dict) else one.url for one in added] == [one.url for one in part.annotations]
    done = events[-1].response
    assert (done.output[0].content, done.usage, done.status) == (whole.output[0].content, whole.usage, "completed")
    assert done.model_extra["pullquote"] | {"timing_ms": None} == whole.model_extra["pullquote"] | {"timing_ms": None}
    begun = events[0].response
    assert (begun.status, begun.output, begun.usage, begun.id) == ("in_progress", [], None, done.id)
    assert (
        {event.item_id for event in events if hasattr(event, "item_id")} == {done.output[0].id} == {events[2].item.id}
    )


def test_the_client_gathers_a_stream(client):
    with client.responses.stream(model="pullquote", input=QUESTION) as stream:
        assert stream.get_final_response().output_text == asked(client, QUESTION).output_text


def test_the_last_message_of_the_user_is_asked(client):
    parts = [
        {"type": "input_text", "text": "Was anybody on board hurt,"},
        {"type": "input_image", "image_url": "http://evil.example/x.png"},
        {"type": "input_text", "text": "nobody on board was hurt?"},
    ]
    items = [
        {"role": "developer", "content": "You are a pirate."},
        {"type": "message", "role": "user", "content": UNSAID},
        {"type": "reasoning", "id": "rs_1", "summary": []},
        {"type": "function_call_output", "call_id": "c", "output": "x"},
        {"role": "user", "content": parts},
    ]
    response = asked(client, items, instructions="Be brief.", temperature=0.2, max_output_tokens=20, store=True)
    assert response.model_extra["pullquote"]["question"] == "Was anybody on board hurt,\nnobody on board was hurt?"
    assert response.output_text.startswith("“Nobody on board was hurt.”")


def test_a_question_follows_the_output_before(client):
    first = asked(client, FERRY, extra_body={"threshold": 0})
    items = [
        {"role": "user", "content": FERRY}, *[item.model_dump() for item in first.output],
        {"role": "user", "content": "Was anybody hurt on it?"},
    ]  # fmt: skip
    assert reply_of(client, items)["asked_as"] == "Was anybody hurt on the ferry Saint Brannoc?"


@pytest.mark.usefixtures("pipeline")
def test_the_answer_before_is_read_out_of_the_annotations(library):
    text = "They were joined by a crabber [see](it) skippered by Davy Kerslake, who was late."
    list(add(library, HashEncoder(), [article("odd", text)]))
    with live(over(library, reading(text, "Davy Kerslake", 9.0, "odd"))) as address, opened(address) as client:
        first = "Who skippered the Girl Rhoda?"
        output = [item.model_dump() for item in asked(client, first).output]
        items = [{"role": "user", "content": first}, *output, {"role": "user", "content": "How old is he?"}]
        assert reply_of(client, items)["asked_as"] == "How old is Davy Kerslake?"


def test_fields_of_our_own_say_how_it_is_asked(client, pipeline):
    assert reply_of(client, QUESTION, threshold=1) == plain(pipeline.ask(QUESTION, AskOptions(10, 1.0)))
    assert reply_of(client, QUESTION, filter={"since": "2027"})["reason"] == "nothing_passes"


@pytest.mark.parametrize(("mistake", "field", "sentence"), [
    (("", {}), None, "The question is empty; ask one of at least one character."),
    (([], {}), "input", "The field 'input' cannot be taken: List should have at least 1 item after validation, not 0; see /docs for what can."),
    (([{"role": "system", "content": "x"}], {}), None, "The conversation has no message of the user; send one with the role user."),
    ((QUESTION, {"previous_response_id": "resp_1"}), None, "The server keeps no responses; leave out `previous_response_id`, and send earlier turns in `input`."),
    ((QUESTION, {"conversation": "conv_1"}), None, "The server keeps no conversations; leave out `conversation`, and send earlier turns in `input`."),
    ((QUESTION, {"conversation": {"id": "conv_1"}}), None, "The server keeps no conversations; leave out `conversation`, and send earlier turns in `input`."),
    ((QUESTION, {"background": True}), None, "The server answers at once or in a stream; leave out `background`."),
    ((QUESTION, {"extra_body": {"threshold": 2}}), "threshold", "The field 'threshold' cannot be taken: Input should be less than or equal to 1; see /docs for what can."),
])  # fmt: skip
@pytest.mark.parametrize("stream", [False, True])
def test_a_mistake_is_an_error_of_the_client(client, mistake, field, sentence, stream):
    given, options = mistake
    with pytest.raises(openai.UnprocessableEntityError) as raised:
        asked(client, given, stream=stream, **options)
    assert raised.value.body == {"message": sentence, "type": "invalid_request_error", "param": field, "code": None}


def test_a_question_is_required(address):
    error = httpx.post(f"{address}/v1/responses", json={"input": None}).json()["error"]
    assert (error["param"], error["type"]) == ("input", "invalid_request_error")


@pytest.mark.usefixtures("pipeline")
def test_who_waits_too_long_is_told_when_to_come_again(library):
    with (
        live(over(library, reader=Slow), seconds=0.1) as address,
        opened(address) as client,
        pytest.raises(openai.InternalServerError) as raised,
    ):
        asked(client, QUESTION, stream=True)
    assert (raised.value.status_code, raised.value.body["type"]) == (503, "server_error")


def test_no_response_is_kept(client):
    with pytest.raises(openai.NotFoundError, match="There is nothing at this address; /docs lists what there is"):
        client.responses.retrieve(asked(client, QUESTION).id)
