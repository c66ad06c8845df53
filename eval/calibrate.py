"""A threshold fitted on a library's own feedback, with what it guarantees there."""

from __future__ import annotations

from datetime import UTC, datetime

from corpus.errors import PullquoteError
from corpus.library.judged_answers import JudgedConfidence, judged_confidences
from corpus.library.store import Library
from eval.metrics.risk_bound import fewest_judged, lowest_threshold
from rag.judgements.same_question import compared
from rag.library_threshold import LibraryThreshold

_ROUNDING = 0.5e-4  # of the confidence of an answer, which has four digits


class TooFewJudged(PullquoteError):
    """Too few answers were judged to say how many are wrong; judge more of them, right ones as well."""

    status = 409

    def __init__(self, judged: int, fewest: int, max_wrong: float) -> None:
        super().__init__(
            f"Answers of these models to {judged:,} questions were judged with their confidence, and {fewest:,} are "
            f"needed to say that at most {max_wrong:.0%} are wrong; judge more answers, right ones as well."
        )


def fit(library: Library, models: tuple[str, str], max_wrong: float) -> LibraryThreshold | None:
    """The lowest threshold from which on at most `max_wrong` (0..1) of the answers are wrong here; None if none is.

    `models` are the names of the encoder and the reader, whose judged answers count: of each question the one of the
    highest confidence. Nothing is stored. TooFewJudged.
    """
    encoder, reader = models
    answers = _first_of_each(judged_confidences(library, encoder, reader))
    fewest = fewest_judged(max_wrong)
    if len(answers) < fewest:
        raise TooFewJudged(len(answers), fewest, max_wrong)
    found = lowest_threshold([one.confidence for one in answers], [not one.is_right for one in answers], max_wrong)
    if found is None:
        return None
    return LibraryThreshold(
        threshold=max(found.threshold - _ROUNDING, 0.0),
        at_most=found.at_most,
        wrong=found.wrong,
        judged=found.judged,
        of=len(answers),
        max_wrong=max_wrong,
        encoder=encoder,
        reader=reader,
        fitted=datetime.now(tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )


def _first_of_each(judged: list[JudgedConfidence]) -> list[JudgedConfidence]:
    """Of each question the judged answer of the highest confidence: what was shown first, before it was judged."""
    best: dict[tuple[str, ...], JudgedConfidence] = {}
    for one in judged:
        words = compared(one.question).words
        if words not in best or one.confidence >= best[words].confidence:
            best[words] = one
    return list(best.values())
