import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.deadline import WorkDeadline, WorkEnded, within
from rag.locate import occurrences as module
from rag.locate.occurrences import count_occurrences, occurrences

TEXTS = st.one_of(
    st.text("ab", max_size=60),
    st.builds(lambda part, times, rest: part * times + rest, st.text("ab", max_size=5), st.integers(0, 30), st.text("ab", max_size=5)),
)  # fmt: skip
QUOTES = st.one_of(
    st.text("ab", min_size=1, max_size=9),
    st.builds(lambda part, times: part * times, st.text("ab", min_size=1, max_size=4), st.integers(1, 6)),
)


def plain(text, quote):
    return [start for start in range(len(text)) if text.startswith(quote, start)]


@given(TEXTS, QUOTES)
@example("aabaabaa", "aabaa")
@example("abaabaaba", "aba")
def test_every_place_is_found_and_counted(text, quote):
    assert list(occurrences(text, quote)) == plain(text, quote)
    assert count_occurrences(text, quote) == len(plain(text, quote))


@pytest.mark.parametrize(("short", "compared"), [(1, 1), (1, 7), (64, 1), (64, 7)])
def test_how_much_is_compared_at_once_changes_nothing(monkeypatch, short, compared):
    monkeypatch.setattr(module, "_SHORT", short)
    monkeypatch.setattr(module, "_MOST_COMPARED", compared)
    for text in ("aabaabaaab" * 9, "a" * 50, "abab" * 20 + "aab" * 7):
        for quote in ("a", "aa", "aab", "aabaab", "abab", "a" * 9, "b" * 3):
            assert list(occurrences(text, quote)) == plain(text, quote)
            assert count_occurrences(text, quote) == len(plain(text, quote))


@pytest.mark.parametrize(("text", "quote", "count"), [
    ("word " * 300_000, ("word " * 1_000).strip(), 299_001), ("a" * 1_500_000, "a" * 5_000, 1_495_001),
    ("a" * 1_500_000, "a" * 4_999 + "b", 0), (" " * 1_500_000 + "x", "x" + " " * 4_998 + "x", 0), ("aab" * 500_000, "aa", 500_000),
    (("a" * 99 + "b") * 15_000, "a" * 98, 30_000), ("e " * 750_000, "e", 750_000),
])  # fmt: skip
def test_a_text_that_repeats_itself_costs_no_more_than_another(text, quote, count):
    started = time.perf_counter()
    assert count_occurrences(text, quote) == count
    assert time.perf_counter() - started < 3  # 0.2 on two free cores; the plain way takes up to a minute


@pytest.mark.parametrize("quote", ["aa", "a" * 98])
def test_counting_ends_with_its_deadline(quote):
    with within(WorkDeadline(0)), pytest.raises(WorkEnded):
        count_occurrences(("a" * 99 + "b") * 1_000, quote)
