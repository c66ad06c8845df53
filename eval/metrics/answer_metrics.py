"""Metrics as pure functions on values; docs/guides/metrics.md has every formula with what it is often confused with.

Each takes the values of one question, or of a list of questions, all of which count.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Mapping, Sequence
from math import log2

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)
_TYPOGRAPHY = str.maketrans(
    {"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": " ", "—": " ", "…": " "}
)


def normalised(text: str) -> str:
    """The text as SQuAD compares it: lower case, no ASCII punctuation, no a/an/the, single spaces.

    Not the same as raw equality: "The Broncos!" and "broncos" are equal here. Curly quotes and dashes stay.
    """
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def em(prediction: str, golds: Sequence[str]) -> float:
    """Exact match: 1.0 if the normalised prediction equals that of any gold, else 0.0.

    No golds means that nothing answers: then only an empty prediction is right.
    """
    predicted = normalised(prediction)
    return float(any(predicted == gold for gold in _normalised_golds(golds)))


def f1(prediction: str, golds: Sequence[str]) -> float:
    """The best harmonic mean of word precision and recall over the golds, words counted as often as they occur.

    Where either side has no words: 1.0 if both have none, else 0.0 (so a no-answer question scores as in EM).
    """
    predicted = normalised(prediction).split()
    return max(_word_f1(predicted, gold.split()) for gold in _normalised_golds(golds))


def _normalised_golds(golds: Sequence[str]) -> list[str]:
    """The normalised golds that still say something; one empty gold where none does, as SQuAD 2.0 has it."""
    return [words for gold in golds if (words := normalised(gold))] or [""]


def _word_f1(predicted: list[str], gold: list[str]) -> float:
    if not predicted or not gold:
        return float(predicted == gold)
    shared = sum((Counter(predicted) & Counter(gold)).values())
    if shared == 0:
        return 0.0
    precision, recall = shared / len(predicted), shared / len(gold)
    return 2 * precision * recall / (precision + recall)


def contains(prediction: str, gold: str) -> bool:
    """Whether the gold's normalised words stand, one after the other, in the prediction's.

    Whole words: "art" is not in "party". Curly quotes and dashes are punctuation here, as straight ones are. Longer
    predictions contain more: read it beside F1.
    """
    words = normalised(gold.translate(_TYPOGRAPHY))
    return bool(words) and f" {words} " in f" {normalised(prediction.translate(_TYPOGRAPHY))} "


def success(gains: Sequence[float], k: int) -> float:
    """1.0 if anything relevant is among the first k, else 0.0 (hit rate; SQuAD papers call it recall@k).

    Not recall@k as information retrieval has it, which is the share of all that is relevant.
    """
    return float(any(gain > 0 for gain in gains[:k]))


def reciprocal_rank(gains: Sequence[float], k: int) -> float:
    """1 / rank of the first relevant one among the first k, 0.0 where there is none; its mean is MRR@k."""
    return next((1 / rank for rank, gain in enumerate(gains[:k], start=1) if gain > 0), 0.0)


def ndcg(gains: Sequence[float], judged: Sequence[float], k: int) -> float:
    """DCG@k of the gains over that of the judged ones, best first: sum of gain / log2(rank + 1), as trec_eval.

    The gain is the relevance itself, not 2^relevance - 1; the ideal counts everything judged, found or not.
    """
    ideal = _dcg(sorted(judged, reverse=True), k)
    return _dcg(gains, k) / ideal if ideal > 0 else 0.0


def _dcg(gains: Sequence[float], k: int) -> float:
    return sum(max(gain, 0.0) / log2(rank + 1) for rank, gain in enumerate(gains[:k], start=1))


def article_gains(article_ids: Sequence[str], relevant: Mapping[str, int]) -> list[float]:
    """The relevance of each article at the rank of its first passage; its later passages take no rank."""
    return [float(relevant.get(article, 0)) for article in dict.fromkeys(article_ids)]


def calibration_error(confidences: Floats, right: Floats) -> float:
    """ECE: mean |share right - mean confidence| over ten bins of equal width, weighted by their answers.

    Only about answers that were given; a low ECE says that confidences mean what they say, not that answers are good.
    """
    bins = np.minimum((confidences * 10).astype(int), 9)
    weight = np.bincount(bins, minlength=10)
    gap = np.abs(np.bincount(bins, right, 10) - np.bincount(bins, confidences, 10))
    return float(gap[weight > 0].sum() / max(weight.sum(), 1))


def risks(confidences: Floats, wrong: Floats) -> Floats:
    """The share wrong among the n most certain answers, for n = 1, 2, ...: risk at coverage n / all.

    Equal confidences stand or fall together, so each has the risk of the last of them.
    """
    order = np.argsort(-confidences, kind="stable")
    running = np.cumsum(wrong[order]) / np.arange(1, len(order) + 1)
    last = np.searchsorted(-confidences[order], -confidences[order], side="right") - 1
    risk: Floats = running[last]
    return risk


def area_under_risk(confidences: Floats, wrong: Floats) -> float:
    """AURC: the mean risk over all coverages; lower is better, and 0 only if every answer is right.

    It mixes how often answers are wrong with how well confidence sorts them; compare on the same questions only.
    """
    return float(risks(confidences, wrong).mean()) if len(confidences) else 0.0


def best_threshold(confidences: Floats, given: Floats, withheld: Floats) -> tuple[float, float]:
    """The highest mean value any threshold reaches, and the lowest-coverage threshold that reaches it.

    A question is worth `given` where its confidence reaches the threshold, else `withheld`: SQuAD 2.0's best_exact and
    best_f1. Chosen on the very questions it is measured on, so it is too high; infinity means that no answer is best.
    """
    order = np.argsort(-confidences, kind="stable")
    means = (withheld.sum() + np.concatenate([[0.0], np.cumsum((given - withheld)[order])])) / max(len(confidences), 1)
    thresholds = np.concatenate([[np.inf], confidences[order]])
    ends = np.append(thresholds[1:] != thresholds[:-1], True)  # equal confidences stand or fall together
    best = int(np.argmax(np.where(ends & (thresholds > -np.inf), means, -np.inf)))
    return float(means[best]), float(thresholds[best])
