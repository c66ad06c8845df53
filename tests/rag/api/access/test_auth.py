import time
from hashlib import sha256

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse

from rag.api.access.auth import TokenCheck, TokenNeeded, check_host, is_loopback
from rag.api.access.checks import RequestChecks
from rag.api.access.guesses import FREE_GUESSES

TOKEN = "a secret of letters; and=signs"


def digest(token):
    return sha256(token.encode()).hexdigest()


def browser(*tokens):
    app = Starlette(routes=[Route("/{path:path}", lambda _: PlainTextResponse("in"), methods=["GET", "POST"])])
    check = TokenCheck(frozenset(map(digest, tokens or [TOKEN])))
    return TestClient(RequestChecks(app, [check]), follow_redirects=False)


@pytest.mark.parametrize(("host", "loopback"), [
    ("127.0.0.1", True), ("127.8.9.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False), ("", False),
    ("192.168.1.5", False), ("example.com", False), ("localhost.example.com", False), ("127.0.0.1.example.com", False), ("127.1", False), ("0", False),
])  # fmt: skip
def test_only_loopback_addresses_need_no_token(host, loopback):
    assert is_loopback(host) is loopback
    check_host(host, frozenset({digest(TOKEN)}))
    if loopback:
        check_host(host, frozenset())
    else:
        refusal = rf"^Listening on {host} lets other machines in; set PULLQUOTE_TOKEN to a secret of at least 16"
        with pytest.raises(TokenNeeded, match=refusal):
            check_host(host, frozenset())


def test_who_brings_no_token_is_refused_with_a_way_in():
    response = browser().get("/v1/articles")
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.json() == {
        "detail": "This server asks for a token: send `Authorization: Bearer TOKEN`, or open the page with `?token=TOKEN`."
    }
    assert "set-cookie" not in response.headers


@pytest.mark.parametrize(("header", "status"), [
    (f"Bearer {TOKEN}", 200), (f"bearer {TOKEN}", 200), (f"Bearer  {TOKEN} ", 200), (TOKEN, 401), (f"Basic {TOKEN}", 401), (f"Bearer {TOKEN[:-1]}", 401),
    (f"Bearer {TOKEN}x", 401), ("Bearer", 401), ("Bearer ", 401), ("", 401), (f"Bearer {TOKEN.upper()}", 401),
])  # fmt: skip
def test_a_bearer_header_lets_in(header, status):
    assert browser().post("/v1/answer", headers={"authorization": header}).status_code == status


def test_the_page_is_opened_once_with_the_token_which_moves_to_a_cookie():
    client = browser()
    opened = client.get("/page", params={"token": TOKEN, "q": "a b", "x": "1"})
    assert opened.status_code == 303
    assert opened.headers["location"] == "/page?q=a+b&x=1"
    cookie = opened.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert client.get("/page").text == "in"  # the client sends its cookie
    assert client.get("/", params={"token": TOKEN}).status_code == 200
    assert browser().get("/", params={"token": TOKEN}).headers["location"] == "/"


def test_a_wrong_token_in_the_address_or_cookie_is_refused():
    client = browser()
    assert client.get("/", params={"token": "wrong"}).status_code == 401
    assert client.get("/?token=").status_code == 401
    client.cookies.set("pullquote_token", "wrong")
    assert client.get("/").status_code == 401


@pytest.mark.parametrize("query", [f"token=wrong&token={TOKEN}", f"token={TOKEN}&token=wrong", f"token={TOKEN}&token="])
def test_of_several_tokens_in_the_address_none_counts(query):
    client = browser()
    refused = client.get(f"/?{query.replace('; and=', '%3B and%3D')}")
    assert refused.status_code == 401
    assert "set-cookie" not in refused.headers
    assert client.get("/").status_code == 401


def test_the_cookie_holds_nothing_of_the_token_and_is_secret_where_the_page_is():
    client = browser()
    cookie = client.get("/", params={"token": TOKEN}).headers["set-cookie"]
    assert TOKEN not in cookie
    assert digest(TOKEN) not in cookie
    assert "Secure" not in cookie
    secret = browser().get("https://testserver/", params={"token": TOKEN}).headers["set-cookie"]
    assert "Secure" in secret
    assert browser().get("/", headers={"cookie": cookie.partition(";")[0]}).status_code == 401  # another server's


def test_the_token_itself_is_no_cookie():
    client = browser("plain-token-of-24-letters")
    for name in ("pullquote_token", "pullquote_session"):
        client.cookies.set(name, "plain-token-of-24-letters")
    assert client.get("/").status_code == 401


def test_guesses_are_slowed_and_the_right_token_is_not_locked_out(monkeypatch):
    monkeypatch.setattr("rag.api.access.guesses.GUESS_SECONDS", 0.1)
    client = browser()
    started = time.monotonic()
    for number in range(FREE_GUESSES + 5):
        assert client.get("/", params={"token": f"guess {number}"}).status_code == 401
    assert time.monotonic() - started > 0.3
    for _ in range(20):  # the first one waits for its turn, the others need not
        assert client.post("/", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200
    assert time.monotonic() - started < 3


def test_too_many_guesses_at_once_are_told_when_to_try_again(monkeypatch):
    monkeypatch.setattr("rag.api.access.guesses.MOST_IN_LINE", -1)
    client = browser()
    statuses = [client.get("/", params={"token": "wrong"}) for _ in range(FREE_GUESSES + 1)]
    assert [one.status_code for one in statuses] == [401] * FREE_GUESSES + [429]
    assert statuses[-1].headers["retry-after"]
    assert statuses[-1].json()["detail"].startswith("Many wrong tokens came from this address; try again in ")
    assert client.get("/").status_code == 401  # who brings none does not guess


def test_the_way_in_does_not_lead_to_another_server():
    location = browser().get("http://testserver//evil.example/a", params={"token": TOKEN}).headers["location"]
    assert location == "/evil.example/a"


def test_any_of_several_tokens_lets_in_and_no_other():
    door = browser("one", "two")
    for offered, status in (("one", 200), ("two", 200), ("three", 401), (digest("one"), 401), ("", 401)):
        assert door.get("/", headers={"authorization": f"Bearer {offered}"}).status_code == status


@pytest.mark.parametrize("token", ["\udcff", "é", "\U0001f980", "\0"])
def test_an_odd_token_is_a_wrong_one(token):
    offered = b"Bearer " + token.encode("utf-8", "surrogateescape")
    assert browser().get("/", headers=[(b"authorization", offered)]).status_code == 401


def test_a_websocket_is_refused_without_a_token_too():
    app = Starlette(routes=[WebSocketRoute("/", lambda socket: socket.close())])
    client = TestClient(RequestChecks(app, [TokenCheck(frozenset({digest(TOKEN)}))]))
    with pytest.raises(WebSocketDenialResponse) as refused, client.websocket_connect("/"):
        pass
    assert refused.value.status_code == 401
