"""What the models said of answers that were judged, stored beside the judgements: a confidence, and who gave it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from corpus.library.store import Library

LONGEST_MODEL = 300  # characters of a model's name

_SCHEMA = """
CREATE TABLE IF NOT EXISTS judged_answer (
    judgement INTEGER PRIMARY KEY REFERENCES feedback (row) ON DELETE CASCADE, confidence REAL NOT NULL,
    encoder TEXT NOT NULL, reader TEXT NOT NULL
)
"""


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
    """The `confidence` (0..1) that an answer was given with, and the names of the models that gave it."""

    confidence: float
    encoder: str
    reader: str

    def __post_init__(self) -> None:
        if not 0 <= self.confidence <= 1 or max(len(self.encoder), len(self.reader)) > LONGEST_MODEL:
            raise ValueError("an answer has a confidence of 0 to 1, and models with names")


@dataclass(frozen=True, slots=True)
class JudgedConfidence:
    """A question, the confidence that an answer to it was given with, and whether a person judged it right."""

    question: str
    confidence: float
    is_right: bool


def put(library: Library, number: int, answer: JudgedAnswer) -> None:
    """Stores what was said of the answer of a judgement; inside a transaction."""
    library.connection.execute(_SCHEMA)
    library.connection.execute(
        "INSERT INTO judged_answer VALUES (?, ?, ?, ?)", (number, answer.confidence, answer.encoder, answer.reader)
    )


def judged_confidences(library: Library, encoder: str, reader: str) -> list[JudgedConfidence]:
    """The answers of these models that were judged right or wrong, in the order in which they were judged."""
    if not _has_table(library):
        return []
    rows = library.connection.execute(
        "SELECT question, confidence, verdict = 'right' FROM judged_answer JOIN feedback ON row = judgement "
        "WHERE encoder = ? AND reader = ? AND verdict IN ('right', 'wrong') AND typeof(question) = 'text' "
        "AND typeof(confidence) = 'real' AND confidence BETWEEN 0 AND 1 ORDER BY row",
        (encoder, reader),
    )
    return [JudgedConfidence(question, confidence, bool(is_right)) for question, confidence, is_right in rows]


def check(library: Library) -> Iterator[str]:
    """A sentence for each damaged row."""
    if not _has_table(library):
        return
    for number, *fields in library.connection.execute("SELECT * FROM judged_answer ORDER BY judgement"):
        try:
            JudgedAnswer(*fields)
        except (ValueError, TypeError):
            yield f"what is kept of the answer of judgement {number} does not parse"


def _has_table(library: Library) -> bool:
    found = library.connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'judged_answer'")
    return found.fetchone() is not None
