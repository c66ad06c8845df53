"""Distillation: the batches of a schedule with the logits of an exported reader beside them (Hinton et al. 2015)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from index.encoder.compiled import BatchLimits, CompiledNetwork
from rag.reader.weight_parts import joined
from rag.training.schedule import Batch, Schedule

_LIMITS = BatchLimits(rows=8, tokens=1024)


class TaughtSchedule:
    """A schedule each of whose batches has the teacher's logits, which are computed a pool at a time."""

    def __init__(self, schedule: Schedule, teacher: Path, cache: Path) -> None:
        """`teacher` is the folder of a reader whose rows are those of the schedule: one tokenizer makes both."""
        folder = joined(teacher, cache)
        self._schedule = schedule
        self._teacher = CompiledNetwork(folder / "model.xml", cache)

    @property
    def digest(self) -> str:
        """That of the schedule: who teaches may change between two checkpoints."""
        return self._schedule.digest

    @property
    def pools(self) -> int:
        """How many pools there are."""
        return self._schedule.pools

    def pool(self, number: int) -> Iterator[Batch]:
        """The batches of a pool with the teacher's logits, each (tokens of the row, 2)."""
        batches = list(self._schedule.pool(number))
        rows = [target.row for batch in batches for target in batch.targets]
        logits = iter(zip(rows, self._teacher.run([row.columns for row in rows], _LIMITS), strict=True))
        for batch in batches:
            own = [next(logits) for _ in batch.targets]
            yield replace(batch, taught=tuple(found[: len(row.ids)] for row, found in own))
