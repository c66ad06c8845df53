"""Figures of a run at a threshold, in the names and shape that `pullquote eval run --json` prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from eval.metrics.interval import Estimate
from eval.metrics.measures import columns
from eval.run import Mode, Run

_DIGITS = 6


@dataclass(frozen=True, slots=True)
class RunScore:
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


def score(run: Run, threshold: float | None = None) -> RunScore:
    """The run's figures at a threshold (default: the one it was made for), without those the set cannot tell."""
    header = run.header
    threshold = header.threshold if threshold is None else threshold
    metrics = {name: column.estimate() for name, column in columns(run, threshold).items()}
    return RunScore(
        header.set, header.mode, len(run.records), metrics, header.seconds, threshold, header.digest, header.encoder,
        header.reader.name,
    )  # fmt: skip
