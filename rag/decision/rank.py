"""The distinct answers of a trace, each with its confidence, best first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from index.hit import Hit
from index.recency import newest_among_equals
from rag.answer import Candidate, Reading, Trace
from rag.calibration import MOST_FIRST, MOST_LEAD, Calibration, Evidence
from rag.decision.answer_equivalence import say_same
from rag.decision.answer_type import is_possible
from rag.decision.group import group
from rag.decision.near_duplicates import NO_STORIES, are_copies, independent, source_of


def candidates(trace: Trace, calibration: Calibration) -> list[Candidate]:
    """Every distinct answer that was read, the most confident first; none to a question without words.

    The lead over the next raises the confidence of the best answer only, so that two sources that disagree can both be
    believed. What is ruled out for its kind counts as a next one, so that it makes no other answer surer.
    """
    groups = weighed(trace) if has_words(trace.question) else []
    strengths = [calibration.strength(one) for _, one in groups]
    order = sorted(range(len(groups)), key=lambda number: -strengths[number])  # stable: ties stay by margin
    if not order:
        return []
    best = groups[order[0]][0][0].text
    ruled_out = _weighed(trace, [one for one in trace.readings if not is_possible(trace.query, one)])
    rivals = [calibration.strength(one) for readings, one in ruled_out if not say_same(readings[0].text, best)]
    leads = [lead(strengths, rivals), *[0.0] * (len(order) - 1)]
    return [
        Candidate(groups[number][0], calibration.confidence(strengths[number], ahead))
        for number, ahead in zip(order, leads, strict=True)
    ]


def reranked(trace: Trace, calibration: Calibration, published: Mapping[str, str] | None = None) -> list[Hit]:
    """The hits by the strength of their best reading: its margin and the retrieval score together; best first.

    Hits without a reading keep their order, after the others. With `published`, the dates of articles by id, hits of
    about equal confidence (`index.recency`) come newest first.
    """
    bests: dict[str, Reading] = {}
    for reading in sorted(trace.readings, key=lambda one: one.margin):
        bests[reading.passage.id] = reading

    def strength(hit: Hit) -> float:
        best = bests[hit.passage.id]
        return calibration.strength(Evidence(best.margin, hit.score, 0, *_first(best)))

    read = sorted((hit for hit in trace.hits if hit.passage.id in bests), key=strength, reverse=True)
    if published is not None:
        dates = published
        read = newest_among_equals(
            read,
            lambda hit: calibration.confidence(strength(hit), 0.0),
            lambda hit: dates.get(hit.passage.article_id, ""),
        )
    return read + [hit for hit in trace.hits if hit.passage.id not in bests]


def has_words(question: str) -> bool:
    """Whether a question has a letter or digit; without one, nothing answers it, whatever the scores say."""
    return any(map(str.isalnum, question))


def weighed(trace: Trace) -> list[tuple[tuple[Reading, ...], Evidence]]:
    """The readings of each distinct answer with the evidence for it, the one with the best reading first.

    Words that cannot be of the kind that is asked for are no answer (`rag.decision.answer_type`).
    """
    return _weighed(trace, [reading for reading in trace.readings if is_possible(trace.query, reading)])


def _weighed(trace: Trace, readings: Iterable[Reading]) -> list[tuple[tuple[Reading, ...], Evidence]]:
    scores = {hit.passage.id: hit.score for hit in trace.hits}
    return [(alike, evidence(alike, scores, trace.stories)) for alike in group(readings)]


def evidence(
    readings: tuple[Reading, ...], scores: Mapping[str, float], stories: Mapping[str, str] = NO_STORIES
) -> Evidence:
    """The evidence for the answer of these readings; `scores` are those of the hits by passage id.

    A copy of a story is no second source, nor is another article that quotes the passage. `stories` has the story of
    each article that has copies, by article id.
    """
    best = readings[0]
    sources = independent(readings, lambda reading, other: _is_one_source(reading, other, stories))
    return Evidence(best.margin, scores.get(best.passage.id, 0.0), len(sources) - 1, *_first(best))


def _first(reading: Reading) -> tuple[float, float]:
    """What the fast reader thinks of a careful one's reading, as evidence."""
    if reading.first is None:
        return 0.0, 0.0
    return max(min(reading.first.margin, MOST_FIRST), -MOST_FIRST), float(reading.first.shares_words)


def lead(strengths: list[float], rivals: Sequence[float] = ()) -> float:
    """How far the strongest is ahead of the next, or of the strongest rival that is no answer, 0 to `MOST_LEAD`."""
    first, *others = sorted(strengths, reverse=True) or [0.0]
    second = max([*others[:1], *rivals], default=first - MOST_LEAD)
    return max(min(first - second, MOST_LEAD), 0.0)


def _is_one_source(reading: Reading, other: Reading, stories: Mapping[str, str]) -> bool:
    return source_of(reading, stories) == source_of(other, stories) or are_copies(
        reading.passage.text, other.passage.text
    )
