"""Wrong passages: what our own encoder finds near a question and does not hold its answer."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np

from index.encoder.encoder import Embeddings, Encoder
from rag.decision.answer_normalisation import words_of
from rag.training.examples import Source, TrainingExample

_DEPTH = 24  # passages looked at for each question
_KEPT = 4
_QUESTIONS = 512  # searched at a time


def with_wrong_passages(
    examples: list[TrainingExample], share: float, encoder: Encoder, seed: int
) -> list[TrainingExample]:
    """The examples, a share of them with up to four wrong passages drawn from the nearest ones."""
    sources = list(dict.fromkeys(example.passage for example in examples))
    passages = encoder.encode_passages([source.text for source in sources])
    words = [f" {words_of(source.text)} " for source in sources]
    chance = random.Random(seed)  # noqa: S311 - no secret
    asked = sorted(chance.sample(range(len(examples)), round(share * len(examples))))
    found = list(examples)
    for first in range(0, len(asked), _QUESTIONS):
        places = asked[first : first + _QUESTIONS]
        for place, near in zip(places, _nearest([examples[place] for place in places], passages, encoder), strict=True):
            passage = examples[place].passage
            answer = f" {words_of(examples[place].answer.cut(passage.text))} "
            wrong = [sources[one] for one in near if sources[one] != passage and answer not in words[one]]
            found[place] = replace(examples[place], wrong=tuple(_drawn(wrong, chance)))
    return found


def _nearest(examples: list[TrainingExample], passages: Embeddings, encoder: Encoder) -> list[list[int]]:
    """For each example the numbers of the passages nearest to its question, best first."""
    questions = encoder.encode_passages([example.question for example in examples])
    cosines = questions @ passages.T
    near = np.argpartition(-cosines, min(_DEPTH, len(passages) - 1), axis=1)[:, :_DEPTH]
    order = np.take_along_axis(cosines, near, axis=1).argsort(axis=1)[:, ::-1]
    ranked: list[list[int]] = np.take_along_axis(near, order, axis=1).tolist()
    return ranked


def _drawn(wrong: list[Source], chance: random.Random) -> list[Source]:
    """Some of the passages, the nearest the likeliest."""
    kept: list[Source] = []
    for source in wrong:
        if len(kept) < _KEPT and chance.random() < 1 / 3:
            kept.append(source)
    return kept or wrong[:1]
