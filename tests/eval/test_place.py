from corpus.article import Span
from eval.example import Example, Gold
from eval.place import occurrences, placed


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
