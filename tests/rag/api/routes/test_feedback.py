from dataclasses import replace

import pytest

from corpus.article import Span
from corpus.library.feedback import CurrentJudgement, Judgement, feedback
from corpus.library.judged_answers import JudgedConfidence, judged_confidences
from index.ingest import add
from rag.assemble import assemble
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.rag.api.conftest import opened
from tests.rag.conftest import FERRY, article

QUESTION = "When did the ferry run aground?"
RIGHT = {"question": QUESTION, "verdict": "right", "article_id": "ferry", "start": 39, "end": 45, "text": "Monday"}


def test_a_judgement_is_kept_and_comes_back(client, library):
    response = client.post("/v1/feedback", json=RIGHT)
    assert response.status_code == 200
    assert response.json() == RIGHT | {"judged": response.json()["judged"]}
    assert feedback(library) == [CurrentJudgement(Judgement(**response.json()), Span(39, 45))]


def test_a_quote_is_judged_by_its_own_fields(client, library):
    reply = client.post("/v1/answer", json={"question": QUESTION, "threshold": 0}).json()
    quote = {name: reply["answers"][0]["quotes"][0][name] for name in ("article_id", "start", "end", "text")}
    assert (
        client.post("/v1/feedback", json={"question": reply["question"], "verdict": "wrong"} | quote).status_code == 200
    )
    assert [(one.judgement.question, one.judgement.text) for one in feedback(library)] == [(QUESTION, quote["text"])]


def test_that_nothing_answers_has_no_place(client, library):
    response = client.post("/v1/feedback", json={"question": " Who won?\n", "verdict": "nothing"})
    assert response.status_code == 200
    assert [one.judgement for one in feedback(library)] == [
        Judgement("Who won?", "nothing", judged=response.json()["judged"])
    ]


def test_better_words_that_are_judged_right_come_back_as_better(client, library):
    kept = [client.post("/v1/feedback", json=RIGHT | {"verdict": verdict}) for verdict in ("better", "right")]
    assert [one.json()["verdict"] for one in kept] == ["better", "better"]
    answers = client.post("/v1/answer", json={"question": QUESTION}).json()["answers"]
    assert (answers[0]["text"], answers[0]["judged"]) == ("Monday", "given")


def test_the_last_judgement_of_a_place_counts(client, library):
    for verdict in ("right", "wrong"):
        assert client.post("/v1/feedback", json=RIGHT | {"verdict": verdict}).status_code == 200
    assert [one.judgement.verdict for one in feedback(library)] == ["wrong"]


@pytest.mark.parametrize(("fields", "status", "detail"), [
    ({"article_id": "gone"}, 404, "There is no article 'gone' in the library; `pullquote list` shows those there are."),
    ({"text": "Friday"}, 422, "Other words stand at 39-45 of article ferry; ask again, and judge what is quoted then."),
    ({"start": 107, "end": 109}, 422, "The place 107-109 is not in article ferry, which has 108 characters; give the start and end of a quote."),
    ({"start": 10**30, "end": 10**31}, 422, f"The place {10**30}-{10**31} is not in article ferry, which has 108 characters; give the start and end of a quote."),
    ({"text": ""}, 422, "What is right needs its place; give the article, start, end and text of the quote."),
    ({"verdict": "nothing"}, 422, "That nothing answers is said of no place; leave out the article, start, end and text."),
    ({"question": "Thanks!"}, 422, "Small talk has no answer in the library; judge the answer to a question."),
    ({"verdict": "better", "end": 44, "text": "Monda"}, 422, "The place 39-44 begins or ends inside a word; give that of whole words."),
    ({"question": " "}, 422, "The question is empty; ask one of at least one character."),
    ({"question": "x" * 2001}, 422, "The question has 2,001 characters; ask one of at most 2,000 characters."),
    ({"verdict": "good"}, 422, "The field 'verdict' cannot be taken: Input should be 'right', 'wrong', 'better' or 'nothing'; see /docs for what can."),
    ({"start": "x"}, 422, "The field 'start' cannot be taken: Input should be a valid integer, unable to parse string as an integer; see /docs for what can."),
    ({"judged": "2020"}, 422, "The field 'judged' cannot be taken: Extra inputs are not permitted; see /docs for what can."),
])  # fmt: skip
def test_what_cannot_be_kept_is_told_in_one_sentence(client, library, fields, status, detail):
    response = client.post("/v1/feedback", json=RIGHT | fields)
    assert (response.status_code, response.json()) == (status, {"detail": detail})
    assert feedback(library) == []


@pytest.mark.parametrize("field", ["question", "article_id", "text"])
def test_characters_that_cannot_be_kept_are_no_error_of_the_server(client, library, field):
    body = (
        b'{"question": "Q?", "verdict": "right", "article_id": "ferry", "start": 39, "end": 45, "text": "Monday", "'
        + field.encode()
        + b'": "\\ud800\\u0000"}'
    )
    response = client.post("/v1/feedback", content=body, headers={"content-type": "application/json"})
    assert response.status_code in {400, 404, 422}
    assert isinstance(response.json()["detail"], str)
    assert feedback(library) == []


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_what_another_sites_page_can_post_unasked_is_not_kept(client, library, kind):
    headers = {"content-type": kind} if kind else {}
    for origin, status in (({"origin": "https://evil.example"}, 403), ({}, 422)):  # an old browser may name none
        body = b'{"question": "Who won?", "verdict": "nothing"}'
        assert client.post("/v1/feedback", content=body, headers=headers | origin).status_code == status
    assert feedback(library) == []


def test_what_was_judged_counts_when_it_is_asked_again(client, pipeline):
    asked = {"question": QUESTION, "threshold": 0}
    before = client.post("/v1/answer", json=asked).json()
    first, second = before["answers"][:2]
    quote = {name: first["quotes"][0][name] for name in ("article_id", "start", "end", "text")}
    client.post("/v1/feedback", json={"question": QUESTION, "verdict": "wrong"} | quote)
    after = client.post("/v1/answer", json=asked).json()["answers"]
    assert [(one["text"], one["judged"]) for one in (after[0], after[-1])] == [
        (second["text"], None), (first["text"], "wrong"),
    ]  # fmt: skip
    client.post("/v1/feedback", json=RIGHT | {"verdict": "better"})
    for address, body in (("/v1/answer", asked), ("/v1/answers", {"questions": [QUESTION], "threshold": 0})):
        reply = client.post(address, json=body).json()
        given = (reply if address == "/v1/answer" else reply["replies"][0])["answers"][0]
        assert (given["text"], given["judged"], given["confidence"]) == ("Monday", "given", 1.0)
    switched_off = opened(assemble(pipeline.library, HashEncoder(), pipeline.reader, Settings(feedback="off")))
    assert switched_off.post("/v1/answer", json=asked).json() | {"timing_ms": None} == before | {"timing_ms": None}


def test_the_confidence_of_what_was_judged_is_kept(client, library):
    models = ("hash@000000000000", "sentence")
    client.post("/v1/feedback", json=RIGHT | {"confidence": 0.83})
    client.post(
        "/v1/feedback", json=RIGHT | {"question": "Who?", "verdict": "wrong", "confidence": 0.2, "reader": "other"}
    )
    assert judged_confidences(library, *models) == [JudgedConfidence(QUESTION, 0.83, is_right=True)]
    assert judged_confidences(library, models[0], "other") == [JudgedConfidence("Who?", 0.2, is_right=False)]
    client.post("/v1/feedback", json=RIGHT)  # judged again, of no known answer
    assert judged_confidences(library, *models) == []
    for wrong in ({"confidence": 1.1}, {"confidence": "x"}, {"confidence": 0.5, "reader": "x" * 301}):
        assert client.post("/v1/feedback", json=RIGHT | wrong).status_code == 422


def test_feedback_outlives_a_new_version_of_its_article(client, library):
    client.post("/v1/feedback", json=RIGHT)
    changed = replace(article("ferry", f"Corrected. {FERRY}"), sha256="another digest")
    assert [entry.outcome for entry in add(library, HashEncoder(), [changed])] == ["updated"]
    assert [one.span for one in feedback(library)] == [Span(50, 56)]
