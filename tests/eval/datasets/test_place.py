import pytest

from corpus.article import Article, Span
from eval.datasets.example import Example, Gold
from eval.datasets.place import occurrences, placed, source_names
from eval.temporary_library import articles_only


def spans(example, library):
    return [(gold.article, gold.span, gold.within) for gold in placed([example], library)[0].golds]


def test_every_occurrence_counts_and_white_space_is_white_space():
    text = "a b.  A\u00a0b a\n b (a b)"
    assert occurrences("a b", text) == [Span(0, 3), Span(10, 14), Span(16, 19)]
    assert occurrences("a b", text, Span(4, 15)) == [Span(10, 14)]
    assert occurrences("b (a", text) == [Span(13, 17)]
    assert occurrences("  ", text) == []


def test_a_gold_is_found_in_its_file_inside_its_context(library):
    example = Example("1", "?", (Gold("1703", "bell.txt", context="cast in  Saint Aubric in 1703."),))
    assert spans(example, library) == [("bell", Span(76, 80), Span(52, 81))]


def test_a_gold_without_context_is_wherever_its_words_are(library):
    example = Example("1", "?", (Gold("1912", "merrin.txt"),))
    assert [span for _, span, _ in spans(example, library)] == [Span(45, 49), Span(71, 75)]


def test_a_gold_whose_file_or_words_are_not_there_has_no_place(library):
    for gold in (
        Gold("1703", "none.txt"),
        Gold("1703", "ell.txt"),
        Gold("1704", "bell.txt"),
        Gold("1703", "bell.txt", context="gone 1703"),
    ):
        assert spans(Example("1", "?", (gold,)), library) == [(None, None, None)]


@pytest.mark.parametrize(
    ("stated", "context", "found"),
    [
        (Span(71, 75), "", [Span(71, 75)]),
        (Span(71, 75), "hurt in 1912.", [Span(71, 75)]),
        (Span(71, 75), "sank in 1912.", [Span(45, 49)]),  # other words stand around it there
        (Span(70, 74), "", [Span(45, 49), Span(71, 75)]),  # other words stand there
        (Span(9000, 9004), "", [Span(45, 49), Span(71, 75)]),
    ],
)
def test_a_gold_that_gives_its_place_is_there_alone_while_its_words_are(library, stated, context, found):
    for example in (
        Example("1", "?", (Gold("1912", "merrin.txt", stated, context=context),)),
        Example("1", "?", wrong=(Gold("1912", "merrin.txt", stated, context=context),)),
    ):
        (one,) = placed([example], library)
        assert [gold.span for gold in one.golds + one.wrong] == found
        assert all(gold.within.covers(gold.span) for gold in one.golds + one.wrong)


def test_a_place_without_the_words_is_no_place(library):
    assert spans(Example("1", "?", (Gold("1704", "bell.txt", Span(76, 80)),)), library) == [(None, None, None)]


def test_an_article_is_named_by_as_much_of_its_path_as_it_takes():
    sources = {
        "1": "/a/b/x.md",
        "2": "/a/c/x.md",
        "3": "C:\\a\\y.md",
        "4": "/a/s.jsonl#7",
        "5": "https://e.org/x.md/",
        "6": "x.md",
    }
    with articles_only(Article(name, "T", "Text.", source) for name, source in sources.items()) as library:
        assert source_names(library) == {
            "1": "b/x.md", "2": "c/x.md", "3": "y.md", "4": "s.jsonl#7", "5": "https://e.org/x.md/", "6": "x.md"
        }  # fmt: skip
