import asyncio
from functools import partial

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from rag.api.access.checks import RequestChecks
from rag.api.access.same_origin import check_origin
from tests.rag.api.conftest import HERE, opened

NAMELESS = {"detail": "This server answers only as 127.0.0.1 or localhost; set PULLQUOTE_TOKEN for another name."}
FOREIGN = {"detail": "A page of another site asked for this; only the server's own pages and programs may."}
LINK = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}


def door(any_host=False):
    methods = ["GET", "HEAD", "POST", "DELETE", "OPTIONS"]
    inside = Starlette(routes=[Route("/{path:path}", lambda _: PlainTextResponse("in"), methods=methods)])
    return TestClient(RequestChecks(inside, [partial(check_origin, any_host=any_host)]), base_url=HERE)


@pytest.mark.parametrize("host", [
    "127.0.0.1", "127.0.0.1:8000", "127.0.0.1:", "localhost", "LOCALHOST:8000", "[::1]", "[::1]:8000", "[0:0:0:0:0:0:0:1]:80", "127.0.0.2:8000", "127.8.9.1",
])  # fmt: skip
def test_a_server_without_a_token_answers_to_its_names_on_this_machine(host):
    assert door().get("/", headers={"host": host}).text == "in"


@pytest.mark.parametrize("host", [
    "", "evil.example", "evil.example:8000", "127.0.0.1.evil.example", "localhost.evil.example", "evil.example:127.0.0.1", "192.168.1.5:8000", "0.0.0.0",
    "[::]", "[::1", "[::1]evil.example", "127.0.0.1:8000:9", "127.0.0.1:80a", "127.0.0.1@evil.example", "127.0.0.1, evil.example", "127.1", "2130706433",
    "[fe80::1]", "::1",
])  # fmt: skip
def test_and_to_no_other_name(host):
    response = door().get("/", headers={"host": host})
    assert (response.status_code, response.json()) == (400, NAMELESS)
    assert door(any_host=True).get("/", headers={"host": host}).text == "in"


def test_a_request_without_a_host_is_refused():
    sent = []

    async def send(message):
        sent.append(message)

    async def ask():
        scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
        await RequestChecks(None, [partial(check_origin, any_host=False)])(scope, None, send)

    asyncio.run(ask())
    assert sent[0]["status"] == 400


@pytest.mark.parametrize(("host", "origin", "may"), [
    ("127.0.0.1:8000", "http://127.0.0.1:8000", True), ("localhost:8000", "http://LocalHost:8000", True), ("LOCALHOST", "http://localhost", True),
    ("[::1]:8000", "http://[::1]:8000", True), ("localhost", "http://localhost:80", True), ("localhost:80", "http://localhost", True),
    ("localhost:443", "https://localhost", True), ("localhost", "https://localhost:443", True),
    ("127.0.0.1:8000", "https://127.0.0.1:8000", True),
    ("127.0.0.1:8000", "null", False), ("127.0.0.1:8000", "", False), ("127.0.0.1:8000", "http://127.0.0.1:8001", False), ("127.0.0.1:8000", "http://127.0.0.1", False),
    ("127.0.0.1:8000", "http://localhost:8000", False), ("127.0.0.1:8000", "https://evil.example", False), ("127.0.0.1:8000", "http://evil.example:8000", False),
    ("127.0.0.1:8000", "http://127.0.0.1:8000.evil.example", False), ("127.0.0.1:8000", "http://127.0.0.1:8000@evil.example", False),
    ("127.0.0.1:8000", "http://x@127.0.0.1:8000", False), ("127.0.0.1:8000", "http://[", False), ("127.0.0.1:8000", "file://127.0.0.1:8000", False),
    ("127.0.0.1:8000", "chrome-extension://127.0.0.1:8000", False), ("127.0.0.1:8000", "127.0.0.1:8000", False), ("127.0.0.1:8000", "//127.0.0.1:8000", False),
    ("localhost", "http://localhost:443", False), ("localhost", "https://localhost:80", False),
])  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS"])
def test_only_the_servers_own_pages_may_ask(host, origin, may, method):
    response = door().request(method, "/", headers={"host": host, "origin": origin})
    assert (
        (response.status_code, response.text) == (200, "in")
        if may
        else (response.status_code, response.json()) == (403, FOREIGN)
    )


@pytest.mark.parametrize(("host", "origin", "may"), [
    ("quotes.example", "https://quotes.example", True), ("quotes.example:443", "https://quotes.example", True), ("quotes.example", "https://Quotes.Example", True),
    ("quotes.example:8443", "https://quotes.example:8443", True), ("quotes.example", "https://evil.example", False), ("quotes.example", "null", False),
    ("", "null", False), ("127.0.0.1:8000", "https://quotes.example", False),
])  # fmt: skip
def test_behind_a_proxy_that_keeps_the_name_and_speaks_https_the_pages_are_the_servers_own(host, origin, may):
    response = door(any_host=True).post("/", headers={"host": host, "origin": origin})
    assert response.status_code == (200 if may else 403)


@pytest.mark.parametrize(("site", "also", "method", "may"), [
    ("none", {}, "GET", True), ("same-origin", {}, "GET", True), ("same-origin", {}, "POST", True), ("none", LINK, "GET", True),
    ("cross-site", LINK, "GET", True), ("cross-site", LINK, "HEAD", True), ("same-site", LINK, "GET", True),  # a link is followed
    ("cross-site", LINK, "POST", False), ("same-site", LINK, "DELETE", False),  # a form is sent
    ("cross-site", {}, "GET", False), ("same-site", {}, "GET", False), ("same-site", {}, "POST", False),
    ("cross-site", {"sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}, "GET", False), ("cross-site", {"sec-fetch-mode": "no-cors", "sec-fetch-dest": "script"}, "GET", False),
    ("cross-site", {"sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}, "GET", False), ("cross-site", {"sec-fetch-mode": "navigate", "sec-fetch-dest": "object"}, "GET", False),
    ("cross-site", {"sec-fetch-mode": "navigate"}, "GET", False), ("cross-site", {"sec-fetch-dest": "document"}, "GET", False),
    ("", {}, "GET", False), ("nonsense", {}, "GET", False),
])  # fmt: skip
def test_what_a_browser_says_of_the_page_that_asks_decides(site, also, method, may):
    response = door().request(method, "/", headers={"sec-fetch-site": site} | also)
    assert response.status_code == (200 if may else 403)


def test_a_link_of_another_site_is_a_link_only_if_it_states_no_foreign_origin():
    headers = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"} | LINK
    assert door().get("/", headers=headers).status_code == 403


def test_a_link_leads_to_an_article_and_a_picture_does_not(client):
    elsewhere = {"sec-fetch-site": "cross-site"}
    linked = client.get("/v1/articles/ferry/view", params={"start": 0, "end": 9}, headers=elsewhere | LINK)
    assert linked.status_code == 200
    assert '<mark id="quoted" class="current">The ferry</mark>' in linked.text
    picture = {"sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}
    assert client.get("/v1/articles/ferry/view", headers=elsewhere | picture).status_code == 403


def test_nothing_is_deleted_for_another_sites_page(client, library):
    assert client.delete("/v1/articles/ferry", headers={"origin": "https://evil.example"}).status_code == 403
    assert (
        client.post("/v1/articles", files={"file": ("a.txt", b"words")}, headers={"origin": "null"}).status_code == 403
    )
    assert [header.id for header in library.headers()] == ["cannery", "ferry"]


def test_a_server_with_a_token_answers_to_any_name(pipeline):
    client = opened(pipeline, token_sha256="ab" * 32)
    assert client.get("/health", headers={"host": "quotes.example"}).status_code == 401  # the door after this one
    assert opened(pipeline).get("/health", headers={"host": "quotes.example"}).status_code == 400
