import re

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from corpus.article import Span
from rag.reader.decode import LONGEST, ScoredSpan, SpanTokens, best_spans, with_marks
from rag.reader.read import SHIPPED
from rag.reader.window import Rows

ROWS = Rows(Tokenizer.from_file(str(SHIPPED / "tokenizer.json")))
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
WORDS = [
    "ferry",
    "a",
    "1,000",
    "6.32",
    "7:30",
    "1990",
    "3.",
    "x,y",
    "12:30am",
    "v1.2.3",
    "été",
    "3,",
    ":5",
    "1.,2",
    "re-read",
]
TEXTS = st.builds(str.join, st.sampled_from([" ", ""]), st.lists(st.sampled_from(WORDS), min_size=1, max_size=25))
HOSTILE = "aZb 1234,.:-\n\t\u00a0\u00ad\u200d\ufe0f\u0301\u0e47\u0947é沈んשल한🦀👩🏽#'\u20e3\U000e0100"


def pieces(text, size):
    """Places of words in pieces of `size` characters, and which pieces go on with a word."""
    places, continues = [], []
    for match in re.finditer(r"\w+|[^\w\s]", text):
        for start in range(match.start(), match.end(), size):
            places.append((start, min(start + size, match.end())))
            continues.append(start > match.start())
    return places, continues


def read(text):
    """The part of a text whose tokens are those of the reader."""
    [tokens] = ROWS.tokens([text])
    return SpanTokens.of(text, tokens.places, [ROWS.continues(token) for token in tokens.ids])


def logits(part, starts=None, ends=None):
    """0 for every token but those named, by number."""
    found = np.zeros((len(part.places), 2), dtype=np.float32)
    for column, chosen in enumerate((starts or {}, ends or {})):
        for token, value in chosen.items():
            found[token, column] = value
    return found


def parts_a_number(text, at):
    return any(match.start() < at < match.end() for match in NUMBER.finditer(text))


def all_pairs(scores, places, continues, text):
    """Every span that may be chosen, with its score: the plain way."""
    found = []
    for first, (start, _) in enumerate(places):
        for last in range(first, min(first + LONGEST, len(places))):
            end = places[last][1]
            opens = not continues[first] and not parts_a_number(text, start)
            closes = (last + 1 == len(places) or not continues[last + 1]) and not parts_a_number(text, end)
            if opens and closes:
                found.append((float(scores[first, 0] + scores[last, 1]), Span(start, end)))
    return found


@given(TEXTS, st.integers(1, 9), st.integers(0, 2**32 - 1), st.booleans(), st.integers(1, 4))
@example("ferry " * 20, 1, 0, False, 3)  # 100 tokens
@example("1,000" * 9, 9, 0, False, 3)  # one number of 28 tokens
@settings(deadline=None)
def test_the_best_spans_are_those_of_a_plain_search(text, size, seed, ties, n):
    places, continues = pieces(text, size)
    chance = np.random.default_rng(seed)
    drawn = chance.integers(-2, 3, (len(places), 2)) if ties else chance.normal(0, 3, (len(places), 2))
    scores = drawn.astype(np.float32)
    found = best_spans(scores, 0.5, SpanTokens.of(text, places, continues), n)
    pairs = all_pairs(scores, places, continues, text)

    assert len(found) <= n
    for number, scored in enumerate(found):
        assert (scored.score, scored.span) in pairs
        assert scored.null == 0.5
        better = [span for score, span in pairs if score > scored.score]
        assert all(any(span.overlaps(other.span) for other in found[:number]) for span in better)
        assert not any(scored.span.overlaps(other.span) for other in found[:number])
    left = [span for _, span in pairs if not any(span.overlaps(other.span) for other in found)]
    assert len(found) == n or not left


def test_start_and_end_are_added_up_and_the_best_come_first():
    part = read("Ann met Bob and Cid in Rome")
    scores = logits(part, starts={0: 4, 2: 6, 6: 5}, ends={0: 4, 2: 1, 4: 3, 6: 5.5})
    found = best_spans(scores, -1.5, part, 3)
    assert [(scored.span.cut(part.text), scored.score) for scored in found] == [
        ("Bob and Cid in Rome", 11.5),
        ("Ann", 8.0),
        ("met", 0.0),
    ]
    assert [scored.margin for scored in found] == [13.0, 9.5, 1.5]
    assert best_spans(scores, -1.5, part, 1) == found[:1]
    assert best_spans(scores, -1.5, part, 0) == []


def test_a_start_behind_the_end_makes_no_span():
    part = read("one two three")
    assert best_spans(logits(part, starts={2: 9}, ends={0: 8}), 0.0, part, 1) == [ScoredSpan(Span(8, 13), 9.0, 0.0)]


def test_a_span_has_at_most_thirty_tokens():
    part = read("word " * 40)
    [longest] = best_spans(logits(part, starts={0: 9}, ends={29: 9}), 0.0, part, 1)
    assert longest == ScoredSpan(Span(0, 30 * 5 - 1), 18.0, 0.0)
    [cut] = best_spans(logits(part, starts={0: 9}, ends={30: 8}), 0.0, part, 1)
    assert cut.score == 9.0


@pytest.mark.parametrize("number", ["1,000", "6.32", "7:30", "1,234,567.89", "1.2.3", "12:30:05", "3,50"])
@pytest.mark.parametrize(
    ("before", "after"), [("", ""), ("at ", ", then"), ("(", ")"), ("$", " million."), ("x: ", ": y")]
)
def test_a_number_is_read_whole(number, before, after):
    part = read(before + number + after)
    within = [token for token, (start, _) in enumerate(part.places) if len(before) <= start < len(before + number)]
    assert len(within) >= 3
    for start in within:
        for end in within:
            [best, *_] = best_spans(
                logits(part, starts=dict.fromkeys(within, 5) | {start: 6}, ends={end: 9}), 0.0, part, 1
            )
            inside = set(range(best.span.start, best.span.end)) & set(range(len(before), len(before + number)))
            assert len(inside) in {0, len(number)}, best.span.cut(part.text)


@pytest.mark.parametrize(("text", "words"), [
    ("It sank in 1990. Then it rained.", "1990"), ("It sank in 1990.", "1990"), ("in 1990, 40 died", "40"), ("1: the owner", "1"),
    ("at 7: 30 men", "30"), ("Rooms 3,a and b", "3"),
])  # fmt: skip
def test_a_point_or_comma_that_ends_a_clause_is_no_part_of_a_number(text, words):
    part = read(text)
    [token] = [number for number, (start, _) in enumerate(part.places) if start == text.index(words)]
    [best] = best_spans(logits(part, starts={token: 9}, ends={token: 9}), 0.0, part, 1)
    assert best.span.cut(text) == words


@pytest.mark.parametrize("text", ["unreadability", "antidisestablishmentarianism", "Brannoc", "12:30am", "1980s"])
def test_a_word_in_pieces_is_read_whole(text):
    part = read(f"The {text} sank")
    last = len(part.places) - 2
    for token in range(1, last + 1):
        scores = logits(part, starts={0: -9, token: 9}, ends={token: 9, last + 1: -9})
        [best] = best_spans(scores, 0.0, part, 1)
        assert best.span.cut(part.text) == text


@pytest.mark.parametrize(("text", "words"), [
    ("cafe\u0301 x", "cafe\u0301"), ("x\u0301\u0302 y", "x\u0301\u0302"), ("के बाद", "के"), ("葛\U000e0100 a", "葛\U000e0100"),
    ("שלוֹ x", "שלוֹ"), ("❤\ufe0f x", "❤\ufe0f"), ("#\ufe0f\u20e3 x", "#\ufe0f\u20e3"), ("1\ufe0f\u20e3 x", "1\ufe0f\u20e3"),
    ("👩\u200d🚀 flew", "👩\u200d🚀"), ("👍🏽 x", "👍🏽"), ("🏴\U000e0067\U000e0062\U000e0065\U000e007f won", "🏴\U000e0067\U000e0062\U000e0065\U000e007f"),
    ("so\u00adft x", "so\u00adft"), ("沈んだ x", "沈"), ("한국 x", "한국"), ("1\u00a0x", "1"), ("naïve\u00a0x", "naïve"),
])  # fmt: skip
def test_a_letter_keeps_what_belongs_to_it(text, words):
    part = read(text)
    closing = next(token for token in range(len(part.places)) if part.closes[token])
    [best] = best_spans(logits(part, starts={0: 9}, ends={closing: 9}), 0.0, part, 1)
    assert best.span.cut(text) == words


def test_no_span_begins_with_a_mark_of_the_letter_before():
    part = read("#\ufe0f\u20e3 x")  # the last mark is a token of its own
    assert part.places == [(0, 1), (2, 3), (4, 5)]
    assert [scored.span.cut(part.text) for scored in best_spans(logits(part, starts={1: 9}), 0.0, part, 3)] != []
    assert all(scored.span.start != 2 for scored in best_spans(logits(part, starts={1: 9}), 0.0, part, 3))


def test_the_whole_of_a_letter_ends_with_the_text():
    assert with_marks("e\u0301", 0, 1) == Span(0, 2)
    assert with_marks("e\u0301\u0302x", 0, 1) == Span(0, 3)
    assert with_marks("ex", 0, 1) == Span(0, 1)
    assert with_marks("e", 0, 1) == Span(0, 1)
    assert with_marks("e\u00ad.", 0, 1) == Span(0, 1)


@given(st.text(HOSTILE, max_size=60), st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=300)
def test_whatever_the_text_spans_cut_true_and_part_nothing(text, seed):
    part = read(text)
    scores = np.random.default_rng(seed).normal(0, 3, (len(part.places), 2)).astype(np.float32)
    found = best_spans(scores, 0.0, part, 3)
    for number, scored in enumerate(found):
        cut = scored.span.cut(text)
        before, after = text[: scored.span.start], text[scored.span.end :]
        assert cut == cut.strip()
        assert not re.match(r"[\u0301\u0e47\u0947\u200d\ufe0f\u20e3\U000e0100]", after)  # marks are not left behind
        assert not re.match(r"[\u0301\u0e47\u0947\u200d\ufe0f\u20e3\U000e0100]", cut)
        for left, right in ((before, cut), (cut, after)):
            assert not (re.search(r"[A-Za-z0-9]\Z", left) and re.match(r"[A-Za-z0-9]", right))
            assert not (re.search(r"\d[.,:]\Z", left) and re.match(r"\d", right))
            assert not (re.search(r"\d\Z", left) and re.match(r"[.,:]\d", right))
        assert not any(scored.span.overlaps(other.span) for other in found[:number])


def test_a_window_keeps_the_edges_of_the_words_it_cuts():
    text = "The unreadability of 1,000 logs"
    part = read(text)
    comma = text.index(",")
    middle = next(token for token, (start, _) in enumerate(part.places) if start == comma)
    before, after = part.window(0, middle), part.window(middle, len(part.places))
    ends = [scored.span.cut(text) for scored in best_spans(logits(before), 0.0, before, 9)]
    assert ends
    assert not any(cut.endswith("1") for cut in ends)
    [best, *_] = best_spans(logits(after), 0.0, after, 9)
    assert best.span.cut(text) == "logs"  # neither "000" nor ",000" begins a number
    assert part.window(0, len(part.places)).opens.tolist() == part.opens.tolist()


def test_where_no_word_begins_or_ends_there_is_no_span():
    text = "unreadability"
    assert (
        best_spans(np.zeros((2, 2), dtype=np.float32), 0.0, SpanTokens.of(text, [(0, 6), (6, 13)], [True, True]), 3)
        == []
    )
    places, continues = pieces("a" * 31, 1)  # a word longer than any span may be
    assert best_spans(np.zeros((31, 2), dtype=np.float32), 0.0, SpanTokens.of("a" * 31, places, continues), 3) == []


@pytest.mark.parametrize("text", ["", " ", "\u200d\u00ad", "\n\n", "\u0301"])
def test_a_text_without_words_has_no_spans(text):
    part = read(text)
    assert part.places == []
    assert best_spans(np.zeros((0, 2), dtype=np.float32), 0.0, part, 3) == []


def test_a_margin_is_the_score_less_that_of_no_answer():
    assert ScoredSpan(Span(0, 1), 7.5, 9.0).margin == -1.5
