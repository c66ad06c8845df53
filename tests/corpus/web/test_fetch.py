import gzip
import threading
import tracemalloc
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from corpus.web import fetch as fetching
from corpus.web.fetch import FetchedPage, FetchFailed, NoText, Validators, fetch
from tests.corpus.website import website


class Handler(BaseHTTPRequestHandler):
    """A small site: a page, redirects, errors, a page that never ends and one that never begins."""

    def do_GET(self):
        if self.path.startswith("/hops/"):
            left = int(self.path.removeprefix("/hops/"))
            return self.answer(302, location=f"/hops/{left - 1}" if left else "/page")
        if self.path == "/away":
            return self.answer(302, location="file:///etc/passwd")
        if self.path == "/slow":
            self.server.stop.wait(3)
            return None
        if self.path == "/big":
            return self.answer(200, b"x" * (21 * 2**20))
        return self.answer(200, "<p>Été</p>".encode("cp1252")) if self.path == "/page" else self.answer(404)

    def answer(self, status, body=b"", location=None):
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=windows-1252")
        self.send_header("Content-Length", str(len(body)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        try:
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):  # the client had enough
            self.close_connection = True

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.stop = threading.Event()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.stop.set()
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_page_comes_with_its_address_and_charset(site):
    page = fetch(f"{site}/page")
    assert page == FetchedPage(f"{site}/page", b"<p>\xc9t\xe9</p>", "text/html; charset=windows-1252")
    assert page.charset == "windows-1252"
    assert FetchedPage("u", b"", "text/html").charset is None


def test_redirects_are_followed_to_the_final_address(site):
    assert fetch(f"{site}/hops/3").url == f"{site}/page"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/nothing", "answered 404; check the address in a browser."),
        ("/hops/9", "redirects more than 5 times; check the address in a browser."),
        ("/away", "leads away from the web; save the page and add the file."),
        ("/big", "is larger than 20 MB; save the article itself as a file."),
    ],
)
def test_what_cannot_be_fetched_is_reported(site, path, reason):
    with pytest.raises(FetchFailed) as caught:
        fetch(f"{site}{path}")
    assert str(caught.value) == f"{site}{path} {reason}"


def test_a_silent_server_is_given_up(site):
    with pytest.raises(FetchFailed, match=r"did not answer in time; try again, or save the page and add the file."):
        fetch(f"{site}/slow", timeout=0.2)


def test_a_page_that_trickles_in_is_given_up(site, monkeypatch):
    monkeypatch.setattr(fetching, "_TOTAL_TIMEOUT", -1.0)
    with pytest.raises(FetchFailed, match=r"sends too slowly"):
        fetch(f"{site}/page")


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://x.example/a", "planet.example", "http://", "javascript:1", ""]
)
def test_only_web_addresses_are_fetched(url):
    with pytest.raises(FetchFailed, match=r"is no web address; it must begin with http:// or https://."):
        fetch(url)


def test_an_address_nobody_answers_at():
    with pytest.raises(FetchFailed, match=r"cannot be fetched .*; check the address"):
        fetch("http://127.0.0.1:1/")
    with pytest.raises(FetchFailed, match=r"cannot be fetched .*; check the address"):
        fetch("http://[::1/")


# --- What has not changed is not sent again ---


@pytest.fixture
def news():
    with website() as site:
        yield site


def test_a_page_comes_with_its_validators(news):
    news["/a"] = (200, {"ETag": '"1"', "Last-Modified": "Mon, 02 Feb 2026 10:00:00 GMT"}, b"one")
    news["/b"] = b"two"
    assert fetch(f"{news.url}/a").validators == Validators('"1"', "Mon, 02 Feb 2026 10:00:00 GMT")
    assert fetch(f"{news.url}/b").validators == Validators()
    assert not {"If-None-Match", "If-Modified-Since"} & news.headers[0].keys()


def test_an_unchanged_page_is_not_sent_again(news):
    news["/a"] = (304, {"ETag": '"2"'}, b"")
    page = fetch(f"{news.url}/a", validators=Validators('W/"1"', "Mon, 02 Feb 2026 10:00:00 GMT"))
    assert news.headers[0]["If-None-Match"] == 'W/"1"'
    assert news.headers[0]["If-Modified-Since"] == "Mon, 02 Feb 2026 10:00:00 GMT"
    assert not page.modified
    assert page.body == b""
    assert page.validators == Validators('"2"', "Mon, 02 Feb 2026 10:00:00 GMT")


def test_a_changed_page_is_sent_with_new_validators(news):
    news["/old"] = (301, {"Location": "SITE/a"}, b"")
    news["/a"] = (200, {"ETag": '"2"'}, b"two")
    page = fetch(f"{news.url}/old", validators=Validators('"1"', "Mon, 02 Feb 2026 10:00:00 GMT"))
    assert (page.url, page.body, page.modified, page.validators) == (f"{news.url}/a", b"two", True, Validators('"2"'))
    assert news.headers[1]["If-None-Match"] == '"1"'


def test_a_304_that_was_not_asked_for_is_a_failure(news):
    news["/a"] = (304, {}, b"")
    for validators in (None, Validators()):
        with pytest.raises(FetchFailed, match="answered 304; check the address") as caught:
            fetch(f"{news.url}/a", validators=validators)
        assert caught.value.site_status == 304


@pytest.mark.parametrize(
    ("stated", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Mon, 02 Feb 2026 10:00:00 GMT", 0),
        ("Wed, 01 Jan 3000 00:00:00 GMT", pytest.approx(3.07e10, rel=0.01)),
        ("soon", None),
        ("-5", None),
        ("٣", None),
        ("", None),
        ("Mon, 99 Foo 2026", None),
    ],
)
def test_a_retry_after_is_a_number_of_seconds_or_a_date(stated, seconds):
    assert fetching._retry_after(stated) == seconds


def test_a_busy_server_says_for_how_long(news):
    news["/a"] = (429, {"Retry-After": "90"}, b"")
    news["/b"] = (503, {}, b"")
    with pytest.raises(FetchFailed) as caught:
        fetch(f"{news.url}/a")
    assert str(caught.value) == (
        f"{news.url}/a answered 429 and asks to be left alone for 90 seconds; try again later."
    )
    assert (caught.value.site_status, caught.value.site_pause) == (429, 90)
    with pytest.raises(FetchFailed, match=r"/b answered 503; try again later\.") as caught:
        fetch(f"{news.url}/b")
    assert (caught.value.site_status, caught.value.site_pause) == (503, None)


def test_validators_that_no_header_can_hold_are_not_sent(news):
    news["/a"] = b"one"
    assert fetch(f"{news.url}/a", validators=Validators("“1”", "Mon\nX-Own: 1")).body == b"one"
    assert not {"If-None-Match", "If-Modified-Since", "X-Own"} & news.headers[0].keys()


# --- What is no article, and what is larger than it looks ---


@pytest.mark.parametrize(
    ("path", "stated", "body", "kind"),
    [
        ("/a.png", "image/png", b"\x89PNG", "image/png"),
        ("/a.mp3", "audio/mpeg", b"ID3", "audio/mpeg"),
        ("/a.zip", "application/zip", b"PK\x03\x04", "application/zip"),
        ("/a.bin", "application/octet-stream", b"PK\x03\x04", "a binary file"),
    ],
)
def test_what_no_article_can_be_in_is_refused(news, path, stated, body, kind):
    news[path] = (200, {"Content-Type": stated}, body)
    with pytest.raises(NoText) as caught:
        fetch(news.url + path)
    assert str(caught.value) == (
        f"{news.url}{path} is {kind}, which no article is read from; name the article's page, or save it and add the file."
    )
    assert caught.value.is_lasting


@pytest.mark.parametrize("stated", ["application/pdf", "application/octet-stream"])
def test_a_pdf_file_is_fetched(news, stated):
    news["/a"] = (200, {"Content-Type": stated}, b"%PDF-1.7\n\x00\x01")
    assert fetch(f"{news.url}/a").body == b"%PDF-1.7\n\x00\x01"


def test_a_packed_page_is_unpacked(news):
    news["/a"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(b"one"))
    assert fetch(f"{news.url}/a").body == b"one"
    assert news.headers[0]["Accept-Encoding"] == "gzip, deflate"


def test_a_page_that_unpacks_to_more_is_too_large(news):
    news["/a"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(bytes(200 * 2**20), 1))
    tracemalloc.start()
    try:
        with pytest.raises(FetchFailed, match=r"/a is larger than 20 MB; save the article itself as a file\."):
            fetch(f"{news.url}/a")
        assert tracemalloc.get_traced_memory()[1] < 50 * 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("packing", ["br", "gzip, gzip"])
def test_a_packing_that_nobody_asked_for_is_refused(news, packing):
    news["/a"] = (200, {"Content-Encoding": packing}, b"x")
    with pytest.raises(
        FetchFailed, match=rf"cannot be fetched \(it is packed as '{packing}', which was not asked for\);"
    ):
        fetch(f"{news.url}/a")
