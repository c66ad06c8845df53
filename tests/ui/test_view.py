"""The page of an article at a quote, in a real browser: at the very words, and with nothing that an article may do."""

import json
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest

from tests.ui.conftest import CAFE, CAFE_QUESTION, HOSTILE

pytestmark = pytest.mark.browser


def looked_at(browser: Any, url: str) -> tuple[Any, list[str], list[str]]:
    """The page, what it asked for and what it complained about."""
    page = browser.new_page(viewport={"width": 1024, "height": 700})
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.goto(url)
    return page, asked, complaints


def test_the_quote_of_the_api_is_marked_and_scrolled_to(browser: Any, address: str) -> None:
    body = json.dumps({"question": CAFE_QUESTION}).encode()
    with urlopen(Request(f"{address}v1/answer", body, {"content-type": "application/json"})) as response:
        quote = json.load(response)["answers"][0]["quotes"][0]
    url = f"{address}v1/articles/{quote['article_id']}/view?start={quote['start']}&end={quote['end']}"
    page, asked, complaints = looked_at(browser, url)
    mark = page.locator("mark")
    assert "".join(mark.all_text_contents()) == quote["text"]
    box = mark.first.bounding_box()
    assert page.evaluate("scrollY") > 0
    assert 0 < box["y"] < 700
    assert page.locator("article p[dir=auto]").all_text_contents()
    assert "".join(page.locator("article > p").all_text_contents()) == CAFE.text
    assert {urlsplit(one).hostname for one in asked} == {"127.0.0.1"}
    assert complaints == []
    page.close()


def test_a_hostile_article_is_shown_and_does_nothing(browser: Any, address: str) -> None:
    page, asked, complaints = looked_at(browser, f"{address}v1/articles/hostile/view?start=4&end=10")
    assert page.locator("mark").text_content() == HOSTILE.text[4:10]
    assert "".join(page.locator("article > p").all_text_contents()) == HOSTILE.text
    assert page.evaluate("window.hacked") is None
    assert page.locator("img, iframe, article script, a[href^=javascript]").count() == 0
    assert page.title() == HOSTILE.title
    assert {urlsplit(one).path for one in asked} <= {"/v1/articles/hostile/view", "/favicon.ico"}
    assert complaints == []
    page.close()
