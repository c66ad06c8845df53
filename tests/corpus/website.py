"""A real web server on this machine whose answers a test writes down."""

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


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


@contextmanager
def website():
    site = Website()

    class Handler(BaseHTTPRequestHandler):
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
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
