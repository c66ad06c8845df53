"""What a process does to a library until it is killed: one change after the other, each told before and after."""

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


def _lingering(*_: object) -> None:
    """Makes a backup of so few pages long enough to be cut short now and then."""
    time.sleep(0.003)


class Work:
    """Changes to the library in a folder, drawn by chance."""

    def __init__(self, folder: Path, chance: random.Random, pipe: int) -> None:
        self.clippings = folder / "clippings"
        self.clippings.mkdir(exist_ok=True)
        self.folder = folder
        self.library = Library(folder / "library.sqlite")
        self.encoder = HashEncoder()
        self.index = HybridIndex(self.library, self.encoder)
        self.chance = chance
        self.pipe = pipe

    def go_on(self) -> None:
        """Changes something again and again."""
        kinds: list[Callable[[], None]] = [self.put, self.put, self.take, self.follow, self.follow, self.snapshot]
        kinds += [self.snapshot, self.otherwise, self.otherwise, self.save, self.take]
        while True:
            self.chance.choice(kinds)()

    def tell(self, **what: object) -> None:
        os.write(self.pipe, json.dumps(what).encode() + b"\n")

    def text(self) -> str:
        """Words that nobody had before."""
        count = _LONG if self.chance.random() < 0.04 else self.chance.randrange(5, 400)
        told = " ".join(self.chance.choice(_WORDS) for _ in range(count))
        return f"{told} {self.chance.getrandbits(64)}."

    def put(self) -> None:
        """Articles that are new or have changed."""
        sources = [f"/put/{number}.txt" for number in self.chance.sample(range(30), self.chance.randrange(1, 5))]
        articles = [_article(source, self.text()) for source in sources]
        self.told("add", {one.source: digest(one.text) for one in articles}, add(self.library, self.encoder, articles))

    def take(self) -> None:
        """Articles that go."""
        headers = [one for one in self.library.headers() if one.source.startswith("/put/")]
        gone = self.chance.sample(headers, min(len(headers), self.chance.randrange(1, 4)))
        self.tell(begin="remove", targets={one.source: None for one in gone})
        remove(self.library, [one.id for one in gone])
        self.tell(end="remove")

    def follow(self) -> None:
        """Files that come, change, move and go, followed."""
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
        self.tell(begin="sync", targets=targets)
        self.done(settle(self.library, found))
        self.done(read(self.library, self.encoder, found))
        self.tell(end="sync")

    def snapshot(self) -> None:
        """A search, after which the index is written anew."""
        dense._SNAPSHOT_AFTER = -1
        self.tell(begin="snapshot", targets={})
        HybridIndex(self.library, self.encoder).search("ferry", 3)
        self.tell(end="snapshot")

    def otherwise(self) -> None:
        """Other passages of the same texts."""
        built = recorded(self.library) or fitted(self.encoder.card)
        size = self.chance.choice([40, 80, 160])
        other = Manifest(built.encoder, built.dimension, size, 0, titled=False)
        self.tell(begin="reindex", targets={})
        for _ in reindex(self.library, self.encoder, other):
            pass
        self.tell(end="reindex")

    def save(self) -> None:
        """A backup in the place of the one before."""
        self.tell(begin="backup", targets={})
        backup(self.library, self.folder / "backup.sqlite", force=True, progress=_lingering)
        self.tell(end="backup")

    def told(self, what: str, targets: State, entries: Iterable[Entry]) -> None:
        self.tell(begin=what, targets=targets)
        self.done(entries)
        self.tell(end=what)

    def done(self, entries: Iterable[Entry]) -> None:
        """Tells of each entry as soon as it is there."""
        for entry in entries:
            if entry.outcome == "moved":
                former = entry.reason.removeprefix("It was ").removesuffix(".")
                self.tell(done=entry.source, id=entry.article_id, former=former)
            elif entry.outcome in {"added", "updated", "removed"}:
                self.tell(done=entry.source, id=None if entry.outcome == "removed" else entry.article_id)


def _article(source: str, text: str) -> Article:
    return Article(Path(source).stem, "A title", text, source, sha256=digest(text))
