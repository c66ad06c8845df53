"""The library as tools over standard input and output, asked by the official client."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from mcp import Client, StdioServerParameters

from corpus.sample import SAMPLE

pytestmark = pytest.mark.model

ROOT = Path(__file__).parents[3]
STORY = SAMPLE / "merrin-ferry-grounding.md"
MILL = "The tide mill at Orrin stopped grinding flour in 1931, after a fire in the carding room."
QUESTION = "Who skippered the crabber Girl Rhoda?"
COMMAND = ["-c", "from ui.cli import main; main()", "mcp"]
HELLO = {
    "jsonrpc": "2.0", "id": 1, "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "one", "version": "1"}},
}  # fmt: skip


@pytest.fixture
def filled(pullquote):
    """The command line of a library with one story."""
    assert pullquote("add", str(STORY)).status == 0
    return pullquote


def agent(do, mode):
    """What `do` gives for a client of the library of `home`."""
    server = StdioServerParameters(command=sys.executable, args=COMMAND, env=dict(os.environ), cwd=ROOT)

    async def asking():
        async with Client(server, mode=mode) as client:
            return await do(client)

    return asyncio.run(asking())


def started(*, stdin=subprocess.PIPE, **environment):
    return subprocess.Popen(
        [sys.executable, *COMMAND], cwd=ROOT, env=os.environ | environment, text=True,
        stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_an_agent_asks_searches_and_fetches(filled, tmp_path, mode):
    mill = tmp_path / "the mill.md"
    mill.write_text(f"# The mill\n\n{MILL}\n", encoding="utf-8")
    assert filled("add", str(mill)).status == 0

    async def use(client):
        tools = await client.list_tools()
        asked = await client.call_tool("ask", {"question": QUESTION, "filter": {"since": "2025"}})
        found = await client.call_tool("search", {"query": "tide mill at Orrin Girl Rhoda"})
        results = {result["title"]: result for result in found.structured_content["results"]}
        fetched = [await client.call_tool("fetch", {"id": result["id"]}) for result in results.values()]
        unsaid = await client.call_tool("ask", {"question": "Which vitamin prevents scurvy?"})
        wrong = await client.call_tool("ask", {"question": ""})
        return [tool.name for tool in tools.tools], asked, results, fetched, unsaid, wrong

    names, asked, results, fetched, unsaid, wrong = agent(use, mode)
    assert names == ["ask", "search", "fetch", "check"]
    reply = json.loads(filled("ask", QUESTION, "--since", "2025", "--json").out)
    assert asked.structured_content | {"timing_ms": None} == reply | {"timing_ms": None}
    assert [json.loads(item.text) for item in asked.content] == [asked.structured_content]
    assert results["The mill"]["url"] == mill.as_uri()
    assert results["The mill"]["text"] == MILL
    listed = {one["id"]: one for one in json.loads(filled("list", "--json").out)}
    assert {result["id"] for result in results.values()} == listed.keys()
    for document in (one.structured_content for one in fetched):
        known = listed[document["id"]]
        assert document["text"] == json.loads(filled("show", document["id"], "--json").out)["text"]
        assert (document["title"], document["url"]) == (known["title"], known["url"] or mill.as_uri())
        assert document["metadata"].get("outlet") == known["outlet"]
    assert (unsaid.structured_content["abstained"], unsaid.structured_content["answers"]) == (True, [])
    assert wrong.is_error
    assert [item.text for item in wrong.content] == ["The question is empty; ask one of at least one character."]


@pytest.mark.usefixtures("filled")
def test_nothing_but_messages_is_written_and_the_end_of_the_input_ends_it():
    asked = {"name": "ask", "arguments": {"question": QUESTION}}
    process = started()
    told = [json.dumps(HELLO), json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"})]
    told += [json.dumps({"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": asked}) for number in (2, 3)]
    process.stdin.write("".join(line + "\n" for line in told))
    process.stdin.flush()
    replies = [json.loads(process.stdout.readline()) for _ in range(3)]
    assert sorted(reply["id"] for reply in replies) == [1, 2, 3]
    rest, complaints = process.communicate(timeout=60)  # closes standard input
    assert (process.returncode, rest, complaints) == (0, "", "")
    answers = [reply["result"]["structuredContent"]["abstained"] for reply in replies if reply["id"] > 1]
    assert answers == [False, False]


def called(number, arguments):
    return f'{{"jsonrpc": "2.0", "id": {number}, "method": "tools/call", "params": {{"name": "ask", "arguments": {arguments}}}}}'


@pytest.mark.usefixtures("filled")
def test_every_line_that_is_no_message_is_answered_and_the_server_lives_on():
    hello = json.dumps(HELLO).encode()
    lines = {
        b"no message": (None, -32700),
        b"{}": (None, -32600),
        b'{"jsonrpc": "2.0", "id": 5}': (5, -32600),
        called(6, r'{"question": "\ud800"}').encode(): (6, -32700),
        called('"seven"', r'{"question": "\udc00\ud800"}').encode(): ("seven", -32700),
        called(r'"\ud800"', "{}").encode(): (None, -32700),
        called("null", "{}").encode(): (None, -32600),
        called("1.5", "{}").encode(): (None, -32600),
        called("true", "{}").encode(): (None, -32600),
        called("1e400", "{}").encode(): (None, -32600),
        called("[1]", "{}").encode(): (None, -32600),
        called(8, "[" * 100_000).encode(): (None, -32700),
        called(9, "[" * 900 + "]" * 900).encode(): (9, -32700),
        b"\x00\xff\xfe\x80": (None, -32700),
        b'{"jsonrpc": "2.0", "id": 10, "x": "' + b"a" * 5_000_000: (None, -32600),
        b'{"jsonrpc": "2.0", "id": 11, "x": "' + b"a" * 20_000_000: (None, -32600),
    }
    process = started()
    replies = []
    with process.stdin.buffer as told, process.stdout.buffer as heard:
        for line in (hello, *lines, called(12, json.dumps({"question": QUESTION})).encode()):
            told.write(line + b"\n")
            told.flush()
            replies.append(json.loads(heard.readline()))
    assert (process.wait(timeout=60), process.stderr.read()) == (0, "")
    process.stderr.close()
    assert [(one["id"], one["error"]["code"]) for one in replies[1:-1]] == list(lines.values())
    assert {one["error"]["message"] for one in replies[1:-1]} == {
        "The line is no message of JSON-RPC 2.0, or holds half of a surrogate pair; send one object a line.",
        "The message has more than 4 MB; send less at once.",
    }
    assert (replies[-1]["id"], replies[-1]["result"]["structuredContent"]["abstained"]) == (12, False)


def test_an_agent_that_says_nothing_is_no_mistake(home):
    said, complaints = started().communicate(timeout=60)
    assert (said, complaints, home.is_dir()) == ("", "", True)


@pytest.mark.usefixtures("home")
def test_an_agent_that_goes_without_a_word_is_no_mistake():
    process = started()
    process.stdout.close()
    _, complaints = process.communicate(json.dumps(HELLO) + "\n", timeout=60)
    assert (process.returncode, complaints) == (0, "")


@pytest.mark.parametrize("begun", [True, False])
def test_ctrl_c_ends_it_without_a_word(home, begun):
    process = started()
    if begun:
        process.stdin.write(json.dumps(HELLO) + "\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["id"] == 1
    else:
        while not (home / "library.sqlite").exists():
            assert process.poll() is None
    process.send_signal(signal.SIGINT)
    process.wait(timeout=60)
    said, complaints = process.communicate()
    assert (process.returncode, said, complaints) == (-signal.SIGINT, "", "")


@pytest.mark.parametrize(("environment", "sentence"), [
    ({"PULLQUOTE_PASSAGES": "many"}, "The setting 'passages' cannot be taken: Input should be a valid integer, unable to parse string as an integer; mend PULLQUOTE_PASSAGES or settings.toml."),
    ({"PULLQUOTE_READER": "spam"}, "There is no reader 'spam'; set PULLQUOTE_READER to 'fast', 'sentence', or a folder that `python -m rag.training export` wrote."),
])  # fmt: skip
@pytest.mark.usefixtures("home")
def test_a_mistake_before_the_start_is_one_sentence(environment, sentence):
    process = started(**environment)
    said, complaints = process.communicate(timeout=60)
    assert (process.returncode, said, complaints) == (2, "", sentence + "\n")


def test_a_file_that_is_no_library_is_refused(home):
    home.mkdir()
    (home / "library.sqlite").write_text("my shopping list, which is not a database at all")
    process = started()
    said, complaints = process.communicate(timeout=60)
    assert (process.returncode, said) == (2, "")
    assert "is not a library this version can open" in complaints
    assert len(complaints.splitlines()) == 1


@pytest.mark.usefixtures("home")
def test_it_starts_without_what_the_page_and_the_training_need():
    heavy = {"gradio", "torch", "transformers", "sentence_transformers"}
    script = (
        "import sys\nfrom ui.cli import main\n"
        "try: main()\nexcept SystemExit as stopped: assert stopped.code == 0\n"
        f"assert 'mcp' in sys.modules\nprint(sorted({heavy!r} & sys.modules.keys()))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, "mcp"],
        cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, check=False, text=True, timeout=60,
    )  # fmt: skip
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "[]\n", "")
