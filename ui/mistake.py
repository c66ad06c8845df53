"""Mistakes that only the command line can see."""

from __future__ import annotations

from corpus.errors import PullquoteError


class Mistake(PullquoteError):
    """What was asked for on the command line cannot be done; the sentence says what can."""
