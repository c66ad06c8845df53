"""How often a right answer is taken for one of another kind than its question asks for, and so never given.

    python -m eval.experiments.reading.answer_kinds DATA/reading/squad1-dev.json.gz DATA/reading/nq-qed-train.json.gz

reads the gold answers of SQuAD sets; no model runs. With `--show` the answers that are ruled out come below the table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.article import Passage
from eval.datasets.example import EvalSet
from eval.datasets.read_set import read_set
from eval.experiments.command import parser, table, write
from rag.answer import Reading
from rag.decision.answer_type import Fit, fit, is_possible
from rag.decision.question_kind import asked_for


@dataclass(frozen=True, slots=True)
class JudgedGold:
    """A gold answer, how it fits the kind that its question asks for, and whether it may be given at all."""

    question: str
    text: str
    fit: Fit
    is_possible: bool


def judged_golds(eval_set: EvalSet) -> Iterator[JudgedGold]:
    """Each distinct gold answer of each question, judged in its paragraph."""
    articles = {article.id: article for article in eval_set.articles}
    for example in eval_set.examples:
        for gold in dict.fromkeys(example.golds):
            if gold.span is None or gold.within is None or gold.article is None:
                continue
            article = articles[gold.article]
            passage = Passage(article.id, article.title, gold.within, gold.within.cut(article.text))
            span = gold.span.shift(-gold.within.start)
            possible = is_possible(example.question, Reading(passage, span, 0.0, 0.0))
            yield JudgedGold(example.question, gold.text, fit(example.question, passage.text, span), possible)


def measure(sets: Iterable[EvalSet], *, show: bool = False) -> Iterator[str]:
    """The lines of a table: for each set its golds, those whose question asks for a kind, and how these are judged."""
    rows: list[tuple[object, ...]] = []
    wrong: list[str] = []
    for one in sets:
        golds = list(judged_golds(one))
        asked = [gold for gold in golds if asked_for(gold.question).kind]
        fits = Counter(gold.fit for gold in asked)
        out = [gold for gold in asked if not gold.is_possible]
        share = f"{100 * len(out) / max(len(golds), 1):.2f} %"
        rows.append((one.name, len(golds), len(asked), fits[1], fits[0], fits[-1], len(out), share))
        wrong += [f"{one.name}: {gold.question} | {gold.text}" for gold in out]
    yield from table(("set", "golds", "a kind is asked for", "fit 1", "0", "-1", "ruled out", "of all golds"), rows)
    if show:
        yield from ["", *wrong]


if __name__ == "__main__":
    options = parser("answer_kinds", "How often a right answer is ruled out because it seems of another kind.")
    options.add_argument("sets", nargs="+", type=Path, help="sets in SQuAD's layout")
    options.add_argument("--show", action="store_true", help="print the right answers that are ruled out")
    given = options.parse_args()
    write(measure(map(read_set, given.sets), show=given.show))
