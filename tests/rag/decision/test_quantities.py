"""Values that cannot both be right, and those that can."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.decision.quantities import exclude_each_other, value_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("about 800", "more than 1,000"), ("800 jobs", "1,000 jobs"), ("146", "147"), ("at least 30", "28"),
        ("fewer than 20", "25 people"), ("$5 million", "$6m"), ("5%", "6 percent"), ("61 hours", "three days"),
        ("2 February", "Feb. 3, 2026"), ("March 2025", "11 April 2025"), ("2019", "2021"), ("about 800", "900"),
        ("two", "three men"), ("up to 40", "more than 50"), ("March 2025", "March 2026"), ("1912", "in March 1913"),
        ("6.32pm", "6.30pm"), ("3:30", "4:30"), ("3 pm", "15:30"), ("about 800 jobs", "more than 1,000 people"),
        ("350 new jobs", "800 new posts"), ("a dozen", "nearly 20"), ("-5", "5"),
        ("£5m", "£6m"), ("$2t", "$3 trillion"), ("5m people", "6 million"), ("40k people", "50,000 people"), ("3 a day", "4 a day"),
    ],
)  # fmt: skip
def test_these_cannot_both_be(one: str, other: str) -> None:
    assert exclude_each_other(one, other)
    assert exclude_each_other(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("about 800", "812"), ("800", "812"), ("more than 1,000", "1,200"), ("at least 30", "30"), ("$5", "€6"),
        ("$5", "5%"), ("2 February", "2 February 2026"), ("March 2025", "11 March 2025"), ("146 dogs", "147 cats"),
        ("Mara Lindqvist", "the captain"), ("Mara", "Ann"), ("a hundred", "100"), ("48 hours", "two days"),
        ("between 3 and 5", "7"), ("", "5"), ("nearly 800", "780"), ("the 5th floor", "the 6th floor"),
        ("half", "a third"), ("Flight 12", "Flight 13"), ("5 of 8", "7"), ("-5", "minus 5"), ("2019", "800"),
        ("6.32pm", "18:32"), ("3pm", "3:00"), ("3:30", "3 people"), ("1.4 million", "1.42 million"),
        ("350 permanent jobs", "800 jobs"), ("2019", "2 March 2019"), ("99:99", "98:99"),
        ("9" * 90, "8" * 90),
        ("30m", "30 metres"), ("30m", "30,000,000"), ("30m", "30"), ("30m", "40 minutes"), ("5m", "5 million"), ("5-m", "5 million"), ("5 mil", "6 million"), ("10k", "10 kilometres"),
        ("221b", "5"), ("5b", "5 billion"), ("5t", "5 tonnes"), ("5 T", "5 trillion"), ("20s", "25"), ("5h", "300 minutes"), ("£5m", "£5,000,000"),
        ("20 of the jobs in the town", "30"),
    ],
)  # fmt: skip
def test_these_may_both_be_or_are_no_values(one: str, other: str) -> None:
    assert not exclude_each_other(one, other)
    assert not exclude_each_other(other, one)


_PIECES = st.lists(st.sampled_from("about more than 5 800 1,000 $ % 3:30 pm March 2025 11 hours jobs - half a".split()))


@given(st.text(max_size=30) | _PIECES.map(" ".join), st.text(max_size=30) | _PIECES.map(" ".join))
def test_any_two_texts_can_be_asked_about(one: str, other: str) -> None:
    assert exclude_each_other(one, other) == exclude_each_other(other, one)
    assert not exclude_each_other(one, one)
    assert value_of(one) == value_of(one)
