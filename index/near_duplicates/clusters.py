"""Stories: clusters of articles that are copies of each other. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

COPIED = 0.75  # the share of an article's stretches that another article holds, from which on it is a copy

Pair = tuple[str, str]  # ids of articles
Shares = Mapping[
    Pair, float
]  # (one, other) -> the share (0..1) of one that the other holds; every two copies both ways


def stories(shares: Shares) -> list[frozenset[str]]:
    """The stories, of two articles or more each; no article is in two.

    Two articles that hold most of each other are of one story, and so are all that are linked in this way. Where one
    holds the other but not the other way round (which was cut short), their stories join only if more than half of all
    pairs across are copies, so that an article with two stories does not join them. The closest join first, ties by id.
    """
    together = {article: frozenset((article,)) for pair in shares for article in pair}
    for one, other in _closest_first(shares):
        left, right = together[one], together[other]
        if left is right:
            continue
        is_mutual = min(shares[one, other], shares[other, one]) >= COPIED
        if is_mutual or _are_mostly_copies(left, right, shares):
            together |= dict.fromkeys(left | right, left | right)
    return sorted({members for members in together.values() if len(members) > 1}, key=min)


def _are_mostly_copies(left: frozenset[str], right: frozenset[str], shares: Shares) -> bool:
    return 2 * sum(pair in shares for pair in product(left, right)) > len(left) * len(right)


def _closest_first(shares: Shares) -> list[Pair]:
    """Each pair once, those first that hold the most of each other."""

    def closeness(pair: Pair) -> tuple[float, float, Pair]:
        there, back = shares[pair], shares[pair[::-1]]
        return -min(there, back), -max(there, back), pair

    return sorted((pair for pair in shares if pair < pair[::-1]), key=closeness)
