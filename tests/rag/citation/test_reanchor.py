"""Quoted words found again in an article that has changed: where they stand now, or rather nowhere than wrong."""

from dataclasses import replace
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article, Span
from corpus.library.store import Library
from corpus.sentences import sentences, sentences_around
from rag.answer import Context, Quote, Related, RetrievalScores, Scores, Words
from rag.citation.cite import BrokenQuote
from rag.citation.reanchor import Anchor, moved, reanchor
from tests.rag.conftest import article

TEXT = (
    "🥐 Zoë’s day began at 4.\n\nThe ferry carried 80 people from Merrin to the island on Monday. It was late. "
    "In all, 1,800 people live there. The mayor said 80 was a good number for a winter morning."
)


def quoted(text: str, words: str, occurrence: int = 0) -> Quote:
    start = -1
    for _ in range(occurrence + 1):
        start = text.index(words, start + 1)
    span = Span(start, start + len(words))
    around = sentences_around(text, span)
    return Quote(
        article_id="a", title="A", source="a.txt", url=None, outlet=None, authors=(), published=None, page=None,
        start=span.start, end=span.end, text=words, source_start=span.start, source_end=span.end, sha256="old",
        fragment_url=None, context=Context(around.start, around.end, around.cut(text)), scores=Scores(0, 0, 0, 0, 0, 0),
    )  # fmt: skip


def now(text: str) -> Article:
    return replace(article("a", text), sha256="new")


def found(text: str, words: str, changed: str, occurrence: int = 0) -> tuple[str, str | None]:
    """The status, and 12 characters from where the words were found."""
    result = reanchor(quoted(text, words, occurrence), now(changed))
    return result.status, result.span and changed[result.span.start : result.span.start + 12]


def test_the_same_bytes_have_the_words_at_their_place() -> None:
    quote = quoted(TEXT, "80 people")
    assert reanchor(quote, replace(now(TEXT), sha256="old")) == Anchor("there", Span(quote.start, quote.end))


def test_an_article_that_is_gone_is_told() -> None:
    assert reanchor(quoted(TEXT, "80 people"), None) == Anchor("gone")


def test_other_bytes_with_the_same_words_change_nothing() -> None:
    assert reanchor(quoted(TEXT, "80 people"), now(TEXT)).status == "there"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (f"Corrected 🥐 ne\u0301e.\n\n{TEXT}", ("moved", "80 people fro")),
        (TEXT.replace("It was late.", "It was early, and nobody minded that at all."), ("there", "80 people fro")),
        (TEXT.replace("on Monday", "on Tuesday"), ("there", "80 people fro")),
        (TEXT.replace("80 people", "90 people"), ("changed", None)),
        (TEXT.replace("The ferry carried 80 people from Merrin to the island on Monday.", "80 people came."),
         ("changed", None)),
        (f"{TEXT}\n\n{TEXT}", ("there", "80 people fro")),
        (f"New.\n\n{TEXT}\n\n{TEXT}", ("changed", None)),
        (f"New.\n\n{TEXT.replace('on Monday', 'on Tuesday')}", ("changed", None)),
        (TEXT.replace("carried 80", "never carried 80"), ("changed", None)),
        ("Nothing of it.", ("changed", None)),
    ],
)  # fmt: skip
def test_the_words_are_found_by_their_sentence(changed: str, expected: tuple[str, str | None]) -> None:
    expected = (expected[0], expected[1] and expected[1][:12])
    assert found(TEXT, "80 people", changed) == expected


def test_of_words_that_stand_twice_those_are_found_that_were_quoted() -> None:
    for occurrence, expected in ((0, "80 people fr"), (2, "80 was a goo")):
        assert found(TEXT, "80", f"Corrected.\n\n{TEXT}", occurrence) == ("moved", expected)


def test_a_number_is_not_found_inside_another() -> None:
    assert found("It cost 80 in all.", "80", "It cost 1,800 in all.") == ("changed", None)
    assert found("It cost 800 in all.", "800", "It cost 1800 in all.") == ("changed", None)
    assert found("It cost 800 in all.", "800", "It cost 1,800 in all.") == ("changed", None)
    assert found("It cost 800 in all.", "800", "It cost 800.5 in all.") == ("changed", None)


def test_a_sentence_that_differs_in_a_year_or_a_name_is_another() -> None:
    one, other = "The year of 2020 cost 80 million crowns.", "The year of 2021 cost 80 million crowns."
    text = f"{one} {other}"
    assert found(text, "80 million", text.replace("2021 cost 80", "2021 cost 85"), 1) == ("changed", None)
    assert found(text, "80 million", other, 1) == ("moved", "80 million c")
    assert found(text, "80 million", one, 1) == ("changed", None)
    assert found(text, "80 million", other, 0) == ("changed", None)
    one, other = "On Monday in Paris 80 people came to the show.", "On Friday in Paris 80 people came to the show."
    text = f"{one} {other}"
    assert found(text, "80 people", one, 1) == ("changed", None)
    assert found(text, "80 people", f"New. {other}", 0) == ("changed", None)


def test_a_sentence_that_goes_on_is_another() -> None:
    for text in ("Tickets sold on Monday: 80", "In all 80 people came to see it"):
        assert found(text, text[-2:], f"{text} thousand") == ("changed", None)
        assert found(text, text, f"{text} thousand") == ("changed", None)
        assert found(text, text, f"Not so. Never {text}.") == ("changed", None)


def test_long_words_are_found_in_a_sentence_that_was_edited() -> None:
    for changed in ("on Sunday", "Monday", "on a Monday"):
        text = f"Corrected.\n\n{TEXT.replace('on Monday', changed)}"
        assert found(TEXT, "80 people from Merrin", text) == ("moved", "80 people fr")
    assert found(TEXT, "80 people from Merrin", "Only 80 people from Merrin to the island.") == ("changed", None)


def test_a_short_sentence_of_its_own_stays_where_it_is() -> None:
    assert found(TEXT, "It was late.", TEXT.replace("Zoë", "Eve")) == ("there", "It was late.")
    assert found(TEXT, "It was late.", f"New. {TEXT}") == ("changed", None)


def test_a_line_of_wrapped_text_is_found(library: Library) -> None:
    line = "The ferry carried a good number of people from Merrin over to the other side\n"
    text = f"{line * 3}and then 80 of them stayed on the island for the whole of the long winter,\n{line * 40}which was all."
    assert found(text, "80 of them", f"Corrected.\n\n{text}") == ("moved", "80 of them s")
    long = text.replace("\n", " ") * 20
    with library.writing():
        library.put(now(f"New. {long}"), [Span(0, len(long))])
    there = moved(library, quoted(long, "80 of them"), Span(5 + long.index("80 of"), 15 + long.index("80 of")))
    assert there.context.text[there.start - there.context.start :].startswith("80 of them stayed")
    assert len(there.context.text) <= 4_010


def test_a_passage_is_found_where_it_stands_once() -> None:
    fields = {name: getattr(quoted(TEXT, "The ferry carried 80 people from Merrin to the island on Monday."), name)
              for name in Related.__dataclass_fields__ if name != "scores"}  # fmt: skip
    passage = Related(**fields, scores=RetrievalScores(0, 0, 0))
    assert reanchor(passage, now(f"New. {TEXT}")).span == Span(passage.start + 5, passage.end + 5)
    assert reanchor(passage, now(f"{TEXT} {TEXT}")).status == "there"
    assert reanchor(passage, now(f"New. {TEXT} {TEXT}")) == Anchor("changed")
    short = replace(passage, text="It was late.", start=TEXT.index("It was"), end=TEXT.index("It was") + 12)
    assert reanchor(short, now(f"New. {TEXT}")) == Anchor("changed")


def test_is_quick_in_the_longest_article() -> None:
    many = [
        "word 80 " * 600_000,
        "It was a day. " * 350_000,
        "80 lines of it.\n\n" * 300_000,
        "80" * 2_400_000 + "\n\n",
    ]
    for added in many:
        text = added + TEXT
        start = len(added) + TEXT.index("80 people")
        before = perf_counter()
        assert reanchor(quoted(TEXT, "80 people"), now(text)).span == Span(start, start + 9)
        assert reanchor(quoted(TEXT, "80 was"), now(text)).status == "moved"
        assert reanchor(quoted(TEXT, "80"), now(added)) == Anchor("changed")
        assert perf_counter() - before < 1


SENTENCES = sentences(TEXT)


@given(st.text(alphabet="abc 80🥐e\u0301.\n", max_size=60), st.sampled_from(SENTENCES), st.sampled_from(SENTENCES))
def test_what_is_added_between_sentences_moves_the_words_and_nothing_else(added: str, at: Span, held: Span) -> None:
    changed = f"{TEXT[: at.start]}\n\n{added}\n\n{TEXT[at.start :]}"
    words = held.cut(TEXT)
    quote = quoted(TEXT, words[2:-2])
    start = quote.start + (len(added) + 4 if at.start <= quote.start else 0)
    if at.start <= quote.start and len(words) < 20:  # "It was late." may stand anywhere
        assert reanchor(quote, now(changed)) == Anchor("changed")
    else:
        span = Span(start, start + len(quote.text))
        assert reanchor(quote, now(changed)) == Anchor("there" if start == quote.start else "moved", span)


@given(st.text(alphabet="ab 80.\n", max_size=40), st.integers(0, len(TEXT)), st.integers(0, 30))
def test_what_is_found_are_the_words(added: str, at: int, removed: int) -> None:
    changed = TEXT[:at] + added + TEXT[at + removed :]
    for words in ("80 people", "80", "Zoë’s day began", "The mayor said 80 was a good number for a winter morning."):
        quote = quoted(TEXT, words)
        result = reanchor(quote, now(changed or "-"))
        assert result.span is None or result.span.cut(changed) == words
        assert (result.status == "there") == (result.span == Span(quote.start, quote.end))


def test_a_moved_quote_has_all_of_its_new_place(library: Library) -> None:
    text = f"Corrected.\n\n{TEXT}"
    with library.writing():
        library.put(now(text), [Span(0, len(text))])
    quote = quoted(TEXT, "80 people")
    part = Words(quote.start + 3, quote.end, "people")
    quote = replace(quote, citations={"markdown": "at its old place"}, parts=(part,))
    there = moved(library, quote, Span(quote.start + 12, quote.end + 12))
    assert (there.start, there.end, there.text, there.sha256) == (quote.start + 12, quote.end + 12, "80 people", "new")
    assert there.context.text == quote.context.text
    assert (there.source_start, there.source_end, there.scores) == (quote.start + 12, quote.end + 12, quote.scores)
    assert there.citations == {}
    assert there.parts == (Words(part.start + 12, part.end + 12, "people"),)


def test_what_no_longer_stands_there_is_not_moved(library: Library) -> None:
    with library.writing():
        library.put(now(TEXT), [Span(0, len(TEXT))])
    with pytest.raises(BrokenQuote):
        moved(library, quoted(TEXT, "80 people"), Span(0, 9))
