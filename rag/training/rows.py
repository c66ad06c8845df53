"""Training examples to the network's rows, each with the tokens where the answer starts and ends."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from corpus.article import Span
from corpus.sentences import sentences_around
from rag.decision.answer_normalisation import words_of
from rag.reader.window import InputRow, Rows, Tokens, covered
from rag.training.examples import TitledPassage, TrainingExample
from rag.training.front_matter import front_matter
from rag.training.typo_noise import with_typo_noise

_TITLED = 0.7  # share of the rows that carry the title: articles may come without one
_LEAST_REST = 80  # characters that a passage without its answer must still have


@dataclass(frozen=True, slots=True)
class Target:
    """A row with the tokens where the answer starts and ends (inclusive); 0, the `[CLS]`, where there is none."""

    row: InputRow
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ExampleMix:
    """The rows made of an example: `clip` tokens of the passage, and the probability of each kind of unanswerable row.

    `wrong` and `altered`: another passage, another question; `removed`: the passage without the sentences that answer.
    `headed` is the share of passages that front matter is put before.
    """

    clip: int
    wrong: float = 0.0
    altered: float = 0.0
    removed: float = 0.0
    headed: float = 0.0


class RowBuilder:
    """Makes rows of examples; what it draws comes from the generator given with each example."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def group(self, example: TrainingExample, mix: ExampleMix, rng: random.Random) -> list[Target]:
        """The targets of one example, the answerable first; empty where its answer does not fit the clip."""
        if mix.headed and rng.random() < mix.headed:
            example = _headed(example, rng)
        question = self._question(example.question, rng)
        title, passage = self._passage(example.passage, rng)
        clipped, place = _clip_around(passage, example.answer, mix.clip, rng)
        if place is None:
            return []
        row = self._rows.row(question, title, clipped)
        targets = [Target(row, row.offset + place[0], row.offset + place[1])]
        if example.wrong and rng.random() < mix.wrong:
            wrong_title, wrong = self._passage(rng.choice(example.wrong), rng)
            targets.append(self._unanswerable(question, wrong_title, _clip(wrong, mix.clip, rng)))
        if example.altered and rng.random() < mix.altered:
            targets.append(self._unanswerable(self._question(rng.choice(example.altered), rng), title, clipped))
        if rng.random() < mix.removed and (rest := without_answer(example)):
            targets.append(self._unanswerable(question, title, _clip(self._rows.tokens([rest])[0], mix.clip, rng)))
        return targets

    def _unanswerable(self, question: Tokens, title: Tokens, passage: Tokens) -> Target:
        return Target(self._rows.row(question, title, passage), 0, 0)

    def _question(self, question: str, rng: random.Random) -> Tokens:
        return self._rows.tokens([with_typo_noise(question, rng)])[0]

    def _passage(self, passage: TitledPassage, rng: random.Random) -> list[Tokens]:
        return self._rows.tokens([passage.title if rng.random() < _TITLED else "", passage.text])


def _headed(example: TrainingExample, rng: random.Random) -> TrainingExample:
    """The example with front matter before its passage."""
    head = front_matter(example.question, rng)
    passage = replace(example.passage, text=head + example.passage.text)
    return replace(example, passage=passage, answer=example.answer.shift(len(head)))


def without_answer(example: TrainingExample) -> str | None:
    """The passage without the sentences that hold the answer; None where the rest has it too, or is short."""
    text = example.passage.text
    around = sentences_around(text, example.answer)
    rest = f"{text[: around.start].rstrip()} {text[around.end :].lstrip()}".strip()
    is_repeated = f" {words_of(example.answer_text)} " in f" {words_of(rest)} "
    return None if is_repeated or len(rest) < _LEAST_REST else rest


def _clip(passage: Tokens, clip: int, rng: random.Random) -> Tokens:
    """At most `clip` tokens, from anywhere."""
    first = rng.randrange(max(len(passage.ids) - clip, 0) + 1)
    return passage.part(first, first + clip)


def _clip_around(passage: Tokens, answer: Span, clip: int, rng: random.Random) -> tuple[Tokens, tuple[int, int] | None]:
    """At most `clip` tokens with the answer somewhere in them, and the answer's first and last token there."""
    place = covered(passage.places, answer)
    if place is None or place[1] - place[0] >= clip:
        return passage, None
    if len(passage.ids) <= clip:
        return passage, place
    first = rng.randint(max(place[1] + 1 - clip, 0), min(place[0], len(passage.ids) - clip))
    return passage.part(first, first + clip), (place[0] - first, place[1] - first)
