"""Hard negative mining: passages that our own encoder finds near a question and that do not hold its answer."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np

from index.encoder.encoder import Embeddings, Encoder
from rag.decision.answer_normalisation import words_of
from rag.training.examples import TitledPassage, TrainingExample

_DEPTH = 24  # passages looked at for each question
_MOST = 4  # wrong passages of an example
_QUESTIONS = 512  # searched at a time


def with_wrong_passages(
    examples: list[TrainingExample], share: float, encoder: Encoder, seed: int
) -> list[TrainingExample]:
    """The examples, a share of them with up to four wrong passages drawn from the nearest ones."""
    sources = list(dict.fromkeys(example.passage for example in examples))
    passages = encoder.encode_passages([source.text for source in sources])
    words = [f" {words_of(source.text)} " for source in sources]
    rng = random.Random(seed)  # noqa: S311 - no secret
    chosen = sorted(rng.sample(range(len(examples)), round(share * len(examples))))
    found = list(examples)
    for first in range(0, len(chosen), _QUESTIONS):
        places = chosen[first : first + _QUESTIONS]
        for place, near in zip(places, _nearest([examples[place] for place in places], passages, encoder), strict=True):
            example = examples[place]
            answer = f" {words_of(example.answer_text)} "
            wrong = [sources[one] for one in near if sources[one] != example.passage and answer not in words[one]]
            found[place] = replace(example, wrong=_drawn(wrong, rng))
    return found


def _nearest(examples: list[TrainingExample], passages: Embeddings, encoder: Encoder) -> list[list[int]]:
    """For each example the numbers of the passages nearest to its question, best first."""
    questions = encoder.encode_passages([example.question for example in examples])
    cosines = questions @ passages.T  # (questions, passages)
    nearest: list[list[int]] = np.argsort(-cosines, axis=1)[:, :_DEPTH].tolist()
    return nearest


def _drawn(wrong: list[TitledPassage], rng: random.Random) -> tuple[TitledPassage, ...]:
    """Some of the passages, the nearest the likeliest; the nearest where chance takes none."""
    drawn: list[TitledPassage] = []
    for passage in wrong:
        if len(drawn) < _MOST and rng.random() < 1 / 3:
            drawn.append(passage)
    return tuple(drawn or wrong[:1])
