"""The page about the API: every address has a worked example, and the examples are true."""

import json
import re
import shlex
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from corpus.library.store import Library
from corpus.load import load
from corpus.sample import SAMPLE
from index.ingest import add
from rag.api.app import create_app
from rag.api.examples import KEY, TITLE, example
from rag.assemble import assemble, open_encoder, open_reader
from rag.pipeline import Pipeline
from rag.settings import Settings
from tests.rag.api.conftest import settings
from ui.reference import Operation, operations, reference_html

SERVER = "http://127.0.0.1:8000/"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    """The sample articles, asked with the models that ship."""
    library = Library(tmp_path_factory.mktemp("home") / "library.sqlite")
    encoder = open_encoder(Settings(), print)
    list(add(library, encoder, (article for path in sorted(SAMPLE.iterdir()) for article in load(path))))
    yield assemble(library, encoder, open_reader(Settings(), encoder), Settings())
    library.close()


def client(pipeline: Pipeline) -> TestClient:
    return TestClient(create_app(pipeline, settings()), base_url=SERVER)


def described(pipeline: Pipeline) -> list[Operation]:
    return list(operations(create_app(pipeline, settings()).openapi()))


def contained(part: object, whole: object) -> bool:
    """Whether everything a shortened reply says is in the whole one, in order."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(
            key in whole and contained(value, whole[key]) for key, value in part.items()
        )
    if isinstance(part, list):
        return isinstance(whole, list) and len(part) <= len(whole) and all(map(contained, part, whole))
    return part == whole


def test_an_example_is_of_its_own_address(pipeline: Pipeline) -> None:
    for one in described(pipeline):
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(one.path))
        assert re.fullmatch(pattern, one.address.partition("?")[0])


def test_the_page_shows_each_command_as_it_is_typed_and_loads_nothing(pipeline: Pipeline) -> None:
    openapi = create_app(pipeline, settings()).openapi() | {"servers": [{"url": SERVER}]}
    html = reference_html(openapi)
    shown = [unescape(found) for found in re.findall(r"<pre>(.*?)</pre>", html, re.DOTALL)]
    for one in described(pipeline):
        assert one.command(SERVER) in shown
        assert one.reply.strip().replace("\r\n", "\n") in [block.replace("\r\n", "\n") for block in shown]
    assert not re.search(r"<script|src=|<link|<img", html)
    assert "<td><code>file</code></td>" in html  # of an upload's form


def test_a_command_is_what_a_shell_takes_for_it() -> None:
    asked = example({}, body={"question": "Who's “it”?"})[KEY]
    words = shlex.split(Operation("POST", "/v1/answer", "", [], asked).command("http://[::1]:8000/"))
    assert words[:2] == ["curl", "http://[::1]:8000/v1/answer"]
    assert json.loads(words[-1]) == {"question": "Who's “it”?"}
    cancelled = Operation("DELETE", "/v1/jobs/{job_id}", "", [], example({}, path="/v1/jobs/J")[KEY])
    assert cancelled.command("http://a") == "curl -X DELETE http://a/v1/jobs/J"


@pytest.mark.model
def test_the_examples_are_true(sample: Pipeline, tmp_path: Path) -> None:
    story = tmp_path / "story.txt"
    story.write_text("The bell of Merrin came home on Friday.\n\nIt had been away for a year.", encoding="utf-8")
    article = {header.title: header.id for header in sample.library.headers()}[TITLE]
    asked = client(sample)
    job = ""
    # What takes something away comes last, and then what puts it back.
    for one in sorted(
        described(sample),
        key=lambda one: ("restore" in one.path, one.method == "DELETE", "JOB" in one.address, "jobs" in one.path),
    ):
        body, form, reply = (one.example.get(name) for name in ("body", "form", "reply"))
        files = {"file": (story.name, story.read_bytes())} if form else None
        sent = {"json": body} if body is not None else {"files": files} if files else {}
        address = one.address.replace("/ID", f"/{article}").replace("/JOB", f"/{job}")
        response = asked.request(one.method, address, **sent)
        assert response.status_code == 200, address
        if isinstance(reply, str):
            assert reply in response.text, address
        else:
            assert contained(reply, response.json()), (address, response.json())
        if form:
            job = response.json()["id"]
