"""The gate: figures that may not get worse, pinned in baseline.json with what they were measured on and with."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.errors import PullquoteError
from eval.ask import RunPlan
from eval.evaluate import evaluate
from eval.metrics.interval import Estimate
from eval.metrics.measures import MEASURES, Measure
from eval.metrics.score import RunScore
from eval.run import Mode
from eval.temporary_library import Progress, silent
from rag.settings import Settings

BASELINE = Path(__file__).with_name("baseline.json")
_LEAST_NOISE = 0.01  # what another processor's arithmetic may cost
_NOISY_QUESTIONS = 2


@dataclass(frozen=True, slots=True)
class Floor:
    """The worst that a metric may come to: `value` less `noise`, or `value` plus `noise` where lower is better."""

    value: float
    noise: float


@dataclass(frozen=True, slots=True)
class Pinned:
    """The floors of one set in one mode; `path` is relative to this package."""

    set: str
    mode: Mode
    path: str
    digest: str
    encoder: str
    reader: str
    n: int
    floors: dict[str, Floor]


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that got worse, or can no longer be compared; `why` is a sentence with a way out."""

    set: str
    mode: str
    metric: str | None
    why: str


class BaselineMissing(PullquoteError):
    """There is no baseline that can be read; restore eval/baseline.json, or pin results anew."""


class LoweredFloor(PullquoteError):
    """Pinning would allow a worse figure; mend it, or allow the regression and say why in the commit."""


def load_baseline(path: Path = BASELINE) -> list[Pinned]:
    """What is pinned in a baseline file; BaselineMissing where there is none that can be read."""
    try:
        return [
            Pinned(**entry | {"floors": {name: Floor(**floor) for name, floor in entry["floors"].items()}})
            for entry in json.loads(path.read_text(encoding="utf-8"))["pinned"]
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BaselineMissing(
            f"There is no baseline that can be read at {path}; restore eval/baseline.json, or pin results anew."
        ) from error


def save_baseline(baseline: list[Pinned], path: Path = BASELINE) -> None:
    """Writes a baseline file, in an order that makes its changes easy to read."""
    entries = [asdict(pinned) for pinned in sorted(baseline, key=lambda one: (one.set, one.mode))]
    path.write_text(json.dumps({"pinned": entries}, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def measure(pinned: Pinned, settings: Settings, progress: Progress = silent) -> RunScore:
    """The figures of a pinned set, measured now."""
    _, result = evaluate(BASELINE.parent / pinned.path, RunPlan(pinned.mode), settings, progress)
    return result


def check(baseline: list[Pinned], result: RunScore) -> list[Failure]:
    """Every metric that is worse than its floor by more than the noise, or why nothing can be compared."""
    pinned = _pinned(baseline, result)
    if pinned is None:
        return [Failure(result.set, result.mode, None, f"Nothing is pinned for {_name(result)}; pin this result.")]
    if changed := _changed(pinned, result):
        why = f"{_name(result)} cannot be compared with its baseline ({changed}); undo that, or pin this result."
        return [Failure(result.set, result.mode, None, why)]
    failures = []
    for metric, floor in pinned.floors.items():
        estimate = result.metrics.get(metric)
        if estimate is None or _worse_by(metric, estimate.value, floor.value) > floor.noise:
            now = "is missing" if estimate is None else f"is {estimate.value:.4f}"
            allowed = "less" if metric not in MEASURES or MEASURES[metric].higher_is_better else "plus"
            why = (
                f"{metric} of {_name(result)} {now}, its floor {floor.value:.4f} {allowed} {floor.noise:.4f}; mend "
                "what made it worse, or pin this result as a regression and say why."
            )
            failures.append(Failure(result.set, result.mode, metric, why))
    return failures


def pin(baseline: list[Pinned], result: RunScore, path: str, allow_regression: bool = False) -> list[Pinned]:
    """The baseline with this result as its set's floors; LoweredFloor where one would allow worse and may not.

    `path` is where the set lies, relative to this package.
    """
    former = _pinned(baseline, result)
    floors = {
        name: _floor(MEASURES[name], estimate)
        for name, estimate in result.metrics.items()
        if MEASURES[name].higher_is_better is not None
    }
    if former and not allow_regression:
        worse = [
            name
            for name, floor in former.floors.items()
            if name not in floors or _worse_by(name, floors[name].value, floor.value) > 0
        ]
        if worse:
            raise LoweredFloor(
                f"Pinning {_name(result)} would allow worse {', '.join(worse)}; mend what made them worse, or allow "
                "the regression and say why in the commit."
            )
    pinned = Pinned(result.set, result.mode, path, result.digest, result.encoder, result.reader, result.n, floors)
    return [one for one in baseline if one != former] + [pinned]


def _pinned(baseline: list[Pinned], result: RunScore) -> Pinned | None:
    return next((one for one in baseline if (one.set, one.mode) == (result.set, result.mode)), None)


def _changed(pinned: Pinned, result: RunScore) -> str:
    """What the two were not measured alike on or with, or an empty string."""
    if pinned.digest != result.digest:
        return "the set's digest has changed"
    if pinned.n != result.n:
        return f"{result.n} questions were asked, {pinned.n} are pinned"
    for name in ("encoder", "reader"):
        then, now = getattr(pinned, name), getattr(result, name)
        if then != now:
            return f"the {name} is {now}, {then} is pinned"
    return ""


def _floor(measure: Measure, estimate: Estimate) -> Floor:
    """The estimate to four digits, rounded towards the worse."""
    rounded = math.floor if measure.higher_is_better else math.ceil
    noise = 0.0 if measure.is_exact else round(max(_LEAST_NOISE, _NOISY_QUESTIONS / estimate.n), 4)
    return Floor(rounded(estimate.value * 10_000) / 10_000, noise)


def _worse_by(metric: str, value: float, floor: float) -> float:
    """By how much a figure is worse than another; negative where it is better."""
    return floor - value if MEASURES[metric].higher_is_better else value - floor


def _name(result: RunScore) -> str:
    return f"{result.set} ({result.mode})"
