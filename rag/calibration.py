"""What makes a confidence of the evidence for an answer, and the card of a reader, which holds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log1p
from typing import Any

MOST_LEAD = 5.0
MOST_FIRST = 10.0  # logits


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence for an answer: its best margin, that passage's retrieval score, the number of other articles.

    `first` is the margin that the fast reader gave in the passage, up to `MOST_FIRST` either way, and `shared` is 1
    where both readers chose words in common; both are 0 where one reader alone has read.
    """

    margin: float
    retrieval: float
    agreeing: int
    first: float = 0.0
    shared: float = 0.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic regression (Platt 1999) from the evidence for an answer to the chance that it is right.

    `lead` weighs how much stronger the best answer is than the next (in logits, 0 to `MOST_LEAD`). The other weights
    have the names of the evidence.
    """

    margin: float
    intercept: float
    retrieval: float = 0.0
    agreement: float = 0.0
    lead: float = 0.0
    first: float = 0.0
    shared: float = 0.0

    @property
    def is_of_both(self) -> bool:
        """Whether it weighs what a fast reader says beside a careful one."""
        return bool(self.first or self.shared)

    def strength(self, evidence: Evidence) -> float:
        """How good an answer is by itself, in logits: what answers are ranked by."""
        agreement = self.agreement * log1p(evidence.agreeing)
        both = self.first * evidence.first + self.shared * evidence.shared
        return self.margin * evidence.margin + self.retrieval * evidence.retrieval + agreement + both

    def confidence(self, strength: float, lead: float) -> float:
        """0..1, rising with the strength and with the lead over the next answer."""
        logit = strength + self.lead * lead + self.intercept
        return 1 / (1 + exp(-max(min(logit, 30.0), -30.0)))


@dataclass(frozen=True, slots=True)
class ReaderCard:
    """A reader's name, its default threshold of confidence, and the calibration of its scores.

    `reach` is a margin that readings hardly ever have: a passage that would need it is not read
    (`rag.reader.early_stopping`). Without one, all are read.
    """

    name: str
    threshold: float
    calibration: Calibration
    reach: float | None = None

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> ReaderCard:
        """The card from the fields that `dataclasses.asdict` gave."""
        calibration = Calibration(**fields["calibration"])
        return cls(fields["name"], fields["threshold"], calibration, fields.get("reach"))
