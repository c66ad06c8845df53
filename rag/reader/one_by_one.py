"""A reader that reads each question by itself, given as the batch reader that the pipeline takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from index.hit import Hit
from rag.answer import Reading


class _Reads(Protocol):
    def read(self, question: str, hits: list[Hit]) -> list[Reading]: ...


class OneByOne:
    """A reader that gains nothing by reading for several questions at once."""

    def read_all(self: _Reads, asked: Sequence[tuple[str, list[Hit]]]) -> list[list[Reading]]:
        """What `read` gives for each question with its hits."""
        return [self.read(question, hits) for question, hits in asked]
