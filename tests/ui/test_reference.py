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
from rag.assemble import assemble, open_encoder, open_reader
from rag.pipeline import Pipeline
from rag.settings import Settings
from tests.rag.api.conftest import settings
from ui.openapi_examples import WORKED, Worked
from ui.reference import reference_html

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


def routes(pipeline: Pipeline) -> set[tuple[str, str]]:
    paths = create_app(pipeline, settings()).openapi()["paths"]
    return {(method.upper(), path) for path, operations in paths.items() for method in operations}


def contained(part: object, whole: object) -> bool:
    """Whether everything a shortened reply says is in the whole one, in order."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(
            key in whole and contained(value, whole[key]) for key, value in part.items()
        )
    if isinstance(part, list):
        return isinstance(whole, list) and len(part) <= len(whole) and all(map(contained, part, whole))
    return part == whole


def test_every_address_has_a_worked_example_and_no_example_is_of_another(pipeline: Pipeline) -> None:
    assert WORKED.keys() == routes(pipeline)
    for (method, path), worked in WORKED.items():
        assert worked.method == method
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))
        assert re.fullmatch(pattern, worked.path.partition("?")[0])


def test_the_page_shows_each_command_as_it_is_typed_and_loads_nothing(pipeline: Pipeline) -> None:
    openapi = create_app(pipeline, settings()).openapi() | {"servers": [{"url": SERVER}]}
    html = reference_html(openapi)
    shown = [unescape(found) for found in re.findall(r"<pre>(.*?)</pre>", html, re.DOTALL)]
    for worked in WORKED.values():
        assert worked.command(SERVER) in shown
        assert worked.shown().strip().replace("\r\n", "\n") in [one.replace("\r\n", "\n") for one in shown]
    assert not re.search(r"<script|src=|<link|<img", html)
    assert "<td><code>file</code></td>" in html  # of an upload's form


def test_a_command_is_what_a_shell_takes_for_it() -> None:
    worked = Worked("POST", "/v1/answer", {}, {"question": "Who's “it”?"})
    words = shlex.split(worked.command("http://[::1]:8000/"))
    assert words[:2] == ["curl", "http://[::1]:8000/v1/answer"]
    assert json.loads(words[-1]) == {"question": "Who's “it”?"}
    assert Worked("DELETE", "/v1/jobs/J", {}).command("http://a") == "curl -X DELETE http://a/v1/jobs/J"


@pytest.mark.model
def test_the_examples_are_true(sample: Pipeline, tmp_path: Path) -> None:
    story = tmp_path / "story.txt"
    story.write_text("The bell of Merrin came home on Friday.\n\nIt had been away for a year.", encoding="utf-8")
    names = {header.title: header.id for header in sample.library.headers()}
    article = names["Passengers taken off in the dark as Skerrow ferry runs aground on Cow Ledge"]
    asked = client(sample)
    job = ""
    # What takes something away comes last, and then what puts it back.
    for worked in sorted(
        WORKED.values(),
        key=lambda one: ("restore" in one.path, one.method == "DELETE", "JOB" in one.path, "jobs" in one.path),
    ):
        path = worked.path.replace("/ID", f"/{article}").replace("/JOB", f"/{job}")
        files = {"file": (story.name, story.read_bytes())} if worked.form else None
        sent = {"json": worked.body} if worked.body is not None else {"files": files} if files else {}
        response = asked.request(worked.method, path, **sent)
        assert response.status_code == 200, worked.path
        if isinstance(worked.reply, str):
            assert worked.reply in response.text, worked.path
        else:
            assert contained(worked.reply, response.json()), (worked.path, response.json())
        if worked.form:
            job = response.json()["id"]
