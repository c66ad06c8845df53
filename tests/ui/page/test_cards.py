"""The page's HTML: everything escaped, every mark exactly at its quote."""

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article, Span
from rag.answer import (
    Answer,
    Context,
    LibraryState,
    Quote,
    Related,
    Reply,
    RetrievalScores,
    Scores,
    SyndicatedCopy,
    Words,
)
from rag.citation.marked import body_html
from rag.citation.markup import escaped, web_address
from tests.ui.conftest import CAFE, FERRY, HOSTILE, article
from ui.page.cards import confidence_words, conversation_html
from ui.page.conversation import NOWHERE, Conversation, ConversationTurn, ExcerptAddress

_SCORES = Scores(dense=0.5, lexical=1.0, fused=0.6, span=2.0, null=1.0, margin=1.0)
HARMLESS = {
    "a", "article", "bdi", "blockquote", "br", "button", "cite", "code", "details", "div", "footer", "h1", "h2", "h3",
    "h4", "header", "li", "mark", "p", "q", "section", "small", "textarea", "span", "strong", "summary", "time", "ul",
}  # fmt: skip


class _Seen(HTMLParser):
    """Collects tags, attributes, and the text inside elements whose tag and class are `wanted`."""

    def __init__(self, wanted: tuple[str, str] = ("", "")) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: dict[str, list[str]] = {}
        self.text = ""
        self._wanted = wanted
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, []).append(value or "")
        if self._depth and tag == self._wanted[0]:
            self._depth += 1
        elif tag == self._wanted[0] and self._wanted[1] in ["", *(dict(attrs).get("class") or "").split()]:
            self._depth = 1

    def handle_endtag(self, tag: str) -> None:
        if self._depth and tag == self._wanted[0]:
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        if self._depth:
            self.text += data


def seen(html: str, tag: str = "", css_class: str = "") -> _Seen:
    parser = _Seen((tag, css_class))
    parser.feed(html)
    parser.close()
    return parser


def quote(article: Article, words: str, occurrence: int = 0) -> Quote:
    start = [match.start() for match in re.finditer(re.escape(words), article.text)][occurrence]
    end = start + len(words)
    around = Span(max(0, start - 12), min(len(article.text), end + 12))
    return Quote(
        article_id=article.id, title=article.title, source=article.source, url=article.url, outlet=article.outlet,
        authors=article.authors, published=article.published, page=None, start=start, end=end, text=words,
        source_start=start, source_end=end, sha256=article.sha256, fragment_url=None,
        context=Context(around.start, around.end, around.cut(article.text)), scores=_SCORES,
    )  # fmt: skip


def related(article: Article, words: str) -> Related:
    one = quote(article, words)
    fields = {name: getattr(one, name) for name in Related.__dataclass_fields__ if name != "scores"}
    return Related(**fields, scores=RetrievalScores(0.5, 1.0, 0.6))


def reply(*answers: Answer, passages: tuple[Related, ...] = ()) -> Reply:
    state = LibraryState(1, "encoder", "reader")
    reason = None if answers else "weak_evidence"
    return Reply("Q?", not answers, reason, answers, passages, {}, state)


@given(st.text())
def test_any_text_is_shown_as_it_is(text: str) -> None:
    expected = re.sub("[\x00\ud800-\udfff]", "\ufffd", text)
    assert unescape(escaped(text)) == expected
    assert not set(escaped(text)) & set("<>\"'")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/?x=1&y=2", "https://a.example/?x=1&amp;y=2"),
        ("HTTP://a.example", "HTTP://a.example"),
        ('https://a.example/"onclick=', "https://a.example/&quot;onclick="),
        ("javascript:alert(1)", None),
        (" https://a.example", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        (None, None),
    ],
)
def test_only_web_addresses_become_links(url: str | None, expected: str | None) -> None:
    assert web_address(url) == expected


class TestBody:
    TEXT = "  One 🥐 ne\u0301e.\n\nTwo <b>\nthree $x$ *y*.\n \n\nFour & five."

    def test_its_text_is_the_article_s_text(self) -> None:
        html = body_html(self.TEXT, Span(6, 8), [])
        assert "".join(re.split(r"<[^>]+>", html)) == escaped(self.TEXT)
        assert html.count("<p ") == 3

    def test_the_mark_is_the_quote(self) -> None:
        html = body_html(self.TEXT, Span(6, 7), [])
        assert '<mark id="quoted" class="current">🥐</mark>' in html

    def test_a_quote_across_paragraphs_is_marked_in_each(self) -> None:
        start, end = self.TEXT.index("ne\u0301e"), self.TEXT.index("three")
        html = body_html(self.TEXT, Span(start, end), [])
        assert seen(html, "mark", "current").text == self.TEXT[start:end]
        assert html.count('id="quoted"') == 1
        assert re.sub("<p[^>]*>|</p>|<mark[^>]*>|</mark>|<span[^>]*>|</span>", "", html) == escaped(self.TEXT)

    def test_other_quotes_are_fainter_and_never_hide_the_current_one(self) -> None:
        html = body_html("One two three four.", Span(4, 7), [Span(0, 13), Span(4, 7)])
        assert html == (
            '<p dir="auto"><mark class="other">One </mark><mark id="quoted" class="current">two</mark>'
            '<mark class="other"> three</mark> four.</p>'
        )

    def test_a_span_past_the_end_is_refused(self) -> None:
        with pytest.raises(ValueError, match="runs past the end"):
            body_html("One.", Span(1, 9), [])

    def test_mere_line_wrapping_is_told_from_lines(self) -> None:
        line = "A line of text that was wrapped by hand at about seventy characters wide"
        assert ' class="wrapped"' in body_html(f"{line}\n{line}\nand the end.", Span(0, 1), [])
        assert ' class="wrapped"' not in body_html("Bread\nButter\nJam", Span(0, 1), [])

    @given(st.text(min_size=1).filter(str.strip), st.data())
    def test_holds_for_any_text(self, text: str, data: st.DataObject) -> None:
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start + 1, len(text)))
        other = data.draw(st.integers(0, len(text) - 1))
        html = body_html(text, Span(start, end), [Span(other, len(text))])
        marked = "".join(re.findall(r'<mark (?:id="quoted" )?class="current">(.*?)</mark>', html, re.DOTALL))
        assert re.sub(r"<[^>]+>", "", marked) == escaped(text[start:end])
        assert re.sub(r"<[^>]+>", "", html) == escaped(text)


def turn_html(made: Reply, number: int = 1, **fields: object) -> str:
    """The HTML of a conversation of one turn that has this reply."""
    turn = ConversationTurn(number, "Q?", made, **fields)  # type: ignore[arg-type]
    return conversation_html(Conversation((turn,), number))


class TestCards:
    def test_what_was_judged_before_is_told(self) -> None:
        both = (
            Answer("240", 0.9, (quote(CAFE, "240"),), "right"),
            Answer("dawn", 0.8, (quote(CAFE, "morning"),), "wrong"),
        )
        html = turn_html(reply(*both))
        assert (seen(html, "span", "right").text, seen(html, "span", "wrong").text) == ("Judged right", "Judged wrong")
        assert seen(html, "span", "confidence").text.startswith("very likely · 90")
        given = turn_html(reply(replace(both[0], judged="given", confidence=1.0)))
        assert seen(given, "span", "given").text == "Given by a person"
        assert "very likely" not in given

    def test_what_was_judged_is_no_disagreement(self) -> None:
        one = article("one", "Osprey grows", "The ship carried 300 cars to the island.")
        two = article("two", "Osprey sails", "The ship carried 120 cars to the island.")
        first, second = (
            Answer("300 cars", 0.8, (quote(one, "300 cars"),)),
            Answer("120 cars", 0.6, (quote(two, "120 cars"),)),
        )
        assert "Sources disagree" in turn_html(reply(first, second))
        for answers in (replace(first, judged="given"), second), (first, replace(second, judged="wrong")):
            html = turn_html(reply(*answers))
            assert "Sources disagree" not in html
            assert re.findall(r'data-excerpt="([^"]+)"', html) == ["1.0", "1.1"]

    def test_the_quote_stands_marked_in_its_sentence(self) -> None:
        html = turn_html(reply(Answer("240", 0.82, (quote(CAFE, "240 croissants"),))), 3, languages={"cafe": "en"})
        assert seen(html, "mark").text == "240 croissants"
        assert "é Zoë bakes <mark>240 croissants</mark> every morni" in html
        assert "likely · 82\N{NO-BREAK SPACE}%" in html
        assert 'data-excerpt="3.0"' in html
        assert ' lang="en"' in html

    def test_the_items_of_a_list_are_marked_one_by_one(self) -> None:
        listed = quote(CAFE, "240 croissants")
        parts = (Words(listed.start, listed.start + 3, "240"), Words(listed.start + 4, listed.end, "croissants"))
        html = turn_html(reply(Answer("240 croissants", 0.82, (replace(listed, parts=parts),))), 3)
        assert "é Zoë bakes <mark>240</mark> <mark>croissants</mark> every morni" in html

    def test_the_copies_of_a_quote_s_story_are_named_and_escaped(self) -> None:
        copies = (
            SyndicatedCopy("a", "A", "a.txt", None, "The <b>Bell</b>", "2026-02-02"),
            *(SyndicatedCopy(str(number), f"Title {number}", "", None, None, None) for number in range(6)),
        )
        answer = Answer("240", 0.82, (replace(quote(CAFE, "240 croissants"), copies=copies),))
        html = turn_html(reply(answer), 3)
        assert seen(html, "p", "copies").text == (
            "Also in: The <b>Bell</b> (2026-02-02), Title 0, Title 1, Title 2, Title 3, 2 more"
        )
        assert 'class="copies"' not in turn_html(reply(Answer("240", 0.82, (quote(CAFE, "240"),))), 3)

    def test_a_long_sentence_is_shortened_around_the_quote(self) -> None:
        long = replace(CAFE, text="word " * 300 + "THE QUOTE " + "word " * 300)
        one = replace(quote(long, "THE QUOTE"), context=Context(0, len(long.text), long.text))
        html = turn_html(reply(Answer("THE QUOTE", 0.9, (one,))))
        shown = seen(html, "span", "words").text
        assert shown.startswith("… word word")
        assert "word …" in shown
        assert len(shown) < 900
        assert seen(html, "mark").text == "THE QUOTE"

    def test_every_quote_has_its_own_address(self) -> None:
        first = Answer("a", 0.9, (quote(FERRY, "Mara Lindqvist"), quote(FERRY, "the tide", 3)))
        second = Answer("b", 0.6, (quote(CAFE, "240"),))
        made = reply(first, second, Answer("c", 0.5, (quote(CAFE, "opens"),)))
        html = turn_html(made, 2)
        assert re.findall(r'data-excerpt="([^"]+)"', html) == ["2.0", "2.1", "2.2", "2.3"]
        assert html.index("Also said here") < html.index('"2.1"')
        assert "<details" in html
        assert "Other possible answers (2)" in html
        assert html.index("<details") < html.index('"2.2"')
        assert Conversation((ConversationTurn(2, "Q?", made),)).find(ExcerptAddress(2, 2)) == second.quotes[0]

    def test_articles_that_say_the_same_are_counted(self) -> None:
        both = Answer("240", 0.9, (quote(CAFE, "240"), quote(FERRY, "Mara Lindqvist")))
        assert '<span class="agree">2 articles say so</span>' in turn_html(reply(both))
        assert "say so" not in turn_html(reply(Answer("240", 0.9, (quote(CAFE, "240"),))))

    def test_sources_that_disagree_stand_side_by_side_the_earliest_first(self) -> None:
        later = article("later", "Osprey grows", "The ship carried 300 cars to the island.", published="2026-05-01")
        before = article("before", "Osprey sails", "The ship carried 120 cars to the island.", published="2025-05-01")
        made = reply(
            Answer("300 cars", 0.8, (quote(later, "300 cars"),)), Answer("a ship", 0.7, (quote(later, "The ship"),)),
            Answer("120 cars", 0.6, (quote(before, "120 cars"),)),
        )  # fmt: skip
        html = turn_html(made)
        assert "Sources disagree: <bdi>300 cars</bdi> / <bdi>120 cars</bdi>" in html
        assert re.findall(r'data-excerpt="([^"]+)"', html) == ["1.2", "1.0", "1.1"]
        assert '<p class="dated"><bdi>2025-05-01</bdi></p>' in html
        assert "Other possible answers (1)" in html

    def test_what_disputes_an_answer_without_being_believed_stands_beside_it(self) -> None:
        first, other = Answer("240", 0.8, (quote(CAFE, "240"),)), Answer("Mara", 0.3, (quote(FERRY, "Mara"),))
        html = turn_html(replace(reply(first), disputed=(other,)))
        assert "Sources disagree: <bdi>240 croissants</bdi> / <bdi>Mara</bdi>" in html
        assert re.findall(r'data-excerpt="([^"]+)"', html) == ["1.1", "1.0"]

    def test_an_abstention_says_why_and_offers_passages_as_no_answer(self) -> None:
        made = reply(passages=(related(FERRY, "She came from Gothenburg."),))
        html = turn_html(made, instead=("Who runs <b>it</b>?",))
        assert "<h3>The library does not say.</h3>" in html
        assert "Nothing in it answers the question clearly enough." in html
        assert "not an answer" in html
        assert 'class="passage-button" data-excerpt="1.0"' in html
        assert 'class="example" dir="auto">Who runs &lt;b&gt;it&lt;/b&gt;?</button>' in html
        assert f'data-verdict="nothing" data-place="{NOWHERE}"' in html
        assert "<mark" not in html
        assert 'class="card answer"' not in html

    def test_which_articles_were_asked_stands_above_the_answer(self) -> None:
        only = ("since 2025-03", "<b>Outlet</b> or Other")
        line = "Only: <bdi>since 2025-03</bdi>, <bdi>&lt;b&gt;Outlet&lt;/b&gt; or Other</bdi> · newest first"
        pending = ConversationTurn(1, "Q?", only=only, newest_first=True, progress="Searching")
        for turn in (pending, replace(pending, reply=reply())):
            html = conversation_html(Conversation((turn,)))
            assert f'<p class="only">{line}</p>' in html
            assert html.index("Q?") < html.index(line) < (html + "<article").index("<article")
        assert '<p class="only">Newest first</p>' in turn_html(reply(), newest_first=True)
        assert 'class="only"' not in turn_html(reply())

    def test_where_nothing_passes_the_filter_is_named_as_the_reason(self) -> None:
        html = turn_html(replace(reply(), reason="nothing_passes"))
        assert "<h3>No article passes the filter.</h3>" in html
        assert "“Only some of the articles”. Choose less there, or clear it." in html
        assert "does not say" not in html

    def test_a_question_that_was_repaired_says_so(self) -> None:
        html = turn_html(replace(reply(), read_as="Who <b>left</b>?"))
        assert 'Read as <q dir="auto">Who &lt;b&gt;left&lt;/b&gt;?</q>' in html
        assert "Read as" not in turn_html(reply())

    def test_a_question_that_was_carried_over_can_be_changed_or_taken_as_typed(self) -> None:
        html = turn_html(replace(reply(), asked_as='Who is "Mara"?'))
        assert 'Asked as <q dir="auto">Who is &#34;Mara&#34;?</q>' in html
        assert seen(html).attributes["data-question"] == ["Q?", 'Who is "Mara"?', "Q?"]
        assert "Asked as" not in turn_html(reply())

    def test_while_it_is_asked_a_turn_says_how_far_it_is(self) -> None:
        html = conversation_html(Conversation((ConversationTurn(1, "Q?", progress="Reading 3 passages"),), 1))
        assert '<p class="pending" role="status">Reading 3 passages …</p>' in html
        assert 'class="edit"' not in html
        assert "data-latest" in html

    def test_what_was_judged_is_shown_as_pressed(self) -> None:
        made = reply(Answer("240", 0.82, (quote(CAFE, "240"),)))
        html = turn_html(made, judged={0: "wrong"})
        assert 'data-verdict="wrong" data-place="0" aria-pressed="true"' in html
        assert 'data-verdict="right" data-place="0" aria-pressed="false"' in html
        assert "select them in the article" in html
        assert 'aria-pressed="true"' not in turn_html(made)

    def test_a_quote_whose_article_changed_says_so(self) -> None:
        made = reply(Answer("240", 0.82, (quote(CAFE, "240"),)))
        assert '<p class="standing changed">The article has changed since;' in turn_html(made, standings={0: "changed"})
        assert '<p class="standing gone">' in turn_html(made, standings={0: "gone"})
        assert 'class="standing' not in turn_html(made)

    @pytest.mark.parametrize(
        ("confidence", "words"),
        [(1.0, "very likely · 99"), (0.7, "likely · 70"), (0.5, "more likely than not · 50"), (0.004, "uncertain · 0")],
    )
    def test_confidence_is_never_certainty(self, confidence: float, words: str) -> None:
        assert confidence_words(confidence) == f"{words}\N{NO-BREAK SPACE}%"

    def test_confidence_is_explained_to_whoever_comes_to_it(self) -> None:
        html = turn_html(reply(Answer("240", 0.82, (quote(CAFE, "240"),))))
        assert 'tabindex="0" aria-describedby="sure-1-0"' in html
        assert "about 82 were right" in seen(html, "span", "tip").text

    def test_hostile_question_title_and_words_are_only_text(self) -> None:
        answer = Answer("x", 0.9, (quote(HOSTILE, "</mark></p> <img src=x onerror=window.hacked=1> \u202eevil"),))
        question = '<img src=x onerror="window.hacked=1"> $a$ *b* \ud800'
        turn = ConversationTurn(1, question, reply(answer), languages={"hostile": '"><script>'})
        html = conversation_html(Conversation((turn,), 1))
        page = seen(html, "mark")
        assert page.text == "</mark></p> <img src=x onerror=window.hacked=1> \u202eevil"
        assert page.tags <= HARMLESS
        assert not [name for name in page.attributes if name.startswith("on")]
        assert "$a$ *b* \ufffd" in html
