"""Figures out of outcomes: medians over the rounds, percentiles over the questions, and the bars they are held to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median

import numpy as np

from benchmarks.measurement import OURS
from benchmarks.outcome import Outcome, Scored, Step

_MANY = 3.0  # times as fast as the neighbours
_MOST_MS = 120.0  # of a warm question


@dataclass(frozen=True, slots=True)
class Figures:
    """What one system came to; None where it does not do that, or failed.

    Times in seconds, memory and size in bytes; `rate` is passages a second, `equal_rate` that with the passages that
    all are given alike. `answer` is the time of a question as the system answers it, `whole` that with every passage
    read, also by one that stops where it is sure.
    """

    system: str
    passages: int | None
    passage_words: float | None
    rate: float | None
    words_rate: float | None
    equal_rate: float | None
    adding: float | None
    cold: float | None
    retrieve: float | None
    retrieve_p95: float | None
    answer: float | None
    answer_p95: float | None
    whole: float | None
    whole_p95: float | None
    peak_indexing: float | None
    peak_asking: float | None
    size: float | None
    first: float | None
    first_five: float | None
    words_read: float | None
    em: float | None
    f1: float | None


@dataclass(frozen=True, slots=True)
class Bar:
    """What is asked of a figure, what it is, and whether that is enough; None where it could not be measured."""

    name: str
    wanted: str
    reached: str
    is_met: bool | None


def figures(system: str, outcomes: Iterable[Outcome], words: int) -> Figures:
    """The figures of a system, whose articles have so many words."""
    own = [one for one in outcomes if one.system == system and not one.fault]
    index, asking = _of(own, "index"), _of(own, "ask")
    questions = [Scored(**record) for one in asking for record in one.reply["questions"]]
    retrieves, answers, wholes = (_known(questions, name) for name in ("retrieve", "answer", "whole"))
    passages = int(index[0].reply["passages"]) if index else None
    return Figures(
        system=system,
        passages=passages,
        passage_words=words / passages if passages else None,
        rate=_middle(index, _rate),
        words_rate=_middle(index, lambda one: words / one.reply["seconds"]),
        equal_rate=_middle(_of(own, "equal"), _rate),
        adding=_middle(index, lambda one: one.wall),
        cold=_middle(_of(own, "cold"), lambda one: one.wall if system == OURS else one.first),
        retrieve=_quantile(retrieves, 0.5),
        retrieve_p95=_quantile(retrieves, 0.95),
        answer=_quantile(answers, 0.5),
        answer_p95=_quantile(answers, 0.95),
        whole=_quantile(wholes, 0.5),
        whole_p95=_quantile(wholes, 0.95),
        peak_indexing=_middle(index, lambda one: one.peak),
        peak_asking=_middle(asking, lambda one: one.peak),
        size=_middle(asking, lambda one: one.reply["size"]),
        first=_mean([float(one.rank == 1) for one in questions]),
        first_five=_mean([float(one.rank > 0) for one in questions]),
        words_read=_mean(_known(questions, "words")),
        em=_mean(_known(questions, "em")),
        f1=_mean(_known(questions, "f1")),
    )


def bars(systems: Mapping[str, Figures]) -> list[Bar]:
    """Pullquote's figures held to what is asked of it beside its neighbours; nothing where it was not measured."""
    if OURS not in systems:
        return []
    ours, others = systems[OURS], [one for name, one in systems.items() if name != OURS]
    haystack = [one for one in others if one.system == "haystack"]
    answer = ours.answer * 1000 if ours.answer else None
    return [
        _times("Indexing the same passages", ours.equal_rate, _best(others, "equal_rate", max), "the fastest"),
        _times("Indexing, words a second", ours.words_rate, _best(others, "words_rate", max), "the fastest"),
        _times("A warm question", _inverse(ours.answer), _inverse(_best(haystack, "answer", min)), "Haystack"),
        _times(
            "The same, all passages read", _inverse(ours.whole), _inverse(_best(haystack, "whole", min)), "Haystack"
        ),
        Bar(
            "A warm question, median",
            f"at most {_MOST_MS:.0f} ms",
            f"{answer:.0f} ms" if answer else "–",
            answer <= _MOST_MS if answer else None,
        ),
        _times("Cold start", _inverse(ours.cold), _inverse(_best(others, "cold", min)), "the fastest"),
        _below("Peak memory while indexing", ours.peak_indexing, _best(others, "peak_indexing", min)),
        _below("Peak memory while asking", ours.peak_asking, _best(others, "peak_asking", min)),
    ]


def _times(name: str, ours: float | None, theirs: float | None, whose: str) -> Bar:
    wanted = f"at least {_MANY:.0f} times as fast as {whose}"
    if not (ours and theirs):
        return Bar(name, wanted, "–", None)
    return Bar(name, wanted, f"{ours / theirs:.2f} times", ours / theirs >= _MANY)


def _below(name: str, ours: float | None, theirs: float | None) -> Bar:
    if not (ours and theirs):
        return Bar(name, "below all", "–", None)
    return Bar(name, "below all", f"{ours / theirs:.2f} of the least", ours < theirs)


def _of(outcomes: Iterable[Outcome], step: Step) -> list[Outcome]:
    return [one for one in outcomes if one.step == step]


def _rate(one: Outcome) -> float:
    return float(one.reply["passages"]) / float(one.reply["seconds"])


def _middle(outcomes: Sequence[Outcome], value: Callable[[Outcome], float]) -> float | None:
    return median(map(value, outcomes)) if outcomes else None


def _known(questions: Iterable[Scored], name: str) -> list[float]:
    return [value for one in questions if (value := getattr(one, name)) is not None]


def _quantile(values: Sequence[float], share: float) -> float | None:
    return float(np.quantile(values, share)) if values else None


def _mean(values: Sequence[float]) -> float | None:
    return fmean(values) if values else None


def _best(systems: Iterable[Figures], name: str, choose: Callable[[list[float]], float]) -> float | None:
    values = [value for one in systems if (value := getattr(one, name)) is not None]
    return choose(values) if values else None


def _inverse(value: float | None) -> float | None:
    return 1 / value if value else None
