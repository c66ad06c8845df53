"""A run whose questions are judged once, for all measures."""

from __future__ import annotations

from dataclasses import dataclass

from eval.datasets.example import has_place
from eval.metrics.judge import JudgedQuestion, gains, judged
from eval.run import Run
from rag.decision.rank import reranked

Gains = list[tuple[int, list[float]]]  # a question's number, and the gain of each rank


@dataclass(frozen=True, slots=True)
class JudgedRun:
    """What measures are computed from. `run` holds all records; the others leave out questions that are not settled.

    `questions` is empty for a BEIR set, which has no answers. `retrieved` and `reranked` hold the questions that
    something answers: the gains in the order of retrieval and in the reader's; empty where gold places are not known,
    or nothing was retrieved or read.
    """

    run: Run
    threshold: float
    questions: list[JudgedQuestion]
    retrieved: Gains
    reranked: Gains

    @classmethod
    def of(cls, run: Run, threshold: float) -> JudgedRun:
        """The run judged, its answers given from this confidence on."""
        settled, calibration = run.settled.records, run.header.reader.calibration
        questions = [judged(one, calibration) for one in settled] if run.header.kind != "beir" else []
        asked = [(number, one) for number, one in enumerate(settled) if one.example.golds or one.example.relevant]
        is_known = any(one.example.relevant or has_place(one.example) for _, one in asked)
        if run.header.mode == "given" or not is_known:
            asked = []
        is_read = any(one.trace.readings for _, one in asked)
        return cls(
            run,
            threshold,
            questions,
            retrieved=[(number, gains(one.example, one.trace.hits)) for number, one in asked],
            reranked=[(number, gains(one.example, reranked(one.trace, calibration))) for number, one in asked]
            if is_read
            else [],
        )
