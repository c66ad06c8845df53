"""The real server and a real browser, for the tests of the page."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest

CHROMIUM = shutil.which("chromium")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
_PATIENCE = 90_000  # milliseconds: the machine may be busy with other things
_LOOPBACK = {"127.0.0.1", "localhost", ""}
# A process of its own: it is stopped as a user would stop it, and its warnings are not this test's.
SERVER = """
import sys
from pathlib import Path
from rag.assemble import open_encoder
from rag.settings import Settings
from tests.ui.conftest import filled
from ui.server import serve
home, port = Path(sys.argv[1]), int(sys.argv[2])
settings = Settings(home=home, host="127.0.0.1", port=port, token=None, threshold=None, passages=10)
serve(filled(home, open_encoder(settings, print)), settings, lambda url: print("at", url, flush=True))
print("stopped", flush=True)
"""


@dataclass
class Watched:
    """A page with all that it asked for and complained about."""

    page: Any
    address: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def ask(self, question: str) -> None:
        before = self.page.locator(".turn").count()
        self.page.get_by_label("Ask the library").fill(question)
        self.page.keyboard.press("Enter")
        self.page.locator(".turn").nth(before).locator(".card").first.wait_for()

    def open(self, button: Any, opened: str) -> None:
        """Clicks until what the button opens is there: on a busy machine the page may still be drawing the reply."""
        from playwright.sync_api import TimeoutError as TookTooLong

        for _ in range(4):
            button.click()
            with suppress(TookTooLong):
                self.page.locator(opened).first.wait_for(timeout=20_000)
                return
        raise AssertionError(f"The button opened no {opened}.")

    def api_quote(self, question: str) -> dict[str, Any]:
        """The best quote as the API gives it."""
        body = json.dumps({"question": question}).encode()
        request = Request(f"{self.address}v1/answer", body, {"content-type": "application/json"})
        with urlopen(request) as response:
            quote: dict[str, Any] = json.load(response)["answers"][0]["quotes"][0]
        return quote

    def foreign(self) -> list[str]:
        """What was asked of another machine."""
        return [url for url in self.requests if urlsplit(url).hostname not in _LOOPBACK | {None}]


@contextmanager
def opened(
    browser: Any,
    address: str,
    width: int = 1440,
    height: int = 900,
    scheme: str = "light",
    *,
    complete: bool = True,
    panel: str = "desk",
) -> Iterator[Watched]:
    """A page of its own session; `complete` once the questions to begin with are there."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    page.set_default_timeout(_PATIENCE)
    watched = Watched(page, address)
    page.on("request", lambda request: watched.requests.append(request.url))
    page.on("websocket", lambda socket: watched.requests.append(socket.url))
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    page.on("dialog", lambda dialog: (watched.complaints.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda said: said.type in {"error", "warning"} and watched.complaints.append(said.text))
    page.goto(address)
    page.locator(".welcome .example" if complete else f"#{panel}").first.wait_for()
    yield watched
    assert watched.foreign() == []
    assert watched.complaints == []
    context.close()


@contextmanager
def serving(home: Path, before: str = "", port: int = 0) -> Iterator[str]:
    """The address of a server over the small library; it stops at Ctrl-C, cleanly and in silence.

    `before` is code that runs first in its process; 0 is any free port.
    """
    command = [sys.executable, "-c", before + SERVER, str(home), str(port)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        command,
        cwd=root,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": "."},
    ) as server:
        assert server.stdout
        assert server.stderr
        lines = iter(server.stdout.readline, "")
        found = next((line.split()[1] for line in lines if line.startswith("at ")), None)
        if found is None:
            pytest.fail(server.stderr.read())
        try:
            yield found
        finally:
            server.send_signal(signal.SIGINT)
            out, err = server.communicate(timeout=60)
        assert (out, err, server.returncode) == ("stopped\n", "", 0)
