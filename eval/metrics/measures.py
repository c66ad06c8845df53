"""The measures: every metric's name, how it is computed, which way is better, and how a report shows it.

A new metric is one more entry of `MEASURES`; docs/guides/metrics.md explains it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Literal

from eval.datasets.example import has_place
from eval.metrics.answer_metrics import Floats, area_under_risk, calibration_error, ndcg, reciprocal_rank, success
from eval.metrics.column import Column, Statistic, average, share
from eval.metrics.judge import JudgedQuestion, judged
from eval.metrics.judged_run import JudgedRun
from eval.metrics.verbatim import place
from eval.run import Run
from rag.decision.decide import decide

Group = Literal["Answers", "Retrieval", "Confidence"]
Values = Iterable[tuple[float, ...]]  # a question's number, and what the statistic is computed from


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric. `values` are those of each question it is about, none where the set cannot tell it.

    `higher_is_better` is None where neither way is; the gate pins the others. `is_exact`: no noise excuses a change.
    `is_share`: a report shows it in per cent. A report's key figures are the measures with a `label`, by `group`;
    `{found}` in it stands for what is retrieved, passage or article.
    """

    name: str
    values: Callable[[JudgedRun], Values]
    statistic: Statistic = share
    higher_is_better: bool | None = True
    is_exact: bool = False
    is_share: bool = True
    label: str = ""
    group: Group = "Answers"


def columns(run: Run, threshold: float) -> dict[str, Column]:
    """The values of each measure at a threshold, in the order of `MEASURES`, without those the set cannot tell.

    Every question counts in every mean it belongs to: one that was missed, or not asked, counts 0.
    """
    judged_run = JudgedRun.of(run, threshold)
    found = ((one, list(one.values(judged_run))) for one in MEASURES.values())
    return {one.name: Column.of(values, one.statistic) for one, values in found if values}


def _of_answers(
    value: Callable[[JudgedQuestion, float], float], answerable: bool | None = None
) -> Callable[[JudgedRun], Values]:
    """The value at the threshold of each question, or of those alone that something answers, or nothing."""
    return lambda run: [
        (number, value(one, run.threshold))
        for number, one in enumerate(run.questions)
        if answerable in (None, one.answerable)
    ]


def _em(one: JudgedQuestion, threshold: float) -> float:
    return one.em if one.is_given(threshold) else one.withheld


def _f1(one: JudgedQuestion, threshold: float) -> float:
    return one.f1 if one.is_given(threshold) else one.withheld


def _in_place(run: JudgedRun) -> Values:
    if not any(has_place(record.example) for record in run.run.settled.records):
        return ()
    return _of_answers(lambda one, threshold: one.in_place * one.is_given(threshold), answerable=True)(run)


def _golds_placed(run: JudgedRun) -> Values:
    """Whether the library has a gold of each answerable question; only a .jsonl set leaves that open."""
    if run.run.header.kind != "jsonl":
        return []
    pairs = enumerate(zip(run.questions, run.run.settled.records, strict=True))
    placed = [(number, has_place(record.example)) for number, (one, record) in pairs if one.answerable]
    return placed if any(flag for _, flag in placed) else []


def _wrong_avoided(run: JudgedRun) -> Values:
    """Whether an answer that was judged wrong is not given again, over the questions that have one, settled or not."""
    if run.run.header.kind == "beir":
        return
    for number, record in enumerate(run.run.records):
        if record.example.wrong:
            one = judged(record, run.run.header.reader.calibration)
            yield number, not (one.is_given(run.threshold) and one.repeated)


def _quotes_verbatim(run: JudgedRun) -> Values:
    """Whether the words of each quote of each reply stand where it says; several quotes a question."""
    if run.run.header.kind == "beir":
        return
    for number, record in enumerate(run.run.records):
        for candidate in decide(record.trace, run.threshold, run.run.header.reader.calibration).believed:
            for reading in candidate.readings:
                yield number, place(reading.passage.article_id, reading.article_span) not in record.broken


def _confidence_and_right(run: JudgedRun) -> Values:
    """Of the answers given."""
    return [
        (number, one.confidence, one.right) for number, one in enumerate(run.questions) if one.is_given(run.threshold)
    ]


def _confidence_and_wrong(run: JudgedRun) -> Values:
    """Of all answers that could be given."""
    return [
        (number, one.confidence, 1 - one.right) for number, one in enumerate(run.questions) if one.confidence > -inf
    ]


def _of_ranks(
    value: Callable[[Sequence[float], int], float], k: int, is_reranked: bool = False
) -> Callable[[JudgedRun], Values]:
    """The value of the first k ranks of each question; none where fewer passages were retrieved."""
    return lambda run: [
        (number, value(gains, k))
        for number, gains in (run.reranked if is_reranked else run.retrieved)
        if k <= run.run.header.depth
    ]


def _ndcg(run: JudgedRun) -> Values:
    if run.run.header.kind != "beir" or run.run.header.depth < 10:
        return
    records = run.run.settled.records
    for number, gains in run.retrieved:
        yield number, ndcg(gains, [float(grade) for grade in records[number].example.relevant.values()], 10)


def _ece(rows: Floats) -> float:
    confidences, right = rows
    return calibration_error(confidences, right)


def _aurc(rows: Floats) -> float:
    confidences, wrong = rows
    return area_under_risk(confidences, wrong)


# fmt: off
_TABLE = (
    Measure("answered", _of_answers(lambda one, threshold: one.is_given(threshold)), higher_is_better=None,
            label="questions answered"),
    Measure("contains", _of_answers(lambda one, threshold: one.right * one.is_given(threshold), answerable=True),
            label="of the answerable questions: answered, the gold answer in the quote"),
    Measure("right_place", _in_place, label="… and the quote stands where that gold answer does"),
    Measure("forced_contains", _of_answers(lambda one, _: one.right, answerable=True),
            label="… if nothing were withheld: the best reading holds the gold answer"),
    Measure("noans", _of_answers(_em, answerable=False), label="of the questions that nothing answers: refused"),
    Measure("wrong_avoided", _wrong_avoided, label="an answer judged wrong before, not given again"),
    Measure("em", _of_answers(_em), label="exactly the gold answer, or rightly nothing"),
    Measure("f1", _of_answers(_f1), average, label="words shared with the gold answer"),
    Measure("hasans_em", _of_answers(_em, answerable=True)),
    Measure("hasans_f1", _of_answers(_f1, answerable=True), average),
    Measure("forced_em", _of_answers(lambda one, _: one.em, answerable=True)),
    Measure("forced_f1", _of_answers(lambda one, _: one.f1, answerable=True), average),
    Measure("golds_placed", _golds_placed, is_exact=True),
    Measure("quotes_verbatim", _quotes_verbatim, is_exact=True,
            label="quotes that stand word for word where they say"),
    Measure("success@1", _of_ranks(success, 1), group="Retrieval", label="the first {found} is a right one"),
    Measure("success@5", _of_ranks(success, 5), group="Retrieval", label="a right one is among the first five"),
    Measure("success@10", _of_ranks(success, 10), group="Retrieval", label="a right one is among the first ten"),
    Measure("reranked_success@1", _of_ranks(success, 1, is_reranked=True), group="Retrieval"),
    Measure("reranked_success@5", _of_ranks(success, 5, is_reranked=True), group="Retrieval"),
    Measure("mrr@10", _of_ranks(reciprocal_rank, 10), average, is_share=False, group="Retrieval",
            label="1 / rank of the first right one, on average"),
    Measure("ndcg@10", _ndcg, average, is_share=False, group="Retrieval",
            label="the first ten against the best order of all that is relevant"),
    Measure("ece", _confidence_and_right, _ece, higher_is_better=False, is_share=False, group="Confidence",
            label="gap between confidence and truth; lower is better"),
    Measure("aurc", _confidence_and_wrong, _aurc, higher_is_better=False, is_share=False, group="Confidence",
            label="mean risk over all coverages; lower is better"),
)
# fmt: on
MEASURES = {one.name: one for one in _TABLE}
