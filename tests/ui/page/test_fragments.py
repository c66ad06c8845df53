"""That a browser opens a web page at the quoted words: the fragments of `rag.citation.cite`, followed in Chromium."""

import functools
import threading
from collections.abc import Iterator
from html import escape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from corpus.article import Span
from corpus.library.store import Library
from rag.citation.cite import Citer
from tests.ui.conftest import article

pytestmark = [pytest.mark.browser]

_FILLER = [f"Day {day} of the log of the harbour, with the wind and the tide, 80 boats." for day in range(80)]
_WORDS = {
    "plain": "The captain is Mara Lindqvist.",
    "commas": "Tools, nets, and ropes were sold",
    "hyphens": "a twenty-year-old trawler - repainted",
    "signs": "Salt & Sons paid £3,000",
    "quotes": "“We won’t sell,” she said",
    "emoji": "👩‍🍳 bakes 240 croissants 🥐 daily",
    "long": "The council voted on Tuesday evening after a debate of three hours to buy the old cannery and to turn it into a "
    "museum of the coast and its fishers",
    "twice": "80",
}


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Nothing."""


def lines_of() -> list[tuple[str, str]]:
    """The paragraphs of the page by their ids, each quoted one far below the one before."""
    lines = []
    for name, words in _WORDS.items():
        lines += [(f"{name}-{number}", line) for number, line in enumerate(_FILLER)]
        lines.append((name, f"Before it stood this: {words} is what came, and more."))
    return lines


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("site")
    body = "".join(f'<p id="{name}">{escape(line)}</p>' for name, line in lines_of())
    (folder / "story.html").write_text(
        f"<!doctype html><meta charset=utf-8><title>Story</title>{body}", encoding="utf-8"
    )
    (folder / "index.html").write_text("<!doctype html><title>Here</title>", encoding="utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Silent, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.parametrize("name", _WORDS)
def test_the_original_opens_at_the_words(browser: Any, site: str, tmp_path: Path, name: str) -> None:
    text = "\n\n".join(line for _, line in lines_of())
    library = Library(tmp_path / "library.sqlite")
    with library.writing():
        library.put(article("story", "Story", text, url=f"{site}story.html"), [Span(0, len(text))])
    start = text.index("Before it stood this: " + _WORDS[name]) + len("Before it stood this: ")
    span = Span(start, start + len(_WORDS[name]))
    address = Citer(library, ()).excerpt("story", span, span.cut(text)).fragment_url
    assert address
    context = browser.new_context()
    page = context.new_page()
    page.goto(site)
    page.set_content(f'<a target="_blank" rel="noopener noreferrer" href="{escape(address)}">Open original</a>')
    with context.expect_page() as opening:
        page.get_by_text("Open original").click()
    story = opening.value
    story.wait_for_load_state()
    story.wait_for_function("scrollY > 0")
    top, height = story.evaluate(
        "name => [document.getElementById(name).getBoundingClientRect().top, innerHeight]", name
    )
    assert 0 <= top < height
    context.close()
    library.close()
