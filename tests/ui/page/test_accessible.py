"""The page looked through by axe-core for what keeps people out, on every panel and at every width."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.ui.browsing import Watched, opened
from tests.ui.conftest import FERRY_QUESTION, UNKNOWN_QUESTION

axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright")

pytestmark = [pytest.mark.browser, pytest.mark.model]

_WIDTHS = [(1440, "light"), (390, "dark")]


def faults(page: Any) -> list[str]:
    """Each violation that axe-core finds, above minor."""
    found = axe_playwright.Axe().run(page).response["violations"]
    return [
        f"{one['impact']} {one['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for one in found
        if one["impact"] != "minor"
        for node in one["nodes"]
    ]


def answered(watched: Watched) -> None:
    watched.ask(FERRY_QUESTION)
    watched.ask("Where did she come from?")
    watched.ask(UNKNOWN_QUESTION)
    watched.page.locator(".instead .example").first.wait_for()


def edited(watched: Watched) -> None:
    watched.page.get_by_role("button", name="Edit").first.click()
    watched.page.locator("#filter summary").click()
    watched.page.locator("#filter .choices li").first.wait_for()


def with_source(watched: Watched) -> None:
    watched.page.locator("#filter summary").click()
    watched.page.locator(".quote-button").first.click()
    watched.page.locator("#source mark.current").first.wait_for()


def closed(watched: Watched) -> None:
    close = watched.page.get_by_role("button", name="Close")
    if close.is_visible():
        close.click()


def panel(name: str) -> Callable[[Watched], None]:
    def opened_panel(watched: Watched) -> None:
        watched.page.get_by_role("tab", name=name).click()
        watched.page.get_by_role("tabpanel", name=name).wait_for()
        watched.page.wait_for_timeout(1000)

    return opened_panel


_STEPS: tuple[Callable[[Watched], None], ...] = (
    lambda _: None, answered, edited, with_source, closed, panel("Library"), panel("Evaluation"),
)  # fmt: skip


@pytest.mark.parametrize(("width", "scheme"), _WIDTHS)
def test_axe_finds_nothing_above_minor(browser: Any, address: str, width: int, scheme: str) -> None:
    with opened(browser, address, width, 844, scheme) as watched:
        for step in _STEPS:
            step(watched)
            assert faults(watched.page) == []
            assert watched.page.evaluate("document.documentElement.scrollWidth") <= width
