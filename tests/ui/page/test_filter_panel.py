"""The filter panel of the page in a real browser: chosen, asked, told, emptied, and kept up with the library."""

from pathlib import Path
from typing import Any

import pytest

from corpus.library.store import Library
from index.ingest import remove
from tests.ui.browsing import Watched, opened, serving
from tests.ui.conftest import FERRY_QUESTION, HOSTILE_QUESTION

pytestmark = [pytest.mark.browser, pytest.mark.model]

_SUMMARY = ".filter > summary"
_CONTRAST = (Path(__file__).parent / "contrast.js").read_text()

_MORE_ARTICLES = """
import tests.ui.conftest as small
more = (small.article(f"n{n}", f"Note {n}", f"The number of the text is {n}.") for n in range(60))
small.ARTICLES = (*small.ARTICLES, *more)
"""


def unfold(watched: Watched) -> None:
    watched.page.locator(_SUMMARY).click()
    watched.page.locator("[data-facet=article] li").first.wait_for()


def only(watched: Watched) -> str:
    """The line above the last answer."""
    line: str = watched.page.locator(".turn").last.locator(".only").inner_text()
    return line


def date(watched: Watched, name: str) -> Any:
    return watched.page.get_by_role("textbox", name=name, exact=True)


def choice(watched: Watched, name: str) -> Any:
    return watched.page.get_by_role("checkbox", name=name)


def test_the_articles_chosen_by_keyboard_are_asked(desk: Watched) -> None:
    desk.page.locator(_SUMMARY).focus()
    desk.page.keyboard.press("Enter")
    choice(desk, "The Gazette one article").focus()
    desk.page.keyboard.press("Space")
    desk.page.keyboard.press("Shift+Tab")  # the outlet before it
    desk.page.keyboard.press("Space")
    assert choice(desk, "<img src=x onerror=alert(1)>").first.is_checked()
    desk.page.keyboard.press("Space")
    date(desk, "From").fill(" 2026-02 ")
    choice(desk, "Newest first").check()
    assert desk.page.locator(".in-force").inner_text() == "3 chosen"
    desk.ask(FERRY_QUESTION)
    assert only(desk) == "Only: since 2026-02, The Gazette · newest first"
    assert desk.page.locator(".answer mark").first.is_visible()
    assert set(desk.page.locator("#chat .source-line cite").all_text_contents()) == {"The Osprey has a new captain"}


def test_a_hostile_name_is_only_text(desk: Watched) -> None:
    unfold(desk)
    choice(desk, "<img src=x onerror=alert(1)>").first.check()
    desk.ask(HOSTILE_QUESTION)
    assert only(desk) == "Only: <img src=x onerror=alert(1)>"
    assert desk.page.locator("#talk img, #talk [onerror], #talk script").count() == 0


def test_a_filter_that_nothing_passes_is_told_as_the_reason(desk: Watched) -> None:
    unfold(desk)
    date(desk, "To").fill("1999")
    desk.ask(FERRY_QUESTION)
    assert only(desk) == "Only: until 1999"
    assert desk.page.locator(".abstention h3").inner_text() == "No article passes the filter."
    assert "does not say" not in desk.page.locator(".abstention").inner_text()
    desk.page.get_by_role("button", name="Clear").click()
    desk.ask(FERRY_QUESTION)
    assert desk.page.locator(".only").count() == 1
    assert desk.page.locator(".turn").last.locator(".answer").first.is_visible()


def test_a_bad_date_asks_nothing_and_keeps_the_question(desk: Watched) -> None:
    unfold(desk)
    date(desk, "From").fill("2026-13")
    desk.ask(FERRY_QUESTION)
    told = "The date '2026-13' is no day of the calendar; write it as 2025-03-31, or as 2025-03 or 2025."
    assert desk.page.locator(".turn .card").all_inner_texts() == [told]
    assert desk.page.get_by_label("Ask the library").input_value() == FERRY_QUESTION
    date(desk, "From").fill("2026-01")
    desk.page.get_by_label("Ask the library").press("Enter")
    desk.page.locator(".turn").nth(1).locator(".card").first.wait_for()
    assert only(desk) == "Only: since 2026-01"
    assert desk.page.get_by_label("Ask the library").input_value() == ""


def test_clear_empties_the_panel(desk: Watched) -> None:
    unfold(desk)
    date(desk, "From").fill("2026")
    for name in ("The Gazette one article", "English", "The Osprey has a new captain", "Newest first"):
        choice(desk, name).check()
    assert desk.page.locator(".in-force").inner_text() == "5 chosen"
    desk.page.get_by_role("button", name="Clear").click()
    assert desk.page.locator(".in-force").inner_text() == ""
    assert desk.page.locator(".filter :checked").count() == 0
    assert date(desk, "From").input_value() == ""


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1024, "dark"), (390, "light"), (320, "dark")])
def test_it_fits_and_can_be_read(browser: Any, address: str, width: int, scheme: str) -> None:
    with opened(browser, address, width, 844, scheme) as watched:
        unfold(watched)
        date(watched, "From").fill("2026")
        choice(watched, "The Gazette one article").check()
        assert watched.page.evaluate(_CONTRAST) == []
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= width
        wide = "[...document.querySelectorAll('#filter *')].filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth && e.tagName != 'INPUT').map(e => e.outerHTML)"
        assert watched.page.evaluate(wide) == []
        assert watched.page.get_by_role("button", name="Clear").is_visible()
        assert watched.page.locator("#ask").bounding_box()["y"] < 844 - 40
        watched.ask(FERRY_QUESTION)
        assert watched.page.evaluate(_CONTRAST) == []


def test_articles_beyond_the_first_are_found_by_their_words(browser: Any, tmp_path: Path) -> None:
    with serving(tmp_path, _MORE_ARTICLES) as address, opened(browser, address) as watched:
        unfold(watched)
        choice(watched, "The Osprey has a new captain").check()
        box = watched.page.locator("[data-facet=article]")
        assert box.locator("li").count() == 50
        assert box.get_by_role("status").inner_text() == "The first 50 of 63; type to find the others."
        assert watched.page.get_by_role("searchbox").count() == 1  # the other lists are whole
        watched.page.get_by_role("searchbox", name="Find an article").press_sequentially("NOTE 59")
        choice(watched, "Note 59").check()
        assert box.locator("bdi").all_inner_texts() == ["The Osprey has a new captain", "Note 59"]
        watched.ask("What is the number of the text?")
        assert only(watched) == "Only: “The Osprey has a new captain” or “Note 59”"


def test_the_choices_follow_the_library(browser: Any, tmp_path: Path) -> None:
    with serving(tmp_path) as address, opened(browser, address) as watched:
        unfold(watched)
        choice(watched, "The Osprey has a new captain").check()
        assert watched.page.locator("[data-facet=article] li").count() == 3
        library = Library(tmp_path / "library.sqlite")
        remove(library, ["cafe"])
        library.close()
        watched.page.evaluate("window.dispatchEvent(new Event('focus'))")  # back from where it was changed
        watched.page.locator("[data-facet=article] li").nth(2).wait_for(state="detached")
        assert "Croissants" not in watched.page.locator("[data-facet=article]").inner_text()
        assert choice(watched, "The Osprey has a new captain").is_checked()
