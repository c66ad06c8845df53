"""The tools for agents, asked by the official client over a socket."""

import asyncio
import dataclasses
import json
import logging
import os
import subprocess
import sys
import time
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from pydantic import SecretStr

from index.filters import Filter
from index.ingest import add
from rag.answer import WHY, Reply
from rag.assemble import assemble
from rag.draft.check import CheckOptions, check_draft
from rag.draft.draft_text import draft_of
from rag.options import AskOptions
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.rag.api.conftest import opened
from tests.rag.api.routes.conftest import live
from tests.rag.api.test_app import plain
from tests.rag.conftest import CANNERY, FERRY, SetReader, article, reading

ROOT = Path(__file__).parents[4]
QUESTION = "Was anybody on board hurt, nobody on board was hurt?"
TOKEN = "a secret of many letters"
HELLO = {
    "jsonrpc": "2.0", "id": 1, "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "one", "version": "1"}},
}  # fmt: skip
SPEAKS = {"accept": "application/json, text/event-stream"}


def agent(address, do, mode="auto", **headers):
    """What `do` gives for a client of the server there; `legacy` shakes hands first, as agents did until 2025."""

    async def asking():
        async with connected(address, mode, headers) as client:
            return await do(client)

    return asyncio.run(asking())


@asynccontextmanager
async def connected(address, mode, headers):
    async with (
        httpx2.AsyncClient(headers=headers) as sender,
        Client(streamable_http_client(f"{address}/mcp", http_client=sender), mode=mode) as client,
    ):
        yield client


def called(address, tool, mode="auto", **arguments):
    return agent(address, lambda client: client.call_tool(tool, arguments), mode)


def given(result):
    """The data of a result, which its text, the one item of its content, holds too."""
    assert not result.is_error, result.content
    (item,) = result.content
    assert item.type == "text"
    assert json.loads(item.text) == result.structured_content
    return result.structured_content


def mistake(result):
    """The sentence of a tool's error."""
    assert (result.is_error, result.structured_content) == (True, None)
    (item,) = result.content
    return item.text


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_tools_say_what_they_take_and_that_they_change_nothing(address, mode):
    listed = agent(address, lambda client: client.list_tools(), mode)
    tools = {tool.name: tool for tool in listed.tools}
    assert {name: (tool.title, tool.description) for name, tool in tools.items()} == {
        "ask": ("Ask the library", "The exact words of the library that answer a question, with their places, or an abstention."),
        "search": ("Search the library", "The articles nearest to a query, each with the passage that was found; `fetch` gives one whole."),
        "fetch": ("Fetch an article", "A whole article, in whose text the quotes' `start` and `end` count."),
        "check": ("Check the quotations of a draft", "Whether each quotation in a text stands word for word in the library, and where; or what differs."),
    }  # fmt: skip
    for tool in tools.values():
        assert tool.annotations.model_dump(exclude={"title"}) == {
            "read_only_hint": True, "destructive_hint": False, "idempotent_hint": True, "open_world_hint": False,
        }  # fmt: skip
        assert tool.input_schema["type"] == tool.output_schema["type"] == "object"
    assert {name: list(tool.input_schema["properties"]) for name, tool in tools.items()} == {
        "ask": ["question", "filter"], "search": ["query"], "fetch": ["id"], "check": ["draft", "short"],
    }  # fmt: skip
    assert {name: tool.input_schema["required"] for name, tool in tools.items()} == {
        "ask": ["question"], "search": ["query"], "fetch": ["id"], "check": ["draft"],
    }  # fmt: skip
    assert list(tools["ask"].input_schema["$defs"]["FilterFields"]["properties"]) == [
        "since", "until", "outlet", "author", "language", "article",
    ]  # fmt: skip
    assert set(tools["ask"].output_schema["properties"]) == {field.name for field in dataclasses.fields(Reply)}
    assert list(tools["search"].output_schema["$defs"]["Result"]["properties"]) == ["id", "title", "url", "text"]
    assert list(tools["fetch"].output_schema["properties"]) == ["id", "title", "text", "url", "metadata"]


def test_the_quotations_of_a_draft_are_checked(address, pipeline):
    draft = "It said “The ferry Saint Brannoc ran aground” and “Ninety cats lose their work”."
    checked = given(called(address, "check", draft=draft))
    assert checked == json.loads(
        json.dumps(dataclasses.asdict(check_draft(pipeline, draft_of(draft), CheckOptions(most=3))))
    )
    assert [one["verdict"] for one in checked["quotations"]] == ["exact", "altered"]
    assert (
        mistake(called(address, "check", draft=" "))
        == "The draft is empty; give the text whose quotations are to be checked."
    )


def test_the_server_says_what_it_is(address):
    async def look(client):
        return client.server_info, client.server_capabilities, client.session.instructions

    info, capabilities, instructions = agent(address, look, "legacy")
    assert (info.name, info.title) == ("pullquote", "Pullquote")
    assert capabilities.model_dump(exclude_none=True) == {"tools": {"list_changed": False}}
    assert instructions.startswith("A library of articles that answers by exact quotes.")


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_an_answer_is_the_pipelines_reply(address, pipeline, mode):
    reply = given(called(address, "ask", mode, question=QUESTION))
    assert reply["abstained"] is False
    assert reply | {"timing_ms": None} == plain(pipeline.ask(QUESTION, AskOptions(10)))


@pytest.mark.parametrize("packed", [
    {"outlet": "the bell", "since": "2026"}, '{"outlet": ["the bell"], "since": "2026"}', {"outlet": '["the bell"]', "since": "2026"},
    r'{"outlet": "[\"the bell\"]", "since": "2026", "author": null}', {"outlet": ["the bell"], "since": "2026", "until": None},
])  # fmt: skip
def test_a_filter_says_which_articles_are_asked(address, pipeline, packed):
    reply = given(called(address, "ask", question="Which cannery closes?", filter=packed))
    only = Filter("2026", outlet=("the bell",))
    assert reply | {"timing_ms": None} == plain(pipeline.ask("Which cannery closes?", AskOptions(10, None, only)))


def test_the_library_does_not_say(address, pipeline):
    reply = given(called(address, "ask", question="Which vitamin prevents scurvy?"))
    assert (reply["abstained"], reply["reason"], reply["answers"]) == (True, "weak_evidence", [])
    assert reply | {"timing_ms": None} == plain(pipeline.ask("Which vitamin prevents scurvy?", AskOptions(10)))


def test_small_talk_is_told_in_a_sentence_what_can_be_asked(address):
    reply = given(called(address, "ask", question="hi"))
    assert (reply["reason"], reply["why"], reply["related"]) == ("small_talk", WHY["small_talk"], [])


def test_a_search_names_each_article_once_with_an_address_that_opens(address, library):
    long = "\n\n".join(f"The bell of Merrin rang {number} times on day {number}. " * 20 for number in range(5))
    list(add(library, HashEncoder(), [article("bell", long)]))
    found = given(called(address, "search", query="Merrin bell ferry cannery Hollin Quay"))["results"]
    assert sorted(result["id"] for result in found) == ["bell", "cannery", "ferry"]
    results = {result["id"]: result for result in found}
    view = f"{address}/v1/articles/cannery/view?start=0&end={len(CANNERY)}#quoted"
    assert results["cannery"] == {"id": "cannery", "title": "On the cannery", "url": view, "text": CANNERY}
    assert (
        results["ferry"]["url"]
        == "https://example.com/ferry#:~:text=The%20ferry%20Saint%20Brannoc%20ran,owner%20blames%20a%20silenced%20alarm."
    )
    page = httpx.get(view)
    assert (page.status_code, f"characters 0–{len(CANNERY)} of {len(CANNERY)} marked" in page.text) == (200, True)
    assert httpx.get(results["bell"]["url"]).status_code == 200


def test_an_article_comes_whole(address):
    assert given(called(address, "fetch", id="ferry")) == {
        "id": "ferry", "title": "On the ferry", "text": FERRY, "url": "https://example.com/ferry",
        "metadata": {"outlet": "The Bell", "published": "2026-02-02", "source": "ferry.txt", "sha256": "digest of ferry"},
    }  # fmt: skip
    cannery = given(called(address, "fetch", id="cannery"))
    assert cannery["url"] == f"{address}/v1/articles/cannery/view"
    assert httpx.get(cannery["url"]).status_code == 200


@pytest.mark.parametrize(("url", "shown"), [
    ("javascript:alert(1)", "{address}/v1/articles/odd%2F%F0%9F%A6%80%3F/view"), ("", "{address}/v1/articles/odd%2F%F0%9F%A6%80%3F/view"),
    ('https://example.com/a b"<img>', "https://example.com/a%20b%22%3Cimg%3E"),
])  # fmt: skip
def test_no_address_but_of_the_web_or_the_server_is_named(address, library, url, shown):
    list(add(library, HashEncoder(), [article("odd/🦀?", "The crab of Merrin walks sideways.", url=url)]))
    shown = shown.format(address=address)
    assert given(called(address, "fetch", id="odd/🦀?"))["url"] == shown
    found = given(called(address, "search", query="crab walks sideways"))["results"]
    (result,) = (result for result in found if result["id"] == "odd/🦀?")
    assert result["url"].startswith(f"{shown}?start=0&end=34#quoted" if url[:4] != "http" else f"{shown}#:~:text=The")


@pytest.mark.parametrize(("tool", "arguments", "sentence"), [
    ("ask", {"question": ""}, "The question is empty; ask one of at least one character."),
    ("ask", {"question": "x" * 3_000}, "The question has 3,000 characters; ask one of at most 2,000 characters."),
    ("search", {"query": " \n"}, "The question is empty; ask one of at least one character."),
    ("search", {"query": "x" * 3_000}, "The question has 3,000 characters; ask one of at most 2,000 characters."),
    ("fetch", {"id": "gone"}, "There is no article 'gone' in the library; `pullquote list` shows those there are."),
    ("ask", {"question": "Q?", "filter": {"article": "gone"}}, "There is no article 'gone' in the library; `pullquote list` shows those there are."),
    ("ask", {"question": "Q?", "filter": {"since": "March"}}, "The date 'March' is no day of the calendar; write it as 2025-03-31, or as 2025-03 or 2025."),
    ("ask", {"question": "Q?", "filter": {"sinse": "2025"}}, "The argument 'filter.sinse' cannot be taken: Extra inputs are not permitted; the tool's input schema says what can."),
    ("ask", {"question": "Q?", "filter": "bell"}, "The argument 'filter' cannot be taken: Input should be a valid dictionary or instance of FilterFields; the tool's input schema says what can."),
    ("ask", {"question": "Q?", "filter": "[" * 100_000}, "The argument 'filter' cannot be taken: Input should be a valid dictionary or instance of FilterFields; the tool's input schema says what can."),
    ("ask", {}, "The argument 'question' cannot be taken: Field required; the tool's input schema says what can."),
    ("fetch", {"id": 7}, "The argument 'id' cannot be taken: Input should be a valid string; the tool's input schema says what can."),
])  # fmt: skip
@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_mistake_is_told_to_the_agent_in_one_sentence(address, mode, tool, arguments, sentence):
    assert mistake(called(address, tool, mode, **arguments)) == sentence


def test_a_tool_that_is_not_there_is_refused(address):
    refused = pytest.RaisesExc(MCPError, match=r"^There is no tool 'remove'; there are ask, search, fetch, check\.$")
    with pytest.RaisesGroup(refused, flatten_subgroups=True):
        called(address, "remove", id="ferry")


def over(library, reader):
    """The pipeline of a library with another reader."""
    return assemble(library, HashEncoder(), reader, Settings())


class Broken(SetReader):
    """Fails at every question, as if a file of the model were gone."""

    def read(self, question, hits):
        raise RuntimeError("cannot open /home/ann/models/reader.xml")


class Slow(SetReader):
    """Reads nothing, in half a second."""

    def read(self, question, hits):
        time.sleep(0.5)
        return []


@pytest.fixture
def logged():
    """The records of the server's log."""
    records = []
    keeper = logging.Handler()
    keeper.emit = records.append
    log = logging.getLogger("pullquote.server")
    log.addHandler(keeper)
    yield records
    log.removeHandler(keeper)


@pytest.mark.usefixtures("pipeline")
@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_fault_inside_stays_inside(library, logged, mode):
    with live(over(library, Broken([]))) as address:
        result = called(address, "ask", mode, question=QUESTION)
    assert mistake(result) == "The server failed at this; its log says how."
    assert "reader.xml" in str([record.exc_info[1] for record in logged if record.exc_info])


@pytest.mark.usefixtures("pipeline")
def test_words_that_do_not_stand_there_are_not_given(library, logged):
    wrong = FERRY.replace("Saint", "Snait")
    with live(over(library, SetReader([reading(wrong, "Snait Brannoc", 9.0, "ferry")]))) as address:
        told = mistake(called(address, "ask", question=QUESTION))
    assert told.startswith("The words read at 10-23 of article ferry do not stand there, so nothing was sent; ")
    assert [record.exc_info[0].__name__ for record in logged] == ["BrokenQuote"]


@pytest.mark.usefixtures("pipeline")
def test_who_waits_too_long_is_told_when_to_try_again(library):
    with live(over(library, Slow([])), seconds=0.1) as address:
        result = called(address, "ask", question=QUESTION)
    assert mistake(result) == "More is asked of this server than it can answer in time; try again in a second."


def test_what_agents_ask_is_logged_where_the_settings_say_so(pipeline, logged):
    with live(pipeline, log="questions") as address:
        called(address, "ask", question=QUESTION)
        called(address, "search", "legacy", query="the bell")
    asked = [(record.route, record.status, record.asked) for record in logged if hasattr(record, "asked")]
    assert asked == [("/mcp", 200, [QUESTION]), ("/mcp", 200, ["the bell"])]


def test_a_server_with_a_token_asks_agents_for_it(pipeline):
    with live(pipeline, token=SecretStr(TOKEN)) as address:
        refused = httpx.post(f"{address}/mcp", json=HELLO, headers=SPEAKS)
        assert (refused.status_code, refused.json()["detail"][:32]) == (401, "This server asks for a token: se")
        with pytest.RaisesGroup(MCPError, flatten_subgroups=True):
            agent(address, lambda client: client.list_tools())

        async def ask(client):
            return await client.call_tool("ask", {"question": QUESTION})

        assert given(agent(address, ask, authorization=f"Bearer {TOKEN}"))["abstained"] is False


def test_pages_of_other_sites_and_other_names_are_refused(address):
    def status(**headers):
        return httpx.post(f"{address}/mcp", json=HELLO, headers=SPEAKS | headers).status_code

    assert status() == 200
    assert status(origin=address) == 200
    assert status(origin="http://evil.example") == 403
    assert status(origin="null") == 403
    assert status(host="evil.example") == 400


def test_there_is_no_stream_to_wait_at(address):
    for method in ("GET", "DELETE"):
        response = httpx.request(method, f"{address}/mcp", headers=SPEAKS)
        assert (response.status_code, response.headers["allow"]) == (405, "POST")
        sentence = f"This address takes no {method}; agents of the Model Context Protocol send POST."
        assert response.json() == {"detail": sentence}


def test_before_the_server_has_started_agents_are_told_to_come_again(pipeline):
    response = opened(pipeline).post("/mcp", json=HELLO, headers=SPEAKS)
    assert (response.status_code, response.headers["retry-after"]) == (503, "1")
    assert response.json() == {"detail": "The server is starting or stopping; try again in a second."}


def test_many_agents_ask_at_once(address, pipeline):
    async def ask_twenty(client):
        return await asyncio.gather(*(client.call_tool("ask", {"question": QUESTION}) for _ in range(20)))

    expected = plain(pipeline.ask(QUESTION, AskOptions(10)))
    for result in agent(address, ask_twenty):
        assert given(result) | {"timing_ms": None} == expected


_WATCHED = """
import json, logging, sys
from pathlib import Path

asked = []

def watch(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple) and arguments[1][0] not in ("127.0.0.1", "::1"):
        asked.append(arguments[1])
    if event == "socket.getaddrinfo" and arguments[0] not in ("127.0.0.1", "localhost", "::1", None):
        asked.append(arguments[0])

sys.addaudithook(watch)
from corpus.library.store import Library
from index.ingest import add
from rag.assemble import assemble
from rag.reader.sentence_reader import SentenceReader
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.rag.api.routes.conftest import live
from tests.rag.api.routes.test_mcp_server import called
from tests.rag.conftest import CANNERY, article

library, encoder = Library(Path(sys.argv[1]) / "library.sqlite"), HashEncoder()
list(add(library, encoder, [article("cannery", CANNERY)]))
before = logging.getLogger().handlers[:], logging.getLogger().level
with live(assemble(library, encoder, SentenceReader(encoder), Settings())) as address:
    for mode in ("auto", "legacy"):
        assert not called(address, "ask", mode, question="When will the cannery close?").is_error
assert (logging.getLogger().handlers, logging.getLogger().level) == before == ([], logging.WARNING)
print(json.dumps(asked))
"""


def test_serving_agents_asks_no_other_machine_and_leaves_logging_alone(tmp_path):
    collector = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector.example:4318", "OTEL_TRACES_EXPORTER": "otlp"}
    ran = subprocess.run(
        [sys.executable, "-c", _WATCHED, str(tmp_path)],
        cwd=ROOT, env=os.environ | collector, capture_output=True, check=False, text=True, timeout=120,
    )  # fmt: skip
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "[]\n", "")


@pytest.mark.parametrize("body", [
    r'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "ask", "arguments": {"question": "\ud800"}}}',
    "[" * 100_000, "no message", "{}", "\0\x01",
])  # fmt: skip
def test_what_is_no_message_is_refused_at_once(address, body):
    headers = {"content-type": "application/json", "accept": "application/json, text/event-stream"}
    reply = httpx.post(f"{address}/mcp", content=body, headers=headers)
    assert (reply.status_code, "error" in reply.json()) == (400, True)
