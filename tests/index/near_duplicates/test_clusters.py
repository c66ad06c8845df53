from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.near_duplicates.clusters import stories


def shares(**pairs):
    """`ab=(0.9, 0.8)`: 0.9 of a stands in b, 0.8 of b in a."""
    return {pair: share for (one, other), both in pairs.items() for pair, share in zip(((one, other), (other, one)), both, strict=True)}  # fmt: skip


@pytest.mark.parametrize(("pairs", "expected"), [
    ({}, []),
    ({"ab": (0.9, 0.9)}, ["ab"]),
    ({"ab": (1.0, 0.3)}, ["ab"]),  # a was cut short
    ({"ab": (0.8, 0.8), "bc": (0.8, 0.8)}, ["abc"]),  # edited once and once more
    ({"ab": (1.0, 0.6), "bc": (1.0, 0.5), "ac": (1.0, 0.3)}, ["abc"]),  # cut, and cut again
    ({"ad": (1.0, 0.6), "bd": (1.0, 0.4)}, ["ad"]),  # d holds two stories: it is in the one it has more of
    ({"ad": (1.0, 0.5), "bd": (1.0, 0.5), "ac": (0.9, 0.9), "cd": (1.0, 0.5), "be": (0.9, 0.9), "ed": (1.0, 0.5)}, ["acd", "be"]),
    ({"ab": (0.9, 0.9), "cd": (0.9, 0.9)}, ["ab", "cd"]),
    ({"ab": (0.9, 0.9), "bc": (1.0, 0.4)}, ["ab"]),  # of the pairs across, half are copies
])  # fmt: skip
def test_what_holds_together_is_a_story(pairs, expected):
    assert stories(shares(**pairs)) == [frozenset(story) for story in expected]


@given(st.dictionaries(st.sampled_from([a + b for a, b in permutations("abcdef", 2) if a < b]), st.tuples(st.floats(0, 1), st.floats(0, 1))))  # fmt: skip
def test_stories_do_not_share_articles_nor_depend_on_the_order(pairs):
    found = stories(shares(**pairs))
    assert found == stories(dict(reversed(shares(**pairs).items())))
    assert all(len(story) > 1 for story in found)
    assert sum(map(len, found)) == len(frozenset().union(*found))
