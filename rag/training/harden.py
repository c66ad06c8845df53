"""Hard rows: of the questions and passages that do not match, those that a reader is fooled by.

What a trained reader tells at once teaches little. The exported reader reads each example's altered questions and wrong
passages, and those stay in which it is surest of an answer (as in Shrivastava et al. 2016).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import inf

from index.encoder.compiled import BatchLimits, CompiledNetwork
from rag.reader.decode import Logits
from rag.reader.window import InputRow, Rows, Tokens
from rag.training.examples import TitledPassage, TrainingExample

_KEPT = 2  # questions, and passages, of an example
_TOGETHER = 512  # examples
_CLIP = 192  # tokens of a passage
_LIMITS = BatchLimits(rows=8, tokens=2048)


def hardened(
    examples: Sequence[TrainingExample], share: float, rows: Rows, network: CompiledNetwork, seed: int
) -> Iterator[TrainingExample]:
    """The examples, a share of them with only the two altered questions and two wrong passages of the best margins."""
    rng = random.Random(seed)  # noqa: S311 - no secret
    for first in range(0, len(examples), _TOGETHER):
        several = examples[first : first + _TOGETHER]
        chosen = [rng.random() < share and bool(one.altered or one.wrong) for one in several]
        asked = [row for one, is_chosen in zip(several, chosen, strict=True) if is_chosen for row in _rows(one, rows)]
        outputs = network.run([row.columns for row in asked], _LIMITS)
        margins = iter([_margin(row, output) for row, output in zip(asked, outputs, strict=True)])
        for one, is_chosen in zip(several, chosen, strict=True):
            yield _hardest(one, margins) if is_chosen else one


def _rows(example: TrainingExample, rows: Rows) -> list[InputRow]:
    """The rows of an example's altered questions, then those of its wrong passages."""
    question, *altered = rows.tokens([example.question, *example.altered])
    pairs = [(other, example.passage) for other in altered]
    pairs += [(question, passage) for passage in example.wrong]
    return [rows.row(asked, *_tokens(passage, rows)) for asked, passage in pairs]


def _tokens(passage: TitledPassage, rows: Rows) -> tuple[Tokens, Tokens]:
    title, text = rows.tokens([passage.title, passage.text])
    return title, text.part(0, _CLIP)


def _margin(row: InputRow, logits: Logits) -> float:
    """The best start and end of the passage, in any order, less those of no answer."""
    inner = logits[row.offset : len(row.ids) - 1]
    return float((inner.max(axis=0) - logits[0]).sum()) if len(inner) else -inf


def _hardest(example: TrainingExample, margins: Iterator[float]) -> TrainingExample:
    altered = sorted(((next(margins), one) for one in example.altered), key=lambda pair: -pair[0])
    wrong = sorted(((next(margins), one) for one in example.wrong), key=lambda pair: -pair[0])
    return replace(
        example,
        altered=tuple(question for _, question in altered[:_KEPT]),
        wrong=tuple(passage for _, passage in wrong[:_KEPT]),
    )
