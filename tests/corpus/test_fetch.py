import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from corpus import fetch as fetching
from corpus.fetch import FetchFailed, Page, fetch


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
    assert page == Page(f"{site}/page", b"<p>\xc9t\xe9</p>", "text/html; charset=windows-1252")
    assert page.charset == "windows-1252"
    assert Page("u", b"", "text/html").charset is None


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
def test_what_cannot_be_fetched_is_told(site, path, reason):
    with pytest.raises(FetchFailed) as caught:
        fetch(f"{site}{path}")
    assert str(caught.value) == f"{site}{path} {reason}"


def test_a_silent_server_is_given_up(site):
    with pytest.raises(FetchFailed, match=r"did not answer in time; try again, or save the page and add the file."):
        fetch(f"{site}/slow", seconds=0.2)


def test_a_page_that_trickles_in_is_given_up(site, monkeypatch):
    monkeypatch.setattr(fetching, "_ALL_SECONDS", -1.0)
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
