"""What near copies in the library do to answers: a set asked of its articles alone, and of them with edits of each.

    python -m eval.experiments.syndication SET... --limit 500

The set is a SQuAD file or our .jsonl about the sample articles. Each article comes with three edits
(`eval.experiments.editing`). Asked are: the articles alone; all of them, as it was before stories were known; and all
of them with one of a story's like passages among those that are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from corpus.article import Article
from corpus.library.store import Library
from corpus.sample import sample_articles
from eval.ask import sampled
from eval.datasets.example import EvalSet, Example
from eval.datasets.place import placed
from eval.datasets.read_set import read_set
from eval.experiments.command import notice, parser, table, write
from eval.experiments.editing import COPIES, drawing
from eval.metrics.answer_metrics import contains
from eval.metrics.judge import judged
from eval.run import Record
from eval.temporary_library import temporary_library
from index.encoder.encoder import Encoder
from index.near_duplicates.sketches import SKETCHES
from rag.answer import Trace
from rag.assemble import assemble, open_encoder, open_reader
from rag.decision.near_duplicates import are_copies
from rag.options import AskOptions
from rag.pipeline import Pipeline
from rag.question import CheckedQuestion
from rag.settings import Settings

_PRINTED = ("outlet's name put in", "first two thirds", "other headline and dateline")
_CUTS = (1, 5, 10)


@dataclass(frozen=True, slots=True)
class SyndicationFigures:
    """A set's figures, asked of one library: shares of its questions but for `seconds`, those of one question.

    `found` are those whose gold passage, or a copy of it, is among the first 1, 5 and 10 that are read; `right` and
    `em` judge the best answer whatever its confidence; `given` are right answers that are confident enough to be given,
    `wrong` those that are given and not right, out of all questions.
    """

    library: str
    found: tuple[float, ...]
    right: float
    em: float
    given: float
    wrong: float
    seconds: float


def measure(eval_set: EvalSet, limit: int | None, encoder: Encoder, settings: Settings) -> Iterator[SyndicationFigures]:
    """The figures of the three libraries, one after the other."""
    articles = list(eval_set.articles or sample_articles())
    reader = open_reader(settings, encoder)
    with temporary_library(articles, encoder, settings) as library:
        examples = sampled(eval_set.examples, limit)
        if eval_set.kind == "jsonl":
            examples = placed(examples, library)
        yield _asked("the articles alone", examples, assemble(library, encoder, reader, settings), settings)
    with temporary_library([*articles, *_printed(articles)], encoder, settings) as library:
        pipeline = assemble(library, encoder, reader, settings)
        told_apart = _asked("with copies, told apart", examples, pipeline, settings)
        with library.writing():
            for header in library.headers():
                SKETCHES.forget(library, header.id)
        yield _asked("with copies", examples, pipeline, settings)
        yield told_apart


def markdown(rows: list[tuple[str, SyndicationFigures]]) -> Iterator[str]:
    """A table with a row for each set and library."""
    cuts = (f"found in the first {cut}" for cut in _CUTS)
    return table(
        ("set", "library", *cuts, "right", "EM", "right and given", "wrong and given", "ms"),
        ((name, row.library, *row.found, row.right, row.em, row.given, row.wrong, f"{1000 * row.seconds:.0f}")
         for name, row in rows),
    )  # fmt: skip


def _printed(articles: list[Article]) -> Iterator[Article]:
    """Every article as three other outlets print it."""
    for number, article in enumerate(articles):
        other = articles[(number + 1) % len(articles)].text
        for kind in _PRINTED:
            words = COPIES[kind](article.text, other, drawing(f"{kind} {article.id}"))
            name = f"{article.id}, {kind}"
            yield Article(name, article.title, words, name, outlet=kind, published="2030-01-01", sha256=name)


def _asked(name: str, examples: list[Example], pipeline: Pipeline, settings: Settings) -> SyndicationFigures:
    card, found, bests = pipeline.reader.card, [], []
    start = perf_counter()
    traces = [
        pipeline.trace(CheckedQuestion(one.question, AskOptions(settings.passages, filter=one.filter)))
        for one in examples
    ]
    seconds = (perf_counter() - start) / len(examples)
    for example, trace in zip(examples, traces, strict=True):
        bests.append(judged(Record(example, trace), card.calibration))
        if example.golds:
            rank = _rank(example, trace, pipeline.library)
            found.append([rank < cut for cut in _CUTS])
    shares = tuple(float(share) for share in np.mean(found, axis=0))
    answerable = [best for best in bests if best.answerable]
    given = [best for best in bests if best.is_given(card.threshold)]
    return SyndicationFigures(
        name, shares, right=float(np.mean([best.right for best in answerable])),
        em=float(np.mean([best.em for best in answerable])), given=sum(best.right for best in given) / len(bests),
        wrong=sum(1 - best.right for best in given) / len(bests), seconds=seconds,
    )  # fmt: skip


def _rank(example: Example, trace: Trace, library: Library) -> float:
    """How many hits come before the first that holds a gold in the words around it, in whichever article."""
    around = [(gold.text, (gold.within or gold.span).cut(library.article(gold.article).text))
              for gold in example.golds if gold.article and gold.span]  # fmt: skip
    for rank, hit in enumerate(trace.hits):
        words = hit.passage.text
        if any(contains(words, answer) and are_copies(words, paragraph) for answer, paragraph in around):
            return rank
    return float("inf")


if __name__ == "__main__":
    options, current = parser("syndication", "Answers among near copies."), Settings()
    options.add_argument("sets", type=Path, nargs="+", help="SQuAD files or .jsonl sets about the sample articles")
    options.add_argument("--limit", type=int, help="how many questions of each set are asked (default: all)")
    given = options.parse_args()
    opened = open_encoder(current, notice)
    sets = [read_set(path) for path in given.sets]
    write(markdown([(one.name, row) for one in sets for row in measure(one, given.limit, opened, current)]))
