"""Which articles are one story, given which of them are copies of each other. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

COPIED = 0.75  # of an article's stretches: what stands in another to so much is a copy

Pair = tuple[str, str]  # ids of articles
Shares = Mapping[
    Pair, float
]  # by (one, other): how much of one stands in the other, 0..1; for every two copies both ways


def stories(shares: Shares) -> list[frozenset[str]]:
    """The stories, two articles each or more; no article is in two.

    Articles belong together of which most stands in each other, and all that are linked so. Where one stands in the
    other but not the other way round (it was cut short, or stands beside something else), the two join only if more
    than half of all pairs across are copies: an article that holds two stories does not make one of them. The closest
    join first; ties go by id.
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
    """Each pair once, those first that stand in each other the most."""

    def closeness(pair: Pair) -> tuple[float, float, Pair]:
        there, back = shares[pair], shares[pair[::-1]]
        return -min(there, back), -max(there, back), pair

    return sorted((pair for pair in shares if pair < pair[::-1]), key=closeness)
