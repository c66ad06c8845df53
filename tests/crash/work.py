"""A process that changes a library until it is killed, and reports each change before and after it."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path

from corpus.article import Article
from corpus.library.backup import backup
from corpus.library.store import Library
from corpus.sync.changes import changes
from index.dense import dense
from index.ingest import Entry, add, remove
from index.maintenance.reindex import reindex
from index.manifest import Manifest, fitted, recorded
from index.search import HybridIndex
from index.sync.folder_sync import read, settle
from tests.fakes import HashEncoder

_LONG = 9_000  # words: more than one batch of passages
_WORDS = "ferry bell harbour council market storm lantern orchard signal quarry bridge meadow".split()

State = dict[str, str | None]  # digest of the text by source; None where there is no article


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:12]


def _slow_progress(*_: object) -> None:
    """Makes a backup of so few pages long enough to be killed now and then."""
    time.sleep(0.003)


class Work:
    """Random changes to the library in a folder."""

    def __init__(self, folder: Path, chance: random.Random, pipe: int) -> None:
        self.clippings = folder / "clippings"
        self.clippings.mkdir(exist_ok=True)
        self.folder = folder
        self.library = Library(folder / "library.sqlite")
        self.encoder = HashEncoder()
        self.index = HybridIndex(self.library, self.encoder)
        self.chance = chance
        self.pipe = pipe

    def run(self) -> None:
        """Makes one change after the other, for ever."""
        kinds: list[Callable[[], None]] = [self.add, self.add, self.remove, self.sync, self.sync, self.snapshot]
        kinds += [self.snapshot, self.reindex, self.reindex, self.backup, self.remove]
        while True:
            self.chance.choice(kinds)()

    def report(self, **event: object) -> None:
        os.write(self.pipe, json.dumps(event).encode() + b"\n")

    def text(self) -> str:
        """A text that no article had before."""
        count = _LONG if self.chance.random() < 0.04 else self.chance.randrange(5, 400)
        words = " ".join(self.chance.choice(_WORDS) for _ in range(count))
        return f"{words} {self.chance.getrandbits(64)}."

    def add(self) -> None:
        """Adds new and changed articles."""
        sources = [f"/put/{number}.txt" for number in self.chance.sample(range(30), self.chance.randrange(1, 5))]
        articles = [_article(source, self.text()) for source in sources]
        self.report(begin="add", targets={one.source: digest(one.text) for one in articles})
        self.report_entries(add(self.library, self.encoder, articles))
        self.report(end="add")

    def remove(self) -> None:
        """Removes articles."""
        headers = [one for one in self.library.headers() if one.source.startswith("/put/")]
        gone = self.chance.sample(headers, min(len(headers), self.chance.randrange(1, 4)))
        self.report(begin="remove", targets={one.source: None for one in gone})
        remove(self.library, [one.id for one in gone])
        self.report(end="remove")

    def sync(self) -> None:
        """Adds, changes, moves and deletes files, and syncs the library with their folder."""
        for _ in range(self.chance.randrange(1, 5)):
            files = sorted(self.clippings.iterdir())
            file = self.clippings / f"{self.chance.randrange(20)}.txt"
            what = self.chance.random()
            if what < 0.5 or not files:
                file.write_text(self.text())
            elif what < 0.75:
                self.chance.choice(files).replace(file)
            else:
                self.chance.choice(files).unlink()
        targets: State = {one.source: None for one in self.library.sources(f"{self.clippings}/")}
        targets |= {str(file): digest(file.read_text()) for file in self.clippings.iterdir()}
        found = changes(self.library, self.clippings, allow_empty=True)
        self.report(begin="sync", targets=targets)
        self.report_entries(settle(self.library, found))
        self.report_entries(read(self.library, self.encoder, found))
        self.report(end="sync")

    def snapshot(self) -> None:
        """Searches, after which the index is written."""
        dense._SNAPSHOT_AFTER = -1
        self.report(begin="snapshot", targets={})
        HybridIndex(self.library, self.encoder).search("ferry", 3)
        self.report(end="snapshot")

    def reindex(self) -> None:
        """Cuts the texts into other passages."""
        built = recorded(self.library) or fitted(self.encoder.card)
        size = self.chance.choice([40, 80, 160])
        other = Manifest(built.encoder, built.dimension, size, 0, titled=False)
        self.report(begin="reindex", targets={})
        for _ in reindex(self.library, self.encoder, other):
            pass
        self.report(end="reindex")

    def backup(self) -> None:
        """Writes a backup in the place of the one before."""
        self.report(begin="backup", targets={})
        backup(self.library, self.folder / "backup.sqlite", force=True, progress=_slow_progress)
        self.report(end="backup")

    def report_entries(self, entries: Iterable[Entry]) -> None:
        """Reports each entry as soon as it is there."""
        for entry in entries:
            if entry.outcome == "moved":
                former = entry.reason.removeprefix("It was ").removesuffix(".")
                self.report(done=entry.source, id=entry.article_id, former=former)
            elif entry.outcome in {"added", "updated", "removed"}:
                self.report(done=entry.source, id=None if entry.outcome == "removed" else entry.article_id)


def _article(source: str, text: str) -> Article:
    return Article(Path(source).stem, "A title", text, source, sha256=digest(text))
