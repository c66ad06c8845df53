import re
import time
import tracemalloc
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import chunk as chunk_module
from corpus.article import Article
from corpus.chunk import LONGEST_PASSAGE, Chunking, UnfitText, chunk, spans
from corpus.deadline import WorkDeadline, WorkEnded, within
from corpus.sentences import sentences
from corpus.tables import in_table


def words(texts):
    """Counts words: what white space parts."""
    return [len(text.split()) for text in texts]


def word_pieces(texts):
    """Counts as BERT's tokenizer splits before it looks words up; soft hyphens and marks count nothing."""
    return [len(re.findall(r"[^\W\d_]{1,4}|\d|[^\w\s\u00ad\u0301]", text)) for text in texts]


def chunked(text, size, overlap=0, count_tokens=words):
    return chunk(Article("a", "Title", text, "a.txt"), Chunking(size, overlap), count_tokens)


def texts_of(text, size, overlap=0):
    return [passage.text for passage in chunked(text, size, overlap)]


scraps = ["One two three. ", "Who? ", "x" * 90, "é" * 30, "e\u0301 ", "🦀🦀 ", "a\u00a0b ", "so\u00adft ", "\u00ad\n", "שלום עולם. ", "。",
          "沈んだ。", "\n", "\n\n", "\n" * 50, " " * 30, "\t", "U.S. ", "3.14 ", "- item\n", "word " * 40, "!", "\u200d", "a line of the length hard-wrapped text has in it, \n"]  # fmt: skip
hostile = (st.lists(st.sampled_from(scraps), max_size=25).map("".join) | st.text(max_size=80)).filter(
    lambda text: text.strip() and "\0" not in text
)


@st.composite
def chunkings(draw):
    size = draw(st.integers(1, 30))
    return size, draw(st.integers(0, size - 1))


@pytest.mark.parametrize("count_tokens", [words, word_pieces])
@given(hostile, chunkings())
@settings(max_examples=250, deadline=None)
def test_passages_cut_true_in_order_and_leave_nothing_out(count_tokens, text, sizes):
    passages = chunked(text, *sizes, count_tokens)
    covered = [False] * len(text)
    for passage in passages:
        assert passage.span.cut(text) == passage.text
        assert passage.text == passage.text.strip()
        covered[passage.span.start : passage.span.end] = [True] * len(passage.text)
    assert all(inside or letter.isspace() for inside, letter in zip(covered, text, strict=True))
    spans = [passage.span for passage in passages]
    assert spans == sorted(spans)
    assert [span.end for span in spans] == sorted({span.end for span in spans})
    assert len({passage.id for passage in passages}) == len(passages)
    assert {(passage.article_id, passage.title) for passage in passages} == {("a", "Title")}


@pytest.mark.parametrize("count_tokens", [words, word_pieces])
@given(hostile, chunkings())
@settings(max_examples=250, deadline=None)
def test_no_passage_is_longer_than_the_size(count_tokens, text, sizes):
    # Holds for a counter that gives a whole at most what it gives its parts, and one character at most one token.
    for passage in chunked(text, *sizes, count_tokens):
        assert count_tokens([passage.text])[0] <= sizes[0] * (4 if in_table(text, passage.span) else 1)


def test_a_row_is_cut_only_where_it_is_four_times_the_size():
    rows = [f"Merrin {number} | {'word ' * 40}| end" for number in range(3)]
    text = "Fares of the summer\n" + "\n".join(rows)
    assert [passage.text for passage in chunked(text, 20, 0, words)] == ["Fares of the summer", *rows]
    long = "\n".join(f"Merrin {number} | {'word ' * 100}| end" for number in range(2))
    assert all(len(passage.text.split()) <= 20 for passage in chunked(long, 20, 0, words))


@given(hostile, st.integers(1, 30))
@settings(deadline=None)
def test_without_overlap_no_character_is_in_two_passages(text, size):
    for count_tokens in (words, word_pieces):
        spans = [passage.span for passage in chunked(text, size, 0, count_tokens)]
        assert all(one.end <= after.start for one, after in pairwise(spans))


@given(hostile, chunkings())
@settings(deadline=None)
def test_passages_begin_and_end_with_sentences_that_fit(text, sizes):
    whole = [span for span in sentences(text) if words([span.cut(text)])[0] <= sizes[0]]
    for passage in chunked(text, *sizes):
        for span in whole:
            assert passage.span.covers(span) or not passage.span.overlaps(span)


def test_whole_paragraphs_stand_together_where_they_fit():
    text = "Ada saw one.\n\nBob saw two.\n\nCleo saw three more."
    assert texts_of(text, 6) == ["Ada saw one.\n\nBob saw two.", "Cleo saw three more."]
    assert texts_of(text, 9) == ["Ada saw one.\n\nBob saw two.", "Cleo saw three more."]
    assert texts_of(text, 10) == [text]


def test_a_paragraph_that_does_not_fit_beside_the_others_is_not_torn():
    text = "Ada left.\n\nBob saw two. Cleo saw three.\n\nEnd."
    assert texts_of(text, 7) == ["Ada left.", "Bob saw two. Cleo saw three.\n\nEnd."]


def test_a_long_paragraph_is_cut_into_parts_of_about_equal_length():
    text = " ".join(f"Ship {number} came in today." for number in range(6))  # 30 words
    assert [words([part])[0] for part in texts_of(text, 25)] == [15, 15]
    assert [words([part])[0] for part in texts_of(text, 10)] == [10, 10, 10]
    assert [words([part])[0] for part in texts_of(text, 29)] == [15, 15]


def test_what_follows_a_long_paragraph_begins_a_passage():
    assert texts_of("Ada left. Bob came. Cleo sang.\n\nEnd.", 4) == ["Ada left. Bob came.", "Cleo sang.", "End."]


def test_sentences_of_a_hard_wrapped_paragraph_stay_one_paragraph():
    wrapped = (
        "The harbour board met on Tuesday to weigh the new plan.\n"
        "The ferry company had sent it in May, and sent it again\n"
        "in June. It was turned down."
    )
    before = "Nobody at the company would speak to this paper about any of it last night."
    assert [words([before])[0], words([wrapped])[0]] == [15, 29]
    assert texts_of(f"{before}\n\n{wrapped}", 30) == [before, wrapped]


def test_an_overlap_repeats_whole_sentences_of_the_passage_before_and_no_more_than_fit():
    text = "Ada left. Bob came. Cleo sang. Dan ate."
    assert texts_of(text, 6, 2) == ["Ada left. Bob came.", "Bob came. Cleo sang. Dan ate."]
    assert texts_of(text, 6, 1) == ["Ada left. Bob came.", "Cleo sang. Dan ate."]
    assert texts_of(text, 4, 0) == ["Ada left. Bob came.", "Cleo sang. Dan ate."]


def test_an_overlap_reaches_no_further_back_than_the_passage_before():
    text = "One two three four. Bye.\n\nAda came.\n\nEight nine ten eleven twelve thirteen fourteen."
    assert texts_of(text, 10, 4) == ["One two three four. Bye.", "Bye.\n\nAda came.", text[text.index("Ada") :]]


def test_sentences_of_no_tokens_are_not_repeated():
    text = "One two.\n\n" + "\u00ad\n\n" * 40 + "Three four."
    passages = chunked(text, 4, 0, word_pieces)
    spans = [passage.span for passage in passages]
    assert all(one.end <= after.start for one, after in pairwise(spans))


def test_a_sentence_longer_than_the_size_is_cut_at_spaces():
    text = " ".join(f"word{number}" for number in range(30))
    parts = texts_of(text, 8)
    assert " ".join(parts) == text
    assert all(len(part.split()) <= 8 for part in parts)


def test_a_word_without_end_is_cut_anywhere():
    text = "x" * 1000
    parts = [passage.text for passage in chunked(text, 10, 0, word_pieces)]
    assert "".join(parts) == text
    assert max(word_pieces(parts)) <= 10
    assert len(parts) <= 60


def test_one_character_is_one_passage():
    assert texts_of("x", 1) == ["x"]


def test_repeated_paragraphs_are_passages_of_their_own_places():
    text = "\n\n".join(["The same words again."] * 3)
    assert [passage.id for passage in chunked(text, 4)] == ["a:0-21", "a:23-44", "a:46-67"]


@pytest.mark.parametrize(("size", "overlap"), [(0, 0), (5, 5), (5, 6), (5, -1), (-3, 0)])
def test_an_overlap_is_smaller_than_the_size(size, overlap):
    with pytest.raises(ValueError, match="must be at least 0 and below the size"):
        Chunking(size, overlap)


@pytest.mark.parametrize("text", ["x" * 300_000, "x " * 100_000, "A. " * 50_000, "a\n" * 50_000, "\u00ad\n\n" * 20_000 + "x", "🦀" * 100_000],
                         ids=lambda text: repr(text[:3]))  # fmt: skip
@pytest.mark.parametrize("overlap", [0, 30])
def test_no_text_takes_for_ever(text, overlap):
    start = time.perf_counter()
    chunked(text, 160, overlap, word_pieces)
    assert time.perf_counter() - start < 4


def test_a_text_of_too_many_passages_is_refused(monkeypatch):
    monkeypatch.setattr(chunk_module, "MOST_PASSAGES", 3)
    assert texts_of("a b c d e f", 2) == ["a b", "c d", "e f"]
    with pytest.raises(UnfitText, match=r"^has more than 3 passages; split it$"):
        texts_of("a b c d e f g", 2)


@pytest.mark.parametrize("text", ["a" * 1_000_000, f"a{' ' * 300_000}b\n\nc{chr(10) * 300_000}d", "ab\n" * 200_000, f"The {'x' * 300_000} end."],
                         ids=lambda text: repr(text[:3]))  # fmt: skip
@pytest.mark.parametrize("tokens", [0, 1])
def test_what_is_hardly_words_is_cut_by_its_length(text, tokens):
    """A tokenizer takes marks alone for nothing, and a word of any length for one token it does not know."""
    cut = spans(text, Chunking(160), lambda texts: [tokens for _ in texts])
    assert max(span.end - span.start for span in cut) < LONGEST_PASSAGE * 1.01
    assert "".join("".join(span.cut(text).split()) for span in cut) == "".join(text.split())


@pytest.mark.parametrize(
    "unit", ["a ", "A! ", "Who is it? ", "a\n", "a line of the length hard-wrapped text has in it, yes\n"]
)
def test_sentences_are_counted_a_few_at_a_time(unit):
    """However long a text is: a sentence that is longer is alone among few."""
    asked = []

    def count_tokens(texts):
        asked.append(sum(map(len, texts)))
        return words(texts)

    text = unit * (1_000_000 // len(unit))
    cut = spans(text, Chunking(160), count_tokens)
    assert sum(words([span.cut(text) for span in cut])) == words([text])[0]
    is_one_sentence = unit in {"a ", "a line of the length hard-wrapped text has in it, yes\n"}
    assert max(asked) <= (len(text) if is_one_sentence else 210_000)


@pytest.mark.parametrize("unit", ["A! ", "a\n", "a\n\n"])
def test_a_text_of_many_sentences_takes_little_memory(unit):
    text = unit * 300_000
    tracemalloc.start()
    try:
        spans(text, Chunking(160), words)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 60 * 300_000  # bytes; as objects they took 600 each


def test_the_cutting_of_a_text_ends_as_soon_as_nobody_waits_for_it():
    deadline, asked = WorkDeadline(), []

    def count_tokens(texts):
        asked.append(len(texts))
        deadline.end()
        return words(texts)

    with within(deadline), pytest.raises(WorkEnded):
        spans("a\n\n" * 100_000, Chunking(160), count_tokens)
    assert asked == [10_000]
