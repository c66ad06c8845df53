"""That a browser opens a web page at the quoted words: the fragments of `rag.citation.cite`, followed in Chromium."""

import functools
import re
import threading
from collections.abc import Iterator
from html import escape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from corpus.article import Article, Span
from corpus.library.store import Library
from corpus.load import load
from corpus.offset_map import OffsetRun, Origin
from rag.citation.cite import Citer
from rag.citation.fragment import fragment_url
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
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[str]:
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


_HEAD = ["Route", "Boat", "Mate", "Fare"]
_ROWS = {
    "pell": ["Merrin to Pell", "Day boat", "Odo Finch", "14 pounds"], "hollin": ["Merrin to Hollin", "Night boat", "Eva Lund", "9 pounds"],
    "wexcombe": ["Merrin to Wexcombe", "Day boat", "Odo Finch", "14 pounds"], "gap": ["Tarrow", "", "Odo Finch", ""],
    "same": ["Merrin to Pell", "Day boat", "Odo Finch", "(free)"], "cook": ["Tarrow", "cook", "“Nan” Rook", "14 pounds"],
    "last": ["Tarrow", "cook", "Odo Finch", "14 pounds"],
}  # fmt: skip
_TABLE = "\n".join(" | ".join(row).replace("|  |", "| |").strip() for row in [_HEAD, *_ROWS.values()])
_ITEMS = {"first": "Ropes were sold", "second": "Nets and oars", "third": "Ropes were sold", "fourth": "Tar"}
_LINES = {"one": "Home | News | The fare is 14 pounds", "two": "Home | Sport | The fare is 14 pounds", "three": "2. The fare is 14 pounds"}  # fmt: skip
_ROWS_OF_PAGE = [
    *(f'<tr id="{name}">{"".join(f"<td>{escape(cell)}</td>" for cell in row)}</tr>' for name, row in _ROWS.items())
]
_PAGE = (
    f"<p id=top>The fares are told here.</p><table><tr>{''.join(f'<th>{cell}</th>' for cell in _HEAD)}</tr>{''.join(_ROWS_OF_PAGE)}"
    f"</table><ol>{''.join(f'<li id={name}>{item}</li>' for name, item in _ITEMS.items())}</ol>"
    f"{''.join(f'<p id={name}>{line}</p>' for name, line in _LINES.items())}"
)
_STORY = "\n\n".join(
    ["The fares are told here.", _TABLE, "\n".join(f"{number}. {item}" for number, item in enumerate(_ITEMS.values(), 1)), *_LINES.values()]
)  # fmt: skip


# Of the bars and numbers those of the lines were written, the others inserted.
_WRITTEN = _STORY.index("Home")
_SPANS = [*(found.span() for found in re.finditer(r"(?m)(?<=^\d\. ).+|^(?!\d\.)[^|\n]+|(?<=\| )[^|\n]+", _STORY[:_WRITTEN])), (_WRITTEN, len(_STORY))]  # fmt: skip
_ORIGIN = Origin(tuple(OffsetRun(start, end, start, end) for start, end in _SPANS))


@pytest.fixture(scope="module")
def rows_page(folder: Path, site: str) -> str:
    (folder / "rows.html").write_text(
        f"<!doctype html><meta charset=utf-8><style>tr, li, p {{ height: 1500px; vertical-align: top }}</style>{_PAGE}",
        encoding="utf-8",
    )
    return f"{site}rows.html"


@pytest.mark.parametrize(("name", "words", "number"), [
    ("wexcombe", "14 pounds", 1), ("pell", "14 pounds", 0), ("cook", "14 pounds", 2), ("last", "14 pounds", 3), ("wexcombe", "Odo Finch", 1), ("gap", "Odo Finch", 2),
    ("same", "Odo Finch", 3), ("last", "Odo Finch", 4), ("wexcombe", "Day boat | Odo Finch", 1), ("last", "cook | Odo Finch", 0), ("cook", "cook | “Nan” Rook", 0),
    ("cook", "“Nan” Rook", 0), ("same", "(free)", 0), ("last", "cook", 1), ("same", "Merrin to Pell", 1), ("same", "Merrin to Pell | Day boat | Odo Finch", 1),
    ("gap", "Tarrow | | Odo Finch", 0), ("wexcombe", "Merrin to Wexcombe | Day boat | Odo Finch | 14 pounds", 0), ("hollin", "Lund", 0), ("last", "Tarrow | cook | Odo Finch | 14 pounds", 0),
    ("third", "Ropes were sold", 1), ("first", "Ropes were sold", 0), ("fourth", "Tar", 3), ("third", "3. Ropes were sold", 0), ("second", "Nets and oars\n3. Ropes", 0),
    ("one", "14 pounds", 4), ("two", "14 pounds", 5), ("two", "Sport | The fare", 0), ("two", "The fare is 14 pounds", 1), ("three", "The fare is 14 pounds", 2), ("two", "Home", 1),
])  # fmt: skip
def test_the_right_one_of_equal_rows_is_opened(
    browser: Any, rows_page: str, name: str, words: str, number: int
) -> None:
    start = -1
    for _ in range(number + 1):
        start = _STORY.index(words, start + 1)
    address = fragment_url(rows_page, _STORY, Span(start, start + len(words)), _ORIGIN)
    assert address
    assert "%7C" not in address or name in {"fourth", "one", "two"}  # the item stands before written bars
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    page.wait_for_function("scrollY > 0")
    top, height = page.evaluate(
        "name => [document.getElementById(name).getBoundingClientRect().top, innerHeight]", name
    )
    assert -5 <= top < height
    context.close()


_CELLS = """<article><h1>Fares of the ferry</h1>
<p>The ferry company has put out its fares for the
   summer season, and the company's <b>director</b>, <a href="/x">Ilse
   Marrow</a>, said that they will&nbsp;not change before September.<br>She said so twice.</p>
<table><tr><th>Route</th><th>Fare</th><th>Note</th></tr>
<tr id="pell"><td>Merrin<br>to Pell</td><td><p>14 pounds</p><p>7 for children</p></td><td>daily</td></tr>
<tr id="hollin"><td>Merrin<br>to Pell</td><td><p>14 pounds</p><p>7 for children</p></td><td>on Sundays</td></tr>
<tr id="tarrow"><td colspan="2">Tarrow   is
 closed</td><td>daily</td></tr></table>
<ul><li id="first">First the <em>long</em> item of all</li><li id="second">Second item<ul><li id="nested">daily</li></ul></li></ul>
<p id="note">The ferry does not run on the days that follow, as the director of the company said in a letter, H<sub>2</sub>O or not.</p></article>"""


@pytest.mark.parametrize(("name", "words", "number"), [
    ("pell", "14 pounds 7 for children", 0), ("hollin", "14 pounds 7 for children", 1), ("hollin", "7 for children", 1), ("hollin", "Merrin to Pell", 1),
    ("hollin", "Merrin to Pell | 14 pounds 7 for children", 1), ("tarrow", "Tarrow is closed", 0), ("tarrow", "daily", 1), ("nested", "daily", 2),
    ("first", "First the long item", 0), ("hollin", "children | on", 0),
])  # fmt: skip
def test_a_page_that_was_read_opens_at_what_it_says(browser: Any, folder: Path, site: str, name: str, words: str, number: int) -> None:  # fmt: skip # noqa: PLR0917
    style = "<style>tr, li, p { height: 1500px; vertical-align: top } td p { height: auto }</style>"
    link = f'<link rel="canonical" href="{site}cells.html">'
    (folder / "cells.html").write_text(f"<!doctype html><meta charset=utf-8><title>Fares</title>{link}{style}{_CELLS}")
    read = next(iter(load(folder / "cells.html")))
    assert isinstance(read, Article)
    start = -1
    for _ in range(number + 1):
        start = read.text.index(words, start + 1)
    address = fragment_url(read.url, read.text, Span(start, start + len(words)), read.origin)
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    page.wait_for_function("scrollY > 0")
    top, height = page.evaluate(
        "name => [document.getElementById(name).getBoundingClientRect().top, innerHeight]", name
    )
    assert -400 <= top < height, address
    context.close()
