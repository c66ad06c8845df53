"""The pictures in docs/pictures: the page over the sample library, as it is. `make pictures` takes them anew."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.ui.browsing import CHROMIUM, QUIET

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
ANSWERED = "Who skippered the crabber Girl Rhoda?"
DISPUTED = "How many jobs will be lost when the Brackwater cannery shuts?"
UNKNOWN = "Who won the Skerrow regatta this year?"
FOLLOWED, FOLLOW_UP = "How much is a single ticket on the new buses?", "And a weekly pass?"
_DESK, _PHONE = (1440, 900), (390, 844)
_COLOURS = 128


@contextmanager
def sample_server() -> Iterator[str]:
    """The address of a server over a new library with the sample articles."""
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-c", "from ui.cli import main; main()", "serve", "--sample", "--port", "0"]
        environment = {**os.environ, "PULLQUOTE_HOME": home}
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as server:
            assert server.stderr
            said = iter(server.stderr.readline, "")
            try:
                yield next(found[0] for line in said if (found := re.search(r"http://\S+/", line)))
            finally:
                server.terminate()


def _ask(page: Any, question: str) -> None:
    before = page.locator(".turn").count()
    page.get_by_label("Ask the library").fill(question)
    page.keyboard.press("Enter")
    page.locator(".turn").nth(before).locator(".card").first.wait_for()


def answer(page: Any) -> None:
    """A question, a follow-up and their quotes, the article beside them."""
    _ask(page, ANSWERED)
    page.locator(".quote-button").first.click()
    page.locator("#source mark.current").first.wait_for()


def follow_up(page: Any) -> None:
    """A question that follows another up, as it was really asked."""
    _ask(page, FOLLOWED)
    _ask(page, FOLLOW_UP)


def disagreement(page: Any) -> None:
    """Sources that disagree, side by side."""
    _ask(page, DISPUTED)
    page.locator(".disagreement .quote-button").first.click()
    page.locator("#source mark.current").first.wait_for()


def abstention(page: Any) -> None:
    """That the library does not say."""
    _ask(page, UNKNOWN)
    page.locator(".instead .example").first.wait_for()


def source(page: Any) -> None:
    """The article at the quote, with the ways to take it away."""
    answer(page)
    page.locator("#source details summary").first.click()


def library(page: Any) -> None:
    """What is in the library."""
    page.get_by_role("tab", name="Library").click()
    page.locator("#library table tbody tr").first.wait_for()


def evaluation(page: Any) -> None:
    """A set that was run, with its plots and the threshold."""
    page.get_by_role("tab", name="Evaluation").click()
    page.get_by_role("button", name="Run").first.click()
    page.locator("#evaluation input[type=range]").wait_for(timeout=180_000)


_TAKEN: dict[str, tuple[Callable[[Any], None], tuple[int, int], str]] = {
    "answer": (answer, _DESK, "light"),
    "follow-up": (follow_up, _DESK, "light"),
    "disagreement": (disagreement, _DESK, "light"),
    "abstention": (abstention, _DESK, "light"),
    "source": (source, _DESK, "light"),
    "library": (library, _DESK, "light"),
    "evaluation": (evaluation, _DESK, "light"),
    "phone": (answer, _PHONE, "light"),
    "dark": (answer, _DESK, "dark"),
}


def main(names: list[str]) -> None:
    """Takes the pictures of these names, or all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sample_server() as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for name in names or _TAKEN:
            prepare, (width, height), scheme = _TAKEN[name]
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
            page = context.new_page()
            page.goto(address)
            page.locator(".welcome .example").first.wait_for()
            prepare(page)
            page.mouse.move(0, 0)
            page.wait_for_timeout(400)
            path = FOLDER / f"{name}.png"
            page.screenshot(path=path)
            Image.open(path).convert("RGB").quantize(_COLOURS).save(path, optimize=True)
            context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
