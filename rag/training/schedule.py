"""The order of training: lessons from short to long, in pools whose batches hold rows of similar length."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from corpus.errors import PullquoteError
from rag.training.examples import TrainingExample
from rag.training.rows import ExampleMix, RowBuilder, Target

_POOL = 1024  # groups composed and sorted at a time
_BATCH_TOKENS = 4096


class NoExamples(PullquoteError):
    """A lesson names a set that no example is of; prepare it, or leave it out of the lessons."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There are no examples of the set {name!r}; prepare it, or leave it out of the lessons.")


@dataclass(frozen=True, slots=True)
class TrainingStage:
    """A drill over a share of each set's examples; shares above 1 pass over a set more than once."""

    drill: ExampleMix
    shares: dict[str, float]


@dataclass(frozen=True, slots=True)
class Batch:
    """Targets and the number of the group each belongs to; `progress` is the share of the course's tokens behind it."""

    targets: list[Target]
    groups: list[int]
    progress: float


class Schedule:
    """All lessons one after the other; the same batches for the same seed, from any pool on."""

    def __init__(
        self, examples: list[TrainingExample], lessons: list[TrainingStage], desk: RowBuilder, seed: int
    ) -> None:
        self._examples, self._desk, self._seed = examples, desk, seed
        self._draws = [draw for number, lesson in enumerate(lessons) for draw in self._drawn(number, lesson)]
        pools = range(0, len(self._draws), _POOL)
        costs = [sum(drill.clip for _, drill in self._draws[first : first + _POOL]) for first in pools]
        self._behind = [done / sum(costs) for done in accumulate(costs, initial=0)]  # at the beginning of each pool

    @property
    def digest(self) -> str:
        """Tells this course from any other: what is drawn, from how many examples, with which seed."""
        told = f"{self._seed} {len(self._examples)} {self._draws}"
        return hashlib.sha256(told.encode()).hexdigest()

    @property
    def pools(self) -> int:
        """How many pools the course has."""
        return len(self._behind) - 1

    def pool(self, number: int) -> Iterator[Batch]:
        """The batches of a pool, in an order of its own."""
        groups = []
        for place in range(number * _POOL, min((number + 1) * _POOL, len(self._draws))):
            example, drill = self._draws[place]
            chance = random.Random(f"{self._seed} {place}")  # noqa: S311 - no secret
            if group := self._desk.group(self._examples[example], drill, chance):
                groups.append(group)
        batches = _batches(groups)
        random.Random(f"{self._seed} pool {number}").shuffle(batches)  # noqa: S311
        before, after = self._behind[number : number + 2]
        for done, batch in enumerate(batches):
            targets = [target for group in batch for target in group]
            owners = [owner for owner, group in enumerate(batch) for _ in group]
            yield Batch(targets, owners, before + (after - before) * done / len(batches))

    def _drawn(self, number: int, lesson: TrainingStage) -> list[tuple[int, ExampleMix]]:
        chance = random.Random(f"{self._seed} lesson {number}")  # noqa: S311
        drawn: list[tuple[int, ExampleMix]] = []
        for name, share in lesson.shares.items():
            members = [place for place, example in enumerate(self._examples) if example.set == name]
            if not members:
                raise NoExamples(name)
            count = round(share * len(members))
            while count > 0:
                chance.shuffle(members)
                drawn += [(place, lesson.drill) for place in members[:count]]
                count -= len(members)
        chance.shuffle(drawn)
        return drawn


def _batches(groups: list[list[Target]]) -> list[list[list[Target]]]:
    """Groups of similar length together, at most `_BATCH_TOKENS` tokens with the padding."""
    found: list[list[list[Target]]] = []
    rows = width = 0
    for group in sorted(groups, key=_width, reverse=True):
        if not found or (rows + len(group)) * width > _BATCH_TOKENS:
            found.append([])
            rows, width = 0, _width(group)
        found[-1].append(group)
        rows += len(group)
    return found


def _width(group: list[Target]) -> int:
    return max(len(target.row.ids) for target in group)


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """A course as it is taught: its lessons, the highest learning rate and the seed of all that is drawn."""

    lessons: list[TrainingStage]
    rate: float
    seed: int


_REVIEWS, _COMMENTS = "squadshifts-amazon_reviews", "squadshifts-reddit"
_FIRST = TrainingPlan(
    [
        TrainingStage(
            ExampleMix(clip=64),
            {"squad1-train": 0.6, "qamr": 0.25, "nq-qed-train": 0.5, _COMMENTS: 0.3, _REVIEWS: 0.3},
        ),
        TrainingStage(
            ExampleMix(clip=192, wrong=0.85, altered=0.45),
            {"squad1-train": 0.65, "qamr": 0.05, "nq-qed-train": 0.6, _COMMENTS: 0.25, _REVIEWS: 0.25},
        ),
    ],
    rate=1.6e-4,
    seed=1,
)
_SECOND = TrainingPlan(
    [
        TrainingStage(
            ExampleMix(clip=192, wrong=0.85, altered=0.45),
            {"squad1-train": 0.25, "nq-qed-train": 0.25, _COMMENTS: 0.1, _REVIEWS: 0.1},
        ),
        TrainingStage(
            ExampleMix(clip=192, wrong=0.85, altered=0.4, removed=0.25),
            {"squad1-train": 0.45, "qamr": 0.1, "nq-qed-train": 0.5, _COMMENTS: 0.15, _REVIEWS: 0.15},
        ),
    ],
    rate=1.3e-4,
    seed=2,
)
_THIRD = TrainingPlan(
    [
        TrainingStage(
            ExampleMix(clip=192, wrong=0.85, altered=0.4, removed=0.2),
            {"squad1-train": 0.6, "qamr": 0.1, "nq-qed-train": 0.4, _COMMENTS: 0.12, _REVIEWS: 0.12},
        ),
    ],
    rate=1.1e-4,
    seed=3,
)
PLANS = (_FIRST, _SECOND, _THIRD)  # each after the first goes on from the reader that came of the one before
