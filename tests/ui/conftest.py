"""A small library for the tests of the page: plain, with emoji and accents before its quotes, and hostile; its page."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from corpus.article import Article
from corpus.library.store import Library
from corpus.offset_map import MappedText, Origin
from index.encoder.encoder import Encoder
from index.ingest import add
from rag.assemble import assemble
from rag.pipeline import Pipeline
from rag.reader.sentence_reader import SentenceReader
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.ui.browsing import CHROMIUM, QUIET, Watched, opened, serving

FERRY_QUESTION = "Who is the captain of the ferry Osprey?"
CAFE_QUESTION = "How many croissants does the Café Zoë bake every morning?"
HOSTILE_QUESTION = "Which script window does the wizard keep in the tower?"
UNKNOWN_QUESTION = "Which vitamin prevents scurvy?"

_FILLER = "\n\n".join(
    f"On day {day} the harbour wrote down the tide, the wind and the number of gulls on the pier, as it does each day."
    for day in range(1, 30)
)


def article(identity: str, title: str, text: str, **fields: object) -> Article:
    """An article read from a text file that is the text itself."""
    origin = Origin(MappedText.of(text).runs, (), is_text=True)
    digest = sha256(text.encode()).hexdigest()
    source = f"/library/{identity}.txt"
    return Article(identity, title, text, source, sha256=digest, origin=origin, **fields)  # type: ignore[arg-type]


FERRY = article(
    "ferry",
    "The Osprey has a new captain",
    f"{_FILLER}\n\nThe captain of the ferry Osprey is Mara Lindqvist. She came from Gothenburg.\n\n{_FILLER}",
    url="https://gazette.example/osprey?a=1&b=2#top",
    authors=("Ann O'Dell", "Bo <b>Bold</b>"),
    outlet="The Gazette",
    published="2026-02-03",
    language="en",
)
CAFE = article(
    "cafe",
    "Croissants 🥐 before dawn",
    f"🥐🥐 Zoë’s day — «début à 4 h» — 👩‍🍳 ne\u0301e a\u0300 l’a\u0302ge 𝒙.\n\n{_FILLER}\n\n"
    f"👨‍👩‍👧‍👦 The Café Zoë bakes 240 croissants every morning. 🥐 Then it opens.\n\n{_FILLER}",
    language="en",
)
HOSTILE = article(
    "hostile",
    '<img src=x onerror="window.hacked=1"> "Tower" & \u202ereversed',
    "The wizard keeps <script>window.hacked=1</script> in the tower. There are $x^2$ and *bold* {{constructor}} "
    "${window.hacked=1} `tick` \\u0041 &amp; </mark></p> <img src=x onerror=window.hacked=1> \u202eevil\u202c end.\n\n"
    f"{_FILLER}",
    url="javascript:window.hacked=1",
    outlet="<img src=x onerror=alert(1)>",
    published="2026-01-01",
    language='en" onclick="window.hacked=1',
)
ARTICLES = (FERRY, CAFE, HOSTILE)


def filled(home: Path, encoder: Encoder) -> Pipeline:
    """A pipeline over a library with the articles, new or one of before, read sentence by sentence."""
    library = Library(home / "library.sqlite")
    assert [entry.outcome for entry in add(library, encoder, ARTICLES)] in [
        ["added"] * len(ARTICLES), ["skipped"] * len(ARTICLES),
    ]  # fmt: skip
    return assemble(library, encoder, SentenceReader(encoder), Settings())


@pytest.fixture
def pipeline(tmp_path: Path) -> Iterator[Pipeline]:
    """The small library, read without a model."""
    made = filled(tmp_path, HashEncoder())
    yield made
    made.library.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings for a server on a free port that asks for no token."""
    return Settings(home=tmp_path, host="127.0.0.1", port=0, token=None, threshold=None, passages=10)


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the small library is served, to all tests that change no article in it."""
    with serving(tmp_path_factory.mktemp("library")) as found:
        yield found


@pytest.fixture(scope="module")  # while Playwright's loop runs, no other can
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="the browser tests need playwright")
    if CHROMIUM is None:
        pytest.skip("the browser tests need chromium on the path")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield started
        started.close()


@pytest.fixture
def desk(browser: Any, address: str) -> Iterator[Watched]:
    """The page on a desk; whatever a test does there, nothing leaves the machine and nothing goes wrong."""
    with opened(browser, address) as watched:
        yield watched


@pytest.fixture
def phone(browser: Any, address: str) -> Iterator[Watched]:
    """The page on a phone, in the dark."""
    with opened(browser, address, 390, 844, "dark") as watched:
        yield watched
