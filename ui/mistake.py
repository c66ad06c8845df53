"""The errors of the command line itself."""

from __future__ import annotations

from corpus.errors import PullquoteError


class Mistake(PullquoteError):
    """What was asked for on the command line cannot be done; the sentence says what can."""
