import dataclasses
import json

import pytest

from index.filters import Filter
from index.ingest import add
from rag.options import AskOptions
from rag.reader.sentence_reader import SentenceReader
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.rag.api.conftest import opened
from tests.rag.conftest import CANNERY, FERRY, article

QUESTION = "Was anybody on board hurt?"


def plain(reply):
    """A reply as JSON, without the time it took."""
    return json.loads(json.dumps(dataclasses.asdict(reply))) | {"timing_ms": None}


@pytest.mark.parametrize(("body", "k", "threshold"), [
    ({}, 10, None), ({"passages": 1}, 1, None), ({"threshold": 0.1}, 10, 0.1), ({"threshold": 0.0, "passages": 2}, 2, 0.0), ({"threshold": 1}, 10, 1.0),
])  # fmt: skip
def test_the_endpoint_replies_as_the_pipeline_does(client, pipeline, body, k, threshold):
    response = client.post("/v1/answer", json={"question": QUESTION} | body)
    assert response.status_code == 200
    assert response.json() | {"timing_ms": None} == plain(pipeline.ask(QUESTION, AskOptions(k, threshold)))


def test_the_server_has_defaults_of_its_own(pipeline):
    client = opened(pipeline, passages=1, threshold=0.0)
    assert client.post("/v1/answer", json={"question": QUESTION}).json() | {"timing_ms": None} == plain(
        pipeline.ask(QUESTION, AskOptions(1, 0.0))
    )
    asked = {"question": QUESTION, "threshold": 1, "passages": 2}
    assert client.post("/v1/answer", json=asked).json() | {"timing_ms": None} == plain(
        pipeline.ask(QUESTION, AskOptions(2, 1.0))
    )


@pytest.mark.parametrize(("path", "body", "detail"), [
    ("answer", {"question": ""}, "The question is empty; ask one of at least one character."),
    ("answer", {"question": "\0"}, "The question is empty; ask one of at least one character."),
    ("answer", {"question": "x" * 2001}, "The question has 2,001 characters; ask one of at most 2,000 characters."),
    ("answer", {}, "The field 'question' cannot be taken: Field required; see /docs for what can."),
    ("answer", {"question": 7}, "The field 'question' cannot be taken: Input should be a valid string; see /docs for what can."),
    ("answer", {"question": "Q?", "passages": 0}, "The field 'passages' cannot be taken: Input should be greater than or equal to 1; see /docs for what can."),
    ("answer", {"question": "Q?", "passages": 101}, "The field 'passages' cannot be taken: Input should be less than or equal to 100; see /docs for what can."),
    ("answer", {"question": "Q?", "threshold": -0.01}, "The field 'threshold' cannot be taken: Input should be greater than or equal to 0; see /docs for what can."),
    ("answer", {"question": "Q?", "threshold": 1.01}, "The field 'threshold' cannot be taken: Input should be less than or equal to 1; see /docs for what can."),
    ("answer", {"question": "Q?", "treshold": 1}, "The field 'treshold' cannot be taken: Extra inputs are not permitted; see /docs for what can."),
    ("answer", [], "The body cannot be taken: Input should be a valid dictionary or object to extract fields from; see /docs for what can."),
    ("search", {"query": " "}, "The question is empty; ask one of at least one character."),
    ("search", {"query": "q", "mode": "best"}, "The field 'mode' cannot be taken: Input should be 'fused', 'dense', 'lexical' or 'reranked'; see /docs for what can."),
    ("search", {"query": "q", "k": 0}, "The field 'k' cannot be taken: Input should be greater than or equal to 1; see /docs for what can."),
    ("search", {"query": "q", "extra": 0}, "The field 'extra' cannot be taken: Extra inputs are not permitted; see /docs for what can."),
])  # fmt: skip
def test_what_cannot_be_taken_is_told_in_one_sentence(client, path, body, detail):
    response = client.post(f"/v1/{path}", json=body)
    assert (response.status_code, response.json()) == (422, {"detail": detail})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b'{"question": "\\ud800"}',
        b'{"question": "Q?", "threshold": "x"}',
        b'{"question": "Q?", "threshold": NaN}',
        b"null",
    ],
)
def test_a_body_that_is_no_question_is_told_in_one_sentence(client, body):
    response = client.post("/v1/answer", content=body, headers={"content-type": "application/json"})
    assert response.status_code in {400, 422}
    assert response.json().keys() == {"detail"}
    assert isinstance(response.json()["detail"], str)


def test_broken_json_is_not_blamed_on_a_field(client):
    response = client.post("/v1/answer", content=b'{"question": ', headers={"content-type": "application/json"})
    assert response.json()["detail"].startswith("The body cannot be taken: JSON decode error")


def test_half_a_surrogate_pair_in_a_query_is_searched_for_and_replaced_in_the_reply(client):
    body = b'{"query": "ferry \\ud83d"}'
    response = client.post("/v1/search", content=body, headers={"content-type": "application/json"})
    assert (response.status_code, response.json()["query"]) == (200, "ferry \ufffd")


def test_a_search_gives_the_pipelines_passages(client, pipeline):
    response = client.post("/v1/search", json={"query": "cannery June", "k": 1, "mode": "lexical"})
    expected = [
        json.loads(json.dumps(dataclasses.asdict(one))) for one in pipeline.search("cannery June", 1, "lexical")
    ]
    assert response.json() == {"query": "cannery June", "mode": "lexical", "hits": expected}
    assert len(client.post("/v1/search", json={"query": "the"}).json()["hits"]) == 2


def test_articles_come_in_pages_by_title(client):
    def page(**bounds):
        body = client.get("/v1/articles", params=bounds).json()
        return body["total"], [one["id"] for one in body["articles"]]

    assert page() == (2, ["cannery", "ferry"])
    assert page(limit=1) == (2, ["cannery"])
    assert page(limit=1, offset=1) == (2, ["ferry"])
    assert page(offset=2) == (2, [])
    for bad in ({"limit": 0}, {"limit": 1001}, {"offset": -1}, {"limit": "x"}):
        response = client.get("/v1/articles", params=bad)
        assert response.status_code == 422
        assert response.json()["detail"].startswith(f"The field '{next(iter(bad))}' cannot be taken: ")


def test_an_article_in_the_list_has_all_but_its_text(client):
    assert client.get("/v1/articles").json()["articles"][1] == {
        "id": "ferry", "title": "On the ferry", "source": "ferry.txt", "url": "https://example.com/ferry", "authors": [], "outlet": "The Bell",
        "published": "2026-02-02", "language": None, "sha256": "digest of ferry", "length": 108,
    }  # fmt: skip


def test_an_article_is_shown_with_its_text_and_the_places_of_its_passages(client):
    shown = client.get("/v1/articles/cannery").json()
    assert (shown["text"], shown["length"], shown["passages"]) == (
        CANNERY,
        len(CANNERY),
        [{"start": 0, "end": len(CANNERY)}],
    )
    assert client.get("/v1/articles/ferry").json()["text"] == FERRY


@pytest.mark.parametrize("name", ["gone", "%F0%9F%A6%80", "x" * 5000, "..%2Fferry", "ferry%00"])
def test_an_unknown_article_is_told_in_one_sentence(client, name):
    response = client.get(f"/v1/articles/{name}")
    assert response.status_code == 404
    assert response.json().keys() == {"detail"}
    assert len(response.json()["detail"]) < 200
    assert client.get("/v1/articles/gone").json() == {
        "detail": "There is no article 'gone' in the library; `pullquote list` shows those there are."
    }


def test_health_counts_what_the_library_holds(client, library):
    assert client.get("/health").json() == {"status": "ok", "articles": 2, "passages": 2, "generation": 1}
    list(add(library, HashEncoder(), [article("bell", "The bell of Merrin came home.")]))
    assert client.get("/health").json() == {"status": "ok", "articles": 3, "passages": 3, "generation": 2}


def test_an_article_added_while_the_server_runs_answers(client, library):
    list(add(library, HashEncoder(), [article("bell", "The bell of Merrin came home on Friday.")]))
    reply = client.post("/v1/answer", json={"question": "When came the bell of Merrin home?"}).json()
    assert reply["answers"][0]["text"] == "The bell of Merrin came home on Friday."
    assert reply["library"]["generation"] == 2


def test_words_that_do_not_stand_there_are_not_sent(client, library):
    with library.writing():  # what no command does
        library.connection.execute("UPDATE article SET text = replace(text, 'Nobody', 'N0body')")
        library.connection.execute("UPDATE article SET text = 'short' WHERE id = 'cannery'")
    response = client.post("/v1/answer", json={"question": QUESTION})
    assert response.status_code in {200, 500}
    assert "Nobody" not in response.text


def test_a_library_that_was_filled_with_another_encoder_is_told_of(library):
    from rag.assemble import assemble

    encoder = HashEncoder()
    client = opened(assemble(library, encoder, SentenceReader(encoder), Settings()))
    list(add(library, HashEncoder("other"), [article("ferry", FERRY)]))
    response = client.post("/v1/answer", json={"question": QUESTION})
    assert response.status_code == 503
    assert "retry-after" not in response.headers  # waiting would not cure it
    assert "was built with the encoder other@000000000000" in response.json()["detail"]


def test_the_description_has_the_contracts_paths_and_names_every_mistake(client):
    paths = client.get("/openapi.json").json()["paths"]
    assert paths.keys() == {
        "/v1/answer", "/v1/answers", "/v1/search", "/v1/quotes/locate", "/v1/drafts/check", "/v1/articles", "/v1/articles/{article_id}", "/v1/articles/{article_id}/view", "/v1/articles/{article_id}/restore",
        "/v1/articles/{article_id}/citation", "/v1/jobs", "/v1/jobs/{job_id}", "/v1/jobs/{job_id}/events", "/v1/feedback", "/v1/models",
        "/v1/models/{model}", "/v1/chat/completions", "/v1/responses", "/v1/embeddings", "/health", "/health/ready", "/metrics",
    }  # fmt: skip
    everywhere = {"200", "400", "401", "403", "404", "413", "422", "429", "500", "503"}
    for path in ("/v1/answer", "/v1/answers", "/v1/search", "/v1/feedback"):
        assert paths[path]["post"]["responses"].keys() == everywhere
    assert paths["/v1/articles/{article_id}"]["delete"]["responses"].keys() == everywhere
    assert paths["/v1/articles"]["post"]["responses"].keys() == everywhere | {"202", "415"}
    assert paths["/health"]["get"]["responses"].keys() == everywhere


@pytest.mark.parametrize(("fields", "only"), [
    ({"since": "2026-02", "until": "2026"}, Filter("2026-02", "2026")), ({"outlet": "the bell"}, Filter(outlet=("the bell",))),
    ({"outlet": ["x", "THE BELL"]}, Filter(outlet=("x", "THE BELL"))), ({"article": ["cannery"]}, Filter(article=("cannery",))),
    ({"author": ["nobody"]}, Filter(author=("nobody",))), ({"language": "fr"}, Filter(language=("fr",))), ({}, Filter()), ({"outlet": []}, None),
    (None, None),
])  # fmt: skip
def test_a_filter_is_that_of_the_pipeline(client, pipeline, fields, only):
    asked = client.post("/v1/answer", json={"question": QUESTION, "threshold": 0, "filter": fields})
    assert asked.status_code == 200
    assert asked.json() | {"timing_ms": None} == plain(pipeline.ask(QUESTION, AskOptions(10, 0.0, only)))
    searched = client.post("/v1/search", json={"query": "the", "mode": "dense", "filter": fields})
    assert [one["article_id"] for one in searched.json()["hits"]] == [
        one.article_id for one in pipeline.search("the", 10, "dense", only)
    ]


def test_a_filter_that_nothing_passes_is_no_mistake(client):
    body = {"filter": {"since": "2027"}}
    reply = client.post("/v1/answer", json={"question": QUESTION} | body).json()
    assert (reply["abstained"], reply["reason"], reply["related"]) == (True, "nothing_passes", [])
    assert client.post("/v1/search", json={"query": "ferry"} | body).json()["hits"] == []


@pytest.mark.parametrize(("fields", "status", "detail"), [
    ({"since": "March"}, 422, "The date 'March' is no day of the calendar; write it as 2025-03-31, or as 2025-03 or 2025."),
    ({"until": "2025-02-30"}, 422, "The date '2025-02-30' is no day of the calendar; write it as 2025-03-31, or as 2025-03 or 2025."),
    ({"outlet": ""}, 422, "The name '' is empty; name an outlet or an author, or leave it out."),
    ({"language": ["english"]}, 422, "The language 'english' is no ISO 639-1 code; write two letters such as en or fr."),
    ({"article": ["gone"]}, 404, "There is no article 'gone' in the library; `pullquote list` shows those there are."),
    ({"outlets": ["x"]}, 422, "The field 'filter.outlets' cannot be taken: Extra inputs are not permitted; see /docs for what can."),
    ({"since": 2025}, 422, "The field 'filter.since' cannot be taken: Input should be a valid string; see /docs for what can."),
    ({"author": [7]}, 422, "The field 'filter.author' cannot be taken: Input should be a valid string; see /docs for what can."),
    ({"author": 7}, 422, "The field 'filter.author' cannot be taken: Input should be a valid tuple; see /docs for what can."),
    ("2025", 422, "The field 'filter' cannot be taken: Input should be a valid dictionary or object to extract fields from; see /docs for what can."),
])  # fmt: skip
@pytest.mark.parametrize("asks", ["question", "query"])
def test_a_filter_that_cannot_be_taken_is_told_in_one_sentence(client, asks, fields, status, detail):
    path = {"question": "/v1/answer", "query": "/v1/search"}[asks]
    response = client.post(path, json={asks: "Which ferry?", "filter": fields})
    assert (response.status_code, response.json()) == (status, {"detail": detail})


def test_newest_first_is_asked_for_in_the_body(client, library):
    copies = [article(f"copy{year}", "The Merrin bell rang twice.", published=str(year)) for year in (2024, 2026, 2025)]
    list(add(library, HashEncoder(), copies))

    def first(**options):
        body = {"query": "Merrin bell", "k": 2, "mode": "lexical"} | options
        return [one["article_id"] for one in client.post("/v1/search", json=body).json()["hits"]]

    assert first() == ["copy2024", "copy2025"]
    assert first(newest_first=True) == ["copy2026", "copy2025"]
    asked = {"question": "What rang, the Merrin bell?", "threshold": 0, "newest_first": True, "passages": 3}
    assert client.post("/v1/answer", json=asked).json()["abstained"] is False
