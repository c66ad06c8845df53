"""The floors of a folder: figures of each document that may not get worse, in a file `floors.json` of the folder.

Reading is deterministic, so that nothing is allowed for noise.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path

from corpus.errors import PullquoteError
from corpus.regular_file import read_regular
from eval.documents.measure import LOWER_IS_BETTER, Share
from eval.documents.score import DocumentScore

FILE = "floors.json"
_DIGITS = 10_000
Floors = dict[str, dict[str, float | str]]  # document: measure: floor, and `digest`


class BadFloors(PullquoteError):
    """The floors cannot be read; restore the file, or remove it and pin anew."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} holds no floors that can be read; restore it, or remove it and pin anew.")


class LoweredFloors(PullquoteError):
    """Pinning would allow worse figures; mend them, or allow the regression and say why in the commit."""

    def __init__(self, worse: Iterable[str]) -> None:
        super().__init__(
            f"Pinning would allow worse figures ({'; '.join(worse)}); mend what made them worse, or pin with "
            "--allow-regression and say why in the commit."
        )


def load_floors(folder: Path) -> Floors:
    """The floors of a folder, none where it has no such file; BadFloors where that cannot be read."""
    path = folder / FILE
    if not path.exists():
        return {}
    try:
        floors = json.loads(read_regular(path))
        return {
            name: {measure: str(floor) if measure == "digest" else float(floor) for measure, floor in document.items()}
            for name, document in floors.items()
        }
    except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise BadFloors(path) from error


def save_floors(folder: Path, floors: Floors) -> None:
    """Writes the file, a line for each document."""
    lines = (f"{json.dumps(name)}: {json.dumps(floors[name], sort_keys=True)}" for name in sorted(floors))
    (folder / FILE).write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def check(floors: Floors, scores: Iterable[DocumentScore]) -> list[str]:
    """A sentence for each figure that is worse than its floor, and each document that cannot be compared."""
    found = {score.name: score for score in scores}
    failures = [f"{name} has floors and no gold file; restore it, or pin anew." for name in floors if name not in found]
    for name, score in found.items():
        pinned = floors.get(name)
        if pinned is None:
            failures.append(f"{name} has no floors; pin them.")
        elif pinned.get("digest") != score.digest:
            failures.append(f"{name} or its gold file has changed; undo that, or pin anew.")
        else:
            failures += [
                f"{what}; mend what made it worse, or pin it as a regression and say why."
                for what in _worse(pinned, score)
            ]
    return failures


def pin(floors: Floors, scores: Iterable[DocumentScore], allow_regression: bool = False) -> Floors:
    """These scores as floors; LoweredFloors where one allows worse than `floors` and may not."""
    found = list(scores)
    worse = [
        what
        for score in found
        if (pinned := floors.get(score.name)) and pinned.get("digest") == score.digest
        for what in _worse(pinned, score)
    ]
    if worse and not allow_regression:
        raise LoweredFloors(worse)
    return {score.name: {"digest": score.digest} | _floors(score.shares) for score in found}


def _worse(pinned: Mapping[str, float | str], score: DocumentScore) -> list[str]:
    now = _floors(score.shares)
    worse = []
    for measure, floor in pinned.items():
        if isinstance(floor, str):
            continue
        value = now.get(measure, 0.0)
        is_worse = value > floor if measure in LOWER_IS_BETTER else value < floor
        if is_worse:
            worse.append(f"{measure} of {score.name} is {value:.4f}, its floor {floor:.4f}")
    new = [measure for measure in now if measure.endswith("_invented") and measure not in pinned and now[measure] > 0]
    return worse + [f"{measure} of {score.name} is {now[measure]:.4f}, its floor 0" for measure in new]


def _floors(shares: Mapping[str, Share]) -> dict[str, float]:
    """The values to four digits, rounded towards the worse."""
    return {
        name: (math.ceil if name in LOWER_IS_BETTER else math.floor)(round(share.value * _DIGITS, 6)) / _DIGITS
        for name, share in shares.items()
    }
