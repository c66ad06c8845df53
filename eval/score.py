"""Figures of a run at a threshold, in the names and shape that `pullquote eval run --json` prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import inf
from typing import Any

import numpy as np

from eval.interval import Estimate, mean, proportion, resampled
from eval.judge import Judged, gains, has_place, judged
from eval.metrics import area_under_risk, calibration_error, ndcg, reciprocal_rank, success
from eval.run import Mode, Record, Run
from eval.verbatim import place
from rag.decide import decide

Metrics = dict[str, Estimate]
_CUTS = (1, 5, 10)
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Result:
    """The figures of `n` questions, with what they were measured on and with."""

    set: str
    mode: Mode
    n: int
    metrics: Mapping[str, Estimate]
    seconds: float
    threshold: float
    digest: str
    encoder: str
    reader: str

    def as_json(self) -> dict[str, Any]:
        """The contract's fields alone, as JSON values."""
        metrics = {
            name: {key: round(value, _DIGITS) for key, value in asdict(estimate).items()}
            for name, estimate in self.metrics.items()
        }
        seconds = round(self.seconds, 3)
        return {"set": self.set, "mode": self.mode, "n": self.n, "metrics": metrics, "seconds": seconds}


def score(run: Run, threshold: float | None = None) -> Result:
    """The run's figures at a threshold (default: the one it was made for), without those the set cannot tell.

    Every question counts in every mean it belongs to: one that was missed, or not asked, counts 0.
    """
    header = run.header
    threshold = header.threshold if threshold is None else threshold
    metrics: Metrics = {}
    if header.kind != "beir":
        all_judged = [judged(record, header.reader.calibration) for record in run.records]
        metrics |= _answers(all_judged, threshold)
        metrics |= _places(run, all_judged, threshold)
        metrics |= _verbatim(run, threshold)
        metrics |= _confidence(all_judged, threshold)
    metrics |= _retrieval(run)
    return Result(
        header.set, header.mode, len(run.records), metrics, header.seconds, threshold, header.digest, header.encoder,
        header.reader.name,
    )  # fmt: skip


def _answers(all_judged: list[Judged], threshold: float) -> Metrics:
    """EM and F1 as SQuAD 2.0 has them, over all, over the answerable, over the others; forced: nothing withheld."""
    given = [one.is_given(threshold) for one in all_judged]
    ems = [one.em if shown else one.withheld for one, shown in zip(all_judged, given, strict=True)]
    f1s = [one.f1 if shown else one.withheld for one, shown in zip(all_judged, given, strict=True)]
    some = [number for number, one in enumerate(all_judged) if one.answerable]
    none = [number for number, one in enumerate(all_judged) if not one.answerable]
    metrics = {"em": proportion(ems), "f1": mean(f1s)}
    if some:
        metrics["hasans_em"] = proportion([ems[number] for number in some])
        metrics["hasans_f1"] = mean([f1s[number] for number in some])
        metrics["contains"] = proportion([all_judged[number].right * given[number] for number in some])
        metrics["forced_em"] = proportion([all_judged[number].em for number in some])
        metrics["forced_f1"] = mean([all_judged[number].f1 for number in some])
        metrics["forced_contains"] = proportion([all_judged[number].right for number in some])
    if none:
        metrics["noans"] = proportion([ems[number] for number in none])
    metrics["answered"] = proportion([float(shown) for shown in given])
    return metrics


def _places(run: Run, all_judged: list[Judged], threshold: float) -> Metrics:
    """Whether right answers come from the right place, where the set and the library together tell it."""
    some = [(record, one) for record, one in zip(run.records, all_judged, strict=True) if one.answerable]
    if not any(has_place(record.example) for record, _ in some):
        return {}
    in_place = [one.in_place if one.is_given(threshold) else 0.0 for _, one in some]
    metrics = {"right_place": proportion(in_place)}
    if run.header.kind == "jsonl":  # of other sets every gold has a place
        metrics["golds_placed"] = proportion([float(has_place(record.example)) for record, _ in some])
    return metrics


def _verbatim(run: Run, threshold: float) -> Metrics:
    """The share of all quotes of all replies whose words stand where they say."""
    true = [
        float(place(reading.passage.article_id, reading.article_span) not in record.broken)
        for record in run.records
        for candidate in decide(record.trace, threshold, run.header.reader.calibration).believed
        for reading in candidate.readings
    ]
    return {"quotes_verbatim": proportion(true)} if true else {}


def _confidence(all_judged: list[Judged], threshold: float) -> Metrics:
    """ECE over the answers given; AURC over all that could be given."""
    metrics: Metrics = {}
    sure = [one for one in all_judged if one.confidence > -inf]
    shown = [one for one in sure if one.is_given(threshold)]
    if shown:
        confidences = np.array([one.confidence for one in shown])
        right = np.array([one.right for one in shown])
        metrics["ece"] = resampled(lambda columns: calibration_error(columns[0], columns[1]), confidences, right)
    if sure:
        confidences = np.array([one.confidence for one in sure])
        wrong = np.array([1 - one.right for one in sure])
        metrics["aurc"] = resampled(lambda columns: area_under_risk(columns[0], columns[1]), confidences, wrong)
    return metrics


def _retrieval(run: Run) -> Metrics:
    """Success@k, MRR@10 and, where relevance is judged, nDCG@10; no k beyond what was retrieved."""
    asked = [record for record in run.records if record.example.golds or record.example.relevant]
    is_known = any(record.example.relevant or has_place(record.example) for record in asked)
    if run.header.mode == "given" or not is_known:
        return {}
    found = [gains(record) for record in asked]
    cuts = [k for k in _CUTS if k <= run.header.depth]
    metrics = {f"success@{k}": proportion([success(one, k) for one in found]) for k in cuts}
    if run.header.depth >= 10:
        metrics["mrr@10"] = mean([reciprocal_rank(one, 10) for one in found])
        if run.header.kind == "beir":
            metrics["ndcg@10"] = mean([_ndcg(record, one) for record, one in zip(asked, found, strict=True)])
    return metrics


def _ndcg(record: Record, found: list[float]) -> float:
    return ndcg(found, [float(relevance) for relevance in record.example.relevant.values()], 10)
