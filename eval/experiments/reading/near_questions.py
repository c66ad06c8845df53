"""How often two different questions are taken for the same, so that what was judged of one would count for the other.

    python -m eval.experiments.reading.near_questions shared/data/reading/squad1-dev.json.gz

Of each two questions of a SQuAD file about one paragraph: those whose answers share no word's place ask for different
things, those with an answer alike mostly for the same. The rows are what is compared: the embeddings alone, at several
cosines; the words alone (`rag.judgements.same_question`); both, as the pipeline does (`rag.judgements.judgements`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from pathlib import Path

from eval.datasets.example import Example
from eval.datasets.read_set import read_set
from eval.experiments.command import notice, parser, table, write
from index.encoder.encoder import Encoder
from rag.assemble import open_encoder
from rag.judgements.judgements import NEAR
from rag.judgements.same_question import ComparedQuestion, compared
from rag.settings import Settings

_COSINES = (0.85, 0.9, 0.95, 0.98)


@dataclass(frozen=True, slots=True)
class QuestionPair:
    """Two questions about one paragraph, whether they ask for different answers, and their embeddings' cosine."""

    one: ComparedQuestion
    other: ComparedQuestion
    is_different: bool
    cosine: float

    @property
    def has_same_words(self) -> bool:
        return self.one.words == self.other.words


def question_pairs(examples: Iterable[Example], encoder: Encoder) -> Iterator[QuestionPair]:
    """Each two questions about one paragraph whose answers are at other places, or are alike."""
    asked = [one for one in examples if one.golds]
    rows = encoder.encode_passages([one.question for one in asked])
    by_paragraph: dict[tuple[str | None, object], list[int]] = defaultdict(list)
    for number, example in enumerate(asked):
        by_paragraph[example.article, example.paragraph].append(number)
    for numbers in by_paragraph.values():
        for first, second in combinations(numbers, 2):
            are_alike, are_apart = _compared_answers(asked[first], asked[second])
            if are_alike or are_apart:
                texts = compared(asked[first].question), compared(asked[second].question)
                yield QuestionPair(*texts, not are_alike, float(rows[first] @ rows[second]))


def _compared_answers(one: Example, other: Example) -> tuple[bool, bool]:
    """Whether two questions have an answer in common, and whether no answers of theirs overlap."""
    mine, its = ({gold.text.casefold() for gold in example.golds} for example in (one, other))
    places = [(first.span, second.span) for first in one.golds for second in other.golds]
    return not mine.isdisjoint(its), not any(first and second and first.overlaps(second) for first, second in places)


def rows(pairs: list[QuestionPair]) -> Iterator[tuple[str, str, str, str]]:
    """What is compared; of different questions, and of those with the same answer, the share taken for the same."""
    ways: dict[str, Callable[[QuestionPair], bool]]
    ways = {f"cosine from {one}": partial(_are_near, one) for one in _COSINES}
    ways["the same words"] = lambda pair: pair.has_same_words
    ways["nearly the same words"] = lambda pair: pair.has_same_words or pair.one.may_be(pair.other)
    ways[f"the same words, or nearly so and cosine from {NEAR}"] = lambda pair: (
        pair.has_same_words or (pair.one.may_be(pair.other) and pair.cosine >= NEAR)
    )
    for name, is_same in ways.items():
        taken = [pair for pair in pairs if is_same(pair)]
        wrong = sum(pair.is_different for pair in taken)
        different = sum(pair.is_different for pair in pairs)
        yield (
            name, f"{wrong:,} of {different:,} ({wrong / max(different, 1):.3%})",
            f"{len(taken) - wrong:,} of {len(pairs) - different:,}", f"{wrong / max(len(taken), 1):.0%}",
        )  # fmt: skip


def _are_near(least: float, pair: QuestionPair) -> bool:
    return pair.cosine >= least


def main() -> None:
    """Prints the table for the set that the command line names."""
    options = parser("near_questions", "How often two different questions are taken for the same.")
    options.add_argument("set", type=Path, help="a SQuAD file")
    examples = read_set(options.parse_args().set).examples
    pairs = list(question_pairs(examples, open_encoder(Settings(), notice)))
    head = ("taken for the same", "different questions", "questions with the same answer", "wrong among those taken")
    write(table(head, rows(pairs)))


if __name__ == "__main__":
    main()
