"""Public sets to training examples: whole articles are held out, the rest gets hard negatives."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from index.encoder.encoder import Encoder
from rag.training.examples import TitledPassage, TrainingExample, read_squad, save
from rag.training.hard_negatives import with_altered_questions
from rag.training.mine import with_wrong_passages

MAIN_SET = "squad1-train"
SETS = (MAIN_SET, "qamr", "nq-qed-train", "squadshifts-reddit", "squadshifts-amazon_reviews")
TRAINING, HELD_OUT = "train.jsonl.gz", "held-out.jsonl.gz"  # the files of the examples
_UNTITLED = ("qamr", "squadshifts-reddit", "squadshifts-amazon_reviews")  # their titles are numbers
_HELD_OUT_ARTICLES = 24  # of the main set: for calibration and for the choice between readers
_ALTERED, _MINED = 0.6, 0.3  # shares of the main set's examples


def prepare(sets: Path, folder: Path, encoder: Encoder, seed: int) -> tuple[int, int]:
    """How many training examples and how many held-out ones were written to `folder`, from the folder of the sets."""
    examples = [_untitled(example) for name in SETS for example in read_squad(sets / f"{name}.json.gz")]
    main = [example for example in examples if example.set == MAIN_SET]
    others = [example for example in examples if example.set != MAIN_SET]
    titles = _held_out_titles(main, seed)
    training = [example for example in main if example.passage.title not in titles]
    training = with_altered_questions(training, _ALTERED, seed + 1)
    training = with_wrong_passages(training, _MINED, encoder, seed + 2)
    held_out = [example for example in main if example.passage.title in titles]
    folder.mkdir(parents=True, exist_ok=True)
    save(training + others, folder / TRAINING)
    save(held_out, folder / HELD_OUT)
    return len(training) + len(others), len(held_out)


def _held_out_titles(examples: Iterable[TrainingExample], seed: int) -> set[str]:
    titles = sorted({example.passage.title for example in examples})
    return set(random.Random(seed).sample(titles, _HELD_OUT_ARTICLES))  # noqa: S311 - no secret


def _untitled(example: TrainingExample) -> TrainingExample:
    return replace(example, passage=TitledPassage("", example.passage.text)) if example.set in _UNTITLED else example
