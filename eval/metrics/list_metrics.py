"""Precision, recall and F1 of answers of several spans, as MultiSpanQA (Li et al. 2022) has them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from eval.metrics.answer_metrics import normalised

Pair = tuple[Sequence[str], Sequence[str]]  # the spans of an answer, and those of its question's gold answer


@dataclass(frozen=True, slots=True)
class SpanFigures:
    """Shares, 0..1, of the answers' spans that are right and of the gold spans that are found."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def exact_match(pairs: Iterable[Pair]) -> SpanFigures:
    """Over the spans of all questions; a span is right that equals a gold span, both normalised as SQuAD does."""
    return _figures(pairs, lambda one, other: float(one == other))


def partial_match(pairs: Iterable[Pair]) -> SpanFigures:
    """As `exact_match`, but a span counts by its longest run of characters that a span of the other side has too."""
    return _figures(pairs, _overlap)


def _figures(pairs: Iterable[Pair], right: Callable[[str, str], float]) -> SpanFigures:
    """A question without an answer counts as one wrong span, as the official script has it."""
    found = wanted = 0
    precise = recalled = 0.0
    for answer, golds in pairs:
        spans, gold_spans = (sorted(set(map(normalised, one)) - {""}) for one in (answer, golds))
        found += max(len(spans), 1)
        wanted += max(len(gold_spans), 1)
        precise += sum(max((right(span, gold) for gold in gold_spans), default=0.0) for span in spans)
        recalled += sum(max((right(gold, span) for span in spans), default=0.0) for gold in gold_spans)
    return SpanFigures(precise / max(found, 1), recalled / max(wanted, 1))


def _overlap(span: str, other: str) -> float:
    longest = SequenceMatcher(None, span, other, autojunk=False).find_longest_match()
    return longest.size / len(span)
