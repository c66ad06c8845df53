"""Reads mutants of every format and prints what became of them: `python -m tests.corpus.fuzz --count 20000`."""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.corpus.fuzz.mutate import LOADERS
from tests.corpus.fuzz.run import fuzz


def main() -> None:
    """One table row a loader."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpus.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=20_000, help="mutants a loader")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--loader", action="append", choices=[one.removeprefix(".") for one in LOADERS])
    parser.add_argument("--keep", type=Path, help="folder for the files that were stopped or slow")
    parser.add_argument("--processes", type=int, default=1)
    given = parser.parse_args()
    if given.keep:
        given.keep.mkdir(parents=True, exist_ok=True)
    loaders = [f".{name}" for name in given.loader] if given.loader else list(LOADERS)
    _write("loader     inputs articles refusals slowest s  peak MB  stopped by a limit or an error")
    # A process for each, as the peak is that of all a process has started.
    with ProcessPoolExecutor(given.processes, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        for one in pool.map(fuzz, loaders, *zip(*[(given.count, given.seed, given.keep)] * len(loaders), strict=True)):
            stopped = ", ".join(f"{count} {why}" for why, count in one.stopped.most_common()) or "none"
            row = f"{one.loader:10} {one.inputs:6} {one.articles:8} {one.refusals:8} {one.slowest:9.2f} {one.peak:8.0f}"
            _write(f"{row}  {stopped}")


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
