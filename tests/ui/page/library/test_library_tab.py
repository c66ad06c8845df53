"""The Library tab in a real browser: added to, looked through, deleted from and undone."""

from collections.abc import Iterator
from hashlib import sha256
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
        watched.page.locator("#articles tbody tr").first.wait_for()
        yield watched


def titles(tab: Watched) -> list[str]:
    return tab.page.locator("#articles tbody th > a").all_text_contents()


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

    page.get_by_role("searchbox", name="Words").fill("twelve")
    page.locator("#articles caption").get_by_text("One article").wait_for()
    assert titles(tab) == ["Gulls"]
    page.get_by_role("button", name="Clear", exact=True).first.click()
    page.locator("#articles tbody th > a").nth(2).wait_for()

    page.get_by_role("tab", name="Ask").click()
    tab.ask("How many gulls were seen at the pier of Merrin?")
    assert page.locator(".answer cite").first.text_content() == "Gulls"

    page.get_by_role("tab", name="Library").click()
    row = page.locator("#articles tr", has_text="Gulls")
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
    page.locator("#articles tr", has_text="Gulls").wait_for()
    assert titles(tab) == sorted(titles(tab), key=str.casefold)
    for name in ("Gulls", "The mayor of Merrin is Zoë Ågren 🥐."):
        page.locator("#articles tr", has_text=name).locator("input[type=checkbox]").check()
    page.get_by_text("2 articles chosen").wait_for()
    page.get_by_role("button", name="Delete 2 articles").click()
    page.get_by_text("2 articles were deleted.").wait_for()
    page.locator("#articles tr", has_text="Gulls").wait_for(state="detached")


def test_bad_addresses_and_dates_are_told_in_a_sentence(tab: Watched) -> None:
    page = tab.page
    page.get_by_label("Or the address of an article").fill("http://127.0.0.1:9/story.html")
    page.locator(".by-address button").click()
    page.locator("#library .report li strong.refused").wait_for()
    page.locator("#library [name=since]").fill("yesterday")
    page.locator("#articles .problem").wait_for()
    tab.complaints.clear()  # Chromium tells of what the server refused


def test_the_library_is_looked_through(tab: Watched) -> None:
    tab.page.get_by_role("button", name="Check the library").click()
    tab.page.locator("#health", has_text="normal form NFC").wait_for()  # of the article that is meant to be odd
    tab.page.locator("#health", has_text="Checked at").wait_for()
    assert tab.page.evaluate("document.activeElement.className") == "check"


def focused(tab: Watched) -> str:
    return str(tab.page.evaluate("document.activeElement.textContent"))


def test_the_keyboard_goes_all_the_way(tab: Watched) -> None:
    page = tab.page
    page.locator("#library input[type=file]").set_input_files(POST)
    page.locator("#library .report li").wait_for()
    page.locator("#library .report button").press("Enter")
    assert focused(tab) == "Add articles"
    page.locator("#articles tr", has_text="Gulls").locator("button.delete").press("Enter")
    page.get_by_role("button", name="Undo").wait_for()
    assert focused(tab) == "Undo"
    page.keyboard.press("Enter")
    page.get_by_text("It is back.").wait_for()
    page.locator("#articles tr", has_text="Gulls").wait_for()
    page.wait_for_function("document.activeElement.textContent === 'Delete Gulls'")
    page.locator("#articles [data-order=length]").press("Enter")
    page.locator("th[aria-sort=descending] [data-order=length]").wait_for()
    page.wait_for_function("document.activeElement.dataset.order === 'length'")


def test_the_last_that_was_typed_is_what_is_shown(tab: Watched) -> None:
    page = tab.page
    box = page.get_by_role("searchbox", name="Words")
    for words in ("nowhere", "osprey", "nothing of the kind", "croissants"):
        box.fill(words)
        page.wait_for_timeout(270)  # each is asked for, the one before perhaps still on its way
    page.locator("#articles caption").get_by_text("One article").wait_for()
    assert titles(tab) == ["Croissants 🥐 before dawn"]
    assert page.locator(".looking .said").text_content() == "One article"


DROPPED = """(names) => {
    const carried = new DataTransfer();
    for (const name of names) carried.items.add(new File([`What ${name} says, in words of its own.`], name));
    const dropped = new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true });
    document.querySelector("#library .drop").dispatchEvent(dropped);
}"""


def test_what_is_dropped_is_added_and_the_chat_is_told(tab: Watched) -> None:
    page = tab.page
    page.evaluate("window.addEventListener('library-changed', () => { window.told = (window.told ?? 0) + 1; })")
    page.evaluate(DROPPED, ["one.txt", ".DS_Store", "\u202etwo.md", "three.exe"])
    page.locator("#library .report li").nth(2).wait_for()
    lines = page.locator("#library .report li").all_inner_texts()
    assert [line.split()[0] for line in lines] == ["refused", "added", "added"]
    assert page.locator("#library .report h3").text_content() == "1 refused, 2 added."
    assert page.locator("#adding .said").text_content() == "1 refused, 2 added."
    assert page.evaluate("window.told") == 1


SIZED = """() => { // files of as many megabytes as their names say
    Object.defineProperty(File.prototype, "size", { get() { return Number(this.name.split("-")[1]) * 2 ** 20; } });
    const append = FormData.prototype.append;
    window.sent = [];
    FormData.prototype.append = function (...entry) { window.sent.push(entry[2]); append.apply(this, entry); };
}"""


def test_more_than_one_request_takes_goes_in_parts_and_what_is_too_large_is_not_sent(tab: Watched) -> None:
    page = tab.page
    page.evaluate(SIZED)
    page.evaluate(DROPPED, ["a-60-.txt", "b-50-.txt", "c-65-.txt", "d-99-.jsonl", "e-101-.jsonl"])
    page.locator("#library .report li").nth(4).wait_for()
    assert page.evaluate("window.sent") == ["a-60-.txt", "b-50-.txt", "d-99-.jsonl"]
    assert len([url for url in tab.requests if url.endswith("v1/articles")]) == 3
    said = page.locator("#library .report").inner_text()
    assert "c-65-.txt – It is larger than 64 MB; split it." in said
    assert "e-101-.jsonl – It is larger than 100 MB; split it." in said
    assert page.locator("#library .report strong.added").count() == 2


def test_files_of_one_name_are_told_apart_where_they_go_in_several_parts(tab: Watched) -> None:
    page = tab.page
    page.evaluate(SIZED)
    page.evaluate(DROPPED, ["a-60-.txt", "a-60-.txt", "b-1-.md", "a-60-.txt"])
    page.locator("#library .report li").nth(3).wait_for()
    assert page.evaluate("window.sent") == ["a-60-.txt", "a-60- (2).txt", "b-1-.md", "a-60- (3).txt"]


def test_hostile_articles_are_listed_as_text(tab: Watched) -> None:
    page = tab.page
    name = "<img src=x onerror=window.hacked=1>"
    page.locator("#library input[type=file]").set_input_files(
        {
            "name": f"{name}.md",
            "mimeType": "text/markdown",
            "buffer": f"---\ntitle: '{'<b>x</b> ' * 1000}'\n---\n\nLong.".encode(),
        }
    )
    page.locator("#library .report li strong.added").wait_for()
    page.get_by_role("searchbox", name="Words").fill("long")
    page.locator("#articles caption").get_by_text("One article").wait_for()
    row = page.locator("#articles tbody tr")
    assert name in row.inner_text()
    row.locator("button.delete").click()
    page.get_by_role("button", name="Undo").wait_for()
    assert page.locator("#library img, #library b").count() == 0
    assert page.evaluate("window.hacked") is None


def test_a_title_opens_its_article(tab: Watched) -> None:
    with tab.page.expect_popup() as opened_one:
        tab.page.locator("#articles tbody th > a", has_text="Tower").click()
    opened_one.value.locator("h1", has_text='<img src=x onerror="window.hacked=1"> "Tower"').wait_for()


def test_behind_a_token_everything_works_too(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    token = "a-token-of-32-letters-and-digits"
    before = f"import os; os.environ['PULLQUOTE_TOKEN_SHA256'] = '{sha256(token.encode()).hexdigest()}'\n"
    with (
        serving(tmp_path_factory.mktemp("closed"), before) as address,
        opened(browser, f"{address}?token={token}", complete=False) as watched,
    ):
        page = watched.page
        page.get_by_role("tab", name="Library").click()
        page.locator("#library input[type=file]").set_input_files(POST)
        page.locator("#library .report li strong.added").wait_for()
        page.locator("#articles tr", has_text="Gulls").locator("button.delete").click()
        page.get_by_role("button", name="Undo").click()
        page.get_by_text("It is back.").wait_for()


@pytest.mark.parametrize("width", [390, 1024])
def test_nothing_is_wider_than_the_screen(browser: Any, address: str, width: int) -> None:
    with opened(browser, address, width, 844) as narrow:
        narrow.page.get_by_role("tab", name="Library").click()
        narrow.page.locator("#articles tbody tr").first.wait_for()
        assert narrow.page.evaluate("document.querySelector('#library').scrollWidth") <= width
