"""The source pane in a real browser: its script and style on a page of their own, with Gradio's part played by a shim."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import escape
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from corpus.article import Article, Span
from corpus.library.feedback import LONGEST_WORDS
from rag.answer import Excerpt, Quote
from rag.citation.fragment import fragment_url
from rag.citation.marked import LINE_REACH, MOST_SHOWN
from tests.ui.conftest import CAFE, FERRY, HOSTILE, article
from tests.ui.page.test_browser import is_in_view
from tests.ui.page.test_cards import quote, related, seen
from ui.page.conversation import ExcerptAddress
from ui.page.source import EMPTY, Position, problem_html, source_html

axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright")

pytestmark = pytest.mark.browser

_FOLDER = Path(__file__).parents[3] / "ui" / "page"
_STYLE = "".join((_FOLDER / name).read_text(encoding="utf-8") for name in ("page.css", "source.css"))
_PAGE = f"""<!doctype html><html lang="en" data-panel="desk"><head><meta charset="utf-8"><title>Pane</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head><body><main>
<div id="desk"><div id="talk"><div id="chat"><button data-excerpt="1.0">One</button>
<details><summary>More</summary><button data-excerpt="2.0">Two</button></details></div>
<textarea id="question" aria-label="Ask"></textarea></div>
<div id="source"><div class="html-container"><div id="element">{EMPTY}</div></div></div></div></main></body></html>"""
_SHIM = """code => {
    const element = document.getElementById("element"), watching = [];
    window.sent = [];
    window.show = html => { element.innerHTML = html; watching.forEach(one => one()); };
    new Function("element", "trigger", "watch", code)(
        element, (name, data) => sent.push([name, data]), (_, one) => watching.push(one));
}"""
_MIDDLE = Position(ExcerptAddress(2, 0), 2, 3, ExcerptAddress(1, 0), ExcerptAddress(2, 1), "Who is it?")
_FIRST = Position(ExcerptAddress(1, 0), 1, 2, None, ExcerptAddress(2, 0), "Who is it?")
_MARA = quote(FERRY, "Mara Lindqvist")


class Pane:
    """The pane of a page with what it sent to the server."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self._shown = 0

    def show(self, one: Article, excerpt: Excerpt, *others: Quote, position: Position = _MIDDLE) -> None:
        self._shown += 1
        self.page.evaluate("html => show(html)", source_html(one, excerpt, others, position, self._shown))

    def sent(self) -> list[Any]:
        """What was sent since this was asked last."""
        found: list[Any] = self.page.evaluate("sent.splice(0)")
        return found

    def focused(self) -> str:
        """The id, or else the classes, of what has the focus."""
        found: str = self.page.evaluate("document.activeElement.id || document.activeElement.className")
        return found

    def select(self, start: int, end: int) -> None:
        """Selects a stretch of the article, by UTF-16 units."""
        self.page.evaluate(
            """([start, end]) => {
                const walker = document.createTreeWalker(document.querySelector(".body"), NodeFilter.SHOW_TEXT);
                const at = [], edges = [start, end];
                for (let seen = 0, node; (node = walker.nextNode()); seen += node.length)
                    while (edges.length && edges[0] <= seen + node.length) at.push(node, edges.shift() - seen);
                document.getSelection().setBaseAndExtent(...at);
                return new Promise(done => setTimeout(done, 50));
            }""",
            [start, end],
        )

    @property
    def better(self) -> Any:
        return self.page.locator("button.better")


@contextmanager
def opened(browser: Any, host: str = "127.0.0.1", **options: Any) -> Iterator[Pane]:
    """A page with an empty pane; nothing on it complains."""
    context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
    context.route("**/*", lambda route: route.fulfill(body=_PAGE, content_type="text/html"))
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
    page.goto(f"http://{host}/")
    page.evaluate(_SHIM, (_FOLDER / "source.js").read_text(encoding="utf-8"))
    yield Pane(page)
    assert complaints == []
    context.close()


@pytest.fixture
def desk(browser: Any) -> Iterator[Pane]:
    with opened(browser) as pane:
        yield pane


@pytest.fixture
def phone(browser: Any) -> Iterator[Pane]:
    with opened(browser, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True) as pane:
        yield pane


class TestOpening:
    def test_the_quote_is_in_view_has_the_focus_and_is_announced(self, desk: Pane) -> None:
        desk.page.locator("#chat button").first.press("Enter")
        desk.show(FERRY, _MARA)
        assert is_in_view(desk.page, "#quoted")
        assert desk.focused() == "quoted"
        assert desk.page.locator("body > [role=status]").text_content().strip() == (
            "Quote 2 of 3, in The Osprey has a new captain"
        )
        assert desk.page.locator("#chat [aria-current]").text_content() == "Two"

    def test_nobody_who_types_loses_the_focus(self, desk: Pane) -> None:
        desk.page.locator("#question").fill("Who")
        desk.show(FERRY, _MARA)
        assert is_in_view(desk.page, "#quoted")
        assert desk.focused() == "question"

    def test_from_the_quote_tab_leads_to_what_can_be_done_with_it(self, desk: Pane) -> None:
        desk.show(FERRY, _MARA)
        desk.page.keyboard.press("Tab")
        assert desk.focused() == "step previous"
        assert is_in_view(desk.page, "#quoted")

    def test_a_problem_has_the_focus_and_leads_back(self, desk: Pane) -> None:
        desk.page.evaluate("html => show(html)", problem_html("Gone.", 1))
        assert desk.focused() == "source-pane"
        desk.page.keyboard.press("Escape")

    def test_of_a_long_quote_the_beginning_is_seen(self, desk: Pane) -> None:
        one = article("long", "Long", f"{FERRY.text}\n\n{'A long quote. ' * 300}\n\n{FERRY.text}")
        desk.show(one, quote(one, ("A long quote. " * 300).strip()))
        assert is_in_view(desk.page, "#quoted")

    def test_a_note_stays_in_sight(self, desk: Pane) -> None:
        desk.show(FERRY, _MARA, position=replace(_MIDDLE, note="The article has changed."))
        assert is_in_view(desk.page, ".note")
        assert desk.page.locator("#quoted").get_attribute("aria-describedby") == "source-note"


class TestSteps:
    def test_by_button_and_the_button_keeps_the_focus(self, desk: Pane) -> None:
        desk.show(FERRY, _MARA)
        desk.page.get_by_role("button", name="Next quote").click()
        assert desk.sent() == [["quote", {"address": "2.1"}]]
        desk.show(FERRY, _MARA)
        assert desk.focused() == "step next"
        desk.page.get_by_role("button", name="Previous quote").click()
        assert desk.sent() == [["quote", {"address": "1.0"}]]
        desk.show(FERRY, _MARA, position=_FIRST)
        assert desk.page.get_by_role("button", name="Previous quote").is_disabled()
        assert desk.focused() == "quoted"

    def test_by_single_letters_in_the_pane_only(self, desk: Pane) -> None:
        desk.show(FERRY, _MARA)
        for key in ("n", "p", "Control+n", "x"):
            desk.page.keyboard.press(key)
        assert desk.sent() == [["quote", {"address": "2.1"}], ["quote", {"address": "1.0"}]]
        desk.page.locator("#chat button").first.press("n")
        desk.page.locator("#question").press("n")
        assert desk.sent() == []

    def test_by_alt_and_arrows_wherever_no_text_is_typed(self, desk: Pane) -> None:
        desk.show(FERRY, _MARA)
        desk.page.locator("#question").press("Alt+ArrowDown")
        assert desk.sent() == []
        desk.page.locator("#chat button").first.press("Alt+ArrowDown")
        desk.page.keyboard.press("Alt+ArrowUp")
        assert desk.sent() == [["quote", {"address": "2.1"}], ["quote", {"address": "1.0"}]]

    def test_escape_leads_back_to_the_quote_in_the_conversation(self, desk: Pane) -> None:
        desk.show(FERRY, _MARA)
        desk.page.keyboard.press("Escape")
        assert desk.page.evaluate("document.activeElement.textContent") == "Two"
        assert desk.page.locator("#source .source").is_visible()

    def test_on_a_phone_escape_closes_the_sheet_and_then_does_nothing_more(self, phone: Pane) -> None:
        assert not phone.page.locator("#source").is_visible()
        phone.show(FERRY, _MARA, position=_FIRST)
        assert is_in_view(phone.page, "#quoted")
        phone.page.keyboard.press("Escape")
        assert not phone.page.locator("#source").is_visible()
        assert phone.page.evaluate("document.activeElement.textContent") == "One"
        phone.page.locator("#question").press("Escape")
        assert phone.focused() == "question"
        phone.page.keyboard.press("Alt+ArrowDown")
        assert phone.sent() == []
        phone.show(FERRY, _MARA)
        phone.page.get_by_role("button", name="Close").tap()
        assert not phone.page.locator("#source").is_visible()


_LOOKS = """selector => {
    const style = getComputedStyle(document.querySelector(selector));
    return [Number(style.fontWeight), style.textDecorationLine, style.textDecorationStyle,
        parseFloat(style.textDecorationThickness), style.outlineStyle];
}"""


class TestMarks:
    def test_differ_by_more_than_colour(self, desk: Pane) -> None:
        desk.show(FERRY, _MARA, quote(FERRY, "Gothenburg"))
        assert desk.page.evaluate(_LOOKS, "mark.other") == [400, "underline", "solid", 1, "none"]
        assert desk.page.evaluate(_LOOKS, "mark.current")[:4] == [700, "underline", "solid", 2]
        desk.show(FERRY, related(FERRY, "Gothenburg"))
        assert desk.page.evaluate(_LOOKS, "mark.near")[:4] == [400, "underline", "dotted", 2]

    def test_differ_where_colours_are_taken_away(self, browser: Any) -> None:
        with opened(browser, forced_colors="active") as pane:
            pane.page.locator("#question").focus()
            pane.show(FERRY, _MARA, quote(FERRY, "Gothenburg"))
            assert pane.page.evaluate(_LOOKS, "mark.current")[-1] == "solid"
            assert pane.page.evaluate(_LOOKS, "mark.other")[-1] == "none"

    def test_are_read_out_and_no_part_of_the_text(self, desk: Pane) -> None:
        one = quote(CAFE, "every morning. 🥐 Then it opens.\n\nOn day 1 ")
        desk.show(CAFE, one, quote(CAFE, "🥐 Then"))
        assert "".join(desk.page.locator("mark.current").all_text_contents()) == one.text
        assert desk.page.locator(".body").text_content() == CAFE.text
        heard = desk.page.locator(".body").aria_snapshot()
        assert heard.count("[quote begins]") == heard.count("[quote ends]") == 2

    def test_hostile_text_stays_text(self, desk: Pane) -> None:
        words = "<script>window.hacked=1</script> in the tower. There are $x^2$ and *bold* {{constructor}}"
        desk.show(HOSTILE, quote(HOSTILE, words), position=replace(_MIDDLE, question="\u202e<b>Who</b>"))
        assert desk.page.locator("mark.current").text_content() == words
        assert desk.page.locator(".body").text_content() == HOSTILE.text
        assert desk.page.locator("#source :is(a, img, script, b, [onclick], [onerror])").count() == 0
        assert desk.page.evaluate("window.hacked") is None

    def test_what_turns_the_text_around_turns_nothing_of_ours(self, desk: Pane) -> None:
        turned = replace(FERRY, title="\u202eTitle", outlet="\u202eOutlet", authors=("\u202eAnn", "\u2067Bo"))
        desk.show(turned, _MARA)
        lefts = """[...document.querySelectorAll('.kicker > *, .byline > *')].map(one => one.getBoundingClientRect().left)"""
        outlet, day, ann, bo = desk.page.evaluate(lefts)
        assert outlet < day
        assert ann < bo


class TestTaking:
    def test_the_quote_is_copied_with_its_source_at_one_press(self, browser: Any) -> None:
        with opened(browser, permissions=["clipboard-read", "clipboard-write"]) as pane:
            pane.show(FERRY, _MARA)
            expected = dict(zip(("markdown", "ris", "json"), _citations(), strict=True))
            pane.page.get_by_role("button", name="Copy with source").click()
            pane.page.locator(".told", has_text="Copied as Markdown.").wait_for()
            assert pane.page.evaluate("navigator.clipboard.readText()") == expected["markdown"]
            pane.page.locator("#source summary").click()
            for name, suffix in (("RIS", "ris"), ("CSL-JSON", "json")):
                pane.page.get_by_role("button", name=f"Copy as {name}").click()
                pane.page.locator(".told", has_text=f"Copied as {name}.").wait_for()
                copied = pane.page.evaluate("navigator.clipboard.readText()")
                assert copied.split() == expected[suffix].split()

    def test_where_nothing_may_be_copied_it_is_there_to_be_copied_by_hand(self, browser: Any) -> None:
        with opened(browser, host="pullquote.example") as pane:
            pane.show(FERRY, _MARA)
            pane.page.get_by_role("button", name="Copy with source").click()
            pane.page.locator(".by-hand").wait_for()
            assert pane.page.evaluate("document.getSelection().toString()") == _citations()[0]
            assert "copy what is selected here" in pane.page.locator(".told").text_content()

    @pytest.mark.parametrize(
        ("name", "suffix", "place"), [("Markdown", "md", 0), ("RIS", "ris", 1), ("CSL-JSON", "json", 2)]
    )
    def test_is_saved_to_the_byte(self, desk: Pane, name: str, suffix: str, place: int) -> None:
        desk.show(FERRY, _MARA)
        desk.page.locator("#source summary").click()
        with desk.page.expect_download() as saved:
            desk.page.get_by_role("button", name=f"Save as {name}").click()
        assert saved.value.suggested_filename == f"quote.{suffix}"
        assert Path(saved.value.path()).read_bytes() == _citations()[place].encode()

    def test_the_menu_closes_at_escape_and_behind_whoever_goes_on(self, desk: Pane) -> None:
        desk.show(FERRY, _MARA)
        menu = desk.page.locator("#source details")
        menu.locator("summary").click()
        desk.page.get_by_role("button", name="Save as RIS").press("Escape")
        assert menu.get_attribute("open") is None
        menu.locator("summary").press("Enter")
        desk.page.locator("#source h2").click()
        assert menu.get_attribute("open") is None


def _citations() -> list[str]:
    return seen(source_html(FERRY, _MARA, (), _MIDDLE, 1)).attributes["data-citation"]


class TestBetter:
    @pytest.mark.parametrize("one", [CAFE, HOSTILE, FERRY], ids=lambda one: str(one.id))
    @pytest.mark.parametrize(("first", "last"), [(0, 9), (0, 400), (30, 80), (3, 300)])
    def test_words_are_placed_by_code_points(self, desk: Pane, one: Article, first: int, last: int) -> None:
        units = [len(one.text[:at].encode("utf-16-le")) // 2 for at in (first, last)]
        desk.show(one, quote(one, "the harbour"))
        assert not desk.better.is_visible()
        desk.select(*units)
        desk.better.click()
        [(name, sent)] = desk.sent()
        assert (name, sent["address"], sent["text"]) == ("better", "2.0", one.text[first:last].strip())
        assert one.text[sent["start"] : sent["end"]] == sent["text"]

    def test_white_space_between_paragraphs_is_left_out_at_the_ends(self, desk: Pane) -> None:
        end = FERRY.text.index("\n\n")
        desk.show(FERRY, _MARA)
        desk.select(end, end + 8)
        desk.better.click()
        assert desk.sent() == [["better", {"address": "2.0", "start": end + 2, "end": end + 8, "text": "On day"}]]
        desk.select(end, end + 2)
        assert not desk.better.is_visible()

    def test_a_paragraph_chosen_by_three_presses_is_that_paragraph(self, desk: Pane) -> None:
        desk.show(FERRY, _MARA)
        for paragraph in (desk.page.locator(".body p").first, desk.page.locator(".body p").last):
            paragraph.click(click_count=3, position={"x": 20, "y": 10})
            desk.better.click()
            [(_, sent)] = desk.sent()
            assert sent["text"] == paragraph.text_content().strip()
            assert FERRY.text[sent["start"] : sent["end"]] == sent["text"]

    def test_by_keyboard(self, desk: Pane) -> None:
        desk.show(FERRY, _MARA)
        desk.select(0, 4)
        for key in ("Tab", "Tab", "Tab"):
            desk.page.keyboard.press(key)
        assert desk.focused() == "better"
        desk.page.keyboard.press("Enter")
        assert desk.sent() == [["better", {"address": "2.0", "start": 0, "end": 4, "text": "On d"}]]

    def test_by_touch(self, phone: Pane) -> None:
        phone.show(CAFE, quote(CAFE, "240"))
        phone.select(0, 2)
        phone.better.tap()
        assert phone.sent() == [["better", {"address": "2.0", "start": 0, "end": 1, "text": "🥐"}]]

    def test_too_many_words_are_told(self, desk: Pane) -> None:
        desk.show(FERRY, _MARA)
        desk.select(0, LONGEST_WORDS + 1)
        assert desk.better.text_content() == "Select at most 2,000 characters"
        assert desk.better.is_disabled()
        desk.select(0, LONGEST_WORDS)
        assert desk.better.is_enabled()

    def test_what_is_selected_elsewhere_is_not_offered(self, desk: Pane) -> None:
        desk.show(FERRY, _MARA)
        for elsewhere in ("h2", "#talk", "body"):
            desk.select(0, 6)
            assert desk.better.is_visible()
            desk.page.evaluate(
                "name => document.getSelection().selectAllChildren(document.querySelector(name))", elsewhere
            )
            desk.better.wait_for(state="hidden")

    def test_the_article_stays_where_it_was(self, desk: Pane) -> None:
        desk.show(FERRY, _MARA)
        desk.select(0, 6)
        desk.page.evaluate("document.querySelector('#source').scrollTop = 0")
        desk.better.click()
        desk.show(FERRY, _MARA, position=replace(_MIDDLE, note="Kept."))
        assert desk.page.evaluate("document.querySelector('#source').scrollTop") == 0
        assert desk.focused() == "source-pane"


_HUGE = {
    "one line": "lorem ipsum dolor sit amet " * 185_000,
    "20,000 paragraphs": "\n\n".join(f"Paragraph {n}: {'the tide, the wind and the gulls on the pier, ' * 5}" for n in range(20_000)),
}  # fmt: skip


@pytest.mark.parametrize("name", _HUGE)
@pytest.mark.parametrize("part", [0.5, 0.98])
def test_an_article_of_5_mb_is_shown_at_its_quote(desk: Pane, name: str, part: float) -> None:
    text = _HUGE[name]
    at = int(len(text) * part)
    one = article("huge", "Huge", f"{text[:at]} THE QUOTE {text[at:]}")
    began = perf_counter()
    desk.show(one, quote(one, "THE QUOTE"))
    desk.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    took = perf_counter() - began
    assert is_in_view(desk.page, "#quoted")
    first = int(desk.page.locator(".body").get_attribute("data-first"))
    body = desk.page.evaluate("document.querySelector('.body').textContent")
    assert 0 < first < at
    assert body == one.text[first : first + len(body)]
    assert MOST_SHOWN - LINE_REACH <= len(body) <= MOST_SHOWN
    desk.select(at - 20 - first, at + 5 - first)
    desk.better.click()
    [(_, sent)] = desk.sent()
    assert one.text[sent["start"] : sent["end"]] == sent["text"] == one.text[at - 20 : at + 5].strip()
    assert took < 30  # about 3 on two idle cores


_AROUND = "".join(f"<p>On day {day} the harbour wrote down the tide and the number of gulls.</p>" for day in range(80))
_LONG = (
    "Emissions fell by 50%, said O'Dell & the “green” minister; " * 3
    + "and why the well-known figures changed she did not say"
)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (words, f"Here it is: {words} and so on.")
        for words in (
            "in June, we, and they", "the well-known -- twenty-one-year-old", "Marks & Spencer &amp; Sons #1 a/b?c=d",
            "“green” 'levy' «fin» \"q\"", "bakes 🥐 croissants 👩‍🍳 daily", "🥐🥐", "l’été à 𝒙", "船長は林です", "قبطان العبارة",
            "ten\u00a0thousand", "– 24 –", _LONG,
        )
    ]
    + [
        ("Osprey", "At last the Osprey’s captain came."), ("240", "They lost €240m in all."), ("200", "They lost 1,200 in all."),
        ("the end of it.\n\nThe next", "That was the end of it.\n\nThe next began."), ("Yes.\n\nNo one", "Yes.\n\nNo one said so."),
        # The same words stand in the page before.
        ("On day 7 the harbour", "On day 7 the harbour wrote nothing down."), ("the harbour", "Later, the harbour fell silent."),
        ("The number of gulls", "The number of gulls"),
    ],
)  # fmt: skip
def test_the_original_opens_at_the_words(browser: Any, words: str, text: str) -> None:
    before = re.sub("<[^>]+>", "\n\n", _AROUND)
    start = len(before) + text.index(words)
    one = article("original", "Original", f"{before}{text}{before}", url="http://original.example/")
    link = fragment_url(one.url, one.text, Span(start, start + len(words)))
    shown = "".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n"))
    page = f"<!doctype html><meta charset=utf-8>{_AROUND}<div id=there>{shown}</div>{_AROUND}"
    with opened(browser) as pane:
        pane.page.context.route(
            "http://original.example/", lambda route: route.fulfill(body=page, content_type="text/html; charset=utf-8")
        )
        pane.show(one, replace(quote(one, words, one.text[:start].count(words)), fragment_url=link))
        with pane.page.expect_popup() as opening:
            pane.page.get_by_role("link", name="Open original").click()
        original = opening.value
        original.wait_for_function("scrollY > 0")
        top = original.evaluate("document.getElementById('there').getBoundingClientRect().top")
        assert 0 <= top < original.evaluate("innerHeight")


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1024, "dark"), (390, "light"), (390, "dark")])
def test_axe_finds_nothing_above_minor(browser: Any, width: int, scheme: str) -> None:
    with opened(browser, viewport={"width": width, "height": 844}, color_scheme=scheme) as pane:
        pane.page.evaluate("scheme => document.body.classList.toggle('dark', scheme === 'dark')", scheme)
        pane.show(FERRY, replace(_MARA, page=3), quote(FERRY, "Gothenburg"), position=replace(_MIDDLE, note="Kept."))
        pane.select(0, 6)
        pane.page.locator("#source summary").click()
        found = axe_playwright.Axe().run(pane.page, "#source").response["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found if one["impact"] != "minor"] == []
        assert pane.page.evaluate("document.documentElement.scrollWidth") <= width
