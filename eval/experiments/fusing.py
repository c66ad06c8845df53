"""How to make one ranking of two: retrieval figures for one way after another, on the same lists.

    python -m eval.experiments.fusing SET... --limit 1000

Each set's articles are indexed once; every way ranks what dense and lexical search found for the same questions. Where
places are known the figures are success@1 and success@5 of a passage that covers a gold, else nDCG@10. Below the ways
stands the p of the difference between Pullquote's and the others (`eval.metrics.significance`), by success@1 or
nDCG@10.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from corpus.library.store import Library
from corpus.sample import sample_articles
from eval.ask import sampled
from eval.datasets.example import EvalSet, Example, has_place
from eval.datasets.place import placed
from eval.datasets.read_set import read_set
from eval.experiments.command import mean, notice, parser, table, write
from eval.metrics.answer_metrics import ndcg, success
from eval.metrics.judge import gains
from eval.metrics.significance import p_of_mean
from eval.temporary_library import temporary_library
from index.encoder.encoder import Encoder
from index.fuse import Fusion
from index.hit import Hit, ranked
from index.search import HybridIndex
from rag.assemble import open_encoder
from rag.settings import Settings

_DEPTH = 100
_COMPARED = ("dense", "lexical", "reciprocal rank")
OURS = "Pullquote"

Scores = Mapping[str, float]  # by passage id


@dataclass(frozen=True, slots=True)
class Lists:
    """What both searches found for a question; `every` holds the cosines of all of it, whichever search found it."""

    cosines: Scores
    bm25: Scores
    every: Scores


Way = Callable[[Lists], Scores]


def reciprocal_rank(found: Lists, constant: float = 60.0) -> Scores:
    """Reciprocal rank fusion (Cormack, Clarke and Buettcher 2009): the sum of 1 / (constant + rank)."""
    fused: dict[str, float] = dict.fromkeys(found.every, 0.0)
    for scores in (found.cosines, found.bm25):
        for rank, passage in enumerate(sorted(scores, key=lambda one: (-scores[one], one)), start=1):
            fused[passage] += 1 / (constant + rank)
    return fused


def min_max(found: Lists, dense_weight: float) -> Scores:
    """Fox and Shaw's CombSUM with weights: both lists moved to 0..1, the best at 1 and the worst at 0."""
    meaning, words = _moved(found.cosines), _moved(found.bm25)
    return {one: dense_weight * meaning.get(one, 0.0) + (1 - dense_weight) * words.get(one, 0.0) for one in found.every}


def standard_scores(found: Lists, dense_weight: float) -> Scores:
    """Both lists in standard deviations from their means, weighted: Pullquote's way without the wording."""
    fusion = Fusion(list(found.cosines.values()), list(found.bm25.values()), dense_weight)
    unseen = min(found.bm25.values(), default=0.0)
    return {one: fusion.score(cosine, found.bm25.get(one, unseen)) for one, cosine in found.every.items()}


WAYS: Mapping[str, Way] = {
    "dense": lambda found: found.cosines,
    "lexical": lambda found: found.bm25,
    "reciprocal rank": reciprocal_rank,
    "min-max, dense .5": partial(min_max, dense_weight=0.5),
    "min-max, dense .6": partial(min_max, dense_weight=0.6),
    "standard scores, dense .5": partial(standard_scores, dense_weight=0.5),
    "standard scores, dense .6": partial(standard_scores, dense_weight=0.6),
}


@dataclass(frozen=True, slots=True)
class FusionScores:
    """What the ways came to on one set: a list of values a question, by figure and way."""

    set: str
    figures: dict[str, dict[str, list[float]]]

    def p(self, way: str) -> float:
        """The p of the difference between Pullquote's way and another, by the set's first figure."""
        values = next(iter(self.figures.values()))
        return p_of_mean(np.array(values[OURS]) - np.array(values[way]))


def measure(eval_set: EvalSet, limit: int | None, encoder: Encoder, settings: Settings) -> FusionScores:
    """Every way on a set, whose articles are indexed for it."""
    articles = eval_set.articles or sample_articles()
    with temporary_library(articles, encoder, settings) as library:
        examples = _judged(eval_set, limit, library)
        index = HybridIndex(library, encoder)
        ranks: dict[str, list[list[float]]] = {way: [] for way in (*WAYS, OURS)}
        for example in examples:
            for way, hits in _rankings(index, example):
                ranks[way].append(gains(example, hits))
    return FusionScores(eval_set.name, _figures(examples, ranks))


def markdown(outcomes: list[FusionScores]) -> Iterator[str]:
    """A row for each way, a column for each figure of each set; then Pullquote's p against the plain ways."""
    columns = [(outcome, name) for outcome in outcomes for name in outcome.figures]
    yield from table(
        ("fused by", *(f"{outcome.set} {name}" for outcome, name in columns)),
        ((way, *(mean(outcome.figures[name][way]) for outcome, name in columns)) for way in (*WAYS, OURS)),
    )
    yield ""
    yield from table(
        (f"p of {OURS} against", *(outcome.set for outcome in outcomes)),
        ((way, *(f"{outcome.p(way):.4f}" for outcome in outcomes)) for way in _COMPARED),
    )


def _judged(eval_set: EvalSet, limit: int | None, library: Library) -> list[Example]:
    """The examples of which it is known what should be found."""
    examples = sampled(eval_set.examples, limit)
    if eval_set.kind == "jsonl":
        examples = placed(examples, library)
    return [one for one in examples if one.relevant or has_place(one)]


def _rankings(index: HybridIndex, example: Example) -> Iterator[tuple[str, list[Hit]]]:
    question, article_filter = example.question, example.filter
    dense, lexical = (index.search(question, _DEPTH, mode, article_filter) for mode in ("dense", "lexical"))
    hits = {hit.passage.id: hit for hit in dense + lexical}
    found = Lists(
        cosines={hit.passage.id: hit.score for hit in dense},
        bm25={hit.passage.id: hit.score for hit in lexical},
        every={identity: hit.dense for identity, hit in hits.items()},
    )
    for way, fuse in WAYS.items():
        yield way, ranked(Hit(hits[one].passage, score) for one, score in fuse(found).items())
    yield OURS, index.search(question, _DEPTH, article_filter=article_filter)


def _figures(examples: list[Example], ranks: dict[str, list[list[float]]]) -> dict[str, dict[str, list[float]]]:
    if any(one.relevant for one in examples):
        judged = [[float(grade) for grade in one.relevant.values()] for one in examples]
        return {"nDCG@10": {way: [ndcg(*pair, 10) for pair in zip(each, judged, strict=True)]
                            for way, each in ranks.items()}}  # fmt: skip
    return {f"success@{k}": {way: [success(one, k) for one in each] for way, each in ranks.items()} for k in (1, 5)}


def _moved(scores: Scores) -> dict[str, float]:
    low, high = min(scores.values(), default=0.0), max(scores.values(), default=0.0)
    return {one: (score - low) / (high - low) if high > low else 1.0 for one, score in scores.items()}


if __name__ == "__main__":
    options, current = parser("fusing", "Ways to fuse two rankings."), Settings()
    options.add_argument("sets", type=Path, nargs="+", help="SQuAD files, BEIR folders or .jsonl sets")
    options.add_argument("--limit", type=int, help="how many questions of each set are asked (default: all)")
    given = options.parse_args()
    opened = open_encoder(current, notice)
    write(markdown([measure(read_set(path), given.limit, opened, current) for path in given.sets]))
