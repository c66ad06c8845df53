"""A record judged: its best answer against the gold answers, its hits against the gold places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from eval.datasets.example import Example, Gold
from eval.metrics.answer_metrics import Floats, article_gains, contains, em, f1, normalised
from eval.run import Record
from index.hit import Hit
from rag.answer import Reading
from rag.calibration import Calibration
from rag.decision.rank import candidates


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """The scores of a question's best candidate if it is given; the threshold decides whether it is.

    `confidence` is -infinity without a candidate, and `text`, its words, empty. `right`: a gold answer stands in its
    words; `in_place`: and they stand where that gold does. Nothing is right about an answer to a question that nothing
    answers. `repeated`: it is not right, and the same words at that place were judged wrong before. `withheld` is what
    saying nothing is worth, in EM and F1 alike.
    """

    answerable: bool
    withheld: float
    confidence: float
    em: float
    f1: float
    right: float
    in_place: float
    text: str = ""
    repeated: float = 0.0

    def is_given(self, threshold: float) -> bool:
        """Whether there is a candidate and its confidence reaches the threshold."""
        return self.confidence > -inf and self.confidence >= threshold

    def answer(self, threshold: float) -> str | None:
        """The words of the answer that is given, None where none is."""
        return self.text if self.is_given(threshold) else None

    def is_right(self, threshold: float) -> bool:
        """Whether the answer given holds a gold answer; where nothing answers, whether none is given."""
        return bool(self.right) if self.is_given(threshold) else not self.answerable


def column(questions: Sequence[JudgedQuestion], name: str) -> Floats:
    """One field of each question, (n,)."""
    return np.array([getattr(one, name) for one in questions], dtype=np.float64)


def judged(record: Record, calibration: Calibration) -> JudgedQuestion:
    """The record's best candidate judged, whatever its confidence."""
    golds = record.example.golds
    texts = [gold.text for gold in golds]
    withheld = em("", texts)  # 1 also where the golds are mere articles or punctuation, as the official script has it
    read = candidates(record.trace, calibration)
    if not read:
        return JudgedQuestion(bool(golds), withheld, -inf, 0.0, 0.0, 0.0, 0.0)
    best = read[0].readings[0]
    right = [gold for gold in golds if contains(best.text, gold.text)]
    return JudgedQuestion(
        answerable=bool(golds),
        withheld=withheld,
        confidence=read[0].confidence,
        em=em(best.text, texts),
        f1=f1(best.text, texts),
        right=float(bool(right)),
        in_place=float(any(_is_at(best, gold) for gold in right)),
        text=best.text,
        repeated=float(not right and any(_repeats(best, wrong) for wrong in record.example.wrong)),
    )


def _is_at(reading: Reading, gold: Gold) -> bool:
    """Whether the words stand in the gold's article, in its paragraph (or the sentence the set gives around it)."""
    around = gold.within or gold.span
    return around is not None and reading.passage.article_id == gold.article and reading.article_span.overlaps(around)


def _repeats(reading: Reading, wrong: Gold) -> bool:
    """Whether the words are those judged wrong, as SQuAD compares them, at that place."""
    if wrong.span is None or reading.passage.article_id != wrong.article:
        return False
    return reading.article_span.overlaps(wrong.span) and normalised(reading.text) == normalised(wrong.text)


def first_hit(example: Example, hits: Sequence[Hit]) -> int | None:
    """The rank of the first hit that counts, None where none does."""
    return next((rank for rank, gain in enumerate(gains(example, hits), start=1) if gain > 0), None)


def gains(example: Example, hits: Sequence[Hit]) -> list[float]:
    """The gain of each rank: 1 for a passage that covers a gold; where relevance is judged, that of the article."""
    if example.relevant:
        return article_gains([hit.passage.article_id for hit in hits], example.relevant)
    places = [(gold.article, gold.span) for gold in example.golds if gold.span]
    return [
        float(any(hit.passage.article_id == article and hit.passage.span.covers(span) for article, span in places))
        for hit in hits
    ]
