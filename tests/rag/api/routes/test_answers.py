import json
import threading
import time

import httpx
import pytest

from index.ingest import add
from rag.api.app import create_app
from tests.fakes import HashEncoder
from tests.rag.api.conftest import opened, settings
from tests.rag.api.serving import serving
from tests.rag.conftest import article

HURT, CLOSED = "Was anybody on board hurt?", "When will the cannery close?"
EMPTY = "The question is empty; ask one of at least one character."
STREAM = {"accept": "text/event-stream"}


def untimed(reply):
    return reply | {"timing_ms": None}


def ask(client, question, **options):
    response = client.post("/v1/answer", json={"question": question} | options)
    assert response.status_code == 200
    return untimed(response.json())


def ask_all(client, questions, **options):
    response = client.post("/v1/answers", json={"questions": questions} | options)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    return [untimed(reply) for reply in response.json()["replies"]]


def events(response):
    """The events of a stream, in their order: name and what JSON says."""
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    assert response.text.endswith("\n\n")
    found = []
    for block in response.text.removesuffix("\n\n").split("\n\n"):
        name, data = block.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


@pytest.mark.parametrize("options", [
    {}, {"threshold": 0}, {"threshold": 1}, {"passages": 1}, {"filter": {"article": "ferry"}, "threshold": 0}, {"newest_first": True},
    {"citations": ["ris", "w3c"], "threshold": 0},
])  # fmt: skip
def test_a_batch_is_its_questions_one_by_one(client, options):
    questions = [HURT, CLOSED, HURT, "?!", "Who blames the alarm?", "  Who blames the alarm? "]
    assert ask_all(client, questions, **options) == [ask(client, question, **options) for question in questions]


def test_a_batch_has_up_to_a_hundred_questions_in_their_order(client):
    questions = [f"{HURT} {number}" for number in range(100)]
    replies = ask_all(client, questions, threshold=0)
    assert [reply["question"] for reply in replies] == questions
    assert replies[::33] == [ask(client, question, threshold=0) for question in questions[::33]]
    assert ask_all(client, [HURT]) == [ask(client, HURT)]


FERRY = {
    "question": "What happened to the ferry Saint Brannoc?",
    "answer": "ran aground",
    "sentence": "It ran aground.",
}
WHOLE = "Was anybody hurt on the ferry Saint Brannoc?"


@pytest.mark.parametrize("turn", [FERRY, {"question": FERRY["question"]}, FERRY | {"answer": None, "sentence": None}])
def test_a_question_follows_the_turns_before(client, turn):
    typed = "Was anybody hurt on it?"
    reply = ask(client, typed, earlier=[{"question": "Who?"}, turn], threshold=0)
    assert (reply["question"], reply["asked_as"]) == (typed, WHOLE)
    assert reply | {"question": WHOLE, "asked_as": None} == ask(client, WHOLE, threshold=0)
    assert ask(client, HURT, earlier=[turn]) == ask(client, HURT)
    assert ask(client, typed)["asked_as"] is None


def test_a_question_that_follows_is_streamed_as_it_is_replied_to(client):
    body = {"question": "Was anybody hurt on it?", "earlier": [FERRY], "threshold": 0, "stream": True}
    told = dict(events(client.post("/v1/answer", json=body)))
    assert (told["answer"]["question"], told["answer"]["asked_as"]) == (body["question"], WHOLE)


@pytest.mark.parametrize(("earlier", "detail"), [
    ([FERRY] * 11, "The field 'earlier' cannot be taken: List should have at most 10 items after validation, not 11; see /docs for what can."),
    ([{}], "The field 'earlier.question' cannot be taken: Field required; see /docs for what can."),
    ([{"question": "x" * 2_001}], "The field 'earlier.question' cannot be taken: String should have at most 2000 characters; see /docs for what can."),
    ([FERRY | {"answer": "x" * 10_001}], "The field 'earlier.answer' cannot be taken: String should have at most 10000 characters; see /docs for what can."),
    (["Who?"], None),
    ([FERRY | {"reply": "?"}], None),
])  # fmt: skip
def test_turns_that_cannot_be_taken_are_told_of(client, earlier, detail):
    response = client.post("/v1/answer", json={"question": HURT, "earlier": earlier})
    assert response.status_code == 422
    assert detail in {None, response.json()["detail"]}
    assert client.post("/v1/answers", json={"questions": [HURT], "earlier": [FERRY]}).status_code == 422


@pytest.mark.parametrize(("questions", "detail"), [
    ([], "The field 'questions' cannot be taken: List should have at least 1 item after validation, not 0; see /docs for what can."),
    ([HURT] * 101, "The field 'questions' cannot be taken: List should have at most 100 items after validation, not 101; see /docs for what can."),
    (HURT, "The field 'questions' cannot be taken: Input should be a valid list; see /docs for what can."),
    ([HURT, 7], "The field 'questions' cannot be taken: Input should be a valid string; see /docs for what can."),
    ([HURT, CLOSED, " "], f"Question 3: {EMPTY}"), ([""], f"Question 1: {EMPTY}"), ([HURT, "\0", ""], f"Question 2: {EMPTY}"),
    ([HURT] * 99 + ["x" * 2_001], "Question 100: The question has 2,001 characters; ask one of at most 2,000 characters."),
])  # fmt: skip
def test_one_question_that_cannot_be_asked_refuses_all_and_is_named(client, questions, detail):
    response = client.post("/v1/answers", json={"questions": questions})
    assert (response.status_code, response.json()) == (422, {"detail": detail})
    assert "pullquote_questions_total 0.0" in client.get("/metrics").text


def test_a_filter_that_cannot_be_taken_is_no_questions_mistake(client):
    response = client.post("/v1/answers", json={"questions": [HURT], "filter": {"since": "soon"}})
    detail = "The date 'soon' is no day of the calendar; write it as 2025-03-31, or as 2025-03 or 2025."
    assert (response.status_code, response.json()) == (422, {"detail": detail})


@pytest.mark.parametrize("options", [
    {"threshold": 0}, {"threshold": 1}, {"filter": {"since": "2027"}}, {"passages": 1}, {"citations": ["markdown"], "threshold": 0}, {"newest_first": True},
])  # fmt: skip
@pytest.mark.parametrize("question", [HURT, CLOSED, "?!"])
def test_a_stream_is_the_passages_and_then_the_plain_reply(client, question, options):
    plain = ask(client, question, **options)
    body = {"question": question} | options
    passages, answer, related = events(client.post("/v1/answer", json=body | {"stream": True}))
    assert [name for name, _ in (passages, answer, related)] == ["passages", "answer", "related"]
    assert untimed(answer[1]) | related[1] == plain
    assert "related" not in answer[1]
    assert related[1].keys() == {"related"}
    assert passages[1].keys() == {"passages"}
    quoted = {quote["article_id"] for one in plain["answers"] for quote in one["quotes"]}
    assert quoted <= {one["article_id"] for one in passages[1]["passages"]}
    if plain["abstained"]:
        assert related[1]["related"] == passages[1]["passages"][: len(plain["related"])]


def test_the_passages_of_a_stream_are_those_that_are_found_for_it(client, pipeline):
    name, told = events(client.post("/v1/answer", json={"question": HURT, "stream": True}))[0]
    found = pipeline.search(HURT, 10, "fused")
    assert name == "passages"
    assert [(one["article_id"], one["start"], one["end"], one["text"]) for one in told["passages"]] == [
        (one.article_id, one.start, one.end, one.text) for one in found
    ]


def test_who_accepts_a_stream_alone_gets_one(client):
    body = {"question": HURT}
    assert [name for name, _ in events(client.post("/v1/answer", json=body, headers=STREAM))] == [
        "passages",
        "answer",
        "related",
    ]
    for accepted in ("application/json, text/event-stream", "*/*", "text/html"):
        assert (
            client.post("/v1/answer", json=body, headers={"accept": accepted}).headers["content-type"]
            == "application/json"
        )


@pytest.mark.parametrize(("body", "status", "detail"), [
    ({"question": ""}, 422, EMPTY), ({"question": HURT, "filter": {"since": "x"}}, 422, "The date 'x' is no day of the calendar; write it as 2025-03-31, or as 2025-03 or 2025."),
    ({"question": HURT, "filter": {"article": ["gone"]}}, 404, "There is no article 'gone' in the library; `pullquote list` shows those there are."),
    ({"question": HURT, "passages": 0}, 422, "The field 'passages' cannot be taken: Input should be greater than or equal to 1; see /docs for what can."),
])  # fmt: skip
def test_a_mistake_before_a_stream_begins_has_its_own_status(client, body, status, detail):
    response = client.post("/v1/answer", json=body | {"stream": True}, headers=STREAM)
    assert (response.status_code, response.json()) == (status, {"detail": detail})


def test_words_of_any_kind_come_whole_through_a_stream(client, library):
    text = 'The keeper said \u2028 that the 🦀 crab\u0085 "event: end\\n" e\u0301 was his.'
    list(add(library, HashEncoder(), [article("odd", text)]))
    options = {"threshold": 0, "filter": {"article": "odd"}}
    plain = ask(client, "What did the keeper say?", **options)
    streamed = client.post(
        "/v1/answer", json={"question": "What did the keeper say?", "stream": True} | options
    ).content.decode()
    assert streamed.splitlines() == streamed.removesuffix("\n").split("\n")  # which splits at U+2028 and U+0085 too
    data = [block.split("\n")[1] for block in streamed.removesuffix("\n\n").split("\n\n")]
    assert json.loads(data[1].removeprefix("data: "))["answers"] == plain["answers"]
    assert plain["answers"][0]["quotes"][0]["text"] in text


@pytest.mark.parametrize(
    "formats", [[], ["markdown"], ["ris", "csl-json"], ["markdown", "w3c", "csl-json", "ris"], ["ris", "ris"]]
)
def test_each_quote_has_the_citations_that_were_asked_for(client, formats):
    reply = ask(client, HURT, threshold=0, citations=formats)
    quotes = [quote for answer in reply["answers"] for quote in answer["quotes"]]
    assert quotes != []
    for quote in quotes:
        assert quote["citations"].keys() == set(formats)
        for style, made in quote["citations"].items():
            place = {"start": quote["start"], "end": quote["end"], "format": style}
            alone = client.get(f"/v1/articles/{quote['article_id']}/citation", params=place)
            assert made == (
                alone.text if style in {"markdown", "ris"} else alone.json()[0] if style == "csl-json" else alone.json()
            )


@pytest.mark.parametrize(("formats", "said"), [(["bibtex"], "Input should be 'markdown', 'w3c', 'csl-json' or 'ris'"), ("ris", "Input should be a valid tuple"),
                                               (["ris"] * 5, "Tuple should have at most 4 items after validation, not 5")])  # fmt: skip
def test_a_format_that_there_is_not_is_told_of(client, formats, said):
    response = client.post("/v1/answer", json={"question": HURT, "citations": formats})
    assert (response.status_code, response.json()) == (
        422,
        {"detail": f"The field 'citations' cannot be taken: {said}; see /docs for what can."},
    )


def test_when_no_turn_comes_in_time_all_are_told_when_to_come_again(pipeline):
    go, reached = threading.Event(), threading.Semaphore(0)

    class Slow(type(pipeline.reader)):
        def read_all(self, asked):
            reached.release()
            assert go.wait(10)
            return super().read_all(asked)

    pipeline.reader.__class__ = Slow
    client = opened(pipeline, seconds=0.3)
    plain, streamed = (
        client.post("/v1/answer", json={"question": HURT}),
        client.post("/v1/answer", json={"question": HURT, "stream": True}),
    )
    go.set()
    busy = {"detail": "More is asked of this server than it can answer in time; try again in a second."}
    assert (plain.status_code, plain.headers["retry-after"], plain.json()) == (503, "1", busy)
    name, told = events(streamed)[-1]
    assert (name, told) == ("error", busy | {"status": 503, "retry_after": 1})
    assert client.post("/v1/answers", json={"questions": [HURT]}).status_code == 200


def test_a_stream_whose_listener_has_gone_ends_and_its_turn_is_free(pipeline):
    begun, go = threading.Event(), threading.Event()

    class Slow(type(pipeline.reader)):
        def read_all(self, asked):
            begun.set()
            assert go.wait(10)
            return super().read_all(asked)

    pipeline.reader.__class__ = Slow
    app = create_app(pipeline, settings())

    def until(is_so):
        deadline = time.monotonic() + 10
        while not is_so():
            assert time.monotonic() < deadline
            time.sleep(0.01)

    with serving(app) as address:
        asked = {"json": {"question": HURT, "stream": True}}
        with httpx.stream("POST", f"{address}/v1/answer", **asked) as response:
            lines = response.iter_lines()  # the connection is closed as soon as nobody holds it
            assert next(lines) == "event: passages"
            assert begun.wait(10)
        until(
            lambda: (
                'pullquote_requests_total{method="POST",route="/v1/answer",status="200"} 1.0'
                in httpx.get(f"{address}/metrics").text
            )
        )
        assert app.state.shared.inference._under_way == 1
        go.set()
        until(lambda: app.state.shared.inference._under_way == 0)
        assert "pullquote_questions_total 0.0" in httpx.get(f"{address}/metrics").text
        assert httpx.post(f"{address}/v1/answer", json={"question": HURT}).status_code == 200
