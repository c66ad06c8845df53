"""Quoted words found again in an article that has changed: where they stand now, or rather nowhere than wrong."""

from dataclasses import replace
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article, Span
from corpus.sentences import sentences_around
from corpus.store import Library
from rag.again import Found, again, moved
from rag.answer import Context, Quote, Related, RetrievalScores, Scores
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
    """The standing, and 12 characters from where the words were found."""
    result = again(quoted(text, words, occurrence), now(changed))
    return result.standing, result.span and changed[result.span.start : result.span.start + 12]


def test_the_same_bytes_have_the_words_at_their_place() -> None:
    quote = quoted(TEXT, "80 people")
    assert again(quote, replace(now(TEXT), sha256="old")) == Found("there", Span(quote.start, quote.end))


def test_an_article_that_is_gone_is_told() -> None:
    assert again(quoted(TEXT, "80 people"), None) == Found("gone")


def test_other_bytes_with_the_same_words_change_nothing() -> None:
    assert again(quoted(TEXT, "80 people"), now(TEXT)).standing == "there"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (f"Corrected 🥐 ne\u0301e.\n\n{TEXT}", ("moved", "80 people fro")),
        (TEXT.replace("It was late.", "It was early, and nobody minded that at all."), ("there", "80 people fro")),
        (TEXT.replace("on Monday", "on Tuesday"), ("there", "80 people fro")),
        (TEXT.replace("80 people", "90 people"), ("changed", None)),
        (TEXT.replace("The ferry carried 80 people from Merrin to the island on Monday.", "80 people came."),
         ("changed", None)),
        (f"{TEXT}\n\n{TEXT}", ("changed", None)),
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


def test_a_passage_is_found_where_it_stands_once() -> None:
    fields = {name: getattr(quoted(TEXT, "The ferry carried 80 people from Merrin to the island on Monday."), name)
              for name in Related.__dataclass_fields__ if name != "scores"}  # fmt: skip
    passage = Related(**fields, scores=RetrievalScores(0, 0, 0))
    assert again(passage, now(f"New. {TEXT}")).span == Span(passage.start + 5, passage.end + 5)
    assert again(passage, now(f"{TEXT} {TEXT}")) == Found("changed")
    short = replace(passage, text="It was late.", start=TEXT.index("It was"), end=TEXT.index("It was") + 12)
    assert again(short, now(f"New. {TEXT}")) == Found("changed")


def test_is_quick_in_the_longest_article() -> None:
    text = "word 80 " * 600_000 + TEXT
    before = perf_counter()
    assert again(quoted(TEXT, "80 people"), now(text)).standing == "moved"
    assert again(quoted(TEXT, "80"), now(text)) == Found("changed")
    assert perf_counter() - before < 2


@given(st.text(alphabet="abc 80🥐.\n", max_size=60))
def test_what_is_added_before_moves_the_words_and_nothing_else(added: str) -> None:
    changed = f"{added}\n\n{TEXT}"
    result = again(quoted(TEXT, "80 people from Merrin"), now(changed))
    assert result.span is not None
    assert result.span.cut(changed) == "80 people from Merrin"
    assert result.span.start == TEXT.index("80 people") + len(added) + 2


def test_a_moved_quote_has_all_of_its_new_place(library: Library) -> None:
    text = f"Corrected.\n\n{TEXT}"
    with library.writing():
        library.put(now(text), [Span(0, len(text))])
    quote = quoted(TEXT, "80 people")
    there = moved(library, quote, Span(quote.start + 12, quote.end + 12))
    assert (there.start, there.end, there.text, there.sha256) == (quote.start + 12, quote.end + 12, "80 people", "new")
    assert there.context.text == quote.context.text
    assert there.scores == quote.scores
