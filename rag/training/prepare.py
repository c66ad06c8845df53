"""Public sets to training examples: whole articles of each set are held out, the rest gets hard negatives."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

from index.encoder.encoder import Encoder
from rag.training.examples import TitledPassage, TrainingExample, read_squad, save
from rag.training.hard_negatives import with_altered_questions
from rag.training.mine import with_wrong_passages

# Each set with the share of its articles that is held out: for calibration and for the choice between readers.
HELD_OUT_SHARES = {
    "squad1-train": 0.055,
    "qamr": 0.02,
    "nq-qed-train": 0.06,
    "squadshifts-reddit": 0.05,
    "squadshifts-amazon_reviews": 0.05,
    "timeqa-train": 0.25,
    "covid-qa": 0.1,
    "policyqa-dev": 0.15,
}
SETS = tuple(HELD_OUT_SHARES)
TRAINING, HELD_OUT = "train.jsonl.gz", "held-out.jsonl.gz"  # the files of the examples
_UNTITLED = ("qamr", "squadshifts-reddit", "squadshifts-amazon_reviews", "policyqa-dev")  # titles that name nothing
_ONE_ARTICLE = ("squadshifts-reddit", "squadshifts-amazon_reviews")  # each passage is an article
_ALTERED, _MINED = 0.6, 0.5  # shares of the examples


def prepare(sets: Path, folder: Path, encoder: Encoder, seed: int) -> tuple[int, int]:
    """How many training examples and how many held-out ones were written to `folder`, from the folder of the sets."""
    training: list[TrainingExample] = []
    held_out: list[TrainingExample] = []
    for number, name in enumerate(SETS):
        examples = list(read_squad(sets / f"{name}.json.gz"))
        titles = _held_out_articles(examples, HELD_OUT_SHARES[name], seed)
        held_out += [_untitled(example) for example in examples if _article(example) in titles]
        learned = [example for example in examples if _article(example) not in titles]
        learned = with_altered_questions(learned, _ALTERED, seed + 2 * number + 1)
        learned = with_wrong_passages(learned, _MINED, encoder, seed + 2 * number + 2)
        training += [_untitled(example) for example in learned]
    folder.mkdir(parents=True, exist_ok=True)
    save(training, folder / TRAINING)
    save(held_out, folder / HELD_OUT)
    return len(training), len(held_out)


def _article(example: TrainingExample) -> str:
    return example.passage.text if example.set in _ONE_ARTICLE else example.passage.title


def _held_out_articles(examples: list[TrainingExample], share: float, seed: int) -> set[str]:
    articles = sorted({_article(example) for example in examples})
    return set(random.Random(seed).sample(articles, round(share * len(articles))))  # noqa: S311 - no secret


def _untitled(example: TrainingExample) -> TrainingExample:
    """The example without titles, where those of its set name nothing."""
    if example.set not in _UNTITLED:
        return example
    wrong = tuple(TitledPassage("", passage.text) for passage in example.wrong)
    return replace(example, passage=TitledPassage("", example.passage.text), wrong=wrong)
