"""The server: the API beside the page, the token at the door, and nothing else let in."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from rag.api.access.auth import TokenNeeded
from rag.pipeline import Pipeline
from rag.settings import Settings
from tests.ui.conftest import CAFE, CAFE_QUESTION
from ui.server import NoSuchHost, PortTaken, create_server, serve

TOKEN = "a-secret-of-24-characters"
HERE = "http://127.0.0.1"


@pytest.fixture
def client(pipeline: Pipeline, settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_server(pipeline, settings), base_url=HERE) as made:
        yield made


@pytest.fixture
def guarded(pipeline: Pipeline, settings: Settings) -> Iterator[TestClient]:
    app = create_server(pipeline, settings.model_copy(update={"token": SecretStr(TOKEN)}))
    with TestClient(app, base_url="http://library.example", follow_redirects=False) as made:
        yield made


def test_importing_the_server_does_not_import_gradio() -> None:
    check = "import sys, ui.server; sys.exit('gradio' in sys.modules)"
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", check], cwd=root, check=False).returncode == 0


def test_the_page_and_the_api_share_a_port(client: TestClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "gradio-app" in page.text
    health = client.get("/health").json()
    assert (health["status"], health["articles"]) == ("ok", 3)
    reply = client.post("/v1/answer", json={"question": CAFE_QUESTION}).json()
    quote = reply["answers"][0]["quotes"][0]
    assert CAFE.text[quote["start"] : quote["end"]] == quote["text"]
    assert client.get("/v1/articles/cafe").json()["text"] == CAFE.text


def test_the_icon_and_the_name_are_ours(client: TestClient) -> None:
    assert client.get("/favicon.ico").headers["content-type"] == "image/svg+xml"
    assert client.get("/manifest.json").json()["name"] == "Pullquote"


def test_mistakes_are_sentences(client: TestClient) -> None:
    empty = client.post("/v1/answer", json={"question": ""})
    assert (empty.status_code, empty.json()) == (
        422,
        {"detail": "The question is empty; ask one of at least one character."},
    )
    assert client.post("/v1/answer", json={"query": "x"}).status_code == 422
    assert client.get("/v1/articles/none").status_code == 404
    assert client.get("/v1/nothing").status_code == 404


@pytest.mark.parametrize(("path", "method", "status"), [
    ("/v1/completions", "POST", 404), ("/v1/nothing", "GET", 404), ("/v1/chat/completions", "GET", 405),
    ("/v1/responses", "GET", 405), ("/v1/embeddings", "DELETE", 405), ("/v1/models", "POST", 405),
])  # fmt: skip
def test_what_openais_clients_ask_in_vain_does_not_go_to_the_page(
    client: TestClient, path: str, method: str, status: int
) -> None:
    reply = client.request(method, path)
    assert (reply.status_code, reply.json().keys()) == (status, {"detail", "error"})
    assert reply.json()["error"]["message"] == reply.json()["detail"]
    assert "/docs lists what" in reply.json()["detail"]


def test_a_method_that_our_own_addresses_do_not_take_is_told(client: TestClient) -> None:
    refused = client.get("/v1/answer")
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")
    assert refused.json() == {"detail": "This address takes no GET; /docs lists what it takes."}


def test_the_api_is_described_without_loading_anything(client: TestClient) -> None:
    docs = client.get("/docs")
    assert docs.status_code == 200
    assert "POST /v1/answer" in docs.text
    assert "curl http://127.0.0.1/v1/answer" in docs.text  # under the name it was asked by
    assert "<script" not in docs.text
    assert "src=" not in docs.text
    assert client.get("/openapi.json").json()["info"]["title"] == "Pullquote"


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload", "/gradio_api/info", "/gradio_api/file=/etc/passwd", "/gradio_api/proxy=https://a.example",
        "/gradio_api/run/on_ask", "/gradio_api/call/on_ask", "/gradio_api/openapi.json", "/monitoring", "/login",
        "/gradio_api/heartbeat/page", "/docs/oauth2-redirect", "/redoc", "/etc/passwd",
    ],
)  # fmt: skip
def test_what_the_page_does_not_need_is_not_there(client: TestClient, path: str) -> None:
    for method in ("GET", "POST"):
        assert client.request(method, path).status_code in {404, 405}


def test_files_are_not_given_out(client: TestClient) -> None:
    for path in ("/assets/..%2f..%2f..%2fanalytics.py", "/static/%2e%2e/%2e%2e/index.html", "/static//etc/passwd"):
        assert client.get(path).status_code in {403, 404}


def test_a_foreign_name_for_this_machine_is_refused(client: TestClient) -> None:
    refused = client.get("/v1/articles", headers={"host": "attacker.example"})
    assert refused.status_code == 400
    assert refused.json()["detail"].startswith("This server answers only as 127.0.0.1 or localhost;")
    for name in ("localhost:8000", "127.0.0.1:8000", "[::1]:8000"):
        assert client.get("/health", headers={"host": name}).status_code == 200


@pytest.mark.parametrize("claim", ["X-Forwarded-Host", "X-Gradio-Server", "Forwarded", "X-Forwarded-Proto"])
def test_nobody_says_where_the_page_is(client: TestClient, claim: str) -> None:
    value = {"Forwarded": "host=evil.example", "X-Forwarded-Proto": "https"}.get(claim, "http://evil.example")
    for path in ("/", "/config", "/docs"):
        claimed = client.get(path, headers={claim: value}).text
        assert "evil.example" not in claimed
        assert "https://127.0.0.1" not in claimed
    assert client.get("/config", headers={claim: value}).json()["root"] == HERE


def test_pages_may_load_nothing_from_elsewhere(client: TestClient) -> None:
    policy = client.get("/").headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "connect-src 'self'" in policy
    assert "http" not in policy


def test_the_token_opens_everything_and_nothing_opens_without(guarded: TestClient) -> None:
    for path in ("/", "/health", "/v1/articles", "/docs", "/config", "/theme.css"):
        assert guarded.get(path).status_code == 401
        assert guarded.get(path, headers={"authorization": "Bearer wrong"}).status_code == 401
        assert guarded.get(path, headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200


def test_a_browser_keeps_the_token_in_a_cookie(guarded: TestClient) -> None:
    opened = guarded.get(f"/?token={TOKEN}")
    assert (opened.status_code, opened.headers["location"]) == (303, "/")
    assert "HttpOnly" in opened.headers["set-cookie"]
    assert TOKEN not in opened.headers["set-cookie"]
    assert guarded.get("/").status_code == 200


def test_other_machines_need_a_token(pipeline: Pipeline, settings: Settings) -> None:
    with pytest.raises(TokenNeeded, match="set PULLQUOTE_TOKEN"):
        serve(pipeline, settings.model_copy(update={"host": "0.0.0.0"}), pytest.fail)


def test_a_taken_port_is_told(pipeline: Pipeline, settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=f"Another program listens on port {port} of 127.0.0.1;"):
            serve(pipeline, settings.model_copy(update={"port": port}), pytest.fail)


def test_an_address_of_another_machine_is_told(pipeline: Pipeline, settings: Settings) -> None:
    elsewhere = settings.model_copy(update={"host": "192.0.2.7", "token": SecretStr(TOKEN)})
    with pytest.raises(NoSuchHost, match=r"This machine cannot listen on '192\.0\.2\.7'"):
        serve(pipeline, elsewhere, pytest.fail)
