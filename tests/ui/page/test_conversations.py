"""Conversations in a real browser: asked on, stopped, asked again, judged, taken up after a reload and a restart."""

import re
import socket
from pathlib import Path
from typing import Any

import pytest

from tests.ui.browsing import Watched, opened, serving
from tests.ui.conftest import CAFE_QUESTION, FERRY, FERRY_QUESTION, UNKNOWN_QUESTION

TookTooLong = pytest.importorskip("playwright.sync_api").TimeoutError
pytestmark = [pytest.mark.browser, pytest.mark.model]

# Each step of an answer takes as long as it does on a busy machine.
SLOW_ANSWERS = """
import time
from rag.pipeline import Pipeline
steps = Pipeline.ask_in_steps
def slowly(self, asking):
    for step in steps(self, asking):
        time.sleep(1.5)
        yield step
Pipeline.ask_in_steps = slowly
"""


def questions(watched: Watched) -> list[str]:
    said = watched.page.locator("#chat .question").all_text_contents()
    return [one.removeprefix("You asked: ") for one in said]


def test_a_follow_up_says_what_was_really_asked_and_can_be_asked_as_typed(desk: Watched) -> None:
    desk.ask(FERRY_QUESTION)
    desk.ask("Where did she come from?")
    line = desk.page.locator(".asked-as q")
    assert re.search("Mara Lindqvist|Osprey", line.text_content())
    assert desk.page.locator(".turn").nth(1).locator(".answer").first.is_visible()
    desk.page.get_by_role("button", name="Ask as typed").click()
    line.wait_for(state="detached")
    desk.page.locator(".turn").nth(1).locator(".card").first.wait_for()
    assert questions(desk) == [FERRY_QUESTION, "Where did she come from?"]


def test_a_question_is_edited_and_asked_again_in_its_place(desk: Watched) -> None:
    desk.ask(UNKNOWN_QUESTION)
    desk.ask(CAFE_QUESTION)
    edit = desk.page.locator(".turn").first.get_by_role("button", name="Edit")
    edit.click()
    box = desk.page.get_by_label("Ask this instead")
    assert box.input_value() == UNKNOWN_QUESTION
    box.press("Escape")
    assert box.count() == 0
    assert edit.evaluate("button => button === document.activeElement")
    edit.click()
    box.fill(FERRY_QUESTION)
    box.press("Enter")
    desk.page.locator(".turn").first.locator(".answer").first.wait_for()
    assert questions(desk) == [FERRY_QUESTION, CAFE_QUESTION]


def test_what_takes_long_says_how_far_it_is_and_can_be_stopped(browser: Any, tmp_path: Path) -> None:
    with serving(tmp_path, SLOW_ANSWERS) as slow, opened(browser, slow) as watched:
        box = watched.page.get_by_label("Ask the library")
        box.fill(FERRY_QUESTION)
        box.press("Enter")
        watched.page.get_by_text("Searching …").wait_for()
        assert not watched.page.get_by_role("button", name="Ask", exact=True).is_visible()
        watched.page.get_by_text(re.compile("Reading .* passages? from .* articles? …")).wait_for()
        watched.page.get_by_role("button", name="Stop").click()
        watched.page.get_by_text("Stopped. Ask again whenever you like.").wait_for()
        assert watched.page.get_by_role("button", name="Ask", exact=True).is_visible()
        watched.page.wait_for_timeout(3500)  # what was begun comes to its end, unheard
        assert watched.page.locator(".answer").count() == 0
        watched.ask(CAFE_QUESTION)
        assert watched.page.locator(".turn").nth(1).locator(".answer").first.is_visible()


def test_an_abstention_offers_what_the_library_does_answer(desk: Watched) -> None:
    desk.ask(UNKNOWN_QUESTION)
    instead = desk.page.locator(".instead .example").first
    instead.wait_for()
    question = instead.text_content()
    instead.click()
    desk.page.locator(".turn").nth(1).locator(".answer").first.wait_for()
    assert questions(desk) == [UNKNOWN_QUESTION, question]


def test_judgements_are_kept_and_stay_to_be_seen(desk: Watched) -> None:
    desk.ask(FERRY_QUESTION)
    right = desk.page.get_by_role("button", name="Right", exact=True).first
    right.click()
    desk.page.get_by_text("Kept as right.").wait_for()
    assert right.get_attribute("aria-pressed") == "true"
    desk.ask(UNKNOWN_QUESTION)
    desk.page.get_by_role("button", name="Right, it does not say").click()
    desk.page.get_by_text("Kept: the library rightly does not say.").wait_for()
    assert right.get_attribute("aria-pressed") == "true"


def test_better_words_are_selected_in_the_article(desk: Watched) -> None:
    desk.ask(CAFE_QUESTION)
    desk.page.locator(".quote-button").first.click()
    desk.page.locator("#source mark.current").first.wait_for()
    desk.page.evaluate(
        """() => {
            const walker = document.createTreeWalker(document.querySelector('#source .body'), NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) {
                const at = walker.currentNode.data.indexOf('240');
                if (at < 0) continue;
                const range = document.createRange();
                range.setStart(walker.currentNode, at);
                range.setEnd(walker.currentNode, at + 3);
                getSelection().removeAllRanges();
                getSelection().addRange(range);
                return;
            }
        }"""
    )
    desk.page.get_by_role("button", name="These words answer better").click()
    desk.page.get_by_text("Kept: these words answer better.").wait_for()


def test_a_conversation_survives_a_reload_and_a_restart(browser: Any, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with serving(tmp_path, port=port) as address:
        context = browser.new_context()
        page = context.new_page()
        page.goto(address)
        watched = Watched(page, address)
        watched.ask(FERRY_QUESTION)
        watched.ask(CAFE_QUESTION)
        page.reload()
        page.locator(".turn").nth(1).locator(".answer").first.wait_for()
        assert questions(watched) == [FERRY_QUESTION, CAFE_QUESTION]
        watched.ask(UNKNOWN_QUESTION)
    with serving(tmp_path, port=port):
        try:
            page.wait_for_event("load", timeout=20_000)  # Gradio's own, once the page finds another server
        except TookTooLong:  # it had found the first one on its way out, and lost it again
            page.goto(address)
        page.locator(".turn").nth(2).locator(".card").first.wait_for()
        watched.ask("Where did the captain come from?")
        assert len(questions(watched)) == 4
        page.reload()
        page.locator(".turn").nth(3).locator(".card").first.wait_for()
        assert questions(watched)[:3] == [FERRY_QUESTION, CAFE_QUESTION, UNKNOWN_QUESTION]
        page.locator(".quote-button").first.click()
        page.locator("#source mark.current").first.wait_for()
        assert page.locator("#source h2").text_content() == FERRY.title
        other = context.new_page()  # another tab of the same browser
        other.goto(address)
        other.locator(".turn").nth(3).wait_for()
        context.close()


def test_earlier_conversations_are_taken_up_or_deleted(desk: Watched) -> None:
    desk.ask(FERRY_QUESTION)
    desk.page.get_by_role("button", name="New conversation").click()
    line = desk.page.locator(".welcome .take-up")
    line.first.wait_for()
    assert FERRY_QUESTION in line.first.text_content()
    line.first.click()
    desk.page.locator(".turn .answer").first.wait_for()
    desk.page.get_by_role("button", name="New conversation").click()
    desk.page.get_by_role("button", name="Delete the conversation").click()
    line.first.wait_for(state="detached")
    desk.page.reload()
    desk.page.locator(".welcome .example").first.wait_for()
    assert desk.page.locator(".take-up, .turn").count() == 0


def test_all_of_it_goes_by_keyboard(desk: Watched) -> None:
    desk.page.get_by_role("tab", name="Ask").focus()
    desk.page.keyboard.press("ArrowRight")
    assert desk.page.get_by_role("tabpanel", name="Library").is_visible()
    desk.page.keyboard.press("ArrowRight")
    assert desk.page.get_by_role("tabpanel", name="Evaluation").is_visible()
    desk.page.keyboard.press("Home")
    box = desk.page.get_by_label("Ask the library")
    box.focus()
    desk.page.keyboard.type(FERRY_QUESTION)
    desk.page.keyboard.press("Enter")
    desk.page.locator(".answer").first.wait_for()
    desk.page.locator(".quote-button").first.focus()
    desk.page.keyboard.press("Enter")
    desk.page.locator("#source mark.current").first.wait_for()
    desk.page.keyboard.press("Escape")
    assert desk.page.locator(".quote-button").first.evaluate("button => button === document.activeElement")


def test_a_panel_has_its_address(browser: Any, address: str) -> None:
    with opened(browser, f"{address}#library", complete=False, panel="library") as watched:
        assert watched.page.get_by_role("tab", name="Library").get_attribute("aria-selected") == "true"
        assert not watched.page.get_by_label("Ask the library").is_visible()
