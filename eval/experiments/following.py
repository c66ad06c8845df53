"""What carrying a conversation over to its next question is worth: figures with it and without, on the same library.

    python -m eval.experiments.following eval/sets/follow-ups.jsonl

Below the figures of each split of the set stands how many questions that stand by themselves were changed all the same,
and how many of the others were not. Of a set whose questions follow nothing it counts, without running a model, how
many stay as they are when asked after the one before in the set, and after any other.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eval.ask import RunPlan, run_set
from eval.datasets.example import Example
from eval.datasets.files import decoded
from eval.datasets.read_set import read_set
from eval.datasets.record import lines
from eval.evaluate import asked_library
from eval.experiments.command import parser, write
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
    """How many questions of a split stand alone, or follow, and how many of either were mistaken for the other."""

    alone: int
    changed: int
    following: int
    left: int


def carried(examples: Iterable[Example], kinds: Mapping[str, str]) -> Carried:
    """How often what stands by itself was changed, and what follows was not; `kinds` by id."""
    pairs = [(kinds[one.id] == _ALONE, followed(one.question, one.earlier) != one.question) for one in examples]
    alone = [is_changed for is_alone, is_changed in pairs if is_alone]
    following = [is_changed for is_alone, is_changed in pairs if not is_alone]
    return Carried(len(alone), sum(alone), len(following), following.count(False))


def unchanged(examples: Sequence[Example], others: Sequence[Example]) -> int:
    """How many of the examples are asked as they are, each after the other at its place, had it been answered."""
    before = (
        Earlier(one.question, *((one.golds[0].text, one.golds[0].context) if one.golds else ())) for one in others
    )
    return sum(followed(one.question, (turn,)) == one.question for one, turn in zip(examples, before, strict=True))


def run_both_ways(path: Path, settings: Settings) -> tuple[Run, Run]:
    """The set asked as typed, and asked as it follows."""
    eval_set, plan = read_set(path), RunPlan()
    encoder = open_encoder(settings, lambda notice: silent(notice, 0, 0))
    with asked_library(eval_set, plan, encoder, settings) as library:
        pipeline = assemble(library, encoder, open_reader(settings, encoder), settings)
        typed = run_set(eval_set, replace(plan, as_typed=True), pipeline, settings)
        return typed, run_set(eval_set, plan, pipeline, settings)


def report_lines(path: Path, settings: Settings) -> Iterator[str]:
    """The figures of each split of a set, and of all of it."""
    examples = read_set(path).examples
    if not any(one.earlier for one in examples):
        yield from _unchanged_lines(examples)
        return
    known = {str(record["id"]): record for record in lines(decoded(path))}
    kinds = {identity: str(record.get("kind")) for identity, record in known.items()}
    typed, carried_over = run_both_ways(path, settings)
    for split in (*sorted({str(record.get("split")) for record in known.values()}), "all"):
        ids = {one for one in known if split in {"all", known[one].get("split")}}
        yield from _split_lines(split, _part(typed, ids), _part(carried_over, ids), kinds)


def _part(run: Run, ids: set[str]) -> Run:
    return replace(run, records=tuple(record for record in run.records if record.example.id in ids))


def _unchanged_lines(examples: Sequence[Example]) -> Iterator[str]:
    asked, drawn = examples[1:], random.Random(_SEED).choices(examples, k=len(examples) - 1)  # noqa: S311 - a seeded draw
    for what, others in (("the one before", examples[:-1]), ("any other", drawn)):
        count = unchanged(asked, others)
        yield f"after {what}: {count} of {len(asked)} unchanged ({count / len(asked):.2%})"


def _split_lines(split: str, typed: Run, carried_over: Run, kinds: Mapping[str, str]) -> Iterator[str]:
    before, after = score(typed).metrics, score(carried_over).metrics
    yield f"{split:16}{'as typed':>10}{'carried':>10}{'n':>6}"
    for metric in _SHOWN:
        if metric in before and metric in after:
            yield f"{metric:16}{before[metric].value:10.3f}{after[metric].value:10.3f}{before[metric].n:6}"
    counts = carried((record.example for record in typed.records), kinds)
    yield f"by themselves {counts.alone}, changed {counts.changed}; following {counts.following}, left {counts.left}"
    yield ""


def main() -> None:
    """Prints the figures of the set that the command line names."""
    options = parser("following", "What carrying a conversation over to its next question is worth.")
    options.add_argument("set", type=Path, help="a .jsonl set")
    write(report_lines(options.parse_args().set, Settings()))


if __name__ == "__main__":
    main()
