"""The page in a real browser, with the real server and the real encoder."""

from pathlib import Path
from typing import Any

import pytest

from tests.ui.browsing import Watched, opened, serving
from tests.ui.conftest import CAFE, CAFE_QUESTION, FERRY, FERRY_QUESTION, HOSTILE, HOSTILE_QUESTION, UNKNOWN_QUESTION

pytestmark = [pytest.mark.browser, pytest.mark.model]


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
    shown = desk.page.locator("[data-shown]").get_attribute("data-shown")
    desk.page.locator(".quote-button").first.focus()
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_selector(f"[data-shown]:not([data-shown='{shown}'])")
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
    desk.open(card.locator(".passage-button").first, "#source mark.near")
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


def test_an_empty_box_asks_nothing_and_the_next_question_is_answered(desk: Watched) -> None:
    desk.page.locator("#ask").click()
    desk.page.get_by_label("Ask the library").fill("  ")
    desk.page.keyboard.press("Enter")
    desk.ask(FERRY_QUESTION)
    assert desk.page.locator(".turn").count() == 1
    assert desk.page.locator(".answer").count() >= 1


# A question takes as long as it does on a busy machine.
_SLOW_ANSWERS = """
import time
from rag.pipeline import Pipeline
steps = Pipeline.ask_in_steps
def slowly(self, asking):
    for step in steps(self, asking):
        time.sleep(1)
        yield step
Pipeline.ask_in_steps = slowly
"""


def test_a_question_asked_while_another_is_answered_waits_for_its_turn(browser: Any, tmp_path: Path) -> None:
    with serving(tmp_path, _SLOW_ANSWERS) as slow, opened(browser, slow) as eager:
        box = eager.page.get_by_label("Ask the library")
        box.fill(FERRY_QUESTION)
        box.press("Enter")
        eager.page.locator(".turn").first.wait_for()
        box.fill(CAFE_QUESTION)
        box.press("Enter")
        eager.page.locator(".turn").nth(1).locator(".card").first.wait_for()
        assert [said.endswith(asked) for said, asked in zip(
            eager.page.locator("#chat .question").all_text_contents(), [FERRY_QUESTION, CAFE_QUESTION], strict=True
        )] == [True, True]  # fmt: skip
        assert box.input_value() == ""


def test_an_example_is_answered_and_a_new_conversation_begins(desk: Watched) -> None:
    example = desk.page.locator(".example").first
    question = example.text_content()
    example.click()
    desk.page.locator(".answer").first.wait_for()
    assert desk.page.locator("#chat .question").text_content().endswith(question)
    desk.page.get_by_role("button", name="New conversation").click()
    desk.page.locator(".welcome .example").first.wait_for()
    assert desk.page.locator(".turn").count() == 0


def test_gradio_stays_in_the_background(desk: Watched) -> None:
    assert desk.page.title() == "Pullquote"
    assert "radio" not in desk.page.locator("body").inner_text()
    for name in ("Ask", "New conversation"):
        assert desk.page.get_by_role("button", name=name, exact=True).is_visible()
    assert not desk.page.get_by_role("button", name="Stop").is_visible()


def test_two_readers_do_not_see_each_other(browser: Any, address: str, desk: Watched) -> None:
    desk.ask(FERRY_QUESTION)
    with opened(browser, address) as other:
        assert other.page.locator(".turn").count() == 0


def test_nothing_is_wider_than_the_screen(browser: Any, address: str) -> None:
    with opened(browser, address, 320, 844) as narrow:
        narrow.ask(HOSTILE_QUESTION + " " + "longword" * 40)
        narrow.ask(FERRY_QUESTION)
        for width in (320, 390, 768, 1024):
            narrow.page.set_viewport_size({"width": width, "height": 844})
            narrow.page.wait_for_timeout(100)
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


# The examples take as long as they do on a busy machine.
_SLOW_EXAMPLES = """
import time
from ui.page.examples import ExampleQuestions
made = ExampleQuestions.questions
ExampleQuestions.questions = lambda self: (time.sleep(4), made(self))[1]
"""


def test_a_question_asked_before_the_examples_are_there_keeps_its_answer(browser: Any, tmp_path: Path) -> None:
    with serving(tmp_path, _SLOW_EXAMPLES) as busy, opened(browser, busy, complete=False) as early:
        early.ask(FERRY_QUESTION)
        with opened(browser, busy):  # by now the examples are made for the first page too
            early.page.wait_for_timeout(1000)
        assert early.page.locator(".welcome").count() == 0
        assert early.page.locator(".turn .card").first.is_visible()
