"""The public sets to examples: whole articles held out, the rest with passages and questions that do not answer."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from index.encoder.encoder import Encoder
from rag.training.examples import Source, TrainingExample, save, squad
from rag.training.hard_negatives import with_altered_questions
from rag.training.mine import with_wrong_passages

MAIN_SET = "squad1-train"
SETS = (MAIN_SET, "qamr", "nq-qed-train", "squadshifts-reddit", "squadshifts-amazon_reviews")
_UNTITLED = ("qamr", "squadshifts-reddit", "squadshifts-amazon_reviews")  # their titles are numbers
_HELD_OUT = 24  # articles of the main set that nothing is learned from: for calibrating and for choosing
_ALTERED, _MINED = 0.6, 0.3  # shares of the main set's examples


@dataclass(frozen=True, slots=True)
class Prepared:
    """Where the examples are: those to learn from, and those of the held-out articles."""

    learnt: Path
    held_out: Path

    @classmethod
    def under(cls, folder: Path) -> Prepared:
        """The files in a folder of training data."""
        return cls(folder / "learnt.jsonl.gz", folder / "held-out.jsonl.gz")


def prepare(sets: Path, folder: Path, encoder: Encoder, seed: int) -> tuple[int, int]:
    """How many examples to learn from and how many held out were written to `folder`, from the sets' folder."""
    examples = [_untitled(example) for name in SETS for example in squad(sets / f"{name}.json.gz")]
    main = [example for example in examples if example.set == MAIN_SET]
    others = [example for example in examples if example.set != MAIN_SET]
    titles = _held_out_titles(main, seed)
    learnt = [example for example in main if example.passage.title not in titles]
    learnt = with_altered_questions(learnt, _ALTERED, seed + 1)
    learnt = with_wrong_passages(learnt, _MINED, encoder, seed + 2)
    folder.mkdir(parents=True, exist_ok=True)
    files = Prepared.under(folder)
    held_out = [example for example in main if example.passage.title in titles]
    return save(learnt + others, files.learnt), save(held_out, files.held_out)


def _held_out_titles(examples: Iterable[TrainingExample], seed: int) -> set[str]:
    titles = sorted({example.passage.title for example in examples})
    return set(random.Random(seed).sample(titles, _HELD_OUT))  # noqa: S311 - no secret


def _untitled(example: TrainingExample) -> TrainingExample:
    return replace(example, passage=Source("", example.passage.text)) if example.set in _UNTITLED else example
