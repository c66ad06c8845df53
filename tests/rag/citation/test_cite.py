import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Passage, Span
from corpus.offset_map import Edit, MappedText, OffsetRun, Origin
from corpus.sentences import sentences_around
from index.hit import Hit
from index.near_duplicates.sketches import SKETCHES
from rag.answer import Candidate, Context, Quote, Reading, Related, RetrievalScores, Scores
from rag.citation.cite import BrokenQuote, Citer
from tests.rag.conftest import FERRY, article


def put(library, one):
    with library.writing():
        library.put(one, [Span(0, len(one.text))])


def whole(one):
    return Hit(Passage(one.id, one.title, Span(0, len(one.text)), one.text), 0.75, dense=0.5, lexical=2.0)


def cited(library, hit, *spans):
    readings = tuple(Reading(hit.passage, span, 1.5, 0.25) for span in spans)
    return Citer(library, (hit,)).answers([Candidate(readings, 0.77729)])[0]


def test_a_quote_has_every_field_of_its_place(library):
    source = "\ufeff" + FERRY
    text = MappedText.of(source).edited([Edit(0, 1)])
    one = article("ferry", FERRY, url="https://example.com/ferry", published="2026-02-02", outlet="The Bell", authors=("Ann",),
                  origin=Origin(text.runs, (), is_text=True))  # fmt: skip
    put(library, one)
    answer = cited(library, whole(one), Span(10, 23))
    assert answer.text == "Saint Brannoc"
    assert answer.confidence == 0.7773  # that of the candidate, to four places
    assert answer.quotes == (
        Quote(
            article_id="ferry", title="On the ferry", source="ferry.txt", url="https://example.com/ferry", outlet="The Bell",
            authors=("Ann",), published="2026-02-02", page=None, start=10, end=23, text="Saint Brannoc", source_start=11,
            source_end=24, sha256="digest of ferry", fragment_url="https://example.com/ferry#:~:text=Saint%20Brannoc",
            context=Context(0, 46, "The ferry Saint Brannoc ran aground on Monday."),
            scores=Scores(dense=0.5, lexical=2.0, fused=0.75, span=1.5, null=0.25, margin=1.25),
        ),
    )  # fmt: skip


def test_an_answer_has_the_words_and_confidence_of_its_best_reading(library):
    one = article("ferry", FERRY)
    put(library, one)
    answer = cited(library, whole(one), Span(10, 23), Span(0, 9))
    assert answer.text == "Saint Brannoc"
    assert [quote.text for quote in answer.quotes] == ["Saint Brannoc", "The ferry"]


def test_of_a_sentence_without_end_the_context_is_what_stands_near(library):
    one = article("long", "lines " * 1000 + "QUOTE" + " lines" * 1000)
    put(library, one)
    (quote,) = cited(library, whole(one), Span(6000, 6005)).quotes
    assert (quote.text, quote.context.start, quote.context.end) == ("QUOTE", 4000, 8005)
    assert quote.context.text == one.text[4000:8005]


def test_a_quote_out_of_a_paged_source_has_a_page_and_no_source_offsets(library):
    one = article("ferry", FERRY, origin=Origin((OffsetRun(0, len(FERRY), 0, len(FERRY)),), (0, 30, 60)))
    put(library, one)
    first, second, third = cited(library, whole(one), Span(0, 9), Span(33, 46), Span(60, 66)).quotes
    assert [quote.page for quote in (first, second, third)] == [1, 2, 3]
    assert (first.source_start, first.source_end, first.url, first.fragment_url) == (None, None, None, None)


def test_words_without_a_source_have_no_source_offsets(library):
    one = article("ferry", FERRY, origin=Origin((OffsetRun(50, 60, 0, 10),), (), is_text=True))
    put(library, one)
    quote = cited(library, whole(one), Span(0, 9)).quotes[0]
    assert (quote.source_start, quote.source_end) == (None, None)


def test_related_passages_are_cited_with_their_place(library):
    one = article("ferry", FERRY)
    put(library, one)
    hit = Hit(Passage("ferry", one.title, Span(47, 72), FERRY[47:72]), 0.1, 0.2, 0.3)
    [related] = Citer(library, ()).related((hit,))
    assert isinstance(related, Related)
    assert (related.start, related.end, related.text) == (47, 72, "Nobody on board was hurt.")
    assert related.scores == RetrievalScores(dense=0.2, lexical=0.3, fused=0.1)


@pytest.mark.parametrize("text", [FERRY.replace("Saint", "Snait"), "x" + FERRY, FERRY[:15], FERRY[:22]])
def test_words_that_do_not_stand_in_the_article_are_not_sent(library, text):
    claimed, kept = article("ferry", FERRY), article("ferry", text)
    put(library, kept)
    with pytest.raises(
        BrokenQuote,
        match=r"^The words read at 10-23 of article ferry do not stand there, so nothing was sent; run `pullquote status`",
    ):
        cited(library, whole(claimed), Span(10, 23))
    with pytest.raises(BrokenQuote, match="0-108 of article ferry"):
        Citer(library, ()).related((whole(claimed),))


@pytest.mark.parametrize(("words", "expected"), [
    ("Nobody", "Nobody on board was hurt."), ("Nobody on board was hurt.", "Nobody on board was hurt."),
    ("Monday. Nobody", "The ferry Saint Brannoc ran aground on Monday. Nobody on board was hurt."), ("alarm", "The owner blames a silenced alarm."),
    ("hurt.\n\nThe owner", "Nobody on board was hurt.\n\nThe owner blames a silenced alarm."), (FERRY, FERRY),
    ("\n\n", "\n\n"),
])  # fmt: skip
def test_the_context_is_every_sentence_the_words_touch(words, expected):
    start = FERRY.index(words)
    assert sentences_around(FERRY, Span(start, start + len(words))).cut(FERRY) == expected


@given(st.data(), st.text(st.sampled_from("ab. \n?A"), min_size=1, max_size=60))
@settings(deadline=None)
def test_the_context_always_covers_the_words(data, text):
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    assert sentences_around(text, span).covers(span)


def story(library, **days):
    """Articles with the same words, of one story."""
    stories = {}
    for name, day in days.items():
        put(library, article(name, FERRY, published=day))
        stories[name] = "a"
    SKETCHES.prepare(library)
    with library.writing():
        for name in days:
            library.connection.execute(
                "INSERT OR REPLACE INTO sketch (article_id, size, story) VALUES (?, 0, 'a')", (name,)
            )
    return stories


@pytest.mark.parametrize(("read", "expected", "copied"), [
    ("abc", "c", [("b", True), ("a", True)]), ("ab", "b", [("c", False), ("a", True)]), ("a", "a", [("c", False), ("b", False)]),
    ("ba", "b", [("c", False), ("a", True)]),
])  # fmt: skip
def test_a_story_is_cited_in_the_earliest_article_in_which_the_words_were_read(library, read, expected, copied):
    stories = story(library, a=None, b="2026-02-03", c="2026-02-01")
    hits = [whole(article(name, FERRY)) for name in read]
    readings = tuple(Reading(one.passage, Span(10, 23), 2.0 - rank, 0.0) for rank, one in enumerate(hits))
    [answer] = Citer(library, hits, stories).answers([Candidate(readings, 0.8)])
    [quote] = answer.quotes
    assert (answer.confidence, quote.article_id, quote.text) == (0.8, expected, "Saint Brannoc")
    assert [
        (copy.article_id, copy.text == "Saint Brannoc" and (copy.start, copy.end) == (10, 23)) for copy in quote.copies
    ] == copied
    assert all(
        copy.start is copy.end is None for copy, (_, found) in zip(quote.copies, copied, strict=True) if not found
    )


def test_a_copy_whose_words_do_not_stand_there_is_not_sent(library):
    stories = story(library, a="2026-02-01", b="2026-02-03")
    hits = [whole(article("a", FERRY)), whole(article("b", "x" + FERRY))]
    readings = tuple(Reading(one.passage, Span(10, 23), 1.0, 0.0) for one in hits)
    with pytest.raises(BrokenQuote, match="10-23 of article b"):
        Citer(library, hits, stories).answers([Candidate(readings, 0.8)])
