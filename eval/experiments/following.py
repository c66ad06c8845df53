"""What carrying a conversation over to its next question is worth: figures with it and without, on the same library.

    python -m eval.experiments.following eval/sets/follow-ups.jsonl

Below the figures of each split of the set stands how many questions that stand by themselves were changed all the same,
and how many of the others were not. Of a set whose questions follow nothing it is told, without running a model, how
many stay as they are when asked after the one before in the set, and after any other.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eval.ask import RunPlan, run_set
from eval.datasets.example import Example
from eval.datasets.files import decoded
from eval.datasets.read_set import read_set
from eval.datasets.record import lines
from eval.evaluate import own_library
from eval.metrics.score import score
from eval.run import Run
from eval.temporary_library import silent
from rag.assemble import assemble, open_encoder, open_reader
from rag.conversation.query_rewriting import Earlier
from rag.question import followed
from rag.settings import Settings

_SHOWN = ("right_place", "contains", "noans", "forced_contains", "success@1", "success@5")
_SEED = 20260401
_ALONE = "self-contained"


@dataclass(frozen=True, slots=True)
class Carried:
    """How many questions of a split stand by themselves, or follow, and of how many of them that was told wrongly."""

    alone: int
    changed: int
    following: int
    left: int


def carried(examples: Iterable[Example], kinds: Mapping[str, str]) -> Carried:
    """How often what stands by itself was changed, and what follows was not; `kinds` by id."""
    told = [(kinds[one.id] == _ALONE, followed(one.question, one.earlier) != one.question) for one in examples]
    alone = [is_changed for is_alone, is_changed in told if is_alone]
    following = [is_changed for is_alone, is_changed in told if not is_alone]
    return Carried(len(alone), sum(alone), len(following), following.count(False))


def unchanged(examples: Sequence[Example], others: Sequence[Example]) -> int:
    """How many of the examples are asked as they are, each after the other at its place, had it been answered."""
    before = (
        Earlier(one.question, *((one.golds[0].text, one.golds[0].context) if one.golds else ())) for one in others
    )
    return sum(followed(one.question, (turn,)) == one.question for one, turn in zip(examples, before, strict=True))


def both_ways(path: Path, settings: Settings) -> tuple[Run, Run]:
    """The set asked as typed, and asked as it follows."""
    eval_set, plan = read_set(path), RunPlan()
    encoder = open_encoder(settings, lambda notice: silent(notice, 0, 0))
    with own_library(eval_set, plan, encoder, settings) as library:
        pipeline = assemble(library, encoder, open_reader(settings, encoder), settings)
        typed = run_set(eval_set, replace(plan, as_typed=True), pipeline, settings)
        return typed, run_set(eval_set, plan, pipeline, settings)


def main(arguments: list[str]) -> None:
    """Prints the figures of each split of a set, and of all of it."""
    parser = argparse.ArgumentParser(description="What carrying a conversation over to its next question is worth.")
    parser.add_argument("set", type=Path)
    path = parser.parse_args(arguments).set
    examples = read_set(path).examples
    if not any(one.earlier for one in examples):
        _print_unchanged(examples)
        return
    known = {str(record["id"]): record for record in lines(decoded(path))}
    kinds = {identity: str(record.get("kind")) for identity, record in known.items()}
    ways = dict(zip(("as typed", "carried"), both_ways(path, Settings()), strict=True))
    for split in (*sorted({str(record.get("split")) for record in known.values()}), "all"):
        parts = {
            name: _part(run, {one for one in known if split in {"all", known[one].get("split")}})
            for name, run in ways.items()
        }
        _print(split, parts, kinds)


def _part(run: Run, ids: set[str]) -> Run:
    return replace(run, records=tuple(record for record in run.records if record.example.id in ids))


def _print_unchanged(examples: Sequence[Example]) -> None:
    asked, drawn = examples[1:], random.Random(_SEED).choices(examples, k=len(examples) - 1)  # noqa: S311 - a seeded draw
    for what, others in (("the one before", examples[:-1]), ("any other", drawn)):
        kept = unchanged(asked, others)
        sys.stdout.write(f"after {what}: {kept} of {len(asked)} unchanged ({kept / len(asked):.2%})\n")


def _print(split: str, parts: Mapping[str, Run], kinds: Mapping[str, str]) -> None:
    found = {name: score(run).metrics for name, run in parts.items()}
    out = sys.stdout
    out.write(f"{split:16}" + "".join(f"{name:>10}" for name in parts) + f"{'n':>6}\n")
    for metric in _SHOWN:
        if all(metric in one for one in found.values()):
            values = "".join(f"{one[metric].value:10.3f}" for one in found.values())
            out.write(f"{metric:16}{values}{next(iter(found.values()))[metric].n:6}\n")
    told = carried((record.example for record in next(iter(parts.values())).records), kinds)
    out.write(f"by themselves {told.alone}, changed {told.changed}; following {told.following}, left {told.left}\n\n")


if __name__ == "__main__":
    main(sys.argv[1:])
