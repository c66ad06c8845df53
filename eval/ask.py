"""A set asked of a pipeline, question by question: EvalSet in, Run out."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import metadata
from time import perf_counter

import numpy as np

from corpus.article import Article, Passage
from corpus.library.store import Library
from eval.datasets.example import EvalSet, Example, Gold
from eval.datasets.place import placed
from eval.metrics.verbatim import broken_quotes
from eval.run import Mode, Record, Run, RunHeader
from eval.temporary_library import Progress, silent
from index.hit import Hit
from rag.answer import Trace
from rag.options import AskOptions
from rag.pipeline import Pipeline
from rag.question import BadQuestion, CheckedQuestion
from rag.settings import Settings

_SEED = 20260401
_GIVEN = 0.75  # a fused score: the median of the passages that hold the answer on sample.jsonl
_JUDGED_DEPTH = 100  # passages retrieved for a BEIR question: enough for ten different articles
_VERSIONED = ("numpy", "faiss-cpu", "openvino", "torch", "sentence-transformers", "pullquote")


@dataclass(frozen=True, slots=True)
class RunPlan:
    """How to ask a set: `limit` questions; all, if None.

    `given` reads the gold paragraph, `open` asks a library of the set's articles, `without` asks that library with each
    question's own article left out, so that nothing in it answers. `as_typed` asks questions that follow others as if
    they followed none.
    """

    mode: Mode = "open"
    limit: int | None = None
    as_typed: bool = False


def run_set(
    eval_set: EvalSet, plan: RunPlan, pipeline: Pipeline, settings: Settings, progress: Progress = silent
) -> Run:
    """The run of the set's questions; the pipeline's library must be the one that the mode asks for."""
    examples = sampled(eval_set.examples, plan.limit)
    depth = _JUDGED_DEPTH if eval_set.kind == "beir" else settings.passages
    card, start, started = pipeline.reader.card, perf_counter(), datetime.now(tz=UTC)
    records: list[Record] = []
    with pipeline.library.reading() as generation:
        ask = _asker(eval_set, plan, pipeline, depth)
        for example in _with_places(examples, eval_set, plan.mode, pipeline.library):
            progress("Asking", len(records), len(examples))
            trace = ask(example)
            records.append(Record(example, trace, broken_quotes(trace, pipeline.library, card.calibration)))
    header = RunHeader(
        set=eval_set.name,
        kind=eval_set.kind,
        digest=eval_set.digest,
        mode=plan.mode,
        questions=len(eval_set.examples),
        limit=plan.limit,
        depth=depth if plan.mode != "given" else 1,
        generation=generation,
        encoder=pipeline.encoder.card.identity,
        reader=card,
        threshold=card.threshold if settings.threshold is None else settings.threshold,
        started=started.strftime("%Y-%m-%dT%H:%M:%S.%f"),
        seconds=perf_counter() - start,
        versions=_versions(),
        as_typed=plan.as_typed,
    )
    return Run(header, tuple(records))


def sampled(examples: tuple[Example, ...], limit: int | None) -> list[Example]:
    """`limit` of the examples in their order, drawn with a fixed seed: the same every time; all where fewer."""
    if limit is None or limit >= len(examples):
        return list(examples)
    chosen = np.random.default_rng(_SEED).permutation(len(examples))[: max(limit, 1)]
    return [examples[number] for number in sorted(chosen.tolist())]


def _versions() -> dict[str, str]:
    found = {}
    for package in _VERSIONED:
        with suppress(metadata.PackageNotFoundError):
            found[package] = metadata.version(package)
    return found


def _with_places(examples: list[Example], eval_set: EvalSet, mode: Mode, library: Library) -> list[Example]:
    """The examples with their golds at their places in this library, or without a place where that is not known."""
    if mode == "without":
        return [replace(one, golds=()) for one in examples]
    if eval_set.kind == "jsonl":
        return placed(examples, library)
    if mode == "library":  # a SQuAD set's places are those in its own articles
        return [replace(one, golds=tuple(Gold(gold.text) for gold in one.golds)) for one in examples]
    return examples


def _asker(eval_set: EvalSet, plan: RunPlan, pipeline: Pipeline, depth: int) -> Callable[[Example], Trace]:
    """How a question is asked; one that may not be asked (empty, too long) is a question missed."""
    articles = {article.id: article for article in eval_set.articles}

    def ask(example: Example) -> Trace:
        earlier = () if plan.as_typed else example.earlier
        options = AskOptions(depth, filter=example.filter, earlier=earlier)
        with suppress(BadQuestion):
            question = CheckedQuestion(example.question, options)
            if plan.mode == "given":
                return pipeline.trace(question, [_paragraph(example, articles)])
            if plan.mode == "without":
                return pipeline.trace(question, _of_other_articles(example.article, question, pipeline))
            if eval_set.kind == "beir":
                return _searched(question, pipeline)
            return pipeline.trace(question)
        return Trace(example.question, (), ())

    return ask


def _paragraph(example: Example, articles: dict[str, Article]) -> Hit:
    """The gold paragraph as the only hit, at its place in its article."""
    if example.article is None or example.paragraph is None:
        raise ValueError(f"question {example.id} has no gold paragraph")
    article = articles[example.article]
    passage = Passage(article.id, article.title, example.paragraph, example.paragraph.cut(article.text))
    return Hit(passage, _GIVEN)


def _of_other_articles(left_out: str | None, question: CheckedQuestion, pipeline: Pipeline) -> list[Hit]:
    """The best passages of all articles but one."""
    hits = pipeline.hits(question.rewritten, _JUDGED_DEPTH + question.options.passages, "fused")
    return [hit for hit in hits if hit.passage.article_id != left_out]


def _searched(question: CheckedQuestion, pipeline: Pipeline) -> Trace:
    """The passages that `pullquote search` gives, near copies among them; nothing is read."""
    start = perf_counter()
    hits = pipeline.hits(question.rewritten, question.options.passages, "fused", question.options.filter)
    return Trace(question.rewritten, tuple(hits), (), {"retrieve": perf_counter() - start})
