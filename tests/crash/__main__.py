"""Kills processes that change a library, and checks what is left.

    python -m tests.crash --runs 2000 --seed 7

Each run continues with the library of the run before. After each run the library can be opened and searched, `verify`
finds nothing, every change that was reported as done is there, and every other article is as it was or as the change
makes it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import time
import traceback
from collections import Counter, defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.library.store import Library
from index.maintenance.verify import verify
from index.search import HybridIndex
from tests.crash.work import Work, digest
from tests.fakes import HashEncoder

_MAX_LIFE = 0.5  # seconds until a process is killed
_RUNS_A_LIBRARY = 40


class ExpectedState:
    """The texts that each article may have, and the id it must have, by the reports of the processes."""

    def __init__(self) -> None:
        self.allowed: dict[str, set[str | None]] = defaultdict(lambda: {None})
        self.ids: dict[str, str] = {}
        self.during = "start"

    def read(self, line: str) -> None:
        event = json.loads(line)
        if "begin" in event:
            self.during = event["begin"]
            self.targets = event["targets"]
            for source, text in self.targets.items():
                self.allowed[source] = self.allowed[source] | {text}
                self.ids.pop(source, None)
        elif "done" in event:
            self.settled(event["done"], event["id"])
            if "former" in event and self.targets.get(event["former"]) is None:
                self.settled(event["former"], None)
        elif "end" in event:
            for source, text in self.targets.items():
                self.allowed[source] = {text}
            self.during = "between"

    def settled(self, source: str, identity: str | None) -> None:
        self.allowed[source] = {self.targets[source] if identity else None}
        if identity:
            self.ids[source] = identity

    def faults(self, actual: dict[str, tuple[str, str]]) -> list[str]:
        """A sentence for each article that is not as expected; `actual` is (text, id) by source."""
        found = []
        for source in {*actual, *self.allowed}:
            text, identity = actual.get(source, (None, None))
            if text not in self.allowed[source]:
                found.append(f"{source} is {text}, and should be one of {self.allowed[source]}")
            elif text and self.ids.get(source, identity) != identity:
                found.append(f"{source} has the id {identity}, and should have {self.ids[source]}")
            self.allowed[source] = {text}
        return found


def killed(folder: Path, seed: int, seconds: float) -> list[str]:
    """The reports of a process until it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            Work(folder, random.Random(seed), writing).run()
        except BaseException:  # noqa: BLE001 - reported to the parent, whatever it is
            os.write(writing, json.dumps({"fault": traceback.format_exc()[-3000:]}).encode() + b"\n")
        os._exit(3)
    os.close(writing)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(reading) as pipe:
        return pipe.read().splitlines()


def checked(folder: Path) -> tuple[list[str], dict[str, tuple[str, str]]]:
    """The faults of the library, and its articles as (text, id) by source, found by another process."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            found = json.dumps(_check(folder))
        except BaseException:  # noqa: BLE001
            found = json.dumps([[traceback.format_exc()], {}])
        with os.fdopen(writing, "w") as pipe:
            pipe.write(found)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        faults, actual = json.loads(pipe.read())
    os.waitpid(child, 0)
    return faults, {source: tuple(one) for source, one in actual.items()}


def _check(folder: Path) -> tuple[list[str], dict[str, tuple[str, str]]]:
    library = Library(folder / "library.sqlite")
    faults = [f"{found.part}: {found.what}" for found in verify(library) if found.is_damage]
    headers = library.headers()
    actual = {one.source: (digest(library.article(one.id).text), one.id) for one in headers}
    if headers:
        passages = [stored.passage for stored in library.passages_of(headers[0].id)]
        (hit,) = HybridIndex(library, HashEncoder()).search(passages[-1].text[-200:], 1, "dense")
        faults += [] if hit.score > 0.5 else [f"{passages[-1].id} is not found by its own words"]
    saved = folder / "backup.sqlite"
    if saved.exists():
        faults += [f"backup, {found.part}: {found.what}" for found in verify(Library(saved)) if found.is_damage]
    library.close()
    return faults, actual


def crash(runs: int, seed: int, folder: Path) -> tuple[Counter[str], list[str]]:
    """The kinds of change in which the processes were killed, counted, and all faults found afterwards."""
    chance = random.Random(seed)
    during: Counter[str] = Counter()
    faults: list[str] = []
    for run in range(runs):
        if run % _RUNS_A_LIBRARY == 0:
            place = folder / str(run)
            place.mkdir()
            expected = ExpectedState()
        lines = killed(place, chance.getrandbits(32), chance.uniform(0, _MAX_LIFE))
        for line in lines:
            if line.startswith('{"fault"'):
                faults.append(f"run {run}: the process failed: {json.loads(line)['fault']}")
            else:
                expected.read(line)
        during[expected.during] += 1
        wrong, actual = checked(place)
        faults += [f"run {run}, killed during {expected.during}: {what}" for what in wrong + expected.faults(actual)]
        expected.during = "start"
    return during, faults


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description="Processes killed while they write.")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with TemporaryDirectory(prefix="pullquote-crash-") as folder:
        during, faults = crash(arguments.runs, arguments.seed, Path(folder))
    sys.stdout.write(json.dumps({"runs": arguments.runs, "killed": dict(during), "faults": faults}, indent=1) + "\n")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
