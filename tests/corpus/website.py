"""A real web server on this machine whose answers a test writes down, and a network in which it is public."""

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

from corpus.web.ssrf_transport import PublicTransport

PUBLIC = "93.184.215.14"  # nothing is ever sent there


@dataclass
class Website:
    """`answers` of a path: a body, or (status, headers, body), or a list of them to give in turn; else 404.

    `SITE` in a text body becomes the server's own address. `asked` holds the paths asked for, `headers` what with.
    """

    url: str = ""
    answers: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)
    headers: list = field(default_factory=list)

    def __setitem__(self, path, answer):
        self.answers[path] = answer

    def answer(self, path):
        found = self.answers.get(path, (404, {}, b""))
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        status, headers, body = found if isinstance(found, tuple) else (200, {}, found)
        return status, headers, body.replace("SITE", self.url).encode() if isinstance(body, str) else body


class Loopback(httpx.BaseTransport):
    """Stands for the network: whatever address a request is to, it goes to 127.0.0.1; `reached` are the addresses."""

    def __init__(self):
        self.reached = []
        self.real = httpx.HTTPTransport()

    def handle_request(self, request):
        self.reached.append(request.url.host)
        request.url = request.url.copy_with(host="127.0.0.1")
        return self.real.handle_request(request)

    def close(self):
        self.real.close()


class Names:
    """A name server that gives the addresses written down for a name, of a list of answers one after the other.

    Of other names the address is PUBLIC. `asked` are the names.
    """

    def __init__(self, **answers):
        self.answers = {name.replace("_", "."): answer for name, answer in answers.items()}
        self.asked = []

    def __call__(self, host, port):
        self.asked.append(host)
        answer = self.answers.get(host, [PUBLIC])
        if isinstance(answer[0], list):
            return answer.pop(0) if len(answer) > 1 else answer[0]
        return answer


def all_public(own=None):
    """What connects where every host, 127.0.0.1 too, is at a public address."""
    return PublicTransport(own, Names(), Loopback())


@contextmanager
def website(encrypted=None):
    """`encrypted` is the TLS context of a server that keeps its connections."""
    site = Website()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1" if encrypted else "HTTP/1.0"

        def do_GET(self):
            site.asked.append(self.path)
            site.headers.append(dict(self.headers))
            status, headers, body = site.answer(self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value.replace("SITE", site.url))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if encrypted:
        server.socket = encrypted.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    site.url = f"{'https' if encrypted else 'http'}://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
