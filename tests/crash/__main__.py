"""Kills processes that change a library, and looks through what is left.

    python -m tests.crash --runs 2000 --seed 7

Each run goes on with the library that the one before left. After each, the library opens and is searched, `verify`
finds nothing, all that was told as done is there, and of what was not, each article is as it was or as it should be.
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

_LONGEST = 0.5  # seconds that a process lives
_FRESH = 40  # runs with one library


class Told:
    """What the processes told, put together: which texts an article may have, and which id it must have."""

    def __init__(self) -> None:
        self.allowed: dict[str, set[str | None]] = defaultdict(lambda: {None})
        self.ids: dict[str, str] = {}
        self.during = "start"

    def hear(self, line: str) -> None:
        said = json.loads(line)
        if "begin" in said:
            self.during = said["begin"]
            self.targets = said["targets"]
            for source, text in self.targets.items():
                self.allowed[source] = self.allowed[source] | {text}
                self.ids.pop(source, None)
        elif "done" in said:
            self.settled(said["done"], said["id"])
            if "former" in said and self.targets.get(said["former"]) is None:
                self.settled(said["former"], None)
        elif "end" in said:
            for source, text in self.targets.items():
                self.allowed[source] = {text}
            self.during = "between"

    def settled(self, source: str, identity: str | None) -> None:
        self.allowed[source] = {self.targets[source] if identity else None}
        if identity:
            self.ids[source] = identity

    def faults(self, held: dict[str, tuple[str, str]]) -> list[str]:
        """What is held and should not be, or the other way round; `held` is (text, id) by source."""
        found = []
        for source in {*held, *self.allowed}:
            text, identity = held.get(source, (None, None))
            if text not in self.allowed[source]:
                found.append(f"{source} is {text}, and should be one of {self.allowed[source]}")
            elif text and self.ids.get(source, identity) != identity:
                found.append(f"{source} has the id {identity}, and should have {self.ids[source]}")
            self.allowed[source] = {text}
        return found


def killed(folder: Path, seed: int, seconds: float) -> list[str]:
    """What a process told until it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            Work(folder, random.Random(seed), writing).go_on()
        except BaseException:  # noqa: BLE001 - told to the parent, whatever it is
            os.write(writing, json.dumps({"fault": traceback.format_exc()[-3000:]}).encode() + b"\n")
        os._exit(3)
    os.close(writing)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(reading) as said:
        return said.read().splitlines()


def looked_through(folder: Path) -> tuple[list[str], dict[str, tuple[str, str]]]:
    """What is wrong with the library, and what it holds, found by a process of its own."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            told = json.dumps(_looked_through(folder))
        except BaseException:  # noqa: BLE001
            told = json.dumps([[traceback.format_exc()], {}])
        with os.fdopen(writing, "w") as pipe:
            pipe.write(told)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as said:
        faults, held = json.loads(said.read())
    os.waitpid(child, 0)
    return faults, {source: tuple(one) for source, one in held.items()}


def _looked_through(folder: Path) -> tuple[list[str], dict[str, tuple[str, str]]]:
    library = Library(folder / "library.sqlite")
    faults = [f"{found.part}: {found.what}" for found in verify(library) if found.is_damage]
    headers = library.headers()
    held = {one.source: (digest(library.article(one.id).text), one.id) for one in headers}
    if headers:
        passages = [stored.passage for stored in library.passages_of(headers[0].id)]
        (hit,) = HybridIndex(library, HashEncoder()).search(passages[-1].text[-200:], 1, "dense")
        faults += [] if hit.score > 0.5 else [f"{passages[-1].id} is not found by its own words"]
    saved = folder / "backup.sqlite"
    if saved.exists():
        faults += [f"backup, {found.part}: {found.what}" for found in verify(Library(saved)) if found.is_damage]
    library.close()
    return faults, held


def crash(runs: int, seed: int, folder: Path) -> tuple[Counter[str], list[str]]:
    """In what the processes were killed, and all that was wrong afterwards."""
    chance = random.Random(seed)
    during: Counter[str] = Counter()
    faults: list[str] = []
    for run in range(runs):
        if run % _FRESH == 0:
            place = folder / str(run)
            place.mkdir()
            told = Told()
        lines = killed(place, chance.getrandbits(32), chance.uniform(0, _LONGEST))
        for line in lines:
            if line.startswith('{"fault"'):
                faults.append(f"run {run}: the process failed: {json.loads(line)['fault']}")
            else:
                told.hear(line)
        during[told.during] += 1
        wrong, held = looked_through(place)
        faults += [f"run {run}, killed during {told.during}: {what}" for what in wrong + told.faults(held)]
        told.during = "start"
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
