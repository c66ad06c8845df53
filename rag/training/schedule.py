"""The order of training: stages of examples, in pools whose batches hold rows of similar length."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from corpus.errors import PullquoteError
from rag.training.examples import TrainingExample
from rag.training.prepare import SETS
from rag.training.rows import ExampleMix, RowBuilder, Target

_POOL = 1024  # groups drawn and sorted at a time
_BATCH_TOKENS = 4096


class NoExamples(PullquoteError):
    """A stage names a set that no example is of; prepare it, or leave it out of the stages."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There are no examples of the set {name!r}; prepare it, or leave it out of the stages.")


@dataclass(frozen=True, slots=True)
class TrainingStage:
    """A mix of rows for a share of each set's examples: its epochs, which may be parts of one."""

    mix: ExampleMix
    epochs: dict[str, float]


@dataclass(frozen=True, slots=True)
class Batch:
    """Targets and the group that each belongs to; `progress` is the share of the schedule's tokens before the batch.

    `taught` are a teacher's logits for each row, (tokens, 2), where there is one.
    """

    targets: list[Target]
    groups: list[int]
    progress: float
    taught: tuple[NDArray[np.float32], ...] = ()


class Schedule:
    """The batches of all stages, one stage after the other; the same for the same seed, from any pool on."""

    def __init__(
        self, examples: list[TrainingExample], stages: list[TrainingStage], builder: RowBuilder, seed: int
    ) -> None:
        self._examples, self._builder, self._seed = examples, builder, seed
        self._draws = [draw for number, stage in enumerate(stages) for draw in self._drawn(number, stage)]
        pools = range(0, len(self._draws), _POOL)
        tokens = [sum(mix.clip for _, mix in self._draws[first : first + _POOL]) for first in pools]
        self._progress = [done / sum(tokens) for done in accumulate(tokens, initial=0)]  # at the start of each pool

    @property
    def digest(self) -> str:
        """A hash of what is drawn, from how many examples, with which seed."""
        drawn = f"{self._seed} {len(self._examples)} {self._draws}"
        return hashlib.sha256(drawn.encode()).hexdigest()

    @property
    def pools(self) -> int:
        """How many pools there are."""
        return len(self._progress) - 1

    def pool(self, number: int) -> Iterator[Batch]:
        """The batches of a pool, shuffled."""
        groups = []
        for place in range(number * _POOL, min((number + 1) * _POOL, len(self._draws))):
            example, mix = self._draws[place]
            rng = random.Random(f"{self._seed} {place}")  # noqa: S311 - no secret
            if group := self._builder.group(self._examples[example], mix, rng):
                groups.append(group)
        batches = _batches(groups)
        random.Random(f"{self._seed} pool {number}").shuffle(batches)  # noqa: S311
        start, end = self._progress[number : number + 2]
        for done, batch in enumerate(batches):
            targets = [target for group in batch for target in group]
            owners = [owner for owner, group in enumerate(batch) for _ in group]
            yield Batch(targets, owners, start + (end - start) * done / len(batches))

    def _drawn(self, number: int, stage: TrainingStage) -> list[tuple[int, ExampleMix]]:
        rng = random.Random(f"{self._seed} lesson {number}")  # noqa: S311 - the word is a part of the seed
        drawn: list[tuple[int, ExampleMix]] = []
        for name, epochs in stage.epochs.items():
            members = [place for place, example in enumerate(self._examples) if example.set == name]
            if not members:
                raise NoExamples(name)
            left = round(epochs * len(members))
            while left > 0:
                rng.shuffle(members)
                drawn += [(place, stage.mix) for place in members[:left]]
                left -= len(members)
        rng.shuffle(drawn)
        return drawn


def _batches(groups: list[list[Target]]) -> list[list[list[Target]]]:
    """Groups of similar length together, at most `_BATCH_TOKENS` tokens with the padding."""
    batches: list[list[list[Target]]] = []
    rows = width = 0
    for group in sorted(groups, key=_width, reverse=True):
        if not batches or (rows + len(group)) * width > _BATCH_TOKENS:
            batches.append([])
            rows, width = 0, _width(group)
        batches[-1].append(group)
        rows += len(group)
    return batches


def _width(group: list[Target]) -> int:
    return max(len(target.row.ids) for target in group)


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """One run of training: its stages, the highest learning rate and the seed of all that is drawn.

    The rate rises in the share `warm_up` of the run. Without `decay` it stays at its highest then; a run that goes on
    from there with it ends the training.
    """

    stages: list[TrainingStage]
    learning_rate: float
    seed: int
    warm_up: float = 0.03
    decay: bool = True


def _stage(mix: ExampleMix, squad: float, qamr: float, search: float, others: tuple[float, float]) -> TrainingStage:
    """The epochs of SQuAD, QAMR, Natural Questions, and of each set of SQuADShifts and each of the small sets."""
    reviews, small = others
    epochs = [squad, qamr, search, reviews, reviews, small, small, small]
    return TrainingStage(mix, {name: share for name, share in zip(SETS, epochs, strict=True) if share})


_SHORT = ExampleMix(clip=64)
_HARD = ExampleMix(clip=192, wrong=0.85, altered=0.45)
PLANS = (  # of the fast reader; each after the first goes on from the reader that the one before has made
    TrainingPlan([_stage(_SHORT, 0.6, 0.25, 0.5, (0.3, 0)), _stage(_HARD, 0.65, 0.05, 0.6, (0.25, 0))], 1.6e-4, 1),
    TrainingPlan(
        [
            _stage(_HARD, 0.25, 0, 0.25, (0.1, 0)),
            _stage(ExampleMix(clip=192, wrong=0.85, altered=0.4, removed=0.25), 0.45, 0.1, 0.5, (0.15, 0)),
        ],
        1.3e-4,
        2,
    ),
    TrainingPlan(
        [_stage(ExampleMix(clip=192, wrong=0.85, altered=0.4, removed=0.2), 0.6, 0.1, 0.4, (0.12, 0))], 1.1e-4, 3
    ),
)
_ALL_KINDS = ExampleMix(clip=192, wrong=0.6, altered=0.45, removed=0.15, headed=0.12)
TAUGHT_PLANS = (TrainingPlan([_stage(_ALL_KINDS, 0.7, 0.1, 1, (0.3, 1))], 1.3e-4, 6),)  # of the fast reader
_MIDDLE = replace(_ALL_KINDS, clip=112)
CAREFUL_PLANS = (  # of the careful reader; the second goes on from the first
    TrainingPlan(
        [_stage(_SHORT, 0.11, 0.05, 0.25, (0.07, 0.25)), _stage(_MIDDLE, 0.09, 0.01, 0.3, (0.05, 0.4))],
        7e-5,
        4,
        0.02,
        False,
    ),
    TrainingPlan([_stage(_ALL_KINDS, 0.025, 0.003, 0.07, (0.012, 0.12))], 7e-5, 5),
)
