"""A decision changed by what people judged of answers to the same question. Pure.

Words that somebody gave come first, then what was judged right, then what nobody judged. What was judged wrong comes
last, or is no answer where it would be the only one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from corpus.article import Span
from corpus.library.feedback import CurrentJudgement, Verdict
from index.hit import Hit
from rag.answer import Candidate, Decision, Reading, Trace
from rag.calibration import MOST_LEAD, Calibration
from rag.decision.answer_equivalence import say_same
from rag.decision.decide import MOST_ANSWERS
from rag.decision.near_duplicates import source_of
from rag.decision.rank import candidates, evidence, weighed

_SURE = 1.0  # the confidence of words that somebody gave: no estimate, but their word


class Decide(Protocol):
    """`rag.decision.decide.decide` with a threshold and a calibration."""

    def __call__(self, trace: Trace, *, read: Sequence[Candidate] | None = None) -> Decision:
        """What is believed of the candidates that were read: those of the trace, or these."""
        ...


@dataclass(frozen=True, slots=True)
class GivenWords:
    """Words that somebody gave as the better answer, with the passage in which they are cited."""

    hit: Hit
    reading: Reading


@dataclass(frozen=True, slots=True)
class JudgedPlaces:
    """The places judged of one question, each with its last judgement.

    `wrong` words are wrong wherever they are said again, unless that place was judged `right`.
    """

    wrong: tuple[CurrentJudgement, ...]
    right: tuple[CurrentJudgement, ...]
    better: tuple[CurrentJudgement, ...]

    @classmethod
    def of(cls, judged: Iterable[CurrentJudgement]) -> JudgedPlaces:
        """Of judgements that stand somewhere, the ones that count most last. Better words stay so if judged right."""
        last: dict[tuple[str, Span], CurrentJudgement] = {}
        for one in judged:
            if one.span is None:
                continue
            place = one.judgement.article_id, one.span
            earlier = last.pop(place, one)  # so that it is the last one again
            agrees = (earlier.judgement.verdict, one.judgement.verdict) == ("better", "right")
            last[place] = earlier if agrees else one

        def those(verdict: Verdict) -> tuple[CurrentJudgement, ...]:
            return tuple(one for one in last.values() if one.judgement.verdict == verdict)

        return cls(those("wrong"), those("right"), those("better"))

    def rejects(self, reading: Reading) -> bool:
        """Whether a reading says what was judged wrong, or stands within it."""
        if self.confirms(reading):
            return False
        return any(say_same(one.judgement.text, reading.text) or _holds(one, reading) for one in self.wrong)

    def confirms(self, reading: Reading) -> bool:
        """Whether a reading says at its place what was judged right there."""
        return any(_touches(one, reading) and say_same(one.judgement.text, reading.text) for one in self.right)


def heeded(
    trace: Trace,
    places: JudgedPlaces,
    given: Sequence[GivenWords],
    decide: Decide,
    calibration: Calibration,
) -> Decision:
    """The decision of `decide` with what was judged: words `given`, what is right, what is believed, what is wrong.

    What was judged right is believed whatever its confidence. What was judged wrong makes nothing else surer.
    """
    before = decide(trace)
    kept = replace(trace, readings=tuple(one for one in trace.readings if not places.rejects(one)))
    left = _candidates_left(kept, replace(trace, readings=tuple(filter(places.rejects, trace.readings))), calibration)
    decision = decide(kept, read=left)
    read = [replace(one, judged="right") if _is_right(one, places) else one for one in decision.believed]
    if places.right:
        others = (one for one in left if one not in decision.believed)
        read += [replace(one, judged="right") for one in others if _is_right(one, places)]
        read.sort(key=lambda one: one.judged != "right")
    believed = _with_given(given, read, trace.stories)[:MOST_ANSWERS]
    wrong = [_rejected(one, places) for one in before.believed if places.rejects(one.readings[0])]
    if not believed:
        return replace(decision, reason="judged_wrong") if wrong else decision
    shown = {reading.passage.id for one in believed for reading in one.readings}
    return Decision(
        believed=tuple([*believed, *wrong][:MOST_ANSWERS]),
        reason=None,
        related=tuple(hit for hit in decision.related if hit.passage.id not in shown),
        doubted=tuple(one for one in decision.doubted if not _is_right(one, places)),
    )


def _candidates_left(kept: Trace, rejected: Trace, calibration: Calibration) -> list[Candidate]:
    """The candidates of the readings that were kept. The best leads only by what it led over those rejected, too."""
    left = candidates(kept, calibration)
    rivals = [calibration.strength(one) for _, one in weighed(rejected)]
    if not (left and rivals):
        return left
    scores = {hit.passage.id: hit.score for hit in kept.hits}
    best = calibration.strength(evidence(left[0].readings, scores, kept.stories))
    ahead = min(max(best - max(rivals), 0.0), MOST_LEAD)
    confidence = min(calibration.confidence(best, ahead), left[0].confidence)
    return [replace(left[0], confidence=confidence), *left[1:]]


def _with_given(given: Sequence[GivenWords], read: Sequence[Candidate], stories: Mapping[str, str]) -> list[Candidate]:
    """The words that were given, each with the readings that say the same, then the answers that say something else."""
    first: list[Candidate] = []
    left = list(read)
    for words in given:
        reading = words.reading
        if any(say_same(reading.text, one.readings[0].text) or _overlap(reading, one.readings[0]) for one in first):
            continue
        own = source_of(reading, stories)
        alike = [one for one in left if say_same(reading.text, one.readings[0].text)]
        support = [other for one in alike for other in one.readings if source_of(other, stories) != own]
        first.append(Candidate((reading, *support), _SURE, "given"))
        left = [one for one in left if one not in alike and not _overlap(one.readings[0], reading)]
    return [*first, *left]


def _rejected(candidate: Candidate, places: JudgedPlaces) -> Candidate:
    """A candidate judged wrong, without the readings that are not: they are an answer of their own."""
    return replace(candidate, readings=tuple(filter(places.rejects, candidate.readings)), judged="wrong")


def _is_right(candidate: Candidate, places: JudgedPlaces) -> bool:
    return any(map(places.confirms, candidate.readings))


def _touches(judged: CurrentJudgement, reading: Reading) -> bool:
    is_there = judged.judgement.article_id == reading.passage.article_id
    return is_there and judged.span is not None and judged.span.overlaps(reading.article_span)


def _holds(judged: CurrentJudgement, reading: Reading) -> bool:
    """Whether a reading stands within the words that were judged."""
    own, span = judged.span, reading.article_span
    return _touches(judged, reading) and own is not None and own.start <= span.start and span.end <= own.end


def _overlap(one: Reading, other: Reading) -> bool:
    is_there = one.passage.article_id == other.passage.article_id
    return is_there and one.article_span.overlaps(other.article_span)
