"""Where the time of a warm question goes, and how near its arithmetic is to what the cores can do.

`python -m benchmarks.limit SET` prints it as JSON. The networks are watched from outside; nothing in them is changed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.material import SAMPLE, read_material
from benchmarks.peak import PRECISIONS, peak_macs
from corpus.library.database import tell_nobody
from eval.temporary_library import temporary_library
from index.encoder import compiled
from index.encoder.compiled import BatchLimits, CompiledNetwork, TokenRow
from rag.assemble import assemble, open_encoder, open_reader
from rag.options import AskOptions
from rag.pipeline import Pipeline
from rag.settings import Settings

_LAYERS, _HIDDEN, _INNER = 6, 384, 1536  # of MiniLM, which both networks are
_WARMING = 3


@dataclass(frozen=True, slots=True)
class Work:
    """What one network did: seconds in it, seconds of these spent on padding, tokens, multiply-adds."""

    seconds: float = 0.0
    padding: float = 0.0
    tokens: int = 0
    padded: int = 0
    macs: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """Of a network, in a question on the mean: `share` of its time, and `of_peak` of what the cores can do.

    `gops` are 10^9 operations a second, a multiply-add being two; `tokens` are without, `padded` with the padding.
    """

    network: str
    ms: float
    share: float
    tokens: float
    padded: float
    mega_macs: float
    gops: float
    of_peak: float


@dataclass(slots=True)
class _Watch:
    """The work of the encoder, which takes no segments, and of the reader, which does; `network` is the one at work."""

    works: dict[str, Work] = field(default_factory=lambda: {"encoder": Work(), "reader": Work()})
    network: str = "encoder"

    def add(self, **more: float) -> None:
        work = self.works[self.network]
        self.works[self.network] = replace(work, **{name: getattr(work, name) + value for name, value in more.items()})


def macs(rows: int, width: int) -> int:
    """Multiply-adds of a batch of so many rows, padded to one width, through all layers.

    Four projections and two layers of the feed-forward network for each token; scores and their weighted sum for each
    pair of tokens of a row.
    """
    each_token = 4 * _HIDDEN**2 + 2 * _HIDDEN * _INNER
    return _LAYERS * (rows * width * each_token + 2 * rows * width**2 * _HIDDEN)


@contextmanager
def watched() -> Iterator[dict[str, Work]]:
    """The work of both networks while this lasts, in this thread."""
    watch = _Watch()
    run, pad = CompiledNetwork.run, compiled.padded

    def timed_run(network: CompiledNetwork, rows: Sequence[TokenRow], limits: BatchLimits) -> Any:  # noqa: ANN401
        watch.network = "reader" if rows and "token_type_ids" in rows[0] else "encoder"
        watch.add(tokens=sum(len(row["input_ids"]) for row in rows))
        started = perf_counter()
        try:
            return run(network, rows, limits)
        finally:
            watch.add(seconds=perf_counter() - started)

    def timed_pad(rows: Sequence[TokenRow], inputs: Sequence[str], multiple: int = 1) -> Any:  # noqa: ANN401
        started = perf_counter()
        tensors = pad(rows, inputs, multiple)
        padding = perf_counter() - started
        count, width = next(iter(tensors.values())).shape
        watch.add(padding=padding, padded=count * width, macs=macs(count, width))
        return tensors

    CompiledNetwork.run = timed_run  # type: ignore[method-assign,assignment]
    compiled.padded = timed_pad
    try:
        yield watch.works
    finally:
        CompiledNetwork.run = run  # type: ignore[method-assign]
        compiled.padded = pad


def measured(pipeline: Pipeline, questions: Sequence[str], k: int) -> tuple[list[float], dict[str, Work]]:
    """The seconds of each question, the first few left out, and what the networks did in them."""
    for question in questions[:_WARMING]:
        pipeline.ask(question, AskOptions(k, threshold=0.0))
    seconds = []
    with watched() as works:
        for question in questions:
            started = perf_counter()
            pipeline.ask(question, AskOptions(k, threshold=0.0))
            seconds.append(perf_counter() - started)
    return seconds, works


def shares(seconds: Sequence[float], works: Mapping[str, Work], peak: float) -> list[Share]:
    """How much of the questions' time each network took, and how near its pace is to the peak in int8, as both are."""
    shares_found = []
    for name, work in works.items():
        busy = max(work.seconds - work.padding, 1e-9)
        pace = work.macs / busy
        count = len(seconds)
        shares_found.append(
            Share(
                network=name,
                ms=round(1000 * busy / count, 2),
                share=round(busy / sum(seconds), 3),
                tokens=round(work.tokens / count, 1),
                padded=round(work.padded / count, 1),
                mega_macs=round(work.macs / count / 1e6, 1),
                gops=round(2 * pace / 1e9, 1),
                of_peak=round(pace / peak, 3),
            )
        )
    return shares_found


def main() -> None:
    """Measures what the command line asks for and prints it as JSON."""
    arguments = _arguments()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: arguments.cores])
    material = read_material(arguments.set, arguments.articles, arguments.questions)
    settings = Settings()
    encoder = open_encoder(settings, tell_nobody)
    reader = open_reader(settings, encoder)
    with temporary_library(material.articles.values(), encoder, settings=settings) as library:
        pipeline = assemble(library, encoder, reader, settings)
        seconds, works = measured(pipeline, [one.question for one in material.asked], arguments.passages)
    peaks = {precision: peak_macs(precision, arguments.cores) for precision in PRECISIONS}
    shares_found = shares(seconds, works, peaks["int8"])
    report = {
        "questions": len(seconds),
        "median_ms": round(1000 * median(seconds), 1),
        "p95_ms": round(1000 * float(np.quantile(seconds, 0.95)), 1),
        "networks": [asdict(one) for one in shares_found],
        "networks_share": round(sum(one.share for one in shares_found), 3),
        "peak_gops": {precision: round(2 * pace / 1e9, 1) for precision, pace in peaks.items()},
    }
    sys.stdout.write(json.dumps(report, indent=1) + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.limit", description="Where the time goes.")
    parser.add_argument("set", type=Path, nargs="?", default=SAMPLE, help="a SQuAD file (default: the sample set)")
    parser.add_argument("--articles", type=int, default=48, help="the first so many articles of the set")
    parser.add_argument("--questions", type=int, default=60, help="how many questions are asked")
    parser.add_argument("--passages", type=int, default=20, help="how many passages are found and read")
    parser.add_argument("--cores", type=int, default=2, help="how many cores it has")
    return parser.parse_args()


if __name__ == "__main__":
    main()
