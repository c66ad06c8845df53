"""The page in a real browser, with the real server and the real encoder."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest

from tests.ui.conftest import CAFE, CAFE_QUESTION, FERRY, FERRY_QUESTION, HOSTILE, HOSTILE_QUESTION, UNKNOWN_QUESTION

playwright = pytest.importorskip("playwright.sync_api", reason="the browser tests need playwright")

pytestmark = [pytest.mark.browser, pytest.mark.model]

_CHROMIUM = shutil.which("chromium")
_QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
_LOOPBACK = {"127.0.0.1", "localhost", ""}
# A process of its own: it is stopped as a user would stop it, and its warnings are not this test's.
_SERVER = """
import sys
from pathlib import Path
from rag.assemble import open_encoder
from rag.settings import Settings
from tests.ui.conftest import filled
from ui.server import serve
home = Path(sys.argv[1])
settings = Settings(home=home, host="127.0.0.1", port=0, token=None, threshold=None, passages=10)
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


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over the small library; it stops at Ctrl-C, cleanly and in silence."""
    home = tmp_path_factory.mktemp("library")
    command = [sys.executable, "-c", _SERVER, str(home)]
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
        yield found
        server.send_signal(signal.SIGINT)
        out, err = server.communicate(timeout=15)
        assert (out, err, server.returncode) == ("stopped\n", "", 0)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if _CHROMIUM is None:
        pytest.skip("the browser tests need chromium on the path")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=_CHROMIUM, args=_QUIET)
        yield opened
        opened.close()


@contextmanager
def opened(
    browser: Any, address: str, width: int = 1440, height: int = 900, scheme: str = "light"
) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    watched = Watched(page, address)
    page.on("request", lambda request: watched.requests.append(request.url))
    page.on("websocket", lambda socket: watched.requests.append(socket.url))
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    page.on("dialog", lambda dialog: (watched.complaints.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda said: watched.complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.goto(address)
    page.locator(".welcome .example").first.wait_for()
    yield watched
    context.close()


@pytest.fixture
def desk(browser: Any, address: str) -> Iterator[Watched]:
    """The page on a desk; whatever a test does there, nothing leaves the machine and nothing goes wrong."""
    with opened(browser, address) as watched:
        yield watched
        assert watched.foreign() == []
        assert watched.complaints == []


@pytest.fixture
def phone(browser: Any, address: str) -> Iterator[Watched]:
    with opened(browser, address, 390, 844, "dark") as watched:
        yield watched
        assert watched.foreign() == []
        assert watched.complaints == []


def is_in_view(page: Any, selector: str) -> bool:
    """Whether the middle of the element is what is seen at its place."""
    seen: bool = page.evaluate(
        """selector => {
            const element = document.querySelector(selector);
            const box = element.getClientRects()[0];
            const top = document.elementFromPoint(box.x + Math.min(box.width, 40) / 2, box.y + box.height / 2);
            return element === top || element.contains(top);
        }""",
        selector,
    )
    return seen


@pytest.mark.parametrize(
    ("article", "question"), [(FERRY, FERRY_QUESTION), (CAFE, CAFE_QUESTION)], ids=["plain", "emoji"]
)
def test_a_quote_opens_at_its_place(desk: Watched, article: Any, question: str) -> None:
    expected = desk.api_quote(question)
    assert expected["text"] == article.text[expected["start"] : expected["end"]]
    desk.ask(question)
    assert desk.page.locator(".answer blockquote mark").first.text_content() == expected["text"]
    desk.page.locator(".quote-button").first.click()
    mark = desk.page.locator("#source mark.current")
    mark.first.wait_for()
    assert "".join(mark.all_text_contents()) == expected["text"]
    assert desk.page.locator("#source .body").text_content() == article.text
    assert desk.page.locator("#source h2").text_content() == article.title
    assert is_in_view(desk.page, "#source mark.current")


def test_a_quote_opens_again_after_the_pane_was_scrolled_away(desk: Watched) -> None:
    desk.ask(FERRY_QUESTION)
    desk.page.locator(".quote-button").first.click()
    desk.page.locator("#source mark.current").wait_for()
    desk.page.evaluate("document.getElementById('source').scrollTop = 0")
    assert not is_in_view(desk.page, "#source mark.current")
    desk.page.locator(".quote-button").first.focus()
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_selector("[data-shown='2']")
    desk.page.wait_for_timeout(100)
    assert is_in_view(desk.page, "#source mark.current")


def test_quotes_of_earlier_answers_stay_marked_faintly(desk: Watched) -> None:
    desk.ask(FERRY_QUESTION)
    first = desk.page.locator(".answer blockquote mark").first.text_content()
    desk.ask("Where did the captain come from?")
    desk.page.locator(".turn").nth(1).locator(".quote-button").first.click()
    desk.page.locator("#source mark.current").wait_for()
    marked = desk.page.locator("#source mark").all_text_contents()
    assert first in marked


def test_what_the_library_does_not_say(desk: Watched) -> None:
    desk.ask(UNKNOWN_QUESTION)
    card = desk.page.locator(".abstention")
    assert "The library does not say" in card.inner_text()
    assert "not an answer" in card.inner_text()
    assert desk.page.locator(".answer").count() == 0
    card.locator(".passage-button").first.click()
    desk.page.locator("#source mark.near").first.wait_for()
    assert "not an answer" in desk.page.locator("#source .not-answer").inner_text()
    assert desk.page.locator("#source mark.current").count() == 0


def test_hostile_text_is_only_text(desk: Watched) -> None:
    desk.ask(HOSTILE_QUESTION)
    desk.page.get_by_role("button", name="window.hacked=1").first.click()
    desk.page.locator("#source .source").wait_for()
    assert desk.page.locator("#source .body").text_content() == HOSTILE.text
    assert desk.page.locator("#source h2").text_content() == HOSTILE.title
    assert desk.page.locator("#source a, #source img, #chat img, #desk [onclick], #desk [onerror]").count() == 0
    desk.ask('<img src=x onerror="window.hacked=1"> <script>window.hacked=1</script> ${window.hacked=1} {{this}}')
    assert desk.page.locator("#chat .question").last.text_content().endswith(
        '<img src=x onerror="window.hacked=1"> <script>window.hacked=1</script> ${window.hacked=1} {{this}}'
    )  # fmt: skip
    assert desk.page.evaluate("window.hacked") is None


def test_an_empty_question_is_told_and_the_next_one_answered(desk: Watched) -> None:
    desk.page.locator("#ask").click()
    desk.page.locator("#chat .problem").wait_for()
    assert "The question is empty" in desk.page.locator("#chat .problem").inner_text()
    desk.ask(FERRY_QUESTION)
    assert desk.page.locator(".answer").count() >= 1


def test_an_example_is_answered_and_a_new_conversation_begins(desk: Watched) -> None:
    example = desk.page.locator(".example").first
    question = example.text_content()
    example.click()
    desk.page.locator(".answer").first.wait_for()
    assert desk.page.locator("#chat .question").text_content().endswith(question)
    desk.page.get_by_role("button", name="New conversation").click()
    desk.page.locator(".welcome .example").first.wait_for()
    assert desk.page.locator(".turn").count() == 0


def test_a_quote_is_copied_with_its_source(desk: Watched) -> None:
    desk.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.ask(FERRY_QUESTION)
    desk.page.locator(".quote-button").first.click()
    desk.page.get_by_role("button", name="Copy with source").click()
    desk.page.get_by_role("button", name="Copied").wait_for()
    copied = desk.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"“{desk.api_quote(FERRY_QUESTION)['text']}” (Ann O'Dell, ")


def test_gradio_stays_in_the_background(desk: Watched) -> None:
    assert desk.page.title() == "Pullquote"
    assert "radio" not in desk.page.locator("body").inner_text()
    for name in ("Ask", "New conversation"):
        assert desk.page.get_by_role("button", name=name, exact=True).is_visible()


def test_two_readers_do_not_see_each_other(browser: Any, address: str, desk: Watched) -> None:
    desk.ask(FERRY_QUESTION)
    with opened(browser, address) as other:
        assert other.page.locator(".turn").count() == 0


@pytest.mark.parametrize("width", [390, 320, 768, 1024])
def test_nothing_is_wider_than_the_screen(browser: Any, address: str, width: int) -> None:
    with opened(browser, address, width, 844) as narrow:
        narrow.ask(HOSTILE_QUESTION + " " + "longword" * 40)
        narrow.ask(FERRY_QUESTION)
        assert narrow.page.evaluate("document.documentElement.scrollWidth") <= width
        overflowing = "[...document.querySelectorAll('#chat, #asking, #masthead')].filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.id)"
        assert narrow.page.evaluate(overflowing) == []


def test_on_a_phone_the_source_is_a_sheet_that_closes(phone: Watched) -> None:
    expected = phone.api_quote(CAFE_QUESTION)
    phone.ask(CAFE_QUESTION)
    assert not phone.page.locator("#source").is_visible()
    phone.page.locator(".quote-button").first.click()
    phone.page.locator("#source mark.current").wait_for()
    assert phone.page.locator("#source mark.current").text_content() == expected["text"]
    assert is_in_view(phone.page, "#source mark.current")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    phone.page.get_by_role("button", name="Close").click()
    assert not phone.page.locator("#source").is_visible()
    phone.page.locator(".quote-button").first.click()
    phone.page.locator("#source mark.current").wait_for()
    phone.page.keyboard.press("Escape")
    phone.page.locator("#source").wait_for(state="hidden")


_CONTRAST = (Path(__file__).parent / "contrast.js").read_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_has_enough_contrast(browser: Any, address: str, scheme: str) -> None:
    with opened(browser, address, scheme=scheme) as watched:
        assert watched.page.evaluate(_CONTRAST) == []
        watched.ask(FERRY_QUESTION)
        watched.ask(UNKNOWN_QUESTION)
        watched.page.locator(".quote-button").first.click()
        watched.page.locator("#source mark.current").wait_for()
        watched.page.mouse.move(0, 0)
        assert watched.page.evaluate(_CONTRAST) == []
