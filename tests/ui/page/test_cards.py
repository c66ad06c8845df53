"""The page's HTML: everything escaped, every mark exactly at its quote."""

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article, Span
from rag.answer import Answer, Context, Copy, LibraryState, Quote, Related, Reply, RetrievalScores, Scores
from rag.marked import body_html
from rag.markup import escaped, web_address
from tests.ui.conftest import CAFE, FERRY, HOSTILE
from ui.page.cards import confidence_words, conversation_html, reply_html
from ui.page.conversation import Address, asked, find, settled
from ui.page.source import citation_line, source_html

_SCORES = Scores(dense=0.5, lexical=1.0, fused=0.6, span=2.0, null=1.0, margin=1.0)
_HARMLESS = {
    "a", "article", "bdi", "blockquote", "br", "button", "cite", "code", "details", "div", "footer", "h1", "h2", "h3",
    "h4", "header", "li", "mark", "p", "section", "span", "strong", "summary", "ul",
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


class TestSource:
    def test_shows_byline_link_and_place(self) -> None:
        one = replace(
            quote(FERRY, "Mara Lindqvist"), page=3, fragment_url="https://gazette.example/osprey#:~:text=Mara"
        )
        html = source_html(FERRY, one, [], 7)
        assert '<h2 dir="auto">The Osprey has a new captain</h2>' in html
        assert "By <bdi>Ann O&#x27;Dell</bdi>, <bdi>Bo &lt;b&gt;Bold&lt;/b&gt;</bdi>" in html
        assert "<bdi>The Gazette</bdi> · <bdi>2026-02-03</bdi>" in html
        assert "<span>Page 3</span>" in html
        assert 'href="https://gazette.example/osprey#:~:text=Mara"' in html
        assert f"characters {one.start:,}–{one.end:,} of {len(FERRY.text):,}" in html
        assert 'data-shown="7"' in html
        assert 'lang="en"' in html

    def test_a_quote_is_taken_away_with_its_source(self) -> None:
        taken = "“Mara Lindqvist” (Ann O'Dell, Bo <b>Bold</b>, The Osprey has a new captain, The Gazette, 2026-02-03, page 3, "
        one = replace(quote(FERRY, "Mara Lindqvist"), page=3)
        assert citation_line(one) == f"{taken}https://gazette.example/osprey?a=1&b=2#top)"
        assert seen(source_html(FERRY, one, [], 1)).attributes["data-citation"] == [citation_line(one)]
        assert citation_line(quote(CAFE, "240")) == "“240” (Croissants 🥐 before dawn)"
        assert "javascript" not in citation_line(quote(HOSTILE, "tick"))

    def test_a_passage_that_is_not_an_answer_says_so(self) -> None:
        html = source_html(FERRY, related(FERRY, "She came from Gothenburg."), [quote(FERRY, "Mara Lindqvist")], 1)
        assert "not an answer" in html
        assert seen(html, "mark", "near").text == "She came from Gothenburg."
        assert seen(html, "mark", "other").text == "Mara Lindqvist"
        assert 'class="current"' not in html
        assert "data-citation" not in html

    def test_hostile_article_is_only_text(self) -> None:
        words = "<script>window.hacked=1</script> in the tower. There are $x^2$ and *bold* {{constructor}}"
        html = source_html(HOSTILE, quote(HOSTILE, words), [], 1)
        page = seen(html, "mark", "current")
        assert page.text == words
        assert page.tags <= _HARMLESS
        assert not [name for name in page.attributes if name.startswith("on")]
        assert "href" not in page.attributes
        assert page.attributes["lang"] == ['en" onclick="window.hacked=1']

    def test_quotes_of_an_older_text_are_left_out(self) -> None:
        old = replace(quote(FERRY, "She came"), sha256="another")
        assert 'class="other"' not in source_html(FERRY, quote(FERRY, "Mara Lindqvist"), [old], 1)


class TestCards:
    def test_the_quote_stands_marked_in_its_sentence(self) -> None:
        html = reply_html(reply(Answer("240", 0.82, (quote(CAFE, "240 croissants"),))), 3, {"cafe": "en"})
        assert seen(html, "mark").text == "240 croissants"
        assert "é Zoë bakes <mark>240 croissants</mark> every morni" in html
        assert "likely · 82\N{NO-BREAK SPACE}%" in html
        assert 'data-excerpt="3.0"' in html
        assert ' lang="en"' in html

    def test_the_copies_of_a_quote_s_story_are_named_and_escaped(self) -> None:
        copies = (
            Copy("a", "A", "a.txt", None, "The <b>Bell</b>", "2026-02-02"),
            *(Copy(str(number), f"Title {number}", "", None, None, None) for number in range(6)),
        )
        answer = Answer("240", 0.82, (replace(quote(CAFE, "240 croissants"), copies=copies),))
        html = reply_html(reply(answer), 3, {})
        assert seen(html, "p", "copies").text == (
            "Also in: The <b>Bell</b> (2026-02-02), Title 0, Title 1, Title 2, Title 3, 2 more"
        )
        assert 'class="copies"' not in reply_html(reply(Answer("240", 0.82, (quote(CAFE, "240"),))), 3, {})

    def test_a_long_sentence_is_shortened_around_the_quote(self) -> None:
        long = replace(CAFE, text="word " * 300 + "THE QUOTE " + "word " * 300)
        one = replace(quote(long, "THE QUOTE"), context=Context(0, len(long.text), long.text))
        html = reply_html(reply(Answer("THE QUOTE", 0.9, (one,))), 1, {})
        shown = seen(html, "span", "words").text
        assert shown.startswith("… word word")
        assert shown.endswith("word …")
        assert len(shown) < 800
        assert seen(html, "mark").text == "THE QUOTE"

    def test_every_quote_has_its_own_address(self) -> None:
        first = Answer("a", 0.9, (quote(FERRY, "Mara Lindqvist"), quote(FERRY, "the tide", 3)))
        second = Answer("b", 0.6, (quote(CAFE, "240"),))
        made = reply(first, second, Answer("c", 0.5, (quote(CAFE, "opens"),)))
        html = reply_html(made, 2, {})
        assert re.findall(r'data-excerpt="([^"]+)"', html) == ["2.0", "2.1", "2.2", "2.3"]
        assert html.index("Also said here") < html.index('"2.1"')
        assert "<details" in html
        assert "Other possible answers (2)" in html
        assert html.index("<details") < html.index('"2.2"')
        conversation = settled(asked((), "Q?"), made)
        conversation = (replace(conversation[0], number=2),)
        assert find(conversation, Address(2, 2)) == second.quotes[0]

    def test_an_abstention_says_why_and_offers_passages_as_no_answer(self) -> None:
        html = reply_html(reply(passages=(related(FERRY, "She came from Gothenburg."),)), 1, {})
        assert "<h3>The library does not say.</h3>" in html
        assert "Nothing in it answers the question clearly enough." in html
        assert "not an answer" in html
        assert 'class="passage-button" data-excerpt="1.0"' in html
        assert "<mark" not in html
        assert 'class="card answer"' not in html

    def test_which_articles_were_asked_stands_above_the_answer(self) -> None:
        turns = asked((), "Q?", ("since 2025-03", "<b>Outlet</b> or Other"), newest_first=True)
        line = "Only: <bdi>since 2025-03</bdi>, <bdi>&lt;b&gt;Outlet&lt;/b&gt; or Other</bdi> · newest first"
        for html in (conversation_html(turns), conversation_html(settled(turns, reply()))):
            assert f'<p class="only">{line}</p>' in html
            assert html.index("Q?") < html.index(line) < (html + "<article").index("<article")
        assert '<p class="only">Newest first</p>' in conversation_html(asked((), "Q?", newest_first=True))
        assert 'class="only"' not in conversation_html(settled(asked((), "Q?"), reply()))

    def test_where_nothing_passes_the_filter_is_named_as_the_reason(self) -> None:
        html = reply_html(replace(reply(), reason="nothing_passes"), 1, {})
        assert "<h3>No article passes the filter.</h3>" in html
        assert "“Only some of the articles”. Choose less there, or clear it." in html
        assert "does not say" not in html

    def test_a_question_that_was_repaired_says_so(self) -> None:
        html = conversation_html(settled(asked((), "Q?"), replace(reply(), read_as="Who <b>left</b>?")))
        assert 'Read as <q dir="auto">Who &lt;b&gt;left&lt;/b&gt;?</q>' in html
        assert "Read as" not in conversation_html(settled(asked((), "Q?"), reply()))

    @pytest.mark.parametrize(
        ("confidence", "words"),
        [(1.0, "very likely · 99"), (0.7, "likely · 70"), (0.5, "more likely than not · 50"), (0.004, "uncertain · 0")],
    )
    def test_confidence_is_never_certainty(self, confidence: float, words: str) -> None:
        assert confidence_words(confidence) == f"{words}\N{NO-BREAK SPACE}%"

    def test_hostile_question_title_and_words_are_only_text(self) -> None:
        answer = Answer("x", 0.9, (quote(HOSTILE, "</mark></p> <img src=x onerror=window.hacked=1> \u202eevil"),))
        question = '<img src=x onerror="window.hacked=1"> $a$ *b* \ud800'
        html = conversation_html(settled(asked((), question), reply(answer), languages={"hostile": '"><script>'}))
        page = seen(html, "mark")
        assert page.text == "</mark></p> <img src=x onerror=window.hacked=1> \u202eevil"
        assert page.tags <= _HARMLESS
        assert not [name for name in page.attributes if name.startswith("on")]
        assert "$a$ *b* \ufffd" in html
