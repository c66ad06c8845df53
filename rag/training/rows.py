"""Examples to rows with targets: clipped, titled, typed, in groups that share a question."""

from __future__ import annotations

import random
from dataclasses import dataclass

from corpus.article import Span
from corpus.sentences import sentences_around
from rag.decision.answer_normalisation import words_of
from rag.reader.window import InputRow, Rows, Tokens, covered
from rag.training.examples import Source, TrainingExample
from rag.training.typo_noise import typed

_TITLED = 0.7  # share of the rows that carry the title: articles may come without one
_LEAST_LEFT = 80  # characters that a passage without its answer must still have


@dataclass(frozen=True, slots=True)
class Target:
    """A row with the tokens where the answer starts and ends (inclusive); 0, the `[CLS]`, where there is none."""

    row: InputRow
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ExampleMix:
    """How examples are practised: `clip` tokens of the passage, and the chances of rows that do not answer.

    `wrong` and `altered`: another passage, another question; `removed`: the passage without the sentences that answer.
    """

    clip: int
    wrong: float = 0.0
    altered: float = 0.0
    removed: float = 0.0


class RowBuilder:
    """Writes targets for the network; what it draws depends on the generator given with each example alone."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def group(self, example: TrainingExample, drill: ExampleMix, chance: random.Random) -> list[Target]:
        """The targets of one example, the answerable first; empty where its answer does not fit the clip."""
        question = self._asked(example.question, chance)
        title, passage = self._read(example.passage, chance)
        clipped, place = _around(passage, example.answer, drill.clip, chance)
        if place is None:
            return []
        row = self._rows.row(question, title, clipped)
        targets = [Target(row, row.offset + place[0], row.offset + place[1])]
        if example.wrong and chance.random() < drill.wrong:
            wrong_title, wrong = self._read(chance.choice(example.wrong), chance)
            targets.append(self._unanswered(question, wrong_title, _part(wrong, drill.clip, chance)))
        if example.altered and chance.random() < drill.altered:
            targets.append(self._unanswered(self._asked(chance.choice(example.altered), chance), title, clipped))
        if chance.random() < drill.removed and (rest := without_answer(example)):
            targets.append(self._unanswered(question, title, _part(self._rows.tokens([rest])[0], drill.clip, chance)))
        return targets

    def _unanswered(self, question: Tokens, title: Tokens, passage: Tokens) -> Target:
        return Target(self._rows.row(question, title, passage), 0, 0)

    def _asked(self, question: str, chance: random.Random) -> Tokens:
        return self._rows.tokens([typed(question, chance)])[0]

    def _read(self, source: Source, chance: random.Random) -> list[Tokens]:
        return self._rows.tokens([source.title if chance.random() < _TITLED else "", source.text])


def without_answer(example: TrainingExample) -> str | None:
    """The passage without the sentences that hold the answer, unless the rest says it again or nothing is left."""
    text = example.passage.text
    around = sentences_around(text, example.answer)
    rest = f"{text[: around.start].rstrip()} {text[around.end :].lstrip()}".strip()
    said_again = f" {words_of(example.answer.cut(text))} " in f" {words_of(rest)} "
    return None if said_again or len(rest) < _LEAST_LEFT else rest


def _part(passage: Tokens, clip: int, chance: random.Random) -> Tokens:
    """A part of at most `clip` tokens, from anywhere."""
    first = chance.randrange(max(len(passage.ids) - clip, 0) + 1)
    return passage.part(first, first + clip)


def _around(passage: Tokens, answer: Span, clip: int, chance: random.Random) -> tuple[Tokens, tuple[int, int] | None]:
    """A part of at most `clip` tokens with the answer somewhere in it, and the answer's first and last token there."""
    place = covered(passage.places, answer)
    if place is None or place[1] - place[0] >= clip:
        return passage, None
    if len(passage.ids) <= clip:
        return passage, place
    first = chance.randint(max(place[1] + 1 - clip, 0), min(place[0], len(passage.ids) - clip))
    return passage.part(first, first + clip), (place[0] - first, place[1] - first)
