"""The error for a folder or a list that is empty all at once, perhaps because it cannot be reached just now."""

from __future__ import annotations

from corpus.errors import PullquoteError


class Emptied(PullquoteError):
    """There is nothing to read any more where articles came from; check the place, or say that they are all to go."""

    def __init__(self, kind: str, place: str, count: int) -> None:
        articles = "its one article is" if count == 1 else f"its {count:,} articles are"
        super().__init__(
            f"There is nothing to read {place} any more; check that the {kind} is the right one, or say with "
            f"--allow-empty that {articles} to leave the library."
        )
