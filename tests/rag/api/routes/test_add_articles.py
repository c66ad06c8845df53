import io
import json
import os
import socketserver
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise

import pytest

from corpus.article import Article
from corpus.load import Refusal, load
from corpus.sample import SAMPLE
from rag.api.log import logger
from rag.settings import Settings
from tests.rag.api.conftest import opened
from tests.rag.conftest import article

TEXT = "The lantern of Pell Cross was lit again on Friday. Everybody in the village came to see it."
STORY = ("story.txt", TEXT.encode())


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """The folder for what is temporary, empty."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def server(client, temporary):
    return client


def form(*parts):
    """A form's body, its parts (name, file name or None, content) as they are."""
    pieces = []
    for name, filename, content in parts:
        also = b"" if filename is None else b'; filename="' + filename.encode().replace(b'"', b"%22") + b'"'
        pieces.append(
            b'--xyz\r\nContent-Disposition: form-data; name="'
            + name.encode()
            + b'"'
            + also
            + b"\r\n\r\n"
            + content
            + b"\r\n"
        )
    return {
        "content": b"".join(pieces) + b"--xyz--\r\n",
        "headers": {"content-type": "multipart/form-data; boundary=xyz"},
    }


def upload(client, *files):
    """The job, done, that adds files (name, content)."""
    response = client.post("/v1/articles?wait=60", **form(*(("file", name, content) for name, content in files)))
    assert (response.status_code, response.json()["status"]) == (200, "done"), response.json()
    return response.json()


def outcomes(job):
    return [(entry["source"], entry["outcome"], entry["reason"]) for entry in job["entries"]]


def done(client, job, status="done"):
    deadline = time.monotonic() + 30
    while (now := client.get(f"/v1/jobs/{job['id']}").json())["finished"] is None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert now["status"] == status
    return now


@contextmanager
def counting_server():
    """A server on this machine that counts who connects to it."""
    connected = []

    class Counting(socketserver.BaseRequestHandler):
        def handle(self):
            connected.append(self.client_address)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Counting) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield listening.server_address[1], connected
        listening.shutdown()


def with_page(client, page):
    """The client of the same server, to which these are the articles of web pages."""
    client.app.state.shared = replace(client.app.state.shared, page=page)
    return client


def test_uploads_hold_the_articles_that_the_files_do(server, library, temporary):
    paths = sorted(SAMPLE.iterdir())
    job = upload(server, *((path.name, path.read_bytes()) for path in paths))
    expected = {}
    for path in paths:
        for one in load(path):
            if isinstance(one, Article):
                expected[f"upload:{path.name}{one.source.removeprefix(str(path))}"] = one
    found = {
        header.source: library.article(header.id) for header in library.headers() if header.source.startswith("upload:")
    }
    assert {source: (one.title, one.text, one.published, one.sha256, one.origin) for source, one in found.items()} == {
        source: (one.title, one.text, one.published, one.sha256, one.origin) for source, one in expected.items()
    }
    assert len(expected) > len(paths)  # a file may hold many
    assert (job["sources"], job["read"], job["counts"]) == (len(paths), len(paths), {"added": len(expected)})
    assert {entry["source"]: entry["article_id"] for entry in job["entries"]} == {
        source: one.id for source, one in found.items()
    }
    assert list(temporary.iterdir()) == []


def test_what_was_uploaded_answers(server):
    upload(server, STORY)
    reply = server.post("/v1/answer", json={"question": "When was the lantern of Pell Cross lit again?"}).json()
    quote = reply["answers"][0]["quotes"][0]
    assert (quote["text"], quote["source"]) == (
        "The lantern of Pell Cross was lit again on Friday.",
        "upload:story.txt",
    )


@pytest.mark.parametrize(("name", "content", "reason"), [
    ("empty.txt", b"", "empty.txt is empty; put the article in it."),
    ("empty.pdf", b"", "empty.pdf is empty; put the article in it."),
    ("blank.txt", b" \n\t ", "blank.txt has no text; put the article in it."),
    ("a.exe", b"MZ", "a.exe is of no format that can be read; use one of .txt .text .md .markdown .html .htm .pdf .docx .jsonl .jsonl.gz."),
    ("nothing", b"x", "nothing is of no format that can be read; use one of .txt .text .md .markdown .html .htm .pdf .docx .jsonl .jsonl.gz."),
    ("lines.jsonl", b"\n", "lines.jsonl is empty; put the articles in it, one a line."),
])  # fmt: skip
def test_a_file_that_holds_no_article_is_refused_and_the_others_are_added(server, temporary, name, content, reason):
    job = upload(server, (name, content), STORY)
    assert sorted(outcomes(job)) == sorted([(f"upload:{name}", "refused", reason), ("upload:story.txt", "added", "")])
    assert job["counts"] == {"refused": 1, "added": 1}
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(("name", "content"), [
    ("odd.txt", b"\xff\xfe\x00\xd8\x41"), ("odd.pdf", b"%PDF-1.7\nnothing"), ("odd.docx", b"PK\x03\x04"), ("odd.jsonl", b"{"),
    ("odd.jsonl.gz", b"\x1f\x8b\x08"), ("odd.txt", b"\x00" * 100),
])  # fmt: skip
def test_a_broken_file_is_refused_in_one_sentence_that_says_nothing_of_this_machine(server, temporary, name, content):
    job = upload(server, (name, content))
    assert job["counts"] == {"refused": 1}
    (entry,) = job["entries"]
    assert entry["source"].startswith(f"upload:{name}")
    assert entry["reason"].startswith(name)
    assert entry["reason"].endswith(".")
    assert str(temporary) not in json.dumps(job)
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(("given", "source"), [
    ("../../etc/passwd.txt", "upload:../../etc/passwd.txt"), ("/etc/passwd.txt", "upload:/etc/passwd.txt"), ("C:\\x\\y.txt", "upload:y.txt"),
    ("a/../../b.txt", "upload:a/../../b.txt"), ("\N{CRAB} κ\u0301.txt", "upload:\N{CRAB} κ\u0301.txt"), ("a\x00b.txt", "upload:a\ufffdb.txt"),
    ("a\u202etxt.txt", "upload:a\ufffdtxt.txt"), ("x" * 2_000 + ".txt", "upload:" + "x" * 251 + ".txt"), (".txt", "upload:.txt"),
    ("-rf.txt", "upload:-rf.txt"), ("a.txt/", None), ("~.txt", "upload:~.txt"), ("a.TXT", "upload:a.TXT"), ("..", None), ("", None),
    ("a." + "x" * 2_000, None), ("con", None),
])  # fmt: skip
def test_a_name_is_what_an_upload_is_known_by_and_no_path(server, library, temporary, given, source):
    job = upload(server, (given, TEXT.encode()))
    (entry,) = job["entries"]
    if source is None:
        assert entry["outcome"] == "refused"
        assert "is of no format that can be read" in entry["reason"]
    else:
        assert (entry["source"], entry["outcome"]) == (source, "added")
        assert library.article(entry["article_id"]).text == TEXT
    assert list(temporary.iterdir()) == []


def test_a_name_of_thousands_of_characters_is_refused_or_cut_and_never_fails(server):
    response = server.post("/v1/articles?wait=60", **form(("file", "y" * 5_000 + ".txt", TEXT.encode())))
    assert response.status_code in {200, 400}
    if response.status_code == 200:
        assert response.json()["entries"][0]["source"] == "upload:" + "y" * 251 + ".txt"


def test_nothing_is_written_but_what_is_temporary_and_the_library(server, tmp_path):
    written, watching = [], True

    def watch(event, arguments):
        if watching and event == "open" and isinstance(arguments[0], str | bytes):
            path, mode, flags = arguments
            if (mode and set(mode) & set("wax+")) or (flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                written.append(os.fsdecode(path))

    sys.addaudithook(watch)
    names = ["../../../out.txt", "/tmp/out.txt", "C:\\out.txt", "..\\..\\out.txt", "a/b/c/out.txt", "x" * 600 + ".txt"]
    upload(server, *((name, TEXT.encode() + name.encode()) for name in names))
    upload(server, ("big.txt", TEXT.encode() * 30_000))  # more than is kept in memory
    watching = False
    elsewhere = [
        path
        for path in written
        if not path.startswith(str(tmp_path)) and path != os.devnull and "__pycache__" not in path
    ]
    assert written != []
    assert elsewhere == []


def test_a_file_without_a_name_is_told_of(server):
    (entry,) = upload(server, ("", b"words"))["entries"]
    assert entry["source"] == "upload:a file without a name"
    assert entry["reason"].startswith("a file without a name is of no format that can be read; ")


def test_other_files_of_the_same_name_are_all_kept(server, library):
    files = [
        STORY,
        ("story.txt", b"Other words under the same name."),
        ("story (2).txt", b"A third."),
        ("story.txt", b"A fourth."),
    ]
    sources = ["upload:story.txt", "upload:story (3).txt", "upload:story (2).txt", "upload:story (4).txt"]
    job = upload(server, *files)
    assert outcomes(job) == [(source, "added", "") for source in sources]
    texts = [library.article(entry["article_id"]).text for entry in job["entries"]]
    assert texts == [TEXT, "Other words under the same name.", "A third.", "A fourth."]
    (alone,) = upload(server, files[1])["entries"]  # it does not take the place of the first
    assert (alone["source"], alone["outcome"]) == ("upload:story (3).txt", "skipped")
    again = upload(server, *files)
    assert outcomes(again) == [(source, "skipped", "It has not changed since it was added.") for source in sources]


def test_the_same_file_twice_is_one_article(server, library):
    other = ("story.txt", b"Other words.")
    assert outcomes(upload(server, STORY, STORY, other, other)) == [
        ("upload:story.txt", "skipped", "The same article comes before it as upload:story.txt."),
        ("upload:story (2).txt", "skipped", "The same article comes before it as upload:story (2).txt."),
        ("upload:story.txt", "added", ""),
        ("upload:story (2).txt", "added", ""),
    ]
    assert [one.source for one in library.sources("upload:")] == ["upload:story (2).txt", "upload:story.txt"]


@pytest.mark.parametrize(("name", "second"), [
    ("a/story.v2.md", "a/story.v2 (2).md"), ("lines.jsonl.gz", "lines (2).jsonl.gz"), ("README", "README (2)"), ("", "a file without a name (2)"), (".md", " (2).md"), ("a\nb.txt", "a\ufffdb (2).txt"),
    ("x.y/story", "x.y/story (2)"),
])  # fmt: skip
def test_the_number_stands_before_the_endings(server, name, second):
    entries = upload(server, (name, b"One."), (name, b"Two."))["entries"]
    assert {entry["source"].partition("#")[0] for entry in entries} > {f"upload:{second}"}


def test_uploaded_again_it_takes_its_own_place(server, library):
    first = upload(server, STORY)["entries"][0]
    again = upload(server, STORY)["entries"][0]
    assert (again["outcome"], again["reason"]) == ("skipped", "It has not changed since it was added.")
    changed = upload(server, ("story.txt", b"The lantern went out again on Sunday."))["entries"][0]
    assert (first["outcome"], changed["outcome"], changed["article_id"]) == ("added", "updated", first["article_id"])
    assert changed["reason"] == (
        "It takes the place of what was uploaded as story.txt before; to keep both, give one another name."
    )
    assert library.article(first["article_id"]).text == "The lantern went out again on Sunday."
    copied = upload(server, ("copy.txt", b"The lantern went out again on Sunday."))["entries"][0]
    assert (copied["outcome"], copied["reason"]) == (
        "skipped",
        "The same bytes are in the library as upload:story.txt.",
    )


def test_addresses_come_as_json_or_in_a_form(server):
    asked = []

    def page(url):
        asked.append(url)
        yield article(f"page{len(asked)}", f"Words of page {len(asked)}.")

    client = with_page(server, page)
    as_json = client.post("/v1/articles?wait=30", json={"urls": ["http://a.example/1", "http://a.example/2"]})
    as_parts = client.post(
        "/v1/articles?wait=30",
        **form(("url", None, b"http://a.example/3"), ("file", *STORY), ("url", None, b"http://a.example/4")),
    )
    as_fields = client.post("/v1/articles?wait=30", data={"url": ["http://a.example/5", "http://a.example/6"]})
    assert asked == [f"http://a.example/{number}" for number in range(1, 7)]
    assert [reply.json()["sources"] for reply in (as_json, as_parts, as_fields)] == [2, 3, 2]
    assert [reply.json()["counts"] for reply in (as_json, as_parts, as_fields)] == [
        {"added": 2},
        {"added": 3},
        {"added": 2},
    ]


def test_nothing_on_this_machine_is_fetched(server):
    with counting_server() as (port, connected):
        urls = [
            f"http://{host}:{port}/a"
            for host in (
                "127.0.0.1",
                "localhost",
                "[::1]",
                "0.0.0.0",
                "[::ffff:127.0.0.1]",
                "2130706433",
                "0x7f.1",
                "127.1",
            )
        ]
        urls += [
            "http://169.254.169.254/latest/meta-data/",
            "file:///etc/passwd",
            "ftp://127.0.0.1/",
            "//127.0.0.1/",
            "",
            "javascript:alert(1)",
        ]
        job = done(server, server.post("/v1/articles", json={"urls": urls}).json())
        assert job["counts"] == {"refused": len(urls)}
        assert [entry["source"] for entry in job["entries"]] == urls
        reasons = [entry["reason"] for entry in job["entries"]]
        way_out = "fetch it with `pullquote add` on the command line, or save the page and add the file."
        assert reasons[0] == f"http://127.0.0.1:{port}/a is at no public address; {way_out}"
        assert reasons[1] == f"http://localhost:{port}/a is at no public address; {way_out}"
        assert [
            reason
            for reason in reasons[9:]
            if "is no web address; it must begin with http:// or https://." not in reason
        ] == []
        assert connected == []


def test_a_job_may_be_waited_for_or_followed_later(server):
    go = threading.Event()

    def page(url):
        assert go.wait(10)
        yield Refusal(url, "It is gone.")

    client = with_page(server, page)
    begun = client.post("/v1/articles?wait=0.1", json={"urls": ["http://a.example"]})
    assert begun.status_code == 202
    assert begun.headers["location"] == f"/v1/jobs/{begun.json()['id']}"
    assert begun.json() | {"created": None, "id": None} == {
        "id": None, "status": "running", "sources": 1, "read": 0, "counts": {}, "entries": [], "detail": None, "created": None, "finished": None,
    }  # fmt: skip
    assert client.get(begun.headers["location"]).json() == begun.json()
    go.set()
    job = done(client, begun.json())
    assert (job["read"], job["entries"]) == (1, [
        {"source": "http://a.example", "outcome": "refused", "reason": "It is gone.", "article_id": None, "title": None, "passages": 0},
    ])  # fmt: skip
    assert client.get("/v1/jobs").json() == [job | {"entries": []}]  # which its own address has
    waited = client.post("/v1/articles?wait=20", json={"urls": ["http://a.example"]})
    assert (waited.status_code, waited.json()["status"]) == (200, "done")
    assert [one["id"] for one in client.get("/v1/jobs").json()] == [waited.json()["id"], job["id"]]


def test_a_jobs_events_are_the_job_as_it_changes_and_end_with_it(server):
    go, client = threading.Event(), server

    def page(url):
        assert go.wait(10)
        yield Refusal(url, "It is gone.")

    with_page(client, page)
    job = client.post("/v1/articles", json={"urls": ["http://a.example/1", "http://a.example/2"]}).json()
    threading.Timer(0.3, go.set).start()
    response = client.get(f"/v1/jobs/{job['id']}/events")
    assert response.headers["content-type"].startswith("text/event-stream")
    events = [block.split("\n") for block in response.text.strip().split("\n\n")]
    assert {lines[0] for lines in events} == {"event: job"}
    told = [json.loads(lines[1].removeprefix("data: ")) for lines in events]
    assert told[-1] == client.get(f"/v1/jobs/{job['id']}").json()
    assert (told[-1]["status"], told[-1]["counts"], told[0]["finished"]) == ("done", {"refused": 2}, None)
    assert [one for one, following in pairwise(told) if one == following] == []
    again = client.get(f"/v1/jobs/{job['id']}/events").text
    assert again.count("event: job") == 1


def test_a_job_is_cancelled_and_what_it_has_written_stays(server, library, temporary):
    reached, go = threading.Event(), threading.Event()

    def page(url):
        reached.set()
        assert go.wait(10)
        yield article("late", "These words come too late.")

    client = with_page(server, page)
    job = client.post(
        "/v1/articles", **form(("file", "a.exe", b"x"), ("url", None, b"http://a.example"), ("file", *STORY))
    ).json()
    assert reached.wait(10)
    assert client.delete(f"/v1/jobs/{job['id']}").json()["status"] == "running"
    go.set()
    ended = done(client, job, "cancelled")
    assert ended["counts"] == {"refused": 1}
    assert "late" not in library
    assert list(temporary.iterdir()) == []


def test_a_job_that_waits_is_cancelled_at_once_and_its_files_are_gone(server, temporary):
    go = threading.Event()

    def page(url):
        assert go.wait(10)
        yield Refusal(url, "It is gone.")

    client = with_page(server, page)
    first = client.post("/v1/articles", json={"urls": ["http://a.example"]}).json()
    second = client.post("/v1/articles", **form(("file", *STORY))).json()
    assert len(list(temporary.iterdir())) == 1
    cancelled = client.delete(f"/v1/jobs/{second['id']}").json()
    assert (cancelled["status"], cancelled["read"]) == ("cancelled", 0)
    assert list(temporary.iterdir()) == []
    go.set()
    done(client, first)


def test_a_job_that_fails_says_no_more_than_that_and_the_log_all(server, temporary):
    def page(url):
        raise KeyError("a secret of the server")

    client = with_page(server, page)
    log = io.StringIO()
    before = logger().handlers[0].setStream(log)
    job = done(
        client,
        client.post("/v1/articles", **form(("file", *STORY), ("url", None, b"http://a.example"))).json(),
        "failed",
    )
    logger().handlers[0].setStream(before)
    assert job["detail"] == "The server failed at this job; its log says how."
    assert "secret" not in json.dumps(job)
    assert "KeyError: 'a secret of the server'" in json.loads(log.getvalue())["exc_info"]
    assert list(temporary.iterdir()) == []


def test_a_library_that_cannot_take_it_is_told_of(library, temporary):
    from index.ingest import add
    from rag.assemble import assemble
    from rag.reader.sentence_reader import SentenceReader
    from tests.fakes import HashEncoder

    client = opened(assemble(library, HashEncoder(), SentenceReader(HashEncoder()), Settings()))
    list(add(library, HashEncoder("other"), [article("ferry", TEXT)]))
    job = done(client, client.post("/v1/articles", **form(("file", *STORY))).json(), "failed")
    assert job["detail"].startswith("The library was built with the encoder other@000000000000, and ")
    assert str(library.path) not in job["detail"]
    assert list(temporary.iterdir()) == []


def test_when_many_jobs_wait_no_more_are_taken_and_their_files_are_gone(server, temporary):
    go = threading.Event()

    def page(url):
        assert go.wait(20)
        yield Refusal(url, "It is gone.")

    client = with_page(server, page)
    begun = [client.post("/v1/articles", json={"urls": ["http://a.example"]}).json() for _ in range(20)]
    refused = client.post("/v1/articles", **form(("file", *STORY)))
    go.set()
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "10")
    assert refused.json() == {
        "detail": "More is asked of this server than it can answer in time; try again in 10 seconds."
    }
    assert list(temporary.iterdir()) == []
    for job in begun:
        done(client, job)


def test_of_a_file_with_thousands_of_articles_a_thousand_are_told_and_all_counted(server, library):
    lines = b"".join(
        json.dumps({"id": f"n{number}", "text": f"Article number {number} speaks."}).encode() + b"\n"
        for number in range(1_200)
    )
    job = upload(server, ("many.jsonl", lines + b"{broken\n"))
    assert job["counts"] == {"added": 1_200, "refused": 1}
    assert len(job["entries"]) == 1_000
    assert (job["sources"], job["read"]) == (1, 1)
    assert library.counts()[0] == 1_202


@pytest.mark.parametrize(("asked", "status", "detail"), [
    (form(), 422, "The form holds no file and no url; send articles as its `file` parts."),
    (form(("file", None, b"no name, so no file")), 422, "The form's text 'file' is no article; send files as `file`, with their names, and addresses as `url`."),
    (form(("files", *STORY)), 422, "The form's file 'files' is no article; send files as `file`, with their names, and addresses as `url`."),
    (form(("url", *STORY)), 422, "The form's file 'url' is no article; send files as `file`, with their names, and addresses as `url`."),
    (form(("file", *STORY), ("urls", None, b"http://a.example")), 422,
     "The form's text 'urls' is no article; send files as `file`, with their names, and addresses as `url`."),
    (form(("url", None, b"http://a.example/" + b"x" * 4_096)), 422,
     "The address 'http://a.example/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'… is longer than 4,096 characters."),
    ({"json": {"urls": []}}, 422, "The field 'urls' cannot be taken: List should have at least 1 item after validation, not 0; see /docs for what can."),
    ({"json": {"urls": ["x"] * 1_001}}, 422,
     "The field 'urls' cannot be taken: List should have at most 1000 items after validation, not 1001; see /docs for what can."),
    ({"json": {"urls": "http://a.example"}}, 422, "The field 'urls' cannot be taken: Input should be a valid array; see /docs for what can."),
    ({"json": {"url": ["http://a.example"]}}, 422, "The field 'urls' cannot be taken: Field required; see /docs for what can."),
    ({"json": []}, 422, "The body cannot be taken: Input should be an object; see /docs for what can."),
    ({"content": b"", "headers": {"content-type": "application/json"}}, 422,
     "The body cannot be taken: Invalid JSON: EOF while parsing a value at line 1 column 0; see /docs for what can."),
    ({"content": b"words", "headers": {"content-type": "text/plain"}}, 415, "The body is neither a form nor JSON; send files as multipart/form-data."),
    ({"content": b"words"}, 415, "The body is neither a form nor JSON; send files as multipart/form-data."),
    ({"content": b"x", "headers": {"content-type": "multipart/form-data"}}, 400, "Missing boundary in multipart."),
    ({"content": b"--a", "headers": {"content-type": "multipart/form-data; boundary=xyz"}}, 400, "Invalid multipart data."),
])  # fmt: skip
def test_what_cannot_be_taken_begins_no_job_and_leaves_nothing(server, temporary, asked, status, detail):
    response = server.post("/v1/articles", **asked)
    assert (response.status_code, response.json()) == (status, {"detail": detail})
    assert server.get("/v1/jobs").json() == []
    assert list(temporary.iterdir()) == []


def test_a_form_has_so_many_files(server, temporary):
    response = server.post("/v1/articles", **form(*[("file", f"{number}.txt", b"x") for number in range(1_001)]))
    assert (response.status_code, response.json()) == (
        400,
        {"detail": "Too many files. Maximum number of files is 1000."},
    )
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("wait", ["-1", "61", "nan", "inf", "x", ""])
def test_a_wait_is_up_to_a_minute(server, wait):
    assert server.post("/v1/articles", params={"wait": wait}, **form(("file", *STORY))).status_code == 422


def test_an_unknown_job_is_told_of(server):
    for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/events")):
        response = server.request(method, f"/v1/jobs/gone{path}")
        assert (response.status_code, response.json()) == (
            404,
            {"detail": "There is no job 'gone'; those that were done long ago are forgotten."},
        )
