"""Evaluation of a set: it is read, its library made, its questions asked, the run scored."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from corpus.errors import PullquoteError
from corpus.library.store import Library
from corpus.sample import sample_articles
from eval.ask import RunPlan, run_set
from eval.datasets.example import EvalSet
from eval.datasets.read_set import read_set
from eval.metrics.score import RunScore, score
from eval.run import Mode, Run
from eval.temporary_library import Progress, articles_only, silent, temporary_library
from index.encoder.encoder import Encoder
from rag.assemble import assemble, open_encoder, open_library, open_reader
from rag.settings import Settings


class BadMode(PullquoteError):
    """The set cannot be asked in this mode; ask it in another of --given, --open and --library."""

    status = 422


def evaluate(path: Path, plan: RunPlan, settings: Settings, progress: Progress = silent) -> tuple[Run, RunScore]:
    """The run of the set at `path`, and its figures at the settings' threshold; BadSet, BadMode, StaleIndex."""
    start = perf_counter()
    eval_set = read_set(path)
    check_mode(eval_set, plan.mode)
    encoder = open_encoder(settings, lambda notice: progress(notice, 0, 0))
    with asked_library(eval_set, plan, encoder, settings, progress) as library:
        pipeline = assemble(library, encoder, open_reader(settings, encoder), settings)
        run = run_set(eval_set, plan, pipeline, settings, progress)
    run = replace(run, header=replace(run.header, seconds=perf_counter() - start))
    return run, score(run)


def check_mode(eval_set: EvalSet, mode: Mode) -> None:
    """Raises BadMode where the set cannot be asked in this mode."""
    if mode in {"given", "without"} and eval_set.kind != "squad":
        raise BadMode(f"The set {eval_set.name} does not say which paragraph answers; ask it with --open or --library.")


def default_folder(settings: Settings) -> Path:
    """The folder of stored runs."""
    return settings.home.expanduser() / "runs"


def asked_library(
    eval_set: EvalSet, plan: RunPlan, encoder: Encoder, settings: Settings, progress: Progress = silent
) -> AbstractContextManager[Library]:
    """The library that the mode asks: the current one, or a temporary one of the set's articles, else of the sample's.

    In mode `given` it is not indexed.
    """
    if plan.mode == "library":
        return nullcontext(open_library(settings))
    if plan.mode == "given":
        return articles_only(eval_set.articles)
    return temporary_library(eval_set.articles or sample_articles(), encoder, settings, progress=progress)
