"""The Library tab in a real browser: added to, looked through, deleted from and undone."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.ui.browsing import Watched, opened, serving

pytestmark = [pytest.mark.browser, pytest.mark.model]

STORY = {
    "name": "story.txt",
    "mimeType": "text/plain",
    "buffer": "The mayor of Merrin is Zoë Ågren 🥐. She spoke on Friday.".encode(),
}
POST = {
    "name": "post.md",
    "mimeType": "text/markdown",
    "buffer": b"---\ntitle: Gulls\ndate: 2026-03-04\n---\n\nTwelve gulls were seen at the pier of Merrin.",
}
EMPTY = {"name": "<b>empty.pdf", "mimeType": "application/pdf", "buffer": b""}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A library of the tests' own, that they change one after the other."""
    with serving(tmp_path_factory.mktemp("own")) as address:
        yield address


@pytest.fixture
def tab(browser: Any, own: str) -> Iterator[Watched]:
    with opened(browser, own) as watched:
        watched.page.get_by_role("tab", name="Library").click()
        watched.page.locator("#shelf tbody tr").first.wait_for()
        yield watched


def titles(tab: Watched) -> list[str]:
    return tab.page.locator("#shelf tbody th > a").all_text_contents()


def test_articles_are_added_found_asked_deleted_and_put_back(tab: Watched) -> None:
    page = tab.page
    page.locator("#library input[type=file]").set_input_files([STORY, POST, EMPTY])
    report = page.locator("#library .report")
    report.locator("li").nth(2).wait_for()
    said = report.inner_text()
    assert "added story.txt" in said
    assert "added post.md" in said
    assert "refused <b>empty.pdf" in said
    assert page.locator("#library .report b").count() == 0

    page.get_by_label("Words").fill("twelve")
    page.locator("#shelf caption").get_by_text("One article").wait_for()
    assert titles(tab) == ["Gulls"]
    page.get_by_role("button", name="Clear", exact=True).first.click()
    page.locator("#shelf tbody th > a").nth(2).wait_for()

    page.get_by_role("tab", name="Ask").click()
    tab.ask("How many gulls were seen at the pier of Merrin?")
    assert page.locator(".answer cite").first.text_content() == "Gulls"

    page.get_by_role("tab", name="Library").click()
    row = page.locator("#shelf tr", has_text="Gulls")
    identity = row.locator("button.delete").get_attribute("data-article")
    row.locator("button.delete").click()
    undo = page.get_by_role("button", name="Undo")
    undo.wait_for()
    assert "“Gulls” was deleted." in page.locator("#library .undo").inner_text()
    row.wait_for(state="detached")
    undo.click()
    page.get_by_text("It is back.").wait_for()
    row.wait_for()
    assert row.locator("button.delete").get_attribute("data-article") == identity


def test_several_are_deleted_at_once_and_the_list_is_sorted(tab: Watched) -> None:
    page = tab.page
    page.get_by_role("button", name="Title").click()
    page.locator("th[aria-sort=ascending] [data-order=title]").wait_for()
    page.locator("#library input[type=file]").set_input_files([STORY, POST])  # as before
    page.locator("#library .report li", has_text="It has not changed").nth(1).wait_for()
    page.locator("#shelf tr", has_text="Gulls").wait_for()
    assert titles(tab) == sorted(titles(tab), key=str.casefold)
    for name in ("Gulls", "The mayor of Merrin is Zoë Ågren 🥐."):
        page.locator("#shelf tr", has_text=name).locator("input[type=checkbox]").check()
    page.get_by_text("2 articles chosen").wait_for()
    page.locator("#shelf .delete-chosen").click()
    page.get_by_text("2 articles were deleted.").wait_for()
    page.locator("#shelf tr", has_text="Gulls").wait_for(state="detached")


def test_bad_addresses_and_dates_are_told_in_a_sentence(tab: Watched) -> None:
    page = tab.page
    page.get_by_label("Or the address of an article").fill("http://127.0.0.1:9/story.html")
    page.locator(".by-address button").click()
    page.locator("#library .report li strong.refused").wait_for()
    page.locator("#library [name=since]").fill("yesterday")
    page.locator("#shelf .problem").wait_for()
    tab.complaints.clear()  # Chromium tells of what the server refused


def test_the_library_is_looked_through(tab: Watched) -> None:
    tab.page.get_by_role("button", name="Check the library").click()
    tab.page.locator("#health", has_text="normal form NFC").wait_for()  # of the article that is meant to be odd


@pytest.mark.parametrize("width", [390, 1024])
def test_nothing_is_wider_than_the_screen(browser: Any, address: str, width: int) -> None:
    with opened(browser, address, width, 844) as narrow:
        narrow.page.get_by_role("tab", name="Library").click()
        narrow.page.locator("#shelf tbody tr").first.wait_for()
        assert narrow.page.evaluate("document.querySelector('#library').scrollWidth") <= width
