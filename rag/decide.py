"""What to believe: a trace and a threshold in, a decision out. Pure: no model, no library, no clock."""

from __future__ import annotations

from rag.answer import Calibration, Candidate, Decision, Reason, Trace
from rag.rank import candidates

_MOST_ANSWERS = 3
_MOST_RELATED = 3


def decide(trace: Trace, threshold: float, calibration: Calibration) -> Decision:
    """The answers whose confidence reaches the threshold, best first, or why there is none.

    A question without a letter or digit asks nothing: whatever the scores say, nothing answers it.
    """
    read = candidates(trace, calibration) if _has_words(trace.question) else []
    believed = tuple(candidate for candidate in read if candidate.confidence >= threshold)[:_MOST_ANSWERS]
    quoted = {reading.passage.id for candidate in believed for reading in candidate.readings}
    related = tuple(hit for hit in trace.hits if hit.passage.id not in quoted)[:_MOST_RELATED]
    return Decision(believed, None if believed else _reason(trace, read), related)


def _reason(trace: Trace, read: list[Candidate]) -> Reason:
    if not _has_words(trace.question):
        return "no_words"
    return "weak_evidence" if read else "nothing_near"


def _has_words(question: str) -> bool:
    return any(map(str.isalnum, question))
