"""What every question of a run came to in each metric; a metric's figure is made of its column and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import inf

import numpy as np
from numpy.typing import NDArray

from eval.datasets.example import has_place
from eval.metrics.answer_metrics import Floats, area_under_risk, calibration_error, ndcg, reciprocal_rank, success
from eval.metrics.interval import Estimate, average, mean, proportion, resampled
from eval.metrics.judge import JudgedQuestion, gains, judged
from eval.metrics.verbatim import place
from eval.run import Record, Run
from rag.answer import Calibration
from rag.decision.decide import decide
from rag.decision.rank import reranked

Ints = NDArray[np.int64]
Statistic = Callable[[Floats], float]
_CUTS = (1, 5, 10)


@dataclass(frozen=True, slots=True)
class Column:
    """One metric's values: `rows` (k, n), and `questions` (n,), the number of the question that each is about.

    The figure is the `statistic` of the rows; a mean has one row (k = 1), and so has a share, all of it zeros and ones.
    """

    questions: Ints
    rows: Floats
    statistic: Statistic = average
    is_share: bool = False

    @property
    def value(self) -> float:
        """The figure without its interval."""
        return self.statistic(self.rows)

    @property
    def is_mean(self) -> bool:
        """Whether the figure is the mean of one value a question."""
        return self.statistic is average and len(np.unique(self.questions)) == len(self.questions)

    def estimate(self) -> Estimate:
        """The figure with its interval: Wilson's for shares, the bootstrap's for everything else."""
        if self.is_share:
            return proportion(self.rows[0].tolist())
        return mean(self.rows[0]) if self.statistic is average else resampled(self.statistic, *self.rows)


Columns = dict[str, Column]


def columns(run: Run, threshold: float) -> Columns:
    """The run's metrics at a threshold, without those the set cannot tell.

    Every question counts in every mean it belongs to: one that was missed, or not asked, counts 0.
    """
    found: Columns = {}
    settled = run.settled
    if run.header.kind != "beir":
        all_judged = [judged(record, run.header.reader.calibration) for record in settled.records]
        found |= _answers(all_judged, threshold) if all_judged else {}
        found |= _places(settled, all_judged, threshold)
        found |= _avoided(run, threshold)
        found |= _verbatim(run, threshold)
        found |= _confidence(all_judged, threshold)
    return found | _retrieval(settled)


def _mean(questions: Sequence[int], values: Sequence[float]) -> Column:
    return Column(np.array(questions, dtype=np.int64), np.array([values], dtype=np.float64))


def _share(questions: Sequence[int], flags: Sequence[float]) -> Column:
    return Column(np.array(questions, dtype=np.int64), np.array([flags], dtype=np.float64), is_share=True)


def _answers(all_judged: list[JudgedQuestion], threshold: float) -> Columns:
    """EM and F1 as SQuAD 2.0 has them, over all, over the answerable, over the others; forced: nothing withheld."""
    given = [one.is_given(threshold) for one in all_judged]
    ems = [one.em if shown else one.withheld for one, shown in zip(all_judged, given, strict=True)]
    f1s = [one.f1 if shown else one.withheld for one, shown in zip(all_judged, given, strict=True)]
    every = range(len(all_judged))
    some = [number for number in every if all_judged[number].answerable]
    none = [number for number in every if not all_judged[number].answerable]
    found = {"em": _share(every, ems), "f1": _mean(every, f1s)}
    if some:
        found["hasans_em"] = _share(some, [ems[number] for number in some])
        found["hasans_f1"] = _mean(some, [f1s[number] for number in some])
        found["contains"] = _share(some, [all_judged[number].right * given[number] for number in some])
        found["forced_em"] = _share(some, [all_judged[number].em for number in some])
        found["forced_f1"] = _mean(some, [all_judged[number].f1 for number in some])
        found["forced_contains"] = _share(some, [all_judged[number].right for number in some])
    if none:
        found["noans"] = _share(none, [ems[number] for number in none])
    found["answered"] = _share(every, [float(shown) for shown in given])
    return found


def _places(run: Run, all_judged: list[JudgedQuestion], threshold: float) -> Columns:
    """Whether right answers come from the right place, where the set and the library together tell it."""
    some = [number for number, one in enumerate(all_judged) if one.answerable]
    is_placed = [has_place(run.records[number].example) for number in some]
    if not any(is_placed):
        return {}
    best = [all_judged[number] for number in some]
    found = {"right_place": _share(some, [one.in_place if one.is_given(threshold) else 0.0 for one in best])}
    if run.header.kind == "jsonl":  # of other sets every gold has a place
        found["golds_placed"] = _share(some, [float(flag) for flag in is_placed])
    return found


def _avoided(run: Run, threshold: float) -> Columns:
    """Whether an answer that was judged wrong is not given again, over the questions that have one."""
    some = [number for number, record in enumerate(run.records) if record.example.wrong]
    best = [judged(run.records[number], run.header.reader.calibration) for number in some]
    flags = [float(not (one.is_given(threshold) and one.repeated)) for one in best]
    return {"wrong_avoided": _share(some, flags)} if some else {}


def _verbatim(run: Run, threshold: float) -> Columns:
    """Whether the words of each quote of each reply stand where it says."""
    true = [
        (number, float(place(reading.passage.article_id, reading.article_span) not in record.broken))
        for number, record in enumerate(run.records)
        for candidate in decide(record.trace, threshold, run.header.reader.calibration).believed
        for reading in candidate.readings
    ]
    questions, flags = [number for number, _ in true], [flag for _, flag in true]
    return {"quotes_verbatim": _share(questions, flags)} if true else {}


def _confidence(all_judged: list[JudgedQuestion], threshold: float) -> Columns:
    """ECE over the answers given; AURC over all that could be given."""
    found: Columns = {}
    sure = [number for number, one in enumerate(all_judged) if one.confidence > -inf]
    shown = [number for number in sure if all_judged[number].is_given(threshold)]
    if shown:
        rows = [[all_judged[number].confidence for number in shown], [all_judged[number].right for number in shown]]
        found["ece"] = Column(np.array(shown), np.array(rows), _ece)
    if sure:
        rows = [[all_judged[number].confidence for number in sure], [1 - all_judged[number].right for number in sure]]
        found["aurc"] = Column(np.array(sure), np.array(rows), _aurc)
    return found


def _ece(rows: Floats) -> float:
    confidences, right = rows
    return calibration_error(confidences, right)


def _aurc(rows: Floats) -> float:
    confidences, wrong = rows
    return area_under_risk(confidences, wrong)


def _retrieval(run: Run) -> Columns:
    """Success@k, also in the reader's order, MRR@10 and, where judged, nDCG@10; no k beyond what was retrieved."""
    examples = [record.example for record in run.records]
    asked = [number for number, one in enumerate(examples) if one.golds or one.relevant]
    is_known = any(examples[number].relevant or has_place(examples[number]) for number in asked)
    if run.header.mode == "given" or not is_known:
        return {}
    ranks = [gains(run.records[number]) for number in asked]
    cuts = [k for k in _CUTS if k <= run.header.depth]
    found = {f"success@{k}": _share(asked, [success(one, k) for one in ranks]) for k in cuts}
    if any(run.records[number].trace.readings for number in asked):
        after = [gains(_reranked(run.records[number], run.header.reader.calibration)) for number in asked]
        found |= {f"reranked_success@{k}": _share(asked, [success(one, k) for one in after]) for k in cuts[:2]}
    if run.header.depth >= 10:
        found["mrr@10"] = _mean(asked, [reciprocal_rank(one, 10) for one in ranks])
        if run.header.kind == "beir":
            ndcgs = [_ndcg(run.records[number], one) for number, one in zip(asked, ranks, strict=True)]
            found["ndcg@10"] = _mean(asked, ndcgs)
    return found


def _reranked(record: Record, calibration: Calibration) -> Record:
    return replace(record, trace=replace(record.trace, hits=tuple(reranked(record.trace, calibration))))


def _ndcg(record: Record, found: list[float]) -> float:
    return ndcg(found, [float(relevance) for relevance in record.example.relevant.values()], 10)
