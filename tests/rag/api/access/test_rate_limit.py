import asyncio
from hashlib import sha256

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.testclient import TestClient

from rag.api.access.bodies import BODY_MB, MEGABYTE, BodyLimit
from rag.api.access.rate_limit import Allowance, TooMany
from rag.api.app import create_app
from tests.rag.api.conftest import HERE, opened, settings, started

QUESTION = {"question": "Was anybody on board hurt?"}
TOKENS = ["the-first-token-of-all", "the-second-token-of-all"]
BODY = f"The request is larger than {BODY_MB} MB; send less at once."
JSON = {"content-type": "application/json"}


def digest(token):
    return sha256(token.encode()).hexdigest()


def client_of(app, address="1.2.3.4", **headers):
    return TestClient(app, base_url=HERE, client=(address, 50000), headers=headers)


def padded(size):
    """A question with white space around it, so many bytes of JSON."""
    start, end = b'{"question": "Who?"', b"}"
    return start + b" " * (size - len(start) - len(end)) + end


def pieces(content, size=2**16):
    """The same in pieces: the client states no length then."""
    for start in range(0, len(content), size):
        yield content[start : start + size]


@pytest.mark.parametrize("shape", [bytes, pieces])
@pytest.mark.parametrize(("over", "status"), [(0, 200), (1, 413), (MEGABYTE, 413)])
def test_a_body_may_have_two_megabytes_and_no_byte_more(client, shape, over, status):
    response = client.post("/v1/answer", content=shape(padded(BODY_MB * MEGABYTE + over)), headers=JSON)
    assert response.status_code == status
    if status == 413:
        assert response.json() == {"detail": BODY}


def test_a_body_whose_length_says_that_it_is_too_large_is_not_even_read():
    sent = []

    async def never(*_):
        raise AssertionError

    async def send(message):
        sent.append(message)

    for stated in (BODY_MB * MEGABYTE + 1, 10**17, 10**19, "9" * 5000):
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/v1/answer",
            "headers": [(b"content-length", str(stated).encode())],
        }
        asyncio.run(BodyLimit(never, {})(scope, never, send))
    assert [message["status"] for message in sent[::2]] == [413] * 4
    assert (b"connection", b"close") in sent[0]["headers"]


def test_a_body_that_states_less_than_it_is_is_cut_off_where_it_is_too_much():
    received = []

    async def reading(scope, receive, send):
        while True:
            received.append(len((await receive())["body"]))

    async def megabytes():
        return {"type": "http.request", "body": bytes(MEGABYTE), "more_body": True}

    scope = {"type": "http", "method": "POST", "path": "/v1/answer", "headers": [(b"content-length", b"5")]}
    with pytest.raises(HTTPException) as refusal:
        asyncio.run(BodyLimit(reading, {})(scope, megabytes, None))
    assert (refusal.value.status_code, refusal.value.detail) == (413, BODY)
    assert received == [MEGABYTE] * BODY_MB


def upload(client, megabytes, path="/v1/articles", method="POST", **how):
    files = {"file": ("a.txt", b"Words of an article. " + b" " * (megabytes * MEGABYTE))}
    return client.request(method, path, files=files, **how)


def test_files_may_have_more_where_they_are_added_and_nowhere_else(pipeline):
    client = opened(pipeline, upload_mb=4)
    assert upload(client, 3, params={"wait": 30}).status_code == 200
    refused = upload(client, 4)
    assert (refused.status_code, refused.json()) == (
        413,
        {"detail": "The request is larger than 4 MB; send less at once."},
    )
    for path, method in (
        ("/v1/answer", "POST"),
        ("/v1/articles", "PUT"),
        ("/v1/articles/ferry", "POST"),
        ("/v1/search", "POST"),
    ):
        assert upload(client, 3, path, method).json() == {"detail": BODY}
    urls = b'{"urls": ["http://a.example"]' + b" " * (3 * MEGABYTE) + b"}"
    for shape in (bytes, pieces):  # what is no file needs no more than elsewhere
        assert client.post("/v1/articles", content=shape(urls), headers=JSON).json() == {"detail": BODY}


def test_files_in_pieces_are_cut_off_too(pipeline):
    client = opened(pipeline, upload_mb=4)
    form = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        + bytes(5 * MEGABYTE)
        + b"\r\n--x--\r\n"
    )
    response = client.post(
        "/v1/articles", content=pieces(form), headers={"content-type": "multipart/form-data; boundary=x"}
    )
    assert (response.status_code, response.json()) == (
        413,
        {"detail": "The request is larger than 4 MB; send less at once."},
    )


def test_what_agents_send_is_limited_too(pipeline):
    with started(pipeline) as client:
        headers = JSON | {"accept": "application/json, text/event-stream"}
        for shape in (bytes, pieces):
            response = client.post("/mcp", content=shape(padded(BODY_MB * MEGABYTE + 1)), headers=headers)
            assert (response.status_code, response.json()) == (413, {"detail": BODY})


def test_who_asks_too_often_is_told_when_to_ask_again(pipeline):
    client = opened(pipeline, rate=3)
    assert [client.post("/v1/answer", json=QUESTION).status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    refused = client.get("/v1/articles")
    seconds = int(refused.headers["retry-after"])
    assert 1 <= seconds <= 60
    assert refused.json() == {"detail": f"You asked more than 3 times in a minute; try again in {seconds} seconds."}


def test_whether_the_server_lives_may_be_asked_as_often_as_one_likes(pipeline):
    client = opened(pipeline, rate=1)
    assert {client.get(path).status_code for path in ("/health", "/health/ready", "/metrics", "/openapi.json") * 3} == {
        200
    }
    assert [client.get("/v1/models").status_code for _ in range(2)] == [200, 429]


def test_agents_have_the_same_allowance(pipeline):
    with started(pipeline, rate=1) as client:
        assert client.get("/v1/models").status_code == 200
        assert client.post("/mcp", json={}).status_code == 429


def test_a_rate_of_nought_is_any_number(pipeline):
    client = opened(pipeline, rate=0)
    assert {client.get("/v1/models").status_code for _ in range(200)} == {200}
    assert client.post("/v1/answers", json={"questions": ["Who?"] * 100}).status_code == 200


def test_each_address_has_its_own_allowance(pipeline):
    app = create_app(pipeline, settings(rate=2))
    first, second = client_of(app), client_of(app, "2001:db8::1")
    assert [first.get("/v1/models").status_code for _ in range(3)] == [200, 200, 429]
    assert [second.get("/v1/models").status_code for _ in range(3)] == [200, 200, 429]


def test_each_token_has_its_own_allowance_wherever_it_comes_from(pipeline):
    app = create_app(pipeline, settings(rate=3, token_sha256=",".join(map(digest, TOKENS))))
    ways = ["Bearer {}", "bearer {}", "Bearer   {} "]  # of writing the same
    asked = [
        client_of(app, f"1.2.3.{n}", authorization=way.format(TOKENS[0])).get("/v1/models").status_code
        for n, way in enumerate(ways)
    ]
    assert asked == [200, 200, 200]
    assert client_of(app, authorization=f"Bearer {TOKENS[0]}").get("/v1/models").status_code == 429
    assert client_of(app, authorization=f"Bearer {TOKENS[1]}").get("/v1/models").status_code == 200


def test_nobody_gets_more_by_inventing_names(pipeline):
    free = create_app(pipeline, settings(rate=3))
    assert [client_of(free, authorization=f"Bearer {n}").get("/v1/models").status_code for n in range(5)] == [
        200,
        200,
        200,
        429,
        429,
    ]
    guarded = create_app(pipeline, settings(rate=3, token_sha256=digest(TOKENS[0])))
    asked = []
    for number in range(5):  # in by the cookie, with another header each time
        client = client_of(guarded, authorization=f"Basic {number}")
        client.get(f"/?token={TOKENS[0]}", follow_redirects=False)
        asked.append(client.get("/v1/models").status_code)
    assert asked == [200, 200, 200, 429, 429]


def test_a_client_is_a_digest_or_an_address_and_never_a_token():
    allowance = Allowance(1, frozenset({digest(TOKENS[0])}))

    def client(header, address=("10.0.0.1", 9)):
        scope = {"type": "http", "headers": [(b"authorization", header.encode())], "client": address}
        return allowance.client(Request(scope))

    assert client(f"Bearer {TOKENS[0]}") == digest(TOKENS[0])[:16]
    assert client(f"Bearer {TOKENS[1]}") == client(f"Basic {TOKENS[0]}") == client("Bearer") == client("") == "10.0.0.1"
    assert client("", None) == ""


def test_the_addresses_of_a_subscriber_share_one_allowance(pipeline):
    app = create_app(pipeline, settings(rate=2))
    asked = [client_of(app, f"2001:db8::{number}").get("/v1/models").status_code for number in (1, 2, 3)]
    assert asked == [200, 200, 429]
    assert client_of(app, "2001:db8:0:1::1").get("/v1/models").status_code == 200


def test_a_batch_counts_its_questions(pipeline):
    client = opened(pipeline, rate=10)
    assert client.post("/v1/answers", json={"questions": ["Who?"] * 7}).status_code == 200  # 3 are left
    assert client.post("/v1/answers", json={"questions": ["Who?"] * 4}).status_code == 429  # and that was one of them
    assert client.post("/v1/answers", json={"questions": ["Who?"] * 2}).status_code == 200
    refused = client.post("/v1/answer", json=QUESTION)
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 60


def test_a_batch_that_would_never_be_taken_is_refused_for_good(pipeline):
    client = opened(pipeline, rate=10)
    refused = client.post("/v1/answers", json={"questions": ["Who?"] * 11})
    assert (refused.status_code, refused.json()) == (
        422,
        {"detail": "One client may ask 10 questions a minute; ask no more at once."},
    )
    assert client.post("/v1/answers", json={"questions": ["Who?"] * 9}).status_code == 200  # all but the refusal's one


def test_an_allowance_is_taken_and_grows_again():
    allowance = Allowance(5)
    allowance.take("a", 4)
    with pytest.raises(TooMany):
        allowance.take("a", 2)
    allowance.take("a")  # what was refused took nothing
    with pytest.raises(TooMany, match=r"^You asked more than 5 times in a minute; try again in \d+ seconds\.$"):
        allowance.take("a")
    allowance.take("b", 5)
